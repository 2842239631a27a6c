"""Every state of every screen: its text at four sizes, its picture at one, and in every theme where colour speaks."""

import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from subtui.acts.orders import GetOrder, RecordRefund
from subtui.acts.subscriptions import GetSubscription, SaveSubscription
from subtui.app.import_job import ImportJob
from subtui.app.screens.import_screen import Import
from subtui.app_config import THEMES, DisplayConfig
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.progress import Progress
from subtui.flows.runner import collapse_whitespace
from subtui.flows.states import DEMO_DAY, STATES, State
from subtui.services.backend import Backend
from subtui.testing.sheet import Sheet
from subtui.views.orders import RefundDraft
from tests.app.conftest import ScreenSnapshot
from tests.app.driver import Driver, running
from tests.services.database import run

SIZES = ((60, 24), (80, 24), (120, 36), (200, 60))
PICTURED = (80, 24)
"""The size that a picture is kept of."""


@dataclass(frozen=True)
class Hooked(State):
    """A state that takes more than keys: something `before` the program starts, or behind its back `meanwhile`."""

    before: Callable[[pytest.MonkeyPatch, Path], None] | None = field(default=None, compare=False)
    meanwhile: Callable[[Path], Awaitable[None]] | None = field(default=None, compare=False)


async def price_changed(db: Path) -> None:
    """Somebody else changes the quantity behind the open form."""
    with Backend.open(str(db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo("agent2@demo.example")
        record = backend.read(GetSubscription(1042))
        backend.do(SaveSubscription(1042, replace(draft_of(record.terms), quantity=3), version=record.version))


def known_to_keap(_patch: pytest.MonkeyPatch, folder: Path) -> None:
    """The contact came from Keap, with what has no place of its own here."""
    more = {"Birthday": "3/4/1980", "Person Type": "Customer", "Favourite bread": "Rye, sliced [thick]"}
    with closing(sqlite3.connect(folder / "demo.db")) as connection:
        connection.execute("UPDATE contact SET keap_id = '1204', more = ? WHERE id = 1064", [json.dumps(more)])
        connection.commit()


FORM = "/subscriptions/1042"


async def above_the_limit(db: Path) -> None:
    """The agent asks for a refund above their limit."""
    with Backend.open(str(db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo("agent")
        run(db, 'UPDATE account SET refund_limits = \'{"agent": {"USD": 1000}}\'')
        order = backend.read(GetOrder(1881))
        payment = next(row.id for row in order.rows if row.left)
        draft = RefundDraft(payment, "a key", reason_code="duplicate", note="Charged twice.")
        backend.do(RecordRefund(1881, draft, version=order.version))


IMPORTED = "contacts.csv, subscriptions.csv"


def files_to_import(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Two files in the folder that the program is started in, and an import that takes no time at all."""
    (folder / "contacts.csv").write_text(
        "Id,First Name,Last Name,Email,Date Created,Password\n"
        "71204,Pat,Lee,pat@example.com,1/15/2025,x\n71205,Ann,Lee,ann@example.com,31/31/2020,x\n71206,,,,1/16/2025,x\n"
    )
    (folder / "subscriptions.csv").write_text(
        "Id,Contact Id,Cycle,Price,Start Date,Status,Auto Charge\n"
        "71131,71204,Monthly,49,2025-01-15,Inactive,Yes\n71132,99,Monthly,49,2025-01-15,Active,Yes\n"
    )
    (folder / "open.csv").write_text("Id,Email,Date Created\n71204,pat@example.com,3/4/2025\n")
    patch.chdir(folder)
    patch.setattr("subtui.services.data_import.time", SimpleNamespace(perf_counter=float))


def import_half_way(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """An import that has come so far, and stays there."""

    def start(job: ImportJob, asker: Import, _route: str) -> None:
        job.progress = Progress(6_200_000, 10_000_000, 41_500, "writing")
        asker.busy = False  # the driver need not wait for it

    files_to_import(patch, folder)
    patch.setattr(ImportJob, "start", start)


def importing(
    name: str, shows: str, *keys: str, typed: str = IMPORTED, who: str = "admin", half: bool = False
) -> Hooked:
    """A state of the screen of imports, with these files named."""
    before = import_half_way if half else files_to_import
    return Hooked(name, shows, "/import", typed=typed, then=keys, who=who, before=before)


IMPORT_STATES = (
    importing("import_tried", "Left out 3", "enter"),
    importing("import_question", "An import cannot be undone.", "enter", "ctrl+s"),
    importing("import_done", "l Loose ends", "ctrl+s", "y"),
    importing("import_dates", "under Dates.", "enter", typed="open.csv"),
    importing("import_wrong", "There is no file no.csv.", "enter", typed="no.csv"),
    importing(
        "import_strict", "3 rows were rejected, so nothing was imported.", "tab", "tab", "tab", "space", "ctrl+s", "y"
    ),
    importing("import_running", "x stops the import", "ctrl+s", "y", half=True),
    importing("import_leave", "Stop the import?", "ctrl+s", "y", "escape", half=True),
    importing("import_agent", "ask an admin or the owner", "ctrl+t", who="agent"),
)


def one_code(patch: pytest.MonkeyPatch, _folder: Path) -> None:
    """The one-time code is always the same."""
    patch.setattr("subtui.services.users._make_code", lambda: "K7QX2MPD")


HOOKED = (
    Hooked("user_code", "K7QX2MPD", "/users/3", keys=("c", "y"), who="owner", before=one_code),
    Hooked("contact_from_keap", "Favourite bread", "/contacts/1064", keys=("end",), before=known_to_keap),
    Hooked("stale", "Saved version", FORM, keys=("x", "t"), meanwhile=price_changed, then=("ctrl+s",)),
    Hooked(
        "order_waiting",
        "Awaiting approval",
        who="admin",
        meanwhile=above_the_limit,
        then=("tab", "tab", "F", "enter"),
    ),
)


async def reach(driver: Driver, state: State, db: Path) -> None:
    """Press and type the way to a state."""
    await driver.press(*state.keys)
    if state.typed:
        await driver.type(state.typed)
    if isinstance(state, Hooked) and state.meanwhile is not None:
        await state.meanwhile(db)
    await driver.press(*state.then)


THEMED = frozenset(
    {
        *("sign_in_refused", "dashboard", "dashboard_found", "palette", "contact", "orders", "activity"),
        *("subscriptions_loose", "form_dropdown", "form_ready", "form_wrong_date", "form_no_reason", "form_saved"),
        *("form_loose_ends", "form_read_only", "leave", "stale", "letter"),
        *("menu", "billing", "billing_too_late", "cancel_in_time", "cancel_wrong", "request_overdue"),
        *("order_due", "refund_question", "refund_amount_wrong", "reports_months", "import_running", "import_wrong"),
    }
)
"""States in which colour says something: what has the focus, what warns, what is refused, charts, clocks, dialogs."""

EVERY_STATE = [*STATES, *HOOKED, *IMPORT_STATES]


@pytest.mark.parametrize("state", EVERY_STATE, ids=lambda state: state.name)
async def test_state(
    demo_db: Path, state: State, screen_snapshot: ScreenSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reached once, at 80x24, then drawn at every size: what is on the screen survives a change of the terminal."""
    if isinstance(state, Hooked) and state.before is not None:
        state.before(monkeypatch, demo_db.parent)
    async with running(
        demo_db, route=state.route, size=PICTURED, who=state.who, at=state.at or DEMO_DAY, read_only=state.read_only
    ) as driver:
        await reach(driver, state, demo_db)
        assert driver.app.failure is None
        sheet = Sheet(pictured="80x24")
        for width, height in SIZES:
            await driver.resize(width, height)
            assert state.shows in collapse_whitespace(driver.text), f"{width}x{height}"
            sheet.add(f"{width}x{height}", driver)
        screen_snapshot(sheet)
        if state.name in THEMED:
            await in_every_theme(driver, screen_snapshot)


async def in_every_theme(driver: Driver, screen_snapshot: ScreenSnapshot) -> None:
    """Compare the pictures in the other themes, which change nothing but colours."""
    await driver.resize(*PICTURED)
    dark = driver.text
    for theme in THEMES[1:]:
        driver.app.theme = theme
        await driver.settle()
        assert driver.text == dark, theme
        screen_snapshot(driver, theme, picture_only=True)


def test_the_states_in_every_theme_exist() -> None:
    assert {state.name for state in EVERY_STATE} >= THEMED


@pytest.mark.parametrize("theme", THEMES[1:])
async def test_a_theme_that_is_set_at_the_start_draws_as_one_that_is_chosen_later(demo_db: Path, theme: str) -> None:
    async with running(demo_db, route=FORM, display_config=DisplayConfig(theme=theme)) as driver:
        at_start = driver.svg
        driver.app.theme = "dark"
        await driver.settle()
        assert driver.svg != at_start
        driver.app.theme = theme
        await driver.settle()
        assert driver.svg == at_start


@pytest.mark.parametrize("size", [(39, 24), (80, 11)], ids=str)
@pytest.mark.parametrize("route", ["/", "/contacts/1007/orders", FORM])
async def test_a_terminal_that_is_too_small_says_so(demo_db: Path, route: str, size: tuple[int, int]) -> None:
    async with running(demo_db, route=route, size=size) as driver:
        assert "This terminal is too small." in driver.text
        assert "Make it 40 × 12 or larger." in driver.text
        await driver.resize(80, 24)
        assert "too small" not in driver.text


@pytest.mark.parametrize("route", ["/", "/contacts/1007/orders", FORM, "/subscriptions", "/help"])
async def test_the_least_size_can_be_worked_in(demo_db: Path, route: str) -> None:
    async with running(demo_db, route=route, size=(40, 12)) as driver:
        assert "too small" not in driver.text
        assert driver.app.screen.focused is not None
        assert driver.app.screen.focused.size.height > 0
