"""Changes on both sides: nothing is overwritten on either one without a decision."""

from datetime import timedelta
from typing import Any

import pytest

from subtui.domain.money import Money
from subtui.domain.outbox import SendState
from subtui.keap_mock import faults
from subtui.views.keap import Choice
from tests.services.keap.world import World

THEIRS: dict[str, Any] = {
    "active": False,
    "auto_charge": False,
    "end_date": "2026-09-09",
    "reason_stopped": "Their words",
    "quantity": 7,
    "billing_amount": 77.5,
    "max_charge_attempts": 9,
}
HERE = {
    "active": "status",
    "auto_charge": "auto_charge",
    "end_date": "end_date",
    "reason_stopped": "reason_note",
    "quantity": "quantity",
    "billing_amount": "price_minor",
    "max_charge_attempts": "max_attempts",
}
"""The column that shows a field of Keap's."""


@pytest.fixture
def number(world: World) -> int:
    """An active subscription."""
    return world.active_ones()[0]


def _change_all(world: World, number: int) -> None:
    world.save(number, quantity=3, price=Money(4321, "USD"), max_attempts=5)
    world.cancel(number, reason_code="other", reason_note="Our words")


@pytest.mark.parametrize("field", THEIRS)
def test_a_field_that_only_keap_changed_is_taken_although_a_push_read_it_first(
    world: World, number: int, field: str
) -> None:
    """The push reads the whole row, and writes nothing here: the next pull has to bring what it saw."""
    if field == "quantity":
        world.save(number, max_attempts=5)
    else:
        world.save(number, quantity=3)
    before = world.stored(number)
    world.account.patch_subscription(number, **{field: THEIRS[field]})
    world.push(number)
    assert world.states(number) == [SendState.VERIFIED]
    world.hands.move(3600)
    world.pull()
    after = world.stored(number)
    assert before[HERE[field]] != after[HERE[field]]


@pytest.mark.parametrize("field", ["quantity", "billing_amount", "max_charge_attempts", "end_date", "reason_stopped"])
@pytest.mark.parametrize("choice", list(Choice))
@pytest.mark.parametrize("reads", ["pull", "push"])
def test_a_field_that_both_changed_waits_for_a_decision(
    world: World, number: int, field: str, choice: Choice, reads: str
) -> None:
    _change_all(world, number)
    ours = world.stored(number)[HERE[field]]
    world.hands.move(3600)
    world.account.patch_subscription(number, **{field: THEIRS[field]})
    if reads == "pull":
        world.pull()
    world.push(number)
    assert world.there(number)[field] == _compared(field)
    assert world.stored(number)[HERE[field]] == ours
    (row,) = [row for row in world.open_rows(number) if row["state"] == SendState.CONFLICT]
    assert row["seen"][field][2] == _compared(field)
    world.decide(row["id"], choice)
    world.hands.move(3600)
    world.push(number)
    world.pull()
    assert world.open_rows(number) == []
    there, here = world.there(number), world.stored(number)[HERE[field]]
    if choice is Choice.OURS:
        assert (there[field], here) == (row["wanted"][field][1], ours)
    else:
        assert there[field] == _compared(field)
        assert (here == ours) is (choice is Choice.LEAVE)


def _compared(field: str) -> Any:
    return "77.5" if field == "billing_amount" else THEIRS[field]


def test_what_keap_has_cleared_is_taken_where_its_side_is_chosen(world: World, number: int) -> None:
    day = world.here.today + timedelta(days=40)
    world.save(number, end_date=day, reason_code="too_expensive")
    world.push(number)
    world.save(number, end_date=day + timedelta(days=5))
    world.account.patch_subscription(number, end_date=None)
    world.push(number)
    (row,) = [row for row in world.open_rows(number) if row["state"] == SendState.CONFLICT]
    world.decide(row["id"], Choice.THEIRS)
    assert world.stored(number)["end_date"] is None


def test_a_date_that_keap_has_cleared_is_cleared_here(world: World, number: int) -> None:
    world.save(number, end_date=world.here.today + timedelta(days=40), reason_code="too_expensive")
    world.push(number)
    world.hands.move(3600)
    world.account.patch_subscription(number, end_date=None)
    world.pull()
    assert world.stored(number)["end_date"] is None


def test_a_second_change_here_does_not_decide_a_conflict(world: World, number: int) -> None:
    world.save(number, quantity=3)
    world.account.patch_subscription(number, quantity=7)
    world.push(number)
    assert world.states(number) == [SendState.CONFLICT]
    world.save(number, quantity=4)
    world.push(number)
    assert world.there(number)["quantity"] == 7
    assert SendState.CONFLICT in world.states(number)


def test_billing_in_between_is_said_and_taken(world: World, number: int) -> None:
    world.cancel(number)
    world.hands.move(2 * 86400)
    world.account.bill_subscription(number, world.account.today)
    world.account.patch_subscription(number, end_date="2026-12-31")
    world.pull()
    (row,) = world.open_rows(number)
    assert row["state"] == SendState.CONFLICT
    assert "after it was ended here" in row["note"]
    assert world.there(number)["active"] is True


def test_a_subscription_that_was_billed_in_between_is_still_ended(world: World, number: int) -> None:
    world.cancel(number)
    world.hands.move(3600)
    world.account.bill_subscription(number, world.account.today)
    world.push(number)
    world.pull()
    assert (world.open_rows(number), world.there(number)["active"]) == ([], False)
    assert world.stored(number)["status"] == "Inactive"


def test_a_subscription_that_was_moved_is_ended_and_moved_here(world: World, number: int) -> None:
    mine = world.stored(number)["contact_id"]
    other = next(at for at in range(1, 8) if at != mine)
    world.cancel(number)
    world.hands.move(3600)
    world.account.move_subscription(number, other)
    world.push(number)
    world.pull()
    assert (world.stored(number)["contact_id"], world.there(number)["active"]) == (other, False)
    assert world.open_rows(number) == []


def test_a_subscription_that_is_set_active_again_in_keap_is_active_here(world: World, number: int) -> None:
    world.cancel(number)
    world.push(number)
    world.hands.move(3600)
    world.account.patch_subscription(number, active=True, auto_charge=True, end_date=None)
    world.pull()
    stored = world.stored(number)
    assert (stored["status"], bool(stored["auto_charge"]), stored["end_date"]) == ("Active", True, None)


def test_a_page_that_was_read_before_a_change_was_sent_does_not_undo_it(world: World, number: int) -> None:
    """A pull reads ahead: what it holds may be older than what was sent and verified meanwhile."""
    other = world.opened()

    def meanwhile() -> None:
        world.hands.move(60)
        world.cancel(number)
        world.push(number, other)

    # When the next page is asked for, the one with the subscription has not been written yet.
    world.mock.faults.add(faults.meanwhile(meanwhile, after=True), path="v2/subscriptions$")
    world.pull(whole=True)
    assert world.there(number)["active"] is False
    assert world.stored(number)["status"] == "Inactive"
    world.pull()
    assert world.stored(number)["status"] == "Inactive"
