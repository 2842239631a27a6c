"""What the screens say of a change that Keap is to follow, and the sending that is not asked for."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from subtui.acts.keap import AllowKeapWriting
from subtui.flows.driver import Driver

from .driver import running
from .keap_office import Office, office


@pytest.fixture
def place(demo_db: Path) -> Iterator[Office]:
    with office(demo_db) as made:
        yield made


def words(driver: Driver) -> str:
    return " ".join(driver.text.split())


async def until(driver: Driver, there: Callable[[], bool]) -> None:
    for _ in range(400):
        await driver.settle()
        if there():
            return
        driver.app.look_for_changes()
    raise AssertionError(driver.text)


async def at_subscription(place: Office, keap_id: str, do: Callable[[Driver], Awaitable[None]]) -> None:
    route = f"/subscriptions/{place.subscription(keap_id)}"
    async with running(place.db, route=route, size=(120, 40), open_calls=place.calls) as driver:
        await do(driver)


async def test_the_form_says_that_a_change_is_saved_here_only(place: Office) -> None:
    async def save(driver: Driver) -> None:
        assert "Keap:" not in words(driver)
        await driver.press("x", "t", "ctrl+s")
        assert "Keap: Saved here. Not sent to Keap yet." in words(driver)

    await at_subscription(place, "5", save)
    assert [call.method for call in place.server.calls if call.method != "GET"] == []


async def test_by_itself_it_is_sent_and_the_form_says_verified(place: Office) -> None:
    with place.backend() as owner:
        owner.do(AllowKeapWriting(True, by_itself=True))

    async def save(driver: Driver) -> None:
        await driver.press("x", "t", "ctrl+s")
        await until(driver, lambda: "Keap: Saved here, sent, and verified in Keap." in words(driver))

    await at_subscription(place, "5", save)
    assert not place.there("5")["active"]


async def test_what_a_sending_by_itself_leaves_to_decide_is_said(place: Office) -> None:
    with place.backend() as owner:
        owner.do(AllowKeapWriting(True, by_itself=True))
    place.server.account.patch_subscription("5", end_date="2027-06-30")

    async def save(driver: Driver) -> None:
        await driver.press("x", "t", "ctrl+s")
        await until(driver, lambda: "Keap: 1 conflict. K shows it." in driver.message)
        assert "Saved here. Keap was changed too: compare both sides and decide." in words(driver)

    await at_subscription(place, "5", save)


async def test_a_viewer_sends_nothing(place: Office) -> None:
    with place.backend() as owner:
        owner.do(AllowKeapWriting(True, by_itself=True))
    place.cancel("5")
    async with running(place.db, who="viewer", route="/", open_calls=place.calls) as driver:
        for _ in range(5):
            driver.app.look_for_changes()
            await driver.settle()
    assert [row.state.value for row in place.changes()] == ["waiting"]


async def test_lists_and_the_log_name_the_state(place: Office) -> None:
    place.cancel("5")
    number = place.subscription("5")
    async with running(place.db, route="/subscriptions?state=inactive", size=(160, 40)) as driver:
        assert "saved here" in words(driver)
    place.push()
    async with running(place.db, route=f"/subscriptions/{number}", size=(160, 40), open_calls=place.calls) as driver:
        await driver.press("a")
        assert "verified in Keap" in words(driver)
        await driver.press("escape", "l")
        assert "Saved here, sent, and verified in Keap." in words(driver)


async def test_an_order_says_what_is_to_be_done_in_keap(place: Office) -> None:
    there = next(row for row in place.server.account.rows("payments") if float(row["amount"]) > 0)
    keap_id = there["order_ids"][0]
    place.refund(keap_id)
    async with running(place.db, route=f"/orders/{place.order(keap_id)}", size=(120, 40)) as driver:
        assert "Keap: Saved here. It has to be done by hand in Keap." in words(driver)
