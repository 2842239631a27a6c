"""The rules of the ledger as SQL, and the one place that writes its rows and keeps the sums of their orders.

What came in and went back on an order stands beside it, so that ten thousand orders open like ten.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from subtui.domain.ledger import RowKind
from subtui.domain.refunds import PaymentState
from subtui.storage.batches import batched
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import ORDER, ORDER_ITEM, PAYMENT, REFUND_LINE
from subtui.storage.tables.sales import IS_CORRECTION

_BLANK = {
    **dict.fromkeys(("returns_payment_id", "refund_id", "intent", "recorded_at", "recorded_by_id", "keap_id")),
    **dict.fromkeys(("method", "gateway_reference", "note", "reason_code", "recorded_by"), ""),
    "state": PaymentState.APPROVED.value,
}


_CORRECTION = PAYMENT.alias("correction")
_RETURNED = PAYMENT.alias("returned")


# --- the rules --------------------------------------------------------------------------------------------------------


def corrected(order_id: Any = None) -> Select[Any]:
    """The ids of the refunds, and their credits, that were taken back: on one order, else on all."""
    returned = _CORRECTION.c.returns_payment_id
    rows = select(returned).where(_CORRECTION.c.kind == IS_CORRECTION, returned.is_not(None))
    # The rows of one order are found by an index; those of all orders by the index of the corrections.
    return rows if order_id is None else rows.where(_CORRECTION.c.order_id == order_id)


def is_made(mark: str, item: FromClause = ORDER_ITEM) -> ColumnElement[bool]:
    """Whether an import has made a line of an order itself: for the whole of it, or for the rest of it."""
    return func.coalesce(item.c.keap_id, "").like(f"{mark}%")


def is_corrected(connection: Connection, refund_id: int) -> bool:
    """Whether a refund was taken back by a correction."""
    return connection.execute(corrected().where(_CORRECTION.c.returns_payment_id == refund_id)).first() is not None


def refunded_of_lines(of_orders: ColumnElement[bool]) -> Select[Any]:
    """The amount refunded of each line of some orders: its id and the sum. Corrected refunds do not count."""
    return (
        select(REFUND_LINE.c.order_item_id, func.sum(REFUND_LINE.c.amount_minor))
        .join(ORDER_ITEM, ORDER_ITEM.c.id == REFUND_LINE.c.order_item_id)
        .join(PAYMENT, PAYMENT.c.id == REFUND_LINE.c.payment_id)
        # A voided payment is charged again: its lines have not been refunded.
        .where(of_orders, PAYMENT.c.kind != RowKind.VOID.value)
        .where(REFUND_LINE.c.payment_id.not_in(corrected(ORDER_ITEM.c.order_id)))
        .group_by(REFUND_LINE.c.order_item_id)
    )


def _sum_of(amount: Any) -> Any:
    """The sum over the ledger rows of an order that count."""
    rows = select(func.coalesce(func.sum(amount), 0)).select_from(
        PAYMENT.outerjoin(_RETURNED, _RETURNED.c.id == PAYMENT.c.returns_payment_id)
    )
    counted = PAYMENT.c.order_id == ORDER.c.id, PAYMENT.c.state == PaymentState.APPROVED.value
    return rows.where(*counted).correlate(ORDER).scalar_subquery()


_GIVEN_BACK = case(  # a void is no refund
    (PAYMENT.c.kind == RowKind.REFUND.value, -PAYMENT.c.amount_minor),
    (
        and_(PAYMENT.c.kind == RowKind.REFUND_CORRECTION.value, _RETURNED.c.kind == RowKind.REFUND.value),
        -PAYMENT.c.amount_minor,
    ),
    else_=0,
)
_RECEIVED, _REFUNDED = _sum_of(PAYMENT.c.amount_minor), _sum_of(_GIVEN_BACK)
_SUMS_OF_SOME = (
    update(ORDER)
    .values(received_minor=_RECEIVED, refunded_minor=_REFUNDED)
    .where(
        ORDER.c.id.in_(bindparam("orders", expanding=True)),
        # A row that is as it was is not written: what reads the same twice has changed nothing.
        or_(ORDER.c.received_minor != _RECEIVED, ORDER.c.refunded_minor != _REFUNDED),
    )
)


# --- the rows ---------------------------------------------------------------------------------------------------------


def post_entry(connection: Connection, **row: Any) -> int:
    """Write one ledger row, and the sums of its order; returns the row's id."""
    written = connection.execute(insert(PAYMENT), _BLANK | row)
    recompute_sums(connection, (row["order_id"],))
    return int(written.inserted_primary_key[0])  # type: ignore[index]


def post_entries(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write ledger rows with their ids, and the sums of their orders."""
    if rows:
        connection.execute(insert(PAYMENT), [_BLANK | row for row in rows])
        dialect_of(connection).ids_follow(connection, PAYMENT)
        recompute_sums(connection, (row["order_id"] for row in rows))


def recompute_sums(connection: Connection, order_ids: Iterable[int]) -> None:
    """Bring the sums of some orders in line with their ledger rows."""
    for part in batched(order_ids):
        connection.execute(_SUMS_OF_SOME, {"orders": part})
