"""The chart of a report tells the same as its figures."""

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
            label: line.count("█") for line in driver.text.splitlines() for label in bars if f"{label[:16]}┤" in line
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
