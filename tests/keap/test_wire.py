"""A subscription in Keap's fields: equal values are equal texts, and nothing is invented."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.keap.wire import CONTEXT, FIELDS, MODIFIED, amount_text, body_value, image_of, wire_of, words_of

REASONS: dict[str, Reason] = {}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (49, "49"),
        (Decimal("49.00"), "49"),
        (Decimal("49.50"), "49.5"),
        ("49.5", "49.5"),
        (Decimal(0), "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.001"), "0.001"),
        ("dear", "dear"),
        (Decimal("NaN"), "NaN"),
    ],
)
def test_an_amount_has_one_form(value: Any, text: str) -> None:
    assert amount_text(value) == text


@pytest.mark.parametrize(
    ("name", "value", "compared"),
    [
        ("active", True, True),
        ("active", None, None),
        ("end_date", "", None),
        ("end_date", "2026-03-31", "2026-03-31"),
        ("reason_stopped", "  ", None),
        ("reason_stopped", " Moved ", "Moved"),
        ("quantity", "3", 3),
        ("quantity", 3, 3),
        ("quantity", Decimal(3), 3),
        ("quantity", "many", "many"),
        ("billing_amount", Decimal("49.00"), "49"),
        ("payment_method_id", 12, "12"),
        ("contact_id", "12", "12"),
    ],
)
def test_a_value_of_an_answer(name: str, value: Any, compared: Any) -> None:
    assert image_of({name: value})[name] == compared


def test_what_an_answer_leaves_out_is_none() -> None:
    assert image_of({}) == dict.fromkeys((*FIELDS, *CONTEXT, MODIFIED))


@pytest.mark.parametrize(
    ("money", "text"),
    [(Money(4900, "USD"), "49"), (Money(4950, "USD"), "49.5"), (Money(500, "JPY"), "500"), (Money(1, "KWD"), "0.001")],
)
def test_a_price_is_in_major_units(money: Money, text: str) -> None:
    wire = wire_of({"price": money}, REASONS)
    assert wire == {"billing_amount": text}
    assert body_value("billing_amount", wire["billing_amount"]) == Decimal(text)


def test_facts_in_the_order_of_the_mask() -> None:
    facts = {
        "quantity": 2,
        "reason_note": "Moved",
        "reason_code": None,
        "end_date": date(2026, 3, 31),
        "auto_charge": False,
        "status": "Inactive",
        "next_bill_date": date(2026, 4, 1),
        "max_attempts": 4,
    }
    wire = wire_of(facts, REASONS)
    assert list(wire) == ["active", "auto_charge", "end_date", "reason_stopped", "quantity", "max_charge_attempts"]
    assert (wire["active"], wire["end_date"], wire["quantity"]) == (False, "2026-03-31", 2)


def test_the_next_bill_is_told_of_an_active_subscription_only() -> None:
    day = date(2026, 4, 1)
    assert wire_of({"status": "Active", "next_bill_date": day}, REASONS)["next_bill_date"] == "2026-04-01"
    assert "next_bill_date" not in wire_of({"status": "Inactive", "next_bill_date": day}, REASONS)
    assert "next_bill_date" not in wire_of({"status": "Active", "next_bill_date": None}, REASONS)


def test_an_empty_reason_is_sent_as_an_empty_text() -> None:
    assert body_value("reason_stopped", None) == ""
    assert body_value("end_date", None) is None
    assert body_value("active", False) is False


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("active", True, "Active"),
        ("active", False, "Inactive"),
        ("active", None, "unknown"),
        ("auto_charge", True, "on"),
        ("auto_charge", False, "off"),
        ("end_date", None, "none"),
        ("quantity", 0, "0"),
    ],
)
def test_a_value_for_people(name: str, value: Any, words: str) -> None:
    assert words_of(name, value) == words
