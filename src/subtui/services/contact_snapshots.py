"""Converts a contact to and from the draft of its form, its columns, and the before and after of the log."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.domain.contact_edits import ContactDraft
from subtui.domain.contact_fields import ADDRESSES, TAGS
from subtui.domain.normalization import normalize
from subtui.keap.addresses import ADDRESSES as KEAPS
from subtui.keap.addresses import PLACE_HEADERS, SECOND_STREET
from subtui.services.contacts import tags_of
from subtui.services.unit_of_work import Transaction
from subtui.storage.search import city_key, contact_keys
from subtui.storage.tables import Contact, ContactTag, Tag

Snapshot = dict[str, Any]
"""Fields of a contact as the log keeps them: texts, an address with line breaks, tags as a list of names.

The parts of an address that are kept under Keap's headers are under `more`.
"""

_COLUMNS = tuple(known.name for known in fields(ContactDraft) if known.name != TAGS)


def draft_of(session: Session, contact: Contact) -> ContactDraft:
    """The stored fields of a contact, as its form opens."""
    values: dict[str, Any] = {name: getattr(contact, name) for name in _COLUMNS}
    values |= {name: tuple(values[name]) for name in ADDRESSES}
    return ContactDraft(**values, tags=tags_of(session, contact.id or 0))


def to_snapshot(draft: ContactDraft, names: Iterable[str]) -> Snapshot:
    """Some fields of a draft in the form of the log."""

    def logged(name: str) -> object:
        value = getattr(draft, name)
        if name in ADDRESSES:
            return "\n".join(value)
        return sorted(value) if name == TAGS else value

    return {name: logged(name) for name in names}


def from_snapshot(now: ContactDraft, image: Mapping[str, Any]) -> ContactDraft:
    """The draft with the fields of a log image; the others as they are now."""
    values = {known.name: getattr(now, known.name) for known in fields(ContactDraft)}
    for name, value in image.items():
        if name in ADDRESSES:
            values[name] = tuple(value.split("\n")) if value else ()
        elif name in values:
            values[name] = tuple(value) if name == TAGS else value
    return ContactDraft(**values)


def address_parts(more: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The values under Keap's headers that are parts of these addresses: after a correction they are true no more."""
    wanted = set(names)
    headers = {
        f"{header}{address.suffix}"
        for address in KEAPS
        if address.column in wanted
        for header in (*PLACE_HEADERS, SECOND_STREET)
    }
    return {header: text for header, text in more.items() if header in headers}


def columns_of(draft: ContactDraft, more: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to store for a draft, with those that it is searched by."""
    values: dict[str, Any] = {name: getattr(draft, name) for name in _COLUMNS}
    values |= {name: list(values[name]) for name in ADDRESSES}
    city = city_key(values["billing_address"], str(more.get("City", "")))
    return values | contact_keys(values) | {"city_key": city, "more": dict(more)}


def set_tags(tx: Transaction, contact_id: int, before: Iterable[str], after: Iterable[str]) -> None:
    """Give a contact the tags of these names, and take those away that it had before. A missing tag is made."""
    session, had, wanted = tx.session, set(before), set(after)
    of_contact = col(ContactTag.contact_id) == contact_id
    if had - wanted:
        named = select(col(Tag.id)).where(col(Tag.name).in_(had - wanted))
        session.execute(delete(ContactTag).where(of_contact, col(ContactTag.tag_id).in_(named)))
    for name in sorted(wanted - had):
        tag_id = (
            session.execute(select(col(Tag.id)).where(col(Tag.name) == name).order_by(col(Tag.id))).scalars().first()
        )
        if tag_id is None:
            tag = Tag(name=name)
            session.add(tag)
            session.flush()
            tag_id = tag.id
        session.execute(insert(ContactTag).values(contact_id=contact_id, tag_id=tag_id))


def as_spelled(session: Session, draft: ContactDraft, before: ContactDraft) -> tuple[ContactDraft, frozenset[str]]:
    """The draft with its added tags as they are spelled already, and those of them that there are."""
    added = {normalize(tag): tag for tag in draft.tags if tag not in before.tags}
    if not added:
        return draft, frozenset()
    names = session.execute(select(col(Tag.name)).order_by(col(Tag.id).desc())).scalars().all()
    known = {normalize(name): name for name in names} | {normalize(name): name for name in names if name in draft.tags}
    tags = tuple(tag if tag in before.tags else known.get(normalize(tag), tag) for tag in draft.tags)
    return replace(draft, tags=tuple(dict.fromkeys(tags))), frozenset(known.values())
