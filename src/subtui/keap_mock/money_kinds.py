"""Products, subscriptions, orders, payments: how they are listed."""

from typing import Any

from subtui.keap_mock.filters import Filter, How
from subtui.keap_mock.kind import IDS, NUMBERS, Kind, since, texts, until
from subtui.keap_mock.values import Row, number, values_at


def _status(row: Row) -> list[Any]:
    return ["Active" if row.get("active") else "Inactive"]


def _paid(row: Row) -> list[Any]:
    due = values_at(row, ("total_due", "amount"))
    return [not number(due[0])] if due else [row.get("status") == "PAID"]


_MERCHANT = texts(merchant_account_id="merchant_account_id", merchant_account_type="merchant_account_type")
_AMOUNT = Filter("amount", How.NUMBER, compared=True)
_PAYMENT_METHODS = Filter("payment_method_id")

MONEY: tuple[Kind, ...] = (
    Kind(
        "products",
        "products",
        {
            **texts(name="name", sku="sku", description="description", short_description="short_description"),
            "product_id": NUMBERS,
            "product_ids": IDS,
        },
        {"name": "name", "sku": "sku", "last_updated_time": "update_time"},
    ),
    Kind(
        "plans",
        "subscriptions",
        {"active": Filter("active", How.FLAG), **texts(cycle_type="cycle_type")},
        {"id": "id", "product_id": "_product_id"},
    ),
    Kind(
        "subscriptions",
        "subscriptions",
        {
            **texts(contact_id="contact_id", subscription_plan_id="subscription_plan_id"),
            "status": Filter("", read=_status),
            "id": NUMBERS,
            "ids": IDS,
            "billing_amount": Filter("billing_amount", How.NUMBER, compared=True),
            "subscription_plan_ids": Filter("subscription_plan_id", How.MANY),
        },
        {
            "id": "id",
            "contact_id": "contact_id",
            "subscription_plan_id": "subscription_plan_id",
            "modification_time": "modification_time",
        },
        custom=True,
    ),
    Kind(
        "orders",
        "orders",
        {
            **texts(
                product_id="order_items.product.id",
                contact_id="contact.id",
                invoice_id="invoice_id",
                invoice_xid="invoice_number",
                title="title",
                order_type="order_type",
                shipping_locality="shipping_information.address.locality",
                shipping_region_code="shipping_information.address.region_code",
                shipping_postal_code="shipping_information.address.postal_code",
                shipping_country_code="shipping_information.address.country_code",
            ),
            "id": NUMBERS,
            "ids": IDS,
            "paid": Filter("", How.FLAG, read=_paid),
            "created_since_time": since("creation_time"),
            "created_until_time": until("creation_time"),
            "modified_since_time": since("modification_time"),
            "modified_until_time": until("modification_time"),
        },
        {"id": "id", "order_time": "order_time", "modification_time": "modification_time"},
        custom=True,
    ),
    Kind(
        "payments",
        "payments",
        {
            **_MERCHANT,
            **texts(order_id="order_ids", contact_id="contact_id"),
            "id": NUMBERS,
            "ids": IDS,
            "amount": _AMOUNT,
            "order_ids": Filter("order_ids", How.MANY),
            "since_time": since("payment_time"),
            "until_time": until("payment_time"),
        },
        {"id": "id", "amount": "amount", "payment_time": "payment_time", "contact_id": "contact_id"},
    ),
    Kind(
        "transactions",
        "transactions",
        {
            **_MERCHANT,
            **texts(
                order_id="order_ids", contact_id="contact_id", status="status", transaction_method="transaction_method"
            ),
            "amount": _AMOUNT,
            "is_successful": Filter("is_successful", How.FLAG),
            "since_time": since("transaction_time"),
            "until_time": until("transaction_time"),
        },
        {"amount": "amount", "transaction_time": "transaction_time", "contact_id": "contact_id"},
    ),
    Kind(
        "payment_methods",
        "payment_methods",
        {
            **texts(
                credit_card_id="credit_card_id", contact_id="contact_id", merchant_account_id="merchant_account_id"
            ),
            "payment_method_id": _PAYMENT_METHODS,
            "since_time": since("created_time"),
            "until_time": until("created_time"),
        },
        {
            "payment_method_id": "payment_method_id",
            "created_time": "created_time",
            "contact_id": "contact_id",
            "merchant_account_id": "merchant_account_id",
        },
    ),
    Kind(
        "order_payments",
        "invoice_order_payments",
        {
            **texts(invoice_id="invoice_id", payment_id="payment_id", pay_status="pay_status"),
            "amount": Filter("amount", How.NUMBER),
            "skip_commission": Filter("skip_commission", How.FLAG),
        },
        {
            name: name
            for name in (
                "invoice_id",
                "payment_id",
                "amount",
                "pay_time",
                "pay_status",
                "skip_commission",
                "last_updated_time",
            )
        },
    ),
    Kind(
        "merchants",
        "merchant_accounts",
        {"id": IDS, **texts(name="name", type="type")},
        {"id": "id", "name": "name"},
    ),
)
