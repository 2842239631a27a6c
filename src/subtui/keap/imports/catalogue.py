"""Writes products and their plans; makes those that are only referred to."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update

from subtui.domain.billing import Cycle, cycle_words
from subtui.keap.imports.context import ImportContext, columns_present, row_of
from subtui.keap.imports.upsert import Row, Upsert
from subtui.keap.records import LONGEST_ID, Record
from subtui.storage.tables.core import PLAN, PRODUCT

PLACEHOLDER = "~mentioned"
"""The prefix of the Keap id of a product or plan that was made because another row refers to it."""

_RENAME = (
    update(PRODUCT)
    .where(PRODUCT.c.keap_id == bindparam("keap"), PRODUCT.c.name == bindparam("before"))
    .values(name=bindparam("called"))
)


class Catalogue:
    """Products and plans by their Keap ids."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        product = ("name", "sku", "price_minor", "currency", "active")
        self._products = Upsert(context.connection, PRODUCT, product, alike=("name",))
        plan = ("product_id", "name", "cycle", "frequency", "price_minor", "currency", "active")
        self._plans = Upsert(context.connection, PLAN, plan, alike=("product_id", "name"))
        self._product_ids: dict[str, int] = {}
        self._plan_ids: dict[str, int] = {}
        self._terms: dict[int, tuple[int, str, str, int]] = {}

    def write_products(self, records: Sequence[Record]) -> None:
        """Write some products."""
        rows = []
        for record in records:
            name = record.fields.get("name", "")
            keap_id = record.fields.get("id") or self._context.natural.of(name, record.fields.get("sku", ""))
            if not name:
                self._context.refuse(record, "Product Name", "", "has no name")
                continue
            if self._context.is_twice(record, keap_id):
                continue
            values = columns_present(record, ("name", "sku"))
            values |= self._price(record)
            if "active" in record.fields:
                values["active"] = record.fields["active"]
            new = {"sku": "", "price_minor": 0, "currency": self._context.currency, "active": True}
            rows.append(row_of(record, keap_id, values, **new))
        self._name([row for row in rows if row.derived])
        self._context.count(self._products.put(rows))

    def _name(self, mentioned: Sequence[Row]) -> None:
        """Give products that had their number as name the name in an order."""
        named = {(row.values["name"], row.keap_id) for row in mentioned}
        if named:
            self._context.connection.execute(
                _RENAME,
                [{"called": name, "keap": keap_id, "before": f"Product {keap_id}"} for name, keap_id in sorted(named)],
            )

    def write_plans(self, records: Sequence[Record]) -> None:
        """Write some plans; a missing product is made."""
        products = self.products(record.fields.get("product") for record in records)
        rows = []
        for record in records:
            fields = record.fields
            product = fields.get("product")
            if product is None:
                if "id" not in fields:
                    self._context.refuse(record, "Product Id", "", "has no product")
                    continue
                product = _mentioned(fields["id"])
                products = self.products([product], {product: fields.get("name") or f"Plan {fields['id']}"})
            keap_id = fields.get("id") or self._context.natural.of(product, fields.get("cycle"), fields.get("price"))
            if self._context.is_twice(record, keap_id):
                continue
            values: dict[str, Any] = {"product_id": products[product]} | self._price(record)
            if fields.get("name"):
                values["name"] = fields["name"]
            if "cycle" in fields:
                cycle, frequency = fields["cycle"]
                values |= {"cycle": cycle.value, "frequency": fields.get("frequency") or frequency or 1}
            if "active" in fields:
                values["active"] = fields["active"]
            rows.append(row_of(record, keap_id, values, **self._new_plan(keap_id)))
        self._context.count(self._plans.put(rows))
        self._terms.clear()

    def _price(self, record: Record) -> dict[str, Any]:
        price = record.fields.get("price")
        if price is None:
            return {}
        return {"price_minor": price.minor, "currency": record.fields.get("currency") or price.currency}

    def _new_plan(self, keap_id: str) -> dict[str, Any]:
        return {
            "name": f"Plan {keap_id}",
            "cycle": "month",
            "frequency": 1,
            "price_minor": 0,
            "currency": self._context.currency,
            "active": True,
        }

    def products(self, keap_ids: Iterable[str | None], called: Mapping[str, str] | None = None) -> dict[str, int]:
        """The ids of products; a missing one is made, with the name in `called`, else its number as name."""
        missing = [keap_id for keap_id in dict.fromkeys(keap_ids) if keap_id and keap_id not in self._product_ids]
        if missing:
            self._product_ids.update(self._products.ids(missing))
            new = {"sku": "", "price_minor": 0, "currency": self._context.currency, "active": True}
            rows = [
                Row(keap_id, {"name": (called or {}).get(keap_id) or f"Product {keap_id}"}, new)
                for keap_id in missing
                if keap_id not in self._product_ids
            ]
            self._product_ids.update({made.row.keap_id: made.id for made in self._products.put(rows)})
        return self._product_ids

    def plan_of(self, record: Record) -> int:
        """The plan of a subscription; a missing one is made from the subscription's row."""
        fields = record.fields
        product, name, (cycle, frequency) = fields.get("product"), fields.get("plan_name", ""), _rhythm(record)
        keap_id = fields.get("plan") or _mentioned(product or "", cycle, frequency, *([name] if name else []))
        found = self._plan_ids.get(keap_id) or self._plans.ids([keap_id]).get(keap_id)
        if found is None:
            price = fields.get("price")
            usual = f"Plan {fields['plan']}" if "plan" in fields else f"{cycle_words(Cycle(cycle), frequency)} plan"
            wanted = product or (_mentioned(keap_id) if "plan" in fields else keap_id)
            product_id = self.products([wanted], {} if product else {wanted: name or usual.capitalize()})[wanted]
            values = {
                "product_id": product_id,
                "name": name or self._name_of(product_id),
                "cycle": cycle,
                "frequency": frequency,
                "price_minor": price.minor if price else 0,
                "currency": price.currency if price else self._context.currency,
                "active": True,
            }
            found = self._plans.put([Row(keap_id, values)])[0].id
        self._plan_ids[keap_id] = found
        return found

    def finish(self) -> None:
        """Rename plans that were named after a product's number, once the product's name is known.

        Keap's own plans have no names.
        """
        by_number = "Product " + PRODUCT.c.keap_id
        self._context.connection.execute(
            update(PLAN)
            .values(name=PRODUCT.c.name)
            .where(
                PRODUCT.c.id == PLAN.c.product_id,
                PLAN.c.name.in_((by_number, "Plan " + PLAN.c.keap_id)),
                PLAN.c.name != PRODUCT.c.name,
                PRODUCT.c.name != by_number,
            )
        )

    def _name_of(self, product_id: int) -> str:
        named = select(PRODUCT.c.name).where(PRODUCT.c.id == product_id)
        return str(self._context.connection.execute(named).scalar())

    def terms_of(self, plan_id: int) -> tuple[int, str, str, int]:
        """A plan's price in minor units, its currency, cycle and frequency."""
        found = self._terms.get(plan_id)
        if found is None:
            terms = select(PLAN.c.price_minor, PLAN.c.currency, PLAN.c.cycle, PLAN.c.frequency)
            row = self._context.connection.execute(terms.where(PLAN.c.id == plan_id)).one()
            found = self._terms[plan_id] = (row[0], row[1], row[2], row[3])
        return found


def _mentioned(*parts: object) -> str:
    """The Keap id of a product or plan that is only referred to: readable if short enough, else a hash."""
    keap_id = ":".join((PLACEHOLDER, *(str(part) for part in parts)))
    return keap_id if len(keap_id) <= LONGEST_ID else f"{PLACEHOLDER}:{sha256(keap_id.encode()).hexdigest()[:32]}"


def _rhythm(record: Record) -> tuple[str, int]:
    """The cycle and frequency that a row names; monthly where it names none."""
    cycle, frequency = record.fields.get("cycle", (None, None))
    return (cycle.value if cycle else "month", record.fields.get("frequency") or frequency or 1)
