"""Writes orders with their invoices and lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, update

from subtui.keap.ids import WHOLE_ORDER
from subtui.keap.imports.catalogue import Catalogue
from subtui.keap.imports.context import ImportContext, row_of
from subtui.keap.imports.currencies import StoredOrder, amount_of_order, orders_named, read_in, totals_of
from subtui.keap.imports.temporary import WHOLE_ORDER_LINE, make_again
from subtui.keap.imports.upsert import Outcome, Row, Upsert
from subtui.keap.order_words import doubt_of_item_type, doubt_of_order
from subtui.keap.records import LARGEST_AMOUNT, Record
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import ORDER, ORDER_ITEM

_SET_INVOICE = (
    update(ORDER)
    .where(ORDER.c.id == bindparam("number"), ORDER.c.invoice_id.is_distinct_from(bindparam("invoice")))
    .values(invoice_id=bindparam("invoice"))
)


class Orders:
    """Writes orders and their lines, and returns the touched orders."""

    def __init__(self, context: ImportContext, catalogue: Catalogue) -> None:
        self._context = context
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
            context.connection, ORDER, columns, versioned=True, alike=("contact_id", "ordered_on", "title")
        )
        item = ("order_id", "product_id", "name", "quantity", "price_minor")
        self._items = Upsert(context.connection, ORDER_ITEM, item, alike=("order_id", "name"))
        make_again(context.connection, WHOLE_ORDER_LINE)
        whole = dialect_of(context.connection).insert(WHOLE_ORDER_LINE)
        others = {column.name: column for column in whole.excluded if not column.primary_key}
        self._note_whole = whole.on_conflict_do_update(index_elements=("order_id",), set_=others)

    def ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's orders."""
        return self._orders.ids(keap_ids)

    def write(
        self, records: Sequence[Record], contacts: Mapping[str, int], subscriptions: Mapping[str, int]
    ) -> list[Outcome]:
        """Write some orders, and store a line for each total in a temporary table, for orders without lines."""
        named = orders_named(
            self._context.connection, [record.fields["id"] for record in records if "id" in record.fields]
        )
        rows = [row for record in records if (row := self._row(record, contacts, subscriptions, named)) is not None]
        outcomes = self._orders.put(rows)
        self._context.count(outcomes)
        whole = [outcome for outcome in outcomes if "total" in outcome.row.source.fields]
        products = self._catalogue.products(_first_product(outcome.row.source) for outcome in whole)
        lines = []
        for outcome in whole:
            fields = outcome.row.source.fields
            product = _first_product(outcome.row.source)
            name = fields.get("product_names") or fields.get("title") or "Order"
            line = {"order_id": outcome.id, "product_id": products[product] if product else None, "name": name}
            line |= {"price_minor": fields["total"].minor, "keap_id": f"{WHOLE_ORDER}{outcome.row.keap_id}"}
            lines.append(line)
        if lines:
            self._context.connection.execute(self._note_whole, lines)
        return outcomes

    def _row(
        self,
        record: Record,
        contacts: Mapping[str, int],
        subscriptions: Mapping[str, int],
        named: Mapping[str, StoredOrder],
    ) -> Row | None:
        context, fields = self._context, record.fields
        contact, ordered_on = fields.get("contact", ""), fields.get("ordered_on")
        if contact not in contacts:
            context.refuse(record, "Contact Id", contact, "is not a known contact")
            return None
        if ordered_on is None:
            context.refuse(record, "Order Date", "", "has no date")
            return None
        stored_order = named.get(fields.get("id", ""))
        if not read_in(context, record, "total", stored_order.currency if stored_order else context.currency):
            return None
        title, total = fields.get("title") or fields.get("product_names"), fields.get("total")
        currency = fields.get("currency") or (total.currency if total else None)
        if stored_order and currency and not stored_order.may_become(currency, total):
            reason = f"is not the currency of the order here, {stored_order.currency}"
            context.refuse(record, "Currency", currency, reason)
            return None
        keap_id = fields.get("id") or context.natural.of(contact, title, ordered_on, total)
        if context.is_twice(record, keap_id):
            return None
        values: dict[str, Any] = {
            "contact_id": contacts[contact],
            "title": title or f"Order {keap_id.lstrip('~')[:12]}",
            "ordered_on": ordered_on,
        }
        if "subscription" in fields:
            values["subscription_id"] = subscriptions.get(fields["subscription"])
            if values["subscription_id"] is None:
                record.more["Job Recurring Id"] = fields["subscription"]
        if total is not None:
            values["total_minor"] = total.minor
        if currency:
            values["currency"] = currency
        doubt = doubt_of_order(record.more)
        if doubt:
            context.remark(record, *doubt)
        if "invoice" in fields:
            values["invoice_id"] = fields["invoice"]
        if record.more:
            values["more"] = record.more
        return row_of(record, keap_id, values, currency=context.currency, total_minor=0, more={})

    def write_invoices(self, records: Sequence[Record], orders: Mapping[str, int]) -> None:
        """Store the invoice ids of orders: payments refer to the invoice."""
        for record in records:
            order = record.fields.get("order", "")
            if order not in orders or "id" not in record.fields:
                self._context.refuse(record, "Job Id", order, "is not a known order")
                continue
            changed = self._context.connection.execute(
                _SET_INVOICE, {"number": orders[order], "invoice": record.fields["id"]}
            ).rowcount
            counts = self._context.tally.of(record.kind)
            counts.changed, counts.same = counts.changed + changed, counts.same + 1 - changed

    def write_items(self, records: Sequence[Record], orders: Mapping[str, int]) -> set[int]:
        """Write some lines, which replace the line for the whole order; returns the ids of their orders."""
        products = self._catalogue.products(record.fields.get("product") for record in records)
        totals = totals_of(self._context, orders.values())
        rows, touched = [], set()
        for record in records:
            fields = record.fields
            order = fields.get("order", "")
            if order not in orders:
                self._context.refuse(record, "Order Id", order, "is not a known order")
                continue
            price = fields.get("price")
            if price is not None:
                price = amount_of_order(self._context, record, "Price Per Unit", price, totals[orders[order]])
                if price is None:
                    continue
            name = fields.get("name") or fields.get("description") or "Item"
            quantity = fields.get("quantity", 1)
            if price and abs(price.minor * quantity) > LARGEST_AMOUNT:
                self._context.refuse(record, "Qty", quantity, "makes the amount too large")
                continue
            keap_id = fields.get("id") or self._context.natural.of(order, name, fields.get("product"))
            if self._context.is_twice(record, keap_id):
                continue
            product = fields.get("product")
            doubt = doubt_of_item_type(fields.get("item_type", ""))
            if doubt:
                self._context.remark(record, "Item Type", fields["item_type"], doubt)
            values = {
                "order_id": orders[order],
                "product_id": products[product] if product else None,
                "name": name,
                "quantity": quantity,
                "price_minor": price.minor if price else 0,
            }
            touched.add(orders[order])
            rows.append(row_of(record, keap_id, values))
        self._context.count(self._items.put(rows))
        return touched


def _first_product(record: Record) -> str | None:
    listed = record.fields.get("products", ())
    first = listed[0] if len(listed) == 1 else None
    return first if first and first != "0" else None
