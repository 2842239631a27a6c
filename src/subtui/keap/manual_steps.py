"""What has to be done by hand in Keap's own screens, step by step: its interface has no call for it.

The screens are those of the documented procedures: contact, tab Orders, the order, and its buttons.
"""

from collections.abc import Mapping
from typing import Any

from subtui.keap.wire import FIELD_WORDS, words_of

_WAYS = {"void": "Void", "refund": "Refund", "manual": "Manual Refund"}
_FIELDS_THERE = {
    "active": "Status",
    "auto_charge": "Auto Charge, in Recharge Information",
    "end_date": "End Date",
    "next_bill_date": "Next Bill Date",
    "reason_stopped": "Reason Stopped",
    "quantity": "Qty",
    "billing_amount": "Price",
    "max_charge_attempts": "Max Charge Attempts, in Recharge Information",
    "payment_method_id": "Credit Card, in Recharge Information",
}


def set_fields(subscription: str, contact: str, wanted: Mapping[str, Any]) -> list[str]:
    """How to set some fields of a subscription to the values of `wire`."""
    return [
        f"In Keap, open {_contact(contact)} and its Orders tab.",
        f"Under Subscriptions, open subscription {subscription}.",
        *(_set(name, value) for name, value in wanted.items()),
        "Save.",
    ]


def _set(name: str, value: Any) -> str:
    there = _FIELDS_THERE.get(name, FIELD_WORDS.get(name, name))
    if value is None:
        return f"Clear {there}."
    if name == "auto_charge":
        value = "Yes" if value else "No"
    return f"Set {there} to {words_of(name, value)}."


def choose_card(subscription: str, contact: str, card: str) -> list[str]:
    """How to choose a card whose id in Keap is not known."""
    return [
        f"In Keap, open {_contact(contact)} and its Orders tab.",
        f"Under Subscriptions, open subscription {subscription}.",
        f"Set {_FIELDS_THERE['payment_method_id']} to {card}, and save.",
    ]


def refund(order: str, contact: str, after: Mapping[str, Any], paid: str, reason: str) -> list[str]:
    """How to record a refund of this log entry's `after` there."""
    steps = [
        *_order(order, contact),
        f"Press Refund Payment and choose the payment{paid}.",
        f"Choose {_WAYS.get(str(after.get('how')), 'Manual Refund')}, amount {after.get('refund')}.",
    ]
    if reason:
        steps.append(f"As the reason, enter: {reason}.")
    steps.append(f"Let the client owe {after.get('balance')} afterwards: Keap credits the rest.")
    return steps


def correct_refund(order: str, contact: str, after: Mapping[str, Any]) -> list[str]:
    """How to take back a refund that was recorded there."""
    return [
        *_order(order, contact),
        "The refund was taken back here: delete or reverse it there too.",
        f"The balance afterwards must be {after.get('balance')}.",
    ]


def add_money(order: str, contact: str, after: Mapping[str, Any]) -> list[str]:
    """How to record a payment, credit or adjustment there."""
    return [
        *_order(order, contact),
        f"Press Add Payment: {after.get('amount')}, as {after.get('kind')}. Do not choose Credit Card (charge now): it"
        " would charge the card.",
        f"The balance afterwards must be {after.get('balance')}.",
    ]


def stop_plan(order: str, contact: str, due: str) -> list[str]:
    """How to keep the payment plan of an order from charging."""
    return [
        *_order(order, contact),
        f"Under Payment Plan, press Edit Payment Plan: it would still charge {due}.",
        "Set Auto Charge to No, and save.",
    ]


def _order(order: str, contact: str) -> list[str]:
    return [f"In Keap, open {_contact(contact)} and its Orders tab.", f"Open order {order}."]


def _contact(contact: str) -> str:
    return f"contact {contact}" if contact else "the contact"
