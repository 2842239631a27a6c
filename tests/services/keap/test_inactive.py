"""A Keap whose list of subscriptions leaves the inactive ones out: they are read apart."""

from collections.abc import Callable
from dataclasses import replace

from subtui.acts.keap import ListFindings
from tests.services.database import rows
from tests.services.keap.world import World, everything_but_times, unlike

Made = Callable[..., World]


def _unlisted(world: World) -> None:
    world.mock.switches = replace(world.mock.switches, inactive_listed=False)


def test_they_are_read_by_a_filter_where_the_list_leaves_them_out(world_of: Made) -> None:
    listed, apart = world_of(), world_of()
    _unlisted(apart)
    listed.pull()
    report = apart.pull()
    assert report.counts["inactive subscriptions"].new > 0
    beside = {"keap_walk", "keap_finding", "keap_remark", "event", "subscription_plan"}
    found = unlike(everything_but_times(listed.db), everything_but_times(apart.db))
    assert found.keys() <= beside
    assert rows(apart.db, "SELECT count(*) AS n FROM subscription WHERE status = 'Inactive'")[0]["n"] > 0
    assert rows(apart.db, "SELECT answer FROM keap_finding WHERE name = 'inactive'")[0]["answer"] == "no"
    assert apart.here.read(ListFindings()) == (), "what a reading has found out alone is no check"


def test_a_cancellation_in_keap_is_seen_although_the_list_loses_it(world_of: Made) -> None:
    world = world_of()
    _unlisted(world)
    world.pull()
    (found,) = rows(world.db, "SELECT id, keap_id FROM subscription WHERE status = 'Active' ORDER BY id LIMIT 1")
    world.account.patch_subscription(found["keap_id"], active=False, auto_charge=False, reason_stopped="Unused")
    world.pull()
    (now,) = rows(world.db, "SELECT status, reason_code FROM subscription WHERE id = ?", found["id"])
    assert (now["status"], now["reason_code"]) == ("Inactive", "unused")


def test_where_they_are_listed_nothing_is_read_twice(world_of: Made) -> None:
    world = world_of()
    assert "inactive subscriptions" not in world.pull().counts
    assert "inactive subscriptions" not in world.pull(whole=True).counts
