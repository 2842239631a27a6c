"""When it ends: the choices beside a typed date, and the unused part in the preview and the refund."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.app.driver import Driver, running

FORM = "/subscriptions/1042"


def end_date(driver: Driver) -> str:
    return driver.here.query_one("#end-date", Input).value


@pytest.mark.parametrize(
    ("downs", "end", "shown"),
    [
        (0, "14 Mar 2026", "Active → Inactive"),
        (1, "2 Mar 2026", "12 of"),
        (2, "14 Apr 2026", "1 more bill"),
        (4, "14 Jun 2026", "3 more bills"),
    ],
)
async def test_a_choice_fills_in_the_form(demo_db: Path, downs: int, end: str, shown: str) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("e", *["down"] * downs, "enter")
        assert end_date(driver) == end
        assert shown in driver.text


async def test_a_choice_is_saved_with_a_reason(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("e", "enter", "t", "ctrl+s")
        assert "Saved. Monthly plan is Inactive" in driver.text


async def test_escape_leaves_the_form_as_it_was(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("e", "escape")
        assert end_date(driver) == ""
        assert driver.route == FORM


async def test_what_is_unused_is_offered_in_the_refund(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("e", "down", "enter", "t", "ctrl+s", "r")
        assert driver.route == "/orders/1881/refund"
        assert "all, or unused (21.00 USD)" in driver.text
        driver.here.query_one("#amount", Input).value = "unused"
        await driver.press("shift+tab", "tab")
        assert "-21.00 USD of the" in driver.text


async def test_nothing_is_offered_where_the_term_is_used_up(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("e", "enter", "t", "ctrl+s", "r")
        assert "unused" not in driver.text
