"""The server goes away while a form is open: it stays, and what became of a save is said when the server is back."""

from pathlib import Path
from typing import Any, cast

import pytest

from tests.app.driver import running
from tests.app.test_live import look
from tests.postgres_places import ServerPlace
from tests.postgres_proxy import COMMIT, Line
from tests.services.database import rows

FORM = "/subscriptions/1042"


def far(line: Line, place: Path) -> Path:
    """The database through the line."""
    through: Any = ServerPlace(line.url(str(place)))
    return cast("Path", through)


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_became_of_a_save_is_said_when_the_server_is_back(
    line: Line, place: Path, tmp_path: Path, arrived: bool
) -> None:
    async with running(far(line, place), route=FORM, folder=tmp_path, size=(120, 30)) as driver:
        await driver.press("i", "tab", "tab", "t")
        (line.cut_after if arrived else line.cut_before)(COMMIT)
        line.dead.set()
        await driver.press("ctrl+s")
        assert "Whether it was is said here as soon as the server answers" in driver.message
        assert "not connected" in driver.text
        assert "Too expensive" in driver.text, "the entries stay"
        line.dead.clear()
        await look(driver)
        assert driver.message.startswith("Connected again. Your last save was " + ("saved" if arrived else "not saved"))
        assert "not connected" not in driver.text
        assert ("Inactive" in driver.text.split("Current status")[0]) is arrived
        await look(driver)
        assert "changed this" not in driver.message, "it was this user's own save"
    status = rows(place, "SELECT status FROM subscription WHERE id = 1042")[0]["status"]
    assert status == ("Inactive" if arrived else "Active")


async def test_a_server_that_is_gone_for_a_while_is_tried_again(line: Line, place: Path, tmp_path: Path) -> None:
    async with running(far(line, place), route=FORM, folder=tmp_path, size=(120, 30)) as driver:
        line.dead.set()
        line.cut()
        await look(driver)
        assert "was lost" in driver.message
        assert driver.message.endswith("Trying again every 2 s.")
        assert "not connected" in driver.text
        line.dead.clear()
        await look(driver)
        assert driver.message == "Connected again."
        await driver.press("i", "tab", "tab", "t", "ctrl+s")
        assert driver.message.startswith("Saved.")
