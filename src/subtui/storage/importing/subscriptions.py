"""Writes subscriptions as Keap has them, with what Keap leaves to be derived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from subtui.domain.billing import Cycle, bill_date, next_bill_date
from subtui.domain.folding import fold
from subtui.domain.keap.records import Record
from subtui.domain.subscriptions import Status
from subtui.storage.importing.catalogue import Catalogue, rhythm
from subtui.storage.importing.ledger import Ledger, row_of
from subtui.storage.importing.upsert import Outcome, Row, Upsert, packed, stored

_COLUMNS = (
    *("contact_id", "plan_id", "quantity", "price_minor", "currency", "cycle", "frequency", "start_date", "anchor"),
    *("status", "auto_charge", "credit_card_id", "max_attempts", "days_between_attempts", "paid_through"),
    *("next_bill_date", "credits", "end_date", "reason_code", "reason_note", "requested_on", "charging_stops_on"),
    *("recorded_at", "recorded_by", "more", "imported_on", "imported_version"),
)
_NEW = {
    "quantity": 1,
    "max_attempts": 3,
    "days_between_attempts": 2,
    "credits": 0,
    "reason_note": "",
    "more": "{}",
}
_DAYS_OF_A_MONTH = range(28, 32)


@dataclass(frozen=True, slots=True)
class _Bills:
    """When a subscription is billed: derived from what Keap keeps, or as our own export says."""

    anchor: date
    next_bill_date: date | None
    paid_through: date | None


class Subscriptions:
    """Writes subscriptions. One that was changed here since its import is left alone, unless told otherwise."""

    def __init__(self, ledger: Ledger, catalogue: Catalogue) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        self._table = Upsert(ledger.connection, "subscription", _COLUMNS, versioned=True, keep=self._changed_here)
        self._reasons = {fold(reason.label): reason.code for reason in ledger.reasons}
        self._reasons |= {reason.code: reason.code for reason in ledger.reasons}

    def ids(self, keap_ids: Sequence[str]) -> dict[str, int]:
        """Our ids of Keap's."""
        return self._table.ids(keap_ids)

    def write(self, records: Sequence[Record], contacts: Mapping[str, int], cards: Mapping[str, int]) -> list[Outcome]:
        """Write some subscriptions, and say what became of each."""
        rows = [row for record in records if (row := self._row(record, contacts, cards)) is not None]
        outcomes = self._table.put(rows)
        self._ledger.count(outcomes)
        changed = [(outcome.id,) for outcome in outcomes if outcome.kind in ("new", "changed")]
        if changed:
            self._ledger.connection.exec_driver_sql(
                "UPDATE subscription SET imported_version = version WHERE id = ?", changed
            )
        return outcomes

    def _changed_here(self, before: Mapping[str, Any], row: Row) -> bool:
        if self._ledger.overwrite:
            return False
        changes = {name for name, value in row.values.items() if before.get(name) != value} - {"more", "imported_on"}
        return bool(changes) and before["version"] > (before["imported_version"] or 1)

    def _row(self, record: Record, contacts: Mapping[str, int], cards: Mapping[str, int]) -> Row | None:
        ledger, fields = self._ledger, record.fields
        contact = fields.get("contact", "")
        if contact not in contacts:
            ledger.refuse(record, "Contact Id", contact, "is a contact that is not known")
            return None
        start = fields.get("start_date") or fields.get("billed") or fields.get("next_bill_date")
        if start is None:
            ledger.refuse(record, "Start Date", "", "has no start date")
            return None
        keap_id = fields.get("id") or ledger.natural.of(contact, fields.get("plan"), fields.get("product"), start)
        if ledger.is_twice(record, keap_id):
            return None
        self._months_for_days(record)
        plan_id = self._catalogue.plan_of(record)
        plan_price, plan_currency, plan_cycle, plan_frequency = self._catalogue.terms_of(plan_id)
        cycle, frequency = rhythm(record) if "cycle" in fields else (plan_cycle, plan_frequency)
        price = fields.get("price")
        if price is not None and plan_price and price.minor in (plan_price * 100, plan_price // 100):
            ledger.remark(
                record, "Billing Amount", price.format(), "is a hundred times off the plan's price: check the unit"
            )
        ours = "anchor" in fields
        status = fields.get("status", Status.ACTIVE)
        bills = _bills_as_exported(record) if ours else self._bills(record, start, cycle, frequency, status)
        auto_charge = fields.get("auto_charge", status is Status.ACTIVE)
        values = {
            "contact_id": contacts[contact],
            "plan_id": plan_id,
            "price_minor": price.minor if price else plan_price,
            "currency": fields.get("currency") or (price.currency if price else plan_currency),
            "cycle": cycle,
            "frequency": frequency,
            "start_date": stored(start),
            "anchor": stored(bills.anchor),
            "status": status.value,
            "auto_charge": int(auto_charge),
            "next_bill_date": stored(bills.next_bill_date),
            "paid_through": stored(bills.paid_through),
            "end_date": stored(fields.get("end_date")),
            "credit_card_id": self._card(record, cards),
        }
        for name in ("quantity", "max_attempts", "days_between_attempts", "credits"):
            if name in fields:
                values[name] = fields[name]
        if not values.get("quantity", 1):
            values["quantity"] = 1
        self._reason(record, values)
        for name in ("requested_on", "charging_stops_on", "recorded_at", "recorded_by"):
            if name in fields:
                values[name] = stored(fields[name])
        if "first_order" in fields:
            record.more["Originating Order Id"] = fields["first_order"]
        if record.more:
            values["more"] = packed(record.more)
        if not ours:
            values["imported_on"] = ledger.today.isoformat()
        return row_of(record, keap_id, values, **_NEW)

    def _months_for_days(self, record: Record) -> None:
        """REST v2 words the frequency as days in one place: 30 beside a monthly cycle, a month between the dates."""
        cycle, frequency = record.fields.get("cycle", (None, None))[0], record.fields.get("frequency")
        billed, coming = record.fields.get("billed"), record.fields.get("next_bill_date")
        if cycle is not Cycle.MONTH or frequency not in _DAYS_OF_A_MONTH or not billed or not coming:
            return
        if (coming - billed).days in _DAYS_OF_A_MONTH:
            record.fields["frequency"] = 1
            self._ledger.remark(record, "Billing Frequency", frequency, "reads as days: taken as once a month")

    def _bills(self, record: Record, start: date, cycle: str, frequency: int, status: Status) -> _Bills:
        """Next bill = last bill plus a cycle, and what is paid lasts until the day before it."""
        billed, coming = record.fields.get("billed"), record.fields.get("next_bill_date")
        unit = Cycle(cycle)
        after_billed = bill_date(billed, unit, frequency, 1) if billed else None
        if billed and not _on_grid(start, unit, frequency, billed):
            anchor = billed
        else:
            anchor = start
            after_billed = next_bill_date(start, unit, frequency, after=billed) if billed else None
        if coming and not _on_grid(anchor, unit, frequency, coming):
            anchor = coming
        paid_through = after_billed - timedelta(days=1) if after_billed else None
        if status is Status.INACTIVE:
            charged = record.fields.get("auto_charge", False)
            return _Bills(anchor, coming if charged else None, paid_through)
        if coming is None:
            yesterday = self._ledger.today - timedelta(days=1)
            coming = after_billed or next_bill_date(
                anchor, unit, frequency, after=max(yesterday, start - timedelta(days=1))
            )
        return _Bills(anchor, coming, paid_through)

    def _card(self, record: Record, cards: Mapping[str, int]) -> int | None:
        card = record.fields.get("card")
        if card is not None and card not in cards:
            # Keap lists cards in no export: the number is kept, so that it can go back.
            record.more["CC1"] = card
        return cards.get(card) if card is not None else None

    def _reason(self, record: Record, values: dict[str, Any]) -> None:
        """Keap's free text as one of the account's reasons: by code or label, otherwise as a note to `other`."""
        note = record.fields.get("reason", "")
        if "reason_code" in record.fields:
            values |= {"reason_code": record.fields["reason_code"], "reason_note": note}
            return
        code = self._reasons.get(fold(note)) if note else None
        values |= {"reason_code": code or ("other" if note else None), "reason_note": "" if code else note}


def _bills_as_exported(record: Record) -> _Bills:
    fields = record.fields
    return _Bills(fields["anchor"], fields.get("next_bill_date"), fields.get("paid_through"))


def _on_grid(anchor: date, cycle: Cycle, frequency: int, day: date) -> bool:
    """Whether a day is one of the bill dates counted from an anchor."""
    return anchor <= day and next_bill_date(anchor, cycle, frequency, after=day - timedelta(days=1)) == day
