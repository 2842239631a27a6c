"""What Keap's interface answers, as objects that an import reads."""

from datetime import UTC, datetime
from typing import Any

import pytest

from subtui.keap import answers


def test_a_tag_with_its_category() -> None:
    found = {"id": "7", "name": "Members", "category": {"id": 3}}
    assert answers.tag(found, {"3": "Club"})["Tag Category"] == "Club"
    assert "Tag Category" not in answers.tag(found, {})
    assert "Tag Category" not in answers.tag({"id": "7", "name": "Members", "category": None}, {"3": "Club"})


def test_the_plans_of_a_product_get_their_names() -> None:
    found = {"id": "1", "subscription_plans": [{"id": "5"}, {"id": 6}, "odd"]}
    plans = answers.product(found, {"5": "Monthly"})["subscription_plans"]
    assert plans == [{"id": "5", "name": "Monthly"}, {"id": 6}]
    assert answers.product({"id": "1"}, {}) == {"id": "1"}


def test_a_contact_gets_the_name_of_its_owner_and_no_time_of_its_change() -> None:
    found = {"id": "1", "owner_id": 4, "update_time": "2026-01-01T00:00:00Z"}
    assert answers.contact(found, {"4": "Dana"}) == {"id": "1", "owner_id": 4, "Owner": "Dana"}
    assert answers.contact(found, {}) == {"id": "1", "owner_id": 4}


@pytest.mark.parametrize("lacks", ["card_info", "contact_id"])
def test_a_payment_method_that_is_no_card(lacks: str) -> None:
    found = {"payment_method_id": "1", "contact_id": "2", "card_info": {"brand": "Visa", "last_four": "4242"}}
    card = answers.card(found)
    assert card is not None
    assert (card["Id"], card["Card Type"]) == ("1", "Visa")
    assert answers.card({name: value for name, value in found.items() if name != lacks}) is None


def test_a_subscription_names_its_card_by_the_id_that_is_known_here() -> None:
    found = {"id": "1", "payment_method_id": 9, "modification_time": "x", "shipping_address": {}}
    assert answers.subscription(found, {"9": "12"}) == {"id": "1", "Credit Card Id": "12"}
    assert answers.subscription(found, {}) == {"id": "1", "Credit Card Id": "9"}


@pytest.mark.parametrize(
    ("order", "due"),
    [
        ({}, None),
        ({"payment_plan": {"auto_charge": False, "payment_plan_items": [{"status": "FAILED"}]}}, None),
        ({"status": "PAID", "payment_plan": {"auto_charge": True}}, None),
        ({"payment_plan": {"auto_charge": True}}, []),
        ({"payment_plan": {"auto_charge": True, "payment_plan_items": [{"status": "PAID"}]}}, None),
        (
            {
                "payment_plan": {
                    "auto_charge": True,
                    "payment_plan_items": [{"status": "UNPAID_AUTOCHARGE", "due_date": "2026-04-01"}],
                }
            },
            [{"on": "2026-04-01", "amount": None}],
        ),
    ],
)
def test_what_a_payment_plan_would_still_charge(order: dict[str, Any], due: list[Any] | None) -> None:
    found = answers.charging_plan(order)
    assert (found["due"] if found is not None else None) == due


def test_a_transaction_is_known_again_by_what_does_not_change() -> None:
    one = {"payment_id": "1", "transaction_method": "CAPTURE", "transaction_time": "t", "amount": 5}
    assert answers.transaction_key(one | {"status": "PENDING"}) == answers.transaction_key(one)
    assert answers.transaction_key(one) != answers.transaction_key(one | {"transaction_method": "REFUND"})


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-02T16:00:00Z", datetime(2026, 3, 2, 16, tzinfo=UTC)),
        ("2026-03-02T11:00:00-05:00", datetime(2026, 3, 2, 16, tzinfo=UTC)),
        ("2026-03-02T11:00:00", None),
        ("soon", None),
        (None, None),
        (5, None),
    ],
)
def test_an_instant(text: Any, at: datetime | None) -> None:
    assert answers.instant(text) == at


def test_the_ids_that_rows_name() -> None:
    rows: list[dict[str, object]] = [
        {"order_ids": ["1", 2]},
        {"order_ids": []},
        {"order_ids": None},
        {},
        {"order_ids": 3},
        {"order_ids": ""},
    ]
    assert list(answers.ids_named(rows, "order_ids")) == ["1", "2", "3"]
