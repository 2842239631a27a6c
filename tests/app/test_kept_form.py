"""A form that was not saved when the program failed: it is offered to the same person at the next start, once."""

import json
import os
import stat
from pathlib import Path

import pytest

from subtui.app.kept_form import DAYS_KEPT, FormKeeper, KeptForm
from subtui.app.screens.dialogs import KeptDialog
from subtui.app.screens.text_dialog import TextDialog
from subtui.app.widgets.text_box import NoteBox, TextBox
from tests.app.driver import Driver, running

FORM = "/subscriptions/1042"
NOTE = "Customer wrote:\nplease cancel."


async def crash(driver: Driver) -> None:
    def fail() -> None:
        raise ValueError("a name of a customer")

    driver.app.call_later(fail)
    await driver.settle()
    assert driver.over


async def crashed_with_a_note(db: Path) -> str:
    async with running(db, route=FORM) as driver:
        await driver.press("x", "t")
        driver.here.query_one("#note", NoteBox).text = NOTE
        await driver.settle()
        await crash(driver)
        assert driver.app.failure is not None
        return driver.app.failure


def files(db: Path) -> list[Path]:
    return sorted((db.parent / "unsaved").glob("*"))


async def test_what_was_typed_is_kept_for_its_owner_only_and_is_not_in_the_report(demo_db: Path) -> None:
    failure = await crashed_with_a_note(demo_db)
    assert "What you had typed is kept" in failure
    (file,) = files(demo_db)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text(encoding="utf-8"))["values"]["note"] == NOTE
    report = (demo_db.parent / "crash-report.txt").read_text(encoding="utf-8")
    assert "please cancel" not in report
    assert "a name of" not in report


async def test_it_is_offered_and_restored_once(demo_db: Path) -> None:
    await crashed_with_a_note(demo_db)
    async with running(demo_db) as driver:
        assert isinstance(driver.app.screen, KeptDialog)
        assert "subscription 1042" in driver.text
        await driver.press("enter")
        assert driver.route == FORM
        assert driver.here.query_one("#note", NoteBox).text == NOTE
        assert driver.here.query_one("#reason").chosen == "too_expensive"  # type: ignore[attr-defined]
        assert driver.message == "Your entries are restored, but not saved yet."
        assert getattr(driver.here, "unsaved", False)
        await driver.press("ctrl+s")
        assert driver.message.startswith("Saved.")
    assert files(demo_db) == []
    async with running(demo_db) as driver:
        assert not isinstance(driver.app.screen, KeptDialog)


async def test_it_can_be_discarded(demo_db: Path) -> None:
    await crashed_with_a_note(demo_db)
    async with running(demo_db, route=FORM) as driver:
        await driver.press("d")
        assert files(demo_db) == []
        assert not getattr(driver.here, "unsaved", True)


async def test_another_person_and_another_database_are_not_asked(demo_db: Path, tmp_path: Path) -> None:
    await crashed_with_a_note(demo_db)
    other = tmp_path / "other.db"
    other.write_bytes(demo_db.read_bytes())
    for database, who in ((demo_db, "admin"), (other, "agent")):
        async with running(database, who=who) as driver:
            assert not isinstance(driver.app.screen, KeptDialog)
    assert len(files(demo_db)) == 1


async def test_a_form_without_a_change_is_not_kept(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await crash(driver)
        assert "kept" not in (driver.app.failure or "")
    assert files(demo_db) == []


async def test_a_text_in_a_dialog_is_there_again_when_that_dialog_is_opened(demo_db: Path) -> None:
    async with running(demo_db, route="/help/ticket") as driver:
        await driver.press("tab")
        await driver.type("A refund")
        await driver.press("tab")
        await driver.type("Where is it?")
        await driver.press("ctrl+s")
        ticket = driver.route
        await driver.press("p")
        assert isinstance(driver.app.screen, TextDialog)
        await driver.press("tab")
        await driver.type("Called again.")
        await crash(driver)
    async with running(demo_db) as driver:
        await driver.press("enter")
        assert driver.route == ticket
        await driver.press("p")
        assert driver.app.screen.query_one(TextBox).text == "Called again."


def test_too_old_or_broken_is_as_if_there_were_none(tmp_path: Path) -> None:
    keeper = FormKeeper(tmp_path, "x.db")
    assert keeper.keep("ann@example.com", KeptForm(FORM, {"note": "a"}))
    (file,) = tmp_path.glob("*.json")
    assert keeper.find("ann@example.com") == KeptForm(FORM, {"note": "a"})
    old = file.stat().st_mtime - (DAYS_KEPT + 1) * 86400
    os.utime(file, (old, old))
    assert keeper.find("ann@example.com") is None
    assert not file.exists()
    file.write_text("{", encoding="utf-8")
    assert keeper.find("ann@example.com") is None


@pytest.mark.parametrize("folder", [None, Path("/dev/null/none")])
def test_where_nothing_can_be_written_nothing_is_kept(folder: Path | None) -> None:
    assert not FormKeeper(folder, "x.db").keep("ann@example.com", KeptForm(FORM))
