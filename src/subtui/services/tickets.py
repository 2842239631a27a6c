"""Queries of the cancellation team's tickets: the queue, one ticket with its thread, and the counts."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.tickets import GetTicket, ListTickets
from subtui.domain.errors import NotFound
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, why_not
from subtui.domain.requests import (
    STANDING_CANCELLATIONS,
    Direction,
    Kind,
    Preferred,
    Standing,
    ticket_number,
    why_not_decide,
    why_not_withdraw,
)
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.tables import CancellationRequest, Correspondence, Letter
from subtui.views.account import Entry, RequestRecord, RequestRow
from subtui.views.customers import AnswersDue, Page

Day = Callable[[date], str]

_OPEN = col(CancellationRequest.standing) == Standing.OPEN.value


def load_request(reader: Reader, request_id: int) -> CancellationRequest:
    """The ticket with that id. Raises NotFound."""
    row = reader.load(CancellationRequest, request_id)
    if row is None:
        raise NotFound(f"There is no ticket {ticket_number(request_id)}.")
    return row


def standing_cancellation(session: Session) -> CancellationRequest | None:
    """The account cancellation in force: requested, and neither withdrawn nor refused."""
    standing = select(CancellationRequest).where(
        col(CancellationRequest.kind) == Kind.CANCELLATION.value,
        col(CancellationRequest.standing).in_([one.value for one in STANDING_CANCELLATIONS]),
    )
    return session.execute(standing.order_by(col(CancellationRequest.id))).scalars().first()


def open_call(session: Session, user_id: int) -> CancellationRequest | None:
    """The open call that a user has filed."""
    calls = select(CancellationRequest).where(
        col(CancellationRequest.kind) == Kind.CALL.value,
        _OPEN,
        col(CancellationRequest.requested_by_id) == user_id,
    )
    return session.execute(calls.order_by(col(CancellationRequest.id))).scalars().first()


def row_of(request: CancellationRequest, today: date) -> RequestRow:
    """A ticket as a line of the queue."""
    return RequestRow(
        id=request.id or 0,
        ticket=ticket_number(request.id or 0),
        kind=Kind(request.kind),
        standing=Standing(request.standing),
        subject=request.subject,
        requested_by=request.requested_by,
        requested_on=request.requested_on,
        answer_due=request.answer_due,
        overdue=request.standing == Standing.OPEN and request.answer_due < today,
        ends_on=request.ends_on,
    )


@answers(ListTickets)
def queue(reader: Reader, query: ListTickets) -> Page[RequestRow]:
    """Handle `ListTickets`: open tickets by the day their answer is due, then closed ones, the newest first."""
    session = reader.session
    wanted = select(CancellationRequest)
    if query.only_open:
        wanted = wanted.where(_OPEN)
    total = session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
    ordered = wanted.order_by(
        case((_OPEN, 0), else_=1),
        case((_OPEN, col(CancellationRequest.answer_due)), else_=None),
        case((_OPEN, None), else_=col(CancellationRequest.recorded_at)).desc(),
        col(CancellationRequest.id),
    ).limit(query.limit)
    return Page(tuple(row_of(request, reader.today) for request in session.execute(ordered).scalars()), total)


def filed_by(session: Session, user_id: int, today: date, *, limit: int = 5) -> tuple[RequestRow, ...]:
    """The tickets of one user, the newest first."""
    newest = (
        select(CancellationRequest)
        .where(col(CancellationRequest.requested_by_id) == user_id)
        .order_by(col(CancellationRequest.id).desc())
        .limit(limit)
    )
    return tuple(row_of(request, today) for request in session.execute(newest).scalars())


def answers_due(session: Session, today: date) -> AnswersDue:
    """The number of open tickets that wait for an answer, by due day."""
    counts = session.execute(
        select(
            func.count().filter(col(CancellationRequest.answer_due) < today),
            func.count().filter(col(CancellationRequest.answer_due) == today),
            func.count().filter(col(CancellationRequest.answer_due) > today),
        ).where(_OPEN)
    ).one()
    return AnswersDue(*counts)


def next_open(session: Session, after: CancellationRequest | None) -> int | None:
    """The open ticket due next after this one, starting over at the end; None when no other is open."""
    order = (col(CancellationRequest.answer_due), col(CancellationRequest.id))
    others = select(col(CancellationRequest.answer_due), col(CancellationRequest.id)).where(_OPEN).order_by(*order)
    waiting = [(due, number or 0) for due, number in session.execute(others) if after is None or number != after.id]
    if not waiting:
        return None
    if after is None or after.standing != Standing.OPEN:
        return waiting[0][1]
    later = [entry for entry in waiting if entry > (after.answer_due, after.id)]
    return (later or waiting)[0][1]


@answers(GetTicket)
def ticket(reader: Reader, query: GetTicket) -> RequestRecord:
    """Handle `GetTicket`."""
    return record(reader, query.request_id)


def record(reader: Reader, request_id: int) -> RequestRecord:
    """A ticket with everything its screen shows to a user. Raises NotFound."""
    session, person, today = reader.session, reader.who, reader.today
    row = load_request(reader, request_id)
    kind, standing = Kind(row.kind), Standing(row.standing)
    labels = {reason.code: reason.label for reason in reasons_of(load_account(session))}
    return RequestRecord(
        id=request_id,
        ticket=ticket_number(request_id),
        version=row.version,
        kind=kind,
        standing=standing,
        topic=row.topic,
        subject=row.subject,
        comment=row.comment,
        reason=labels.get(row.reason_code or "", row.reason_code or ""),
        requested_by_id=row.requested_by_id,
        requested_by=row.requested_by,
        role=row.requester_role,
        verified=row.requester_verified,
        requested_on=row.requested_on,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        completed_by=row.completed_by,
        email=row.email,
        phone=row.phone,
        preferred=Preferred(row.preferred),
        answer_due=row.answer_due,
        overdue=standing is Standing.OPEN and row.answer_due < today,
        next_invoice=row.next_invoice,
        last_safe_day=row.last_safe_day,
        in_time=row.in_time,
        last_invoice=row.last_invoice,
        ends_on=row.ends_on,
        plan=str(row.terms.get("plan", "")),
        acknowledged=tuple(row.acknowledged),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        outcome_note=row.outcome_note,
        thread=_thread(session, request_id),
        letter_id=_newest_letter(session, request_id),
        why_not_withdraw=why_not_withdraw_it(row, reader) or "",
        why_not_decide=why_not_decide_it(row, person) or "",
        why_not_complete=why_not_complete_it(session, row, person) or "",
        next_open_id=next_open(session, row),
    )


def _thread(session: Session, request_id: int) -> tuple[Entry, ...]:
    said = select(Correspondence).where(col(Correspondence.request_id) == request_id)
    return tuple(
        Entry(row.id or 0, row.at, Direction(row.direction), row.author, row.subject, row.body, row.letter_id)
        for row in session.execute(said.order_by(col(Correspondence.at), col(Correspondence.id))).scalars()
    )


def _newest_letter(session: Session, request_id: int) -> int | None:
    return session.execute(select(func.max(col(Letter.id))).where(col(Letter.request_id) == request_id)).scalar()


# --- permissions on a ticket ------------------------------------------------------------------------------------------


def noting(row: CancellationRequest, person: Person) -> Permission:
    """The permission to add correspondence: users may add to their own tickets."""
    return Permission.FILE_TICKET if row.requested_by_id == person.id else Permission.ANSWER_TICKET


def _forbidden(person: Person, action: Permission) -> str | None:
    return why_not(person.role, action, verified=person.verified)


def why_not_withdraw_it(row: CancellationRequest, reader: Reader) -> str | None:
    """Why this user cannot withdraw this ticket, or None."""
    over = why_not_withdraw(Standing(row.standing), row.ends_on, today=reader.today, day=reader.day)
    return over or why_not_theirs(row, reader.who)


def why_not_theirs(row: CancellationRequest, person: Person) -> str | None:
    """Why this user may not withdraw this ticket, or None: any verified admin may withdraw the account cancellation."""
    if row.kind == Kind.CANCELLATION:
        return _forbidden(person, Permission.WITHDRAW_ACCOUNT_CANCELLATION)
    if row.requested_by_id != person.id:
        return f"Only {row.requested_by}, who opened this ticket, can withdraw it."
    return None


def why_not_decide_it(row: CancellationRequest, person: Person) -> str | None:
    """Why this user cannot give this ticket an outcome, or None."""
    return why_not_decide(Standing(row.standing)) or _forbidden(person, Permission.ANSWER_TICKET)


def why_not_complete_it(session: Session, row: CancellationRequest, person: Person) -> str | None:
    """Why this user cannot complete the form for the caller, or None."""
    if row.kind != Kind.CALL:
        return "Only a phone call can be completed for the caller."
    standing = standing_cancellation(session)
    if standing is not None:
        return f"The account is already being cancelled: see {ticket_number(standing.id or 0)}."
    return why_not_decide(Standing(row.standing)) or _forbidden(person, Permission.COMPLETE_ACCOUNT_CANCELLATION)
