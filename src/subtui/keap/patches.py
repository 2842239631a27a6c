"""The requests that bring a subscription in Keap up to date, and what no request can do.

The body of `PATCH /rest/v2/subscriptions/{id}` holds only fields that differ from Keap's and that Keap takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.keap.amounts import amount
from subtui.keap.wire import FIELD_WORDS, body_value, wire_of

_DAYS = ("end_date", "next_bill_date")
_TAKEN = ("status", "auto_charge", *_DAYS, "reason_code", "reason_note", "quantity", "max_attempts", "credit_card_id")


@dataclass(frozen=True, slots=True)
class Patch:
    """The fields to send, in the order of the mask, and notes on changes that the request cannot hold."""

    body: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    @property
    def mask(self) -> tuple[str, ...]:
        """The update mask: the fields that the request sets. Keap takes it as a repeated parameter."""
        return tuple(self.body)


def path_of(keap_id: str) -> str:
    """The path of a subscription, behind the base URL."""
    return f"/rest/v2/subscriptions/{quote(keap_id, safe='')}"


def why_by_hand(name: str, value: Any, today: date, *, null_clears: bool = False) -> str:
    """Why no request can set a field to this value: what to do in Keap instead. Empty where one can.

    `null_clears`: a check of this account has found that a null clears a date.

    No field of Keap's description can be null, and its client drops such values. Of its two dates it says that they
    are not in the past; `today` is the account's local day.
    """
    if name not in _DAYS:
        return ""
    if value is None:
        if null_clears:
            return ""
        return f"Keap's interface has no known way to clear the {FIELD_WORDS[name].lower()}: clear it by hand in Keap."
    if value < today.isoformat():
        what = f"The {FIELD_WORDS[name].lower()} {value} is in the past, which Keap does not accept"
        return f"{what}: set it by hand in Keap."
    return ""


def patch_of(wanted: Mapping[str, Any], today: date) -> Patch | None:
    """The patch that sets these fields, in the form of `wire`; None if there are none."""
    by_hand = {name: why_by_hand(name, value, today) for name, value in wanted.items()}
    body = {name: body_value(name, value) for name, value in wanted.items() if not by_hand[name]}
    notes = tuple(why for why in by_hand.values() if why)
    return Patch(body, notes) if body or notes else None


def facts_of(image: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The fields of a subscription in a log image, normalized. Raises ValueError, TypeError."""
    facts = {name: image[name] for name in _TAKEN if name in image}
    if "auto_charge" in facts:
        facts["auto_charge"] = bool(facts["auto_charge"])
    for name in _DAYS:
        if isinstance(facts.get(name), str):
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

    def differences(self, now: Mapping[str, Any], reasons: Mapping[str, Reason]) -> dict[str, tuple[Any, Any]]:
        """The fields that Keap does not have as they are now: its value and ours, in the form of `wire`."""
        there = wire_of({**now, **self._facts}, reasons)
        here = wire_of(now, reasons)
        # The next bill is compared as it is known, although Keap is told none of an inactive subscription.
        if self._facts.get("next_bill_date", now["next_bill_date"]) == now["next_bill_date"]:
            here.pop("next_bill_date", None)
        return {name: (there.get(name), value) for name, value in here.items() if there.get(name) != value}

    def patch(self, now: Mapping[str, Any], reasons: Mapping[str, Reason], today: date) -> Patch | None:
        """The patch that brings Keap to the current state; None if it has it already."""
        return patch_of({name: here for name, (_, here) in self.differences(now, reasons).items()}, today)
