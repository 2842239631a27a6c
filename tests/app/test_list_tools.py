"""What every list can do: sort by a column, copy, and be written to a file."""

import json
from pathlib import Path

import pytest
from textual.widgets import Input

from subtui.app.widgets.message_line import MessageLine
from subtui.app.widgets.record_table import RecordTable
from tests.app.driver import Driver, running

ORDERS = "/contacts/1007/orders"


def column(driver: Driver, at: int, table: str = "subscriptions") -> list[str]:
    return [row.cells[at].text for row in driver.here.query_one(f"#{table}", RecordTable).rows]


async def test_a_list_is_sorted_by_the_next_column_and_turned_around(demo_db: Path) -> None:
    async with running(demo_db, route=ORDERS) as driver:
        await driver.press("up", "m")
        assert driver.focus == "orders"
        await driver.press("greater_than_sign")
        numbers = [int(text) for text in column(driver, 0, "orders")]
        assert numbers == sorted(numbers)
        assert "Sorted by Order." in driver.text
        await driver.press("equals_sign")
        assert [int(text) for text in column(driver, 0, "orders")] == sorted(numbers, reverse=True)
        assert "Sorted by Order, the other way round." in driver.text
        await driver.press("less_than_sign")
        assert column(driver, 4, "orders") == sorted(column(driver, 4, "orders"))


async def test_days_are_sorted_as_days(demo_db: Path) -> None:
    async with running(demo_db, route=ORDERS, size=(120, 36)) as driver:
        await driver.press(*["greater_than_sign"] * 4)
        assert "▲Start Date" in driver.text
        assert column(driver, 3) == ["15 Jan 2024", "1 Sep 2024"]


@pytest.mark.parametrize("size", [(120, 36)])
async def test_all_subscriptions_are_sorted_in_the_database(demo_db: Path, size: tuple[int, int]) -> None:
    async with running(demo_db, route="/subscriptions", size=size) as driver:
        await driver.press("greater_than_sign")
        numbers = [int(text) for text in column(driver, 0, "list")]
        assert numbers == sorted(numbers)
        assert "by Id" in driver.text
        await driver.press("equals_sign")
        assert int(column(driver, 0, "list")[0]) > max(numbers)
        assert "by Id, the other way round" in driver.text


async def test_a_click_on_a_label_sorts(demo_db: Path) -> None:
    async with running(demo_db, route="/requests") as driver:
        table = driver.here.query_one(RecordTable)
        before = [row.key for row in table.rows]
        await driver.pilot.click(table, offset=(3, 0))
        assert table.arrangement.sorted_by == 0
        await driver.pilot.click(table, offset=(3, 0))
        assert table.arrangement.reverse
        assert sorted(before) == sorted(row.key for row in table.rows)


async def test_y_twice_copies_the_id(demo_db: Path) -> None:
    async with running(demo_db, route=ORDERS) as driver:
        await driver.press("y", "y")
        assert driver.app.clipboard == "1042"
        assert "Copied to the terminal's clipboard: 1042" in driver.text


async def test_a_cell_or_the_row_is_copied(demo_db: Path) -> None:
    async with running(demo_db, route=ORDERS) as driver:
        await driver.press("y", "down", "enter")
        assert driver.app.clipboard == "Monthly plan"
        await driver.press("y", "r")
        assert driver.app.clipboard.startswith("1042\tMonthly plan\t1\t")
        await driver.press("y", "escape")
        assert driver.route == ORDERS


async def test_the_listed_rows_are_written_to_a_file(demo_db: Path, tmp_path: Path) -> None:
    async with running(demo_db, route=ORDERS) as driver:
        await driver.press("slash")
        await driver.type("monthly")
        await driver.press("enter", "E")
        driver.app.screen.query_one("#path", Input).value = str(tmp_path / "list.json")
        await driver.press("enter")
        (row,) = json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))
        assert (row["View"], row["Bill Amt"]) == ("Monthly plan", "49.00 USD")
        assert driver.here.query_one(MessageLine).sentence == f"Exported 1 row to {tmp_path / 'list.json'}."


async def test_an_ending_that_is_unknown_is_refused(demo_db: Path, tmp_path: Path) -> None:
    async with running(demo_db, route=ORDERS) as driver:
        await driver.press("E")
        driver.app.screen.query_one("#path", Input).value = str(tmp_path / "list.txt")
        await driver.press("enter")
        assert "End the name with .csv, .json or .md" in driver.text
        assert not list(tmp_path.glob("list*"))


async def test_whoever_only_looks_exports_nothing(demo_db: Path) -> None:
    async with running(demo_db, route=ORDERS, who="viewer") as driver:
        await driver.press("E")
        assert "!" in driver.text
        assert driver.here.route.screen == "contact_orders"
