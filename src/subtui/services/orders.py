"""Orders as lists show them: what each comes to, what was paid and returned, what is still due."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from subtui.domain.money import Money
from subtui.domain.views import OrderRow
from subtui.storage.tables import Order, Payment


def order_rows(session: Session, orders: Sequence[Order]) -> tuple[OrderRow, ...]:
    """The rows for `orders`, in their order. Balance = total - payments + refunds - credits."""
    payments: dict[int, list[Payment]] = defaultdict(list)
    wanted = [order.id for order in orders]
    for payment in session.execute(select(Payment).where(col(Payment.order_id).in_(wanted))).scalars():
        payments[payment.order_id].append(payment)
    return tuple(_order_row(order, payments[order.id or 0]) for order in orders)


def _order_row(order: Order, payments: Sequence[Payment]) -> OrderRow:
    approved = [payment for payment in payments if payment.state == "approved"]
    # A void takes its charge back as if it had never been made; only a refund returns money that was there.
    charged = sum(payment.amount_minor for payment in approved if payment.kind in ("charge", "void"))
    returned = -sum(payment.amount_minor for payment in approved if payment.kind == "refund")
    return OrderRow(
        id=order.id or 0,
        ordered_on=order.ordered_on,
        title=order.title,
        total=Money(order.total_minor, order.currency),
        paid=Money(charged, order.currency),
        refunded=Money(returned, order.currency),
        due=Money(order.total_minor - sum(payment.amount_minor for payment in approved), order.currency),
        failed=any(payment.state == "failed" for payment in payments),
        subscription_id=order.subscription_id,
    )


def balances(session: Session, contact_id: int) -> tuple[Money, ...]:
    """What a contact's orders still owe, one amount for each currency, none where nothing is owed."""
    totals = dict(
        session.execute(
            select(col(Order.currency), func.sum(col(Order.total_minor)))
            .where(col(Order.contact_id) == contact_id)
            .group_by(col(Order.currency))
        ).all()
    )
    paid = dict(
        session.execute(
            select(col(Order.currency), func.sum(col(Payment.amount_minor)))
            .join(Payment, col(Payment.order_id) == col(Order.id))
            .where(col(Order.contact_id) == contact_id, col(Payment.state) == "approved")
            .group_by(col(Order.currency))
        ).all()
    )
    owed = [Money(int(total) - int(paid.get(currency, 0)), currency) for currency, total in sorted(totals.items())]
    return tuple(amount for amount in owed if amount.minor)
