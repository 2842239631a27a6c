"""Both sides change at random, with readings and sendings between them: neither loses a change in silence."""

import json
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from subtui.acts.log import VerifyLog
from subtui.domain.errors import SubtuiError
from subtui.domain.money import Money
from subtui.domain.outbox import SendState
from subtui.domain.subscriptions import Status
from subtui.keap_mock import faults
from subtui.views.keap import Choice
from tests.services.database import rows
from tests.services.keap.direct import Killed
from tests.services.keap.world import World

COLUMNS = {
    "quantity": "quantity",
    "billing_amount": "price_minor",
    "max_charge_attempts": "max_attempts",
    "end_date": "end_date",
    "active": "status",
    "auto_charge": "auto_charge",
}
STEPS = 14


class _History:
    """One subscription, and what was done to it there."""

    def __init__(self, world: World, number: int, chance: Random) -> None:
        self.world, self.number, self.chance = world, number, chance
        self.edits: dict[str, Any] = {}  # the last value that each field was given in Keap by its users

    def step(self) -> None:
        kinds = (self._act, self._act, self._edit, self._edit, self._pull, self._push, self._push)
        self.world.hands.move(self.chance.randrange(30, 4000))
        self.chance.choice(kinds)()

    def _act(self) -> None:
        world, number, chance = self.world, self.number, self.chance
        record = world.record(number)
        kind = chance.choice(("end", "undo", "quantity", "price", "attempts"))
        with suppress(SubtuiError):
            if kind == "quantity":
                world.save(number, quantity=chance.randrange(1, 9))
            elif kind == "price":
                world.save(number, price=Money(chance.randrange(1, 99) * 100, record.terms.price.currency))
            elif kind == "attempts":
                world.save(number, max_attempts=chance.randrange(1, 9))
            elif record.terms.ending.status is Status.ACTIVE:
                world.cancel(number, days=chance.randrange(5, 60))
            else:
                world.undo(number)

    def _edit(self) -> None:
        world, number, chance = self.world, self.number, self.chance
        there = world.there(number)
        day = (world.here.today + timedelta(days=chance.randrange(5, 60))).isoformat()
        fields = chance.choice(
            (
                {"quantity": chance.randrange(1, 9)},
                {"billing_amount": chance.randrange(1, 99)},
                {"max_charge_attempts": chance.randrange(1, 9)},
                {"end_date": day},
                {"active": False, "auto_charge": False, "end_date": day},
                {"active": True, "auto_charge": True},
            )
        )
        self.edits |= {name: value for name, value in fields.items() if there[name] != value}
        world.account.patch_subscription(number, **fields)

    def _pull(self) -> None:
        with suppress(Killed):
            self.world.as_new_process(at=self.chance.choice((None, None, self.chance.randrange(1, 300))))
            self.world.pull()
        self.world.as_new_process()

    def _push(self) -> None:
        if self.chance.random() < 0.3:
            fault = self.chance.choice((faults.reset_after_change(), faults.status(502), faults.late(99)))
            self.world.mock.faults.add(fault, method="PATCH", path="/subscriptions/")
        with suppress(Killed, SubtuiError):
            self.world.as_new_process(minutes=10, at=self.chance.choice((None, None, self.chance.randrange(1, 40))))
            self.world.push(self.number)
        self.world.mock.faults.clear()
        self.world.as_new_process(minutes=10)
        self.world.calls.line.arrive()

    def settle(self) -> None:
        """Read, send and decide until nothing is open that a program or a decision can settle."""
        world = self.world
        for _ in range(6):
            world.as_new_process(minutes=10)
            world.push(self.number)
            world.pull(whole=True)
            for row in world.open_rows(self.number):
                if row["state"] == SendState.CONFLICT:
                    world.decide(row["id"], self.chance.choice((Choice.OURS, Choice.THEIRS)))
            if all(row["state"] == SendState.MANUAL for row in world.open_rows(self.number)):
                break


def _shown(world: World) -> set[tuple[str, str]]:
    """Each field and value of Keap's that a conflict has shown."""
    entries = rows(world.db, "SELECT after FROM event WHERE command = 'keap.conflict'")
    found = [_read(entry["after"]) for entry in entries]
    return {(name, str(value)) for after in found for name, value in after.items()}


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _check(history: _History) -> None:
    world, number = history.world, history.number
    there, stored = world.there(number), world.stored(number)
    here = {
        "quantity": stored["quantity"],
        "billing_amount": str(stored["price_minor"] / 100).removesuffix(".0"),
        "max_charge_attempts": stored["max_attempts"],
        "end_date": stored["end_date"] and str(stored["end_date"]),
        "active": stored["status"] == "Active",
        "auto_charge": bool(stored["auto_charge"]),
    }
    by_hand = {name for row in world.open_rows(number) for name in row["wanted"]}
    differs = {name for name, value in here.items() if name not in by_hand and value != there[name]}
    assert differs == set(), (here, there, world.outbox(number))
    # What was edited there is there still, or was shown as a conflict before it was replaced.
    shown = _shown(world)
    lost = {
        name: value
        for name, value in history.edits.items()
        if str(there[name]) != str(value) and (name, str(value)) not in shown and not _replaced_openly(history, name)
    }
    assert lost == {}, (there, world.outbox(number), shown)


def _replaced_openly(history: _History, name: str) -> bool:
    """Whether the edit was read here before a change of the same field was saved here: then it was no secret."""
    found = history.world.outbox(history.number)
    return any(str(row["wanted"][name][0]) == str(history.edits[name]) for row in found if name in row["wanted"])


@pytest.mark.parametrize("seed", range(12))
def test_both_sides_agree_in_the_end_and_no_edit_is_lost_in_silence(world: World, seed: int) -> None:
    chance = Random(seed)  # noqa: S311
    history = _History(world, chance.choice(world.active_ones()), chance)
    for _ in range(STEPS):
        history.step()
    history.settle()
    _check(history)
    assert world.here.read(VerifyLog()).broken is None
