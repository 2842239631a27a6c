"""The requests that bring a subscription in Keap up to date.

The body of `PATCH /v2/subscriptions/{id}` holds only fields that differ from Keap's and that Keap accepts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from subtui.domain.money import Money, minor_units
from subtui.domain.reasons import Reason
from subtui.domain.subscriptions import Status
from subtui.keap.amounts import amount
from subtui.keap.written import reason_words

_DAYS = ("end_date", "next_bill_date")
_TAKEN = ("status", "auto_charge", *_DAYS, "reason_code", "reason_note", "quantity")


@dataclass(frozen=True, slots=True)
class Patch:
    """The fields to send, in the order of the mask, and notes on changes that the request cannot hold."""

    body: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def mask(self) -> str:
        """The update mask: the fields that the request sets."""
        return ",".join(self.body)


def facts_of(image: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The fields of a subscription in a log image, normalized. Raises ValueError, TypeError."""
    facts = {name: image[name] for name in _TAKEN if name in image}
    if "auto_charge" in facts:
        facts["auto_charge"] = bool(facts["auto_charge"])
    for name in _DAYS:
        if facts.get(name) is not None:
            facts[name] = date.fromisoformat(facts[name])
    if "price" in image:
        facts["price"] = amount(image["price"], currency)
    elif "price_minor" in image:
        # An entry of the log is never changed: those of the first imports hold columns.
        facts["price"] = Money(image["price_minor"], image.get("currency") or currency)
    return facts


class Known:
    """The state of a subscription in Keap, as known from the log."""

    def __init__(self) -> None:
        self._facts: dict[str, Any] = {}

    def changed_here(self, before: Mapping[str, Any]) -> None:
        """Take in a change made here: the first known value of a field, before any change, is Keap's."""
        self._facts = {**before, **self._facts}

    def came_from_keap(self, after: Mapping[str, Any]) -> None:
        """Take in values from an imported Keap file."""
        self._facts |= after

    def patch(self, now: Mapping[str, Any], reasons: Mapping[str, Reason], today: date) -> Patch | None:
        """The patch that brings Keap to the current state; None if it has it already."""
        differs = {name for name, value in self._facts.items() if now[name] != value}
        body: dict[str, Any] = {}
        notes: list[str] = []
        if "status" in differs:
            body["active"] = now["status"] == Status.ACTIVE
        if "auto_charge" in differs:
            body["auto_charge"] = now["auto_charge"]
        if "end_date" in differs:
            end = now["end_date"]
            if end is not None and end < today:
                notes.append(f"The end date {end} is in the past, which Keap does not accept: set it by hand in Keap.")
            else:
                body["end_date"] = end.isoformat() if end else None
        # Keap derives the day, and keeps it on an inactive subscription: only the day of an active one is sent.
        coming = now["next_bill_date"]
        if "next_bill_date" in differs and coming is not None and now["status"] == Status.ACTIVE:
            if coming < today:
                notes.append(f"The next bill date {coming} is in the past, which Keap does not accept.")
            else:
                body["next_bill_date"] = coming.isoformat()
        if differs & {"reason_code", "reason_note"}:
            body["reason_stopped"] = reason_words(now["reason_code"], now["reason_note"], reasons)
        if "quantity" in differs:
            body["quantity"] = now["quantity"]
        if "price" in differs:
            body["billing_amount"] = in_major_units(now["price"])
        return Patch(body, tuple(notes)) if body or notes else None


def in_major_units(money: Money) -> Decimal:
    """An amount as Keap writes it into JSON: 49.00 and not 4900, exactly."""
    return Decimal(money.minor).scaleb(-minor_units(money.currency))
