"""What is typed and pasted: nothing is dropped without a word, and lines are never glued together."""

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from subtui.acts.log import ListEvents
from subtui.acts.orders import GetOrder
from subtui.acts.subscriptions import GetSubscription
from subtui.app.widgets.text_box import NoteBox, TextBox
from subtui.app.widgets.text_field import TextField
from subtui.clock import Clock
from subtui.domain.plain_text import one_line, pasted, sanitize
from subtui.services.backend import Backend
from tests.app.driver import DEMO_DAY, Driver, running

FORM = "/subscriptions/1042"


async def paste(driver: Driver, text: str) -> None:
    driver.app.post_message(events.Paste(text))
    await driver.settle()


def note_of(db: Path) -> str:
    with Backend.open(str(db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo()
        return backend.read(GetSubscription(1042)).terms.ending.reason_note


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo", "one two"),
        ("one\r\ntwo", "one two"),
        ("one\rtwo", "one two"),
        ("one\ttwo", "one two"),
        ("one \n  two\n", "one two"),
        ("\n\none\n\n\ntwo\n", "one two"),
        ("one\u2028two\u0085three", "one two three"),
        (" one", " one"),
        ("\x1b[31mred", "␛[31mred"),
    ],
)
def test_lines_become_blanks(text: str, line: str) -> None:
    assert one_line(text) == line


def test_the_gate_never_glues_lines() -> None:
    assert sanitize("one\ntwo\r\nthree\tfour") == "one two three four"
    assert pasted("a\r\nb\rc\vd") == "a\nb\nc\nd"


@pytest.mark.parametrize(
    ("route", "field"),
    [("/help/ticket", "subject"), ("/orders/1881/refund", "reference"), ("/subscriptions", "text"), ("/", "search")],
)
async def test_a_field_of_one_line_takes_all_lines(demo_db: Path, route: str, field: str) -> None:
    async with running(demo_db, who="owner", route=route) as driver:
        driver.here.query_one(f"#{field}").focus()
        await driver.settle()
        await paste(driver, "Customer wrote:\r\nplease cancel,\n\tI moved.\n")
        assert driver.here.query_one(f"#{field}", Input).value == "Customer wrote: please cancel, I moved."


async def test_lines_typed_by_a_terminal_are_kept_apart(demo_db: Path) -> None:
    async with running(demo_db, route="/help/ticket") as driver:
        driver.here.query_one("#subject").focus()
        await driver.settle()
        for line, end in (("wrote:", "enter"), ("cancel", "ctrl+j"), ("soon", "enter")):
            await driver.type(line)
            await driver.press(end)
        assert driver.here.query_one("#subject", Input).value == "wrote: cancel soon"
        box = driver.here.query_one("#text", TextBox)
        box.focus()
        await driver.settle()
        await driver.type("one")
        await driver.press("ctrl+j")
        await driver.type("two")
        await driver.press("enter")
        await driver.type("three")
        assert box.text == "one\ntwo\nthree"


async def test_a_note_of_several_lines_is_kept_and_shown(demo_db: Path) -> None:
    async with running(demo_db, route=FORM, size=(120, 40)) as driver:
        await driver.press("x", "t", "tab")
        note = driver.here.query_one("#note", NoteBox)
        assert note.has_focus
        assert note.size.height == 1
        await driver.type("They moved.")
        await driver.press("enter")
        await driver.type("No need.")
        assert note.size.height == 2
        await driver.press("ctrl+s")
        assert driver.message.startswith("Saved.")
    assert note_of(demo_db) == "They moved.\nNo need."
    async with running(demo_db, route=FORM) as driver:
        assert driver.here.query_one("#note", NoteBox).text == "They moved.\nNo need."
        assert not getattr(driver.here, "unsaved", True)
        await driver.press("tab", "tab", "tab", "tab")
        assert not driver.here.query_one("#note").has_focus, "tab leaves it"
        await driver.press("escape")
    async with running(demo_db, route="/contacts/1007/activity", size=(120, 40)) as driver:
        assert "They moved. No need." in driver.text


async def test_what_has_no_room_is_said(demo_db: Path) -> None:
    async with running(demo_db, route="/help/ticket") as driver:
        subject = driver.here.query_one("#subject", TextField)
        subject.focus()
        await driver.settle()
        await paste(driver, "a" * 150)
        assert len(subject.value) == 120
        assert driver.message == "This field can have at most 120 characters: the last 30 of 150 were left out."
        await driver.type("b")
        assert driver.message == "This field can have at most 120 characters: there is no room for more."
        box = driver.here.query_one("#text", TextBox)
        box.focus()
        await driver.settle()
        await paste(driver, "c" * 5000)
        assert driver.message == "This text can have at most 2,000 characters: the last 1,000 of 5,000 were left out."


@pytest.mark.parametrize("text", ["x", "1,200", "2 pieces", "1\n2", "1\t2"])
async def test_what_a_field_does_not_take_is_said(demo_db: Path, text: str) -> None:
    async with running(demo_db, route=FORM) as driver:
        quantity = driver.here.query_one("#quantity", TextField)
        before = quantity.value
        quantity.focus()
        await driver.settle()
        await paste(driver, text)
        assert quantity.value == before
        assert driver.message.startswith("This field accepts whole numbers only: “")


async def test_a_reference_is_one_line_and_can_be_corrected(demo_db: Path) -> None:
    async with running(demo_db, route="/orders/1881/refund") as driver:
        await driver.press("d", "ctrl+s", "y", "down", "e")
        field = driver.app.screen.query_one("#text", TextField)
        await paste(driver, "RF-\n77")
        assert field.value == "RF- 77"
        await driver.press("enter")
        assert driver.message == "Reference saved: RF- 77."
        await driver.press("e")
        assert driver.app.screen.query_one("#text", TextField).value == "RF- 77"
        await driver.press("ctrl+u")
        await driver.type("RF-77")
        await driver.press("ctrl+s")
        assert driver.message == "Reference changed from RF- 77 to RF-77."
    with Backend.open(str(demo_db), clock=Clock(DEMO_DAY)) as backend:
        backend.sign_in_demo()
        order = backend.read(GetOrder(1881))
        assert [row.reference for row in order.rows if row.reference.startswith("RF")] == ["RF-77"]
        newest = backend.read(ListEvents(contact_id=order.contact_id))[0]
        assert [(change.before, change.after) for change in newest.changes if "eference" in change.field] == [
            ("RF- 77", "RF-77")
        ]
