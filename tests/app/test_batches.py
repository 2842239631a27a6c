"""Marking rows, the form of a batch with its dry run, the one confirmation, and the batch itself."""

import asyncio
from datetime import date
from pathlib import Path

from subtui.app.routes import parse
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.widgets.marked_table import MarkedTable
from subtui.domain.batches import BatchAction
from tests.app.driver import Driver, running
from tests.app.hostile import HOSTILE
from tests.services.asking import desk_on
from tests.services.database import rows, run_with
from tests.services.valid_batch_acts import ask, begin, limit

TODAY = date(2026, 3, 2)


def marks(driver: Driver) -> set[int]:
    return driver.here.query_one("#list", MarkedTable).marks


async def through(driver: Driver) -> None:
    """Wait until the batch in the background has ended and is shown."""
    while driver.app.batch_runner.is_running:
        await asyncio.sleep(0.02)
    await driver.settle()


async def test_space_marks_and_goes_down_and_the_sign_is_no_colour(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.press("space", "space")
        assert marks(driver) == {1036, 1061}
        assert "2 marked" in driver.text
        assert "  +  1036" in driver.text
        await driver.press("up", "space")
        assert marks(driver) == {1036}
        await driver.press("u")
        assert marks(driver) == set()
        assert "marked" not in driver.text


async def test_a_range_grows_and_shrinks_with_the_selected_row(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.press("v", "down", "down")
        assert len(marks(driver)) == 3
        assert "3 marked · range" in driver.text
        await driver.press("up")
        assert len(marks(driver)) == 2
        await driver.press("v", "down", "down")
        assert len(marks(driver)) == 2
        await driver.press("shift+down")
        assert len(marks(driver)) == 4


async def test_a_star_marks_all_that_match_not_only_the_loaded_rows(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.press("asterisk")
        assert len(marks(driver)) == 326
        assert "326 marked, 126 of them not listed" in driver.text
        await driver.press("u", "f", "f", "f", "f", "f")
        await driver.press("asterisk")
        assert len(marks(driver)) == 10


async def test_cancelling_the_marked_ones_from_the_list_to_the_undo(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions?state=active", size=(120, 36)) as driver:
        await driver.press("space", "space", "space", "b")
        assert driver.route == "/subscriptions/batch"
        assert "3 marked subscriptions" in driver.text
        await driver.press("tab", "tab", "t")
        assert "Dry run: 3 will be done, 0 refused" in driver.text
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, ConfirmDialog)
        assert "Cancel: 3 subscriptions?" in driver.text
        await driver.press("enter")  # twice Enter does nothing: the safe answer has the focus
        assert driver.route == "/subscriptions/batch"
        assert rows(demo_db, "SELECT id FROM batch") == []
        await driver.press("ctrl+s", "y")
        await through(driver)
        assert driver.route == "/batches/1"
        assert "done · 3 done" in driver.text
        await driver.press("u", "y")
        await through(driver)
        assert "undone · 3 undone" in driver.text


async def test_a_form_that_is_not_filled_in_names_its_field(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions/batch?state=active") as driver:
        await driver.press("ctrl+s")
        assert "Not saved. Choose a reason." in driver.text
        assert driver.focus == "reason"


async def test_the_loose_ends_are_set_right_at_once(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions/batch?state=loose&action=set_reason", size=(120, 36)) as driver:
        await driver.press("tab", "tab", "t")
        assert "9 will be done" in driver.text
        await driver.press("ctrl+s", "y")
        await through(driver)
        assert "9 done" in driver.text


async def test_stopped_by_its_key_it_goes_on_by_another(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as agent:
        ids = tuple(row["id"] for row in rows(demo_db, "SELECT id FROM subscription WHERE status = 'Active'"))
        batch = begin(agent, ids=ids)
    async with running(demo_db, route=f"/batches/{batch.id}", size=(120, 36)) as driver:
        assert "under way" in driver.text
        await driver.press_at_once("w", "x")
        await through(driver)
        assert "stopped" in driver.text
        await driver.press("w")
        await through(driver)
        assert "to do" not in driver.text


async def test_other_screens_are_used_while_it_is_done(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as agent:
        ids = tuple(row["id"] for row in rows(demo_db, "SELECT id FROM subscription WHERE status = 'Active'"))
        batch = begin(agent, ids=ids)
    async with running(demo_db, route=f"/batches/{batch.id}") as driver:
        await driver.press_at_once("w", "S")
        await driver.settle()
        assert driver.route == "/subscriptions"
        assert driver.app.batch_runner.is_running
        await through(driver)
        assert f"Batch {batch.id}:" in driver.text


async def test_another_user_approves_from_the_dashboard(demo_db: Path) -> None:
    ask(demo_db)
    async with running(demo_db, who="admin", size=(120, 36)) as driver:
        assert "1 to approve" in driver.text
    async with running(demo_db, who="admin", route="/batches", size=(120, 36)) as driver:
        await driver.press("enter")
        assert driver.route == "/batches/1"
        await driver.press("a", "y")
        await through(driver)
        assert "done ·" in driver.text
        assert "Approved" in driver.text


async def test_the_requester_sees_that_it_waits(demo_db: Path) -> None:
    ask(demo_db)
    async with running(demo_db, route="/batches/1") as driver:
        await driver.press("a")
        assert "An agent cannot approve" in driver.text
        await driver.press("d", "y")
        assert "Dropped." in driver.text


async def test_hostile_text_is_drawn_as_text(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as agent:
        batch = begin(agent)
    for text in HOSTILE:
        run_with(demo_db, "UPDATE batch SET selection = ?", text)
        run_with(demo_db, "UPDATE batch_row SET reason = ?", text)
        for route in ("/batches", f"/batches/{batch.id}"):
            async with running(demo_db, route=route) as driver:
                assert "\x1b" not in driver.text


def test_the_routes_name_every_action() -> None:
    for action in BatchAction:
        assert parse(f"/subscriptions/batch?action={action.value}").parameter("action") == action.value


async def test_a_limit_is_named_before_anything_is_begun(demo_db: Path) -> None:
    limit(demo_db, most=2)
    async with running(demo_db, route="/subscriptions/batch?state=loose&action=set_reason", size=(120, 36)) as driver:
        await driver.press("tab", "tab", "t")
        assert "Above your limit of 2" in driver.text
