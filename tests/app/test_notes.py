"""Writing a note: the same key on a contact, a subscription and an order; once; kept until it is saved."""

from pathlib import Path

import pytest

from subtui.acts.notes import ListNotes
from subtui.acts.subscriptions import GetSubscription
from subtui.app.screens.dialogs import LeaveDialog
from subtui.app.screens.text_dialog import TextDialog
from subtui.app.widgets.notes_pane import NotesPane
from subtui.app.widgets.text_box import TextBox
from subtui.domain.event_types import Subject
from tests.app.asking import desk_of
from tests.app.driver import Driver, running
from tests.app.hostile import FORBIDDEN, HOSTILE

SUBSCRIPTION, ORDER, CONTACT = "/subscriptions/1042", "/orders/1881", "/contacts/1007"
SUBJECTS = {SUBSCRIPTION: "subscription:1042", ORDER: "order:1881", CONTACT: "contact:1007"}
ADDED = "Note added. It is for your team; nothing is sent."


def texts(db: Path, route: str) -> list[str]:
    with desk_of(db) as backend:
        return [note.text for note in backend.read(ListNotes(Subject.read(SUBJECTS[route])))]


async def write(driver: Driver, text: str) -> None:
    await driver.press("n")
    assert isinstance(driver.app.screen, TextDialog)
    await driver.type(text)


@pytest.mark.parametrize("route", SUBJECTS)
async def test_n_writes_a_note_once_and_the_record_shows_it(route: str, demo_db: Path) -> None:
    before = texts(demo_db, route)
    async with running(demo_db, route=route, size=(100, 60)) as driver:
        await write(driver, "Agreed: no calls.")
        await driver.press("ctrl+s", "ctrl+s")
        assert driver.message == ADDED
        assert driver.route == route
        assert "Agreed: no calls." in driver.text
        assert texts(demo_db, route) == ["Agreed: no calls.", *before]
        await driver.press("N")
        assert driver.message == "Note taken back. The log keeps it."
        assert "Agreed: no calls." not in driver.text
    assert texts(demo_db, route) == before


async def test_a_repeated_save_does_not_save_the_form_below(demo_db: Path) -> None:
    async with running(demo_db, route=SUBSCRIPTION) as driver:
        await driver.press("x", "t")  # a cancellation, filled in
        await driver.press("shift+tab", "shift+tab", "n")
        assert isinstance(driver.app.screen, TextDialog)
        await driver.type("First a note")
        await driver.press("ctrl+s", "ctrl+s")
        assert driver.message == ADDED
        assert getattr(driver.here, "unsaved", False), "the entries are kept"
    with desk_of(demo_db) as backend:
        record = backend.read(GetSubscription(1042))
    assert (record.terms.ending.status, [note.text for note in record.notes]) == ("Active", ["First a note"])


async def test_an_empty_note_is_refused_and_a_text_is_asked_for_before_it_is_lost(demo_db: Path) -> None:
    async with running(demo_db, route=ORDER) as driver:
        await driver.press("n", "ctrl+s")
        assert driver.message == "Enter the note."
        await write(driver, "Half a")
        await driver.press("escape")
        assert isinstance(driver.app.screen, LeaveDialog)
        await driver.press("escape")
        assert driver.app.screen.query_one("#text", TextBox).text == "Half a"
    assert texts(demo_db, ORDER) == []


@pytest.mark.parametrize("route", SUBJECTS)
async def test_an_interrupted_note_is_there_at_the_next_start(route: str, demo_db: Path) -> None:
    async with running(demo_db, route=route) as driver:
        await write(driver, "Half a note")

        def fail() -> None:
            raise ValueError("a fault")

        driver.app.call_later(fail)
        await driver.settle()
    async with running(demo_db) as driver:
        await driver.press("enter")
        assert driver.route == route
        await driver.press("n")
        assert driver.app.screen.query_one("#text", TextBox).text == "Half a note"


async def test_tab_leads_to_long_notes_and_the_arrows_scroll_them(demo_db: Path) -> None:
    async with running(demo_db, route=ORDER) as driver:
        for number in range(8):
            await write(driver, f"Note {number}")
            await driver.press("ctrl+s")
        await driver.press("tab", "tab")
        pane = driver.here.query_one(NotesPane)
        assert pane.has_focus
        assert "Note 0" not in driver.text
        await driver.press("end")
        assert "Note 0" in driver.text


async def test_a_viewer_is_told_whom_to_ask(demo_db: Path) -> None:
    async with running(demo_db, route=CONTACT, who="viewer") as driver:
        await driver.press("n")
        assert driver.message == "A viewer cannot add a note: ask an agent, an admin or the owner."


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_note_is_shown_as_it_is(text: str, demo_db: Path) -> None:
    from subtui.acts.notes import AddNote  # noqa: PLC0415

    with desk_of(demo_db) as backend:
        for subject in SUBJECTS.values():
            backend.do(AddNote(Subject.read(subject), text))
    for route in SUBJECTS:
        async with running(demo_db, route=route, size=(100, 60)) as driver:
            assert not FORBIDDEN & set(driver.text)
            assert "Notes" in driver.text
