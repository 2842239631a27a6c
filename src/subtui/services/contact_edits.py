"""Handlers that correct a contact: the form, its preview, the save, and the undo of the last correction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.contact_edits import GetContactForm, PreviewContact, SaveContact, UndoContactChange
from subtui.domain.contact_edits import (
    ContactDraft,
    changed_fields,
    find_contact_problems,
    not_as_saved,
    tidied,
)
from subtui.domain.contact_fields import CONTACT_FIELDS, CONTACT_LABELS
from subtui.domain.errors import Difference, Invalid, NotFound, Refused, Stale
from subtui.domain.event_types import NOTE_EVENTS, EventType, Subject, SubjectType
from subtui.services.contact_snapshots import (
    address_parts,
    as_spelled,
    columns_of,
    draft_of,
    from_snapshot,
    set_tags,
    to_snapshot,
)
from subtui.services.contacts import load_contact, name_of
from subtui.services.keap.standing import is_connected
from subtui.services.registry import answers, handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage import audit_log
from subtui.storage.tables import Contact, Event
from subtui.views.contact_edits import ContactForm, ContactSaved, describe_contact, fields_in_words, shown_value
from subtui.views.preview import Preview

_CHANGED = "This contact was changed at the same moment. Nothing was saved. Open it again."
_NAMES = tuple(known.name for known in CONTACT_FIELDS)


@answers(GetContactForm)
def contact_form(reader: Reader, query: GetContactForm) -> ContactForm:
    """Handle `GetContactForm`."""
    contact = load_contact(reader.session, query.contact_id)
    return ContactForm(
        id=query.contact_id,
        version=contact.version,
        name=name_of(contact),
        draft=draft_of(reader.session, contact),
        in_keap=_in_keap(reader.session, contact),
        merged_into=contact.merged_into_id,
    )


def _in_keap(session: Session, contact: Contact) -> bool:
    known = contact.keap_id is not None and not contact.keap_id.startswith("~")
    return known and is_connected(session)


@answers(PreviewContact)
def preview(reader: Reader, query: PreviewContact) -> Preview:
    """Handle `PreviewContact`."""
    contact = load_contact(reader.session, query.contact_id)
    before = draft_of(reader.session, contact)
    draft, known = as_spelled(reader.session, tidied(query.draft), before)
    lines = describe_contact(before, draft, known_tags=known, in_keap=_in_keap(reader.session, contact))
    return Preview(lines, find_contact_problems(before, draft))


@handles(SaveContact)
def save(tx: Transaction, act: SaveContact) -> ContactSaved:
    """Handle `SaveContact`."""
    contact = _load(tx, act.contact_id)
    before = draft_of(tx.session, contact)
    draft, _ = as_spelled(tx.session, tidied(act.draft), before)
    if contact.version != act.version:
        raise _stale(tx, contact, draft, before)
    problems = find_contact_problems(before, draft)
    if problems:
        raise Invalid(problems)
    names = changed_fields(before, draft)
    if not names:
        raise Refused("No changes to save.")
    left_out = address_parts(contact.more, names)
    more = {header: text for header, text in contact.more.items() if header not in left_out}
    _store(tx, contact, before, draft, more)
    event_id, _ = tx.log(
        EventType.SAVE_CONTACT,
        subject=Subject(SubjectType.CONTACT, act.contact_id),
        contact_id=act.contact_id,
        before=to_snapshot(before, names) | ({"more": left_out} if left_out else {}),
        after=to_snapshot(draft, names),
    )
    return ContactSaved(act.contact_id, f"Saved: {fields_in_words(names)}. u undoes it.", event_id)


def _load(tx: Transaction, contact_id: int) -> Contact:
    """The contact, locked. Raises NotFound, and Refused for one that was merged into another."""
    contact = tx.load(Contact, contact_id)
    if contact is None:
        raise NotFound(f"There is no contact {contact_id}.")
    if contact.merged_into_id is not None:
        raise Refused(f"This contact was merged into contact {contact.merged_into_id}. Change that one.")
    return contact


def _store(
    tx: Transaction, contact: Contact, before: ContactDraft, after: ContactDraft, more: Mapping[str, Any]
) -> None:
    number = contact.id or 0
    tx.store(Contact, number, contact.version, columns_of(after, more), changed=_CHANGED)
    if set(before.tags) != set(after.tags):
        set_tags(tx, number, before.tags, after.tags)
    tx.session.expire_all()


def _stale(tx: Transaction, contact: Contact, draft: ContactDraft, stored: ContactDraft) -> Stale:
    """The difference between a draft and the version that is stored now."""
    latest = (
        select(col(Event.actor))
        .where(*audit_log.about(Subject(SubjectType.CONTACT, contact.id)), col(Event.command).not_in(NOTE_EVENTS))
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    differences = tuple(
        Difference(CONTACT_LABELS[name], shown_value(getattr(draft, name)), shown_value(getattr(stored, name)))
        for name in changed_fields(stored, draft)
    )
    actor = tx.session.execute(latest).scalar()
    return Stale(
        changed_by=actor or "Another user", version=contact.version, differences=differences, what=SubjectType.CONTACT
    )


# --- undo -------------------------------------------------------------------------------------------------------------


def last_correction(session: Session, contact_id: int) -> Event | None:
    """The newest correction of a contact that has not been undone."""
    about = audit_log.about(Subject(SubjectType.CONTACT, contact_id))
    undone = set(
        session.execute(select(col(Event.undoes_id)).where(*about, col(Event.undoes_id).is_not(None))).scalars()
    )
    wanted = select(Event).where(*about, col(Event.command) == EventType.SAVE_CONTACT.value)
    entries = session.execute(wanted.order_by(col(Event.id).desc())).scalars()
    return next((event for event in entries if event.id not in undone), None)


def why_not_undo(session: Session, contact: Contact) -> str:
    """Why the last correction of a contact cannot be undone; empty when it can."""
    event = last_correction(session, contact.id or 0)
    if event is None:
        return "There is no correction to undo."
    names = not_as_saved(event.after, to_snapshot(draft_of(session, contact), _NAMES))
    return f"{fields_in_words(names)} changed again since: correct it by hand." if names else ""


@handles(UndoContactChange)
def undo(tx: Transaction, act: UndoContactChange) -> ContactSaved:
    """Handle `UndoContactChange`."""
    contact = _load(tx, act.contact_id)
    before = draft_of(tx.session, contact)
    if contact.version != act.version:
        raise _stale(tx, contact, before, before)
    event = last_correction(tx.session, act.contact_id)
    why_not = why_not_undo(tx.session, contact)
    if event is None or why_not:
        raise Refused(why_not)
    after = from_snapshot(before, event.before)
    names = [name for name in event.before if name in CONTACT_LABELS]
    parts = event.before.get("more", {})
    _store(tx, contact, before, after, contact.more | parts)
    event_id, _ = tx.log(
        EventType.UNDO_CONTACT,
        subject=Subject(SubjectType.CONTACT, act.contact_id),
        contact_id=act.contact_id,
        undoes_id=event.id,
        before=to_snapshot(before, names),
        after=to_snapshot(after, names) | ({"more": parts} if parts else {}),
    )
    return ContactSaved(act.contact_id, f"Undone: {fields_in_words(names)} as before.", event_id)
