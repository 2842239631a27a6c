"""The screens of the connection to Keap: read with progress and a stop, sent and verified, what the keys say."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from textual.message_pump import MessagePump

from subtui.acts.keap import CheckKeap
from subtui.app.background_job import BackgroundJob
from subtui.app.screens.dialogs import LeaveDialog
from subtui.app.screens.keap import KeapScreen
from subtui.app.screens.keap_job_screen import NO_LINE, KeapJobScreen, progress_words
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.key_bar import KeyBar
from subtui.app.widgets.record_table import RecordTable
from subtui.domain.outbox import SendState
from subtui.domain.progress import Progress
from subtui.flows.runner import collapse_whitespace
from subtui.services import registry
from subtui.services.registry import Job
from subtui.storage.tables.core import KEAP_FINDING
from subtui.views.dashboard_entries import KEAP_CHANGES, KEAP_DATA
from subtui.views.keap import NOT_ALLOWED, NOT_CONNECTED, Finding
from tests.app.driver import Driver, running
from tests.app.keap_office import NOW, Office, office

SIZES = [(80, 24), (120, 36)]


def text(driver: Driver) -> str:
    return collapse_whitespace(driver.text)


def cells(driver: Driver, table: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in driver.here.query_one(table, RecordTable).rows]


@pytest.fixture
def new(demo_db: Path) -> Iterator[Office]:
    """Connected and not read yet."""
    with office(demo_db, read=False) as made:
        yield made


@pytest.fixture
def read(demo_db: Path) -> Iterator[Office]:
    """Connected and read."""
    with office(demo_db) as made:
        yield made


@asynccontextmanager
async def at(place: Office, route: str = "/keap", who: str = "agent", **more: Any) -> AsyncIterator[Driver]:
    async with running(place.db, who=who, route=route, at=NOW, open_calls=place.calls, **more) as driver:
        yield driver


# --- not connected ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_without_a_connection_it_says_what_connecting_does_and_who_can(
    demo_db: Path, size: tuple[int, int]
) -> None:
    async with running(demo_db, size=size) as driver:
        await driver.press("escape", "tab", "K")
        assert driver.route == "/keap"
        assert "Not connected to Keap" in text(driver)
        assert "Nothing is changed in Keap until the owner allows sending." in text(driver)
        assert "Command subtui keap connect Who can the owner" in text(driver)
        assert "Read" not in driver.text_in("keys")
        await driver.press("r")
        assert driver.message == NOT_CONNECTED
        assert not driver.here.query_one("#kinds").display


@pytest.mark.parametrize("route", ["/keap/outbox", "/keap/left-out", "/keap/checks"])
async def test_the_lists_say_that_there_is_no_connection(demo_db: Path, route: str) -> None:
    async with running(demo_db, route=route) as driver:
        assert "Not connected to Keap. The owner runs: subtui keap connect" in text(driver)


async def test_the_dashboard_says_nothing_of_keap_without_a_connection(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        assert "Keap" not in driver.text


async def test_an_office_that_was_disconnected_says_what_it_stays_bound_to(read: Office) -> None:
    from subtui.acts.keap import DisconnectKeap  # noqa: PLC0415

    with read.backend() as backend:
        backend.do(DisconnectKeap())
    async with at(read) as driver:
        assert "stays bound to the Keap account “Lakeside Membership” (ab123)." in text(driver)


# --- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_everything_is_read_and_the_kinds_are_counted(new: Office, size: tuple[int, int]) -> None:
    async with at(new, size=size) as driver:
        assert "Data never read" in text(driver)
        assert "Nothing read from Keap yet. r begins." in text(driver)
        await driver.press("r")
        assert driver.message.startswith("Read from Keap: ")
        assert "Data read just now" in text(driver)
        kinds = {row[0]: row[1:] for row in cells(driver, "#kinds")}
        assert kinds["contacts"][:2] == ["2 Mar 2026 09:30", "8"]
        assert kinds["subscriptions"][1] == "9"
        assert "Connected since 2 Mar 2026 09:30, by Ruth Hollis" in text(driver)
        assert "Keap account ab123 at http://127.0.0.1:8080/crm" in text(driver)
        await driver.press("a")
        assert {row[0]: row[4] for row in cells(driver, "#kinds")}["contacts"] == "8", "all of it was read again"


async def test_a_kind_that_keap_does_not_give_says_why(new: Office) -> None:
    new.server.switches = replace(new.server.switches, forbidden=frozenset({"companies"}))
    async with at(new) as driver:
        await driver.press("r")
        assert driver.message.endswith("Not given by Keap: companies.")
        await driver.press(*["down"] * 5)
        assert cells(driver, "#kinds")[5][:2] == ["companies", "not given"]
        assert "companies: The key's user may not do this in Keap" in text(driver)


class Held:
    """Holds a job up at one kind, until it is let go or stopped."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
        self.go = threading.Event()
        told, start = BackgroundJob._told, BackgroundJob.start

        def wait(job: BackgroundJob[Any], progress: Progress) -> None:
            told(job, progress)
            if progress.doing == kind:
                while not (self.go.wait(0.01) or job.stopping):
                    pass

        def started(job: BackgroundJob[Any], asker: MessagePump, route: str) -> None:
            start(job, asker, route)
            assert isinstance(asker, KeapJobScreen)
            asker.busy = False  # the driver need not wait for it

        monkeypatch.setattr(BackgroundJob, "_told", wait)
        monkeypatch.setattr(BackgroundJob, "start", started)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(monkeypatch, "contacts")


async def until(driver: Driver, there: Callable[[], bool]) -> None:
    for _ in range(500):
        await driver.settle()
        if there():
            return
    raise AssertionError(driver.text)


async def test_a_reading_shows_how_far_it_is_and_is_stopped_and_goes_on(new: Office, held: Held) -> None:
    async with at(new) as driver:
        await driver.press("r")
        await until(driver, lambda: "reading contacts" in driver.text)
        assert "rows · 0 s x stops; what was done stays" in text(driver)
        assert "x Stop" in driver.text_in("keys")
        assert "r Read" not in driver.text_in("keys")
        await driver.press("r", "s", "a")
        assert driver.message == "Keap is being read or sent to: x stops it."
        await driver.press("x")
        screen = driver.here
        assert isinstance(screen, KeapScreen)
        await until(driver, lambda: not screen.under_way)
        assert driver.message.startswith("Stopped. The next one goes on from here. Kept so far: ")
        await until(driver, lambda: "goes on from where the last one stopped" in text(driver))
        held.go.set()
        await driver.press("r")
        await until(driver, lambda: not screen.under_way)
        assert driver.message.startswith("Read from Keap: ")
        assert "Data read just now" in text(driver)


async def test_leaving_asks_and_stops_the_reading(new: Office, held: Held) -> None:
    async with at(new) as driver:
        await driver.press("r")
        await until(driver, lambda: "reading contacts" in driver.text)
        screen = driver.here
        assert isinstance(screen, KeapScreen)
        await driver.press("escape")
        assert isinstance(driver.app.screen, LeaveDialog)
        assert "What was read or sent until then stays" in text(driver)
        await driver.press("enter")
        assert screen.under_way
        await driver.press("escape", "y")
        assert driver.route == "/"
        assert screen.job is not None
        assert screen.job.stopping
        screen.job.join()
    assert new.status().kinds != ()


async def test_a_reading_goes_on_below_the_outbox(new: Office, held: Held) -> None:
    async with at(new) as driver:
        await driver.press("r")
        await until(driver, lambda: "reading contacts" in driver.text)
        screen = driver.here
        assert isinstance(screen, KeapScreen)
        await driver.press("o")
        assert driver.route == "/keap/outbox"
        held.go.set()
        await until(driver, lambda: not screen.under_way)
        await driver.press("escape")
        assert "Data read just now" in text(driver)


async def test_a_reading_without_a_line_or_that_fails_says_so(new: Office) -> None:
    async with running(new.db, route="/keap", at=NOW) as driver:
        await driver.press("r")
        assert driver.message == NO_LINE
    new.server.key = "another key"
    async with at(new) as driver:
        await driver.press("r")
        assert "key" in driver.message
        assert "x Stop" not in driver.text_in("keys")
        assert driver.app.failure is None


def test_the_progress_in_words() -> None:
    assert progress_words("reading", Progress(0, 0, 1500, "contacts")) == "reading contacts · 1,500 rows"
    assert progress_words("sending", Progress(2, 10, 2, "sending")) == "sending 3 of 10"
    assert progress_words("reading", Progress(0, 0, 0, "opening")) == "reading: opening"


# --- who may ----------------------------------------------------------------------------------------------------------


async def test_a_viewer_sees_dimmed_keys_that_say_why(read: Office) -> None:
    number = read.cancel("3")
    async with at(read, who="viewer") as driver:
        dimmed = {hint.title for hint in driver.here.query_one(KeyBar).hints if not hint.available}
        assert {"Read", "Send", "Read all"} <= dimmed
        for key in ("r", "s", "a"):
            await driver.press(key)
            assert (
                driver.message == "A viewer cannot read from Keap or send to it: ask an agent, an admin or the owner."
            )
        await driver.press("c", "r")
        assert "cannot check what Keap's interface can do: ask an admin or the owner." in driver.message
    async with at(read, f"/keap/outbox/{number}", who="viewer") as driver:
        await driver.press("l")
        assert driver.message.startswith("A viewer cannot")
    assert not [call for call in read.server.calls if call.method != "GET"]


async def test_read_only_mode_reads_and_sends_nothing(read: Office) -> None:
    before = len(read.server.calls)
    async with at(read, read_only=True) as driver:
        await driver.press("r", "s")
        assert "read-only" in driver.message
    assert len(read.server.calls) == before


async def test_sending_that_is_not_allowed_names_the_command(demo_db: Path) -> None:
    with office(demo_db, connect=False, read=False) as place:
        place.connect(writing=False)
        async with at(place) as driver:
            assert "Sending read-only; the owner allows it: subtui keap allow-writing" in text(driver)
            await driver.press("s")
            assert driver.message == NOT_ALLOWED
            await driver.press("o", "s")
            assert driver.message == NOT_ALLOWED


# --- sending and the outbox -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_is_sent_is_verified(read: Office, size: tuple[int, int]) -> None:
    read.cancel("3")
    read.cancel("5")
    async with at(read, size=size) as driver:
        assert "Outbox 2 saved here, not sent" in text(driver)
        await driver.press("s")
        assert driver.message == "2 verified in Keap."
        assert "Outbox 2 verified in Keap" in text(driver)
        await driver.press("s")
        assert driver.message == "Nothing to send: Keap has every change that can be sent."
    assert read.there("3")["active"] is False


async def test_a_conflict_is_counted_and_the_dashboard_leads_to_it(read: Office) -> None:
    number = read.cancel("5")
    read.cancel("3")
    read.server.account.patch_subscription("5", end_date="2026-04-30")
    async with at(read, "/") as driver:
        assert "Keap data read just now" in text(driver)
        assert "Keap changes" not in driver.text
        await driver.press("tab", "K", "s")
        assert driver.message == "1 conflict, 1 verified in Keap."
        await driver.press("escape")
        assert "Keap changes 1 needs you" in text(driver)
        waiting = driver.here.query_one("#waiting", RecordTable)
        waiting.focus()
        waiting.mark(KEAP_CHANGES)
        await driver.press("enter")
        assert driver.route == "/keap/outbox"
        assert driver.here.query_one("#state", Dropdown).chosen == "person"
        await driver.press("enter")
        assert driver.route == f"/keap/outbox/{number}"
        await driver.press("escape", "escape")
        driver.here.query_one("#waiting", RecordTable).mark(KEAP_DATA)
        await driver.press("enter")
        assert driver.route == "/keap"


async def test_the_outbox_is_filtered_by_state(read: Office) -> None:
    read.cancel("3")
    async with at(read, "/keap/outbox") as driver:
        assert [row[0] for row in cells(driver, "#list")] == ["saved here"]
        await driver.press("s")
        assert driver.message == "1 verified in Keap."
        assert "No open changes. f shows all." in text(driver)
        await driver.press("f")
        assert "Nothing needs you. f shows all." in text(driver)
        await driver.press("f")
        assert [row[0] for row in cells(driver, "#list")] == ["verified in Keap"]
        await driver.press("f")
        assert driver.here.query_one("#state", Dropdown).chosen == "open"
    async with at(read, "/keap/outbox?state=left") as driver:
        assert "No change in this state. f changes the filter." in text(driver)
        await driver.press("f")
        assert driver.here.query_one("#state", Dropdown).chosen == "open"


# --- what was left out, and the checks --------------------------------------------------------------------------------


async def test_rows_left_out_and_gone_are_listed_with_their_reasons(read: Office) -> None:
    account = read.server.account
    account.add("subscriptions", read.there("3") | {"id": "77", "contact_id": "999"})
    account.delete("subscriptions", "9")
    async with at(read, size=(120, 36)) as driver:
        await driver.press("a")
        assert "Left out 1 row not taken, 1 row no longer in Keap" in text(driver)
        await driver.press("l")
        assert driver.route == "/keap/left-out"
        assert [(row[1], row[2]) for row in cells(driver, "#list")] == [("77", "not taken"), ("9", "gone in Keap")]
        assert "1 not taken · 1 gone" in text(driver)
        assert "subscriptions 77 not taken, 2 Mar 2026 09:30: Contact Id 999 is not a known contact" in text(driver)
        await driver.press("enter")
        assert driver.message == "Correct the row in Keap; the next reading tries it again."


async def test_nothing_left_out_says_so(read: Office) -> None:
    async with at(read, "/keap/left-out") as driver:
        assert "Every row of Keap's is here" in text(driver)


async def test_the_checks_are_run_and_listed(read: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(job: Job, act: CheckKeap) -> tuple[Finding, ...]:
        assert act.write_id == ""
        assert act.tell is not None
        act.tell(Progress(1, 2, 0, "orders"))
        with job.work.untracked_write() as session:
            for name, answer in (("account", "demo"), ("orders", "no")):
                values = {"name": name, "answer": answer, "detail": "403" if answer == "no" else "", "found_at": NOW}
                session.connection().execute(insert(KEAP_FINDING).values(**values))
        return ()

    monkeypatch.setitem(registry._handlers, CheckKeap, check)
    async with at(read, "/keap/checks", who="admin") as driver:
        assert "Not checked yet. r checks, by calls that only read." in text(driver)
        await driver.press("r")
        assert driver.message == "Checked: nothing was changed in Keap."
        assert "What this account's Keap can do · checked 2 Mar 2026 09:30" in text(driver)
        assert [row[:2] for row in cells(driver, "#list")] == [
            ["Which Keap account is this?", "demo"],
            ["Does the list hold inactive subscriptions?", "yes"],  # the reading has found it out
            ["May orders be read, do their ids rise?", "no"],
        ]
        await driver.press("end")
        assert "May orders be read, do their ids rise? no: 403" in text(driver)


def test_every_state_has_a_filter_of_its_own() -> None:
    from subtui.app.routes import parse  # noqa: PLC0415

    for state in SendState:
        assert parse(f"/keap/outbox?state={state.value}").parameter("state") == state.value
