"""Lists that are longer than what is read at once: they go on where one comes near the end."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Static

from subtui.app.screens.contact import ContactScreen
from subtui.app.screens.dashboard import Dashboard
from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.search_results import LOADED_AT_MOST
from tests.app.driver import Driver, running
from tests.made_contacts import put

MANY = 700


@pytest.fixture
def many(demo_db: Path) -> Path:
    """The demo, with hundreds of people of one name, and a contact with hundreds of subscriptions."""
    with closing(sqlite3.connect(demo_db)) as connection:
        for number in range(5000, 5000 + MANY):
            put(connection, number, first_name=f"Kim {number}", last_name="Quillfeather")
        columns = [row[1] for row in connection.execute("PRAGMA table_info(subscription)") if row[1] != "id"]
        listed = ", ".join(columns)
        rest = ", ".join("5000" if name == "contact_id" else "NULL" if name == "keap_id" else name for name in columns)
        connection.execute(
            f"INSERT INTO subscription ({listed}) SELECT {rest} FROM subscription, (SELECT 1 UNION SELECT 2)"  # noqa: S608
        )
        connection.commit()
    return demo_db


def table(driver: Driver, name: str) -> RecordTable:
    return driver.app.screen.query_one(f"#{name}", RecordTable)


async def test_more_results_come_as_one_scrolls_until_there_are_enough(many: Path) -> None:
    async with running(many) as driver:
        await driver.type("quillfeather")
        results = table(driver, "results")
        assert f"50 of {MANY} contacts" in driver.text
        for shown in (100, 150):
            results.move_to(len(results.rows) - 5)
            await driver.settle()
            assert len(results.rows) == shown
            assert f"{shown} of {MANY} contacts" in driver.text
        keys = [row.key for row in results.rows]
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)
        while len(results.rows) < LOADED_AT_MOST:
            results.move_to(len(results.rows) - 1)
            await driver.settle()
        results.move_to(LOADED_AT_MOST)
        await driver.settle()
        assert len(results.rows) == LOADED_AT_MOST
        assert "type more to narrow it down" in driver.text


async def test_another_search_begins_at_the_top(many: Path) -> None:
    async with running(many) as driver:
        await driver.type("quillfeather")
        table(driver, "results").move_to(48)
        await driver.settle()
        await driver.type(" 5001")
        assert "1 contact" in driver.text
        assert table(driver, "results").cursor == 0
        assert [row.key for row in table(driver, "results").rows] == [5001]


async def test_what_is_spelled_alike_is_below_and_marked(many: Path) -> None:
    async with running(many) as driver:
        await driver.type("quillfaether 5001")
        assert "No exact match · 1 similar name" in driver.text
        assert "≈ Quillfeather" in driver.text
        await driver.press("enter")
        assert isinstance(driver.app.screen, ContactScreen)
        assert driver.app.screen.contact_id == 5001


async def test_subscriptions_of_a_contact_go_on_in_their_order(many: Path) -> None:
    async with running(many, route="/contacts/5000/orders", size=(120, 40)) as driver:
        listed = table(driver, "subscriptions")
        with closing(sqlite3.connect(many)) as connection:
            wanted = [
                number
                for (number,) in connection.execute(
                    "SELECT id FROM subscription WHERE contact_id = 5000 ORDER BY status, start_date DESC, id"
                )
            ]
        assert len(listed.rows) == 100
        while len(listed.rows) < len(wanted):
            before = len(listed.rows)
            listed.move_to(before - 1)
            await driver.settle()
            assert len(listed.rows) > before
        assert [row.key for row in listed.rows] == wanted
        head = str(driver.app.screen.query_one("#subscriptions-head", Static).content)
        assert head.startswith(f"Subscriptions   {len(wanted)} of {len(wanted)}")


async def test_m_shows_more_orders_behind_those_that_are_there(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders", size=(120, 40)) as driver:
        orders = table(driver, "orders")
        orders.focus()
        await driver.settle()
        first = [row.key for row in orders.rows]
        assert len(first) == 5
        await driver.press("m")
        more = [row.key for row in orders.rows]
        assert more[:5] == first
        assert len(more) == len(set(more)) > 5


async def test_coming_back_to_the_dashboard_searches_anew(many: Path) -> None:
    async with running(many) as driver:
        await driver.type("quillfeather")
        await driver.press("enter", "escape")
        assert isinstance(driver.app.screen, Dashboard)
        assert f"50 of {MANY} contacts" in driver.text
        # The one that was opened comes first among equals now.
        assert table(driver, "results").rows[0].key == 5000
