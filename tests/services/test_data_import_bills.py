"""What Keap leaves to be derived of a subscription: its bills, its plan, its price; and what cannot be one."""

from typing import Any

import pytest

from subtui.acts.subscriptions import ListSubscriptions
from subtui.domain.permissions import Role
from subtui.views.customers import SubscriptionFilter
from subtui.views.imports import Kind
from tests.services.importing import Business, counted, kinds, left_out
from tests.services.keap_files import (
    CONTACTS,
    PRODUCTS_EXPORT,
    V1_SUBSCRIPTION,
    V2_SUBSCRIPTION,
    answer,
    gold,
    sheet,
    table,
    wizard,
)

PLANS = "SELECT keap_id, product_id, name, cycle, frequency, price_minor, currency FROM subscription_plan ORDER BY id"


def billing(business: Business) -> tuple[Any, ...]:
    """The anchor, the next bill date, and until when it is paid."""
    row = business.subscription()
    return row["anchor"], row["next_bill_date"], row["paid_through"]


# --- bills ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # What Keap names is taken; what it does not is counted from the last bill.
        ({}, ("2025-01-15", "2026-03-15", "2026-03-14")),
        ({"Paid Thru Date": ""}, ("2025-01-15", "2026-03-15", None)),
        ({"Paid Thru Date": "2025-12-15"}, ("2025-01-15", "2026-01-15", "2026-01-14")),
        # The last day of a month stays the last day of each.
        (
            {"Start Date": "2025-01-31", "Paid Thru Date": "2026-01-31"},
            ("2025-01-31", "2026-02-28", "2026-02-27"),
        ),
        (
            {"Start Date": "2025-01-31", "Paid Thru Date": "2026-02-28"},
            ("2025-01-31", "2026-03-31", "2026-03-30"),
        ),
        (
            {"Start Date": "2024-02-29", "Paid Thru Date": "2026-02-28", "Cycle": 1},
            ("2024-02-29", "2027-02-28", "2027-02-27"),
        ),
        (
            {"Start Date": "2024-02-29", "Paid Thru Date": "2027-02-28", "Cycle": 1},
            ("2024-02-29", "2028-02-29", "2028-02-28"),
        ),
        # A day that was moved in Keap begins a rhythm of its own.
        ({"Paid Thru Date": "2026-02-20"}, ("2026-02-20", "2026-03-20", "2026-03-19")),
        ({"Frequency": 3, "Paid Thru Date": "2026-01-15"}, ("2025-01-15", "2026-04-15", "2026-04-14")),
        ({"Cycle": 3, "Paid Thru Date": "2026-02-25"}, ("2025-01-15", "2026-03-04", "2026-03-03")),
        ({"Cycle": 6, "Frequency": 30, "Paid Thru Date": "2026-02-20"}, ("2026-02-20", "2026-03-22", "2026-03-21")),
        # Without a start it began with what is known.
        ({"Start Date": "", "Paid Thru Date": "2026-02-20"}, ("2026-02-20", "2026-03-20", "2026-03-19")),
        # Nothing was billed yet.
        ({"Start Date": "2026-04-10", "Paid Thru Date": ""}, ("2026-04-10", "2026-04-10", None)),
        # Nothing comes after the end.
        ({"Status": "Inactive", "Auto Charge": "No"}, ("2025-01-15", None, "2026-03-14")),
    ],
    ids=str,
)
def test_what_keap_leaves_to_be_derived(
    business: Business, row: dict[str, object], expected: tuple[str | None, ...]
) -> None:
    business.bring(wizard(gold(**row)))
    assert billing(business) == expected
    assert counted(business.bring(wizard(gold(**row))))["subscription"] == {"same": 1}


def test_a_next_bill_date_that_was_moved(business: Business) -> None:
    business.bring(
        {"s.json": answer("subscriptions", V2_SUBSCRIPTION | {"next_bill_date": "2026-03-20"}), "c.csv": CONTACTS}
    )
    assert billing(business) == ("2026-03-20", "2026-03-20", "2026-03-19")


def test_a_version_that_tells_less_does_not_move_the_rhythm(business: Business) -> None:
    month_end = {"start_date": "2024-12-10", "last_bill_date": "2026-01-31", "next_bill_date": "2026-02-28"}
    business.bring({"s.json": answer("subscriptions", V2_SUBSCRIPTION | month_end), "c.csv": CONTACTS})
    assert billing(business) == ("2026-01-31", "2026-02-28", "2026-02-27")
    business.bring(
        {
            "s.json": answer(
                "subscriptions", V1_SUBSCRIPTION | {"start_date": "2024-12-10", "next_bill_date": "2026-02-28"}
            )
        }
    )
    assert billing(business) == ("2026-01-31", "2026-02-28", "2026-02-27")


@pytest.mark.parametrize(
    ("more", "frequency", "reason"),
    [
        ({"billing_frequency": 30}, 1, "counts days: imported as once a month"),
        (
            {"billing_frequency": 90, "last_bill_date": "2025-12-15"},
            3,
            "counts days: imported as every 3 months",
        ),
        ({"billing_frequency": 30, "next_bill_date": "2028-08-15"}, 30, ""),
        ({"billing_frequency": 0}, 1, "is not a frequency: imported as 1"),
    ],
    ids=str,
)
def test_frequencies_that_are_days(business: Business, more: dict[str, Any], frequency: int, reason: str) -> None:
    report = business.bring({"s.json": answer("subscriptions", V2_SUBSCRIPTION | more), "c.csv": CONTACTS})
    assert business.subscription()["frequency"] == frequency
    assert [row.reason for row in report.left_out] == ([reason] if reason else [])
    assert not any(row.refused for row in report.left_out)


# --- plans and products -----------------------------------------------------------------------------------------------


def test_plans_and_products_that_are_only_mentioned_get_their_names_later(business: Business) -> None:
    business.bring(wizard(gold()))
    assert business.rows(PLANS) == [
        {
            "keap_id": "17",
            "product_id": 42,
            "name": "Product 42",
            "cycle": "month",
            "frequency": 1,
            "price_minor": 4900,
            "currency": "USD",
        }
    ]
    products = sheet(
        PRODUCTS_EXPORT, {"Id": 42, "Product Name": "Gold", "Sku": "G", "Price": "$490", "Product Status": "Active"}
    )
    plans = table({"Id": 17, "ProductId": 42, "Cycle": 2, "Frequency": 1, "PlanPrice": "45", "NumberOfCycles": 0})
    report = business.bring({"plans.csv": plans, "products.csv": products})
    assert kinds(report) == [(Kind.PLAN,), (Kind.PRODUCT,)]
    assert counted(report) == {"product": {"changed": 1}, "plan": {"changed": 1}}
    assert business.row("SELECT name, sku, price_minor, active FROM product") == {
        "name": "Gold",
        "sku": "G",
        "price_minor": 49000,
        "active": 1,
    }
    (plan,) = business.rows(PLANS)
    assert (plan["name"], plan["price_minor"]) == ("Gold", 4500)
    assert business.subscription()["price_minor"] == 4900
    business.check()


def test_old_plans_are_programs(business: Business) -> None:
    programs = table(
        {"Id": 9, "ProgramName": "Old gold", "DefaultPrice": "45", "DefaultCycle": 1, "DefaultFrequency": 1}
    )
    row = gold(**{"Subscription Plan Id": 0, "Program Id": 9, "Product Id": ""})
    report = business.bring(wizard(row) | {"programs.csv": programs})
    assert counted(report)["plan"] == {"new": 1}
    (plan,) = business.rows(PLANS)
    assert (plan["keap_id"], plan["name"], plan["cycle"]) == ("9", "Old gold", "year")
    assert business.subscription()["plan_id"] == 9


def test_a_product_is_never_a_plan_of_the_same_number(business: Business) -> None:
    products = sheet(PRODUCTS_EXPORT, {"Id": 17, "Product Name": "Book", "Price": "$5"})
    business.bring(wizard(gold(**{"Product Id": ""})) | {"products.csv": products})
    (plan,) = business.rows(PLANS)
    assert plan["name"] == "Plan 17"
    assert business.value("SELECT name FROM product WHERE keap_id = '17'") == "Book"
    assert plan["product_id"] != business.value("SELECT id FROM product WHERE keap_id = '17'")


def test_subscriptions_of_no_plan_at_all(business: Business) -> None:
    rows = table(
        {"Id": 1, "Contact Id": 1204, "Cycle": "Monthly", "Price": "5", "Start Date": "2025-01-15"},
        {"Id": 2, "Contact Id": 1204, "Cycle": "Annually", "Price": "5", "Start Date": "2025-01-15"},
        {
            "Id": 3,
            "Contact Id": 1204,
            "Cycle": "Monthly",
            "Price": "5",
            "Start Date": "2025-01-15",
            "Plan Name": "Silver",
        },
        {
            "Id": 4,
            "Contact Id": 1204,
            "Cycle": "Monthly",
            "Price": "5",
            "Start Date": "2025-01-15",
            "Plan Name": "Bronze",
        },
        {"Id": 5, "Contact Id": 1204, "Cycle": "Monthly", "Price": "7", "Start Date": "2025-01-15"},
    )
    files: dict[str, str | bytes] = {"s.csv": rows, "c.csv": CONTACTS}
    business.bring(files)
    assert [row["name"] for row in business.rows(PLANS)] == ["Monthly plan", "Yearly plan", "Silver", "Bronze"]
    assert counted(business.bring(files))["subscription"] == {"same": 5}
    backend = business.backend(Role.AGENT)
    assert {row.plan for row in backend.read(ListSubscriptions(SubscriptionFilter())).rows} == {
        "Monthly plan",
        "Yearly plan",
        "Silver",
        "Bronze",
    }


@pytest.mark.parametrize("amount", [4900.0, 0.49])
def test_an_amount_in_a_unit_that_cannot_be_is_doubted(business: Business, amount: float) -> None:
    plans = table({"Id": 17, "ProductId": 42, "Cycle": 2, "Frequency": 1, "PlanPrice": "49", "NumberOfCycles": 0})
    files: dict[str, str | bytes] = {
        "p.csv": plans,
        "s.json": answer("subscriptions", V2_SUBSCRIPTION | {"billing_amount": amount}),
        "c.csv": CONTACTS,
    }
    report = business.bring(files)
    assert [(row.column, row.reason, row.refused) for row in report.left_out] == [
        ("Billing Amount", "was imported, but is off the plan's price by a factor of 100: is it in cents?", False)
    ]
    assert counted(report)["subscription"] == {"new": 1}


def test_what_costs_nothing_is_not_doubted(business: Business) -> None:
    business.bring(wizard(gold(Price="0.50")))
    report = business.bring(wizard(gold(Price="0")))
    assert (counted(report)["subscription"], report.left_out) == ({"changed": 1}, ())
    assert business.subscription()["price_minor"] == 0


# --- strange rows -----------------------------------------------------------------------------------------------------


def test_strange_rows_are_left_out_with_their_reason(business: Business) -> None:
    rows: list[dict[str, object]] = [
        gold(**{"Infusionsoft's Contact Id": 9}),
        gold(**{"Infusionsoft's Contact Id": ""}),
        gold(**{"Start Date": "", "Paid Thru Date": ""}),
        gold(**{"Start Date": "31/31/2020"}),
        gold(Status="Paused"),
        gold(Cycle=5),
        gold(Frequency=999_999),
        gold(Frequency="1" * 5000),
        gold(Frequency=-1),
        gold(Price="1e3"),
        gold(Price="ten"),
        gold(Price="9" * 18),
        gold(Price="XYZ 5"),
        gold(**{"Auto Charge": "maybe"}),
        gold(**{"Credit Card Id": "4111111111111111"}),
        gold(**{"Max Charge Attempts": "3.5"}),
    ]
    report = business.bring(wizard(*({**row, "Your System's Subscription Id": at} for at, row in enumerate(rows))))
    assert counted(report)["subscription"] == {"refused": len(rows)}
    assert [(line, *rest) for _, line, *rest in left_out(report)] == [
        (2, "Contact Id", "9", "is not a known contact"),
        (3, "Contact Id", "", "is not a known contact"),
        (4, "Start Date", "", "has no start date"),
        (5, "Start Date", "31/31/2020", "does not exist (month 31)"),
        (6, "Status", "Paused", "is not Active or Inactive"),
        (7, "Cycle", "5", "is not a billing cycle (day, week, month or year)"),
        (8, "Frequency", "999999", "is more than 366"),
        (9, "Frequency", "1" * 79 + "…", "is too large"),
        (10, "Frequency", "-1", "is not a whole number"),
        (11, "Price", "1e3", "is not an amount"),
        (12, "Price", "ten", "is not an amount"),
        (13, "Price", "9" * 18, "is too large"),
        (14, "Price", "XYZ 5", "has an unknown currency (XYZ)"),
        (15, "Auto Charge", "maybe", "is not yes or no"),
        (16, "Credit Card Id", "···· 1111", "is a card number, not an id"),
        (17, "Max Charge Attempts", "3.5", "is not a whole number"),
    ]
    assert business.value("SELECT count(*) FROM subscription") == 0
    business.check()


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("$1,234.50", (123450, "USD")),
        ("AUD 12.00", (1200, "AUD")),
        ("12 JPY", (12, "JPY")),
        ("€49,00", (4900, "EUR")),
        ("(5.00)", (-500, "USD")),
        ("49.0000", (4900, "USD")),
        ("N/A", (7700, "USD")),
        ("", (7700, "USD")),
    ],
)
def test_money_as_people_write_it(business: Business, price: str, expected: tuple[int, str]) -> None:
    """Where a subscription has no price of its own it has its plan's."""
    plans = table({"Id": 17, "ProductId": 42, "Cycle": 2, "PlanPrice": "77.00", "NumberOfCycles": 0})
    business.bring(wizard(gold(Price=price)) | {"plans.csv": plans})
    row = business.subscription()
    assert (row["price_minor"], row["currency"]) == expected


def test_quantities_that_make_too_much(business: Business) -> None:
    rows = table(
        {
            "Id": 1,
            "Contact Id": 1204,
            "Cycle": 2,
            "Price": "9999999999.99",
            "Qty": 1_000_000,
            "Start Date": "2025-01-15",
        },
        {"Id": 2, "Contact Id": 1204, "Cycle": 2, "Price": "9999999999.99", "Qty": 0, "Start Date": "2025-01-15"},
    )
    report = business.bring({"s.csv": rows, "c.csv": CONTACTS})
    assert left_out(report) == [("s.csv", 2, "Qty", "1000000", "makes the amount too large")]
    assert business.subscription("2")["quantity"] == 1
