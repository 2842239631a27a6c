"""Orders and their lines come in from exports, dumps and answers, and add up."""

import json
from typing import Any

import pytest

from subtui.domain.date_order import DateOrder
from subtui.views.imports import Kind
from tests.services.importing import Business, counted, kinds, left_out
from tests.services.keap_files import (
    CONTACTS,
    ITEMS_DUMP,
    JOBS_DUMP,
    PAYMENTS_DUMP,
    PRODUCTS_EXPORT,
    WIZARD,
    allocation,
    answer,
    exported,
    gold,
    items,
    order_file,
    paid,
    sheet,
    table,
    v2_order,
)

Files = dict[str, str | bytes]

MONEY = (
    "SELECT p.keap_id, p.kind, p.method, p.state, p.paid_on, p.amount_minor, r.keap_id AS returns FROM payment p"
    " LEFT JOIN payment r ON r.id = p.returns_payment_id ORDER BY p.id"
)


# --- the forms --------------------------------------------------------------------------------------------------------


def test_the_export_of_orders(business: Business) -> None:
    report = business.bring(
        order_file(
            exported(**{"Promo Code": "SPRING", "Product Ids": "42", "Product Name": "Gold Membership"}),
            exported(
                Id=9002, **{"Order Total": "N/A", "Order Title": "", "Product Ids": "42,43", "Product Name": "A, B"}
            ),
            exported(Id=9003, **{"Order Total": "AUD 1,249.50"}),
        )
    )
    assert kinds(report) == [(Kind.CONTACT,), (Kind.ORDER,)]
    assert report.files[1].date_order is DateOrder.MONTH_FIRST
    assert counted(report) == {"contact": {"new": 1}, "order": {"new": 3}}
    row = business.order()
    assert (row["id"], row["contact_id"], row["title"], row["ordered_on"]) == (9001, 1204, "Gold", "2025-06-15")
    assert (row["total_minor"], row["currency"]) == (4900, "USD")
    assert row["more"] == {"Order Type": "Online", "Promo Code": "SPRING"}
    assert (business.order("9002")["title"], business.order("9002")["total_minor"]) == ("A, B", 0)
    assert (business.order("9003")["currency"], business.order("9003")["total_minor"]) == ("AUD", 124950)
    assert business.lines() == [("Gold Membership", 1, 4900)]
    assert business.value("SELECT product_id FROM order_item WHERE order_id = 9001") == 42
    business.check()


def test_the_export_of_products(business: Business) -> None:
    report = business.bring(
        sheet(
            PRODUCTS_EXPORT,
            {"Id": 42, "Product Name": "Gold", "Sku": "G", "Price": "$1,049.00", "Product Status": "Active"},
            {"Id": 43, "Product Name": "Old", "Price": "N/A", "Product Status": "Inactive", "Product Category": "x"},
            {"Id": 44, "Product Name": ""},
        )
    )
    assert counted(report) == {"product": {"new": 2, "refused": 1}}
    assert left_out(report) == [("file.csv", 4, "Product Name", "", "has no name")]
    assert business.rows("SELECT id, name, sku, price_minor, currency, active FROM product") == [
        {"id": 42, "name": "Gold", "sku": "G", "price_minor": 104900, "currency": "USD", "active": 1},
        {"id": 43, "name": "Old", "sku": "", "price_minor": 0, "currency": "USD", "active": 0},
    ]


def dumps() -> Files:
    """Everything of two orders as the transfer scripts dump it; nothing but the payments has no id."""
    jobs = sheet(
        JOBS_DUMP,
        {
            "Id": 9001,
            "ContactId": 1204,
            "JobTitle": "Gold",
            "DateCreated": "2025-06-15 07:00:00 UTC",
            "JobRecurringId": 131,
            "JobNotes": "by phone",
            "OrderType": "Online",
        },
        {"Id": 9002, "ContactId": 1204, "JobTitle": "Tins", "DateCreated": "2025-06-20 00:00:00"},
    )
    lines = sheet(
        ITEMS_DUMP,
        {"OrderId": 9001, "ProductId": 42, "ItemType": 9, "ItemName": "Gold", "Qty": 1, "PricePerUnit": "49.0"},
        {"OrderId": 9001, "ItemType": 2, "ItemName": "Tax", "Qty": 1, "PricePerUnit": "4.9"},
        {"OrderId": 9002, "ItemName": "Tin", "Qty": 3, "PricePerUnit": "10"},
        {"OrderId": 9002, "ItemName": "Discount", "Qty": 1, "PricePerUnit": "-5"},
    )
    invoices = table({"Id": 8001, "JobId": 9001, "InvoiceTotal": 53.9}, {"Id": 8002, "JobId": 9002, "InvoiceTotal": 25})
    payments = sheet(
        PAYMENTS_DUMP,
        {"InvoiceId": 8001, "PayDate": "2025-06-15 07:01:00", "PayType": "Credit Card", "PayAmt": "53.9"},
        {"InvoiceId": 8001, "PayDate": "2025-06-20 15:00:00", "PayType": "Refund", "PayAmt": "-49", "PayNote": "sorry"},
        {"InvoiceId": 8002, "PayDate": "2025-06-20 15:00:00", "PayType": "Check", "PayAmt": "20"},
        {"InvoiceId": 8002, "PayDate": "2025-06-21 15:00:00", "PayType": "Credit", "PayAmt": "5"},
    )
    subscriptions = sheet(WIZARD, gold())
    # The wrong way round, on purpose.
    return {
        "payments.csv": payments,
        "invoices.csv": invoices,
        "items.csv": lines,
        "jobs.csv": jobs,
        "subscriptions.csv": subscriptions,
        "contacts.csv": CONTACTS,
    }


def test_dumps_of_all_tables_whatever_comes_first(business: Business) -> None:
    report = business.bring(dumps())
    assert kinds(report) == [
        (kind,) for kind in (Kind.PAYMENT, Kind.INVOICE, Kind.ORDER_ITEM, Kind.ORDER, Kind.SUBSCRIPTION, Kind.CONTACT)
    ]
    assert counted(report) == {
        "contact": {"new": 1},
        "subscription": {"new": 1},
        "order": {"new": 2},
        "invoice": {"changed": 2},
        "order_item": {"new": 4},
        "payment": {"new": 4},
    }
    assert report.left_out == ()
    row = business.order()
    assert (row["subscription_id"], row["total_minor"], row["invoice_id"]) == (131, 5390, "8001")
    assert row["more"] == {"JobNotes": "by phone", "OrderType": "Online"}
    assert business.lines(9002) == [("Tin", 3, 1000), ("Discount", 1, -500)]
    assert (business.owed(), business.owed(9002)) == (4900, 0)
    assert report.refunds_owing == 1
    business.check()


def test_the_same_dumps_again(business: Business) -> None:
    business.bring(dumps())
    tables = ("contact", "subscription", '"order"', "order_item", "payment", "refund_line", "product")
    before = {name: business.rows(f"SELECT * FROM {name}") for name in tables}  # noqa: S608
    report = business.bring(dumps())
    assert all(set(counts) == {"same"} for counts in counted(report).values())
    assert {name: business.rows(f"SELECT * FROM {name}") for name in tables} == before  # noqa: S608
    assert business.value("SELECT count(*) FROM event") == 2
    business.check()


def test_answers_of_rest_v2(business: Business) -> None:
    refund = allocation(
        502, -49.0, pay_status="REFUNDED", refund_invoice_payment_id="501", pay_time="2025-06-20T15:00:00Z"
    )
    files: Files = {
        "payments.json": answer("invoice_order_payments", refund, allocation(501, 49.0), next_page_token=""),
        "orders.json": answer("orders", v2_order(), next_page_token=""),
        "subscriptions.csv": sheet(WIZARD, gold()),
        "contacts.csv": CONTACTS,
    }
    report = business.bring(files)
    assert counted(report) == {
        "contact": {"new": 1},
        "subscription": {"new": 1},
        "order": {"new": 1},
        "order_item": {"new": 1},
        "payment": {"new": 2},
    }
    row = business.order()
    assert (row["total_minor"], row["subscription_id"], row["ordered_on"]) == (4900, 131, "2025-06-15")
    assert business.lines() == [("Gold Membership", 1, 4900)]
    # Named by the order, the product has its name, and so has the plan that the subscription began with.
    assert business.value("SELECT name FROM product WHERE keap_id = '42'") == "Gold Membership"
    assert [(row["keap_id"], row["kind"], row["returns"]) for row in business.rows(MONEY)] == [
        ("701", "charge", None),
        ("702", "refund", "701"),
    ]
    assert (business.owed(), report.refunds_owing) == (4900, 1)
    assert all(set(counts) == {"same"} for counts in counted(business.bring(files)).values())
    business.check()


def test_an_order_brings_the_contact_that_it_mentions(business: Business) -> None:
    orders = [v2_order(number) for number in range(9001, 9701)]
    report = business.bring({"orders.json": answer("orders", *orders)})
    assert counted(report) == {"order": {"new": 700}, "order_item": {"new": 700}}
    assert business.rows("SELECT id, first_name, email, version FROM contact") == [
        {"id": 1204, "first_name": "Pat", "email": "pat@example.com", "version": 1}
    ]
    # What is only mentioned changes nothing.
    business.bring(table({"Id": 1204, "First Name": "Patricia", "Last Name": "Lee", "Email": "new@example.com"}))
    business.bring({"orders.json": answer("orders", *orders)})
    assert business.value("SELECT email FROM contact") == "new@example.com"
    business.check()


def test_answers_of_rest_v1(business: Business) -> None:
    v1 = {
        "id": 9001,
        "title": "Gold",
        "status": "Successful",
        "recurring": False,
        "total": 59.9,
        "total_paid": 59.9,
        "total_due": 0,
        "refund_total": 0,
        "creation_date": "2025-06-15T07:00:00.000+0000",
        "order_date": "2025-06-14T07:00:00.000+0000",
        "contact": {"id": 1204, "email": "pat@example.com", "first_name": "Pat", "last_name": "Lee"},
        "order_items": [
            {
                "id": 1,
                "name": "Gold",
                "type": "Product",
                "quantity": 2,
                "price": 24.5,
                "product": {"id": 42, "name": "Gold"},
            },
        ],
        "invoice_number": 9001,
    }
    report = business.bring({"c.csv": CONTACTS, "orders.json": answer("orders", v1, count=1, next="")})
    assert counted(report)["order"] == {"new": 1}
    assert (business.order()["ordered_on"], business.order()["total_minor"]) == ("2025-06-14", 5990)
    assert business.lines() == [("Gold", 2, 2450), ("Discount, tax and other", 1, 1090)]


def test_payments_of_rest_v2(business: Business) -> None:
    def payment(number: int, amount: float, **more: Any) -> dict[str, Any]:
        paid_at = {"contact_id": "1204", "order_ids": ["9001"], "payment_time": "2025-06-15T07:01:00Z"}
        return {"id": str(number), "type": "Credit Card", "amount": amount, "status": "APPROVED"} | paid_at | more

    rows = [
        payment(1, 49.0, refund_payment_id="2", external_transaction_id="ch_1"),
        payment(2, -10.0, type="Refund"),
        payment(3, 10.0, type="Credit"),
        payment(4, 49.0, status="PENDING"),
        payment(5, 49.0, order_ids=["9001", "9002"]),
        payment(6, 49.0, order_ids=[]),
    ]
    report = business.bring(
        {"o.json": answer("orders", v2_order()), "p.json": answer("payments", *rows, next_page_token="")}
    )
    assert counted(report)["payment"] == {"new": 4, "refused": 2}
    assert [(column, value, reason) for *_, column, value, reason in left_out(report)] == [
        ("Order Id", "9001, 9002", "is not a known order"),
        ("Invoice Id", "", "is not a known order"),
    ]
    assert [(row["kind"], row["state"], row["amount_minor"], row["returns"]) for row in business.rows(MONEY)] == [
        ("charge", "approved", 4900, None),
        ("refund", "approved", -1000, "1"),
        ("credit", "approved", 1000, None),
        ("charge", "pending", 4900, None),
    ]
    assert business.value("SELECT gateway_reference FROM payment WHERE keap_id = '1'") == "ch_1"
    assert business.owed() == 0


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_total_without_lines_is_one_line(business: Business) -> None:
    business.bring(order_file(exported()))
    assert business.lines() == [("Gold", 1, 4900)]
    business.bring(order_file(exported(**{"Order Total": "$59.00"})))
    assert business.lines() == [("Gold", 1, 5900)]


def test_lines_without_a_total_make_it(business: Business) -> None:
    jobs = sheet(JOBS_DUMP, {"Id": 9001, "ContactId": 1204, "JobTitle": "Gold", "DateCreated": "2025-06-15 00:00:00"})
    business.bring({"c.csv": CONTACTS, "j.csv": jobs, "i.csv": items(("A", 2, 10), ("B", 1, "4.50"))})
    assert (business.order()["total_minor"], business.lines()) == (2450, [("A", 2, 1000), ("B", 1, 450)])
    business.bring({"i.csv": items(("A", 2, 10), ("B", 1, 6))})
    assert (business.order()["total_minor"], business.lines()) == (2600, [("A", 2, 1000), ("B", 1, 600)])


@pytest.mark.parametrize(("total", "rest"), [("60", 1100), ("40", -900), ("0", -4900)])
def test_a_total_and_lines_that_differ(business: Business, total: str, rest: int) -> None:
    files = order_file(exported(**{"Order Total": total})) | {"i.csv": items(("Gold", 1, 49))}
    business.bring(files)
    expected = [("Gold", 1, 4900), ("Discount, tax and other", 1, rest)]
    assert (business.order()["total_minor"], business.lines()) == (4900 + rest, expected)
    business.bring(files)
    assert business.lines() == expected
    business.bring({"i.csv": items(("Gold", 1, (4900 + rest) / 100))})
    assert business.lines() == [("Gold", 1, 4900 + rest)]


def test_lines_take_the_place_of_the_one_for_the_whole(business: Business) -> None:
    business.bring(order_file(exported()) | {"p.csv": table(paid(), paid(Id=2, PayType="Refund", PayAmt="-40"))})
    shares = (
        "SELECT i.name, l.amount_minor FROM refund_line l JOIN order_item i ON i.id = l.order_item_id ORDER BY i.id"
    )
    assert business.rows(shares) == [{"name": "Gold", "amount_minor": 4000}]
    business.bring({"i.csv": items(("A", 1, 29), ("B", 1, 20))})
    assert business.lines() == [("A", 1, 2900), ("B", 1, 2000)]
    assert sum(row["amount_minor"] for row in business.rows(shares)) == 4000
    business.check()


def test_a_refund_that_fell_on_the_tax(business: Business) -> None:
    files = order_file(exported(**{"Order Total": "60"})) | {
        "i.csv": items(("Gold", 1, 49)),
        "p.csv": table(paid(PayAmt="60"), paid(Id=2, PayType="Refund", PayAmt="-60")),
    }
    business.bring(files)
    before = business.rows("SELECT * FROM refund_line")
    assert [row["amount_minor"] for row in before] == [4900, 1100]
    assert all(set(counts) == {"same"} for counts in counted(business.bring(files)).values())
    assert business.rows("SELECT * FROM refund_line") == before
    business.bring({"i.csv": items(("Gold", 1, 60))})
    assert business.rows("SELECT amount_minor FROM refund_line") == [{"amount_minor": 6000}]
    business.check()


# --- links between orders and subscriptions ---------------------------------------------------------------------------


def test_the_order_by_which_a_subscription_began(business: Business) -> None:
    began = {"Id": 131, "ContactId": 1204, "OriginatingOrderId": 9001, "SubscriptionPlanId": 17, "BillingCycle": "2"}
    began |= {"Frequency": 1, "BillingAmt": 49.0, "Status": "Active", "StartDate": "20250115T00:00:00"}
    business.bring(order_file(exported()) | {"r.json": json.dumps([began])})
    assert business.order()["subscription_id"] == 131


def test_an_order_of_a_subscription_that_is_not_there_remembers_it(business: Business) -> None:
    job = {"Id": 9001, "ContactId": 1204, "JobTitle": "x", "DateCreated": "2025-06-15 00:00:00", "JobRecurringId": 131}
    files: Files = {"c.csv": CONTACTS, "j.csv": sheet(JOBS_DUMP, job)}
    business.bring(files)
    assert (business.order()["subscription_id"], business.order()["more"]) == (None, {"Job Recurring Id": "131"})
    business.bring({"s.csv": sheet(WIZARD, gold())})
    assert counted(business.bring(files))["order"] == {"changed": 1}
    assert business.order()["subscription_id"] == 131
