"""Handlers of notes, and the notes that the records show."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.notes import AddNote, ListNotes, UndoNote
from subtui.domain.billing import local_day
from subtui.domain.errors import Invalid, NotFound, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.notes import NOTED, note_problems, why_not_take_back
from subtui.domain.plain_text import pasted
from subtui.services.registry import answers, handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage import audit_log
from subtui.storage.tables import Contact, Event, Note, Order, Subscription, SubscriptionPlan
from subtui.views.notes import NoteResult, NoteView

_COLUMNS = {
    SubjectType.CONTACT: col(Note.contact_id),
    SubjectType.SUBSCRIPTION: col(Note.subscription_id),
    SubjectType.ORDER: col(Note.order_id),
}
_TABLES: dict[SubjectType, Any] = {
    SubjectType.CONTACT: Contact,
    SubjectType.SUBSCRIPTION: Subscription,
    SubjectType.ORDER: Order,
}


def notes_about(session: Session, subject: Subject) -> tuple[NoteView, ...]:
    """The notes about a record, newest first. Those of a contact name what they are about."""
    wanted = select(Note).where(_COLUMNS[subject.type] == subject.id)
    notes = session.execute(wanted.order_by(col(Note.at).desc(), col(Note.id).desc())).scalars().all()
    about = _about(session, notes) if subject.type is SubjectType.CONTACT else {}
    return tuple(NoteView(note.at, note.author, note.text, about.get(note.id or 0, ""), note.id or 0) for note in notes)


def _about(session: Session, notes: Sequence[Note]) -> dict[int, str]:
    """What notes are about, other than their contact: `Monthly plan, subscription 1042`."""
    plans = (
        select(col(Subscription.id), col(SubscriptionPlan.name))
        .join(SubscriptionPlan, col(SubscriptionPlan.id) == col(Subscription.plan_id))
        .where(col(Subscription.id).in_({note.subscription_id for note in notes} - {None}))
    )
    titles = select(col(Order.id), col(Order.title)).where(
        col(Order.id).in_({note.order_id for note in notes} - {None})
    )
    named = {("subscription", number): name for number, name in session.execute(plans)}
    named |= {("order", number): title for number, title in session.execute(titles)}
    found: dict[int, str] = {}
    for note in notes:
        kind, number = ("order", note.order_id) if note.order_id else ("subscription", note.subscription_id)
        if number:
            found[note.id or 0] = ", ".join(filter(None, (named.get((kind, number), ""), f"{kind} {number}")))
    return found


@answers(ListNotes)
def list_notes(reader: Reader, query: ListNotes) -> tuple[NoteView, ...]:
    """Handle `ListNotes`."""
    subject, _ = _staying(reader, query.subject)
    return notes_about(reader.session, subject)


def _staying(reader: Reader, subject: Subject) -> tuple[Subject, int]:
    """The record that a note is about, and its contact; of a contact that was merged the one that stays.

    Raises NotFound, and Refused for another kind of record.
    """
    if subject.type not in NOTED:
        raise Refused("A note is about a contact, a subscription or an order.")
    row = reader.session.get(_TABLES[subject.type], subject.id or 0)
    if row is None:
        raise NotFound(f"There is no {subject.type} {subject.id}.")
    if isinstance(row, Contact):
        number = row.merged_into_id or row.id or 0
        return Subject(SubjectType.CONTACT, number), number
    return subject, row.contact_id


@handles(AddNote)
def add_note(tx: Transaction, act: AddNote) -> NoteResult:
    """Handle `AddNote`."""
    text = pasted(act.text).strip()
    subject, contact_id = _staying(tx, act.subject)
    problems = note_problems(text)
    if problems:
        raise Invalid(problems)
    note = Note(contact_id=contact_id, author_id=tx.actor_id, author=tx.name, at=tx.now, text=text)
    if subject.type is SubjectType.SUBSCRIPTION:
        note.subscription_id = subject.id
    elif subject.type is SubjectType.ORDER:
        note.order_id = subject.id
    tx.session.add(note)
    tx.session.flush()
    event_id, _ = tx.log(
        EventType.ADD_NOTE,
        subject=subject,
        contact_id=contact_id,
        before={},
        after={"note_id": note.id, "text": text},
    )
    view = next(shown for shown in notes_about(tx.session, subject) if shown.id == note.id)
    return NoteResult(view, "Note added. It is for your team; nothing is sent.", event_id)


@handles(UndoNote)
def undo_note(tx: Transaction, act: UndoNote) -> NoteResult:
    """Handle `UndoNote`."""
    subject, contact_id = _staying(tx, act.subject)
    note = _newest(tx.session, subject)
    if note is None:
        raise Refused("There is no note to take back here.")
    why_not = why_not_take_back(
        by_user=note.author_id is not None and note.author_id == tx.actor_id,
        today=local_day(note.at, tx.time_zone) == tx.today,
    )
    if why_not:
        raise Refused(why_not)
    view = NoteView(note.at, note.author, note.text, id=note.id or 0)
    tx.session.delete(note)
    event_id, _ = tx.log(
        EventType.UNDO_NOTE,
        subject=subject,
        contact_id=contact_id,
        undoes_id=_entry_of(tx.session, subject, view.id),
        before={"note_id": view.id, "text": view.text},
        after={},
    )
    return NoteResult(view, "Note taken back. The log keeps it.", event_id)


def _newest(session: Session, subject: Subject) -> Note | None:
    """The newest note about a record itself: for a contact not those about its subscriptions and orders."""
    wanted = select(Note).where(_COLUMNS[subject.type] == subject.id)
    if subject.type is SubjectType.CONTACT:
        wanted = wanted.where(col(Note.subscription_id).is_(None), col(Note.order_id).is_(None))
    return session.execute(wanted.order_by(col(Note.at).desc(), col(Note.id).desc()).limit(1)).scalar()


def _entry_of(session: Session, subject: Subject, note_id: int) -> int | None:
    """The log's entry of a note."""
    wanted = select(Event).where(*audit_log.about(subject), col(Event.command) == EventType.ADD_NOTE.value)
    entries = session.execute(wanted.order_by(col(Event.id).desc())).scalars()
    return next((event.id for event in entries if event.after.get("note_id") == note_id), None)
