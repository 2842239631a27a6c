"""Saved views on the screens: saved from All subscriptions, opened from anywhere; and the choice of columns."""

from pathlib import Path

from subtui.acts.saved_views import SaveView
from subtui.app.widgets.record_table import RecordTable
from subtui.domain.saved_views import Listing
from tests.app.driver import Driver, running


def labels(driver: Driver) -> list[str]:
    return [column.label for column in driver.here.query_one("#list", RecordTable).columns]


def ids(driver: Driver) -> list[int]:
    return [row.key for row in driver.here.query_one("#list", RecordTable).rows]


async def save(driver: Driver, name: str) -> None:
    await driver.press("W")
    await driver.press(*name)
    await driver.press("enter")


async def test_what_is_listed_is_saved_and_opened_again(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.press("slash")
        await driver.type("status:inactive reason:unused")
        await driver.press("enter", "greater_than_sign", "equals_sign")
        listed = ids(driver)
        assert len(listed) == 18
        assert listed == sorted(listed, reverse=True)
        await save(driver, "unused")
        assert "Saved the view “unused”. V opens it." in driver.text
        await driver.press("escape", "tab", "V")
        await driver.press("enter")
        assert driver.route == "/subscriptions"
        assert ids(driver) == listed
        assert "View “unused”." in driver.text
        assert "by Id, the other way round" in driver.text


async def test_the_fields_of_the_filter_are_saved_as_operators(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions?state=paused") as driver:
        listed = ids(driver)
        await driver.press("W")
        assert "status:paused, by contact" in driver.text
        await driver.press("p", "enter", "V", "enter")
        assert ids(driver) == listed


async def test_columns_are_chosen_and_ordered(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        every = labels(driver)
        await driver.press("C", "space", "down", "greater_than_sign", "enter")
        assert labels(driver)[:2] == ["View", "Contact"]
        assert len(labels(driver)) == len(every) - 1
        first = driver.here.query_one("#list", RecordTable).rows[0]
        assert first.cells[1].text == "Abernathy, Paul"
        await save(driver, "plans")
        await driver.press("V", "enter")
        assert labels(driver)[:2] == ["View", "Contact"]
        await driver.press("less_than_sign")
        assert "by View" in driver.text


async def test_a_view_of_contacts_opens_the_search(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.here.do(SaveView("phx", Listing.CONTACTS, query="city:phoenix"))
        await driver.press("V", "enter")
        assert driver.route == "/"
        assert "3 of 3 contacts" in driver.text


async def test_a_view_is_removed(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await save(driver, "one")
        await driver.press("V", "d")
        assert "Removed the view “one”." in driver.text
        await driver.press("V")
        assert "None yet." in driver.text


async def test_the_team_has_what_is_shared(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.press("W", *"ours", "tab", "space", "tab", "tab", "enter")
        assert "Saved the view “ours” for the team." in driver.text
        await driver.press("W", *"mine", "enter")
    async with running(demo_db, who="viewer") as driver:
        await driver.press("tab", "V")
        assert "ours" in driver.text
        assert "mine" not in driver.text


async def test_a_viewer_keeps_views_but_shares_none(demo_db: Path) -> None:
    async with running(demo_db, who="viewer", route="/subscriptions") as driver:
        await driver.press("W")
        assert "for the whole team" not in driver.text
        await driver.press(*"mine", "enter")
        assert "Saved the view “mine”." in driver.text


async def test_a_name_is_needed_and_nothing_is_saved_when_read_only(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions", read_only=True) as driver:
        await driver.press("W")
        assert "Save this list as a view" not in driver.text


async def test_a_view_in_an_order_that_no_column_has_is_opened(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions") as driver:
        await driver.here.do(SaveView("standing", Listing.SUBSCRIPTIONS, sort="standing", reverse=True))
        await driver.press("V", "enter")
        assert "by standing, the other way round" in driver.text
        assert len(ids(driver)) == 200
