"""The import by keyboard: tried, looked at, brought in, stopped, left; its list saved, its loose ends put right."""

import csv
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from subtui.app.import_job import ImportJob
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.import_screen import Import
from subtui.app.screens.path_dialog import PathDialog
from subtui.app.screens.subscription import SubscriptionForm
from subtui.app.screens.subscriptions import Subscriptions
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.record_table import RecordTable
from subtui.domain.progress import Progress
from tests.app.driver import Driver, running
from tests.services.database import changed_tables, everything, rows

CONTACTS = "Id,First Name,Last Name,Email,Date Created\n71204,Pat,Lee,pat@example.com,1/15/2025\n"
STRANGE = CONTACTS + "71205,=1+1,Lee,ann@example.com,31/31/2020\n71206,,,,1/16/2025\n"
OPEN = "Id,First Name,Email,Date Created\n71204,Pat,pat@example.com,3/4/2025\n"
SUBSCRIPTIONS = (
    "Id,Contact Id,Cycle,Price,Start Date,Status,End Date,Auto Charge,Reason Stopped\n"
    "71131,71204,Monthly,49,2025-01-15,Inactive,2026-02-01,Yes,Too slow\n"
)

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a file into the folder that the program is started in."""
    monkeypatch.chdir(tmp_path)

    def _write(content: str | bytes, name: str = "c.csv") -> None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    return _write


def outcome(driver: Driver) -> list[list[str]]:
    """The rows of the table of counts, as texts."""
    return [[cell.text for cell in row.cells] for row in driver.app.screen.query_one("#counts", RecordTable).rows]


def left_out(driver: Driver) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in driver.app.screen.query_one("#left-out", RecordTable).rows]


async def test_from_a_try_to_what_was_brought_in(demo_db: Path, write: Write) -> None:
    write(STRANGE)
    before = everything(demo_db)
    async with running(demo_db, who="admin", route="/import") as driver:
        assert driver.focus == "files"
        await driver.type("c.csv")
        await driver.press("enter")
        assert driver.message == "Trial only, nothing imported yet. ctrl+s imports."
        assert everything(demo_db) == before
        assert outcome(driver) == [["contacts", "1", "-", "-", "-", "2"]]
        assert left_out(driver) == [
            ["c.csv", "3", "Date Created", "31/31/2020", "does not exist (month 31)"],
            ["c.csv", "4", "Name", "-", "has no name, company, e-mail or phone"],
        ]
        assert driver.focus == "left-out"
        assert "c.csv, line 3: Date Created “31/31/2020” does not exist" in driver.text
        await driver.press("down")
        assert "c.csv, line 4: Name has no name, company, e-mail or phone." in driver.text

        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, ConfirmDialog)
        assert "1 new, 0 changed, 2 rejected" in driver.text
        await driver.press("enter")  # held down, Enter can only go back
        assert isinstance(driver.app.screen, Import)
        assert everything(demo_db) == before
        await driver.press("ctrl+s", "y")
        assert driver.message.startswith("Imported in 0.")
        assert outcome(driver) == [["contacts", "1", "-", "-", "-", "2"]]
    assert changed_tables(before, everything(demo_db)) >= {"contact", "event"}
    (event,) = rows(demo_db, "SELECT command, route, actor FROM event ORDER BY id DESC LIMIT 1")
    assert (event["command"], event["route"]) == ("data.import", "/import")


async def test_trying_again_after_the_import_says_that_all_is_there(demo_db: Path, write: Write) -> None:
    write(CONTACTS)
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("ctrl+s", "y")
        assert outcome(driver) == [["contacts", "1", "-", "-", "-", "-"]]
        assert driver.focus == "counts"
        await driver.press("t")
        assert outcome(driver) == [["contacts", "-", "-", "1", "-", "-"]]


async def test_several_files_and_names_with_signs_in_them(demo_db: Path, write: Write) -> None:
    write(CONTACTS, "a, b.csv")
    write(CONTACTS.replace("71204", "71205"), "c[1].csv")
    write(CONTACTS.replace("71204", "71206"), "c1.csv")
    write(SUBSCRIPTIONS, "s.csv")
    async with running(demo_db, who="admin", route="/import") as driver:
        screen = driver.app.screen
        assert isinstance(screen, Import)
        for typed, paths in (
            ("a, b.csv", ["a, b.csv"]),
            ("c[1].csv", ["c[1].csv"]),
            ("c?.csv", ["c1.csv"]),
            ("s.csv, 'c1.csv'", ["s.csv", "c1.csv"]),
            ("*.csv", ["a, b.csv", "c1.csv", "c[1].csv", "s.csv"]),
            ("~nosuch/c.csv", ["~nosuch/c.csv"]),
            ("*/*.csv", ["*/*.csv"]),
        ):
            screen.query_one("#files", Input).value = typed
            assert screen._paths() == paths
        screen.query_one("#files", Input).value = "s.csv, a, b.csv"
        await driver.press("enter")
        assert driver.message == "There is no file a."


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter the file to import."),
        (" , ,", "Enter the file to import."),
        ("no.csv", "There is no file no.csv."),
        (".", ". is a folder. Name the files in it."),
        ("/dev/zero", "/dev/zero is not a file."),
        ("x" * 3000, "cannot be read: file name too long."),
        ("empty.csv", "empty.csv is empty."),
        ("odd.csv", "odd.csv: its columns (colour, shape…) do not show what it contains."),
    ],
)
async def test_what_cannot_be_brought_in(demo_db: Path, write: Write, typed: str, says: str) -> None:
    write("", "empty.csv")
    write("colour,shape\nred,round\n", "odd.csv")
    before = everything(demo_db)
    async with running(demo_db, who="admin", route="/import") as driver:
        driver.app.screen.query_one("#files", Input).value = typed
        await driver.press("enter")
        assert says in driver.message
        assert driver.focus == "files"
        assert driver.app.failure is None
        await driver.press("ctrl+s", "y")
        assert says in driver.message
    assert everything(demo_db) == before


async def test_a_page_pasted_into_the_name_is_no_name(demo_db: Path, write: Write) -> None:
    write(CONTACTS, "c.csv")
    async with running(demo_db, who="admin", route="/import") as driver:
        driver.app.post_message(events.Paste("c.csv\nDear Ann,\n\n" + "[/foo] \x1b[31m lorem ipsum\n" * 5000))
        await driver.settle()
        assert driver.message.startswith("This field can have at most 4,000 characters: the last ")
        await driver.press("enter")
        assert driver.app.failure is None
        assert outcome(driver) == []
        await driver.press("f", "ctrl+u")
        driver.app.post_message(events.Paste("c.csv\n"))
        await driver.settle()
        await driver.press("enter")
        assert outcome(driver) == [["contacts", "1", "-", "-", "-", "-"]]
        await driver.press("f", "ctrl+u")
        driver.app.post_message(events.Paste("lorem, ipsum? \x1b[31m\x00" * 100))
        await driver.settle()
        await driver.press("enter")
        assert driver.app.failure is None
        assert "There is no file lorem." in driver.message


async def test_dates_that_read_in_two_ways(demo_db: Path, write: Write) -> None:
    write(OPEN)
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("enter")
        assert driver.message == "c.csv: is 3/4/2025 day first or month first? Choose it under Dates."
        assert driver.focus == "dates"
        await driver.press("d")
        assert driver.app.screen.query_one("#dates", Dropdown).chosen == "dmy"
        await driver.press("ctrl+t")
        assert "contacts · day first" in driver.text
        await driver.press("ctrl+s", "y")
    (row,) = rows(demo_db, "SELECT created_on FROM contact WHERE keap_id = '71204'")
    assert row == {"created_on": "2025-04-03"}


async def test_nothing_if_any_row_is_refused(demo_db: Path, write: Write) -> None:
    write(STRANGE)
    before = everything(demo_db)
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("tab", "tab", "tab", "space", "ctrl+s", "y")
        assert driver.message == "2 rows were rejected, so nothing was imported."
        assert len(left_out(driver)) == 2
        assert driver.focus == "left-out"
        assert everything(demo_db) == before
        await driver.press("f", "tab", "tab", "tab", "space", "ctrl+s", "y")
        assert driver.message.startswith("Imported in")


async def test_the_list_is_saved(demo_db: Path, write: Write, tmp_path: Path) -> None:
    write(STRANGE)
    (tmp_path / "mine.csv").write_text("mine")
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("enter", "w")
        assert isinstance(driver.app.screen, PathDialog)
        driver.app.screen.query_one(Input).value = "mine.csv"
        await driver.press("enter")
        assert driver.message == "mine.csv already exists and was not overwritten. Enter another name."
        for path in ("~nosuch/left.csv", "no/left.csv"):
            await driver.press("w")
            driver.app.screen.query_one(Input).value = path
            await driver.press("enter")
            assert "cannot be written: No such file or directory." in driver.message
        await driver.press("w", "escape")
        await driver.press("w")
        driver.app.screen.query_one(Input).value = "left.csv"
        await driver.press("enter")
        assert driver.message == "Saved to left.csv."
        assert driver.app.failure is None
    assert (tmp_path / "mine.csv").read_text() == "mine"
    with (tmp_path / "left.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert found == [
        ["File", "Line", "Column", "Value", "Reason", "Refused"],
        ["c.csv", "3", "Date Created", "31/31/2020", "does not exist (month 31)", "yes"],
        ["c.csv", "4", "Name", "", "has no name, company, e-mail or phone", "yes"],
    ]


async def test_loose_ends_are_opened_and_put_right(demo_db: Path, write: Write) -> None:
    write(CONTACTS, "c.csv")
    write(SUBSCRIPTIONS, "s.csv")
    async with running(demo_db, who="admin", route="/import", size=(120, 40)) as driver:
        await driver.type("s.csv, c.csv")
        await driver.press("ctrl+s", "y")
        assert "l lists them." in driver.text
        await driver.press("l")
        assert isinstance(driver.app.screen, Subscriptions)
        assert "Lee, Pat" in driver.text
        await driver.press("i")
        await driver.type("lee pat")
        await driver.press("enter", "enter")
        assert isinstance(driver.app.screen, SubscriptionForm)
        assert driver.route == "/subscriptions/71131"
        await driver.press("x", "ctrl+s")
        assert driver.message.startswith("Saved.")
    (row,) = rows(demo_db, "SELECT status, auto_charge FROM subscription WHERE id = 71131")
    assert row == {"status": "Inactive", "auto_charge": 0}


# --- while it is under way --------------------------------------------------------------------------------------------


class Held:
    """Holds imports up until it is told to let them go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        told = ImportJob._told

        def wait(job: ImportJob, progress: Progress) -> None:
            told(job, progress)
            if progress.doing == "writing":
                while not (self.go.wait(0.01) or job.stopping):
                    pass

        monkeypatch.setattr(ImportJob, "_told", wait)
        start = ImportJob.start

        def started(job: ImportJob, asker: Import, route: str) -> None:
            start(job, asker, route)
            asker.busy = False  # the driver need not wait for it

        monkeypatch.setattr(ImportJob, "start", started)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(monkeypatch)


async def until(driver: Driver, there: Callable[[], bool]) -> None:
    for _ in range(500):
        await driver.settle()
        if there():
            return
    raise AssertionError(driver.text)


async def test_it_is_stopped(demo_db: Path, write: Write, held: Held) -> None:
    write(CONTACTS)
    before = everything(demo_db)
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("ctrl+s", "y")
        await until(driver, lambda: "writing" in driver.text)
        assert "x stops the import" in driver.text
        await driver.press("t")
        assert driver.message == "An import is running: x stops it."
        await driver.press("x")
        await until(driver, lambda: driver.message == "The import was stopped. Nothing was written.")
        assert driver.focus == "files"
        assert everything(demo_db) == before
        held.go.set()
        await driver.press("ctrl+s", "y")
        await until(driver, lambda: driver.message.startswith("Imported in"))


async def test_leaving_while_it_is_under_way_asks(demo_db: Path, write: Write, held: Held) -> None:
    write(CONTACTS)
    before = everything(demo_db)
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("ctrl+s", "y")
        await until(driver, lambda: "writing" in driver.text)
        screen = driver.app.screen
        assert isinstance(screen, Import)
        job = screen.job
        assert job is not None
        for key in ("escape", "ctrl+q"):
            await driver.press(key)
            assert "Stop the import?" in driver.text
            await driver.press("enter")  # stays
            assert isinstance(driver.app.screen, Import)
        await driver.press("escape", "y")
        assert not isinstance(driver.app.screen, Import)
        job.join()
        assert everything(demo_db) == before
        assert driver.app.failure is None
        held.go.set()


async def test_the_other_screens_go_on_meanwhile(demo_db: Path, write: Write, held: Held) -> None:
    write(CONTACTS)
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("ctrl+s", "y")
        await until(driver, lambda: "writing" in driver.text)
        await driver.press("question_mark")
        assert "Help" in driver.text
        await driver.press("escape")
        held.go.set()
        await until(driver, lambda: driver.message.startswith("Imported in"))


async def test_a_disk_without_room_for_the_list_is_told(
    demo_db: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(STRANGE)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("subtui.app.import_job.TemporaryFile", full)
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("enter")
        assert driver.message == "The list of rows left out cannot be written: No space left on device."
        assert driver.app.failure is None


# --- who, and where ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("agent", "An agent cannot import data: ask an admin or the owner."),
        ("viewer", "A viewer cannot import data: ask an admin or the owner."),
    ],
)
async def test_who_may_not(demo_db: Path, write: Write, who: str, says: str) -> None:
    write(CONTACTS)
    before = everything(demo_db)
    async with running(demo_db, who=who, route="/import") as driver:
        await driver.type("c.csv")
        for key in ("ctrl+t", "ctrl+s"):
            await driver.press(key)
            assert driver.message == says
        await driver.press("enter")
        assert driver.message == says
    assert everything(demo_db) == before


async def test_read_only(demo_db: Path, write: Write) -> None:
    write(CONTACTS)
    async with running(demo_db, who="admin", route="/import", read_only=True) as driver:
        await driver.type("c.csv")
        for key in ("ctrl+s", "enter"):
            await driver.press(key)
            assert driver.message == "This is read-only mode: nothing can be changed."


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (200, 60)], ids=str)
async def test_no_size_breaks_it(demo_db: Path, write: Write, size: tuple[int, int]) -> None:
    write(STRANGE + "".join(f"{n},,,,\n" for n in range(1, 300)), "c.csv")
    write(SUBSCRIPTIONS, "s.csv")
    async with running(demo_db, who="admin", route="/import", size=size) as driver:
        await driver.type("c.csv, s.csv")
        await driver.press("enter")
        assert driver.app.failure is None
        assert driver.focus == "left-out"
        assert re.search("› .*  3  Date Created", driver.text)
        await driver.press("end")
        assert "c.csv, line 303: Name has no" in driver.text
        await driver.press("home", "up")
        assert driver.focus == "counts"
        assert "›" in driver.text


async def test_hostile_text_is_shown_as_it_stands(demo_db: Path, write: Write) -> None:
    name = "[red]x.csv"
    write(
        "Id,First Name,[/foo],Date Created\n1,\x1b]52;c;aGFjaw==\x07,x,1/15/2025\n2,[@click=app.quit]B[/],x,\u202e3\n",
        name,
    )
    async with running(demo_db, who="admin", route="/import", size=(120, 40)) as driver:
        driver.app.screen.query_one("#files", Input).value = name
        await driver.press("enter")
        assert driver.app.failure is None
        assert f"{name}  contacts" in driver.text
        for mark in ("\x1b", "\x07", "\u202e"):
            assert mark not in driver.text


async def test_letters_that_cannot_be_told(demo_db: Path, write: Write) -> None:
    write("Id,First Name,Shoe Size\n1,Łukasz,42\n".encode("cp1250"))
    async with running(demo_db, who="admin", route="/import") as driver:
        await driver.type("c.csv")
        await driver.press("enter")
        assert driver.message.startswith("c.csv: Line 2 would read “£ukasz” as Windows-1252, as cp1250 “Łukasz”")
        assert driver.message.endswith("Choose it under Encoding.")
        assert driver.focus == "encoding"
        driver.app.screen.query_one("#encoding", Dropdown).choose("cp1250")
        await driver.press("f", "enter")
        assert "contacts · cp1250" in driver.text
        assert "c.csv: kept unchanged: Shoe Size" in driver.text
