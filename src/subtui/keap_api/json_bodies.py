"""Reads the JSON of an answer: numbers become int or Decimal, never float."""

import re
from decimal import Decimal
from typing import Any

import msgspec

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_FAULTS = (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError)
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
_ESCAPE = re.compile(rf"({_PAIR})|({_HALF})|\\.")


def object_of(body: bytes, *, may_be_empty: bool) -> dict[str, Any] | None:
    """The object in a body; None if there is none that can be read.

    With `may_be_empty`, a body that is empty or null is an object without members.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").strip()
    if may_be_empty and text in (b"", b"null"):
        return {}
    found = _decoded(text)
    if found is None and text.startswith(b"{"):
        found = _decoded(_mended(text))
    return found if isinstance(found, dict) else None


def _decoded(text: bytes) -> Any:
    try:
        return _DECODER.decode(text)
    except _FAULTS:
        return None


def _mended(text: bytes) -> bytes:
    """The text with a mark for each half of a character: one name that was cut in an emoji must not hide a list."""
    whole = text.decode("utf-8", errors="replace")
    return _ESCAPE.sub(lambda found: r"\ufffd" if found[2] else found[0], whole).encode()
