"""Writes orders with their invoices, lines and rows of money."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from subtui.domain.books import RowKind
from subtui.domain.folding import fold
from subtui.domain.keap.ids import WHOLE_ORDER
from subtui.domain.keap.records import LARGEST_AMOUNT, Record
from subtui.domain.money import Money, minor_units
from subtui.storage.importing.catalogue import Catalogue
from subtui.storage.importing.ledger import Ledger, columns_present, row_of
from subtui.storage.importing.upsert import Outcome, Row, Upsert, packed
from subtui.storage.sql import chunks, marks, stored

_STATES = {
    "failed": "failed",
    "error": "failed",
    "declined": "failed",
    "pending": "pending",
}
_KINDS = {
    "refund": RowKind.REFUND,
    "void": RowKind.VOID,
    "credit": RowKind.CREDIT,
    "adjustment": RowKind.ADJUSTMENT,
    "write-off": RowKind.ADJUSTMENT,
    "writeoff": RowKind.ADJUSTMENT,
    "chargeback": RowKind.CHARGEBACK,
}


class Orders:
    """Writes orders and their lines, and says which were touched."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        columns = (
            "contact_id",
            "subscription_id",
            "title",
            "ordered_on",
            "currency",
            "total_minor",
            "invoice_id",
            "more",
        )
        self._orders = Upsert(
            ledger.connection, "order", columns, versioned=True, alike=("contact_id", "ordered_on", "title")
        )
        item = ("order_id", "product_id", "name", "quantity", "price_minor")
        self._items = Upsert(ledger.connection, "order_item", item, alike=("order_id", "name"))
        ledger.connection.exec_driver_sql("DROP TABLE IF EXISTS temp.whole_order")
        ledger.connection.exec_driver_sql(
            "CREATE TEMP TABLE whole_order (order_id INTEGER PRIMARY KEY, product_id, name, price_minor, keap_id)"
        )

    def ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's orders."""
        return self._orders.ids(keap_ids)

    def write(
        self, records: Sequence[Record], contacts: Mapping[str, int], subscriptions: Mapping[str, int]
    ) -> list[Outcome]:
        """Write some orders. What one line for the whole of it would be is put aside, for those without lines."""
        rows = [row for record in records if (row := self._row(record, contacts, subscriptions)) is not None]
        outcomes = self._orders.put(rows)
        self._ledger.count(outcomes)
        whole = [outcome for outcome in outcomes if "total" in outcome.row.source.fields]
        products = self._catalogue.products(_first_product(outcome.row.source) for outcome in whole)
        lines = []
        for outcome in whole:
            fields = outcome.row.source.fields
            product = _first_product(outcome.row.source)
            name = fields.get("product_names") or fields.get("title") or "Order"
            keap_id = f"{WHOLE_ORDER}{outcome.row.keap_id}"
            lines.append((outcome.id, products[product] if product else None, name, fields["total"].minor, keap_id))
        if lines:
            self._ledger.connection.exec_driver_sql(
                "INSERT OR REPLACE INTO temp.whole_order VALUES (?, ?, ?, ?, ?)", lines
            )
        return outcomes

    def _row(self, record: Record, contacts: Mapping[str, int], subscriptions: Mapping[str, int]) -> Row | None:
        ledger, fields = self._ledger, record.fields
        contact, ordered_on = fields.get("contact", ""), fields.get("ordered_on")
        if contact not in contacts:
            ledger.refuse(record, "Contact Id", contact, "is a contact that is not known")
            return None
        if ordered_on is None:
            ledger.refuse(record, "Order Date", "", "has no date")
            return None
        title, total = fields.get("title") or fields.get("product_names"), fields.get("total")
        keap_id = fields.get("id") or ledger.natural.of(contact, title, ordered_on, total)
        if ledger.is_twice(record, keap_id):
            return None
        values: dict[str, Any] = {
            "contact_id": contacts[contact],
            "title": title or f"Order {keap_id.lstrip('~')[:12]}",
            "ordered_on": stored(ordered_on),
        }
        if "subscription" in fields:
            values["subscription_id"] = subscriptions.get(fields["subscription"])
            if values["subscription_id"] is None:
                record.more["Job Recurring Id"] = fields["subscription"]
        if total is not None:
            values |= {"total_minor": total.minor, "currency": total.currency}
        if "currency" in fields:
            values["currency"] = fields["currency"]
        if "invoice" in fields:
            values["invoice_id"] = fields["invoice"]
        if record.more:
            values["more"] = packed(record.more)
        return row_of(record, keap_id, values, currency=ledger.currency, total_minor=0, more="{}")

    def write_invoices(self, records: Sequence[Record], orders: Mapping[str, int]) -> None:
        """Say which order an invoice belongs to: payments name the invoice."""
        for record in records:
            order = record.fields.get("order", "")
            if order not in orders or "id" not in record.fields:
                self._ledger.refuse(record, "Job Id", order, "is an order that is not known")
                continue
            changed = self._ledger.connection.exec_driver_sql(
                'UPDATE "order" SET invoice_id = ? WHERE id = ? AND invoice_id IS NOT ?',
                (record.fields["id"], orders[order], record.fields["id"]),
            ).rowcount
            counts = self._ledger.tally.of(record.kind)
            counts.changed, counts.same = counts.changed + changed, counts.same + 1 - changed

    def write_items(self, records: Sequence[Record], orders: Mapping[str, int]) -> set[int]:
        """Write some lines, in place of the one for the whole order; returns the orders they belong to."""
        products = self._catalogue.products(record.fields.get("product") for record in records)
        totals = totals_of(self._ledger, orders.values())
        rows, touched = [], set()
        for record in records:
            fields = record.fields
            order = fields.get("order", "")
            if order not in orders:
                self._ledger.refuse(record, "Order Id", order, "is an order that is not known")
                continue
            price = fields.get("price")
            if price is not None:
                price = _as_its_order(self._ledger, record, "Price Per Unit", price, totals[orders[order]])
                if price is None:
                    continue
            name = fields.get("name") or fields.get("description") or "Item"
            quantity = fields.get("quantity", 1)
            if price and abs(price.minor * quantity) > LARGEST_AMOUNT:
                self._ledger.refuse(record, "Qty", quantity, "makes too large an amount")
                continue
            keap_id = fields.get("id") or self._ledger.natural.of(order, name, fields.get("product"))
            if self._ledger.is_twice(record, keap_id):
                continue
            product = fields.get("product")
            values = {
                "order_id": orders[order],
                "product_id": products[product] if product else None,
                "name": name,
                "quantity": quantity,
                "price_minor": price.minor if price else 0,
            }
            touched.add(orders[order])
            rows.append(row_of(record, keap_id, values))
        self._ledger.count(self._items.put(rows))
        return touched


def totals_of(ledger: Ledger, order_ids: Iterable[int]) -> dict[int, Money]:
    """The totals of orders, with their currencies."""
    found: dict[int, Money] = {}
    for part in chunks(order_ids):
        sql = f'SELECT id, total_minor, currency FROM "order" WHERE id IN ({marks(part)})'
        for number, minor, currency in ledger.connection.exec_driver_sql(sql, tuple(part)):
            found[number] = Money(minor, currency)
    return found


def _as_its_order(ledger: Ledger, record: Record, column: str, amount: Money, total: Money) -> Money | None:
    """An amount in the currency of its order; None, and the row refused, if it is in another.

    What names no currency was read in the account's.
    """
    if amount.currency == total.currency:
        return amount
    shift = minor_units(total.currency) - minor_units(amount.currency)
    if amount.currency != ledger.currency or (shift < 0 and amount.minor % 10**-shift):
        ledger.refuse(
            record, column, amount.format(), f"is in another currency than its order, which is in {total.currency}"
        )
        return None
    ledger.note("Amounts that name no currency were taken to be in the currency of their order.")
    return Money(amount.minor * 10**shift if shift > 0 else amount.minor // 10**-shift, total.currency)


def _first_product(record: Record) -> str | None:
    listed = record.fields.get("products", ())
    first = listed[0] if len(listed) == 1 else None
    return first if first and first != "0" else None


class Payments:
    """Writes rows of money. What returns what is linked once all rows are there."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        columns = (
            *("order_id", "kind", "method", "state", "paid_on", "amount_minor", "gateway_reference", "note"),
            *("reason_code", "recorded_at", "recorded_by"),
        )
        told_apart_by = ("order_id", "kind", "paid_on", "amount_minor")
        self._table = Upsert(ledger.connection, "payment", columns, alike=told_apart_by)
        self.links: list[tuple[str, str]] = []  # Keap id of the row that returns, and of the row it returns
        self.written_with: list[tuple[str, str]] = []  # of a credit, and of the refund it was written with
        self.allocations: dict[str, str] = {}

    def write(self, records: Sequence[Record], by_order: Mapping[str, int], by_invoice: Mapping[str, int]) -> set[int]:
        """Write some rows of money; returns the orders they belong to."""
        rows, touched = [], set()
        totals = totals_of(self._ledger, {*by_order.values(), *by_invoice.values()})
        for record in records:
            row = self._row(record, by_order, by_invoice, totals)
            if row is not None:
                rows.append(row)
                touched.add(row.values["order_id"])
        self._ledger.count(self._table.put(rows))
        return touched

    def _row(
        self, record: Record, by_order: Mapping[str, int], by_invoice: Mapping[str, int], totals: Mapping[int, Money]
    ) -> Row | None:
        ledger, fields = self._ledger, record.fields
        order, invoice, amount = fields.get("order"), fields.get("invoice"), fields.get("amount")
        order_id = by_order.get(order or "") or by_invoice.get(invoice or "")
        if order_id is None:
            column = "Order Id" if order else "Invoice Id"
            ledger.refuse(record, column, order or invoice or "", "is an order that is not known")
            return None
        if amount is None or fields.get("paid_on") is None:
            ledger.refuse(record, "Pay Amt" if amount is None else "Pay Date", "", "is missing")
            return None
        amount = _as_its_order(ledger, record, "Pay Amt", amount, totals[order_id])
        if amount is None:
            return None
        kind = _kind(fields, amount.minor)
        keap_id = fields.get("id") or ledger.natural.of(
            order_id, fields["paid_on"], fields.get("method", ""), amount.minor
        )
        if ledger.is_twice(record, keap_id):
            return None
        minor = -abs(amount.minor) if kind in (RowKind.REFUND, RowKind.VOID, RowKind.CHARGEBACK) else amount.minor
        if "allocation" in fields:
            self.allocations[fields["allocation"]] = keap_id
            self._doubt_unit(record, amount, totals[order_id])
        self._link(fields, keap_id, minor)
        values = columns_present(record, ("method", "note"))
        values |= {
            "order_id": order_id,
            "kind": kind.value,
            "state": _STATES.get(fold(fields.get("state", "")), "approved"),
            "paid_on": stored(fields["paid_on"]),
            "amount_minor": minor,
        }
        for name, column in (
            ("reference", "gateway_reference"),
            ("reason_code", "reason_code"),
            ("recorded_by", "recorded_by"),
        ):
            if name in fields:
                values[column] = fields[name]
        if "recorded_at" in fields:
            values["recorded_at"] = stored(fields["recorded_at"])
        new = dict.fromkeys(("method", "gateway_reference", "note", "reason_code", "recorded_by"), "")
        return row_of(record, keap_id, values, **new)

    def _doubt_unit(self, record: Record, amount: Money, total: Money) -> None:
        """REST v2 does not say whether the amount of an allocation is in major or in minor units."""
        if total.minor and abs(amount.minor) == abs(total.minor) * 100:
            self._ledger.remark(
                record, "Amount", amount.format(), "is taken, though a hundred times the order's total: check the unit"
            )

    def _link(self, fields: Mapping[str, Any], keap_id: str, minor: int) -> None:
        """Keap's own descriptions disagree on which of the two rows names the other: either is taken."""
        if "returns" in fields:
            self.links.append((keap_id, fields["returns"]))
        if "written_with" in fields:
            self.written_with.append((keap_id, fields["written_with"]))
        other = fields.get("refund")
        if other is None and "refund_allocation" in fields:
            other = f"allocation:{fields['refund_allocation']}"
        if other is not None:
            self.links.append((keap_id, other) if minor < 0 else (other, keap_id))


def _kind(fields: Mapping[str, Any], minor: int) -> RowKind:
    named = fields.get("kind", "")
    if named in tuple(RowKind):
        return RowKind(named)
    found = _KINDS.get(fold(fields.get("method", "")), RowKind.CHARGE)
    state = fold(fields.get("state", ""))
    if found is RowKind.CHARGE and (minor < 0 or state == "refunded"):
        return RowKind.VOID if state == "voided" else RowKind.REFUND if minor < 0 else RowKind.CHARGE
    return found
