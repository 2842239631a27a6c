"""How tickets come to be: asking to end the account, completing that for a caller, filing a call, asking a question.

Each act is one transaction with its log entry. Who may is checked here, on the role as it is stored at that moment.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from subtui.domain.account import (
    AccountPlan,
    Assessment,
    Reassessed,
    amounts_words,
    assess_account,
    describe,
    statements,
)
from subtui.domain.account_letters import Asked, confirm_request
from subtui.domain.account_views import RequestPreview, TicketResult
from subtui.domain.contact_details import written_phone
from subtui.domain.days import format_day
from subtui.domain.errors import Invalid, Problem, Refused
from subtui.domain.event_types import EventType
from subtui.domain.notice import answer_due
from subtui.domain.people import Person
from subtui.domain.permissions import Permission
from subtui.domain.reasons import find_reason
from subtui.domain.requests import (
    CallDraft,
    CancellationDraft,
    ContactDetails,
    Direction,
    Kind,
    Preferred,
    QuestionDraft,
    Standing,
    call_problems,
    find_problems,
    question_problems,
    ticket_number,
)
from subtui.services import tickets
from subtui.services.account import assessed, calendar_of, invoices_of, require_plan
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.letters import keep_letter
from subtui.services.unit_of_work import Transaction, UnitOfWork
from subtui.storage.tables import Account, CancellationRequest, Correspondence

Day = Callable[[date], str]


def preview(work: UnitOfWork, draft: CancellationDraft) -> RequestPreview:
    """What saving the form would lead to. Raises Refused where no plan is recorded."""
    with work.read() as session:
        account = load_account(session)
        # The account's day as it is stored now, by which a save will go too.
        plan, today = require_plan(account), work.clock.today(account.time_zone)
        problems = _problems(account, draft, today, work.day)
        asked_on = draft.requested_on or today
        if any(problem.field == "requested_on" for problem in problems):
            asked_on = today
        found = assess_account(plan, asked_on, invoices=invoices_of(session), holidays=calendar_of(account))
        lines = describe(plan, found, today=today, day=work.day)
        return RequestPreview(found, lines, statements(plan, found, day=work.day), problems)


def _problems(account: Account, draft: CancellationDraft, today: date, day: Day) -> tuple[Problem, ...]:
    return find_problems(
        draft,
        reasons=reasons_of(account),
        today=today,
        began_on=account.created_on,
        country=account.country,
        day=day,
    )


# --- ending the account -----------------------------------------------------------------------------------------------


def request_cancellation(
    work: UnitOfWork, person: Person | None, draft: CancellationDraft, *, expected: Assessment | None, route: str
) -> TicketResult:
    """Ask to end the account: the request, its terms as they stand, the letter and the log, in one transaction.

    With a request in force, that one is the answer and nothing is written. Raises NotAllowed, Invalid with the fields,
    and Reassessed when it leads to something else than `expected`, which is what the person was shown.
    """
    with work.transaction(person, Permission.REQUEST_ACCOUNT_CANCELLATION) as tx:
        actor = tx.who
        standing = tickets.standing_cancellation(tx.session)
        if standing is not None:
            return _existing(work, tx, standing)
        row = _blank(tx, actor, Kind.CANCELLATION, subject="Cancel the account")
        return _record(work, tx, row, draft, expected, act=EventType.REQUEST_CANCELLATION, route=route, before={})


def complete_call(
    work: UnitOfWork,
    person: Person | None,
    request_id: int,
    draft: CancellationDraft,
    *,
    version: int,
    expected: Assessment | None,
    route: str,
) -> TicketResult:
    """Complete the cancellation for somebody who phoned: their ticket becomes the request, and the log keeps both.

    Raises as `request_cancellation`, and Refused when the ticket has changed or is not an open call.
    """
    with work.transaction(person, Permission.COMPLETE_ACCOUNT_CANCELLATION) as tx:
        actor = tx.who
        row = current(tx, request_id, version)
        why = tickets.why_not_complete_it(tx.session, row, actor)
        if why:
            raise Refused(why)
        # A caller has asked when they called, whenever somebody finds the time to complete it.
        draft = replace(draft, requested_on=draft.requested_on or row.requested_on)
        before = {"kind": row.kind, "requested_by": row.requested_by, "ends_on": None}
        row.kind, row.completed_by, row.completed_at = Kind.CANCELLATION.value, actor.name, tx.now
        row.version += 1
        return _record(work, tx, row, draft, expected, act=EventType.COMPLETE_CALL, route=route, before=before)


def _record(
    work: UnitOfWork,
    tx: Transaction,
    row: CancellationRequest,
    draft: CancellationDraft,
    expected: Assessment | None,
    *,
    act: EventType,
    route: str,
    before: dict[str, Any],
) -> TicketResult:
    account = load_account(tx.session)
    plan = require_plan(account)
    problems = _problems(account, draft, tx.today, work.day)
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
        act,
        subject=f"request:{row.id}",
        route=route,
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
    said = f"{ticket} is recorded. The account ends on {work.day(found.ends_on)}; an answer is due by "
    return filed(work, tx, row, f"{said}{work.day(found.answer_due)}.", event_id)


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


def file_call(work: UnitOfWork, person: Person | None, draft: CallDraft, *, route: str) -> TicketResult:
    """File a phone call for the cancellation team, who finish it. An open call of one's own is the answer instead.

    Raises NotAllowed, Invalid.
    """
    with work.transaction(person, Permission.FILE_TICKET) as tx:
        actor = tx.who
        mine = tickets.open_call(tx.session, actor.id)
        if mine is not None:
            return _existing(work, tx, mine)
        account = load_account(tx.session)
        problems = call_problems(draft, account.country)
        if problems:
            raise Invalid(problems)
        row = _blank(tx, actor, Kind.CALL, subject="Cancel the account, by phone")
        _reach(row, ContactDetails(phone=draft.phone, preferred=Preferred.PHONE), account.country)
        row.email, row.comment = actor.email, draft.note.strip()
        return _file(work, tx, row, EventType.FILE_CALL, route)


def ask_question(work: UnitOfWork, person: Person | None, draft: QuestionDraft, *, route: str) -> TicketResult:
    """Send the cancellation team a question about a refund or a cancellation. Raises NotAllowed, Invalid."""
    with work.transaction(person, Permission.FILE_TICKET) as tx:
        account = load_account(tx.session)
        problems = question_problems(draft, account.country)
        if problems:
            raise Invalid(problems)
        row = _blank(tx, tx.who, Kind.QUESTION, subject=draft.subject.strip())
        _reach(row, draft.reach, account.country)
        row.topic, row.comment = draft.topic.value, draft.text.strip()
        return _file(work, tx, row, EventType.ASK_QUESTION, route)


def _file(work: UnitOfWork, tx: Transaction, row: CancellationRequest, act: EventType, route: str) -> TicketResult:
    tx.session.add(row)
    tx.session.flush()
    event_id, _ = tx.log(
        act,
        subject=f"request:{row.id}",
        route=route,
        before={},
        after={
            "ticket": ticket_number(row.id or 0),
            "subject": row.subject,
            "requested_by": row.requested_by,
            "answer_due": row.answer_due.isoformat(),
        },
    )
    sentence = f"{ticket_number(row.id or 0)} is recorded. An answer is due by {work.day(row.answer_due)}."
    return filed(work, tx, row, sentence, event_id)


# --- what all of them share -------------------------------------------------------------------------------------------


def _blank(tx: Transaction, actor: Person, kind: Kind, *, subject: str) -> CancellationRequest:
    """A ticket of somebody's, open, and due as the account's terms say."""
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
    """The ticket, if it is still the version somebody has seen; claimed, so that nobody else changes it meanwhile."""
    row = tickets.load_request(tx.session, request_id)
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


def _existing(work: UnitOfWork, tx: Transaction, row: CancellationRequest) -> TicketResult:
    found = filed(work, tx, row, "", None).request
    sentence = f"A request already exists: {found.ticket} ({found.standing.value}). Nothing was added."
    return TicketResult(found, sentence, existing=True)


def filed(
    work: UnitOfWork, tx: Transaction, row: CancellationRequest, sentence: str, event_id: int | None
) -> TicketResult:
    """The ticket as it is now, with the sentence that says what was done."""
    tx.session.flush()
    record = tickets.record(tx.session, row.id or 0, tx.who, tx.today, work.day)
    return TicketResult(record, sentence, event_id)
