"""The slash in a list: it filters the list, and a second one searches everything."""

from pathlib import Path

from subtui.app.widgets.record_table import RecordTable
from tests.app.driver import Driver, running


def listed(driver: Driver, table: str = "subscriptions") -> list[str]:
    at = 1 if table == "subscriptions" else 0
    return [row.cells[at].text for row in driver.here.query_one(f"#{table}", RecordTable).rows]


async def test_a_slash_filters_the_list(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        await driver.press("slash")
        await driver.type("year shop")
        assert listed(driver) == ["Workshop, yearly"]
        assert "1 of 2 listed" in driver.text
        await driver.press("enter")
        assert driver.focus == "subscriptions"
        await driver.press("enter")
        assert driver.route == "/subscriptions/1052"


async def test_escape_shows_all_rows_again(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        before = listed(driver)
        await driver.press("slash")
        await driver.type("zzz")
        assert listed(driver) == []
        assert "No row has these words." in driver.text
        await driver.press("escape")
        assert (listed(driver), driver.focus) == (before, "subscriptions")
        assert driver.route == "/contacts/1007/orders"
        await driver.press("escape")
        assert driver.route != "/contacts/1007/orders"


async def test_a_second_slash_searches_everything(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        await driver.press("slash", "slash")
        assert (driver.route, driver.focus) == ("/", "search")


async def test_the_filter_stays_when_the_list_is_loaded_again(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        await driver.press("slash")
        await driver.type("monthly")
        await driver.press("enter", "ctrl+r")
        assert listed(driver) == ["Monthly plan"]


async def test_another_list_has_a_filter_of_its_own(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        await driver.press("slash")
        await driver.type("monthly")
        await driver.press("enter", "up", "slash")
        assert len(listed(driver)) == 2
        await driver.type("1702")
        assert listed(driver, "orders") == ["1702"]


async def test_where_the_screen_filters_in_the_database_its_field_is_focused(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.press("slash")
        assert driver.focus == "text"
        await driver.type("status:paused")
        assert "of 0" in driver.text or "No matching" in driver.text
