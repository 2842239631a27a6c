"""Handlers of queries about the log with its hash chain, and about the letters."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.log import FindInLog, GetLetter, ListEvents, SaveLetter, VerifyLog
from subtui.domain.errors import NotFound, StorageProblem
from subtui.domain.event_types import EventType, SubjectType, field_words, title_of
from subtui.domain.hash_chain import Verdict, verify
from subtui.domain.outbox import SendState
from subtui.domain.plain_text import sanitize_lines
from subtui.domain.requests import Standing, ticket_number
from subtui.services.contacts import duplicates_of, load_contact, name_of, staying_contact
from subtui.services.keap import standing
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage import audit_log
from subtui.storage.batches import batched
from subtui.storage.files import write_new
from subtui.storage.ledger import is_corrected
from subtui.storage.tables import CancellationRequest, Event, Letter, Subscription, SubscriptionPlan
from subtui.views.customers import Change, EventView, LetterView


@answers(ListEvents)
def entries(reader: Reader, query: ListEvents) -> tuple[EventView, ...]:
    """Handle `ListEvents`."""
    session = reader.session
    wanted = select(Event).order_by(col(Event.id).desc()).limit(query.limit)
    if query.contact_id is not None:
        contact_id = staying_contact(session, query.contact_id).id or 0
        wanted = wanted.where(col(Event.contact_id).in_((contact_id, *duplicates_of(session, contact_id))))
    if query.subject is not None:
        wanted = wanted.where(*audit_log.about(query.subject))
    with unreadable_refused():
        events = list(session.execute(wanted).scalars())
    return event_views(session, events)


@contextmanager
def unreadable_refused() -> Iterator[None]:
    """Raise StorageProblem for an entry whose before or after cannot be read while entries are loaded."""
    try:
        yield
    except ValueError:  # another program has written text into the log that is no JSON
        raise StorageProblem("The log has an unreadable entry. Find it with: subtui log verify") from None


def event_views(session: Session, events: Sequence[Any]) -> tuple[EventView, ...]:
    """The views of entries of the log, which are objects or rows of its table."""
    ids = [event.id for event in events]
    undone: set[int | None] = set()
    for some in batched(ids):
        undone |= set(session.execute(select(col(Event.undoes_id)).where(col(Event.undoes_id).in_(some))).scalars())
    names = _subjects(session, {(event.subject_type, event.subject_id) for event in events})
    there = standing.of_entries(session, ids)
    return tuple(
        _view(event, names[event.subject_type, event.subject_id], undone=event.id in undone, keap=there.get(event.id))
        for event in events
    )


def _subjects(session: Session, subjects: set[tuple[str, int | None]]) -> dict[tuple[str, int | None], str]:
    """The words for log subjects: `Monthly plan, 1042` for a subscription; a ticket's number for a ticket."""
    ids = {number for kind, number in subjects if kind == SubjectType.SUBSCRIPTION}
    plans = (
        select(col(Subscription.id), col(SubscriptionPlan.name))
        .join(SubscriptionPlan, col(SubscriptionPlan.id) == col(Subscription.plan_id))
        .where(col(Subscription.id).in_(ids))
    )
    names = {row_id: f"{name}, {row_id}" for row_id, name in session.execute(plans)}

    def words(kind: str, number: int | None) -> str:
        if number is None:
            return kind
        if kind == SubjectType.SUBSCRIPTION and number in names:
            return names[number]
        if kind == SubjectType.REQUEST:
            return ticket_number(number)
        titled = kind in (SubjectType.ORDER, SubjectType.CONTACT)
        return f"{kind.capitalize()} {number}" if titled else f"{kind}:{number}"

    return {subject: words(*subject) for subject in subjects}


def _view(event: Any, subject: str, *, undone: bool, keap: SendState | None) -> EventView:
    return EventView(
        id=event.id,
        at=event.at,
        actor=event.actor,
        role=event.role,
        title=title_of(event.command, event.before, event.after),
        reason=event.reason,
        subject=subject,
        route=event.route,
        changes=_changes(event),
        hash=event.hash,
        undone=undone,
        keap=keap,
    )


def _changes(event: Any) -> tuple[Change, ...]:
    before, beside_before = _apart(event.before)
    after, beside_after = _apart(event.after)
    changes = [(field_words(name), before.get(name), after.get(name)) for name in {**before, **after}]
    headers = {**beside_before, **beside_after}
    changes += [(header, beside_before.get(header), beside_after.get(header)) for header in headers]
    return tuple(Change(field, _shown(was), _shown(now)) for field, was, now in changes if was != now)


def _apart(image: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of the before or the after of an entry, and the values that it keeps under Keap's headers."""
    more = image.get("more")
    if not isinstance(more, dict):
        return image, {}
    return {name: value for name, value in image.items() if name != "more"}, more


def _shown(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@answers(VerifyLog)
def check(reader: Reader, _query: VerifyLog) -> Verdict:
    """Handle `VerifyLog`."""
    return verify(audit_log.links(reader.session.connection()))


@answers(FindInLog)
def find_in_log(reader: Reader, query: FindInLog) -> int | None:
    """Handle `FindInLog`."""
    return entry_with_hash(reader.session, query.prefix)


def entry_with_hash(session: Session, prefix: str) -> int | None:
    """The id of the entry whose hash begins with `prefix` (lower-case hex), if there is one."""
    wanted = select(col(Event.id)).where(col(Event.hash).startswith(prefix, autoescape=True)).limit(1)
    return session.execute(wanted).scalar()


@answers(SaveLetter)
def save_letter(reader: Reader, query: SaveLetter) -> Path:
    """Handle `SaveLetter`."""
    found = letter(reader, GetLetter(query.letter_id))
    return write_new(query.path, f"{sanitize_lines(found.subject)}\n\n{sanitize_lines(found.body)}\n")


@answers(GetLetter)
def letter(reader: Reader, query: GetLetter) -> LetterView:
    """Handle `GetLetter`."""
    session, letter_id = reader.session, query.letter_id
    row = session.get(Letter, letter_id)
    if row is None:
        raise NotFound(f"There is no letter {letter_id}.")
    to, email = _addressee(session, row)
    how = _taken_back(session, row)
    return LetterView(
        id=letter_id,
        written_at=row.written_at,
        to=to,
        email=email,
        subject=row.subject,
        body=row.body,
        log_hash=row.log_hash,
        subscription_id=row.subscription_id,
        contact_id=row.contact_id,
        request_id=row.request_id,
        order_id=row.order_id,
        undone=bool(how),
        how_undone=how,
        keap=standing.of_entries(session, [row.event_id]).get(row.event_id),
    )


def _addressee(session: Session, row: Letter) -> tuple[str, str]:
    if row.contact_id is not None:
        contact = load_contact(session, row.contact_id)
        return name_of(contact), contact.email
    request = session.get(CancellationRequest, row.request_id)
    return (request.requested_by, request.email) if request else ("", "")


def _taken_back(session: Session, row: Letter) -> str:
    """How the act of a letter was reversed since: undone, withdrawn, refused, corrected; empty if it was not."""
    if row.request_id is not None:
        request = session.get(CancellationRequest, row.request_id)
        gone = (Standing.WITHDRAWN, Standing.REFUSED)
        return request.standing if request is not None and request.standing in gone else ""
    if row.order_id is not None:
        return "corrected" if _corrected(session, row) else ""
    undone = select(col(Event.id)).where(
        col(Event.undoes_id) == row.event_id, col(Event.command) == EventType.UNDO.value
    )
    return "undone" if session.execute(undone).first() is not None else ""


def _corrected(session: Session, row: Letter) -> bool:
    """Whether the refund that a letter confirms has a counter entry."""
    event = session.get(Event, row.event_id)
    refund_id = event.after.get("refund_id") if event else None
    return refund_id is not None and is_corrected(session.connection(), refund_id)
