"""What a screen tells at a glance has to be so: sums, marks, ranks, and the same list in words."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from subtui.app.widgets.notice_clock import Days, NoticeClock
from subtui.app.widgets.record_table import RecordTable
from subtui.cli.main import main
from subtui.domain.days import format_day
from tests.app.driver import running


async def test_what_is_still_to_pay_is_told_for_each_day_of_asking(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/admin/billing", size=(120, 36), at=date(2026, 3, 10)) as driver:
        (line,) = [line for line in driver.text.splitlines() if "Still to pay" in line]
        assert "498.00 USD" in line
        assert "747.00 USD" in line


@pytest.mark.parametrize("today", [date(2026, 3, day) for day in (2, 8, 9, 10, 15, 19)])
def test_the_clock_marks_today_and_the_last_safe_day_each_in_its_place(today: date) -> None:
    clock = NoticeClock(id="clock")
    days = Days(today, date(2026, 3, 9), date(2026, 3, 19))
    clock.show(days, lambda day: format_day(day) if day else "-")
    above, bar, below = clock.wrapped(64).plain.split("\n")
    assert (above.index("▾") == below.index("▴")) is (today == days.last_safe)
    assert (above.index("▾") < below.index("▴")) is (today > days.last_safe)
    assert bar.index("●") == below.index("▴")
    assert "9 Mar 2026" in above


@pytest.mark.parametrize(("typed", "first"), [("undo", "Undo"), ("sea", "Search"), ("lett", "Letter")])
async def test_the_palette_ranks_what_is_called_so_first(demo_db: Path, typed: str, first: str) -> None:
    async with running(demo_db, route="/subscriptions/1042", size=(120, 36)) as driver:
        await driver.press("ctrl+p")
        await driver.type(typed)
        table = driver.app.screen.query_one("#matches", RecordTable)
        assert table.rows[0].cells[0].text.startswith(first)


async def test_the_plain_dashboard_has_the_loose_ends_of_the_screen(demo_db: Path) -> None:
    async with running(demo_db, size=(120, 36)) as driver:
        table = driver.here.query_one("#loose", RecordTable)
        shown = [(row.cells[0].text.strip(), row.cells[1].text.strip()) for row in table.rows]
    assert shown
    plain = CliRunner().invoke(main, ["--db", str(demo_db), "show", "/"]).stdout
    listed = plain.split("Loose ends", 1)[1]
    for count, what in shown:
        assert any(count in line.split() and what in line for line in listed.splitlines()), what
