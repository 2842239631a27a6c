"""The documented ways to end the account itself, key by key, and counted; the account menu; the way by phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from subtui.app.screens.account_cancel import CancelAccount
from subtui.app.screens.letter import LetterScreen
from subtui.app.screens.menu import ITEMS, AccountMenu
from subtui.app.screens.path_dialog import PathDialog
from subtui.app.screens.phone import ByPhone
from subtui.app.screens.request import RequestScreen
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.key_bar import KeyBar
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.tick import Tick
from subtui.clock import Clock
from subtui.domain.account_views import RequestRecord
from subtui.domain.requests import CallDraft, CancellationDraft, Kind, QuestionDraft, Reach, Standing, Topic
from subtui.domain.views import LetterView
from subtui.services.desk import Desk
from tests.app.driver import DEMO_DAY, Driver, running

DOCUMENTED_KEYS = 12
SHORT_KEYS = 8
CALL_KEYS = 4
TO_THE_TICK = ("tab",) * 6
SEEDED, NEW = 4, 1005
TERMS = (
    "Notice is given at least 10 days before the next invoice: for the invoice of 19 Mar 2026 by 9 Mar 2026.",
    "No further invoice is made, and the account ends on 18 Mar 2026.",
    "No part of a fee for time that is not used is prorated or paid back.",
    "Invoices that are open now, 249.00 USD, stay due.",
)
SAVED = "T-1005 is recorded. The account ends on 18 Mar 2026; an answer is due by 4 Mar 2026."
UNVERIFIED = "newadmin@demo.example"
CALLERS = {"agent": "Dana Reyes", "viewer": "Imani Brooks", UNVERIFIED: "Callum Frost"}


@contextmanager
def desk_of(db: Path, who: str = "owner", at: date = DEMO_DAY) -> Iterator[Desk]:
    """A second desk on the same database, as another process would open it."""
    with Desk.open(str(db), clock=Clock(at)) as desk:
        desk.sign_in_demo(who)
        yield desk


def asked(db: Path, *, who: str = "owner", at: date = DEMO_DAY, comment: str = "") -> RequestRecord:
    """The account's cancellation, asked for beside the program under test."""
    draft = CancellationDraft(Reach("owner@demo.example"), "too_expensive", comment=comment, acknowledged=True)
    with desk_of(db, who, at) as desk:
        return desk.request_cancellation(draft).request


def called(db: Path, who: str = "agent", note: str = "The baker retires.") -> RequestRecord:
    """A call, filed beside the program under test."""
    with desk_of(db, who) as desk:
        return desk.file_call(CallDraft("602 555 0163", note)).request


def questioned(
    db: Path, subject: str = "A refund", text: str = "How long does it take?", *, who: str = "agent"
) -> RequestRecord:
    """A question, asked beside the program under test."""
    draft = QuestionDraft(Reach("agent@demo.example"), Topic.REFUND, subject, text)
    with desk_of(db, who) as desk:
        return desk.ask_question(draft).request


def ticket(db: Path, number: int = NEW) -> RequestRecord:
    """A ticket as it is stored."""
    with desk_of(db) as desk:
        return desk.request(number)


def log_is_whole(db: Path) -> bool:
    """Whether the log is as it was written."""
    with desk_of(db) as desk:
        return desk.verify_log().broken is None


def record(driver: Driver) -> RequestRecord:
    """The ticket on the screen."""
    assert isinstance(driver.here, RequestScreen)
    assert driver.here.record is not None
    return driver.here.record


def letter(driver: Driver) -> LetterView:
    """The letter on the screen."""
    assert isinstance(driver.here, LetterScreen)
    assert driver.here.letter is not None
    return driver.here.letter


def problem(driver: Driver, name: str) -> str:
    """What a field says is wrong with it."""
    return driver.here.query_one(f"#field-{name}", FormField).problem


def panel(driver: Driver) -> dict[str, str]:
    """The lines beside the form."""
    preview = driver.here.query_one(PreviewPanel).preview
    assert preview is not None
    return {line.label: line.text for line in preview.lines}


def menu_item(driver: Driver) -> str:
    """The marked item of the account menu."""
    assert isinstance(driver.app.screen, AccountMenu)
    table = driver.app.screen.query_one(RecordTable)
    return table.rows[table.cursor].cells[0].text


async def filled_in(driver: Driver) -> None:
    """The form as the guide says: the reason, tab to the terms, the tick."""
    await driver.press("t", *TO_THE_TICK)
    assert driver.focus == "tick"
    await driver.press("space")


def recorded_as_asked(db: Path, by: str) -> None:
    """One transaction wrote it all: the request, its terms, the letter, the log."""
    stored = ticket(db)
    assert (stored.kind, stored.standing, stored.requested_by) == (Kind.CANCELLATION, Standing.OPEN, by)
    assert (stored.requested_on, stored.ends_on, stored.answer_due) == (
        DEMO_DAY,
        date(2026, 3, 18),
        date(2026, 3, 4),
    )
    assert (stored.in_time, stored.last_invoice) == (True, None)
    assert stored.acknowledged == TERMS
    with desk_of(db) as desk:
        assert [event.actor for event in desk.log(subject=f"request:{NEW}")] == [by]
        assert desk.verify_log().broken is None


# --- the two documented ways ------------------------------------------------------------------------------------------


async def test_an_owner_by_admin_billing_and_account(demo_db: Path) -> None:
    async with running(demo_db, who="owner", size=(100, 44)) as driver:
        await driver.press("ctrl+o", "B")
        assert "Dashboard › Admin › Billing & Account" in driver.text
        assert "7 days left to ask in time for the invoice of 19 Mar 2026: until 9 Mar 2026." in driver.text
        await driver.press("x")
        assert (driver.route, driver.focus) == ("/account/cancel", "reason")
        await filled_in(driver)
        await driver.press("ctrl+s")
        assert (driver.route, driver.message) == ("/requests/1005", SAVED)
        assert driver.pressed <= DOCUMENTED_KEYS
        for shown in ("T-1005  Cancel the account", "open · answer due 4 Mar 2026", "Ruth Hollis (owner, verified)"):
            assert shown in driver.text
    recorded_as_asked(demo_db, "Ruth Hollis")


async def test_an_owner_by_my_account_and_the_form(demo_db: Path) -> None:
    async with running(demo_db, who="owner", size=(100, 44)) as driver:
        await driver.press("ctrl+o")
        assert menu_item(driver) == "My account"
        await driver.press("enter")
        assert driver.route == "/account"
        assert "Identity      verified" in driver.text
        assert "you may cancel it, by the form" in driver.text
        await driver.press("enter")
        assert (driver.route, driver.focus) == ("/account/cancel", "reason")
        await filled_in(driver)
        await driver.press("ctrl+s")
        assert (driver.route, driver.message) == ("/requests/1005", SAVED)
        assert driver.pressed <= DOCUMENTED_KEYS
    recorded_as_asked(demo_db, "Ruth Hollis")


async def test_a_verified_admin_with_the_dropdowns_and_the_button(demo_db: Path) -> None:
    """Whoever knows no letter opens the dropdown; whoever knows no ctrl+s goes on to Save."""
    async with running(demo_db, who="admin", route="/account", size=(100, 44)) as driver:
        await driver.press("x", "enter", "down", "enter", "tab")
        await driver.type("We bake less.")
        await driver.press("tab", "tab")
        await driver.type("602 555 0163")
        await driver.press("tab", "enter", "down", "enter", "tab", "tab", "enter", "tab", "tab")
        assert driver.focus == "save"
        await driver.press("enter")
        assert (driver.route, driver.message) == ("/requests/1005", SAVED)
    stored = ticket(demo_db)
    assert (stored.requested_by, stored.role, stored.verified) == ("Theo Lindqvist", "admin", True)
    assert (stored.comment, stored.phone, stored.preferred) == ("We bake less.", "+1 602-555-0163", "phone")
    assert stored.reason == "Missing features"
    assert log_is_whole(demo_db)


async def test_the_short_way_from_any_list(demo_db: Path) -> None:
    """Outside the fields a letter is enough; backwards, the terms are nearer than forwards."""
    async with running(demo_db, who="owner", route="/requests") as driver:
        await driver.press("B", "x", "t", "shift+tab", "shift+tab", "shift+tab")
        assert driver.focus == "tick"
        await driver.press("space", "ctrl+s")
        assert driver.message == SAVED
        assert driver.pressed <= SHORT_KEYS


async def test_billing_and_my_account_lead_to_the_ticket_that_is_there(demo_db: Path) -> None:
    asked(demo_db)
    for who in ("owner", "agent"):
        async with running(demo_db, who=who, route="/account", size=(100, 30)) as driver:
            assert "! T-1005: asked on 2 Mar 2026 by Ruth Hollis, open; the account ends on 18 Mar 2026." in driver.text
            await driver.press("x")
            assert driver.message == "The account is being cancelled already: T-1005."
            await driver.press("o")
            assert driver.route == "/requests/1005"
    async with running(demo_db, who="owner", route="/admin/billing", size=(100, 30)) as driver:
        assert "! T-1005: Ruth Hollis asked to cancel on 2 Mar 2026; open" in driver.text
        await driver.press("x")
        assert driver.message == "The account is being cancelled already: T-1005."
        assert driver.focus == "request", "the button that leads on has the focus"
        await driver.press("enter")
        assert driver.route == "/requests/1005"


# --- the letter -------------------------------------------------------------------------------------------------------


async def test_the_letter_names_every_term_and_can_be_copied(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/account/cancel", size=(140, 60)) as driver:
        await filled_in(driver)
        await driver.press("ctrl+s", "l")
        assert driver.route == "/letters/1"
        assert "recorded, not sent" in driver.text
        assert "Dear Ruth Hollis," in driver.text
        for term in TERMS:
            assert f"- {term}" in letter(driver).body
            assert f"- {term}" in " ".join(driver.text.split())
        await driver.press("y")
        assert driver.message.startswith("Copied the letter")
        for part in ("T-1005: your request to cancel Juniper & Rye", *TERMS):
            assert part in driver.app.clipboard
        await driver.press("s")
        assert driver.route == "/requests/1005"
        await driver.press("escape", "escape")
        assert driver.route == "/requests/1005", "esc goes back the way one came"


async def test_the_letter_is_saved_to_a_new_file_only(demo_db: Path, tmp_path: Path) -> None:
    asked(demo_db)
    there, new = tmp_path / "there.txt", tmp_path / "new.txt"
    there.write_text("mine", encoding="utf-8")
    async with running(demo_db, who="owner", route="/letters/1", size=(100, 30)) as driver:
        await driver.press("w")
        assert isinstance(driver.app.screen, PathDialog)
        assert "letter-1.txt" in driver.text, "a name is proposed"
        await driver.press("ctrl+u")
        await driver.type(str(there))
        await driver.press("enter")
        assert driver.message == f"{there} is there already, and was left as it is. Choose another name."
        assert there.read_text(encoding="utf-8") == "mine"
        await driver.press("w")
        assert "there.txt" in driver.text, "what was typed is there to be mended"
        await driver.press("end", *["backspace"] * len("there.txt"))
        assert driver.app.screen.query_one("#path", Input).value == f"{tmp_path}/"
        await driver.type("new.txt")
        await driver.press("tab", "tab", "enter")
        assert driver.message == f"Saved to {new}."
        written = new.read_text(encoding="utf-8")
        assert written.startswith("T-1005: your request to cancel Juniper & Rye\n\nDear Ruth Hollis,\n")
        assert all(term in written for term in TERMS)
        await driver.press("w")
        assert "letter-1.txt" in driver.text, "the next file gets a name of its own"
        await driver.press("escape")
        assert driver.route == "/letters/1"
    assert sorted(path.name for path in tmp_path.glob("*.txt")) == ["new.txt", "there.txt"]


async def test_a_file_that_cannot_be_written_is_a_sentence(demo_db: Path, tmp_path: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/letters/1") as driver:
        for name, sentence in (
            ("nowhere/at/all.txt", f"{tmp_path}/nowhere/at/all.txt cannot be written: No such file or directory."),
            ("", f"{tmp_path} is there already, and was left as it is. Choose another name."),
        ):
            await driver.press("w", "ctrl+u")
            await driver.type(f"{tmp_path}/{name}")
            await driver.press("enter")
            assert driver.message == sentence
        await driver.press("w", "ctrl+u", "enter")
        assert driver.route == "/letters/1", "without a name nothing is written"


# --- the menu ---------------------------------------------------------------------------------------------------------

LEADS_TO = {
    "app.account": "/account",
    "app.billing": "/admin/billing",
    "app.requests": "/requests",
    "app.theme": "/",
    "app.help": "/help",
    "app.sign_out": "/sign-in",
}
LETTERS = dict(zip(LEADS_TO, ("M", "B", "R", "T", "question_mark", "Q"), strict=True))


async def chosen(driver: Driver, name: str, *keys: str) -> None:
    """Open the menu from the search field, choose, see where it led, and go back."""
    await driver.type("lop")
    before = driver.app.theme
    await driver.press("ctrl+o")
    assert isinstance(driver.app.screen, AccountMenu)
    await driver.press(*keys)
    assert driver.route == LEADS_TO[name], name
    assert (driver.app.theme != before) is (name == "app.theme")
    if name != "app.sign_out":
        await driver.press("escape")
        assert driver.route == "/"
        await driver.press("escape")


async def test_every_item_of_the_menu_by_its_own_key(demo_db: Path) -> None:
    assert tuple(LEADS_TO) == ITEMS
    async with running(demo_db, who="owner") as driver:
        for name, key in LETTERS.items():
            await chosen(driver, name, key)
        assert driver.app.person is None


async def test_every_item_of_the_menu_by_arrows_and_enter(demo_db: Path) -> None:
    async with running(demo_db, who="owner") as driver:
        for at, name in enumerate(LEADS_TO):
            await chosen(driver, name, *["down"] * at, "enter")
        assert driver.app.person is None


async def test_the_menu_goes_round_and_closes_without_a_trace(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/requests") as driver:
        for key in ("A", "escape"):
            await driver.press("A")
            assert menu_item(driver) == "My account"
            await driver.press("up")
            assert menu_item(driver) == "Sign out"
            await driver.press("down")
            assert menu_item(driver) == "My account"
            await driver.press(key)
            assert driver.route == "/requests"
            assert driver.message == ""
        assert driver.app.person is not None


async def test_the_mouse_opens_the_menu_at_the_top_right_and_a_click_elsewhere_closes_it(demo_db: Path) -> None:
    for columns in (60, 80, 120):
        async with running(demo_db, who="owner", size=(columns, 24)) as driver:
            await driver.pilot.click(offset=(3, 0))
            await driver.settle()
            assert driver.route == "/", "the breadcrumb is no menu"
            await driver.pilot.click(offset=(columns - 4, 0))
            await driver.settle()
            assert isinstance(driver.app.screen, AccountMenu)
            assert "Ruth Hollis" in driver.text
            await driver.pilot.click(offset=(5, 20))
            await driver.settle()
            assert driver.route == "/"


async def test_what_the_menu_cannot_do_for_somebody_it_says(demo_db: Path) -> None:
    async with running(demo_db, who="agent") as driver:
        for keys in (("B",), ("down", "enter")):
            await driver.press("ctrl+o", *keys)
            assert driver.route == "/"
            assert driver.message == "An agent cannot open the billing of the account: ask an admin or the owner."


async def test_a_changed_form_is_not_lost_to_the_menu(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/account/cancel") as driver:
        await driver.press("t", "ctrl+o", "R")
        assert driver.route == "/requests"
        await driver.press("escape")
        assert isinstance(driver.here, CancelAccount)
        assert driver.here.draft().reason_code == "too_expensive"
        await driver.press("ctrl+o", "Q")
        assert "Leave without saving?" in driver.text
        await driver.press("enter")
        assert driver.app.person is not None


# --- by phone ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CALLERS)
async def test_whoever_may_not_goes_by_phone_and_files_the_call(demo_db: Path, who: str) -> None:
    async with running(demo_db, who=who, size=(100, 44)) as driver:
        await driver.press("ctrl+o", "enter")
        assert "can be cancelled by phone only" in driver.text
        await driver.press("x")
        assert driver.route == "/account/phone"
        for shown in (
            "Phone         +1 602-555-0142",
            "Open          Monday to Friday, 8:00 to 17:00",
            "- the name of the account: Juniper & Rye",
            "- the plan: Max Classic",
            "- the name of a verified owner or administrator: Ruth Hollis or Theo Lindqvist",
            f"“My name is {CALLERS[who]}, and I am calling for the account Juniper & Rye.”",
            "no further invoice, and that the account ends on 18 Mar",
            "Please confirm in writing, and tell me the number of the ticket.",
        ):
            assert shown in driver.text
        assert driver.focus == "call-back"
        await driver.type("602 555 0163")
        await driver.press("ctrl+s")
        assert driver.pressed <= CALL_KEYS
        assert driver.route == "/requests/1005"
        assert driver.message == "T-1005 is recorded. An answer is due by 4 Mar 2026."
        assert "Cancel the account, by phone" in driver.text
        await driver.press("escape", "x")
        assert driver.route == "/account/phone"
        assert driver.focus == "open"
        assert "Open my ticket, T-1005" in driver.text
        await driver.press("enter")
        assert (driver.route, driver.message) == ("/requests/1005", "Your call is filed already.")
    stored = ticket(demo_db)
    assert (stored.kind, stored.requested_by, stored.phone) == (Kind.CALL, CALLERS[who], "+1 602-555-0163")
    assert log_is_whole(demo_db)


async def test_a_call_is_filed_by_its_button_and_with_a_note(demo_db: Path) -> None:
    async with running(demo_db, route="/account") as driver:
        await driver.press("enter")
        await driver.type("+1 602 555 0163")
        await driver.press("tab")
        await driver.type("The baker retires [in June].")
        await driver.press("tab", "enter")
        assert driver.route == "/requests/1005"
    assert ticket(demo_db).comment == "The baker retires [in June]."


async def test_a_number_nobody_can_be_called_at_is_told_and_nothing_typed_is_lost(demo_db: Path) -> None:
    async with running(demo_db, route="/account/phone") as driver:
        for typed, sentence in (("", "The answer comes by phone"), ("12", "too short"), ("soon", "not a phone number")):
            await driver.press("ctrl+u")
            await driver.type(typed)
            await driver.press("tab")
            await driver.type("x")
            await driver.press("ctrl+s")
            assert sentence in problem(driver, "phone")
            assert driver.focus == "call-back"
            assert driver.message.startswith("Not saved.")
        assert isinstance(driver.here, ByPhone)
        assert driver.here.typed("note")
        await driver.press("escape")
        assert "Leave without saving?" in driver.text
        await driver.press("escape")
        assert driver.here.typed("call-back") == "soon"
    with desk_of(demo_db) as desk:
        assert desk.requests(only_open=False).total == SEEDED


async def test_ctrl_s_pressed_again_and_again_files_one_call(demo_db: Path) -> None:
    async with running(demo_db, route="/account/phone") as driver:
        await driver.type("602 555 0163")
        await driver.pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await driver.settle()
        assert driver.route == "/requests/1005"
    with desk_of(demo_db) as desk:
        assert desk.requests(only_open=False).total == SEEDED + 1
        assert len(desk.log(subject=f"request:{NEW}")) == 1


async def test_an_unverified_admin_comes_to_the_phone_from_billing_too(demo_db: Path) -> None:
    async with running(demo_db, who=UNVERIFIED, route="/admin/billing", size=(100, 44)) as driver:
        await driver.press("x")
        assert driver.route == "/account/phone"
        assert "Only a verified owner or admin can request the cancellation of the account" in driver.text
        await driver.press("escape")
        assert driver.route == "/admin/billing"


async def test_whoever_may_not_look_at_billing_is_told_the_way(demo_db: Path) -> None:
    async with running(demo_db, who="viewer", route="/admin/billing") as driver:
        assert "Whom to phone instead: M, then x." in " ".join(driver.text.split())
        await driver.press("M", "x")
        assert driver.route == "/account/phone"


async def test_the_script_can_be_read_on_a_small_screen_while_the_number_is_typed(demo_db: Path) -> None:
    async with running(demo_db, route="/account/phone", size=(80, 20)) as driver:
        assert "The cancellation team finishes it." not in driver.text
        await driver.press("pagedown", "pagedown", "pagedown")
        assert "The cancellation team finishes it." in driver.text
        assert driver.focus == "call-back"
        await driver.press("pageup", "pageup", "pageup")
        assert "cannot request the cancellation of the account" in driver.text


async def test_help_leads_to_the_phone(demo_db: Path) -> None:
    async with running(demo_db, route="/help") as driver:
        await driver.press("p")
        assert driver.route == "/account/phone"


# --- the team finishes it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CALLERS)
async def test_an_admin_completes_the_form_for_whoever_phoned(demo_db: Path, who: str) -> None:
    caller = CALLERS[who]
    called(demo_db, who)
    async with running(demo_db, who="admin", size=(100, 44)) as driver:
        await driver.press("ctrl+o", "R", "end", "enter")
        assert driver.route == "/requests/1005"
        await driver.press("c")
        assert isinstance(driver.here, CancelAccount)
        assert f"For {caller}, who phoned: T-1005" in driver.text
        assert "Requests › T-1005 › Complete the form" in driver.text
        draft = driver.here.draft()
        assert (draft.reach.phone, draft.requested_on) == ("+1 602-555-0163", DEMO_DAY)
        await filled_in(driver)
        await driver.press("ctrl+s")
        assert (driver.route, driver.message) == ("/requests/1005", SAVED)
        assert f"From          {caller}" in driver.text
        assert "Completed by  Theo Lindqvist" in driver.text
        await driver.press("l")
        assert letter(driver).to == caller
        assert "has been recorded for you by Theo Lindqvist." in " ".join(driver.text.split())
        assert f"2 Mar 2026 by {caller} ({ticket(demo_db).role})" in driver.text
        await driver.press("escape", "escape")
        assert driver.route == "/requests/1005"
        assert record(driver).completed_by == "Theo Lindqvist", "the ticket one came from is read anew"
    stored = ticket(demo_db)
    assert (stored.kind, stored.requested_by, stored.completed_by) == (Kind.CANCELLATION, caller, "Theo Lindqvist")
    assert stored.comment == "The baker retires.", "what the caller said is kept"
    assert stored.acknowledged == TERMS
    with desk_of(demo_db) as desk:
        assert [event.actor for event in desk.log(subject="request:1005")] == ["Theo Lindqvist", caller]
        assert desk.verify_log().broken is None
    async with running(demo_db, who=who, route="/account", size=(100, 30)) as driver:
        assert f"! T-1005: asked on 2 Mar 2026 by {caller}, open" in driver.text


async def test_a_call_can_be_completed_for_a_day_that_has_passed(demo_db: Path) -> None:
    """Whoever phoned on the last safe day is in time, also when the form is completed on the day after."""
    last_safe = date(2026, 3, 9)
    with desk_of(demo_db, "agent", last_safe) as desk:
        desk.file_call(CallDraft("602 555 0163"))
    async with running(demo_db, who="owner", route="/requests/1005", at=date(2026, 3, 10), size=(100, 44)) as driver:
        await driver.press("c")
        assert panel(driver)["Notice"] == "in time: asked on 9 Mar 2026"
        await filled_in(driver)
        await driver.press("ctrl+s")
        assert driver.message.startswith("T-1005 is recorded. The account ends on 18 Mar 2026;")
    assert (ticket(demo_db).requested_on, ticket(demo_db).in_time) == (last_safe, True)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("agent2@demo.example", "An agent cannot complete the cancellation of the account: ask an admin or the owner."),
        ("viewer", "A viewer cannot complete the cancellation of the account: ask an admin or the owner."),
        (
            UNVERIFIED,
            "Only a verified owner or admin can complete the cancellation of the account, and you are not verified "
            "yet.",
        ),
    ],
)
async def test_nobody_else_completes_a_call(demo_db: Path, who: str, sentence: str) -> None:
    called(demo_db)
    async with running(demo_db, who=who, route="/requests/1005") as driver:
        assert "c" not in [hint.key for hint in driver.here.query_one(KeyBar).hints]
        await driver.press("c")
        assert (driver.route, driver.message) == ("/requests/1005", sentence)


async def test_a_call_somebody_else_completed_meanwhile_is_refused_and_nothing_typed_is_lost(demo_db: Path) -> None:
    call = called(demo_db)
    draft = CancellationDraft(Reach("agent@demo.example"), "unused", acknowledged=True)
    async with running(demo_db, who="admin", route="/requests/1005") as driver:
        await driver.press("c", "t", "tab")
        await driver.type("said by phone")
        await driver.press("tab", "tab", "tab", "tab", "tab", "space")
        with desk_of(demo_db) as desk:
            desk.complete_call(NEW, draft, version=call.version)
        await driver.press("ctrl+s")
        assert driver.message == "T-1005 was changed after you opened it. Nothing was saved: open it again."
        assert isinstance(driver.here, CancelAccount)
        assert driver.here.draft().comment == "said by phone"
        assert driver.here.query_one(Tick).ticked
    assert ticket(demo_db).completed_by == "Ruth Hollis"
    assert log_is_whole(demo_db)
