"""Every answer of a made account has the fields and the kinds of values that the table of fields says."""

import os
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.keap_mock import Account
from tests.keap_mock.client import Client, Row, at_noon, serve
from tests.keap_mock.fields import EXTRA, FIELDS

LISTS = {
    "contacts": ("/contacts", "contacts"),
    "companies": ("/companies", "companies"),
    "tags": ("/tags", "tags"),
    "tag_categories": ("/tags/categories", "tag_categories"),
    "products": ("/products", "products"),
    "plans": ("/products/-/subscriptions", "subscriptions"),
    "users": ("/users", "users"),
    "subscriptions": ("/subscriptions", "subscriptions"),
    "orders": ("/orders", "orders"),
    "payments": ("/sales/payments", "payments"),
    "transactions": ("/sales/transactions", "transactions"),
    "order_payments": ("/orders/7/payments", "invoice_order_payments"),
    "payment_methods": ("/paymentMethods", "payment_methods"),
    "merchants": ("/merchants", "merchant_accounts"),
}
MODELS = {
    "contacts": "Contact",
    "companies": "Company",
    "tags": "Tag",
    "tag_categories": "TagCategory",
    "products": "RestV2Product_List",
    "plans": "SubscriptionPlan",
    "users": "User",
    "subscriptions": "Subscription",
    "orders": "OrderV2",
    "payments": "Payment",
    "transactions": "TransactionV2",
    "order_payments": "InvoiceOrderPayment",
    "payment_methods": "PaymentMethod",
    "merchants": "ListMerchantAccountResponse",
    "ITEM": "OrderItem",
    "PAYMENT PLAN": "PaymentPlan",
    "PLAN ITEM": "PaymentPlanItem",
    "PRODUCT PLAN": "SubscriptionPlan_List",
    "MONEY": "CurrencyValue",
    "ADDRESS": "Address",
    "EMAIL": "EmailAddress",
    "PHONE": "PhoneNumber",
    "CARD": "CardInfo",
    "PERSON": "BasicContact",
    "CUSTOM": "CustomFieldValue",
}
ALL_FIELDS = ",".join(FIELDS["contacts"] | FIELDS["companies"])
DESCRIPTION = os.environ.get("KEAP_DESCRIPTION", "")
"""The file with the official description. Variables of the program's own are cleared before the tests run."""


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, list[Row]]]:
    account = Account.made(contacts=120, subscriptions=150, orders=420, clock=at_noon)
    with serve(account) as server, Client(server) as client:
        found = {}
        for kind, (path, key) in LISTS.items():
            size = 100 if kind == "users" else 500
            pages = client.pages(path, key, page_size=size, fields=ALL_FIELDS)
            found[kind] = [row for page in pages for row in page]
        yield found


def wrong(kind: str, value: Any, where: str) -> list[str]:
    """What is wrong with a value of a kind; nothing is with null."""
    if value is None or kind == "any":
        return []
    if kind.endswith("[]"):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [each for item in value for each in wrong(kind[:-2], item, where)]
    if kind in FIELDS:
        return wrong_fields(kind, value, where)
    return [] if fits(kind, value) else [f"{where} is no {kind}: {value!r}"]


def wrong_fields(kind: str, row: Any, where: str) -> list[str]:
    if not isinstance(row, dict):
        return [f"{where} is no object"]
    found = [f"{where}.{name} is unknown" for name in row if name not in FIELDS[kind] and name not in EXTRA]
    for name, of_field in FIELDS[kind].items():
        found.extend(wrong(of_field, row.get(name), f"{where}.{name}"))
    return found


def fits(kind: str, value: Any) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case "whole":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "day":
            return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    return isinstance(value, str) and value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None


@pytest.mark.parametrize("kind", LISTS)
def test_rows_have_the_fields_of_the_table(served: dict[str, list[Row]], kind: str) -> None:
    assert served[kind]
    assert [each for row in served[kind] for each in wrong_fields(kind, row, kind)] == []


@pytest.mark.parametrize("kind", ["subscriptions", "orders", "payments", "contacts", "transactions", "payment_methods"])
def test_all_fields_of_the_table_occur(served: dict[str, list[Row]], kind: str) -> None:
    never = {"sent_time", "due_time"}
    assert set(FIELDS[kind]) - {name for row in served[kind] for name in row} <= never


def test_a_client_meets_what_it_does_not_know(served: dict[str, list[Row]]) -> None:
    assert any("lifecycle_stage" in row for row in served["contacts"])
    assert any(row["email_addresses"] == [] for row in served["contacts"])
    assert any(row["reason_stopped"] is None for row in served["subscriptions"] if not row["active"])
    assert any(row["end_date"] and row["active"] is False for row in served["subscriptions"])
    assert {row["source_type"] for row in served["orders"]} >= {"INVOICE", "MOBILE_APP"}
    assert {row["status"] for row in served["transactions"]} >= {"APPROVED", "FAILED", "UNDER_REVIEW"}
    assert any(row["amount"] < 0 for row in served["payments"])


def described_fields(name: str, text: str) -> dict[str, tuple[str, str]]:
    """The properties of a model in the official description: name -> (type, format). Reads just the lines it needs."""
    start = re.search(rf"^(\s+){re.escape(name)}:\s*$", text, re.MULTILINE)
    assert start, f"The description has no model {name}."
    indent = len(start[1])
    found: dict[str, tuple[str, str]] = {}
    current, inside = "", False
    for line in text[start.end() :].splitlines()[1:]:
        depth = len(line) - len(line.lstrip())
        if line.strip() and depth <= indent:
            break
        if depth == indent + 2:
            inside = line.strip() == "properties:"
        elif inside and depth == indent + 4:
            current = line.strip().rstrip(":").strip("'\"")
            found[current] = ("", "")
        elif inside and depth == indent + 6:
            key, _, value = line.strip().partition(": ")
            if key in {"type", "format"}:
                kind, form = found[current]
                found[current] = (value, form) if key == "type" else (kind, value)
    return found


ALLOWED = {
    "text": {("string", "")},
    "flag": {("boolean", "")},
    "whole": {("integer", "int32"), ("integer", "int64")},
    "number": {("number", "double"), ("number", "")},
    "day": {("string", "date")},
    "time": {("string", "date-time")},
}


@pytest.mark.skipif(not DESCRIPTION, reason="KEAP_DESCRIPTION names no file")
@pytest.mark.parametrize("kind", MODELS)
def test_the_table_agrees_with_the_official_description(kind: str) -> None:
    described = described_fields(MODELS[kind], Path(DESCRIPTION).read_text(encoding="utf-8"))
    assert set(FIELDS[kind]) <= set(described)
    for name, of_field in FIELDS[kind].items():
        if of_field in ALLOWED:
            assert described[name] in ALLOWED[of_field], name
        elif of_field.endswith("[]"):
            assert described[name][0] == "array", name
