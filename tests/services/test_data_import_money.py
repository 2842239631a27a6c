"""Money comes in with the payment that it returns, in the currency of its order, and the books are right."""

from typing import Any

import pytest

from subtui.acts.reports import GetReport
from subtui.domain.permissions import Role
from subtui.domain.reports import ReportName
from tests.services.importing import Business, counted, left_out
from tests.services.keap_files import (
    PAYMENTS_DUMP,
    allocation,
    answer,
    exported,
    items,
    order_file,
    paid,
    sheet,
    table,
    v2_order,
)

MONEY = (
    "SELECT p.keap_id, p.kind, p.method, p.state, p.paid_on, p.amount_minor, r.keap_id AS returns FROM payment p"
    " LEFT JOIN payment r ON r.id = p.returns_payment_id ORDER BY p.id"
)


# --- money ------------------------------------------------------------------------------------------------------------


def money(business: Business, *payments: dict[str, object], total: str = "$49.00") -> list[tuple[Any, ...]]:
    """What is stored of payments: their ids, kinds, amounts, and what they return."""
    business.bring(order_file(exported(**{"Order Total": total})) | {"p.csv": table(*payments)})
    return [(row["keap_id"], row["kind"], row["amount_minor"], row["returns"]) for row in business.rows(MONEY)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"RefundId": 2}, {}),  # the payment names its refund
        ({}, {"RefundId": 1}),  # the refund names its payment
        ({}, {}),  # neither does
    ],
)
def test_refunds_are_linked_in_both_directions_and_guessed(
    business: Business, first: dict[str, object], second: dict[str, object]
) -> None:
    refund = paid(Id=2, PayType="Refund", PayAmt="-49", PayDate="2025-06-20")
    other = paid(Id=3, PayAmt="49.00", PayDate="2025-06-21", RefundId="")
    assert money(business, paid() | first, refund | second, other) == [
        ("1", "charge", 4900, None),
        ("2", "refund", -4900, "1"),
        ("3", "charge", 4900, None),
    ]


def test_a_refund_without_a_name_returns_the_newest_payment_that_is_large_enough(business: Business) -> None:
    found = money(
        business,
        paid(Id=1, PayAmt=30, PayDate="2025-06-01"),
        paid(Id=2, PayAmt=20, PayDate="2025-06-02"),
        paid(Id=3, PayAmt=99, PayDate="2025-06-30"),
        paid(Id=4, PayAmt=-20, PayType="Refund", PayDate="2025-06-10"),
        paid(Id=5, PayAmt=-20, PayType="Void", PayDate="2025-06-11"),
        paid(Id=6, PayAmt=-20, PayDate="2025-06-12"),
    )
    assert [(keap_id, kind, returns) for keap_id, kind, _, returns in found[3:]] == [
        ("4", "refund", "2"),
        ("5", "void", "1"),
        ("6", "refund", None),
    ]


def test_a_refund_returns_no_payment_of_another_order(business: Business) -> None:
    business.bring(
        order_file(exported(), exported(Id=9002))
        | {"p.csv": table(paid(), paid(Id=2, OrderId=9002), paid(Id=3, OrderId=9002, PayAmt=-49, RefundId=1))}
    )
    assert [row["returns"] for row in business.rows(MONEY)] == [None, None, "2"]


def test_what_counts_and_what_does_not(business: Business) -> None:
    found = money(
        business,
        paid(Id=1, PayAmt=40),
        paid(Id=2, PayAmt=5, PayType="Credit"),
        paid(Id=3, PayAmt=2, PayType="Adjustment"),
        paid(Id=4, PayAmt=2, PayType="Write-off"),
        paid(Id=5, PayAmt=49, PayStatus="FAILED"),
        paid(Id=6, PayAmt=49, PayStatus="PENDING"),
        paid(Id=7, PayAmt="(10)", PayType="Refund"),
        paid(Id=8, PayAmt=3, PayType="Our own voucher"),
    )
    assert [(kind, amount) for _, kind, amount, _ in found] == [
        ("charge", 4000),
        ("credit", 500),
        ("adjustment", 200),
        ("adjustment", 200),
        ("charge", 4900),
        ("charge", 4900),
        ("refund", -1000),
        ("charge", 300),
    ]
    assert business.owed() == 4900 - 4000 - 500 - 200 - 200 + 1000 - 300


def test_refunds_that_left_a_balance_are_counted(business: Business) -> None:
    report = business.bring(
        order_file(*(exported(Id=number) for number in range(9001, 9005)))
        | {
            "p.csv": table(
                paid(Id=1),
                paid(Id=2, PayAmt=-49, PayType="Refund"),  # owes all of it again
                paid(Id=3, OrderId=9002),
                paid(Id=4, OrderId=9002, PayAmt=-49, PayType="Refund"),
                paid(Id=5, OrderId=9002, PayAmt=49, PayType="Credit"),  # written off
                paid(Id=6, OrderId=9003, PayAmt=20),  # never paid: no refund made it so
                paid(Id=7, OrderId=9004),
                paid(Id=8, OrderId=9004, PayAmt=-9, PayType="Refund"),  # owes a part again
            )
        }
    )
    assert report.refunds_owing == 2
    backend = business.backend(Role.AGENT)
    loose = backend.read(GetReport(ReportName.LOOSE))
    assert [row.route for row in loose.rows] == ["/orders/9004", "/orders/9001"]


def test_payments_by_invoice_without_any_invoice_go_to_the_order_of_that_number(business: Business) -> None:
    payments = sheet(PAYMENTS_DUMP, {"InvoiceId": 9001, "PayDate": "2025-06-15", "PayType": "Cash", "PayAmt": "49"})
    report = business.bring(order_file(exported()) | {"p.csv": payments})
    assert report.notes == (
        "No file links invoices to orders: payments were added to the order with the invoice's number.",
    )
    assert business.owed() == 0


def test_an_amount_in_a_unit_that_cannot_be_is_doubted(business: Business) -> None:
    report = business.bring(
        {"o.json": answer("orders", v2_order()), "p.json": answer("invoice_order_payments", allocation(501, 4900))}
    )
    assert [(row.column, row.value, row.reason, row.refused) for row in report.left_out] == [
        ("Amount", "4,900.00 USD", "was imported, but is 100 times the order's total: is it in cents?", False)
    ]


# --- currencies -------------------------------------------------------------------------------------------------------


def test_amounts_without_a_currency_are_in_that_of_their_order(business: Business) -> None:
    files = order_file(exported(**{"Order Total": "4900 JPY"})) | {
        "p.csv": table(paid(PayAmt="4900.00"), paid(Id=2, PayAmt="0.50"), paid(Id=3, PayAmt="EUR 5")),
        "i.csv": items(("Gold", 1, "4000"), ("Tax", 1, "¥900")),
    }
    report = business.bring(files)
    assert report.notes == ("Amounts without a currency were imported in the currency of their order.",)
    reason = "is not in the currency of its order, JPY"
    assert left_out(report) == [
        ("p.csv", 3, "PayAmt", "0.50", "has more decimals than JPY, which has none"),
        ("p.csv", 4, "Pay Amt", "5.00 EUR", reason),
    ]
    # The sign of yen and yuan can only mean the yen of its order.
    assert business.lines() == [("Gold", 1, 4000), ("Tax", 1, 900)]
    assert business.value("SELECT amount_minor FROM payment") == 4900


# --- strange rows -----------------------------------------------------------------------------------------------------


def test_strange_rows_are_left_out_with_their_reason(business: Business) -> None:
    files = order_file(
        exported(),
        exported(Id=2, ContactId=5),
        exported(Id=3, **{"Order Date": ""}),
        exported(Id=4, **{"Order Date": "13/13/2025"}),
        exported(Id=5, **{"Order Total": "1.000"}),
        exported(Id=6, **{"Order Total": "$1e5"}),
        exported(),
    ) | {
        "items.csv": table(
            {"Id": 1, "OrderId": 9001, "ItemName": "A", "Qty": 1, "PricePerUnit": 5},
            {"Id": 2, "OrderId": 77, "ItemName": "A", "Qty": 1, "PricePerUnit": 5},
            {"Id": 3, "OrderId": 9001, "ItemName": "A", "Qty": -1, "PricePerUnit": 5},
            {"Id": 4, "OrderId": 9001, "ItemName": "A", "Qty": 1_000_000, "PricePerUnit": "9999999999"},
            {"Id": 5, "OrderId": 9001, "ItemName": "A", "Qty": "9" * 400, "PricePerUnit": 5},
        ),
        "payments.csv": table(
            paid(OrderId=77),
            paid(Id=2, PayAmt=""),
            paid(Id=3, PayDate=""),
            paid(Id=4, PayDate="2025-02-30"),
            paid(Id=5, PayAmt="9" * 30),
        ),
    }
    report = business.bring(files)
    assert left_out(report) == [
        ("orders.csv", 3, "Contact Id", "5", "is not a known contact"),
        ("orders.csv", 4, "Order Date", "", "has no date"),
        ("orders.csv", 5, "Order Date", "13/13/2025", "does not exist (month 13)"),
        ("orders.csv", 6, "Order Total", "1.000", "could be 1 or 1,000"),
        ("orders.csv", 7, "Order Total", "$1e5", "is not an amount"),
        ("orders.csv", 8, "Id", "9001", "appears twice in this file; the first one was imported"),
        ("items.csv", 3, "Order Id", "77", "is not a known order"),
        ("items.csv", 4, "Qty", "-1", "is not a whole number"),
        ("items.csv", 5, "Qty", "1000000", "makes the amount too large"),
        ("items.csv", 6, "Qty", "9" * 79 + "…", "is too large"),
        ("payments.csv", 2, "Order Id", "77", "is not a known order"),
        ("payments.csv", 3, "Pay Amt", "", "is missing"),
        ("payments.csv", 4, "Pay Date", "", "is missing"),
        ("payments.csv", 5, "PayDate", "2025-02-30", "does not exist (30 Feb 2025)"),
        ("payments.csv", 6, "PayAmt", "9" * 30, "is too large"),
    ]
    assert counted(report) == {
        "contact": {"new": 1},
        "order": {"new": 1, "refused": 6},
        "order_item": {"new": 1, "refused": 4},
        "payment": {"refused": 5},
    }
    business.check()


def test_the_report_names_rows_in_the_order_of_the_file(business: Business) -> None:
    rows = [
        exported(Id=number, **({"Order Date": "x"} if number % 2 else {"ContactId": 5})) for number in range(1, 1200)
    ]
    report = business.bring(order_file(*rows))
    assert [row.line for row in report.left_out] == list(range(2, 1002))
    assert report.left_out_total == 1199
