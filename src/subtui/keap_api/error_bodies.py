"""What Keap says of an error: in six shapes, by where in its house the call ended. Read for a sentence to the user."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from subtui.domain.plain_text import one_line

LONGEST = 200
"""The most characters of another's words that a sentence carries."""

_LARGEST = 65_536
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_UNREAD = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>?")


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """Keap's words on one line, empty if it said nothing, and the gateway's code of the error, if it gave one."""

    words: str = ""
    code: str = ""
    is_html: bool = False


def read_error(body: bytes, content_type: str, *, scrub: Callable[[str], str] = str) -> ErrorWords:
    """Read the body of an error, whatever it holds; never raises.

    `scrub` takes the key out of a text. It is asked before the text is cut, since half a key would be overlooked.
    """
    text = body[:_LARGEST].decode("utf-8", errors="replace").lstrip("\ufeff").strip()
    if "html" in content_type.lower() or text[:15].lower().startswith(("<!doctype", "<html", "<head", "<body")):
        return ErrorWords(_cut(_text_of_page(text), scrub), is_html=True)
    found = _decoded(text)
    if isinstance(found, Mapping):
        words, code = _words(found), _code(found)
        if words or code:
            return ErrorWords(_cut(words, scrub), _cut(code, scrub))
    return ErrorWords(_cut(text, scrub))


def _words(found: Mapping[str, Any]) -> str:
    fault = found.get("fault")
    for text in (
        found.get("message"),
        fault.get("faultstring") if isinstance(fault, Mapping) else None,
        found.get("error_description"),
        found.get("localizedMessage"),
        found.get("error"),
    ):
        if isinstance(text, str) and text.strip():
            return text
    return ""


def _code(found: Mapping[str, Any]) -> str:
    fault = found.get("fault")
    detail = fault.get("detail") if isinstance(fault, Mapping) else None
    for code in (detail.get("errorcode") if isinstance(detail, Mapping) else None, found.get("status")):
        if isinstance(code, str) and code.strip():
            return code
    return ""


def _decoded(text: str) -> Any:
    import msgspec  # noqa: PLC0415  (only an answer needs a decoder)

    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _text_of_page(text: str) -> str:
    title = _TITLE.search(text)
    if title and title[1].strip():
        return html.unescape(title[1])
    return html.unescape(_TAG.sub(" ", _UNREAD.sub(" ", text)))


def _cut(text: str, scrub: Callable[[str], str]) -> str:
    shown = one_line(" ".join(scrub(text).split()))
    shown = scrub(shown)
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
