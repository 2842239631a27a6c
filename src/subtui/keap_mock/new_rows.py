"""The rows that billing and refunding make: orders with their items, payments, transactions, plans of a product."""

from datetime import datetime
from typing import Any

from subtui.keap_mock.values import Row, currency, number, plain, time_text

_CYCLES = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def minor_of(amount: Any) -> int:
    """A plain amount in main units, number or text, as minor units; 0 for none."""
    return round((number(amount) or 0.0) * 100)


def item(at: str, name: str, minor: int, *, product_id: str, subscription_id: str | None, plan: Row | None) -> Row:
    """A line of an order."""
    return {
        "id": at,
        "name": name,
        "description": None,
        "notes": "",
        "quantity": 1,
        "discount": currency(0),
        "product": {"id": product_id, "name": name, "sku": f"SKU-{product_id}", "shippable": False, "taxable": False},
        "subscription_id": subscription_id,
        "item_type": "SUBSCRIPTION" if subscription_id else "PRODUCT",
        "cost_per_unit": currency(0),
        "price_per_unit": currency(minor),
        "subscription_plan": plan,
    }


def order(at: str, contact: Row, minor: int, when: datetime, items: list[Row], *, paid: bool = True) -> Row:
    """An order of one amount, made at this instant."""
    moment = time_text(when)
    return {
        "id": at,
        "title": items[0]["name"] if items else "Order",
        "status": "PAID" if paid else "SENT",
        "total": currency(minor),
        "contact": contact,
        "notes": None,
        "terms": "",
        "order_type": "ONLINE",
        "source_type": "INVOICE",
        "creation_time": moment,
        "modification_time": moment,
        "order_time": moment,
        "lead_affiliate_id": "0",
        "sales_affiliate_id": "0",
        "total_paid": currency(minor if paid else 0),
        "total_due": currency(0 if paid else minor),
        "refund_total": currency(0),
        "allow_payment": True,
        "allow_paypal": False,
        "order_items": items,
        "payment_plan": payment_plan(minor, moment[:10], paid=paid),
        "invoice_number": at,
        "files": [],
        "credit_status": None,
        "promo_code": "",
        "refund_status": "",
        "synced": False,
        "invoice_id": str(int(at) + 5000) if at else "",
        "custom_fields": [],
    }


def payment_plan(minor: int, day: str, *, paid: bool) -> Row:
    """A plan that is paid at once."""
    return {
        "auto_charge": True,
        "max_charge_attempts": 3,
        "days_between_retries": 2,
        "payment_method_id": None,
        "initial_payment_amount": currency(minor),
        "initial_payment_percent": 100.0,
        "initial_payment_date": day,
        "plan_start_date": day,
        "number_of_payments": 1,
        "days_between_payments": 30,
        "payment_plan_items": [
            {
                "status": "PAID" if paid else "FAILED",
                "due_date": day,
                "amount_due": currency(minor),
                "amount_paid": currency(minor if paid else 0),
            }
        ],
    }


def payment(at: str, order_id: str, contact_id: str, minor: int, when: datetime, *, merchant: str = "11") -> Row:
    """A payment of an order; a negative amount is a refund."""
    moment = time_text(when)
    return {
        "id": at,
        "type": "Refund" if minor < 0 else "Credit Card",
        "amount": plain(minor),
        "note": None,
        "status": "APPROVED",
        "commissioned": True,
        "synced": False,
        "payment_time": moment,
        "refund_payment_id": None,
        "contact_id": contact_id,
        "order_ids": [order_id],
        "update_time": moment,
        "external_transaction_id": f"ch_{at}",
        "merchant_account_id": merchant,
        "merchant_account_type": "STRIPE",
    }


def transaction(paid: Row, contact: Row, method: str, status: str = "APPROVED") -> Row:
    """What the merchant did for a payment: CAPTURE, REFUND, VOID or MANUAL."""
    good = status == "APPROVED"
    return {
        "amount": paid["amount"],
        "status": status,
        "description": "Charge" if method == "CAPTURE" else method.title(),
        "contact": contact,
        "order_ids": list(paid["order_ids"]),
        "contact_id": paid["contact_id"],
        "transaction_method": method,
        "transaction_time": paid["payment_time"],
        "external_reference_id": paid["external_transaction_id"],
        "external_response_code": "00" if good else "51",
        "error_details": "" if good else "Insufficient funds",
        "payment_id": paid["id"],
        "is_successful": good,
        "merchant_account_id": paid["merchant_account_id"],
        "merchant_account_type": paid["merchant_account_type"],
    }


def order_payment(paid: Row, invoice_id: str) -> Row:
    """A payment as the list of an order's payments shows it."""
    refund = (number(paid.get("amount")) or 0.0) < 0
    status = {"PENDING": "PENDING", "NONE": "ERROR"}.get(str(paid.get("status")), "APPROVED")
    return {
        "id": paid["id"],
        "amount": paid.get("amount"),
        "note": paid.get("note"),
        "invoice_id": invoice_id,
        "payment_id": paid["id"],
        "pay_time": paid.get("payment_time"),
        "pay_status": "REFUNDED" if refund or paid.get("refund_payment_id") else status,
        "last_updated_time": paid.get("update_time") or paid.get("payment_time"),
        "skip_commission": False,
        "refund_invoice_payment_id": paid.get("refund_payment_id"),
    }


def plans_of(product: Row) -> list[Row]:
    """The plans inside a product in the form of the list of plans, with the product that the list hides."""
    found = []
    for plan in product.get("subscription_plans") or ():
        cycle = str(plan.get("billing_cycle") or "MONTHLY")
        found.append(
            {
                "id": plan["id"],
                "frequency": plan.get("billing_frequency", 1),
                "active": plan.get("active", True),
                "subscription_plan_name": f"{product.get('name')} per {_CYCLES.get(cycle, 'cycle')}",
                "cycle_type": cycle,
                "total_cycles": plan.get("number_of_cycles") or 0,
                "plan_price": plan.get("plan_price"),
                "display_order_index": plan.get("order_index", 0),
                "_product_id": str(product["id"]),
            }
        )
    return found


def inside_product(plan: Row) -> Row:
    """A row of the list of plans in the form in which a product holds it."""
    return {
        "id": str(plan["id"]),
        "active": plan.get("active", True),
        "prorate": False,
        "billing_cycle": plan.get("cycle_type", "MONTHLY"),
        "billing_frequency": plan.get("frequency", 1),
        "number_of_cycles": plan.get("total_cycles", 0),
        "plan_price": plan.get("plan_price"),
        "order_index": plan.get("display_order_index", 0),
    }
