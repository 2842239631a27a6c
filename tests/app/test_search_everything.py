"""The search for everything on the dashboard: other records below the contacts, operators, completion."""

from pathlib import Path

import pytest

from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.search_field import SearchField
from tests.app.driver import Driver, running


def names(driver: Driver, table: str) -> list[str]:
    found = driver.here.query_one(f"#{table}", RecordTable)
    return [row.cells[1].text for row in found.rows]


OPENED = [
    ("CH-662808", "/orders/1881"),
    ("T-1003", "/requests/1003"),
    ("subscription 1042", "/subscriptions/1042"),
    ("order 1042", "/orders/1042"),
    ("4242", "/contacts/1007/orders"),
]


@pytest.mark.parametrize(("typed", "route"), OPENED)
async def test_enter_opens_a_record_that_no_contact_has_the_number_of(demo_db: Path, typed: str, route: str) -> None:
    async with running(demo_db) as driver:
        await driver.type(typed)
        await driver.press("enter")
        assert driver.route == route


async def test_enter_typed_ahead_opens_the_record_too(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.press(*"CH-662808", "enter")
        assert driver.route == "/orders/1881"


async def test_contacts_come_first_and_down_leads_to_other_records(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("1042")
        assert names(driver, "results") == ["Begay, Carlos"]
        assert names(driver, "records") == ["1042", "1042"]
        await driver.press("down", "down", "up", "up", "down")
        assert driver.focus == "search"
        await driver.press("enter")
        assert driver.route == "/subscriptions/1042"


async def test_a_group_narrows_the_search(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("phoenix")
        assert names(driver, "records") == ["Phoenix"]
        await driver.press("enter")
        assert driver.here.query_one("#search", SearchField).value == "city:Phoenix"
        assert "3 of 3 contacts" in driver.text
        assert driver.focus == "search"


async def test_operators_list_subscriptions_and_enter_opens_one(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("lopez status:active")
        assert "1 subscription" in driver.text
        assert [row.key for row in driver.here.query_one("#results", RecordTable).rows] == [1042]
        await driver.press("enter")
        assert driver.route == "/subscriptions/1042"


async def test_operators_about_contacts_list_contacts(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("card:4242")
        assert names(driver, "results") == ["López, María"]
        await driver.press("enter")
        assert driver.route == "/contacts/1007"


async def test_a_value_that_cannot_be_read_is_said(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("ends:soon")
        assert "ends: takes a date" in driver.text
        await driver.press("enter")
        assert driver.route == "/"


async def test_an_operator_that_is_begun_says_what_it_takes(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("owes:")
        assert "owes: takes what the contact owes" in driver.text
        await driver.type(">0")
        assert "of 16 contacts" in driver.text


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("stat", "status:"),
        ("status:act", "status:active"),
        ("plan:gold_m", "plan:Gold_monthly"),
        ("by:da", "by:Dana_Reyes"),
    ],
)
async def test_right_completes_an_operator(demo_db: Path, typed: str, completed: str) -> None:
    async with running(demo_db) as driver:
        await driver.type(typed)
        await driver.press("right")
        assert driver.here.query_one("#search", SearchField).value == completed


async def test_names_are_not_completed(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("st")
        await driver.press("right")
        assert driver.here.query_one("#search", SearchField).value == "st"


async def test_escape_brings_the_overview_back(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("CH-662808")
        assert "Ending soon" not in driver.text
        await driver.press("escape")
        assert "Ending soon" in driver.text
        assert "Other records" not in driver.text
