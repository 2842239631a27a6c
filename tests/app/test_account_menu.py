"""The account menu: every item by its key and by arrows, by the mouse, and what it does not lose."""

from pathlib import Path

from subtui.app.screens.account_cancel import CancelAccount
from subtui.app.screens.menu import ITEMS, AccountMenu
from tests.app.asking import menu_item
from tests.app.driver import Driver, running

LEADS_TO = {
    "app.account": "/account",
    "app.billing": "/admin/billing",
    "app.users": "/users",
    "app.requests": "/requests",
    "app.theme": "/",
    "app.help": "/help",
    "app.sign_out": "/sign-in",
}
LETTERS = dict(zip(LEADS_TO, ("M", "B", "U", "R", "T", "question_mark", "Q"), strict=True))


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
            assert driver.message == "An agent cannot open the account billing: ask an admin or the owner."


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
