"""Turns what Keap's interface answers into objects that an import reads, kind by kind.

`keap.objects` knows the shapes that its files and its answers share; here is what only the live interface has: names
that stand in other answers, and the ids under which the record knows a card.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from subtui.views.imports import Kind

Object = Mapping[str, Any]

# When Keap changed a row last is no value of the row: stored with it, it would make every reading a change.
_NOT_OF_SUBSCRIPTIONS = frozenset(("payment_method_id", "shipping_address", "modification_time"))
_NOT_OF_PAYMENTS = frozenset(
    (
        *("payment_method", "merchant_account_id", "merchant_account_type", "contact_id"),
        *("commissioned", "synced", "update_time"),
    )
)
_NOT_OF_ORDERS = frozenset(("payment_plan", "files", "shipping_information", "modification_time"))


def tag(found: Object, categories: Mapping[str, str]) -> dict[str, Any]:
    """A tag, with the name of its category."""
    category = found.get("category")
    number = str(category.get("id")) if isinstance(category, Mapping) else ""
    row = {"kind": Kind.TAG.value, "Id": found.get("id"), "Tag Name": found.get("name")}
    return row | ({"Tag Category": categories[number]} if number in categories else {})


def product(found: Object, plan_names: Mapping[str, str]) -> dict[str, Any]:
    """A product, its plans with their names: Keap lists those apart."""
    plans = found.get("subscription_plans")
    if not isinstance(plans, Sequence):
        return dict(found)
    named = [
        {**plan, "name": plan_names[str(plan.get("id"))]} if str(plan.get("id")) in plan_names else plan
        for plan in plans
        if isinstance(plan, Mapping)
    ]
    return {**found, "subscription_plans": named}


def contact(found: Object, owners: Mapping[str, str]) -> dict[str, Any]:
    """A contact, with the name of its owner."""
    owner = owners.get(str(found.get("owner_id")))
    row = {name: value for name, value in found.items() if name != "update_time"}
    return row | ({"Owner": owner} if owner else {})


def card(found: Object) -> dict[str, Any] | None:
    """A payment method as a card; None for one that is none."""
    info = found.get("card_info")
    number = found.get("credit_card_id") or found.get("payment_method_id")
    if not isinstance(info, Mapping) or not number or not found.get("contact_id"):
        return None
    return {
        "kind": Kind.CARD.value,
        "Id": number,
        "Contact Id": found["contact_id"],
        "Card Type": info.get("brand") or info.get("card_type"),
        "Last 4": info.get("last_four"),
        "Expiration Month": info.get("expiration_month"),
        "Expiration Year": info.get("expiration_year"),
        "Status": found.get("status"),
    }


def subscription(found: Object, cards: Mapping[str, str]) -> dict[str, Any]:
    """A subscription, with the id of its card; `cards` are those of the payment methods."""
    method = found.get("payment_method_id")
    row = {name: value for name, value in found.items() if name not in _NOT_OF_SUBSCRIPTIONS}
    if method:
        row["Credit Card Id"] = cards.get(str(method), str(method))
    return row


def order(found: Object, products: Collection[str]) -> dict[str, Any]:
    """An order, without its payment plan, and without what it repeats of its contact, of `products` and of their plans.

    `products` are the ids of those that are known.
    """
    row = {name: value for name, value in found.items() if name not in _NOT_OF_ORDERS}
    contact, items = found.get("contact"), found.get("order_items")
    if isinstance(contact, Mapping):
        row["contact_id"] = contact.get("id")
        del row["contact"]
    if isinstance(items, Sequence):
        row["order_items"] = [_item(item, products) for item in items if isinstance(item, Mapping)]
    return row


def _item(item: Object, products: Collection[str]) -> dict[str, Any]:
    product = item.get("product")
    if not isinstance(product, Mapping) or str(product.get("id")) not in products:
        return dict(item)
    row = {name: value for name, value in item.items() if name != "subscription_plan"}
    return row | {"name": item.get("name") or product.get("name"), "product": {"id": product["id"]}}


def payment(found: Object) -> dict[str, Any]:
    """A payment, without what the record has no place for: its card is that of a payment method."""
    return {name: value for name, value in found.items() if name not in _NOT_OF_PAYMENTS}


def charging_plan(found: Object) -> dict[str, Any] | None:
    """What an order's payment plan would still charge; None where it charges nothing more."""
    plan = found.get("payment_plan")
    if not isinstance(plan, Mapping) or not plan.get("auto_charge") or found.get("status") == "PAID":
        return None
    items = plan.get("payment_plan_items")
    items = [item for item in items if isinstance(item, Mapping)] if isinstance(items, Sequence) else []
    due = [item for item in items if item.get("status") in ("UNPAID_AUTOCHARGE", "FAILED")]
    if items and not due:
        return None
    return {"due": [{"on": item.get("due_date"), "amount": item.get("amount_due")} for item in due]}


def transaction_key(found: Object) -> str:
    """An id for a transaction, which has none of its own in this interface."""
    names = ("payment_id", "transaction_method", "transaction_time", "external_reference_id", "amount")
    return sha256("\x1f".join(str(found.get(name)) for name in names).encode()).hexdigest()[:32]


def instant(value: Any) -> datetime | None:
    """An instant of an answer, in UTC; None where it names no zone or cannot be read."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo is not None else None


def ids_named(objects: Sequence[Object], name: str) -> Iterator[str]:
    """The ids that objects name in a field, in a list of ids, or as the id of a part."""
    for found in objects:
        value = found.get(name)
        if isinstance(value, Mapping):
            value = value.get("id")
        for number in value if isinstance(value, list) else [value]:
            if number not in (None, ""):
                yield str(number)
