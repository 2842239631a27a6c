"""Sending to Keap: each change once, verified by a reading, or given to a person with a sentence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

import pytest

from subtui.domain.errors import SubtuiError
from subtui.domain.money import Money
from subtui.domain.outbox import SendState
from subtui.keap_mock import Switches, faults
from subtui.keap_mock.errors import ErrorShape
from subtui.keap_mock.faults import Fault
from tests.services.database import everything, run_with
from tests.services.keap.direct import Killed
from tests.services.keap.world import RECORD, World

PATCHED = {"method": "PATCH", "path": "/subscriptions/"}
READ = {"method": "GET", "path": "/subscriptions/"}

FAULTS: dict[str, Fault] = {
    "429 of the gateway": faults.status(429, "Quota Exceeded", shape=ErrorShape.GATEWAY),
    "429 as a fault": faults.status(429, "Spike arrest", shape=ErrorShape.FAULT),
    "429 with a wait": faults.status(429, "Slower", headers=(("Retry-After", "2"),)),
    "500": faults.status(500),
    "502 as HTML": faults.html(502),
    "503": faults.status(503),
    "504, done": faults.status(504, applied=True),
    "500, done": faults.status(500, applied=True),
    "reset": faults.reset(),
    "reset, done": faults.reset_after_change(),
    "cut, done": faults.cut(),
    "timeout, done": faults.slow(100),
    "timeout, done late": faults.late(100),
    "half an answer, done": faults.truncated(),
    "HTML for an answer, done": replace(faults.html(), applied=True),
    "HTML for an answer": faults.html(),
    "empty, not done": faults.empty(),
    "without the reason": faults.partly("reason_stopped"),
    "without a date": faults.partly("end_date"),
    "without anything": faults.partly("active", "auto_charge", "end_date", "reason_stopped"),
    "409": faults.status(409, "Conflict"),
}


@pytest.fixture
def number(world: World) -> int:
    """An active subscription."""
    return world.active_ones()[0]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_sending_is_overcome(world: World, number: int, name: str) -> None:
    world.mock.faults.add(FAULTS[name], **PATCHED)  # type: ignore[arg-type]
    world.cancel(number)
    before = everything(world.db)
    for _ in range(3):
        world.push(number)
        world.calls.line.arrive()
    (row,) = world.outbox(number)
    wanted = {field: here for field, (_, here) in row["wanted"].items()}
    there = {field: world.there(number)[field] for field in wanted}
    if row["state"] == SendState.VERIFIED:
        assert there == wanted
    else:
        assert (row["state"], bool(row["note"])) == (SendState.MANUAL, True)
        assert row["steps"]
    effects = world.mock.effects(number)
    assert len(effects) == (1 if there == wanted else len(effects))
    assert all(len({field for effect in effects for field in effect.changes}) >= len(e.changes) for e in effects)
    after = everything(world.db)
    assert all(before[table] == after[table] for table in RECORD if table in before)


@pytest.mark.parametrize("name", [name for name in FAULTS if "without" not in name])
def test_a_fault_of_the_reading_before_or_after_is_overcome(world: World, number: int, name: str) -> None:
    for nth in (1, 2):
        world.mock.faults.add(FAULTS[name], nth=nth, **READ)  # type: ignore[arg-type]
    world.cancel(number)
    for _ in range(3):
        world.as_new_process()
        world.push(number)
    assert world.states(number) == [SendState.VERIFIED]
    assert len(world.mock.effects(number)) == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (faults.status(400, "quantity is wrong"), "quantity is wrong"),
        (faults.status(403, "Not for you"), "Not for you"),
        (faults.status(404, "No such operation"), "No such operation"),
        (faults.status(501, "Not here"), "Not here"),
        (faults.status(409, "Locked"), "Locked"),
        (faults.status(405, "Method not allowed"), "Method not allowed"),
    ],
)
def test_what_keap_never_takes_is_refused_in_its_words(world: World, number: int, fault: Fault, sentence: str) -> None:
    world.mock.faults.add(fault, method="PATCH", times=None)
    world.mock.faults.add(fault, method="POST", times=None)
    world.cancel(number)
    world.push(number)
    (row,) = world.outbox(number)
    assert row["state"] == SendState.REFUSED
    assert sentence in row["note"]
    assert world.mock.effects(number) == []
    assert len([call for call in world.mock.calls if call.method != "GET"]) <= 4


def test_a_key_that_is_refused_stops_all_and_loses_nothing(world: World) -> None:
    first, second = world.active_ones()[:2]
    world.cancel(first)
    world.cancel(second)
    world.mock.faults.add(faults.status(401, "Expired"), times=None)
    with pytest.raises(Exception, match="does not accept the key"):
        world.push()
    world.mock.faults.clear()
    world.push()
    assert (world.states(first), world.states(second)) == ([SendState.VERIFIED], [SendState.VERIFIED])


@pytest.mark.parametrize("code", [400, 403, 501])
def test_a_subscription_that_cannot_be_read_does_not_hold_up_the_others(world: World, code: int) -> None:
    first, second = world.active_ones()[:2]
    world.cancel(first)
    world.cancel(second)
    world.mock.faults.add(faults.status(code, "Not this one"), path=f"/subscriptions/{first}$", times=None)
    report = world.push()
    assert world.states(second) == [SendState.VERIFIED]
    assert world.states(first) == [SendState.WAITING]
    assert "Not this one" in report.sentences[0]
    world.mock.faults.clear()
    world.push()
    assert world.states(first) == [SendState.VERIFIED]


def test_a_date_that_is_refused_is_done_by_hand_and_the_rest_is_sent(world: World, number: int) -> None:
    world.mock.faults.add(faults.status(400, "end date must not be in the past"), method="PATCH")
    world.cancel(number)
    world.push(number)
    (row,) = world.outbox(number)
    assert (row["state"], world.there(number)["active"]) == (SendState.MANUAL, False)
    assert "end date must not be in the past" in row["note"]
    assert any("Set End Date to" in step for step in row["steps"])
    world.account.patch_subscription(number, end_date=row["wanted"]["end_date"][1])
    world.hands.move(3600)
    world.pull()
    assert world.states(number) == [SendState.VERIFIED]


def test_the_contact_is_said_where_keap_asks_for_it(world: World, number: int) -> None:
    world.mock.switches = replace(world.mock.switches, generation="2025-11")
    world.cancel(number, reason_code="too_expensive")
    world.push(number)
    assert world.there(number)["active"] is False
    patched = [call for call in world.mock.calls if call.method == "PATCH"]
    assert [("contact_id" in call.body, call.status) for call in patched][:2] == [(False, 400), (True, 200)]
    assert ("update_mask", "contact_id") not in patched[1].query


@pytest.mark.parametrize("mode", ["active", "reason", "auto_charge", "end_date"])
def test_a_state_that_no_patch_changes_is_changed_by_its_verb(world: World, number: int, mode: str) -> None:
    world.mock.switches = Switches(active_patched=False, deactivate=mode)  # type: ignore[arg-type]
    world.cancel(number)
    for _ in range(2):
        world.push(number)
    there = world.there(number)
    (row,) = world.outbox(number)
    assert there["active"] is False
    assert there["auto_charge"] is False
    if row["state"] == SendState.VERIFIED:
        assert {name: there[name] for name in row["wanted"]} == {name: two[1] for name, two in row["wanted"].items()}
    else:
        assert (row["state"], bool(row["note"])) in {(SendState.CONFLICT, True), (SendState.CONFLICT, False)}
    assert [call.path.rpartition(":")[2] for call in world.mock.calls if call.method == "POST"] == ["deactivate"]


def test_a_subscription_that_is_gone_is_left_to_a_person(world: World, number: int) -> None:
    world.cancel(number)
    world.account.delete("subscriptions", number)
    world.push(number)
    (row,) = world.outbox(number)
    assert (row["state"], bool(row["note"]), bool(row["steps"])) == (SendState.MANUAL, True, True)


def test_a_change_that_is_undone_before_it_is_sent_is_never_sent(world: World, number: int) -> None:
    before = world.there(number)
    world.cancel(number)
    world.undo(number)
    world.push(number)
    assert world.open_rows(number) == []
    assert (world.mock.effects(number), world.there(number)) == ([], before)


def test_a_cancellation_that_is_undone_before_it_is_sent_is_never_sent_with_the_rest(world: World, number: int) -> None:
    world.cancel(number, quantity=6)
    world.undo(number)
    for _ in range(3):
        world.push(number)
    assert world.open_rows(number) == []
    assert [dict(effect.changes) for effect in world.mock.effects(number)] == [{"quantity": (1, 6)}]
    assert world.there(number)["active"] is True


def test_a_change_that_is_undone_after_it_was_sent_is_sent_back(world: World, number: int) -> None:
    world.cancel(number)
    world.push(number)
    world.undo(number)
    world.push(number)
    there = world.there(number)
    assert (there["active"], there["auto_charge"], there["reason_stopped"]) == (True, True, "" or None)
    (row,) = world.open_rows(number)  # no request clears a date
    assert (row["state"], "clear" in row["note"]) == (SendState.MANUAL, True)
    world.account.patch_subscription(number, end_date=None)
    world.hands.move(3600)
    world.pull()
    assert world.open_rows(number) == []


def test_cancelled_undone_and_cancelled_again_is_sent_once(world: World, number: int) -> None:
    world.cancel(number, days=20)
    world.undo(number)
    world.cancel(number, days=30)
    world.push(number)
    assert world.open_rows(number) == []
    (effect,) = world.mock.effects(number)
    day = (world.here.today + timedelta(days=30)).isoformat()
    assert (effect.changes["end_date"][1], world.there(number)["active"]) == (day, False)


def test_a_price_and_an_end_are_sent_in_one_request(world: World, number: int) -> None:
    world.save(number, price=Money(1234, "USD"), quantity=3)
    world.cancel(number)
    world.push(number)
    assert world.open_rows(number) == []
    (effect,) = world.mock.effects(number)
    assert effect.changes["billing_amount"][1] == 12.34
    assert set(world.states(number)) == {SendState.VERIFIED}


def test_a_process_that_ends_at_any_point_of_a_sending_sends_nothing_twice(world: World) -> None:
    numbers = cycle(world.active_ones())
    at, killed = 1, True
    while killed:
        number = next(numbers)
        effects = len(world.mock.effects(number))
        world.kill.arm(None)
        record = world.record(number)
        if record.terms.ending.auto_charge:
            world.save(number, auto_charge=False)
        else:
            world.save(number, auto_charge=True)
        world.as_new_process(minutes=10, at=at)
        try:
            world.push(number)
            killed = False
        except Killed:
            at += 1
        world.as_new_process(minutes=10)
        world.push(number)
        assert world.states(number)[-1] == SendState.VERIFIED
        assert len(world.mock.effects(number)) == effects + 1
    assert at > 20


Meanwhile = Callable[[], object]


def test_two_programs_never_send_one_subscription_at_once(world: World, number: int) -> None:
    """The second one, with a newer change, waits until the older one has been sent."""
    other = world.opened()
    reports = []

    def meanwhile() -> None:
        world.save(number, quantity=9)
        reports.append(world.push(number, other))

    world.mock.faults.add(faults.meanwhile(meanwhile), **PATCHED)  # type: ignore[arg-type]
    world.save(number, quantity=5)
    world.push(number)
    world.push(number)
    assert [report.by_state for report in reports] == [{}]
    assert world.open_rows(number) == []
    assert [effect.changes["quantity"][1] for effect in world.mock.effects(number)] == [5, 9]
    assert world.there(number)["quantity"] == 9


def test_a_claim_of_another_program_is_not_given_up(world: World, number: int) -> None:
    """A request that took longer than the claim ends after another program has claimed the subscription."""
    claim = world.hands.at + timedelta(minutes=30)

    def meanwhile() -> None:
        run_with(world.db, "UPDATE keap_outbox SET claimed_until = ?", claim.strftime("%Y-%m-%d %H:%M:%S.%f"))

    world.save(number, quantity=5)
    world.mock.faults.add(replace(faults.status(401), before=meanwhile), **PATCHED)  # type: ignore[arg-type]
    with pytest.raises(SubtuiError):
        world.push(number)
    (row,) = world.outbox(number)
    assert row["state"] == SendState.SENDING
    assert str(row["claimed_until"])[:16] == f"{claim:%Y-%m-%d %H:%M}"
    assert world.push(number).by_state == {}
    assert world.mock.effects(number) == []
