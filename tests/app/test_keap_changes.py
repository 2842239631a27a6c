"""One change that Keap is to follow: its three sides, and each decision about it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.keap import DecideConflict, GetOutboxEntry
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.domain.outbox import SendState
from subtui.domain.subscriptions import Status
from subtui.flows.runner import collapse_whitespace
from subtui.views.keap import Choice
from tests.app.driver import Driver, running
from tests.app.keap_office import NOW, Office, office

SIZES = [(80, 24), (120, 36)]


def text(driver: Driver) -> str:
    return collapse_whitespace(driver.text)


@pytest.fixture
def place(demo_db: Path) -> Iterator[Office]:
    with office(demo_db) as made:
        yield made


@asynccontextmanager
async def at(place: Office, number: int, who: str = "agent", **more: Any) -> AsyncIterator[Driver]:
    route = f"/keap/outbox/{number}"
    async with running(place.db, who=who, route=route, at=NOW, open_calls=place.calls, **more) as driver:
        yield driver


def conflict(place: Office) -> int:
    """A cancellation whose end date was set otherwise in Keap."""
    number = place.cancel("5")
    place.server.account.patch_subscription("5", end_date="2026-04-30")
    place.pull()
    return number


def state(place: Office, number: int) -> SendState:
    with place.backend() as backend:
        return backend.read(GetOutboxEntry(number)).row.state


async def test_saved_here_sent_and_verified_are_three_lines(place: Office) -> None:
    number = place.cancel("3")
    async with at(place, number) as driver:
        assert "Saved here. Not sent to Keap yet." in text(driver)
        assert "Status Active Inactive not read" in text(driver)
        assert "Saved here 2 Mar 2026 09:30 by Dana Reyes Sent no Verified no" in text(driver)
        await driver.press("s")
        assert driver.message == "1 verified in Keap."
        assert "Saved here, sent, and verified in Keap." in text(driver)
        assert "Status Active Inactive Inactive" in text(driver)
        assert "Sent 2 Mar 2026 09:30 (1 attempt) Verified 2 Mar 2026 09:30 in Keap" in text(driver)
        await driver.press("s")
        assert driver.message == "There is nothing to send: this change does not wait to be sent."
        await driver.press("r")
        assert driver.route == f"/subscriptions/{place.subscription('3')}"
        await driver.press("escape", "c")
        assert driver.route.startswith("/contacts/")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_keaps_values_are_taken_after_it_was_shown_what_changes(place: Office, size: tuple[int, int]) -> None:
    number = conflict(place)
    async with at(place, number, size=size) as driver:
        assert "Keap was changed too: compare both sides and decide." in text(driver)
        assert "≠ End date none 22 Mar 2026 30 Apr 2026" in text(driver)
        await driver.press("t")
        assert isinstance(driver.app.screen, ConfirmDialog)
        assert "Take Keap's values?" in driver.text
        for line in ("Status: Inactive → Active", "End date: 22 Mar 2026 → 30 Apr 2026", "This cannot be undone."):
            assert line in driver.text
        await driver.press("enter")
        assert state(place, number) is SendState.CONFLICT, "Enter changes nothing"
        await driver.press("t", "y")
        assert driver.message == "Keap's values are in our record now."
        assert "Keap's values were taken." in text(driver)
        assert "Decided 2 Mar 2026 09:30 by Dana Reyes" in text(driver)
    with place.backend() as backend:
        terms = backend.read(GetSubscription(place.subscription("5"))).terms
        assert terms.ending.status is Status.ACTIVE
        assert str(terms.ending.end_date) == "2026-04-30"
        assert backend.read(VerifyLog()).broken is None
    assert place.there("5")["end_date"] == "2026-04-30"


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_ours_are_kept_sent_and_verified(place: Office, size: tuple[int, int]) -> None:
    number = conflict(place)
    async with at(place, number, size=size) as driver:
        await driver.press("o")
        assert "Keep our values and send them?" in driver.text
        assert "End date: 30 Apr 2026 → 22 Mar 2026" in driver.text
        await driver.press("y")
        assert driver.message == "1 verified in Keap."
    assert state(place, number) is SendState.VERIFIED
    assert place.there("5")["end_date"] == "2026-03-22"
    assert place.there("5")["active"] is False


async def test_both_sides_are_left_as_they_are(place: Office) -> None:
    number = conflict(place)
    async with at(place, number) as driver:
        await driver.press("l", "y")
        assert driver.message == "Left as it is: Keap and our record stay different."
        assert "l Leave" not in driver.text_in("keys")
        await driver.press("l")
        assert driver.message == "There is nothing to leave: this change is settled, or being sent."
    assert state(place, number) is SendState.LEFT
    assert place.there("5")["end_date"] == "2026-04-30"


async def test_what_a_colleague_decided_meanwhile_is_said_and_shown(place: Office) -> None:
    number = conflict(place)
    async with at(place, number) as driver:
        await driver.press("t")
        with place.backend() as backend:
            version = backend.read(GetOutboxEntry(number)).version
            backend.do(DecideConflict(number, Choice.LEAVE, version=version))
        await driver.press("y")
        assert "Nothing was decided. Look at it again." in driver.message
        assert "It was decided to leave Keap as it is." in text(driver)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_what_is_done_by_hand_is_ticked_off(place: Office, size: tuple[int, int]) -> None:
    number = place.refund("13")
    async with at(place, number, size=size) as driver:
        assert "It has to be done by hand in Keap." in text(driver)
        assert "To do in Keap 1. In Keap, open contact" in text(driver)
        await driver.press("o")
        assert driver.message == "There is nothing to decide: no conflict, and nothing refused."
        await driver.press("d")
        assert driver.message == "Noted as done by hand. The next reading of Keap looks for it there."
        assert "Not verified there yet." in text(driver)
        await driver.press("d")
        assert driver.message == "Only what is to be done by hand in Keap can be ticked off."
        await driver.press("r")
        assert driver.route == f"/orders/{place.order('13')}"
    assert state(place, number) is SendState.DONE


async def test_a_sending_that_fails_leaves_ours_waiting(place: Office) -> None:
    number = conflict(place)
    async with at(place, number) as driver:
        place.server.key = "another key"
        await driver.press("o", "y")
        assert "key" in driver.message
        assert "Saved here. Not sent to Keap yet." in text(driver)
        assert "s Send" in driver.text_in("keys")
    assert state(place, number) is SendState.WAITING


async def test_a_change_that_does_not_exist_says_so(demo_db: Path) -> None:
    async with running(demo_db, route="/keap/outbox/99") as driver:
        assert "There is no change 99 in the outbox." in text(driver)
        await driver.press("r", "c", "t")
        assert driver.app.failure is None
        assert driver.message == "There is no change here."
