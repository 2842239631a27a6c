"""Turns JSON objects into rows: REST answers nest the values that Keap's files spread over columns and files."""

from collections.abc import Iterator, Mapping
from typing import Any

from subtui.keap.columns import kind_of
from subtui.views.imports import Kind

Row = tuple[Kind, dict[str, Any]]

_EMAILS = {"EMAIL1": "Email", "EMAIL2": "Email Address 2", "EMAIL3": "Email Address 3"}
_SUFFIXES = {"BILLING": "", "SHIPPING": " (Shipping)", "OTHER": " (Optional)"}
_ADDRESS = {
    "Street Address 1": ("line1", "street1"),
    "Street Address 2": ("line2", "street2"),
    "City": ("locality", "city"),
    "State": ("region", "state"),
    "Postal Code": ("postal_code", "zip_code"),
    "Zip Four": ("zip_four",),
    "Country": ("country_code", "country"),
}


def rows_of(found: Mapping[str, Any], listed_as: str) -> Iterator[Row]:
    """The rows that an object describes; none when its kind is not recognized."""
    named = found.get("kind")
    if isinstance(named, str) and named in tuple(Kind):
        # A line of our own export.
        yield Kind(named), {name: value for name, value in found.items() if name != "kind"}
        return
    kind = _kind(found, listed_as)
    if kind is Kind.CONTACT:
        yield kind, _contact(found)
    elif kind is Kind.ORDER:
        yield from _order(found)
    elif kind is Kind.PAYMENT:
        yield kind, _payment(found)
    elif kind is Kind.PRODUCT:
        yield from _product(found)
    elif kind is not None:
        yield kind, dict(found)


def _kind(found: Mapping[str, Any], listed_as: str) -> Kind | None:
    if not listed_as:
        if "order_items" in found:
            return Kind.ORDER
        if "given_name" in found or "email_addresses" in found:
            return Kind.CONTACT
    return kind_of(tuple(found), listed_as=listed_as)


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, Mapping) else {}


def _parts(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = found.get(name)
    return [part for part in listed if isinstance(part, Mapping)] if isinstance(listed, list) else []


def _without(found: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in names}


def _contact(found: Mapping[str, Any]) -> dict[str, Any]:
    row = _without(found, "email_addresses", "phone_numbers", "addresses", "company", "custom_fields", "id")
    row["Id"] = found.get("id")
    if "company" in found:
        company = found["company"]
        row["Company Name"] = company.get("company_name") if isinstance(company, Mapping) else company
    for place, entry in enumerate(_parts(found, "email_addresses"), start=1):
        row[_EMAILS.get(str(entry.get("field", f"EMAIL{place}")), f"Email {place}")] = entry.get("email")
    for place, entry in enumerate(_parts(found, "phone_numbers"), start=1):
        number = str(entry.get("field", f"PHONE{place}")).removeprefix("PHONE")
        row[f"Phone {number}"] = entry.get("number")
        if entry.get("extension"):
            row[f"Phone {number} Ext"] = entry["extension"]
        if entry.get("type"):
            row[f"Phone {number} Type"] = entry["type"]
    for entry in _parts(found, "addresses"):
        suffix = _SUFFIXES.get(str(entry.get("field")), f" ({entry.get('field')})")
        for header, names in _ADDRESS.items():
            row[f"{header}{suffix}"] = next((entry[name] for name in names if entry.get(name)), None)
    for entry in _parts(found, "custom_fields"):
        row[f"Custom field {entry.get('id')}"] = entry.get("content")
    if "tag_ids" in row:
        row["Tag Ids"] = row.pop("tag_ids")
    return row


def _order(found: Mapping[str, Any]) -> Iterator[Row]:
    row = _without(found, "contact", "order_items", "id", "title")
    contact = found.get("contact")
    row["Contact Id"] = contact.get("id") if isinstance(contact, Mapping) else found.get("contact_id")
    row["Id"], row["Order Title"] = found.get("id"), found.get("title")
    if "order_date" in row:
        row["Order Date"] = row.pop("order_date")
    items = _parts(found, "order_items")
    subscription = next((item["subscription_id"] for item in items if item.get("subscription_id")), None)
    row["Subscription Id"] = subscription
    yield Kind.ORDER, row
    if isinstance(contact, Mapping) and contact.get("id"):
        yield Kind.CONTACT, {name: contact.get(name) for name in ("id", "email", "given_name", "family_name")}
    for item in items:
        product, plan = _part(item, "product"), _part(item, "subscription_plan")
        yield (
            Kind.ORDER_ITEM,
            {
                "Id": item.get("id"),
                "Order Id": found.get("id"),
                "Product Id": product.get("id"),
                "Item Name": item.get("name") or product.get("name"),
                "Item Description": item.get("description"),
                "Qty": item.get("quantity"),
                "Price Per Unit": item.get("price_per_unit", item.get("price")),
                "Item Type": item.get("item_type", item.get("type")),
            },
        )
        if plan.get("id") and product.get("id"):
            yield Kind.PLAN, _plan(plan, product)
        if product.get("id") and product.get("name"):
            yield Kind.PRODUCT, {"Id": product["id"], "Product Name": product["name"], "Sku": product.get("sku")}


def _plan(plan: Mapping[str, Any], product: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Id": plan["id"],
        "Product Id": product["id"],
        "Plan Name": plan.get("name") or product.get("name"),
        "Cycle": plan.get("cycle_type", plan.get("billing_cycle", plan.get("cycle"))),
        "Frequency": plan.get("frequency", plan.get("billing_frequency")),
        "Plan Price": plan.get("plan_price", plan.get("price")),
        "Active": plan.get("active"),
    }


def _product(found: Mapping[str, Any]) -> Iterator[Row]:
    row = _without(found, "subscription_plans", "name", "product_name", "price", "product_price", "active", "id")
    row["Id"] = found.get("id")
    row["Product Name"] = found.get("name", found.get("product_name"))
    row["Price"] = found.get("price", found.get("product_price"))
    row["Product Status"] = found.get("active", found.get("status"))
    yield Kind.PRODUCT, row
    for plan in _parts(found, "subscription_plans"):
        if plan.get("id"):
            yield Kind.PLAN, _plan(plan, {"id": found.get("id"), "name": row["Product Name"]})


def _payment(found: Mapping[str, Any]) -> dict[str, Any]:
    row = dict(found)
    orders = row.pop("order_ids", None)
    if isinstance(orders, list) and orders:
        # A payment of several orders belongs to none here: then all of them are named, to be refused by.
        row["Order Id"] = orders[0] if len(orders) == 1 else ", ".join(map(str, orders))
    if row.get("payment_id"):
        # An allocation: it has an id of its own, and refunds point at it by that.
        row["Allocation Id"], row["Id"] = row.pop("id", None), row.pop("payment_id")
        row["Refund Allocation Id"] = row.pop("refund_invoice_payment_id", None)
    return row
