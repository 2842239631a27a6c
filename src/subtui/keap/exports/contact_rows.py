"""Builds the exported row of a contact: its name, its addresses in Keap's parts, its owner, its tags."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from subtui.domain.normalization import normalize
from subtui.keap.addresses import ADDRESSES, PLACE_HEADERS, SECOND_STREET, address_lines

PLAIN_FIELDS = (
    *("first_name", "last_name", "company", "job_title", "email", "email2", "email3"),
    *("phone1", "phone2", "phone3", "phone4", "phone5", "website", "person_notes", "created_on"),
)
_OWNER = "Owner"
OWN_HEADERS = frozenset(
    (_OWNER, *(f"{name}{address.suffix}" for address in ADDRESSES for name in (*PLACE_HEADERS, SECOND_STREET)))
)
"""The headers of extra values that are exported in one of our fields."""

_decode = msgspec.json.Decoder(list[str]).decode


def owner_names(users: Iterable[Sequence[Any]]) -> dict[int, str]:
    """The exported owner text for each user: the name, or the e-mail where the name is not unique."""
    rows = list(users)
    known = Counter(normalize(text) for _, name, email in rows for text in (name, email))
    return {number: name if known[normalize(name)] == 1 else email for number, name, email in rows}


def shaped(
    fields: Sequence[str], owners: dict[int, str], tags_of: Callable[[int], list[Sequence[Any]]]
) -> Callable[[Sequence[Any], dict[str, str]], list[Any]]:
    """Builds the exported rows from the stored ones; the contact's own number follows the fields."""
    at = {name: place for place, name in enumerate(fields)}
    first, last, whole, owner = at["first_name"], at["last_name"], at["whole_name"], at["owner"]
    tag_ids, tag_names = at["tag_ids"], at["tags"]
    addresses = [([at[name] for name in address.fields], address.suffix) for address in ADDRESSES]

    def shape(row: Sequence[Any], more: dict[str, str]) -> list[Any]:
        values = list(row[:-1])
        values[whole] = f"{row[first]} {row[last]}".strip()
        named = more.pop(_OWNER, None) if more else None
        values[owner] = owners.get(row[owner], named)
        for places, suffix in addresses:
            packed = row[places[0]]
            parts = _in_parts(_decode(packed), more, suffix) if packed != "[]" else [None] * len(places)
            for place, part in zip(places, parts, strict=True):
                values[place] = part
        tags = tags_of(row[-1])
        values[tag_ids] = [tag[1] for tag in tags]
        values[tag_names] = [tag[2] for tag in tags]
        return values

    return shape


def _in_parts(lines: list[str], more: dict[str, str], suffix: str) -> list[str]:
    """The lines of an address as Keap's parts: the stored parts, and the other lines as the two street lines."""
    parts = [more.pop(f"{header}{suffix}", "") for header in PLACE_HEADERS] if more else [""] * len(PLACE_HEADERS)
    second = more.pop(f"{SECOND_STREET}{suffix}", None) if more else None
    region, postal, zip4 = parts[1], parts[2], parts[3]
    place = address_lines("", "", parts[0], region, postal, zip4, parts[4])
    if place and lines[-len(place) :] != place:
        # The lines were changed after the parts were stored: the lines win.
        place, parts, second = [], [""] * len(parts), None
    street = lines[: len(lines) - len(place)]
    if second is not None:
        return ["", second, *parts]
    return [street[0] if street else "", "\n".join(street[1:]), *parts]
