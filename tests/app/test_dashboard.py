"""The dashboard: live search, what ends soon, loose ends, recently opened."""

from pathlib import Path

import pytest
from textual.events import Paste

from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.search_field import SearchField
from tests.app.driver import Driver, running


def results(driver: Driver) -> list[str]:
    table = driver.here.query_one("#results", RecordTable)
    return [row.cells[1].text for row in table.rows]


@pytest.mark.parametrize(
    "typed",
    [
        "lop mar",
        "maria lopez",
        "LÓPEZ",
        "bluedoor",
        "blue door",
        "(602) 555-0142",
        "602.555.0142",
        "+1 602 555 0142",
        "1007",
        "#1007",
    ],
)
async def test_search_finds_in_any_form(demo_db: Path, typed: str) -> None:
    async with running(demo_db) as driver:
        await driver.type(typed)
        assert "López, María" in results(driver)


async def test_nobody_found_says_what_can_be_searched_for(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("zzzz")
        assert results(driver) == []
        assert "No matches. Try part of a name, e-mail, phone or company, or a number." in driver.text
        await driver.press("enter")
        assert driver.route == "/"


async def test_arrows_choose_without_leaving_the_field(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("lop mar")
        await driver.press("down")
        assert driver.focus == "search"
        await driver.press("enter")
        assert driver.route == "/contacts/1008"


async def test_escape_empties_the_search(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("lop")
        await driver.press("escape")
        assert driver.here.query_one("#search", SearchField).value == ""
        assert "64 contacts, 271 active subscriptions" in driver.text


async def test_contacts_that_were_opened_are_listed_first_thing(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("lopez")
        await driver.press("enter", "escape", "escape")
        assert results(driver) == ["López, María"]
        assert "Recently opened" in driver.text


async def test_ending_soon_opens_the_subscription(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        ending = driver.here.query_one("#ending", RecordTable)
        assert [row.key for row in ending.rows][:2] == [1099, 1073]
        ending.focus()
        await driver.press("enter")
        assert driver.route == "/subscriptions/1099"


async def test_loose_ends_open_the_list_that_can_be_put_right(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        driver.here.query_one("#loose").focus()
        await driver.press("enter")
        assert driver.route == "/subscriptions"
        assert "10 of 10" in driver.text


@pytest.mark.parametrize(("route", "keys"), [("/contacts/1007", ["slash"]), ("/contacts/1007/orders", ["slash"] * 2)])
async def test_slash_leads_to_the_search_from_anywhere(demo_db: Path, route: str, keys: list[str]) -> None:
    async with running(demo_db, route=route) as driver:
        await driver.press(*keys)
        assert driver.route == "/"
        assert driver.focus == "search"


async def test_on_a_wide_terminal_the_marked_record_stands_beside_the_list(demo_db: Path) -> None:
    async with running(demo_db, size=(200, 60)) as driver:
        await driver.type("lop mar")
        assert "maria@bluedoor.example" in driver.text
        assert "Workshop, yearly" in driver.text


async def test_a_page_pasted_into_the_search_is_only_a_search(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        driver.app.post_message(Paste("lopez\nq\nenter\n" * 500))
        await driver.settle()
        assert driver.route == "/"
        assert driver.focus == "search"
