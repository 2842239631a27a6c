"""Searches contacts, and computes the search columns of a contact, which the indexes read."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from subtui.domain.cities import city_of
from subtui.domain.normalization import digits, index_text, indexed_tokens
from subtui.storage.dialects import dialect_of
from subtui.storage.dialects.base import COUNT_CAP, Hits
from subtui.views.customers import SearchCursor

__all__ = ["COUNT_CAP", "PHONES", "Hits", "city_key", "contact_keys", "find_contact_ids"]

PHONES = ("phone1", "phone2", "phone3", "phone4", "phone5")
_NAMELESS = "~"  # sorts behind every letter of ours
_REST = ("company", "email", "email2", "email3")


def contact_keys(row: Mapping[str, Any]) -> dict[str, str]:
    """The search columns of a contact, from its other columns. Written whenever a contact is."""
    name = index_text(f"{row.get('last_name', '')} {row.get('first_name', '')}")
    rest = index_text(" ".join(str(row[field]) for field in _REST if row.get(field)))
    phones = " ".join(filter(None, (digits(str(row[field])) for field in PHONES if row.get(field))))
    # A contact with neither a name nor a company is sorted after the others.
    called = name or index_text(str(row.get("company") or ""))
    return {
        "name_key": name,
        "rest_key": rest,
        "phone_key": phones,
        "sort_key": " ".join(indexed_tokens(called) or (_NAMELESS, *indexed_tokens(rest))),
    }


def city_key(lines: Sequence[str], named: str = "") -> str:
    """The folded city of a contact's billing address, by which its contacts are found; empty where none is plain."""
    return index_text(city_of(lines, named))


def find_contact_ids(
    session: Session, text: str, *, limit: int, recent: Sequence[int] = (), after: SearchCursor | None = None
) -> Hits:
    """The contacts that match `text`, best first; among equals those of `recent` first, in its order.

    No hits for a text without words. `after` is the cursor of the page before.
    """
    connection = session.connection()
    return dialect_of(connection).find_contacts(connection, text, limit=limit, recent=recent, after=after)
