"""A subscription in the fields of Keap's REST interface, as JSON values that can be compared and sent.

Days are texts, ids are texts, and an amount is a text in major units, `49` or `49.5`: equal values are equal texts.
None stands for what Keap leaves out, has as null, or has as an empty text: its description does not tell these apart.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from subtui.domain.money import Money, minor_units
from subtui.domain.reasons import Reason
from subtui.domain.subscriptions import Status
from subtui.keap.written import reason_words

FIELDS = (
    *("active", "auto_charge", "end_date", "next_bill_date", "reason_stopped"),
    *("quantity", "billing_amount", "max_charge_attempts", "payment_method_id"),
)
"""The fields that a change here can concern, in the order of a request's mask."""

CONTEXT = ("contact_id", "subscription_plan_id", "billing_cycle", "billing_frequency", "last_bill_date")
"""The fields that only Keap changes."""

FIELD_WORDS = {
    "active": "Status",
    "auto_charge": "Auto Charge",
    "end_date": "End date",
    "next_bill_date": "Next bill",
    "reason_stopped": "Reason",
    "quantity": "QTY",
    "billing_amount": "Price",
    "max_charge_attempts": "Attempts",
    "payment_method_id": "Card",
    "contact_id": "Contact",
    "subscription_plan_id": "Plan",
    "billing_cycle": "Cycle",
    "billing_frequency": "Frequency",
    "last_bill_date": "Last bill",
}
"""What a field is called on the screens."""

MODIFIED = "modification_time"
_NUMBERS = ("quantity", "max_charge_attempts", "billing_frequency")

Image = Mapping[str, Any]
"""The values of some of these fields."""


def image_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a subscription that Keap has answered with; those that the answer lacks are None."""
    return {name: _compared(name, found.get(name)) for name in (*FIELDS, *CONTEXT, MODIFIED)}


def _compared(name: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if name == "billing_amount":
        return amount_text(value)
    if name in _NUMBERS and not isinstance(value, int):
        return int(value) if isinstance(value, str | Decimal) and str(value).isdigit() else str(value)
    return value if isinstance(value, int) and name in _NUMBERS else str(value).strip() or None


def amount_text(value: Any) -> str:
    """An amount in major units in the one form that is compared: `49`, `49.5`, never `49.50`."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return format(number.normalize() if number else Decimal(0), "f") if number.is_finite() else str(value)


def in_major_units(money: Money) -> Decimal:
    """An amount as Keap writes it into JSON: 49.00 and not 4900, exactly."""
    return Decimal(money.minor).scaleb(-minor_units(money.currency))


def wire_of(facts: Mapping[str, Any], reasons: Mapping[str, Reason]) -> dict[str, Any]:
    """The facts of a subscription, as `patches.facts_of` reads them, in Keap's fields.

    A field that the facts do not name is left out; so is the next bill of an inactive one: Keap derives it, and
    keeps it on an inactive subscription.
    """
    wire: dict[str, Any] = {}
    if "status" in facts:
        wire["active"] = facts["status"] == Status.ACTIVE
    for name in ("auto_charge", "quantity"):
        if name in facts:
            wire[name] = facts[name]
    if "end_date" in facts:
        wire["end_date"] = _day(facts["end_date"])
    if facts.get("next_bill_date") is not None and facts.get("status") == Status.ACTIVE:
        wire["next_bill_date"] = _day(facts["next_bill_date"])
    if "reason_code" in facts or "reason_note" in facts:
        words = reason_words(facts.get("reason_code"), facts.get("reason_note") or "", reasons)
        wire["reason_stopped"] = words or None
    if "price" in facts:
        wire["billing_amount"] = amount_text(in_major_units(facts["price"]))
    if "max_attempts" in facts:
        wire["max_charge_attempts"] = facts["max_attempts"]
    return {name: wire[name] for name in FIELDS if name in wire}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def body_value(name: str, value: Any) -> Any:
    """The value of a field as a request holds it."""
    if name == "billing_amount" and value is not None:
        return Decimal(value)
    return "" if name == "reason_stopped" and value is None else value


def words_of(name: str, value: Any) -> str:
    """A value for people: `Inactive`, `off`, `2026-03-31`, `none`."""
    if name == "active":
        return {True: "Active", False: "Inactive"}.get(value, "unknown")
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)
