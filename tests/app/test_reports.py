"""The chart of a report tells the same as its figures."""

import re
from pathlib import Path

import pytest

from subtui.app.widgets.bar_chart import BarChart
from tests.app.driver import running


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=str)
@pytest.mark.parametrize("presses", [(), ("f",)], ids=["reasons", "months"])
async def test_every_bar_is_as_long_as_its_count(
    demo_db: Path, size: tuple[int, int], presses: tuple[str, ...]
) -> None:
    async with running(demo_db, route="/reports", size=size) as driver:
        await driver.press(*presses)
        bars = dict(driver.here.query_one(BarChart).bars)
        lines = {
            label: len(bar[1])
            for line in driver.text.splitlines()
            for label in bars
            if (bar := re.search(rf"{re.escape(label[:15])}\S*┤(█*)", line))
        }
        assert set(lines) == set(bars), "every bar has a line"
        longest, most = max(lines.values()), max(bars.values())
        for label, count in bars.items():
            assert abs(lines[label] - longest * count / most) <= 1.5, label


async def test_the_chart_follows_the_theme_and_a_report_without_one_has_none(demo_db: Path) -> None:
    async with running(demo_db, route="/reports") as driver:
        await driver.press("T", "T", "T")
        assert "█" in driver.text
        await driver.press("f", "f")
        assert not driver.here.query_one(BarChart).display


async def test_the_chart_goes_along_with_any_size(demo_db: Path) -> None:
    async with running(demo_db, route="/reports", size=(120, 36)) as driver:
        for size in ((40, 36), (40, 12), (20, 5), (200, 60), (60, 20)):
            await driver.resize(*size)
            assert driver.app.failure is None
        assert driver.text.count("┤") > 5


async def test_shares_stand_below_each_other(demo_db: Path) -> None:
    async with running(demo_db, route="/reports", size=(120, 36)) as driver:
        ends = {line[:60].rindex("%") for line in driver.text.splitlines() if " %" in line[:60]}
        assert len(ends) == 1
