"""The form: bad input, the panel, saving twice, two people at once, leaving, undoing."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Button, TextArea

from subtui.acts.log import ListEvents
from subtui.acts.subscriptions import GetSubscription, PreviewSubscription, SaveSubscription
from subtui.app.content import wrap
from subtui.app.screens.dialogs import LeaveDialog, StaleDialog
from subtui.app.screens.subscription import SubscriptionForm
from subtui.app.screens.subscription_fields import SubscriptionFields
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.event_types import Subject
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.preview import Line
from tests.app.driver import DEMO_DAY, Driver, running

FORM = "/subscriptions/1042"


def form(driver: Driver) -> SubscriptionForm:
    assert isinstance(driver.here, SubscriptionForm)
    return driver.here


def fields(driver: Driver) -> SubscriptionFields:
    return driver.here.query_one(SubscriptionFields)


def panel(driver: Driver) -> dict[str, str]:
    preview = driver.here.query_one(PreviewPanel).preview
    assert preview is not None
    return {line.label: line.text for line in preview.lines}


def problem(driver: Driver, name: str) -> str:
    return driver.here.query_one(f"#field-{name}", FormField).problem


def ending(db: Path, subscription_id: int = 1042) -> Status:
    with Backend.open(str(db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo()
        return backend.read(GetSubscription(subscription_id)).terms.ending.status


async def test_inactive_brings_its_end_date_and_switches_auto_charge_off(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("i")
        draft = fields(driver).draft()
        assert draft is not None
        assert (draft.status, draft.end_date, draft.auto_charge) == (Status.INACTIVE, date(2026, 3, 14), False)
        await driver.press("a")
        assert form(driver).unsaved is False, "back to Active takes both back"


async def test_the_panel_words_the_whole_save(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t")
        assert panel(driver) == {
            "Status": "Active → Inactive",
            "Charges": "No further charges (15 Mar bill cancelled)",
            "Access": "until 14 Mar 2026",
            "Auto Charge": "Yes → No",
            "Reason": "Too expensive",
            "Open orders": "49.00 USD still due",
            "Refund": "not included",
            "Still running": "2 automations, tag “Members”",
            "Letter": "ready after saving",
            "Undo": "until 14 Mar 2026",
        }


async def test_active_with_an_end_date_is_worded_differently(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("tab")
        await driver.type("20 apr")
        await driver.press("tab", "u")
        assert panel(driver)["Status"] == "Active until 20 Apr 2026, then Inactive"
        assert panel(driver)["Charges"] == "2 more bills of 49.00 USD, the last on 15 Apr 2026"
        await driver.press("ctrl+s")
        assert driver.message == "Saved. Monthly plan is Active until 20 Apr 2026, then Inactive."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1 mar 2026", "The end date can't be before today (2 Mar 2026)."),
        ("30 feb", "30 Feb"),
        ("soon", "“soon” is not a date"),
        ("", "Enter the end date"),
    ],
)
async def test_a_bad_end_date_is_told_at_its_field_and_nothing_is_saved(
    demo_db: Path, typed: str, sentence: str
) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t", "shift+tab", "delete")
        await driver.type(typed)
        await driver.press("ctrl+s")
        assert sentence in problem(driver, "end_date")
        assert driver.focus == "end-date"
        assert driver.message.startswith("Not saved.")
        assert ending(demo_db) is Status.ACTIVE


async def test_inactive_without_a_reason_goes_to_the_reason(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("i", "ctrl+s")
        assert problem(driver, "reason") == "Choose a reason."
        assert driver.focus == "reason"
        assert ending(demo_db) is Status.ACTIVE
        await driver.press("m")
        assert problem(driver, "reason") == "", "the sentence goes once it is put right"


async def test_other_needs_a_note(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "o", "ctrl+s")
        assert problem(driver, "note") == "Add a note: the reason “Other” needs one."
        assert driver.focus == "note"
        await driver.type("moves abroad")
        await driver.press("ctrl+s")
        assert driver.message.startswith("Saved.")


@pytest.mark.parametrize("typed", ["1e5", "12.345", "abc", "", "49 EUR"])
async def test_a_price_that_is_none(demo_db: Path, typed: str) -> None:
    async with running(demo_db, route=FORM) as driver:
        driver.here.query_one("#price").focus()
        await driver.settle()
        await driver.press("delete")
        await driver.type(typed)
        await driver.press("ctrl+s")
        assert problem(driver, "price") != ""
        assert driver.focus == "price"


async def test_up_and_down_move_the_date_by_a_day(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("i", "tab", "up", "up", "down")
        draft = fields(driver).draft()
        assert draft is not None
        assert draft.end_date == date(2026, 3, 15)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-03-20", date(2026, 3, 20)),
        ("+10d", date(2026, 3, 12)),
        ("eom", date(2026, 3, 31)),
        ("paid", date(2026, 3, 14)),
    ],
)
async def test_dates_as_people_type_them(demo_db: Path, typed: str, day: date) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("tab")
        await driver.type(typed)
        draft = fields(driver).draft()
        assert draft is not None
        assert draft.end_date == day


async def test_saving_twice_saves_once(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t")
        await driver.pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await driver.settle()
    with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo()
        assert len(backend.read(ListEvents(subject=Subject.read("subscription:1042")))) == 1


async def test_an_enter_too_many_after_saving_changes_nothing(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        await driver.press("x", "t", "ctrl+s")
        assert driver.focus == "leave"
        await driver.press("enter")
        assert driver.route == "/contacts/1007/orders"


async def change_behind(db: Path) -> None:
    """Somebody else raises the price meanwhile."""
    with Backend.open(str(db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo("agent2@demo.example")
        record = backend.read(GetSubscription(1042))
        draft = replace(draft_of(record.terms), quantity=3)
        backend.do(SaveSubscription(1042, draft, version=record.version))


async def test_a_stale_save_shows_both_versions_and_keeps_what_was_typed(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t", "tab")
        await driver.type("said so by phone")
        await change_behind(demo_db)
        await driver.press("ctrl+s")
        assert isinstance(driver.app.screen, StaleDialog)
        for shown in ("Sam Okonkwo changed this subscription", "Yours", "Saved version", "QTY"):
            assert shown in driver.text
        assert ending(demo_db) is Status.ACTIVE
        await driver.press("enter")  # keep what I typed
        draft = fields(driver).draft()
        assert draft is not None
        assert draft.reason_note == "said so by phone"
        assert draft.quantity == 1
        await driver.press("ctrl+s")
        assert driver.message.startswith("Saved.")


async def test_a_stale_save_can_take_the_newer_version(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t")
        await change_behind(demo_db)
        await driver.press("ctrl+s", "t")
        draft = fields(driver).draft()
        assert draft is not None
        assert (draft.quantity, draft.status) == (3, Status.ACTIVE)
        assert form(driver).unsaved is False


async def test_leaving_a_changed_form_asks_and_stays_by_default(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        await driver.press("x", "escape")
        assert isinstance(driver.app.screen, LeaveDialog)
        await driver.press("enter")
        assert isinstance(driver.app.screen, SubscriptionForm), "the safe answer has the focus"
        assert form(driver).unsaved
        await driver.press("escape", "y")
        assert driver.route == "/contacts/1007/orders"
    assert ending(demo_db) is Status.ACTIVE


@pytest.mark.parametrize("key", ["q", "slash", "Q"])
async def test_no_other_way_out_loses_what_was_typed(demo_db: Path, key: str) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("i")
        driver.here.query_one("#leave").focus()
        await driver.press(key)
        assert isinstance(driver.app.screen, LeaveDialog)
        await driver.press("escape")
        assert form(driver).unsaved


async def test_undo_is_refused_after_the_end_date(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions/1052") as driver:
        driver.here.query_one("#leave").focus()
        await driver.press("u")
        assert "has passed: start a new subscription instead." in driver.message


async def test_a_viewer_may_look_and_is_told_why_not_more(demo_db: Path) -> None:
    async with running(demo_db, route=FORM, who="viewer") as driver:
        await driver.press("i", "tab", "tab", "t", "ctrl+s")
        assert driver.message != ""
        assert "Saved" not in driver.message
        assert ending(demo_db) is Status.ACTIVE


async def test_read_only_refuses_every_save(demo_db: Path) -> None:
    async with running(demo_db, route=FORM, read_only=True) as driver:
        assert "read-only" in driver.text
        await driver.press("i", "tab", "tab", "t", "ctrl+s")
        assert driver.message == "This is read-only mode: nothing can be changed."


async def test_putting_a_loose_end_right(demo_db: Path) -> None:
    """Inactive, still charging, without end date and reason: one save makes it complete."""
    async with running(demo_db, route="/subscriptions/1039") as driver:
        assert "! inactive, but Auto Charge is on" in driver.text
        await driver.press("tab")
        await driver.type("paid")
        await driver.press("tab", "u", "ctrl+s")
        assert driver.message.startswith("Saved.")
        assert "!" not in driver.text.splitlines()[4]
    with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo()
        assert backend.read(GetSubscription(1039)).loose == ()


async def test_changing_the_price_only(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        driver.here.query_one("#price").focus()
        await driver.settle()
        await driver.type("45.00")
        assert panel(driver)["Price"] == "49.00 USD → 45.00 USD from the next bill"
        await driver.press("ctrl+s")
        assert driver.message == "Saved. Monthly plan is updated."


async def test_the_letter_is_offered_after_saving(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t", "ctrl+s", "l")
        assert driver.route == "/letters/1"
        assert "recorded, not sent" in driver.text
        assert "Dear María López," in driver.text
        await driver.press("y")
        assert driver.message.startswith("Copied the letter")


async def test_a_subscription_that_is_not_there(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions/9") as driver:
        assert "There is no subscription 9." in driver.text


async def test_a_dry_run_shows_the_lines_of_the_panel(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t")
        preview = driver.here.query_one(PreviewPanel).preview
        draft = fields(driver).draft()
        assert preview is not None
        assert draft is not None
    with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo()
        assert backend.read(PreviewSubscription(1042, draft)).lines == preview.lines
        assert Line("Auto Charge", "Yes → No", changed=True) in preview.lines


async def test_what_is_saved_was_shown(demo_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A save that is asked for in the same moment as an edit waits for the preview of just that draft."""
    asked: list[tuple[str, str]] = []
    read, do = Backend.read, Backend.do

    def reading(backend: Backend, query: Any, **more: Any) -> Any:
        if isinstance(query, PreviewSubscription):
            asked.append(("preview", query.draft.reason_note))
        return read(backend, query, **more)

    def doing(backend: Backend, act: Any, **more: Any) -> Any:
        if isinstance(act, SaveSubscription):
            asked.append(("save", act.draft.reason_note))
        return do(backend, act, **more)

    monkeypatch.setattr(Backend, "read", reading)
    monkeypatch.setattr(Backend, "do", doing)
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t", "tab", *"moved")
        fields(driver).query_one("#note", TextArea).text = "moved away"
        await driver.here.action_command("form.save")
        await driver.settle()
        assert driver.message.startswith("Saved.")
    at = asked.index(("save", "moved away"))
    assert ("preview", "moved away") in asked[:at]
    assert ending(demo_db) is Status.INACTIVE


async def test_the_way_out_says_what_it_does(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:

        def label() -> str:
            return str(driver.here.query_one("#leave", Button).label)

        assert label() == "Back"
        await driver.press("i")
        assert label() == "Discard"
        await driver.press("a")
        assert label() == "Back"
        assert driver.here.query_one("#save", Button).variant == "primary"
        await driver.press("i", "tab", "tab", "t", "ctrl+s")
        assert label() == "Done"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("No further charges (15 Mar bill cancelled)", 20, ["No further charges", "(15 Mar bill", "cancelled)"]),
        ("access until 14 Mar 2026, no more", 16, ["access until", "14 Mar 2026, no", "more"]),
        ("at most 1,049.00 USD, all of it", 12, ["at most", "1,049.00 USD,", "all of it"]),
        ("in 2026, on 3 May", 14, ["in 2026, on", "3 May"]),
    ],
)
def test_a_date_and_an_amount_are_not_broken_over_lines(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines
