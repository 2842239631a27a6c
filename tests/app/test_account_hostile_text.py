"""Text from tickets, calls and the account's settings is shown, copied and saved as it stands."""

from pathlib import Path

import pytest

from subtui.acts.tickets import Correspond, DecideTicket, GetTicket, WithdrawTicket
from subtui.domain.requests import Direction, Standing
from tests.app.asking import NEW, asked, called, desk_of, questioned, ticket
from tests.app.driver import running
from tests.app.hostile import FORBIDDEN, HOSTILE
from tests.app.tickets import OVERDUE, SAM
from tests.services.database import run

BAD = " ".join(HOSTILE)
SHOWN = "[/foo] b [@click=app.quit]Bob[/]"


@pytest.fixture
def hostile_db(demo_db: Path) -> Path:
    """A question, a note, a call and a cancellation with the worst texts there are."""
    questioned(demo_db, BAD[:110], BAD)
    with desk_of(demo_db, "admin") as backend:
        backend.do(Correspond(NEW, Direction.OUTGOING, BAD))
        backend.do(DecideTicket(NEW, Standing.REFUSED, BAD, version=backend.read(GetTicket(NEW)).version))
    called(demo_db, note=BAD)
    asked(demo_db, comment=BAD)
    run(demo_db, "UPDATE account SET plan = '[/foo] b [@click=app.quit]Bob[/]', opening_hours = '[b \x1b[2J'")
    return demo_db


@pytest.mark.parametrize(
    "route", ["/requests", "/requests/1005", "/requests/1006", "/requests/1007", "/letters/1", "/account"]
)
async def test_hostile_texts_reach_the_screen_as_they_stand(hostile_db: Path, route: str) -> None:
    async with running(hostile_db, route=route) as driver:
        for size in ((60, 60), (120, 60), (200, 60)):
            await driver.resize(*size)
            if route.startswith(("/requests/", "/letters")):
                assert SHOWN in " ".join(driver.text.split())
            assert not FORBIDDEN & set(driver.text)
            assert driver.app.failure is None
        await driver.pilot.click(offset=(20, 12))
        await driver.settle()
        assert driver.app.person is not None


@pytest.mark.parametrize("route", ["/admin/billing", "/admin/settings", "/account/phone", "/account/cancel"])
async def test_hostile_settings_reach_the_screen_as_they_stand(hostile_db: Path, route: str) -> None:
    with desk_of(hostile_db) as backend:
        backend.do(WithdrawTicket(1007, version=backend.read(GetTicket(1007)).version))
    async with running(hostile_db, who="owner", route=route) as driver:
        for size in ((60, 60), (120, 60)):
            await driver.resize(*size)
            assert not FORBIDDEN & set(driver.text)
            assert driver.app.failure is None
        assert driver.route == route


async def test_hostile_letters_are_copied_and_saved_without_anything_that_steers(
    hostile_db: Path, tmp_path: Path
) -> None:
    async with running(hostile_db, route="/letters/1") as driver:
        await driver.press("y")
        assert not FORBIDDEN & set(driver.app.clipboard)
        await driver.press("w", "ctrl+u")
        await driver.type(str(tmp_path / "bad.txt"))
        await driver.press("enter")
        assert driver.message.startswith("Saved to")
    text = (tmp_path / "bad.txt").read_text(encoding="utf-8")
    assert not FORBIDDEN & set(text)
    assert SHOWN in text


async def test_what_is_typed_with_brackets_is_shown_with_brackets(demo_db: Path) -> None:
    typed = "[@click=app.quit]Bob[/] [b] {0} 100%"
    async with running(demo_db, who=SAM, route=OVERDUE, size=(100, 40)) as driver:
        await driver.press("p", "tab")
        await driver.type(typed)
        await driver.press("ctrl+s")
        assert typed in driver.text
        row = next(at for at, line in enumerate(driver.text.splitlines()) if typed in line)
        await driver.pilot.click(offset=(8, row))
        await driver.settle()
        assert (driver.route, driver.app.return_code) == (OVERDUE, None)
    assert ticket(demo_db, 1003).thread[-1].body == typed
