"""Writes subscriptions with Keap's values, and derives the values that Keap's files lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from subtui.domain.billing import Cycle, next_bill_date
from subtui.domain.fields import FieldType
from subtui.domain.subscription_fields import SUBSCRIPTION_FIELDS
from subtui.domain.subscriptions import Pause, Status
from subtui.keap.imports.catalogue import Catalogue
from subtui.keap.imports.context import ImportContext
from subtui.keap.imports.currencies import read_in
from subtui.keap.imports.upsert import Outcome, Row, Upsert
from subtui.keap.records import LARGEST_AMOUNT, Record
from subtui.keap.stop_reasons import StopReasons
from subtui.storage.batches import batched
from subtui.storage.tables import Subscription
from subtui.storage.tables.core import SUBSCRIPTION

_COLUMNS = (*(known.column for known in SUBSCRIPTION_FIELDS if known.column), "more", "imported_version")
_NEW: dict[str, Any] = {
    name: known.default
    for name, known in Subscription.model_fields.items()
    if name in _COLUMNS and isinstance(known.default, str | int)
} | {"more": {}}
"""The values of a new subscription that the file does not have: those of the table."""
_MOST_FREQUENT = 366
"""The largest frequency of a cycle."""

_SAID_BY_VALUE = {
    "price_minor": ("price",),
    "currency": ("price", "currency"),
    "cycle": ("cycle",),
    "frequency": ("cycle", "frequency"),
    "start_date": ("start_date",),
    "status": ("status",),
    "auto_charge": ("auto_charge",),
    "anchor": ("anchor", "start_date", "billed", "next_bill_date"),
}
"""The fields of which one must have a value for a column to be written."""

_SAID_BY_COLUMN = {
    "end_date": ("end_date",),
    "credit_card_id": ("card",),
    "reason_code": ("reason", "reason_code", "reason_note"),
    "reason_note": ("reason", "reason_code", "reason_note"),
    "paid_through": ("billed", "paid_through"),
    "next_bill_date": ("next_bill_date", "billed", "status"),
}
"""The fields of which one must be present, even empty, for a column to be written."""

_READ_APART = ("frequency", "currency", "reason_code", "reason_note", "recorded_by")
_PLAIN = tuple(
    known.name
    for known in SUBSCRIPTION_FIELDS
    if known.column == known.name and known.type in (FieldType.NUMBER, FieldType.TEXT) and known.name not in _READ_APART
)
"""The fields whose values are stored as they are read."""

_ALWAYS_SAID = ("contact_id", *_PLAIN, "imported_on", "more")
_ENDING = ("requested_on", "charging_stops_on", "recorded_at", "recorded_by")
_PAUSE = tuple(known.name for known in fields(Pause))
_DAYS_OF_A_MONTH = 28


_PART: Any = bindparam("part", expanding=True)
_IMPORTED = update(SUBSCRIPTION).where(SUBSCRIPTION.c.id.in_(_PART)).values(imported_version=SUBSCRIPTION.c.version)
_KNOWN = select(
    *(SUBSCRIPTION.c[name] for name in ("keap_id", "price_minor", "currency", "cycle", "frequency", "status", "anchor"))
).where(SUBSCRIPTION.c.keap_id.in_(_PART))


@dataclass(frozen=True, slots=True)
class _Known:
    """The stored values of a subscription, or of the plan of a new one: the defaults for fields missing from a row."""

    price_minor: int
    currency: str
    cycle: str
    frequency: int
    status: str = Status.ACTIVE
    anchor: date | None = None


@dataclass(frozen=True, slots=True)
class _Bills:
    """The bill dates of a subscription: derived from Keap's values, or read from our own export."""

    anchor: date
    next_bill_date: date | None
    paid_through: date | None


class Subscriptions:
    """Writes subscriptions. One that was changed here since its import is kept, unless `overwrite` is set."""

    def __init__(self, context: ImportContext, catalogue: Catalogue) -> None:
        self._context = context
        self._catalogue = catalogue
        self._table = Upsert(
            context.connection,
            SUBSCRIPTION,
            _COLUMNS,
            versioned=True,
            keep=self._changed_here,
            amend=self._amend,
            alike=("contact_id", "plan_id", "start_date"),
            stamps=("imported_on",),
        )
        self._reasons = StopReasons(context.reasons)

    def ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's."""
        return self._table.ids(keap_ids)

    def write(self, records: Sequence[Record], contacts: Mapping[str, int], cards: Mapping[str, int]) -> list[Outcome]:
        """Write some subscriptions; returns the outcome of each."""
        known = self._known([record.fields["id"] for record in records if "id" in record.fields])
        rows = [row for record in records if (row := self._row(record, contacts, cards, known)) is not None]
        outcomes = self._table.put(rows)
        self._context.count(outcomes)
        written = [
            outcome for outcome in outcomes if outcome.kind in ("new", "changed") and not self._is_pending(outcome)
        ]
        for part in batched(outcome.id for outcome in written):
            self._context.connection.execute(_IMPORTED, {"part": part})
        return outcomes

    def _is_pending(self, outcome: Outcome) -> bool:
        merge = self._context.merge
        return merge is not None and merge.is_pending(outcome.row.keap_id)

    def _changed_here(self, before: Mapping[str, Any], row: Row) -> bool:
        if self._context.overwrite or self._context.merge is not None:
            return False
        changes = {name for name, value in row.values.items() if before.get(name) != value} - {"more", "imported_on"}
        return bool(changes) and before["version"] > (before["imported_version"] or 1)

    def _known(self, keap_ids: Sequence[str]) -> dict[str, _Known]:
        found: dict[str, _Known] = {}
        for part in batched(keap_ids):
            for row in self._context.connection.execute(_KNOWN, {"part": part}):
                found[row[0]] = _Known(*row[1:])
        return found

    def _row(
        self,
        record: Record,
        contacts: Mapping[str, int],
        cards: Mapping[str, int],
        stored_rows: Mapping[str, _Known],
    ) -> Row | None:
        context, fields = self._context, _as_exported(record)
        contact = fields.get("contact", "")
        known = stored_rows.get(fields.get("id", ""))
        start = fields.get("start_date") or fields.get("billed") or fields.get("next_bill_date")
        if contact not in contacts:
            context.refuse(record, "Contact Id", contact, "is not a known contact")
            return None
        if start is None and known is None:
            context.refuse(record, "Start Date", "", "has no start date")
            return None
        if not (self._is_rhythm(record) and self._is_amount(record, known)):
            return None
        keap_id = fields.get("id") or context.natural.of(contact, fields.get("plan"), fields.get("product"), start)
        if context.is_twice(record, keap_id):
            return None
        values: dict[str, Any] = {"contact_id": contacts[contact]}
        if known is None or "plan" in fields:
            values["plan_id"] = self._catalogue.plan_of(record)
            plan = _Known(*self._catalogue.terms_of(values["plan_id"]))
            self._doubt_unit(record, plan)
            known = known or plan
        if not self._is_one_currency(record, known):
            return None
        values |= self._terms(record, known) | {"credit_card_id": self._card(record, cards)}
        if start is not None:
            values |= self._dates(record, start, values, known)
        elif values["status"] == Status.INACTIVE:
            values["next_bill_date"] = None
        values |= self._reason(record)
        values |= {name: fields.get(name, _NEW.get(name)) for name in (*_ENDING, *_PAUSE) if name in record.present}
        if "anchor" not in fields:
            values["imported_on"] = context.today
        elif "imported_on" in fields:
            values["imported_on"] = fields["imported_on"]
        if "first_order" in fields:
            record.more["Originating Order Id"] = fields["first_order"]
        if record.more:
            values["more"] = record.more
        said = _said(record)
        said_values = {name: value for name, value in values.items() if name in said}
        usual = _NEW | values
        return Row(keap_id, said_values, usual, source=record, derived=record.derived, headers=record.headers)

    @staticmethod
    def _terms(record: Record, known: _Known) -> dict[str, Any]:
        """The price and billing cycle; fields missing from the row keep their known values."""
        fields = record.fields
        cycle, implied = fields.get("cycle", (Cycle(known.cycle), None))
        frequency = fields.get("frequency") or implied or (known.frequency if cycle.value == known.cycle else 1)
        price, status = fields.get("price"), fields.get("status", Status(known.status))
        values = {
            "price_minor": price.minor if price else known.price_minor,
            "currency": fields.get("currency") or (price.currency if price else known.currency),
            "cycle": cycle.value,
            "frequency": frequency,
            "status": status.value,
            "auto_charge": bool(fields.get("auto_charge", status is Status.ACTIVE)),
            "end_date": fields.get("end_date"),
        }
        values |= {name: fields[name] for name in _PLAIN if name in fields}
        if not values.get("quantity", 1):
            values["quantity"] = 1
        return values

    def _dates(self, record: Record, start: date, terms: Mapping[str, Any], known: _Known) -> dict[str, Any]:
        """The start date and the bill dates."""
        if "anchor" in record.fields:
            bills = _bills_as_exported(record)
        else:
            # The file has only the start and the last bill, so it cannot show that the anchor was moved earlier.
            anchors = [known.anchor, start] if known.anchor else [start]
            bills = self._bills(record, anchors, Cycle(terms["cycle"]), terms["frequency"], Status(terms["status"]))
        return {
            "start_date": start,
            "anchor": bills.anchor,
            "next_bill_date": bills.next_bill_date,
            "paid_through": bills.paid_through,
        }

    def _amend(self, before: Mapping[str, Any], row: Row) -> None:
        """Keep the stored values of a known subscription that a row does not have."""
        values, fields, present = row.values, row.source.fields, row.source.present
        if self._context.merge is not None:
            self._context.merge.settle(before, row)
        if "anchor" in fields:
            return
        status = values.get("status", before["status"])
        if "anchor" in values:
            cycle, frequency = values.get("cycle", before["cycle"]), values.get("frequency", before["frequency"])
            anchor = before["anchor"]
            days = [fields[name] for name in ("billed", "next_bill_date") if name in fields]
            if days and all(_on_grid(anchor, Cycle(cycle), frequency, day) for day in days):
                del values["anchor"]
        if present.isdisjoint(("billed", "next_bill_date")) and status == Status.ACTIVE and before["next_bill_date"]:
            values.pop("next_bill_date", None)
        if present.isdisjoint(("billed", "paid_through")) and "next_bill_date" in fields and before["paid_through"]:
            # A file with only the next bill date implies the end of the last bill's period.
            unpaid_from = before["paid_through"] + timedelta(days=1)
            values["paid_through"] = _paid_through(unpaid_from, fields["next_bill_date"])
        if status == Status.ACTIVE and not values.get("end_date", before["end_date"]):
            # Clear an ending that was recorded here.
            values |= dict.fromkeys(_ENDING)

    def _is_rhythm(self, record: Record) -> bool:
        """Whether the frequency is valid; refuses the row if not.

        REST v2 gives it in days in one place: 30 with a monthly cycle, although the dates are a month apart.
        """
        fields = record.fields
        frequency = fields.get("frequency")
        if frequency is None:
            return True
        billed, coming = fields.get("billed"), fields.get("next_bill_date")
        if fields.get("cycle", (None, None))[0] is Cycle.MONTH and frequency >= _DAYS_OF_A_MONTH and billed and coming:
            months = (coming.year - billed.year) * 12 + coming.month - billed.month
            if months > 0 and abs((coming - billed).days - frequency) <= 3:
                fields["frequency"] = months
                taken = "once a month" if months == 1 else f"every {months} months"
                self._context.remark(record, "Billing Frequency", frequency, f"counts days: imported as {taken}")
                return True
        if frequency > _MOST_FREQUENT:
            self._context.refuse(record, "Frequency", frequency, f"is more than {_MOST_FREQUENT}")
            return False
        if not frequency:
            self._context.remark(record, "Frequency", frequency, "is not a frequency: imported as 1")
            fields["frequency"] = 1
        return True

    def _is_one_currency(self, record: Record, known: _Known) -> bool:
        """Whether the currency of a row is that of its price, if the price comes from another source."""
        named = record.fields.get("currency", known.currency)
        if "price" in record.fields or not known.price_minor or named == known.currency:
            return True
        reason = f"has no price, and the known price is in {known.currency}"
        self._context.refuse(record, "Currency", named, reason)
        return False

    def _is_amount(self, record: Record, known: _Known | None) -> bool:
        """Whether price times quantity is in the range of an amount; refuses the row if not."""
        if not read_in(self._context, record, "price", known.currency if known else self._context.currency):
            return False
        price, quantity = record.fields.get("price"), record.fields.get("quantity", 1)
        if price is None or abs(price.minor * quantity) <= LARGEST_AMOUNT:
            return True
        self._context.refuse(record, "Qty", quantity, "makes the amount too large")
        return False

    def _doubt_unit(self, record: Record, plan: _Known) -> None:
        """Remark on a billing amount that may be in minor units: REST v2 does not say, the plan's price shows it."""
        price = record.fields.get("price")
        if price is None or not price.minor or not plan.price_minor:
            return
        if price.minor == plan.price_minor * 100 or price.minor * 100 == plan.price_minor:
            self._context.remark(
                record,
                "Billing Amount",
                price.format(),
                "was imported, but is off the plan's price by a factor of 100: is it in cents?",
            )

    def _bills(self, record: Record, anchors: Sequence[date], unit: Cycle, frequency: int, status: Status) -> _Bills:
        """The next bill is the last bill plus a cycle; the paid period lasts until the day before it.

        `anchors` are the possible anchors of the bill dates, the start last. A bill on none of their dates is its own.
        """
        billed, coming = record.fields.get("billed"), record.fields.get("next_bill_date")
        start = anchors[-1]
        anchor, after_billed = start, None
        if billed:
            anchor = next((day for day in anchors if _on_grid(day, unit, frequency, billed)), billed)
            after_billed = next_bill_date(anchor, unit, frequency, after=billed)
        if coming and not _on_grid(anchor, unit, frequency, coming):
            anchor = coming
        paid_through = _paid_through(after_billed, coming)
        if status is Status.INACTIVE:
            charged = record.fields.get("auto_charge", False)
            return _Bills(anchor, coming if charged else None, paid_through)
        if coming is None:
            yesterday = self._context.today - timedelta(days=1)
            coming = after_billed or next_bill_date(
                anchor, unit, frequency, after=max(yesterday, start - timedelta(days=1))
            )
        return _Bills(anchor, coming, paid_through)

    def _card(self, record: Record, cards: Mapping[str, int]) -> int | None:
        card = record.fields.get("card")
        if card is not None and card not in cards:
            # Keap lists cards in no export: the number is kept for a later export.
            record.more["CC1"] = card
        return cards.get(card) if card is not None else None

    def _reason(self, record: Record) -> dict[str, Any]:
        """Keap's free text as one of the account's reasons, by code or label; otherwise as a note to `other`."""
        fields, note = record.fields, record.fields.get("reason", "")
        if "reason_note" in record.present:
            # Our own export has reason and note in separate columns, beside Keap's single text.
            return {"reason_code": fields.get("reason_code"), "reason_note": fields.get("reason_note", "")}
        if "reason_code" in fields:
            return {"reason_code": fields["reason_code"], "reason_note": note}
        code, said = self._reasons.read(note)
        return {"reason_code": code, "reason_note": said}


def _as_exported(record: Record) -> dict[str, Any]:
    """The fields of a row. One that was paused when it was exported is written as Keap can hold it: as Inactive."""
    if "charged_after_pause" in record.fields:
        record.fields |= {"status": Status.ACTIVE, "auto_charge": record.fields["charged_after_pause"]}
    return record.fields


def _said(record: Record) -> set[str]:
    """The columns for which a row has values. For the others a new subscription gets defaults."""
    fields, present = record.fields, record.present
    said = {*_ALWAYS_SAID, *_ENDING, *(_PAUSE if "paused_from" in present else ())}
    said |= {name for name, needed in _SAID_BY_VALUE.items() if not fields.keys().isdisjoint(needed)}
    said |= {name for name, needed in _SAID_BY_COLUMN.items() if not present.isdisjoint(needed)}
    if "plan" in fields:
        said.add("plan_id")
    return said


def _paid_through(after_billed: date | None, coming: date | None) -> date | None:
    """The day before the next bill, or before the regular bill date after the last bill where that is later.

    An agent may have postponed the next bill: the customer is not charged for those days. Or moved it forward: the
    customer keeps the days that the last bill paid for.
    """
    if after_billed is None:
        return None
    return max(after_billed, coming or after_billed) - timedelta(days=1)


def _bills_as_exported(record: Record) -> _Bills:
    fields = record.fields
    return _Bills(fields["anchor"], fields.get("next_bill_date"), fields.get("paid_through"))


def _on_grid(anchor: date, cycle: Cycle, frequency: int, day: date) -> bool:
    """Whether a day is a bill date of an anchor."""
    return anchor <= day and next_bill_date(anchor, cycle, frequency, after=day - timedelta(days=1)) == day
