"""Reads an order's ledger from the database: its lines, its ledger rows, and the amount refunded of each line."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.domain.errors import NotFound
from subtui.domain.ledger import Ledger, LedgerEntry, RowKind
from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.domain.refunds import LineLeft, PaymentState
from subtui.services.account_repository import load_account
from subtui.services.unit_of_work import Reader
from subtui.storage.ledger import refunded_of_lines
from subtui.storage.tables import Order, OrderItem, Payment
from subtui.storage.tables.core import ORDER_ITEM


def load_order(reader: Reader, order_id: int) -> Order:
    """The order with that id, which an act locks. Raises NotFound."""
    order = reader.load(Order, order_id)
    if order is None:
        raise NotFound(f"There is no order {order_id}.")
    return order


def items_of(session: Session, order_id: int) -> tuple[OrderItem, ...]:
    """The lines of an order, in the order in which they were made."""
    lines = select(OrderItem).where(col(OrderItem.order_id) == order_id).order_by(col(OrderItem.id))
    return tuple(session.execute(lines).scalars())


def books_of(session: Session, order: Order) -> Ledger:
    """The ledger of an order."""
    rows = select(Payment).where(col(Payment.order_id) == order.id).order_by(col(Payment.paid_on), col(Payment.id))
    return Ledger(Money(order.total_minor, order.currency), tuple(_row(row) for row in session.execute(rows).scalars()))


def books_by_order(session: Session, orders: Sequence[Order]) -> dict[int, Ledger]:
    """The ledgers of several orders at once."""
    rows: dict[int, list[LedgerEntry]] = defaultdict(list)
    wanted = [order.id for order in orders]
    for payment in session.execute(select(Payment).where(col(Payment.order_id).in_(wanted))).scalars():
        rows[payment.order_id].append(_row(payment))
    return {
        order.id or 0: Ledger(Money(order.total_minor, order.currency), tuple(rows[order.id or 0])) for order in orders
    }


def _row(payment: Payment) -> LedgerEntry:
    return LedgerEntry(
        id=payment.id or 0,
        kind=RowKind(payment.kind),
        amount=payment.amount_minor,
        paid_on=payment.paid_on,
        state=PaymentState(payment.state),
        method=payment.method,
        reference=payment.gateway_reference,
        note=payment.note,
        reason_code=payment.reason_code,
        returns_id=payment.returns_payment_id,
        refund_id=payment.refund_id,
        recorded_by=payment.recorded_by,
    )


def lines_left(session: Session, order_id: int, books: Ledger) -> tuple[LineLeft, ...]:
    """The amount of each line of an order not yet refunded, in minor units; corrected refunds do not count.

    Once all payments are refunded nothing is left of any line, even where less was paid than the sum of the lines.
    """
    all_returned = books.refunded.minor > 0 and books.left_to_return.is_zero
    returned: dict[int, int] = dict(session.execute(refunded_of_lines(ORDER_ITEM.c.order_id == order_id)).all())
    return tuple(
        LineLeft(
            item.id or 0,
            0 if all_returned else max(item.price_minor * item.quantity - int(returned.get(item.id or 0, 0)), 0),
        )
        for item in items_of(session, order_id)
    )


def refund_reasons(session: Session) -> tuple[Reason, ...]:
    """The account's list of reasons for refunding."""
    return tuple(Reason(**row) for row in load_account(session).refund_reasons)


def refund_limit(session: Session, role: str, currency: str) -> Money | None:
    """The amount above which a refund by this role awaits approval; None: no limit."""
    limit = load_account(session).refund_limits.get(role, {}).get(currency)
    return None if limit is None else Money(limit, currency)
