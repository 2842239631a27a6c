"""Every state of every screen, at the four sizes: state first, picture second."""

import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from subtui.app.import_job import ImportJob
from subtui.app.screens.importing import Import
from subtui.clock import Clock
from subtui.domain.cancelling import draft_of
from subtui.domain.order_views import RefundDraft
from subtui.domain.progress import Progress
from subtui.launch import THEMES, Looks
from subtui.services.desk import Desk
from tests.app.conftest import ScreenSnapshot
from tests.app.driver import DEMO_DAY, Driver, running
from tests.services.database import run

SIZES = ((60, 24), (80, 24), (120, 36), (200, 60))


@dataclass(frozen=True)
class State:
    """How to get to a state, and what must be on the screen there at every size."""

    name: str
    shows: str
    route: str = "/"
    keys: tuple[str, ...] = ()
    typed: str = ""
    then: tuple[str, ...] = ()
    who: str | None = "agent"
    read_only: bool = False
    at: date = DEMO_DAY
    before: Callable[[pytest.MonkeyPatch, Path], None] | None = field(default=None, compare=False)
    meanwhile: Callable[[Path], Awaitable[None]] | None = field(default=None, compare=False)


async def price_changed(db: Path) -> None:
    """Somebody else changes the quantity behind the open form."""
    with Desk.open(str(db), clock=Clock(DEMO_DAY)) as desk:
        desk.sign_in_demo("agent2@demo.example")
        record = desk.subscription(1042)
        desk.save_subscription(1042, replace(draft_of(record.terms), quantity=3), version=record.version)


def known_to_keap(_patch: pytest.MonkeyPatch, folder: Path) -> None:
    """The contact came from Keap, with what has no place of its own here."""
    more = {"Birthday": "3/4/1980", "Person Type": "Customer", "Favourite bread": "Rye, sliced [thick]"}
    with closing(sqlite3.connect(folder / "demo.db")) as connection:
        connection.execute("UPDATE contact SET keap_id = '1204', more = ? WHERE id = 1064", [json.dumps(more)])
        connection.commit()


FORM = "/subscriptions/1042"
SAVED = ("x", "t", "ctrl+s")

CANCEL = "/account/cancel"
READY = ("u", *("tab",) * 6, "space")
LAST_SAFE, TOO_LATE = date(2026, 3, 9), date(2026, 3, 10)

ACCOUNT_STATES = (
    State("menu", "Sign out", "/help", keys=("A",), who="owner"),
    State("account_owner", "may cancel it", "/account", who="owner"),
    State("account_agent", "by phone only", "/account"),
    State("account_unverified", "not verified yet", "/account", who="newadmin@demo.example"),
    State("billing", "7 days left", "/admin/billing", who="owner"),
    State("billing_last_day", "Today is the last safe day", "/admin/billing", who="admin", at=LAST_SAFE),
    State("billing_too_late", "1 day ago", "/admin/billing", who="admin", at=TOO_LATE),
    State("billing_asked", "asked to cancel on", CANCEL, keys=(*READY, "ctrl+s", "B"), who="owner"),
    State("billing_not_allowed", "Whom to phone instead", "/admin/billing"),
    State("cancel", "The request", CANCEL, who="owner"),
    State("cancel_in_time", "in time, 7 days", CANCEL, keys=READY, who="owner"),
    State("cancel_last_day", "in time, on", CANCEL, keys=READY, who="owner", at=LAST_SAFE),
    State("cancel_too_late", "too late for", CANCEL, keys=READY, who="owner", at=TOO_LATE),
    State("cancel_wrong", "Not saved. Choose a reason.", CANCEL, keys=("ctrl+s",), who="owner"),
    State("phone_agent", "Have at hand", CANCEL),
    State("phone_unverified", "you are not verified yet", CANCEL, who="newadmin@demo.example"),
    State("phone_wrong", "Not saved.", CANCEL, typed="12", then=("ctrl+s",)),
    State("call", "Phone call", CANCEL, typed="602 555 0199", then=("ctrl+s",)),
    State("request_open", "T-1005", CANCEL, keys=(*READY, "ctrl+s"), who="owner"),
    State("request_withdraw", "Keep it", CANCEL, keys=(*READY, "ctrl+s", "w"), who="owner"),
    State("request_withdrawn", "is withdrawn", CANCEL, keys=(*READY, "ctrl+s", "w", "y"), who="owner"),
    State("request_overdue", "overdue by 3 days", "/requests/1003", who="admin"),
    State("request_answer", "Save (^s)", "/requests/1003", keys=("r",), who="admin"),
    State("request_missing", "There is no ticket T-0099.", "/requests/99"),
    State("request_letter", "These terms were acknowledged", CANCEL, keys=(*READY, "ctrl+s", "l", "end"), who="owner"),
    State("requests", "1 overdue", "/requests"),
    State("requests_all", "withdrawn", "/requests", keys=("f",)),
    State("question", "Nothing leaves this machine", "/help/ticket"),
    State("question_wrong", "Not saved. Say in a few words", "/help/ticket", keys=("ctrl+s",)),
    State("settings", "Every change is in the log", "/admin/settings", who="owner"),
    State("settings_admin", "ask the owner", "/admin/settings", who="admin"),
)


async def above_the_limit(db: Path) -> None:
    """The agent asks for a refund above their limit."""
    with Desk.open(str(db), clock=Clock(DEMO_DAY)) as desk:
        desk.sign_in_demo("agent")
        run(db, 'UPDATE account SET refund_limits = \'{"agent": {"USD": 1000}}\'')
        order = desk.order(1881)
        payment = next(row.id for row in order.rows if row.left)
        draft = RefundDraft(payment, "a key", reason_code="duplicate", note="Charged twice.")
        desk.refund(1881, draft, version=order.version)


ORDER, REFUND = "/orders/1881", "/orders/1881/refund"
REFUNDED = ("d", "ctrl+s", "y")

ORDER_STATES = (
    State("order", "nothing due", ORDER),
    State("order_due", "49.00 USD due", "/orders/1702"),
    State("order_refunded", "Recorded, not sent", REFUND, keys=REFUNDED),
    State("order_correct", "Correct this refund?", REFUND, keys=(*REFUNDED, "down", "x")),
    State("order_corrected", "Corrected by a counter entry", REFUND, keys=(*REFUNDED, "down", "x", "y")),
    State("order_reference", "as the gateway shows it", REFUND, keys=(*REFUNDED, "down", "e")),
    State(
        "order_waiting",
        "Waits for another person",
        who="admin",
        meanwhile=above_the_limit,
        then=("tab", "tab", "F", "enter"),
    ),
    State("order_missing", "There is no order 9.", "/orders/9"),
    State("refund", "all that is left", REFUND),
    State("refund_partial", "of this payment", REFUND, keys=("d", "tab", "tab"), typed="10"),
    State("refund_wrong", "Not saved. Choose a reason.", REFUND, keys=("ctrl+s",)),
    State("refund_amount_wrong", "Not saved.", REFUND, keys=("d", "tab", "tab"), typed="1e3", then=("ctrl+s",)),
    State("refund_question", "Record this refund?", REFUND, keys=REFUNDED[:2]),
    State("refund_nothing_left", "All of this payment has been returned", REFUND, keys=(*REFUNDED, "r")),
    State("refund_letter", "recorded, not sent", REFUND, keys=(*REFUNDED, "l")),
    State("payment", "49.00 USD due", "/orders/1702/payment"),
    State("payment_question", "Record this payment?", "/orders/1702/payment", keys=("ctrl+s",)),
    State("refunds", "1 to finish", REFUND, keys=(*REFUNDED, "F")),
    State("refunds_none", "Nothing is half done", "/refunds"),
    State("reports_reasons", "Too expensive", "/reports"),
    State("reports_months", "48 cancellations", "/reports", keys=("f",)),
    State("reports_ending", "4 end by themselves", "/reports", keys=("f", "f")),
    State("reports_loose", "13 to put right", "/reports", keys=("f", "f", "f")),
    State("reports_refunds", "18 refunds", "/reports", keys=("f", "f", "f", "f")),
    State("reports_fix", "paid through", "/reports", keys=("f", "f", "f", "x")),
)

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
    patch.setattr("subtui.services.importing.time", SimpleNamespace(perf_counter=float))


def import_half_way(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """An import that has come so far, and stays there."""

    def start(job: ImportJob, asker: Import, _route: str) -> None:
        job.progress = Progress(6_200_000, 10_000_000, 41_500, "writing")
        asker.busy = False  # the driver need not wait for it

    files_to_import(patch, folder)
    patch.setattr(ImportJob, "start", start)


def importing(
    name: str, shows: str, *keys: str, typed: str = IMPORTED, who: str = "admin", half: bool = False
) -> State:
    """A state of the screen of imports, with these files named."""
    before = import_half_way if half else files_to_import
    return State(name, shows, "/import", typed=typed, then=keys, who=who, before=before)


IMPORT_STATES = (
    importing("import", "ctrl+s brings it in", typed=""),
    importing("import_tried", "Left out 3", "enter"),
    importing("import_question", "An import cannot be undone.", "enter", "ctrl+s"),
    importing("import_done", "l opens them.", "ctrl+s", "y"),
    importing("import_dates", "Choose under Dates.", "enter", typed="open.csv"),
    importing("import_wrong", "There is no file no.csv.", "enter", typed="no.csv"),
    importing("import_strict", "3 rows were refused, so nothing was written.", "tab", "tab", "space", "ctrl+s", "y"),
    importing("import_running", "x stops it", "ctrl+s", "y", half=True),
    importing("import_leave", "Stop the import?", "ctrl+s", "y", "escape", half=True),
    importing("import_agent", "ask an admin or the owner", "ctrl+t", who="agent"),
)

STATES = (
    State("sign_in", "Demo accounts", who=None),
    State(
        "sign_in_refused",
        "do not match",
        who=None,
        keys=("shift+tab", "shift+tab", "shift+tab"),
        typed="x",
        then=("tab", "y", "enter"),
    ),
    State("dashboard", "Ending soon"),
    State("dashboard_found", "López, María", typed="lop mar"),
    State("dashboard_many", "of 62 contacts", typed="e"),
    State("dashboard_alike", "spelled alike", typed="lopze mar"),
    State("dashboard_nobody", "Nobody matches", typed="zzzz"),
    State("dashboard_recent", "Recently opened", typed="lopez", then=("enter", "escape", "escape")),
    State("contact", "Blue Door Bakery", "/contacts/1007"),
    State("contact_long_name", "Orders", "/contacts/1018"),
    State("contact_bare", "nothing due", "/contacts/1064"),
    State("contact_from_keap", "Favourite bread", "/contacts/1064", keys=("end",), before=known_to_keap),
    State("contact_missing", "There is no contact 99.", "/contacts/99"),
    State("orders", "Subscriptions 2 of 2", "/contacts/1007/orders"),
    State("orders_hundreds", "100 of 240", "/contacts/1022/orders"),
    State("orders_none", "no subscriptions", "/contacts/1064/orders"),
    State("orders_viewer", "Subscriptions 2 of 2", "/contacts/1007/orders", who="viewer"),
    State("activity_none", "Nothing has been recorded", "/contacts/1064/activity"),
    State("activity", "Subscription set Inactive", FORM, keys=(*SAVED, "a")),
    State("subscriptions", "200 of 326", "/subscriptions"),
    State("subscriptions_loose", "10 of 10", "/subscriptions", keys=("f", "f", "f", "f")),
    State("subscriptions_none", "No subscription passes", "/subscriptions", keys=("i",), typed="zzzz"),
    State("form", "What Save will do", FORM),
    State("form_dropdown", "Inactive", FORM, keys=("enter",)),
    State("form_proposed", "Active → Inactive", FORM, keys=("x",)),
    State("form_ready", "Too expensive", FORM, keys=("x", "t")),
    State("form_scheduled", "until 20 Apr 2026", FORM, keys=("tab",), typed="20 apr", then=("tab", "u")),
    State(
        "form_wrong_date", "End date", FORM, keys=("x", "t", "shift+tab", "delete"), typed="30 feb", then=("ctrl+s",)
    ),
    State("form_no_reason", "Choose a reason.", FORM, keys=("i", "ctrl+s")),
    State("form_saved", "Saved. Monthly plan is Inactive", FORM, keys=SAVED),
    State("form_undone", "Undone. Monthly plan is Active", FORM, keys=(*SAVED, "u")),
    State("form_ended", "stays Inactive", "/subscriptions/1052"),
    State("form_loose_ends", "Auto Charge is on", "/subscriptions/1039"),
    State("form_viewer", "What Save will do", FORM, who="viewer"),
    State("form_read_only", "What Save will do", FORM, read_only=True),
    State("form_missing", "There is no subscription 9.", "/subscriptions/9"),
    State("leave", "Leave without saving?", FORM, keys=("x", "escape")),
    State("stale", "Saved meanwhile", FORM, keys=("x", "t"), meanwhile=price_changed, then=("ctrl+s",)),
    State("letter", "Dear María López,", FORM, keys=(*SAVED, "l")),
    State("letter_undone", "has been undone since", FORM, keys=(*SAVED, "l", "escape", "u", "l")),
    State("letter_missing", "There is no letter 9.", "/letters/9"),
    State("help", "To stop a customer's subscription", "/contacts/1007/orders", keys=("question_mark",)),
    State("palette", "Activity", "/contacts/1007", keys=("ctrl+p",)),
    State("palette_none", "No command is called that.", "/contacts/1007", keys=("ctrl+p",), typed="zzzz"),
)


async def reach(driver: Driver, state: State, db: Path) -> None:
    """Press and type the way to a state."""
    await driver.press(*state.keys)
    if state.typed:
        await driver.type(state.typed)
    if state.meanwhile is not None:
        await state.meanwhile(db)
    await driver.press(*state.then)


def squeezed(text: str) -> str:
    """The words on a screen, wherever its lines break."""
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize(
    "state", [*STATES, *ACCOUNT_STATES, *ORDER_STATES, *IMPORT_STATES], ids=lambda state: state.name
)
async def test_state(
    demo_db: Path, state: State, screen_snapshot: ScreenSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reached once, at 80x24, then drawn at every size: what is on the screen survives a change of the terminal."""
    if state.before is not None:
        state.before(monkeypatch, demo_db.parent)
    async with running(
        demo_db, route=state.route, size=(80, 24), who=state.who, at=state.at, read_only=state.read_only
    ) as driver:
        await reach(driver, state, demo_db)
        assert driver.app.failure is None
        for width, height in SIZES:
            await driver.resize(width, height)
            assert state.shows in squeezed(driver.text), f"{width}x{height}"
            screen_snapshot(driver, f"{width}x{height}")


_THEMED = (
    "dashboard_found",
    "orders",
    "form_ready",
    "form_no_reason",
    "leave",
    "billing",
    "cancel_in_time",
    "reports_months",
)
THEMED = [state for state in (*STATES, *ACCOUNT_STATES, *ORDER_STATES) if state.name in _THEMED]


@pytest.mark.parametrize("theme", [theme for theme in THEMES if theme != "dark"])
@pytest.mark.parametrize("state", THEMED, ids=lambda state: state.name)
async def test_theme(demo_db: Path, state: State, theme: str, screen_snapshot: ScreenSnapshot) -> None:
    async with running(demo_db, route=state.route, who=state.who, looks=Looks(theme=theme)) as driver:
        await reach(driver, state, demo_db)
        screen_snapshot(driver, theme)


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
