"""Sendings with a fault at every step, drawn at random: what is promised of each change holds at the end of all.

Never sent twice with an effect, never verified while Keap has it otherwise, never lost, and nothing written here.
"""

from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from subtui.acts.log import VerifyLog
from subtui.domain.errors import SubtuiError
from subtui.domain.money import Money
from subtui.domain.outbox import FOR_A_PERSON, SendState
from subtui.domain.subscriptions import Status
from subtui.keap_mock import faults
from subtui.keap_mock.errors import ErrorShape
from subtui.keap_mock.faults import Fault
from tests.services.database import rows
from tests.services.keap.direct import Killed
from tests.services.keap.world import World

FAULTS: tuple[Fault | None, ...] = (
    *(None, None, None),
    *(faults.status(429, "Quota Exceeded", shape=shape) for shape in (ErrorShape.GATEWAY, ErrorShape.FAULT)),
    faults.status(429, headers=(("Retry-After", "2"),)),
    *(faults.status(code, applied=done) for code in (500, 502, 503, 504) for done in (False, True)),
    *(faults.reset(), faults.reset_after_change(), faults.cut(), faults.truncated()),
    *(faults.slow(100), faults.late(100), faults.html(), faults.html(502), faults.empty()),
    *(replace(faults.html(), applied=True), replace(faults.empty(), applied=True)),
    *(faults.partly("reason_stopped"), faults.partly("end_date"), faults.partly("active", "quantity")),
    *(faults.status(code) for code in (401, 403, 404, 409)),
    faults.status(400, "end date must not be in the past"),
    faults.status(400, "contact_id is required"),
    faults.status(400, "active cannot be changed"),
)
SCHEDULES = 50


def _act(world: World, number: int, chance: Random) -> None:
    record = world.record(number)
    kind = chance.choice(("end", "end", "undo", "price", "quantity", "both"))
    with suppress(SubtuiError):
        if kind == "undo":
            world.undo(number)
        elif kind == "price":
            world.save(number, price=Money(chance.randrange(100, 9000), record.terms.price.currency))
        elif kind == "quantity":
            world.save(number, quantity=chance.randrange(1, 9))
        elif record.terms.ending.status is Status.ACTIVE:
            more: dict[str, Any] = {"quantity": chance.randrange(1, 9)} if kind == "both" else {}
            world.cancel(number, days=chance.randrange(1, 60), **more)


def _of_the_record(world: World, number: int) -> Any:
    return world.stored(number), rows(world.db, "SELECT COUNT(*) AS count FROM contact")


def _try(world: World, number: int, at: int | None) -> None:
    world.as_new_process(minutes=10, at=at)
    with suppress(SubtuiError, Killed):
        world.push(number)
    world.kill.arm(None)
    world.calls.line.arrive()


def _schedule(world: World, number: int, chance: Random) -> None:
    """Acts, sendings with faults and processes that end, and sendings without until nothing waits."""
    sent = len(world.mock.effects(number))
    _act(world, number, chance)
    before = _of_the_record(world, number)
    for method in ("GET", "PATCH", "GET", "POST"):
        fault = chance.choice(FAULTS)
        if fault is not None:
            nth = chance.randrange(1, 3)
            world.mock.faults.add(fault, method=method, path=f"/subscriptions/{number}", nth=nth)
    for _ in range(chance.randrange(1, 3)):
        _try(world, number, chance.choice((None, chance.randrange(1, 40))))
    assert _of_the_record(world, number) == before
    if chance.random() < 0.3:
        _act(world, number, chance)
    before = _of_the_record(world, number)
    world.mock.faults.clear()
    for _ in range(4):
        _try(world, number, None)
        if not _waiting(world, number):
            break
    assert _of_the_record(world, number) == before
    _check(world, number, sent)


def _waiting(world: World, number: int) -> list[dict[str, Any]]:
    return [row for row in world.open_rows(number) if row["state"] not in FOR_A_PERSON]


def _check(world: World, number: int, sent: int) -> None:
    assert _waiting(world, number) == []
    open_rows = world.open_rows(number)
    for row in open_rows:
        assert row["note"] or row["seen"], row
    # What Keap has otherwise than it was decided here is among the open changes.
    there = world.there(number)
    known: dict[str, Any] = {}
    for row in world.outbox(number):
        known |= {name: change[1] for name, change in row["wanted"].items()}
    unsettled = {name for row in open_rows for name in row["wanted"]}
    left = {name for row in world.outbox(number) if row["state"] == SendState.LEFT for name in row["wanted"]}
    wrong = {name for name, value in known.items() if name not in unsettled | left and there[name] != value}
    assert wrong == set(), (known, there)
    # Every effect brought a field to another value: none was repeated.
    values: dict[str, list[object]] = {}
    for effect in world.mock.effects(number)[sent:]:
        for name, (was, now) in effect.changes.items():
            assert was != now
            values.setdefault(name, []).append(now)
    wanted = [change[1] for row in world.outbox(number) for change in row["wanted"].values()]
    assert all(len(found) <= len(wanted) for found in values.values())


@pytest.mark.parametrize("seed", range(10))
def test_fifty_schedules_of_faults_keep_what_is_promised(world: World, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    numbers = world.active_ones()
    for _ in range(SCHEDULES):
        _schedule(world, chance.choice(numbers), chance)
    assert world.here.read(VerifyLog()).broken is None
