"""The Activity tab of a contact: the timeline, its filter, the details of a line, and what a line opens."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from subtui.app.app import SubtuiApp
from subtui.app.screens.contact_timeline import PAGE, DetailDialog, TimelinePane
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.record_table import RecordTable
from subtui.domain.timeline import FILTERS
from subtui.views.timeline_entries import TIMELINE_COLUMNS
from tests.app.driver import Driver, running
from tests.app.hostile import FORBIDDEN, HOSTILE
from tests.services.asking import TODAY, desk_on
from tests.services.database import run_with
from tests.services.ordering import MARIA, MONTHLY, refund, set_inactive

ACTIVITY = f"/contacts/{MARIA}/activity"
OTHER = "agent2@demo.example"
NOTE = "INSERT INTO note (contact_id, at, author, text) VALUES (?, ?, ?, ?)"


def table(driver: Driver) -> RecordTable:
    return driver.app.screen.query_one("#events", RecordTable)


def lines(driver: Driver) -> list[tuple[str, ...]]:
    """The texts of the rows: when, kind, what, amount, who, Keap."""
    return [tuple(cell.text for cell in row.cells) for row in table(driver).rows]


async def mark(driver: Driver, kind: str) -> None:
    """Mark the first line of a kind."""
    at = [row[1] for row in lines(driver)].index(kind)
    table(driver).move_to(at)
    await driver.settle()


async def test_orders_payments_notes_and_refunds_are_one_list(demo_db: Path) -> None:
    async with running(demo_db, route=ACTIVITY) as driver:
        assert lines(driver)[:5] == [
            ("15 Feb 2026", "Charge", "Monthly plan · Credit Card", "49.00 USD", "", ""),
            ("15 Feb 2026", "Order", "Monthly plan", "49.00 USD", "", ""),
            ("19 Jan 2026 10:40", "Note", lines(driver)[2][2], "", "Dana Reyes", ""),
            ("19 Jan 2026", "Credit", "Monthly plan", "10.00 USD", "", ""),
            ("19 Jan 2026", "Refund", "Monthly plan", "-10.00 USD", "", ""),
        ]
        assert driver.focus == "events"


@pytest.mark.parametrize("width", [60, 80, 120, 200])
async def test_every_column_is_shown_or_told_at_any_width(demo_db: Path, width: int) -> None:
    async with running(demo_db, route=ACTIVITY, size=(width, 30)) as driver:
        assert "49.00 USD" in driver.text
        await driver.press("down", "down")
        assert "Dana Reyes" in driver.text
        for column in TIMELINE_COLUMNS:
            assert column.optional or column.drop or column.label in driver.text


@pytest.mark.parametrize(
    ("kind", "route"),
    [
        ("Charge", f"/orders/{MONTHLY}"),
        ("Order", f"/orders/{MONTHLY}"),
        ("Refund", f"/orders/{MONTHLY}"),
        ("Cancellation", "/subscriptions/1042"),
        ("Letter", "/letters/2"),
    ],
)
async def test_enter_opens_the_record_behind_a_line(demo_db: Path, kind: str, route: str) -> None:
    with desk_on(demo_db, TODAY, OTHER) as backend:
        set_inactive(backend)
        refund(backend, MONTHLY)
    async with running(demo_db, route=ACTIVITY) as driver:
        await mark(driver, kind)
        await driver.press("enter")
        assert driver.route == route
        await driver.press("escape")
        assert driver.route == ACTIVITY
        assert lines(driver)[table(driver).cursor][1] == kind, "the mark is where it was"


async def test_a_note_is_shown_below_the_list_and_in_full_by_enter(demo_db: Path) -> None:
    text = "\n".join(f"line {number} of the note" for number in range(60))
    run_with(demo_db, NOTE, MARIA, "2026-03-01 12:00:00.000000", "Dana Reyes", text)
    async with running(demo_db, route=ACTIVITY) as driver:
        assert lines(driver)[0][1] == "Note"
        assert "line 1 of the note" in driver.text
        assert "line 20 of the note" not in driver.text
        await driver.press("enter")
        assert isinstance(driver.app.screen, DetailDialog)
        await driver.press("end")
        assert "line 59 of the note" in driver.text
        await driver.press("escape")
        assert driver.focus == "events"
        await driver.press("enter", "enter")
        assert driver.route == ACTIVITY


async def test_a_refund_shows_what_its_entry_changed(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, OTHER) as backend:
        refund(backend, MONTHLY, note="Sorry.")
    async with running(demo_db, route=ACTIVITY, size=(120, 40)) as driver:
        await mark(driver, "Refund")
        for said in (
            "Refund recorded  by Sam Okonkwo (agent)",
            "Requested by customer · Sorry.",
            "49.00 USD → 0.00 USD",
        ):
            assert said in driver.text


@pytest.mark.parametrize("size", [(50, 16), (60, 18), (80, 20)])
async def test_the_details_leave_room_for_the_list(demo_db: Path, size: tuple[int, int]) -> None:
    with desk_on(demo_db, TODAY, OTHER) as backend:
        set_inactive(backend)
    async with running(demo_db, route=ACTIVITY, size=size) as driver:
        assert len(re.findall(r"^ [› ] \d+ \w+ 202\d", driver.text, re.MULTILINE)) >= 2


async def test_details_that_are_longer_than_their_place_are_scrolled(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, OTHER) as backend:
        set_inactive(backend)
    async with running(demo_db, route=ACTIVITY) as driver:
        assert "Recorded by" not in driver.text
        await driver.press("tab", "end")
        assert driver.focus == "event"
        assert "Recorded by" in driver.text
        await driver.press("tab", "tab", "tab", "down")
        assert driver.focus == "events"
        assert "Your subscription" in driver.text


# --- the filter -------------------------------------------------------------------------------------------------------


async def test_a_key_shows_kind_after_kind_and_the_route_follows(demo_db: Path) -> None:
    async with running(demo_db, route=ACTIVITY) as driver:
        everything = lines(driver)
        for each in (*FILTERS[1:], FILTERS[0]):
            await driver.press("f")
            assert driver.here.query_one("#kind", Dropdown).chosen == each.name
            link = ACTIVITY if each is FILTERS[0] else f"{ACTIVITY}?kind={each.name}"
            assert driver.here.route.link == link
            assert driver.focus == "events"
        assert lines(driver) == everything


async def test_a_route_opens_with_its_filter(demo_db: Path) -> None:
    async with running(demo_db, route=f"{ACTIVITY}?kind=notes") as driver:
        assert {row[1] for row in lines(driver)} == {"Note"}
        await driver.press("1", "a")
        assert {row[1] for row in lines(driver)} == {"Note"}
        assert driver.here.route.link == f"{ACTIVITY}?kind=notes"


async def test_the_dropdown_takes_a_letter_and_the_text_narrows(demo_db: Path) -> None:
    async with running(demo_db, route=ACTIVITY) as driver:
        await driver.press("i")
        assert driver.focus == "text"
        await driver.type("workshop")
        assert [row[2] for row in lines(driver)] == ["Workshop, yearly · Credit Card", "Workshop, yearly"]
        await driver.press("shift+tab", "o")
        assert [row[1] for row in lines(driver)] == ["Order"]
        await driver.press("tab", "enter")
        assert driver.focus == "events"


async def test_an_empty_list_names_the_filter(demo_db: Path) -> None:
    async with running(demo_db, route=f"{ACTIVITY}?kind=letters") as driver:
        assert "No letters. f changes the filter." in driver.text
        await driver.press("i")
        await driver.type("zzz")
        assert "No letters with “zzz”. f changes the filter." in driver.text
    async with running(demo_db, route="/contacts/1064/activity") as driver:
        assert "No activity for this contact yet." in driver.text
        await driver.press("enter")
        assert driver.route == "/contacts/1064/activity"


async def test_the_filter_is_of_the_activity_tab(demo_db: Path) -> None:
    async with running(demo_db, route=f"/contacts/{MARIA}") as driver:
        for key in ("f", "i"):
            await driver.press(key)
            assert driver.message == "Open the Activity tab first (a goes there)."
        assert " f Show" not in driver.text


# --- long lists, and other users --------------------------------------------------------------------------------------


async def test_more_lines_come_near_the_end(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        many = [
            (MARIA, f"2025-01-01 10:{at // 60:02}:{at % 60:02}.000000", "Dana Reyes", f"note {at}") for at in range(250)
        ]
        connection.executemany(NOTE, many)
        connection.commit()
    async with running(demo_db, route=f"{ACTIVITY}?kind=notes") as driver:
        assert len(lines(driver)) == PAGE
        await driver.press("G")
        assert len(lines(driver)) == 2 * PAGE
        await driver.press("m")
        assert len(lines(driver)) == 252
        said = [int(row[2].split()[1]) for row in lines(driver)[2:]]
        assert said == list(range(249, -1, -1))
        await driver.press("m", "G")
        assert len(lines(driver)) == 252
        await driver.press("1", "ctrl+r", "a")
        assert len(lines(driver)) == 252, "a reload shows as many as were shown"


async def look(driver: Driver) -> None:
    app = driver.app
    assert isinstance(app, SubtuiApp)
    app.look_for_changes()
    await driver.settle()


async def test_the_list_follows_a_colleague_and_keeps_its_mark(demo_db: Path) -> None:
    async with running(demo_db, route=ACTIVITY) as driver:
        await look(driver)
        await driver.press("down")
        marked, before = table(driver).marked_key, len(lines(driver))
        with desk_on(demo_db, TODAY, OTHER) as other:
            set_inactive(other)
        await look(driver)
        assert len(lines(driver)) == before + 2
        assert lines(driver)[0][1] == "Cancellation"
        assert table(driver).marked_key == marked
        assert driver.message == ""
        await driver.press("2")
        assert "Inactive" in driver.text, "the other tabs have followed too"


async def test_the_other_tabs_load_the_timeline_when_it_is_opened(demo_db: Path) -> None:
    async with running(demo_db, route=f"/contacts/{MARIA}") as driver:
        pane = driver.app.screen.query_one(TimelinePane)
        assert pane.lines == ()
        await driver.press("a")
        assert len(pane.lines) > 50


async def test_hostile_text_is_shown_as_it_stands(demo_db: Path) -> None:
    bad = " ".join(HOSTILE)
    run_with(demo_db, NOTE, MARIA, "2026-03-01 12:00:00.000000", "[@click=app.quit]D", bad.replace("\x00", ""))
    run_with(demo_db, "UPDATE payment SET method = ?, note = ?, gateway_reference = ?", *[bad.replace("\x00", "")] * 3)
    run_with(demo_db, 'UPDATE "order" SET title = ?', bad.replace("\x00", ""))
    async with running(demo_db, route=ACTIVITY, size=(120, 36)) as driver:
        await driver.press("i")
        await driver.type("[/foo]")
        await driver.press("enter")
        for _ in range(4):
            assert "[/foo] b" in driver.text
            assert not FORBIDDEN & set(driver.text)
            await driver.press("down")
        await driver.press("home", "enter")
        assert isinstance(driver.app.screen, DetailDialog)
        assert "[@click=app.quit]D" in driver.text
        assert not FORBIDDEN & set(driver.text)
        await driver.press("enter", "i")
        await driver.type("[b no such line")
        assert "No activity with “[b no such line”." in driver.text
        assert driver.app.failure is None
