"""What Keap is told of a subscription: the difference to what it has, and only what it takes."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from subtui.domain.money import Money
from subtui.domain.reasons import CANCELLING
from subtui.keap.patches import Known, facts_of
from subtui.keap.wire import in_major_units

TODAY = date(2026, 3, 2)
REASONS = {reason.code: reason for reason in CANCELLING}
GOING_ON = {
    "status": "Active",
    "auto_charge": True,
    "end_date": None,
    "next_bill_date": "2026-03-15",
    "reason_code": None,
    "reason_note": "",
    "quantity": 1,
    "price": "49.00 USD",
}
ENDED = GOING_ON | {
    "status": "Inactive",
    "auto_charge": False,
    "end_date": "2026-03-14",
    "next_bill_date": None,
    "reason_code": "too_expensive",
    "reason_note": "asked twice",
}


def patch(now: dict[str, Any], *befores: dict[str, Any], imported: dict[str, Any] | None = None) -> Any:
    known = Known()
    for before in befores:
        known.changed_here(facts_of(before, "USD"))
    if imported is not None:
        known.came_from_keap(facts_of(imported, "USD"))
    return known.patch(facts_of(now, "USD"), REASONS, TODAY)


def test_a_cancellation() -> None:
    found = patch(ENDED, GOING_ON)
    assert found.mask == ("active", "auto_charge", "end_date", "reason_stopped")
    assert found.body == {
        "active": False,
        "auto_charge": False,
        "end_date": "2026-03-14",
        "reason_stopped": "Too expensive - asked twice",
    }
    assert found.notes == ()


def test_an_undone_one_says_nothing() -> None:
    assert patch(GOING_ON, GOING_ON, ENDED) is None


def test_taking_back_what_keap_has_been_told() -> None:
    found = patch(GOING_ON, ENDED)
    assert found.body == {
        "active": True,
        "auto_charge": True,
        "next_bill_date": "2026-03-15",
        "reason_stopped": "",
    }
    assert found.notes == ("Keap's interface has no known way to clear the end date: clear it by hand in Keap.",)


def test_a_day_that_has_passed_is_left_out_and_named() -> None:
    found = patch(ENDED | {"end_date": "2026-03-01"}, GOING_ON)
    assert found.mask == ("active", "auto_charge", "reason_stopped")
    assert "2026-03-01 is in the past" in found.notes[0]
    today = patch(ENDED | {"end_date": "2026-03-02"}, GOING_ON)
    assert today.body["end_date"] == "2026-03-02"
    late = patch(GOING_ON | {"next_bill_date": "2026-03-01"}, ENDED)
    assert "next_bill_date" not in late.body
    assert "2026-03-01 is in the past" in late.notes[1]


def test_price_and_quantity() -> None:
    found = patch(GOING_ON | {"price": "1,234.50 USD", "quantity": 3}, GOING_ON)
    assert found.body == {"quantity": 3, "billing_amount": Decimal("1234.50")}
    assert isinstance(found.body["billing_amount"], Decimal)


@pytest.mark.parametrize(
    ("money", "number"), [(Money(4900, "USD"), "49.00"), (Money(4900, "JPY"), "4900"), (Money(1, "KWD"), "0.001")]
)
def test_major_units_are_exact(money: Money, number: str) -> None:
    assert str(in_major_units(money)) == number


def test_the_first_that_is_known_of_a_fact_is_what_keap_has() -> None:
    found = patch(ENDED | {"quantity": 5}, {"quantity": 2}, GOING_ON | {"quantity": 4})
    assert found.body["quantity"] == 5
    assert patch(GOING_ON | {"quantity": 2}, {"quantity": 2}, {"quantity": 4}) is None


def test_an_entry_that_holds_columns_says_the_same_as_one_in_words() -> None:
    columns = {"auto_charge": 0, "price_minor": 3900, "currency": "EUR", "end_date": "2026-03-14", "more": "{}"}
    words = {"auto_charge": False, "price": "39.00 EUR", "end_date": "2026-03-14", "more": {}}
    assert facts_of(columns, "USD") == facts_of(words, "USD")


def test_what_a_file_of_keaps_has_said_since_is_not_sent_back() -> None:
    assert patch(ENDED, GOING_ON, imported={name: ENDED[name] for name in ENDED}) is None
    found = patch(GOING_ON, GOING_ON, imported={"status": "Inactive", "auto_charge": 0, "price_minor": 100})
    assert found.mask == ("active", "auto_charge", "billing_amount")
