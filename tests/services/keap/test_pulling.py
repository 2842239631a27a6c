"""Reading from Keap: what is here afterwards is what Keap has, whatever happened on the way."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from subtui.acts.keap import ListRemarks
from subtui.acts.log import VerifyLog
from subtui.domain.errors import Refused
from subtui.keap_mock import faults
from subtui.services.keap import pull
from tests.services.database import everything, rows
from tests.services.keap.direct import Killed
from tests.services.keap.world import World, everything_but_times, unlike

Made = Callable[..., World]

SAME = ("keap_walk",)
"""Tables that say how the last reading went, and not what was read."""


def _same(one: World, other: World) -> None:
    found = unlike(everything_but_times(one.db), everything_but_times(other.db))
    assert {name: rows for name, rows in found.items() if name not in SAME} == {}


def _history(world: World, kills: int, chance: Random) -> None:
    """Read the account, by processes that each end at a random point, and by one that does not."""
    for _ in range(kills):
        world.as_new_process(at=chance.randrange(1, 400))
        try:
            world.pull()
        except Killed:
            continue
    world.as_new_process()
    assert world.pull().stopped == ""


@pytest.mark.parametrize("seed", range(10))
def test_a_pull_that_is_killed_ten_times_brings_what_one_that_is_not_brings(world_of: Made, seed: int) -> None:
    undisturbed, killed = world_of(), world_of()
    undisturbed.pull()
    _history(killed, 10, Random(seed))  # noqa: S311
    _same(undisturbed, killed)
    assert killed.here.read(VerifyLog()).broken is None


def test_a_pull_of_an_account_that_has_not_changed_writes_nothing(world: World) -> None:
    before = everything(world.db)
    assert (world.pull().changed, world.pull(whole=True).new) == (0, 0)
    after = everything(world.db)
    assert {name for name in before if before[name] != after[name]} <= {"keap_walk"}


@pytest.mark.parametrize("seed", range(4))
def test_what_has_changed_is_read_by_a_pull_that_is_killed(world_of: Made, seed: int) -> None:
    worlds = [world_of(), world_of()]
    for world in worlds:
        world.pull()
        world.hands.move(3600)
        account = world.account
        account.patch_subscription(2, quantity=4)
        account.patch_subscription(4, active=False, end_date="2026-03-20", reason_stopped="Unused")
        account.bill_subscription(5, account.today)
        account.change("contacts", 3, {"given_name": "Renée", "update_time": "2026-03-02T17:00:00Z"})
        (paid,) = [row for row in account.rows("payments") if row["id"] == "1"]
        account.refund_payment("1", "1.00")
        assert paid["order_ids"] == ["1"]
    worlds[0].pull()
    _history(worlds[1], 6, Random(seed))  # noqa: S311
    _same(*worlds)
    assert worlds[1].stored(2)["quantity"] == 4
    assert worlds[1].stored(4)["status"] == "Inactive"


def test_a_row_that_changes_while_its_kind_is_read_is_read_the_next_time(world_of: Made) -> None:
    world = world_of()
    account = world.account

    def meanwhile() -> None:
        account.patch_subscription(1, quantity=7)  # behind the cursor
        account.patch_subscription(14, quantity=8)  # before it
        account.delete("subscriptions", 2)
        account.bill_subscription(13, account.today)

    world.mock.faults.add(faults.meanwhile(meanwhile), path="v2/subscriptions$", nth=3)
    world.pull()
    assert world.stored(14)["quantity"] == 8
    world.pull()
    assert world.stored(1)["quantity"] == 7
    world.pull(whole=True)
    assert [(row.kind, row.keap_id) for row in world.here.read(ListRemarks())] == [("subscriptions", "2")]
    assert len(rows(world.db, 'SELECT * FROM "order"')) == len(account.rows("orders"))


@pytest.mark.parametrize("last", [False, True])
def test_a_row_that_is_gone_stays_here_marked(world: World, last: bool) -> None:
    for kind in ("subscriptions", "orders", "contacts"):
        numbers = sorted(int(row["id"]) for row in world.account.rows(kind))
        world.account.delete(kind, numbers[-1] if last else numbers[1])
    before = {kind: len(rows(world.db, f'SELECT * FROM "{kind}"')) for kind in ("subscription", "order", "contact")}  # noqa: S608
    world.pull(whole=True)
    found = sorted((row.kind, row.what) for row in world.here.read(ListRemarks()))
    assert found == [("contacts", "gone"), ("orders", "gone"), ("subscriptions", "gone")]
    after = {kind: len(rows(world.db, f'SELECT * FROM "{kind}"')) for kind in ("subscription", "order", "contact")}  # noqa: S608
    assert before == after
    world.pull(whole=True)
    assert len(world.here.read(ListRemarks())) == 3


def test_contacts_that_are_merged_hand_over_what_they_had(world: World) -> None:
    duplicate = world.stored(1)["contact_id"]
    kept = next(number for number in range(1, 8) if number != duplicate)
    world.hands.move(3600)
    world.account.merge_contacts(kept, duplicate)
    world.pull(whole=True)
    assert world.stored(1)["contact_id"] == kept
    assert [(row.kind, row.keap_id) for row in world.here.read(ListRemarks())] == [("contacts", str(duplicate))]


def test_a_new_contact_of_a_subscription_is_read_with_it(world: World) -> None:
    world.hands.move(3600)
    new = world.account.add("contacts", {"given_name": "New", "update_time": "2020-01-01T00:00:00Z"})
    world.account.move_subscription(3, new)
    world.pull()
    (contact,) = rows(world.db, "SELECT * FROM contact WHERE keap_id = ?", new)
    assert world.stored(3)["contact_id"] == contact["id"]


def test_a_row_that_cannot_be_taken_is_kept_and_taken_when_it_can_be(world_of: Made) -> None:
    world = world_of()
    wrong = {"billing_cycle": "FORTNIGHT"}
    world.account.change("subscriptions", 3, wrong)
    report = world.pull()
    assert report.left_out == 1
    assert rows(world.db, "SELECT * FROM subscription WHERE keap_id = '3'") == []
    (remark,) = world.here.read(ListRemarks())
    assert (remark.kind, remark.keap_id, remark.what) == ("subscriptions", "3", "left_out")
    assert "FORTNIGHT" in remark.reason
    world.hands.move(3600)
    world.account.patch_subscription(3, billing_cycle="MONTH")
    assert world.pull().left_out == 0
    assert world.stored(3)["status"] in ("Active", "Inactive")


def test_a_subscription_without_its_contact_waits_for_it(world_of: Made) -> None:
    world = world_of()
    world.account.patch_subscription(3, contact_id="900")
    assert world.pull().left_out == 1
    world.account.add("contacts", {"id": "900", "given_name": "Late", "update_time": "2026-03-02T16:30:00Z"})
    world.hands.move(3600)
    report = world.pull()
    assert report.left_out == 0
    (contact,) = rows(world.db, "SELECT id FROM contact WHERE keap_id = '900'")
    assert world.stored(3)["contact_id"] == contact["id"]


def test_one_program_reads_at_a_time(world: World) -> None:
    other = world.opened()
    refused: list[str] = []

    def meanwhile() -> None:
        with pytest.raises(Refused) as why:
            world.pull(other)
        refused.append(str(why.value))

    world.mock.faults.add(faults.meanwhile(meanwhile), path="/orders$")
    world.pull(whole=True)
    assert refused == ["Ada Owner is reading from Keap now. Wait until that is done."]
    assert world.pull(other).stopped == ""


def test_two_programs_that_read_at_once_bring_what_one_brings(world_of: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first one gives no sign of life for so long that it counts as ended.
    monkeypatch.setattr(pull, "HEARTBEAT", timedelta(0))
    alone, crowd = world_of(), world_of()
    alone.pull()
    other = crowd.opened()

    def meanwhile() -> None:
        crowd.pull(other)

    crowd.mock.faults.add(faults.meanwhile(meanwhile), path="/orders$", nth=2)
    assert crowd.pull().stopped == ""
    for world in (alone, crowd):
        world.pull(whole=True)
    found = unlike(everything_but_times(alone.db), everything_but_times(crowd.db))
    assert {name for name in found if name != "keap_walk"} <= {"event"}


def test_a_kind_that_is_not_given_is_passed_over(world_of: Made) -> None:
    world = world_of()
    world.mock.faults.add(faults.status(403, "Not for you"), path="/orders$", times=None)
    report = world.pull()
    assert set(report.refused) == {"orders", "payments"}  # a payment is nothing without its order
    assert "Not for you" in report.refused["orders"]
    world.mock.faults.clear()
    world.as_new_process()
    assert world.pull().refused == {}
    undisturbed = world_of()
    undisturbed.pull()
    found = unlike(everything_but_times(world.db), everything_but_times(undisturbed.db))
    assert set(found) <= {"event", "keap_walk"}
