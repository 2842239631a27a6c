"""Searches contacts on PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, column, false, select, table

from subtui.domain.search_text import wanted
from subtui.storage.dialects.base import Hits
from subtui.views.customers import SearchCursor

_CONTACT = table(
    "contact", column("id"), column("name_key"), column("rest_key"), column("phone_key"), column("sort_key")
)


def find_contacts(
    connection: Connection, text: str, *, limit: int, recent: Sequence[int], after: SearchCursor | None
) -> Hits:
    """The contacts that match `text`, best first. No hits for a text without words."""
    asked = wanted(text)
    if not asked.words:
        return Hits((), 0, capped=False)
    haystack = " " + _CONTACT.c.name_key + " " + _CONTACT.c.rest_key
    found = (
        connection.execute(
            select(_CONTACT.c.id)
            .where(and_(*(haystack.like(f"% {' '.join(word.tokens)}%") for word in asked.words)))
            .order_by(_CONTACT.c.sort_key, _CONTACT.c.id)
        )
        .scalars()
        .all()
    )
    return Hits(found[:limit], len(found), capped=False)


def contacts_with(word: str) -> Select[Any]:
    """The ids of the contacts with a word of this prefix; none for a word without letters and digits."""
    found = wanted(word).words
    rows = select(_CONTACT.c.id)
    if not found:
        return rows.where(false())
    haystack = " " + _CONTACT.c.name_key + " " + _CONTACT.c.rest_key
    return rows.where(and_(*(haystack.like(f"% {' '.join(part.tokens)}%") for part in found)))
