"""What the screens say and do when another user changes what they show."""

from pathlib import Path

import pytest

from subtui.acts.subscriptions import GetSubscription
from subtui.app.app import SubtuiApp
from subtui.views.live import here_too
from tests.app.driver import Driver, running
from tests.services.asking import TODAY, desk_on
from tests.services.ordering import LARGE, MONTHLY, SUBSCRIPTION, refund, set_inactive

OTHER = "agent2@demo.example"


async def look(driver: Driver) -> None:
    """Look for changes, as the program does every two seconds."""
    app = driver.app
    assert isinstance(app, SubtuiApp)
    app.look_for_changes()
    await driver.settle()


@pytest.mark.parametrize(
    "route", [f"/subscriptions/{SUBSCRIPTION}", "/contacts/1007", "/contacts/1007/orders", "/subscriptions/1042/pause"]
)
async def test_a_record_says_who_changed_it_and_loads_it_again_at_a_key(demo_db: Path, route: str) -> None:
    async with running(demo_db, route=route) as driver:
        await look(driver)
        with desk_on(demo_db, TODAY, OTHER) as other:
            set_inactive(other)
        await look(driver)
        assert driver.message == "Sam Okonkwo changed this just now · ctrl+r reloads"
        assert "Reload" in driver.text
        before = driver.text.replace(driver.message, "")
        await driver.press("ctrl+r")
        assert driver.text != before
        assert driver.message == ""
        await look(driver)
        assert driver.message == ""


async def test_a_change_of_another_record_is_not_said(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions/1038") as driver:
        await look(driver)
        with desk_on(demo_db, TODAY, OTHER) as other:
            set_inactive(other)
        await look(driver)
        assert driver.message == ""
        assert "Reload" not in driver.text


async def test_a_form_with_entries_says_so_before_it_is_saved_and_keeps_them(demo_db: Path) -> None:
    async with running(demo_db, route=f"/subscriptions/{SUBSCRIPTION}") as driver:
        await look(driver)
        await driver.press("i")
        with desk_on(demo_db, TODAY, OTHER) as other:
            set_inactive(other)
        await look(driver)
        assert driver.message == "Sam Okonkwo changed this just now · saving shows both versions"
        await driver.press("ctrl+r")
        assert driver.message == "Your entries are kept. Saving them shows both versions."
        await driver.press("tab", "tab", "t", "ctrl+s")
        assert "Sam Okonkwo changed this subscription after you opened it" in driver.text


async def test_the_refund_form_says_that_the_order_was_changed(demo_db: Path) -> None:
    async with running(demo_db, route=f"/orders/{MONTHLY}/refund") as driver:
        await look(driver)
        with desk_on(demo_db, TODAY, OTHER) as other:
            refund(other, MONTHLY)
        await look(driver)
        assert driver.message.startswith("Sam Okonkwo changed this")


async def test_the_dashboard_follows_and_keeps_its_mark(demo_db: Path) -> None:
    async with running(demo_db, size=(120, 36)) as driver:
        await look(driver)
        await driver.press(*"smith", "down")
        before = driver.text
        assert "Open refunds" not in before
        with desk_on(demo_db, TODAY, OTHER) as other:
            refund(other, LARGE)
        await look(driver)
        assert "Open refunds" in driver.text
        marked = [line for line in driver.text.splitlines() if line.startswith(" ›")]
        assert marked == [line for line in before.splitlines() if line.startswith(" ›")]


async def test_the_list_of_subscriptions_follows_and_keeps_its_mark(demo_db: Path) -> None:
    async with running(demo_db, route="/subscriptions?state=active", size=(120, 36)) as driver:
        await look(driver)
        await driver.press(*["down"] * 5)
        marked = next(line for line in driver.text.splitlines() if line.startswith(" ›"))
        with desk_on(demo_db, TODAY, OTHER) as other:
            set_inactive(other)
        await look(driver)
        assert marked in driver.text.splitlines()


async def test_what_was_refused_stays_readable_until_a_key_is_pressed(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007") as driver:
        await look(driver)
        with desk_on(demo_db, TODAY, OTHER) as other:
            set_inactive(other)
        await look(driver)
        await driver.press("x")
        said = driver.message
        assert said
        assert "changed this" not in said
        await look(driver)
        assert driver.message == said


async def test_who_has_the_same_record_open_is_said_and_no_longer_when_they_leave(demo_db: Path) -> None:
    async with running(demo_db, route=f"/subscriptions/{SUBSCRIPTION}") as driver:
        await look(driver)
        assert driver.message == ""
        with desk_on(demo_db, TODAY, OTHER) as other:
            other.read(GetSubscription(SUBSCRIPTION), route=f"/subscriptions/{SUBSCRIPTION}")
            other.settle()
            await look(driver)
            assert driver.message == "Sam Okonkwo has this open too"
            other.read(GetSubscription(1038), route="/subscriptions/1038")
            other.settle()
            await look(driver)
            assert driver.message == ""


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("Sam Okonkwo",), "Sam Okonkwo has this open too"),
        (("Sam Okonkwo", "Theo Lindqvist"), "Sam Okonkwo and Theo Lindqvist have this open too"),
        (("A", "B", "C"), "A and 2 others have this open too"),
    ],
)
def test_the_words_for_those_who_are_here_too(names: tuple[str, ...], words: str) -> None:
    assert here_too(names) == words
