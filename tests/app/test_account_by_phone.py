"""Ending the account by phone: the way for whoever may not, the call that is filed, the team that finishes it."""

from datetime import date
from pathlib import Path

import pytest

from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.tickets import CompleteCall, FileCall, ListTickets
from subtui.app.screens.account_cancel import CancelAccount
from subtui.app.screens.phone import PhoneScreen
from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.key_bar import KeyBar
from subtui.domain.event_types import Subject
from subtui.domain.requests import CallDraft, CancellationDraft, ContactDetails, Kind
from tests.app.asking import (
    NEW,
    SAVED,
    SEEDED,
    TERMS,
    UNVERIFIED,
    called,
    desk_of,
    filled_in,
    letter,
    log_is_whole,
    panel,
    problem,
    record,
    ticket,
)
from tests.app.driver import DEMO_DAY, running

CALL_KEYS = 4
CALLERS = {"agent": "Dana Reyes", "viewer": "Imani Brooks", UNVERIFIED: "Callum Frost"}


# --- by phone ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", CALLERS)
async def test_whoever_may_not_goes_by_phone_and_files_the_call(demo_db: Path, who: str) -> None:
    async with running(demo_db, who=who, size=(100, 44)) as driver:
        await driver.press("ctrl+o", "enter")
        assert "You can cancel it by phone only" in driver.text
        await driver.press("x")
        assert driver.route == "/account/phone"
        for shown in (
            "Phone         +1 602-555-0142",
            "Hours         Monday to Friday, 8:00 to 17:00",
            "- the name of the account: Juniper & Rye",
            "- the plan: Max Classic",
            "- the name of a verified owner or administrator: Ruth Hollis or Theo Lindqvist",
            f"“My name is {CALLERS[who]}, and I am calling for the account Juniper & Rye.”",
            "no further invoice, and that the account ends on 18 Mar",
            "Please confirm this in writing, and give me the ticket number.",
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
        assert (driver.route, driver.message) == ("/requests/1005", "Your call is already logged.")
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
        for typed, sentence in (
            ("", "Enter the number to call back."),
            ("12", "too short"),
            ("soon", "not a phone number"),
        ):
            await driver.press("ctrl+u")
            await driver.type(typed)
            await driver.press("tab")
            await driver.type("x")
            await driver.press("ctrl+s")
            assert sentence in problem(driver, "phone")
            assert driver.focus == "call-back"
            assert driver.message.startswith("Not saved.")
        assert isinstance(driver.here, PhoneScreen)
        assert driver.here.typed("note")
        await driver.press("escape")
        assert "Leave without saving?" in driver.text
        await driver.press("escape")
        assert driver.here.typed("call-back") == "soon"
    with desk_of(demo_db) as backend:
        assert backend.read(ListTickets(only_open=False)).total == SEEDED


async def test_ctrl_s_pressed_again_and_again_files_one_call(demo_db: Path) -> None:
    async with running(demo_db, route="/account/phone") as driver:
        await driver.type("602 555 0163")
        await driver.pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await driver.settle()
        assert driver.route == "/requests/1005"
    with desk_of(demo_db) as backend:
        assert backend.read(ListTickets(only_open=False)).total == SEEDED + 1
        assert len(backend.read(ListEvents(subject=Subject.read(f"request:{NEW}")))) == 1


async def test_an_unverified_admin_comes_to_the_phone_from_billing_too(demo_db: Path) -> None:
    async with running(demo_db, who=UNVERIFIED, route="/admin/billing", size=(100, 44)) as driver:
        await driver.press("x")
        assert driver.route == "/account/phone"
        assert "Only a verified owner or admin can cancel the account" in driver.text
        await driver.press("escape")
        assert driver.route == "/admin/billing"


async def test_whoever_may_not_look_at_billing_is_told_the_way(demo_db: Path) -> None:
    async with running(demo_db, who="viewer", route="/admin/billing") as driver:
        assert "To cancel by phone: M, then x." in " ".join(driver.text.split())
        await driver.press("M", "x")
        assert driver.route == "/account/phone"


async def test_the_script_can_be_read_on_a_small_screen_while_the_number_is_typed(demo_db: Path) -> None:
    async with running(demo_db, route="/account/phone", size=(80, 20)) as driver:
        assert "completes the cancellation." not in driver.text
        await driver.press("pagedown", "pagedown", "pagedown")
        assert "completes the cancellation." in driver.text
        assert driver.focus == "call-back"
        await driver.press("pageup", "pageup", "pageup")
        assert "cannot cancel the account" in driver.text


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
        assert "recorded for you by Theo Lindqvist." in " ".join(driver.text.split())
        assert f"2 Mar 2026 by {caller} ({ticket(demo_db).role})" in driver.text
        await driver.press("escape", "escape")
        assert driver.route == "/requests/1005"
        assert record(driver).completed_by == "Theo Lindqvist", "the ticket one came from is read anew"
    stored = ticket(demo_db)
    assert (stored.kind, stored.requested_by, stored.completed_by) == (Kind.CANCELLATION, caller, "Theo Lindqvist")
    assert stored.comment == "The baker retires.", "what the caller said is kept"
    assert stored.acknowledged == TERMS
    with desk_of(demo_db) as backend:
        assert [event.actor for event in backend.read(ListEvents(subject=Subject.read("request:1005")))] == [
            "Theo Lindqvist",
            caller,
        ]
        assert backend.read(VerifyLog()).broken is None
    async with running(demo_db, who=who, route="/account", size=(100, 30)) as driver:
        assert f"! T-1005 (open): {caller} requested cancellation on" in driver.text


async def test_a_call_can_be_completed_for_a_day_that_has_passed(demo_db: Path) -> None:
    """Whoever phoned on the last safe day is in time, also when the form is completed on the day after."""
    last_safe = date(2026, 3, 9)
    with desk_of(demo_db, "agent", last_safe) as backend:
        backend.do(FileCall(CallDraft("602 555 0163")))
    async with running(demo_db, who="owner", route="/requests/1005", at=date(2026, 3, 10), size=(100, 44)) as driver:
        await driver.press("c")
        assert panel(driver)["Notice"] == "In time (requested on 9 Mar 2026)"
        await filled_in(driver)
        await driver.press("ctrl+s")
        assert driver.message.startswith("T-1005 is recorded. The account ends on 18 Mar 2026;")
    assert (ticket(demo_db).requested_on, ticket(demo_db).in_time) == (last_safe, True)


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("agent2@demo.example", "An agent cannot complete the account cancellation: ask an admin or the owner."),
        ("viewer", "A viewer cannot complete the account cancellation: ask an admin or the owner."),
        (
            UNVERIFIED,
            "Only a verified owner or admin can complete the account cancellation, and you are not verified yet.",
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
    draft = CancellationDraft(ContactDetails("agent@demo.example"), "unused", acknowledged=True)
    async with running(demo_db, who="admin", route="/requests/1005") as driver:
        await driver.press("c", "t", "tab")
        await driver.type("said by phone")
        await driver.press("tab", "tab", "tab", "tab", "tab", "space")
        with desk_of(demo_db) as backend:
            backend.do(CompleteCall(NEW, draft, version=call.version))
        await driver.press("ctrl+s")
        assert driver.message == "T-1005 was changed after you opened it. Nothing was saved: open it again."
        assert isinstance(driver.here, CancelAccount)
        assert driver.here.draft().comment == "said by phone"
        assert driver.here.query_one(Checkbox).ticked
    assert ticket(demo_db).completed_by == "Ruth Hollis"
    assert log_is_whole(demo_db)
