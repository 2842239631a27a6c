"""The pages of a list: their rows, and the token of the next one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from subtui.keap_api.calls import Answer, Caller, Query
from subtui.keap_api.errors import NoAnswer

_TOKEN = "page_token"  # noqa: S105  (the name of a parameter)
_NEXT = "next_page_token"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list in Keap's order. `next_token` is None on the last page."""

    rows: tuple[Mapping[str, Any], ...]
    next_token: str | None


def page_of(answer: Answer, list_key: str) -> Page:
    """The page in an answer, whose rows are under `list_key`.

    Raises NoAnswer where there is no list: taken for an empty page, it would end a list before its time.
    """
    rows = answer.body.get(list_key)
    # An empty list may be null or left out; a body of something else is not an empty list.
    if rows is None and answer.body.keys() <= {list_key, _NEXT}:
        rows = []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NoAnswer(f"Keap answered without the list “{list_key}”.", status=answer.status)
    return Page(tuple(rows), _token_of(answer.body.get(_NEXT)) if rows else None)


def walk(caller: Caller, path: str, query: Query, list_key: str) -> Iterator[Page]:
    """The pages of a list, read one by one as they are asked for.

    Ends with the page that has no token, with an empty page, and where a token comes again, since that would go on for
    ever. Raises what `caller` raises, and NoAnswer.
    """
    first = [(name, value) for name, value in query if name != _TOKEN]
    seen = {value for name, value in query if name == _TOKEN}
    page = page_of(caller.get(path, query), list_key)
    yield page
    while page.next_token is not None and page.next_token not in seen:
        seen.add(page.next_token)
        page = page_of(caller.get(path, [*first, (_TOKEN, page.next_token)]), list_key)
        yield page


def _token_of(value: object) -> str | None:
    """A token that came bare or in a URL. Only the token is taken of a URL: its host would be given the key."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    if "://" in text or text.startswith("/") or f"{_TOKEN}=" in text:
        try:
            query = urlsplit(text).query or text.partition("?")[2] or text
        except ValueError:
            query = text.partition("?")[2]
        text = next(iter(parse_qs(query).get(_TOKEN, [])), "").strip()
    return text or None
