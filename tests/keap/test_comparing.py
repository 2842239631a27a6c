"""A change compared three ways, field by field."""

from typing import Any

import pytest

from subtui.keap.comparing import Change, Fork, changed_fields, circumstances, compare, in_turn


@pytest.mark.parametrize(
    ("before", "here", "there", "sends", "reached", "forks"),
    [
        (1, 2, 1, {"quantity": 2}, (), ()),
        (1, 2, 2, {}, ("quantity",), ()),
        (1, 2, 3, {}, (), (Fork("quantity", 1, 2, 3),)),
        (1, 1, 1, {}, ("quantity",), ()),
        (1, 1, 3, {}, (), (Fork("quantity", 1, 1, 3),)),
        (None, 2, None, {"quantity": 2}, (), ()),
        (1, None, None, {}, ("quantity",), ()),
        (1, 2, None, {}, (), (Fork("quantity", 1, 2, None),)),
    ],
)
def test_one_field(before: Any, here: Any, there: Any, sends: Any, reached: Any, forks: Any) -> None:
    found = compare({"quantity": Change((before,), here)}, {"quantity": there})
    assert (found.to_send, found.reached, found.forks) == (sends, reached, forks)
    assert found.is_reached is bool(reached)


def test_what_keap_may_have_had_counts_as_known() -> None:
    wanted = {"quantity": Change((1, 5), 2)}
    assert compare(wanted, {"quantity": 5}).to_send == {"quantity": 2}
    assert compare(wanted, {"quantity": 6}).forks == (Fork("quantity", 1, 2, 6),)


def test_no_change_at_all_is_reached() -> None:
    assert compare({}, {"quantity": 1}).is_reached


def test_a_later_change_replaces_the_field_of_an_earlier_one() -> None:
    first = {"quantity": Change((1,), 2), "active": Change((True,), False)}
    second = {"quantity": Change((2,), 3)}
    assert in_turn([first, second]) == [
        {"active": Change((True,), False)},
        {"quantity": Change((1, 2), 3)},
    ]
    assert in_turn([]) == []


def test_a_value_that_was_never_sent_is_not_known_in_keap() -> None:
    turns = in_turn([{"quantity": Change((1,), 5)}, {"quantity": Change((1,), 2)}])
    assert compare(turns[1], {"quantity": 5}).forks == (Fork("quantity", 1, 2, 5),)


def test_the_fields_in_which_two_readings_differ() -> None:
    assert changed_fields({"active": True, "quantity": 1}, {"active": True, "quantity": 2}) == {"quantity"}
    assert changed_fields({"active": True}, {"active": True, "end_date": None}) == {"end_date"}
    assert changed_fields({"end_date": "2026-01-01"}, {"end_date": None}) == {"end_date"}
    assert changed_fields({"end_date": None}, {"end_date": None}) == frozenset()


@pytest.mark.parametrize(
    ("before", "after", "ends", "said"),
    [
        ({"contact_id": "1"}, {"contact_id": "2"}, True, ["another contact: 2, before 1"]),
        ({"contact_id": "1"}, {"contact_id": None}, True, []),
        ({"last_bill_date": "2026-01-01"}, {"last_bill_date": "2026-03-05"}, True, ["after it was ended here on"]),
        ({"last_bill_date": "2026-01-01"}, {"last_bill_date": "2026-03-05"}, False, ["since it was read last"]),
        ({"last_bill_date": "2026-01-01"}, {"last_bill_date": "2026-02-01"}, True, ["since it was read last"]),
        ({"last_bill_date": "2026-03-05"}, {"last_bill_date": "2026-03-05"}, True, []),
        ({"active": False}, {"active": True}, True, ["set Active again"]),
        ({"active": False}, {"active": True}, False, []),
        ({"subscription_plan_id": "1"}, {"subscription_plan_id": "2"}, False, ["plan in Keap is now 2"]),
        ({}, {"contact_id": "1", "last_bill_date": "2026-01-01", "active": True}, True, []),
    ],
)
def test_what_else_happened_there(before: Any, after: Any, ends: bool, said: list[str]) -> None:
    found = circumstances(before, after, decided_on="2026-03-02", ends_here=ends)
    assert len(found) == len(said)
    assert all(words in sentence for words, sentence in zip(said, found, strict=True))
