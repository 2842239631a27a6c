"""Determines the currency of an imported amount: the one it names, or that of its order; they may not disagree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, not_, or_, select

from subtui.domain.money import Money
from subtui.keap.ids import REST_OF_ORDER, WHOLE_ORDER
from subtui.keap.imports.context import ImportContext
from subtui.keap.records import Record, Unnamed
from subtui.storage.batches import batched
from subtui.storage.ledger import is_made
from subtui.storage.tables.core import ORDER, ORDER_ITEM, PAYMENT

_NAMED = select(
    ORDER.c.keap_id,
    ORDER.c.currency,
    ORDER.c.total_minor,
    or_(
        select(PAYMENT.c.id).where(PAYMENT.c.order_id == ORDER.c.id).exists(),
        select(ORDER_ITEM.c.id)
        .where(ORDER_ITEM.c.order_id == ORDER.c.id, not_(is_made(WHOLE_ORDER)), not_(is_made(REST_OF_ORDER)))
        .exists(),
    ),
).where(ORDER.c.keap_id.in_(bindparam("part", expanding=True)))
_TOTALS = select(ORDER.c.id, ORDER.c.total_minor, ORDER.c.currency).where(
    ORDER.c.id.in_(bindparam("part", expanding=True))
)


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """A stored order, with the facts that restrict the currency of imported amounts."""

    currency: str
    total_minor: int
    has_amounts: bool  # payments, or lines of its own

    def may_become(self, currency: str, total: Money | None) -> bool:
        """Whether a file may change the order to this currency: its amounts would not be converted."""
        return currency == self.currency or not (self.has_amounts or (total is None and self.total_minor))


def orders_named(connection: Connection, keap_ids: Iterable[str]) -> Mapping[str, StoredOrder]:
    """The stored orders with these Keap ids."""
    found: dict[str, StoredOrder] = {}
    for part in batched(keap_ids):
        for keap_id, currency, minor, has_amounts in connection.execute(_NAMED, {"part": part}):
            found[keap_id] = StoredOrder(currency, minor, has_amounts)
    return found


def totals_of(context: ImportContext, order_ids: Iterable[int]) -> dict[int, Money]:
    """The totals of orders, with their currencies."""
    found: dict[int, Money] = {}
    for part in batched(order_ids):
        for number, minor, currency in context.connection.execute(_TOTALS, {"part": part}):
            found[number] = Money(minor, currency)
    return found


def read_in(context: ImportContext, record: Record, field: str, currency: str) -> bool:
    """Read an amount without a currency in this one; refuses the row and returns False if that fails."""
    amount = record.fields.get(field)
    if not isinstance(amount, Unnamed):
        return True
    try:
        read = amount.read(currency)
    except ValueError as error:
        context.refuse(record, amount.column, amount.value, str(error))
        return False
    record.fields[field] = read
    return True


def amount_of_order(
    context: ImportContext, record: Record, column: str, amount: Money | Unnamed, total: Money
) -> Money | None:
    """An amount in its order's currency; None, with the row refused, if it names another or cannot be read in it."""
    if isinstance(amount, Unnamed):
        try:
            read = amount.read(total.currency)
        except ValueError as error:
            context.refuse(record, amount.column, amount.value, str(error))
            return None
        if total.currency != context.currency:
            context.note("Amounts without a currency were imported in the currency of their order.")
        return read
    if amount.currency == total.currency:
        return amount
    context.refuse(record, column, amount.format(), f"is not in the currency of its order, {total.currency}")
    return None
