"""The documented ways to end the account itself, key by key, and counted."""

from datetime import date
from pathlib import Path

from subtui.acts.log import ListEvents, VerifyLog
from subtui.domain.event_types import Subject
from subtui.domain.requests import Kind, Standing
from tests.app.asking import NEW, SAVED, TERMS, asked, desk_of, filled_in, log_is_whole, menu_item, ticket
from tests.app.driver import DEMO_DAY, running

DOCUMENTED_KEYS = 12
SHORT_KEYS = 8


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
    with desk_of(db) as backend:
        assert [event.actor for event in backend.read(ListEvents(subject=Subject.read(f"request:{NEW}")))] == [by]
        assert backend.read(VerifyLog()).broken is None


async def test_an_owner_by_admin_billing_and_account(demo_db: Path) -> None:
    async with running(demo_db, who="owner", size=(100, 44)) as driver:
        await driver.press("ctrl+o", "B")
        assert "Dashboard › Admin › Billing & Account" in driver.text
        assert "7 days left: cancel by 9 Mar to avoid the 19 Mar invoice." in driver.text
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
        assert "You can cancel it online" in driver.text
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
            assert "! T-1005 (open): Ruth Hollis requested cancellation on" in driver.text
            await driver.press("x")
            assert driver.message == "The account is already being cancelled: T-1005."
            await driver.press("o")
            assert driver.route == "/requests/1005"
    async with running(demo_db, who="owner", route="/admin/billing", size=(100, 30)) as driver:
        assert "! T-1005 (open): Ruth Hollis requested cancellation on 2 Mar 2026" in driver.text
        await driver.press("x")
        assert driver.message == "The account is already being cancelled: T-1005."
        assert driver.focus == "request", "the button that leads on has the focus"
        await driver.press("enter")
        assert driver.route == "/requests/1005"
