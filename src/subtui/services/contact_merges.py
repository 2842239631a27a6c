"""Handlers that merge two contacts, and take a merge back: one transaction and one entry, with the ids that moved."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from subtui.acts.contact_merges import MergeContacts, PreviewMerge, UnmergeContact
from subtui.domain.contact_edits import not_as_saved
from subtui.domain.contact_fields import CONTACT_FIELDS, NOTES, TAGS
from subtui.domain.contact_merges import (
    DROPPED_TAGS,
    MERGED,
    MOVED,
    MOVED_TAGS,
    filled_fields,
    joined_notes,
    take_over,
    why_not_merge,
)
from subtui.domain.errors import NotFound, Problem, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.services.contact_snapshots import Snapshot, columns_of, draft_of, from_snapshot, to_snapshot
from subtui.services.contacts import load_contact, name_of
from subtui.services.keap.standing import is_connected
from subtui.services.registry import answers, handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage import audit_log
from subtui.storage.batches import batched
from subtui.storage.tables import Contact, ContactTag, Event
from subtui.views.contact_edits import fields_in_words
from subtui.views.contact_merges import MergePreview, MergeResult, describe_merge
from subtui.views.preview import Line

_CHANGED = "Another user changed one of these contacts after you opened them. Nothing was saved. Open them again."
_NOT_FOUND = {"name_key": "", "rest_key": "", "phone_key": "", "sort_key": "", "city_key": ""}
"""The columns that a contact is searched by, as they are while it is merged into another."""

_NAMES = tuple(known.name for known in CONTACT_FIELDS)
_TABLES = {name: SQLModel.metadata.tables[name] for name in MOVED}


def _owner(table: str) -> ColumnElement[int | None]:
    """The column that names the contact of a record."""
    columns = _TABLES[table].c
    return columns.merged_into_id if table == "contact" else columns.contact_id


def _ids(session: Session, table: str, contact_id: int) -> list[int]:
    columns = _TABLES[table].c
    return list(session.execute(select(columns.id).where(_owner(table) == contact_id).order_by(columns.id)).scalars())


# --- preview ----------------------------------------------------------------------------------------------------------


@answers(PreviewMerge)
def preview(reader: Reader, query: PreviewMerge) -> MergePreview:
    """Handle `PreviewMerge`."""
    session = reader.session
    keep = load_contact(session, query.keep_id)
    if not query.duplicate_id:
        stays = Line("Stays", f"{name_of(keep)}, contact {query.keep_id}")
        return MergePreview((stays,), (Problem("duplicate", "Choose the duplicate."),), name_of(keep), "", keep.version)
    other = load_contact(session, query.duplicate_id)
    why_not = _why_not(keep, other)
    if why_not:
        return MergePreview((), (Problem("duplicate", why_not),), name_of(keep), name_of(other), keep.version)
    now, theirs = draft_of(session, keep), draft_of(session, other)
    counts = {table: _count(session, table, query.duplicate_id) for table in MOVED}
    lines = describe_merge(
        (query.keep_id, name_of(keep), now),
        (query.duplicate_id, name_of(other), theirs),
        take_over(now, theirs),
        counts,
        in_keap=is_connected(session),
    )
    return MergePreview(lines, (), name_of(keep), name_of(other), keep.version, other.version)


def _count(session: Session, table: str, contact_id: int) -> int:
    counted = select(func.count()).select_from(_TABLES[table]).where(_owner(table) == contact_id)
    return int(session.execute(counted).scalar_one())


def _why_not(keep: Contact, other: Contact) -> str | None:
    return why_not_merge(
        keep.id or 0, other.id or 0, keep_into=keep.merged_into_id, duplicate_into=other.merged_into_id
    )


# --- merging ----------------------------------------------------------------------------------------------------------


def _locked(tx: Transaction, *numbers: int) -> list[Contact]:
    """Contacts, locked in the order of their ids. Raises NotFound."""
    found = {}
    for number in sorted(set(numbers)):
        contact = tx.load(Contact, number)
        if contact is None:
            raise NotFound(f"There is no contact {number}.")
        found[number] = contact
    return [found[number] for number in numbers]


@handles(MergeContacts)
def merge(tx: Transaction, act: MergeContacts) -> MergeResult:
    """Handle `MergeContacts`."""
    session, keep_id, duplicate_id = tx.session, act.keep_id, act.duplicate_id
    keep, other = _locked(tx, keep_id, duplicate_id)
    why_not = _why_not(keep, other)
    if why_not:
        raise Refused(why_not)
    if (keep.version, other.version) != (act.version, act.duplicate_version):
        raise Refused(_CHANGED)
    before, theirs = draft_of(session, keep), draft_of(session, other)
    taken = take_over(before, theirs)
    names, name = filled_fields(before, taken), name_of(other)
    moved = {table: _ids(session, table, duplicate_id) for table in MOVED}
    for table, numbers in moved.items():
        _give(tx, table, numbers, keep_id)
    tags, dropped = _move_tags(tx, duplicate_id, keep_id)
    notes = joined_notes(keep.person_notes, other.person_notes)
    was, now = to_snapshot(before, names), to_snapshot(taken.draft, names)
    if tags:
        was[TAGS], now[TAGS] = to_snapshot(before, (TAGS,))[TAGS], to_snapshot(taken.draft, (TAGS,))[TAGS]
    if notes != keep.person_notes:
        was[NOTES], now[NOTES] = keep.person_notes, notes
    columns = columns_of(taken.draft, keep.more) | {NOTES: notes}
    tx.store(Contact, keep_id, keep.version, columns, changed=_CHANGED)
    tx.store(Contact, duplicate_id, other.version, _NOT_FOUND | {"merged_into_id": keep_id}, changed=_CHANGED)
    ids = {f"moved_{table}": numbers for table, numbers in moved.items() if numbers}
    ids |= {MOVED_TAGS: tags} if tags else {}
    ids |= {DROPPED_TAGS: dropped} if dropped else {}
    event_id, _ = tx.log(
        EventType.MERGE_CONTACTS,
        subject=Subject(SubjectType.CONTACT, keep_id),
        contact_id=keep_id,
        before=was,
        after=now | {MERGED: duplicate_id} | ids,
    )
    session.expire_all()
    return MergeResult(keep_id, f"Merged with {name}, contact {duplicate_id}.", event_id)


def _give(tx: Transaction, table: str, numbers: Sequence[int], contact_id: int) -> None:
    """Give records to a contact."""
    owner = _owner(table)
    for part in batched(numbers):
        tx.session.execute(update(_TABLES[table]).where(_TABLES[table].c.id.in_(part)).values({owner: contact_id}))


def _move_tags(tx: Transaction, duplicate_id: int, keep_id: int) -> tuple[list[int], list[int]]:
    """Move the tags of the duplicate; returns the ids of those that moved, and of those that both had."""
    session, contact, tag = tx.session, col(ContactTag.contact_id), col(ContactTag.tag_id)
    had = set(session.execute(select(tag).where(contact == keep_id)).scalars())
    theirs = sorted(session.execute(select(tag).where(contact == duplicate_id)).scalars())
    session.execute(delete(ContactTag).where(contact == duplicate_id))
    moved = [number for number in theirs if number not in had]
    for number in moved:
        session.execute(insert(ContactTag).values(contact_id=keep_id, tag_id=number))
    return moved, [number for number in theirs if number in had]


# --- taking it back ---------------------------------------------------------------------------------------------------


def merge_of(session: Session, duplicate: Contact) -> Event | None:
    """The log's entry of the merge that a contact is in."""
    about = audit_log.about(Subject(SubjectType.CONTACT, duplicate.merged_into_id))
    wanted = select(Event).where(*about, col(Event.command) == EventType.MERGE_CONTACTS.value)
    entries = session.execute(wanted.order_by(col(Event.id).desc())).scalars()
    return next((event for event in entries if event.after.get(MERGED) == duplicate.id), None)


@handles(UnmergeContact)
def unmerge(tx: Transaction, act: UnmergeContact) -> MergeResult:
    """Handle `UnmergeContact`."""
    session, duplicate_id = tx.session, act.duplicate_id
    keep_id = load_contact(session, duplicate_id).merged_into_id
    if keep_id is None:
        raise Refused(f"Contact {duplicate_id} is not merged into another one.")
    keep, other = _locked(tx, keep_id, duplicate_id)
    if other.merged_into_id != keep_id:
        raise Refused(_CHANGED)
    event = merge_of(session, other)
    if event is None:
        raise Refused(f"Contact {keep_id} has this one from a later merge. Undo that one first: nothing was changed.")
    moved: Mapping[str, list[int]] = {table: event.after.get(f"moved_{table}", []) for table in MOVED}
    _require_still_there(session, moved, keep_id)
    before, image = draft_of(session, keep), _filled_before(session, keep, event)
    changed = tuple(name for name in event.before if name != TAGS and name not in image)
    for table, numbers in moved.items():
        _give(tx, table, numbers, duplicate_id)
    _return_tags(tx, event.after, duplicate_id, keep_id)
    notes = image.get(NOTES, keep.person_notes)
    columns = columns_of(from_snapshot(before, image), keep.more) | {NOTES: notes}
    tx.store(Contact, keep_id, keep.version, columns, changed=_CHANGED)
    theirs = columns_of(draft_of(session, other), other.more)
    tx.store(Contact, duplicate_id, other.version, theirs | {"merged_into_id": None}, changed=_CHANGED)
    event_id, _ = tx.log(
        EventType.UNMERGE_CONTACT,
        subject=Subject(SubjectType.CONTACT, keep_id),
        contact_id=keep_id,
        undoes_id=event.id,
        before={name: event.after[name] for name in image} | {MERGED: duplicate_id},
        after=image,
    )
    session.expire_all()
    kept = f" {fields_in_words(changed)} of contact {keep_id} stay: changed since the merge." if changed else ""
    sentence = f"Undone: contact {duplicate_id} has its records again.{kept}"
    return MergeResult(keep_id, sentence, event_id)


def _require_still_there(session: Session, moved: Mapping[str, Sequence[int]], keep_id: int) -> None:
    """Raise Refused if a record that moved belongs to another contact by now. A note may be gone."""
    for table, numbers in moved.items():
        elsewhere: list[int] = []
        for part in batched(numbers):
            wanted = select(_TABLES[table].c.id).where(
                _TABLES[table].c.id.in_(part), _owner(table).is_distinct_from(keep_id)
            )
            elsewhere += session.execute(wanted).scalars()
        if elsewhere:
            which = f"{MOVED[table]}: {min(elsewhere)}"
            raise Refused(f"{which} belongs to contact {keep_id} no longer, so the merge can't be undone.")


def _filled_before(session: Session, keep: Contact, event: Event) -> Snapshot:
    """What the merge filled in, as it was before; without the fields that were changed since, which stay."""
    now = to_snapshot(draft_of(session, keep), _NAMES) | {NOTES: keep.person_notes}
    filled = {name: event.after[name] for name in event.before if name != TAGS}
    changed = not_as_saved(filled, now)
    return {name: event.before[name] for name in filled if name not in changed}


def _return_tags(tx: Transaction, after: Mapping[str, Any], duplicate_id: int, keep_id: int) -> None:
    """Give the duplicate its tags again; those that moved are taken from the contact that stays."""
    moved, dropped = after.get(MOVED_TAGS, []), after.get(DROPPED_TAGS, [])
    of_keep = (col(ContactTag.contact_id) == keep_id, col(ContactTag.tag_id).in_(moved))
    tx.session.execute(delete(ContactTag).where(*of_keep))
    for number in (*moved, *dropped):
        tx.session.execute(insert(ContactTag).values(contact_id=duplicate_id, tag_id=number))
