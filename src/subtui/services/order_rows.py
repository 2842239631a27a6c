"""The list rows of orders: the total, the amounts paid and refunded, the balance."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.domain.ledger import Ledger
from subtui.domain.money import Money
from subtui.domain.refunds import PaymentState
from subtui.services.ledger import books_by_order
from subtui.storage.tables import Order
from subtui.storage.tables.sales import OWED
from subtui.views.customers import OrderRow


def order_rows(session: Session, orders: Sequence[Order], today: date) -> tuple[OrderRow, ...]:
    """The rows for `orders`, in their order."""
    books = books_by_order(session, orders)
    return tuple(_order_row(order, books[order.id or 0], today) for order in orders)


def _order_row(order: Order, books: Ledger, today: date) -> OrderRow:
    return OrderRow(
        id=order.id or 0,
        ordered_on=order.ordered_on,
        title=order.title,
        total=books.total,
        paid=books.paid,
        refunded=books.refunded,
        due=books.owed,
        failed=any(row.state is PaymentState.FAILED for row in books.rows),
        subscription_id=order.subscription_id,
        why_not_refund=books.why_not_refund(today) or "",
    )


def balances(session: Session, contact_id: int) -> tuple[Money, ...]:
    """The amount due on a contact's orders, one amount for each currency, none where nothing is due."""
    owed = (
        select(col(Order.currency), func.sum(OWED))
        .where(col(Order.contact_id) == contact_id)
        .group_by(col(Order.currency))
        .order_by(col(Order.currency))
    )
    return tuple(Money(int(minor), currency) for currency, minor in session.execute(owed) if minor)
