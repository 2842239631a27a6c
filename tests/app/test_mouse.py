"""The mouse: tabs, hints of keys and crumbs act on a click, a row is marked by one and opened by the next."""

from pathlib import Path

import pytest
from textual.widget import Widget

from subtui.app.widgets.key_bar import KeyBar
from subtui.app.widgets.message_line import MessageLine
from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.tab_line import TabLine
from subtui.app.widgets.top_bar import TopBar
from tests.app.driver import Driver, running

CONTACT = "/contacts/1007"


async def click_on(driver: Driver, widget: type, words: str) -> None:
    line = driver.text.splitlines()[driver.here.query_one(widget).region.y]
    await driver.pilot.click(widget, offset=(line.index(words) + 1 - driver.here.query_one(widget).region.x, 0))
    await driver.settle()


async def test_a_tab_opens(demo_db: Path) -> None:
    async with running(demo_db, route=CONTACT) as driver:
        await click_on(driver, TabLine, "Orders")
        assert driver.route == f"{CONTACT}/orders"
        await click_on(driver, TabLine, "Activity")
        assert driver.route == f"{CONTACT}/activity"


async def test_a_hint_presses_its_key(demo_db: Path) -> None:
    async with running(demo_db, route=CONTACT) as driver:
        await click_on(driver, KeyBar, "Keys")
        assert driver.route == "/help"


async def test_a_crumb_leads_back(demo_db: Path) -> None:
    async with running(demo_db, route=CONTACT) as driver:
        await click_on(driver, TopBar, "Dashboard")
        assert driver.route == "/"


async def test_a_row_is_marked_and_then_opened(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        table = driver.here.query_one("#list", RecordTable)
        await driver.pilot.click(table, offset=(5, 3))
        await driver.settle()
        assert (driver.route, table.cursor) == ("/subscriptions", 2)
        await driver.pilot.click(table, offset=(5, 3))
        await driver.settle()
        assert driver.route == f"/subscriptions/{table.rows[2].key}"


@pytest.mark.parametrize("part", [TopBar, MessageLine, KeyBar])
async def test_a_click_on_a_screen_that_is_being_closed_does_nothing(demo_db: Path, part: type[Widget]) -> None:
    async with running(demo_db, route=CONTACT) as driver:
        screen = driver.here
        await screen.query_one(part).remove()
        await screen.action_command("app.menu")
        screen.say("too late")
        screen.refresh_frame()
        await driver.settle()
        assert driver.here is screen
