"""An order as its screen shows it, and what is half done about refunds."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.orders import GetOrder, GetWaitingRefund, ListPendingRefunds, ListWaitingRefunds
from subtui.domain.billing import local_day
from subtui.domain.endings import Unused, paid_term, unused
from subtui.domain.errors import NotFound
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.ledger import Ledger, LedgerEntry, in_order
from subtui.domain.money import Money
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, why_not
from subtui.domain.refunds import REFUND_METHODS, RefundKind, why_not_returnable
from subtui.domain.subscriptions import Status
from subtui.services import contacts
from subtui.services.audit_snapshots import billing_of
from subtui.services.keap import record_standing
from subtui.services.ledger import books_of, items_of, lines_left, load_order, refund_reasons
from subtui.services.notes import notes_about
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.ledger import corrected
from subtui.storage.tables import (
    Contact,
    Letter,
    Order,
    Payment,
    RefundRequest,
    RefundTask,
    Subscription,
    SubscriptionPlan,
)
from subtui.storage.tables.sales import UNCONFIRMED
from subtui.views.orders import ItemRow, LedgerRow, OrderRecord, PendingRefund, WaitingRefund

Day = Callable[[date], str]

WAITING, DIED = "waiting", "died"


@answers(GetOrder)
def order(reader: Reader, query: GetOrder) -> OrderRecord:
    """Handle `GetOrder`."""
    return record(reader, query.order_id)


def record(reader: Reader, order_id: int) -> OrderRecord:
    """An order with everything its screen shows. Raises NotFound."""
    session, today, day = reader.session, reader.today, reader.day
    order = load_order(reader, order_id)
    books = books_of(session, order)
    contact = contacts.load_contact(session, order.contact_id)
    reasons = refund_reasons(session)
    labels = {reason.code: reason.label for reason in reasons}
    waiting = select(RefundRequest).where(
        col(RefundRequest.order_id) == order_id, col(RefundRequest.standing) == WAITING
    )
    return OrderRecord(
        id=order_id,
        version=order.version,
        contact_id=order.contact_id,
        contact=contacts.name_of(contact),
        title=order.title,
        ordered_on=order.ordered_on,
        subscription_id=order.subscription_id,
        subscription=subscription_words(session, order),
        items=_items(session, order, books),
        rows=tuple(_money_row(row, depth, books, labels, today, day) for row, depth in _with_depth(books)),
        total=books.total,
        paid=books.paid,
        refunded=books.refunded,
        credited=books.credited,
        owed=books.owed,
        waiting=tuple(waiting_row(reader, row, reader.who) for row in session.execute(waiting).scalars()),
        letter_id=session.execute(select(func.max(col(Letter.id))).where(col(Letter.order_id) == order_id)).scalar(),
        reasons=reasons,
        why_not_refund=books.why_not_refund(today, day) or "",
        keap=record_standing.of_record(reader, order_id=order_id),
        unused=_unused(session, order),
        notes=notes_about(session, Subject(SubjectType.ORDER, order_id)),
    )


def _unused(session: Session, order: Order) -> Unused | None:
    """What the end of its subscription leaves unused of the term that an order paid for."""
    row = session.get(Subscription, order.subscription_id) if order.subscription_id is not None else None
    if row is None or row.status != Status.INACTIVE.value or row.end_date is None:
        return None
    billing = billing_of(row)
    term = paid_term(billing)
    paid_here = term is not None and term[0] <= order.ordered_on <= term[1]
    price = Money(min(row.price_minor * row.quantity, order.total_minor), order.currency)
    return unused(billing, price, row.end_date) if paid_here and row.currency == order.currency else None


def subscription_words(session: Session, order: Order) -> str:
    """The subscription of an order, `Monthly plan, 1042`; empty when it has none."""
    if order.subscription_id is None:
        return ""
    subscription = session.get(Subscription, order.subscription_id)
    plan = session.get(SubscriptionPlan, subscription.plan_id) if subscription else None
    return f"{plan.name if plan else 'Subscription'}, {order.subscription_id}"


def _items(session: Session, order: Order, books: Ledger) -> tuple[ItemRow, ...]:
    left = {line.id: line.left for line in lines_left(session, order.id or 0, books)}
    return tuple(
        ItemRow(
            id=item.id or 0,
            name=item.name,
            quantity=item.quantity,
            price=Money(item.price_minor, order.currency),
            amount=Money(item.price_minor * item.quantity, order.currency),
            left=Money(left[item.id or 0], order.currency),
        )
        for item in items_of(session, order.id or 0)
    )


def _with_depth(books: Ledger) -> list[tuple[LedgerEntry, int]]:
    depth: dict[int, int] = {}
    for row in in_order(books.rows):
        parent = row.returns_id or row.refund_id or 0
        depth[row.id] = depth[parent] + 1 if parent in depth else 0
    return [(row, depth[row.id]) for row in in_order(books.rows)]


def _money_row(row: LedgerEntry, depth: int, books: Ledger, labels: dict[str, str], today: date, day: Day) -> LedgerRow:
    payment = books.payment(row.id)
    return LedgerRow(
        id=row.id,
        kind=row.kind,
        depth=depth,
        paid_on=row.paid_on,
        amount=Money(row.amount, books.currency),
        state=row.state,
        method=row.method,
        reference=row.reference,
        reason=labels.get(row.reason_code, row.reason_code),
        note=row.note,
        recorded_by=row.recorded_by,
        left=payment.left if payment else None,
        why_not_return=(why_not_returnable(payment, today, day) or "")
        if payment
        else "This is not a payment. Choose the payment it belongs to.",
        why_not_correct=books.why_not_correct(row.id, today) or "",
        why_not_reference=books.why_not_reference(row.id) or "",
    )


# --- pending refunds --------------------------------------------------------------------------------------------------


def waiting_row(reader: Reader, row: RefundRequest, person: Person) -> WaitingRefund:
    """The list row of a refund that awaits approval."""
    session = reader.session
    order = load_order(reader, row.order_id)
    contact = contacts.load_contact(session, order.contact_id)
    labels = {reason.code: reason.label for reason in refund_reasons(session)}
    return WaitingRefund(
        id=row.id or 0,
        version=row.version,
        order_id=row.order_id,
        contact=contacts.name_of(contact),
        amount=Money(row.amount_minor, row.currency),
        kind=RefundKind(row.kind),
        reason=labels.get(row.reason_code, row.reason_code),
        note=row.note,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        standing=row.standing,
        decided_by=row.decided_by,
        decision_note=row.decision_note,
        why_not_approve=why_not_approve(row, person) or "",
    )


@answers(GetWaitingRefund)
def waiting(reader: Reader, query: GetWaitingRefund) -> WaitingRefund:
    """Handle `GetWaitingRefund`."""
    row = reader.session.get(RefundRequest, query.request_id)
    if row is None:
        raise NotFound(f"There is no refund {query.request_id} awaiting approval.")
    return waiting_row(reader, row, reader.who)


def why_not_approve(row: RefundRequest, person: Person) -> str | None:
    """Why this user cannot approve or decline a waiting refund, or None."""
    if row.standing == DIED:
        return "This refund request has lapsed: its order changed afterwards. Request the refund again."
    if row.standing != WAITING:
        return f"This refund is already {row.standing}."
    if row.requested_by_id == person.id:
        return "You requested this refund yourself, so another user has to approve it."
    return why_not(person.role, Permission.APPROVE_REFUND, verified=person.verified)


@answers(ListPendingRefunds)
def list_pending(reader: Reader, _query: ListPendingRefunds) -> tuple[PendingRefund, ...]:
    """Handle `ListPendingRefunds`."""
    return pending_refunds(reader.session, reader.time_zone)


def pending_refunds(session: Session, time_zone: str) -> tuple[PendingRefund, ...]:
    """Refunds that are promised, await approval or lack a gateway reference, the oldest first."""
    found = [*_noted(session, time_zone), *_waiting(session, time_zone), *_without_reference(session)]
    return tuple(sorted(found, key=lambda entry: entry.since))


@answers(ListWaitingRefunds)
def all_waiting(reader: Reader, _query: ListWaitingRefunds) -> tuple[WaitingRefund, ...]:
    """Handle `ListWaitingRefunds`."""
    waiting = select(RefundRequest).where(col(RefundRequest.standing) == WAITING).order_by(col(RefundRequest.id))
    return tuple(waiting_row(reader, row, reader.who) for row in reader.session.execute(waiting).scalars())


def _name(contact: Contact) -> str:
    return contacts.name_of(contact)


def _noted(session: Session, time_zone: str) -> list[PendingRefund]:
    noted = (
        select(RefundTask, Contact)
        .join(Contact, col(Contact.id) == col(RefundTask.contact_id))
        .join(Subscription, col(Subscription.id) == col(RefundTask.subscription_id))
        .where(
            col(RefundTask.done_at).is_(None),
            # A refund promised with a cancellation is void once that is undone.
            or_(col(Subscription.status) == Status.INACTIVE.value, col(Subscription.end_date).is_not(None)),
        )
    )
    return [
        PendingRefund(
            "to_do",
            "cancelled, refund pending",
            _name(contact),
            local_day(task.noted_at, time_zone),
            _task_route(session, task),
        )
        for task, contact in session.execute(noted)
    ]


def _task_route(session: Session, task: RefundTask) -> str:
    """The route of the subscription's newest order, where the refund is made; of the subscription when it has none."""
    newest = (
        select(col(Order.id))
        .where(col(Order.subscription_id) == task.subscription_id)
        .order_by(col(Order.ordered_on).desc(), col(Order.id).desc())
        .limit(1)
    )
    order_id = session.execute(newest).scalar()
    return f"/orders/{order_id}" if order_id else f"/subscriptions/{task.subscription_id}"


def _waiting(session: Session, time_zone: str) -> list[PendingRefund]:
    waiting = (
        select(RefundRequest, Contact)
        .join(Order, col(Order.id) == col(RefundRequest.order_id))
        .join(Contact, col(Contact.id) == col(Order.contact_id))
        .where(col(RefundRequest.standing) == WAITING)
    )
    return [
        PendingRefund(
            "approval",
            f"awaiting approval, requested by {row.requested_by}",
            _name(contact),
            local_day(row.requested_at, time_zone),
            f"/orders/{row.order_id}",
            Money(row.amount_minor, row.currency),
        )
        for row, contact in session.execute(waiting)
    ]


def _without_reference(session: Session) -> list[PendingRefund]:
    """Gateway refunds recorded here that lack a reference."""
    without = (
        select(Payment, Order, Contact)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .join(Contact, col(Contact.id) == col(Order.contact_id))
        .where(
            UNCONFIRMED,
            col(Payment.method) != REFUND_METHODS[RefundKind.MANUAL],
            col(Payment.id).not_in(corrected()),
        )
    )
    return [
        PendingRefund(
            "reference",
            "recorded, gateway reference missing",
            _name(contact),
            payment.paid_on,
            f"/orders/{order.id}",
            Money(-payment.amount_minor, order.currency),
        )
        for payment, order, contact in session.execute(without)
    ]


def count_pending_refunds(session: Session) -> int:
    """The number of pending refunds."""
    return len(pending_refunds(session, "UTC"))
