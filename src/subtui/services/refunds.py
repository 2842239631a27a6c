"""Refunds an order: previews and records the refund, or requests approval where it is above the user's limit.

Each act is one transaction with its log entry and its letter. The amount left is read again inside it, the order's
version is checked, and an intention is recorded once: a key pressed twice never refunds twice.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.orders import PreviewRefund, RecordRefund
from subtui.domain.days import format_day
from subtui.domain.errors import Difference, Invalid, Problem, Refused, Stale
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.ledger import Ledger, RowKind
from subtui.domain.money import Money
from subtui.domain.names import letter_name
from subtui.domain.plain_text import one_line
from subtui.domain.reasons import find_reason
from subtui.domain.refunds import REFUND_METHODS, RefundKind, RefundPlan, over_lines, plan_refund
from subtui.services import contacts, order_queries
from subtui.services.account_repository import load_account
from subtui.services.ledger import (
    books_of,
    items_of,
    lines_left,
    load_order,
    refund_limit,
    refund_reasons,
)
from subtui.services.letters import keep_letter
from subtui.services.registry import answers, handles
from subtui.services.unit_of_work import Reader, Transaction
from subtui.storage import audit_log
from subtui.storage.ledger import corrected, post_entry
from subtui.storage.tables import Event, Order, Payment, RefundLine, RefundRequest, RefundTask
from subtui.views.orders import PaymentPreview, RefundDraft, RefundResult
from subtui.views.preview import Line
from subtui.views.refund_letters import confirm_refund
from subtui.views.refund_preview import describe_refund, draft_problems, owed_words

Day = Callable[[date], str]


class Planned:
    """A draft planned on the current ledger: the plan, and the amount for each line."""

    def __init__(self, reader: Reader, order: Order, draft: RefundDraft) -> None:
        session = reader.session
        self.books: Ledger = books_of(session, order)
        problems = draft_problems(draft, refund_reasons(session))
        payment = self.books.payment(draft.payment_id)
        if payment is None:
            raise Invalid((Problem("payment", "Choose the payment to refund."), *problems))
        self.payment = payment
        left = lines_left(session, order.id or 0, self.books)
        amount = draft.amount
        if amount is None and draft.order_item_id is not None:
            # “All that is left” with a named line means all of that line, up to what is left of the payment.
            of_line = {line.id: line.left for line in left}.get(draft.order_item_id, 0)
            amount = Money(min(of_line, payment.left.minor), order.currency) if of_line else None
        try:
            self.plan: RefundPlan = plan_refund(
                payment, amount, owed_after=draft.owed_after, today=reader.today, kind=draft.kind, day=reader.day
            )
        except Invalid as error:
            raise Invalid((*error.problems, *problems)) from None
        # An overpayment of the order is refunded first, and falls on no line.
        kept = self.books.paid - self.books.refunded
        beyond = 0 if draft.order_item_id is not None else max((kept - self.books.total).minor, 0)
        on_lines = max(self.plan.amount.minor - beyond, 0)
        try:
            self.shares = over_lines(on_lines, left, line_id=draft.order_item_id)
        except ValueError as error:
            problems.append(Problem("line", str(error)))
            self.shares = {}
        self.problems = tuple(problems)


@answers(PreviewRefund)
def preview(reader: Reader, query: PreviewRefund) -> PaymentPreview:
    """Handle `PreviewRefund`."""
    order = load_order(reader, query.order_id)
    try:
        planned = Planned(reader, order, query.draft)
    except Invalid as error:
        return PaymentPreview((), error.problems)
    limit = _limit(reader, order, planned.plan.amount)
    lines = _lines(reader, order, query.draft, planned, limit)
    return PaymentPreview(lines, planned.problems, planned.plan.amount, limit is not None)


def _limit(reader: Reader, order: Order, amount: Money) -> Money | None:
    """The user's limit, if this amount plus their earlier refunds of the order without approval exceeds it."""
    session, person = reader.session, reader.who
    limit = refund_limit(session, person.role.value, amount.currency)
    if limit is None:
        return None
    # An approved refund is recorded under the approver's name, but does not count against their limit.
    approved = select(col(RefundRequest.refund_id)).where(
        col(RefundRequest.order_id) == order.id, col(RefundRequest.refund_id).is_not(None)
    )
    alone = select(func.coalesce(func.sum(-col(Payment.amount_minor)), 0)).where(
        col(Payment.order_id) == order.id,
        col(Payment.kind).in_((RowKind.REFUND.value, RowKind.VOID.value)),
        col(Payment.recorded_by_id) == person.id,
        col(Payment.id).not_in(corrected(order.id)),
        col(Payment.id).not_in(approved),
    )
    in_all = Money(amount.minor + int(session.execute(alone).scalar_one()), amount.currency)
    return limit if in_all > limit else None


def _lines(reader: Reader, order: Order, draft: RefundDraft, planned: Planned, limit: Money | None) -> tuple[Line, ...]:
    names = {item.id: item.name for item in items_of(reader.session, order.id or 0)}
    shares = [(names[number], Money(share, order.currency)) for number, share in planned.shares.items()]
    return describe_refund(
        planned.plan,
        draft,
        paid_on=planned.payment.paid_on,
        method=planned.payment.method,
        shares=shares,
        subscription=order.subscription_id,
        limit=limit,
        day=reader.day,
    )


# --- recording --------------------------------------------------------------------------------------------------------


@handles(RecordRefund)
def refund(tx: Transaction, act: RecordRefund) -> RefundResult:
    """Handle `RecordRefund`."""
    session = tx.session
    order = load_order(tx, act.order_id)
    _refuse_twice(session, act.draft.intent)
    if order.version != act.version:
        raise _stale(session, order, act.draft, act.seen)
    planned = Planned(tx, order, act.draft)
    if planned.problems:
        raise Invalid(planned.problems)
    limit = _limit(tx, order, planned.plan.amount)
    if limit is not None:
        return _ask(tx, order, act.draft, planned.plan, limit)
    return book(tx, order, act.draft, planned)


def _refuse_twice(session: Session, intent: str) -> None:
    if not intent:
        raise Invalid((Problem("form", "This refund form has expired. Open it again."),))
    done = session.execute(select(Payment).where(col(Payment.intent) == intent)).scalars().first()
    if done is not None:
        raise Refused(
            f"This refund was already recorded by {done.recorded_by or 'another user'}. It was not recorded again."
        )
    asked = session.execute(select(RefundRequest).where(col(RefundRequest.intent) == intent)).scalars().first()
    if asked is not None:
        raise Refused(f"This refund was already requested and is {asked.standing}. It was not requested again.")


def _stale(session: Session, order: Order, draft: RefundDraft, seen: tuple[Money, Money] | None) -> Stale:
    latest = (
        select(Event)
        .where(*audit_log.about(Subject(SubjectType.ORDER, order.id)))
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    event = session.execute(latest).scalars().first()
    books = books_of(session, order)
    payment = books.payment(draft.payment_id)
    differences: tuple[Difference, ...] = ()
    if seen is not None and payment is not None:
        left, owed = seen
        pairs = (
            ("Left to refund", left.format(), payment.left.format()),
            ("Balance", owed_words(owed), owed_words(books.owed)),
        )
        differences = tuple(Difference(label, mine, theirs) for label, mine, theirs in pairs if mine != theirs)
    who = event.actor if event else "Another user"
    return Stale(changed_by=who, version=order.version, differences=differences, what="order")


def bump(tx: Transaction, order: Order) -> None:
    """Raise the order's version by one. Raises Refused when another transaction has done so at the same moment."""
    changed = "This order was changed at the same moment. Nothing was saved. Open it again."
    tx.store(Order, order.id or 0, order.version, {}, changed=changed)


def book(
    tx: Transaction,
    order: Order,
    draft: RefundDraft,
    planned: Planned,
    *,
    event: EventType = EventType.REFUND,
    asked_by: str = "",
) -> RefundResult:
    session, plan = tx.session, planned.plan
    bump(tx, order)
    refund_id = _post_refund(tx, order, draft, plan)
    for item_id, share in planned.shares.items():
        session.add(RefundLine(payment_id=refund_id, order_item_id=item_id, amount_minor=share))
    closed = _close_tasks(tx, order, refund_id)
    event_id, log_hash = tx.log(
        event,
        subject=Subject(SubjectType.ORDER, order.id),
        contact_id=order.contact_id,
        reason=draft.reason_code or "",
        before={"balance": plan.owed_before.format(), "left": (plan.left_after + plan.amount).format()},
        after={
            "balance": plan.owed_after.format(),
            "left": plan.left_after.format(),
            "refund": plan.amount.format(),
            "refund_id": refund_id,
            "payment_id": plan.payment_id,
            "how": plan.kind.value,
            "credit": plan.credit.format(),
            "reference": one_line(draft.reference).strip(),
            "note": draft.note.strip(),
            **({"asked_by": asked_by} if asked_by else {}),
            **({"to_do_done": closed} if closed else {}),
        },
    )
    letter_id = _write_letter(tx, order, draft, planned, event_id, log_hash)
    session.expire_all()
    record = order_queries.record(tx, order.id or 0)
    how = "Recorded, to be paid back manually" if plan.kind is RefundKind.MANUAL else "Recorded, not sent"
    sentence = f"{how}: {plan.amount.format()} back to {record.contact}; {owed_words(plan.owed_after)}."
    return RefundResult(record, sentence, event_id, letter_id)


def post(tx: Transaction, **row: Any) -> int:
    """Write a ledger row as recorded now by the user who acts; returns its id."""
    recorded = {"recorded_at": tx.now, "recorded_by": tx.name, "recorded_by_id": tx.actor_id, "paid_on": tx.today}
    return post_entry(tx.session.connection(), **recorded | row)


def _post_refund(tx: Transaction, order: Order, draft: RefundDraft, plan: RefundPlan) -> int:
    """Write the refund and the credit that goes with it; returns the id of the refund."""
    refund_id = post(
        tx,
        order_id=order.id,
        returns_payment_id=plan.payment_id,
        kind=(RowKind.VOID if plan.kind is RefundKind.VOID else RowKind.REFUND).value,
        method=REFUND_METHODS[plan.kind],
        amount_minor=-plan.amount.minor,
        gateway_reference=one_line(draft.reference).strip(),
        note=draft.note.strip(),
        reason_code=draft.reason_code or "",
        intent=draft.intent,
    )
    if plan.credit.minor:
        post_credit(tx, order, plan, refund_id)
    return refund_id


def post_credit(tx: Transaction, order: Order, plan: RefundPlan, refund_id: int) -> int:
    """Write the credit that goes with a refund; returns its id."""
    return post(
        tx,
        order_id=order.id,
        refund_id=refund_id,
        kind=RowKind.CREDIT.value,
        method="Credit",
        amount_minor=plan.credit.minor,
        note=f"Credit with the refund; balance: {owed_words(plan.owed_after)}",
    )


def _close_tasks(tx: Transaction, order: Order, refund_id: int) -> int:
    """Close the refunds promised with the cancellation of the order's subscription; returns how many."""
    if order.subscription_id is None:
        return 0
    waiting = select(RefundTask).where(
        col(RefundTask.subscription_id) == order.subscription_id, col(RefundTask.done_at).is_(None)
    )
    tasks = list(tx.session.execute(waiting).scalars())
    for task in tasks:
        task.done_at, task.done_by, task.refund_id = tx.now, tx.name, refund_id
    return len(tasks)


def _write_letter(
    tx: Transaction, order: Order, draft: RefundDraft, planned: Planned, event_id: int, log_hash: str
) -> int:
    contact = contacts.load_contact(tx.session, order.contact_id)
    account = load_account(tx.session)
    wording = confirm_refund(
        account=account.name,
        customer=letter_name(contact.first_name, contact.last_name, contact.company),
        order_id=order.id or 0,
        title=order.title,
        plan=planned.plan,
        paid_on=planned.payment.paid_on,
        reason=find_reason(draft.reason_code or "", refund_reasons(tx.session)).label,
        reference=one_line(draft.reference).strip(),
        written_on=tx.today,
        by=tx.name,
        log_hash=log_hash,
        day=format_day,
    )
    return keep_letter(tx, wording, event_id, log_hash, contact_id=order.contact_id, order_id=order.id)


# --- approval ---------------------------------------------------------------------------------------------------------


def _ask(tx: Transaction, order: Order, draft: RefundDraft, plan: RefundPlan, limit: Money) -> RefundResult:
    row = RefundRequest(
        order_id=order.id or 0,
        payment_id=plan.payment_id,
        order_version=order.version,
        kind=plan.kind.value,
        amount_minor=plan.amount.minor,
        currency=plan.amount.currency,
        owed_after_minor=plan.owed_after.minor,
        order_item_id=draft.order_item_id,
        reason_code=draft.reason_code or "",
        note=draft.note.strip(),
        gateway_reference=one_line(draft.reference).strip(),
        intent=draft.intent,
        standing=order_queries.WAITING,
        requested_by_id=tx.person.id if tx.person else None,
        requested_by=tx.name,
        requested_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    event_id, _ = tx.log(
        EventType.ASK_APPROVAL,
        subject=Subject(SubjectType.ORDER, order.id),
        contact_id=order.contact_id,
        reason=row.reason_code,
        before={},
        after={"refund": plan.amount.format(), "payment_id": plan.payment_id, "order_version": order.version},
    )
    with_others = "" if plan.amount > limit else " (with your earlier refunds of this order)"
    sentence = (
        f"{plan.amount.format()}{with_others} is above {limit.format()}, so another user has to approve it. "
        "Nothing has been refunded yet."
    )
    return RefundResult(order_queries.record(tx, order.id or 0), sentence, event_id, waiting=True)
