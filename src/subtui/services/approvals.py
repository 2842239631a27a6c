"""Handlers that approve or decline refunds above the requester's limit; the approver is another user.

An approval is for one amount on one version of the order. If the order has changed since, the request lapses.
"""

from sqlalchemy import select
from sqlmodel import col

from subtui.acts.orders import ApproveRefund, DeclineRefund
from subtui.domain.errors import Invalid, NotFound, Problem, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.money import Money
from subtui.domain.refunds import RefundKind
from subtui.services import order_queries
from subtui.services.ledger import load_order
from subtui.services.refunds import Planned, book
from subtui.services.registry import handles
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables import Order, Payment, RefundRequest
from subtui.views.orders import RefundDraft, RefundResult
from subtui.views.refund_preview import LONGEST_NOTE


def _load_waiting(tx: Transaction, request_id: int, version: int) -> tuple[RefundRequest, Order]:
    asked = tx.session.get(RefundRequest, request_id)
    if asked is None:
        raise NotFound(f"There is no refund {request_id} awaiting approval.")
    order = load_order(tx, asked.order_id)  # before the request, as a refund of the same order does
    row = tx.load(RefundRequest, request_id) or asked
    if row.version != version:
        raise Refused("This refund was changed after you opened it. Nothing was saved. Open it again.")
    if tx.person is not None:
        why = order_queries.why_not_approve(row, tx.person)
        if why:
            raise Refused(why)
    return row, order


@handles(ApproveRefund)
def approve(tx: Transaction, act: ApproveRefund) -> RefundResult:
    """Handle `ApproveRefund`."""
    row, order = _load_waiting(tx, act.request_id, act.version)
    draft = _draft_of(row)
    why = _why_it_died(tx, order, row, draft)
    if why:
        return _drop(tx, order, row, why)
    planned = Planned(tx, order, draft)
    row.standing, row.decided_by, row.decided_at = "approved", tx.name, tx.now
    row.version += 1
    booked = book(tx, order, draft, planned, event=EventType.APPROVE_REFUND, asked_by=row.requested_by)
    paid_back = select(col(Payment.id)).where(col(Payment.intent) == row.intent)
    row.refund_id = tx.session.execute(paid_back).scalar()
    return booked


def _draft_of(row: RefundRequest) -> RefundDraft:
    return RefundDraft(
        payment_id=row.payment_id,
        intent=row.intent,
        amount=Money(row.amount_minor, row.currency),
        kind=RefundKind(row.kind),
        owed_after=Money(row.owed_after_minor, row.currency),
        reason_code=row.reason_code,
        note=row.note,
        reference=row.gateway_reference,
        order_item_id=row.order_item_id,
    )


def _why_it_died(tx: Transaction, order: Order, row: RefundRequest, draft: RefundDraft) -> str | None:
    """Why the request has lapsed: the order has changed, or the refund is not possible any more; None if it has not."""
    if order.version != row.order_version:
        return "the order has changed since the refund was requested"
    try:
        planned = Planned(tx, order, draft)
    except Invalid as error:
        return str(error)
    return planned.problems[0].sentence if planned.problems else None


def _drop(tx: Transaction, order: Order, row: RefundRequest, why: str) -> RefundResult:
    event_id = _decide(tx, order, row, order_queries.DIED, why, EventType.DROP_REFUND)
    sentence = f"Not recorded: {why.rstrip('.')}. Request the refund again."
    return RefundResult(order_queries.record(tx, order.id or 0), sentence, event_id, waiting=True)


def _decide(tx: Transaction, order: Order, row: RefundRequest, standing: str, note: str, event: EventType) -> int:
    row.standing, row.decision_note = standing, note
    row.decided_by, row.decided_at = tx.name, tx.now
    row.version += 1
    event_id, _ = tx.log(
        event,
        subject=Subject(SubjectType.ORDER, order.id),
        contact_id=order.contact_id,
        reason=note,
        before={"standing": order_queries.WAITING},
        after={"standing": standing, "asked_by": row.requested_by},
    )
    return event_id


@handles(DeclineRefund)
def decline(tx: Transaction, act: DeclineRefund) -> RefundResult:
    """Handle `DeclineRefund`."""
    row, order = _load_waiting(tx, act.request_id, act.version)
    if not act.note.strip():
        raise Invalid((Problem("text", "Enter the reason for declining."),))
    if len(act.note) > LONGEST_NOTE:
        raise Invalid((Problem("text", f"At most {LONGEST_NOTE} characters."),))
    event_id = _decide(tx, order, row, "declined", act.note.strip(), EventType.DECLINE_REFUND)
    return RefundResult(order_queries.record(tx, order.id or 0), "Declined. Nothing was refunded.", event_id)
