"""Handlers that create tickets: an account cancellation, its completion for a caller, a call, a question.

Each act is one transaction with its log entry. The permission is checked here, by the role stored at that moment.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from subtui.acts.tickets import AskQuestion, CompleteCall, FileCall, PreviewCancellation, RequestCancellation
from subtui.domain.account import AccountPlan, Assessment, Reassessed, assess_account
from subtui.domain.contact_details import written_phone
from subtui.domain.days import format_day
from subtui.domain.errors import Invalid, Problem, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.notice import answer_due
from subtui.domain.people import Person
from subtui.domain.reasons import find_reason
from subtui.domain.requests import (
    CancellationDraft,
    ContactDetails,
    Direction,
    Kind,
    Preferred,
    Standing,
    call_problems,
    find_problems,
    question_problems,
    ticket_number,
)
from subtui.services import tickets
from subtui.services.account import assessed, calendar_of, invoices_of, require_plan
from subtui.services.account_repository import load_account, lock_account, reasons_of
from subtui.services.letters import keep_letter
from subtui.services.registry import answers, handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage.tables import Account, CancellationRequest, Correspondence
from subtui.views.account import RequestPreview, TicketResult
from subtui.views.account_letters import Asked, confirm_request
from subtui.views.account_words import amounts_words, describe, statements

Day = Callable[[date], str]


@answers(PreviewCancellation)
def preview(reader: Reader, query: PreviewCancellation) -> RequestPreview:
    """Handle `PreviewCancellation`."""
    account, today = load_account(reader.session), reader.today
    plan = require_plan(account)
    problems = _problems(account, query.draft, reader)
    asked_on = query.draft.requested_on or today
    if any(problem.field == "requested_on" for problem in problems):
        asked_on = today
    found = assess_account(plan, asked_on, invoices=invoices_of(reader.session), holidays=calendar_of(account))
    lines = describe(plan, found, today=today, day=reader.day)
    return RequestPreview(found, lines, statements(plan, found, day=reader.day), problems)


def _problems(account: Account, draft: CancellationDraft, reader: Reader) -> tuple[Problem, ...]:
    return find_problems(
        draft,
        reasons=reasons_of(account),
        today=reader.today,
        began_on=account.created_on,
        country=account.country,
        day=reader.day,
    )


# --- ending the account -----------------------------------------------------------------------------------------------


@handles(RequestCancellation)
def request_cancellation(tx: Transaction, act: RequestCancellation) -> TicketResult:
    """Handle `RequestCancellation`."""
    actor = tx.who
    lock_account(tx)  # one cancellation stands at a time
    standing = tickets.standing_cancellation(tx.session)
    if standing is not None:
        return _existing(tx, standing)
    row = _blank(tx, actor, Kind.CANCELLATION, subject="Cancel the account")
    return _record(tx, row, act.draft, act.expected, event=EventType.REQUEST_CANCELLATION, before={})


@handles(CompleteCall)
def complete_call(tx: Transaction, act: CompleteCall) -> TicketResult:
    """Handle `CompleteCall`."""
    actor = tx.who
    row = current(tx, act.request_id, act.version)
    lock_account(tx)
    why = tickets.why_not_complete_it(tx.session, row, actor)
    if why:
        raise Refused(why)
    # A caller's request counts from the day of the call, not from the day an agent completes it.
    draft = replace(act.draft, requested_on=act.draft.requested_on or row.requested_on)
    before = {"kind": row.kind, "requested_by": row.requested_by, "ends_on": None}
    row.kind, row.completed_by, row.completed_at = Kind.CANCELLATION.value, actor.name, tx.now
    row.version += 1
    return _record(tx, row, draft, act.expected, event=EventType.COMPLETE_CALL, before=before)


def _record(
    tx: Transaction,
    row: CancellationRequest,
    draft: CancellationDraft,
    expected: Assessment | None,
    *,
    event: EventType,
    before: dict[str, Any],
) -> TicketResult:
    account = load_account(tx.session)
    plan = require_plan(account)
    problems = _problems(account, draft, tx)
    if problems:
        raise Invalid(problems)
    found = assessed(tx.session, account, draft.requested_on or tx.today)
    if expected is not None and found != expected:
        raise Reassessed(found)
    terms = statements(plan, found, day=format_day)
    _reach(row, draft.reach, account.country)
    row.reason_code, row.requested_on = draft.reason_code, found.received_on
    row.comment = draft.comment.strip() or row.comment
    row.next_invoice, row.last_safe_day, row.in_time = found.next_invoice, found.last_safe_day, found.in_time
    row.last_invoice, row.ends_on = found.last_invoice, found.ends_on
    row.answer_due = found.answer_due
    row.terms, row.acknowledged = _terms(plan, found), list(terms)
    tx.session.add(row)
    tx.session.flush()
    ticket = ticket_number(row.id or 0)
    event_id, log_hash = tx.log(
        event,
        subject=Subject(SubjectType.REQUEST, row.id),
        reason=draft.reason_code or "",
        before=before,
        after={
            "ticket": ticket,
            "kind": row.kind,
            "requested_by": row.requested_by,
            "requested_on": found.received_on.isoformat(),
            "in_time": found.in_time,
            "last_invoice": found.last_invoice.isoformat() if found.last_invoice else None,
            "ends_on": found.ends_on.isoformat(),
            "answer_due": found.answer_due.isoformat(),
            "acknowledged": " ".join(terms),
        },
    )
    _write_letter(tx, row, account, plan, found, terms, event_id, log_hash)
    said = f"{ticket} is recorded. The account ends on {tx.day(found.ends_on)}; an answer is due by "
    return filed(tx, row, f"{said}{tx.day(found.answer_due)}.", event_id)


def _terms(plan: AccountPlan, found: Assessment) -> dict[str, Any]:
    return {
        "plan": plan.name,
        "fee": plan.fee.format(),
        "cycle": plan.cycle.value,
        "frequency": plan.frequency,
        "anchor": plan.anchor.isoformat(),
        "notice_days": plan.notice_days,
        "answer_days": plan.answer_days,
        "minimum_months": plan.minimum_months,
        "invoices": found.invoices,
        "to_pay": found.to_pay.format(),
        "still_open": amounts_words(found.still_open),
        "refund": found.refund.format(),
        "made_since": [invoice.number for invoice in found.made_since],
    }


def _write_letter(
    tx: Transaction,
    row: CancellationRequest,
    account: Account,
    plan: AccountPlan,
    found: Assessment,
    terms: tuple[str, ...],
    event_id: int,
    log_hash: str,
) -> None:
    wording = confirm_request(
        account=account.name,
        asked=Asked(
            ticket=ticket_number(row.id or 0),
            by=row.requested_by,
            role=row.requester_role,
            reason=find_reason(row.reason_code or "", reasons_of(account)).label,
            comment=row.comment,
            email=row.email,
            phone=row.phone,
            preferred="phone" if row.preferred == Preferred.PHONE else "e-mail",
            recorded_on=tx.today,
            recorded_by=tx.who.name,
        ),
        plan=plan,
        found=found,
        acknowledged=terms,
        log_hash=log_hash,
        day=format_day,
    )
    letter_id = keep_letter(tx, wording, event_id, log_hash, request_id=row.id)
    say(tx, row, Direction.OUTGOING, "Confirmation of this request.", wording.subject, letter_id)


# --- other tickets ----------------------------------------------------------------------------------------------------


@handles(FileCall)
def file_call(tx: Transaction, act: FileCall) -> TicketResult:
    """Handle `FileCall`."""
    actor = tx.who
    lock_account(tx)  # one open call of a user at a time
    mine = tickets.open_call(tx.session, actor.id)
    if mine is not None:
        return _existing(tx, mine)
    account = load_account(tx.session)
    problems = call_problems(act.draft, account.country)
    if problems:
        raise Invalid(problems)
    row = _blank(tx, actor, Kind.CALL, subject="Cancel the account, by phone")
    _reach(row, ContactDetails(phone=act.draft.phone, preferred=Preferred.PHONE), account.country)
    row.email, row.comment = actor.email, act.draft.note.strip()
    return _file(tx, row, EventType.FILE_CALL)


@handles(AskQuestion)
def ask_question(tx: Transaction, act: AskQuestion) -> TicketResult:
    """Handle `AskQuestion`."""
    account = load_account(tx.session)
    problems = question_problems(act.draft, account.country)
    if problems:
        raise Invalid(problems)
    row = _blank(tx, tx.who, Kind.QUESTION, subject=act.draft.subject.strip())
    _reach(row, act.draft.reach, account.country)
    row.topic, row.comment = act.draft.topic.value, act.draft.text.strip()
    return _file(tx, row, EventType.ASK_QUESTION)


def _file(tx: Transaction, row: CancellationRequest, event: EventType) -> TicketResult:
    tx.session.add(row)
    tx.session.flush()
    event_id, _ = tx.log(
        event,
        subject=Subject(SubjectType.REQUEST, row.id),
        before={},
        after={
            "ticket": ticket_number(row.id or 0),
            "subject": row.subject,
            "requested_by": row.requested_by,
            "answer_due": row.answer_due.isoformat(),
        },
    )
    sentence = f"{ticket_number(row.id or 0)} is recorded. An answer is due by {tx.day(row.answer_due)}."
    return filed(tx, row, sentence, event_id)


# --- shared -----------------------------------------------------------------------------------------------------------


def _blank(tx: Transaction, actor: Person, kind: Kind, *, subject: str) -> CancellationRequest:
    """A new open ticket of the user, due by the account's terms."""
    account = load_account(tx.session)
    return CancellationRequest(
        kind=kind.value,
        standing=Standing.OPEN.value,
        subject=subject,
        requested_by_id=actor.id,
        requested_by=actor.name,
        requester_role=actor.role.value,
        requester_verified=actor.verified,
        requested_on=tx.today,
        recorded_at=tx.now,
        recorded_by=actor.name,
        answer_due=answer_due(tx.today, account.answer_days, calendar_of(account)),
    )


def _reach(row: CancellationRequest, reach: ContactDetails, country: str) -> None:
    row.email, row.preferred = reach.email.strip(), reach.preferred.value
    row.phone = written_phone(reach.phone, country) if reach.phone.strip() else ""


def current(tx: Transaction, request_id: int, version: int) -> CancellationRequest:
    """The ticket, if it still has the version that the user saw; an update locks it against other users."""
    row = tickets.load_request(tx, request_id)
    if row.version != version:
        raise Refused(f"{ticket_number(request_id)} was changed after you opened it. Nothing was saved: open it again.")
    claimed = (
        update(CancellationRequest)
        .where(col(CancellationRequest.id) == request_id, col(CancellationRequest.version) == version)
        .values(version=version)
        .execution_options(synchronize_session=False)
    )
    if tx.session.execute(claimed).rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(f"{ticket_number(request_id)} was changed at the same time. Nothing was saved: open it again.")
    return row


def say(
    tx: Transaction,
    row: CancellationRequest,
    direction: Direction,
    text: str,
    subject: str = "",
    letter_id: int | None = None,
) -> Correspondence:
    """Add a piece to the thread of a ticket."""
    at: datetime = tx.now
    entry = Correspondence(
        request_id=row.id or 0,
        at=at,
        direction=direction.value,
        author=tx.who.name,
        subject=subject,
        body=text,
        letter_id=letter_id,
    )
    tx.session.add(entry)
    tx.session.flush()
    return entry


def _existing(tx: Transaction, row: CancellationRequest) -> TicketResult:
    found = filed(tx, row, "", None).request
    sentence = f"A request already exists: {found.ticket} ({found.standing.value}). Nothing was added."
    return TicketResult(found, sentence, existing=True)


def filed(tx: Transaction, row: CancellationRequest, sentence: str, event_id: int | None) -> TicketResult:
    """The result of an act: the ticket after it, and the sentence that describes it."""
    tx.session.flush()
    record = tickets.record(tx, row.id or 0)
    return TicketResult(record, sentence, event_id)
