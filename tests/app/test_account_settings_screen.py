"""The settings of the account as its owner changes them: what follows them, bad input, who may, changes meanwhile."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from subtui.acts.account import GetSettings
from subtui.acts.log import ListEvents, VerifyLog
from subtui.app.screens.account_settings import AccountSettings
from subtui.app.screens.dialogs import LeaveDialog
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.key_bar import KeyBar
from subtui.app.widgets.top_bar import TopBar
from subtui.domain.account_settings import SettingsDraft
from subtui.domain.event_types import Subject
from subtui.views.account import SettingsView
from tests.app.asking import UNVERIFIED, desk_of, log_is_whole, panel, problem
from tests.app.driver import Driver, running
from tests.services.database import changed_tables, everything, run

SETTINGS = "/admin/settings"
SAVED = "Saved. Account settings changed."
EVENING_IN_PHOENIX = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
"""Still 2 March in Phoenix, the 3rd in Europe and in Asia."""

RING = (
    *("plan", "fee", "currency", "cycle", "frequency", "anchor", "began_on"),
    *("notice_days", "answer_days", "minimum_months", "phone", "hours"),
    *(
        "country",
        "time_zone",
        "own_holidays",
        "access_in_pause",
        "limits",
        "batch_limits",
        "name",
        "reasons",
        "leave",
        "save",
    ),
)


def draft(driver: Driver) -> SettingsDraft:
    """What is typed into the form."""
    assert isinstance(driver.here, AccountSettings)
    return driver.here.draft()


async def typed_into(driver: Driver, name: str, text: str) -> None:
    """Go to a field by its name, and type over what is there."""
    driver.here.query_one(f"#{name}").focus()
    await driver.settle()
    await driver.press("end", "ctrl+u")
    await driver.type(text)


def stored(db: Path) -> SettingsView:
    """The settings as they are stored."""
    with desk_of(db) as backend:
        return backend.read(GetSettings())


# --- changing ---------------------------------------------------------------------------------------------------------


async def test_an_owner_changes_the_terms_and_billing_goes_by_them(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/admin/billing", size=(200, 60)) as driver:
        await driver.press("e")
        assert (driver.route, driver.focus) == (SETTINGS, "plan")
        for name, text in {
            "fee": "299.50",
            "notice_days": "5",
            "answer_days": "3",
            "phone": "602 555 0199",
            "hours": "Weekdays, 9 to 5",
            "own_holidays": "2026-03-04, 2026-12-24",
        }.items():
            await typed_into(driver, name, text)
        await driver.press("ctrl+s")
        assert driver.message == SAVED
        assert driver.focus == "leave"
        await driver.press("enter")
        assert driver.route == "/admin/billing"
        for shown in (
            "Max Classic, 299.50 USD a month",
            "12 days left: cancel by 14 Mar to avoid the 19 Mar invoice.",
            "5 days before the next invoice",
            "within 3 business days",
            "602 555 0199",
            "Weekdays, 9 to 5",
            "by 14 Mar 2026",
            "548.50 USD",
        ):
            assert shown in driver.text
        await driver.press("x")
        assert panel(driver)["Notice"] == "In time (12 days left)"
        assert panel(driver)["Answer due"] == "6 Mar 2026", "3 March, then a day off, then the 5th and the 6th"
    view = stored(demo_db)
    assert (view.fee, view.notice_days, view.own_holidays) == ("299.50", 5, (date(2026, 3, 4), date(2026, 12, 24)))
    with desk_of(demo_db) as backend:
        (event,) = backend.read(ListEvents(subject=Subject.read("account:1")))
        assert event.actor == "Ruth Hollis"
        assert backend.read(VerifyLog()).broken is None


async def test_the_reasons_of_the_list_are_those_of_the_form(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=SETTINGS, size=(100, 44)) as driver:
        driver.here.query_one("#reasons").focus()
        await driver.settle()
        await driver.type("zz_moved: [b] Zurich *")
        await driver.press("enter", "ctrl+s")
        assert driver.message == SAVED
        await driver.press("escape")
    async with running(demo_db, who="owner", route="/account/cancel", size=(100, 44)) as driver:
        await driver.type("[")
        await driver.press("ctrl+s")
        assert driver.here.query_one("#reason", Dropdown).chosen == "zz_moved"
        assert problem(driver, "comment") == "“[b] Zurich” needs a comment: explain the reason."
        assert "[b] Zurich" in driver.text
    assert stored(demo_db).reasons[0].needs_note


async def test_the_day_at_the_top_follows_the_time_zone(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=SETTINGS, size=(100, 30), at=EVENING_IN_PHOENIX) as driver:
        top = driver.here.query_one(TopBar)
        assert top.right == "owner ▾ · demo · Mon 2 Mar 2026"
        await typed_into(driver, "time_zone", "Europe/Paris")
        await driver.press("ctrl+s")
        assert driver.message == SAVED
        assert top.right == "owner ▾ · demo · Tue 3 Mar 2026"
        assert "Tue 3 Mar 2026" in driver.text
        await driver.press("escape", "tab", "B")
        assert "6 days left: cancel by" in driver.text, "the clock goes by the same day"
        await driver.press("x")
        assert panel(driver)["Answer due"] == "5 Mar 2026"


async def test_a_plan_is_recorded_for_the_first_time(demo_db: Path) -> None:
    run(demo_db, "UPDATE account SET plan = '', anchor = NULL, fee_minor = 0, created_on = NULL, phone = ''")
    async with running(demo_db, who="owner", route="/admin/billing", size=(200, 60)) as driver:
        await driver.press("e")
        await driver.type("Classic")
        await driver.press("ctrl+s")
        assert problem(driver, "anchor") == "Enter the first bill date: the billing cycle starts there."
        assert driver.focus == "anchor"
        await driver.type("2026-01-31")
        assert problem(driver, "anchor") == "", "the sentence goes once it is put right"
        await typed_into(driver, "fee", "1,234.50")
        await typed_into(driver, "frequency", "2")
        await driver.press("ctrl+s", "enter")
        assert "Classic, 1,234.50 USD every 2 months" in driver.text
        assert "every 2 months, from 31 Jan 2026" in driver.text
        await driver.press("x")
        assert driver.route == "/account/cancel"
        assert panel(driver)["Invoices"] == "No further invoices"


async def test_saved_once_more_it_is_another_change(demo_db: Path) -> None:
    """The form goes on from what it saved."""
    async with running(demo_db, who="owner", route=SETTINGS) as driver:
        for hours in ("mornings", "evenings"):
            await typed_into(driver, "hours", hours)
            await driver.press("ctrl+s")
            assert driver.message == SAVED
        await driver.pilot.press("ctrl+s", "ctrl+s")
        await driver.settle()
        assert driver.message == "No changes to save."
    assert stored(demo_db).hours == "evenings"
    with desk_of(demo_db) as backend:
        assert len(backend.read(ListEvents(subject=Subject.read("account:1")))) == 2
        assert backend.read(VerifyLog()).broken is None


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("fee", "abc", "This is not an amount in USD: write it like 1,234.50."),
        ("fee", "-1", "The fee can't be negative."),
        ("fee", "1.234", ""),
        ("frequency", "0", "Enter a whole number from 1 to 366."),
        ("frequency", "one", "Enter a whole number from 1 to 366."),
        ("notice_days", "-1", "Enter a whole number from 0 to 366."),
        ("notice_days", "", "Enter a whole number from 0 to 366."),
        ("notice_days", "9" * 100, "Enter a whole number from 0 to 366."),
        ("answer_days", "61", "Enter a whole number from 0 to 60."),
        ("minimum_months", "0", "Enter a whole number from 1 to 120."),
        ("anchor", "soon", "“soon” is not a date"),
        ("anchor", "", "Enter the first bill date"),
        ("began_on", "2026-02-30", ""),
        ("phone", "12", "This phone number is too short."),
        ("country", "ZZ", "“ZZ” is not a supported country code"),
        ("time_zone", "Mars/Base", "This time zone is not known: use a name such as Europe/Paris."),
        ("time_zone", "", "This time zone is not known"),
        ("own_holidays", "2026-12-24, xmas", "“xmas” is not a date: write dates as 2026-12-24, separated by commas."),
        ("name", "  ", "Enter a name for the account."),
    ],
)
async def test_a_field_that_is_wrong_says_why_and_nothing_is_written(
    demo_db: Path, name: str, text: str, sentence: str
) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=SETTINGS) as driver:
        await typed_into(driver, "hours", "never")
        await typed_into(driver, name, text)
        kept = draft(driver)
        await driver.press("ctrl+s")
        assert problem(driver, name) != ""
        assert sentence in problem(driver, name)
        assert driver.message.startswith("Not saved.")
        assert driver.focus == name
        assert [field.id for field in driver.here.query(FormField) if field.problem] == [f"field-{name}"]
        assert draft(driver) == kept, "nothing typed is lost"
        assert kept.hours == "never"
        await driver.press("escape")
        assert isinstance(driver.app.screen, LeaveDialog)
    assert changed_tables(before, everything(demo_db)) == set()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter at least one reason."),
        ("too expensive", "“too expensive” is not a reason: write “too_expensive: Too expensive”, one per line."),
        ("Ä: Umlaut", "is not a reason"),
        ("a: A\na: B", "The code “a” appears twice."),
    ],
)
async def test_a_list_of_reasons_that_cannot_be_used(demo_db: Path, text: str, sentence: str) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=SETTINGS) as driver:
        driver.here.query_one("#reasons").focus()
        await driver.settle()
        await driver.press("f7", "backspace")  # all of it
        for at, line in enumerate(text.split("\n")):
            if at:
                await driver.press("enter")
            await driver.type(line)
        assert draft(driver).reasons == text
        await driver.press("ctrl+s")
        assert sentence in problem(driver, "reasons")
        assert (driver.focus, draft(driver).reasons) == ("reasons", text)
    assert changed_tables(before, everything(demo_db)) == set()


async def test_several_faults_are_told_at_once_and_go_one_by_one(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=SETTINGS) as driver:
        for name, text in {"fee": "abc", "notice_days": "ten", "time_zone": "here"}.items():
            await typed_into(driver, name, text)
        await driver.press("ctrl+s")
        assert driver.focus == "fee"
        assert problem(driver, "notice_days")
        assert problem(driver, "time_zone")
        await driver.press("ctrl+u")
        await driver.type("249.00")
        assert problem(driver, "fee") == ""
        assert problem(driver, "time_zone")
        await driver.press("ctrl+s")
        assert driver.focus == "notice_days"


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin", UNVERIFIED])
async def test_an_admin_may_look_and_is_told_why_not_more(demo_db: Path, who: str) -> None:
    before = everything(demo_db)
    sentence = "An admin cannot change the account settings: ask the owner."
    async with running(demo_db, who=who, route="/admin/billing") as driver:
        assert "e" not in [hint.key for hint in driver.here.query_one(KeyBar).hints]
        await driver.press("e")
        assert (driver.route, driver.message) == ("/admin/billing", sentence)
    async with running(demo_db, who=who, route=SETTINGS) as driver:
        assert draft(driver).plan == "Max Classic"
        await typed_into(driver, "fee", "1.00")
        await driver.press("ctrl+s")
        assert driver.message == sentence
        await driver.press("shift+tab", "shift+tab")
        assert driver.focus == "save"
        await driver.press("enter")
        assert driver.message == sentence
        assert draft(driver).fee == "1.00"
    assert changed_tables(before, everything(demo_db)) == set()


@pytest.mark.parametrize("who", ["agent", "viewer"])
async def test_nobody_else_may_look(demo_db: Path, who: str) -> None:
    async with running(demo_db, who=who, route=SETTINGS) as driver:
        assert "cannot open the account billing: ask an admin or the owner." in " ".join(driver.text.split())
        assert "Max Classic" not in driver.text
        await driver.press("ctrl+s")
        assert driver.message.endswith("cannot change the account settings: ask the owner.")
        await driver.press("escape")
        assert driver.route == "/"


async def test_a_right_taken_away_while_the_form_is_open_counts(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=SETTINGS) as driver:
        await typed_into(driver, "fee", "1.00")
        run(demo_db, "UPDATE user SET role = 'admin' WHERE email = 'owner@demo.example'")
        before = everything(demo_db)
        await driver.press("ctrl+s")
        assert driver.message == "An admin cannot change the account settings: ask the owner."
        assert draft(driver).fee == "1.00"
        assert changed_tables(before, everything(demo_db)) == set()
        run(demo_db, "UPDATE user SET role = 'owner' WHERE email = 'owner@demo.example'")
        await driver.press("ctrl+s")
        assert driver.message == SAVED


async def test_read_only_saves_nothing(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="owner", route=SETTINGS, read_only=True) as driver:
        await typed_into(driver, "fee", "1.00")
        await driver.press("ctrl+s")
        assert driver.message == "This is read-only mode: nothing can be changed."
    assert changed_tables(before, everything(demo_db)) == set()


# --- changes meanwhile, and leaving -----------------------------------------------------------------------------------


async def test_what_somebody_else_changed_meanwhile_is_not_written_over(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/admin/billing") as driver:
        await driver.press("e")
        await typed_into(driver, "fee", "1.00")
        run(demo_db, "UPDATE account SET phone = '+1 602-555-0188', version = version + 1")
        before = everything(demo_db)
        await driver.press("ctrl+s")
        assert driver.message.startswith("Another user changed these settings after you opened them. Nothing was saved")
        assert draft(driver).fee == "1.00", "nothing typed is lost"
        assert changed_tables(before, everything(demo_db)) == set()
        await driver.press("escape", "y", "e")
        assert (draft(driver).phone, draft(driver).fee) == ("+1 602-555-0188", "249.00")
        await typed_into(driver, "fee", "1.00")
        await driver.press("ctrl+s")
        assert driver.message == SAVED
    assert (stored(demo_db).fee, stored(demo_db).phone) == ("1.00", "+1 602-555-0188")
    assert log_is_whole(demo_db)


async def test_leaving_asks_once_something_was_changed(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/admin/billing") as driver:
        await driver.press("e", "escape")
        assert driver.route == "/admin/billing", "nothing was typed"
        await driver.press("e")
        await typed_into(driver, "hours", "never")
        for key in ("escape", "ctrl+q"):
            await driver.press(key)
            assert isinstance(driver.app.screen, LeaveDialog)
            await driver.press("enter")
            assert draft(driver).hours == "never"
        await driver.press("escape", "y")
        assert driver.route == "/admin/billing"
        assert "never" not in driver.text
    assert stored(demo_db).hours == "Monday to Friday, 8:00 to 17:00"


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_every_field_is_reached_by_tab_and_is_then_on_the_screen(demo_db: Path, size: tuple[int, int]) -> None:
    async with running(demo_db, who="owner", route=SETTINGS, size=size) as driver:
        for name in (*RING, RING[0]):
            assert driver.focus == name
            focused = driver.here.focused
            assert focused is not None
            assert driver.here.find_widget(focused).visible_region.area > 0
            await driver.press("tab")
        await driver.press("shift+tab", "shift+tab")
        assert driver.focus == "save"


async def test_a_name_beyond_its_length_is_cut_and_said(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=SETTINGS) as driver:
        await typed_into(driver, "name", "a" * 121)
        assert draft(driver).name == "a" * 120
        assert "120" in driver.message


async def test_the_access_in_a_pause_is_set(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=SETTINGS) as driver:
        driver.here.query_one("#access_in_pause", Dropdown).focus()
        await driver.press("enter", "down", "enter", "ctrl+s")
        assert driver.message.startswith("Saved"), driver.message
    with desk_of(demo_db) as backend:
        assert backend.read(GetSettings()).access_in_pause
