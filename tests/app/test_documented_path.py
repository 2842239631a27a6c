"""The documented cancellation, key by key, and the short way; both counted."""

from datetime import date
from pathlib import Path

from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.subscriptions import GetSubscription
from subtui.clock import Clock
from subtui.domain.event_types import Subject
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from tests.app.driver import DEMO_DAY, Driver, running

DOCUMENTED_KEYS = 12
EXPRESS_KEYS = 6


def stored(db: Path) -> Backend:
    """A second backend on the same database, as another process would open it."""
    backend = Backend.open(str(db), clock=Clock(DEMO_DAY))
    backend.sign_in_demo()
    return backend


async def documented(driver: Driver) -> None:
    """Search, open the contact, Orders, Subscriptions, open, Inactive, end date, reason, Save, as the guide says."""
    await driver.type("lop mar")
    await driver.press("enter")  # open the contact
    await driver.press("o")  # the Orders tab
    await driver.press("s")  # down to Subscriptions
    await driver.press("enter")  # open the subscription
    await driver.press("enter", "down", "enter")  # the dropdown: Inactive
    await driver.press("tab")  # the end date, filled in
    await driver.type("31 mar")
    await driver.press("tab")  # the reason
    await driver.press("t")  # Too expensive
    await driver.press("ctrl+s")


async def test_the_documented_path_saves_everything_in_one_step(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await documented(driver)
        assert driver.message == "Saved. Monthly plan is Inactive, access until 31 Mar 2026, no more charges."
        assert driver.pressed <= DOCUMENTED_KEYS
    with stored(demo_db) as backend:
        ending = backend.read(GetSubscription(1042)).terms.ending
        assert ending.status is Status.INACTIVE
        assert ending.end_date == date(2026, 3, 31)
        assert ending.reason_code == "too_expensive"
        assert ending.auto_charge is False
        assert ending.next_bill_date is None
        assert ending.requested_on == ending.charging_stops_on == DEMO_DAY
        assert ending.recorded_by == "Dana Reyes"
        assert backend.read(VerifyLog()).broken is None


async def test_the_path_with_dropdowns_alone_stays_within_the_count(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await driver.type("lop mar")
        await driver.press(
            "enter", "o", "s", "enter", "enter", "down", "enter", "tab", "tab", "enter", "enter", "ctrl+s"
        )
        assert driver.message.startswith("Saved. Monthly plan is Inactive, access until 14 Mar 2026")
        assert driver.pressed <= DOCUMENTED_KEYS


async def test_the_express_path_from_the_contact_record(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007") as driver:
        await driver.press("s", "x")
        assert driver.route == "/subscriptions/1042"
        assert driver.focus == "reason"
        await driver.press("t", "ctrl+s")
        assert driver.message.startswith("Saved. Monthly plan is Inactive")
        assert driver.pressed <= EXPRESS_KEYS


async def test_after_leaving_and_starting_again_it_is_there_and_undo_brings_it_back(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        await documented(driver)
        await driver.press("q")
    async with running(demo_db, route="/contacts/1007/activity") as driver:
        for shown in (
            "Dana Reyes",
            "Subscription set Inactive",
            "Status",
            "Active",
            "→",
            "Inactive",
            "2 Mar 2026 09:30",
        ):
            assert shown in driver.text
    async with running(demo_db, route="/subscriptions/1042") as driver:
        assert "Inactive · paid through 14 Mar 2026 · access until 31 Mar 2026" in driver.text
        await driver.press("u")
        assert driver.message == "Undone. Monthly plan is Active again; next bill 15 Mar 2026."
        assert "Active · paid through 14 Mar 2026 · next bill 15 Mar 2026" in driver.text
    with stored(demo_db) as backend:
        titles = [event.title for event in backend.read(ListEvents(subject=Subject.read("subscription:1042")))]
        assert titles == ["Cancellation undone", "Subscription set Inactive"]
        assert backend.read(VerifyLog()).broken is None


async def test_an_enter_typed_ahead_of_the_answer_opens_what_was_searched_for(demo_db: Path) -> None:
    """Whoever knows the way types it blind: the Enter waits for the answer to what was typed."""
    async with running(demo_db) as driver:
        await driver.type("chen")
        await driver.press("escape")
        await driver.pilot.press(*"lopez", "enter")
        await driver.settle()
        assert driver.route == "/contacts/1007"


async def test_the_documented_way_typed_in_one_go(demo_db: Path) -> None:
    """The focus moves by letters too: each key waits until the one before it has had its effect."""
    async with running(demo_db, route="/contacts/1007") as driver:
        await driver.press_at_once("o", "s", "enter")
        assert driver.route == "/subscriptions/1042"
        await driver.press_at_once("i", "tab", "tab", "t", "ctrl+s")
        assert driver.message.startswith("Saved. Monthly plan is Inactive")
