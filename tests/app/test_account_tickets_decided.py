"""Tickets: their thread, answering, deciding, withdrawing."""

from datetime import date
from pathlib import Path

import pytest
from textual.events import Paste

from subtui.acts.log import ListEvents, VerifyLog
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.text_dialog import TextDialog
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.text_box import TextBox
from subtui.domain.event_types import Subject
from subtui.domain.requests import Direction, Standing
from tests.app.asking import asked, desk_of, letter, log_is_whole, ticket
from tests.app.driver import Driver, running
from tests.app.tickets import CANNOT_ANSWER, NOT_VERIFIED, OVERDUE, SAM, close, listed, offered
from tests.services.database import changed_tables, everything, run


def dialog(driver: Driver) -> TextDialog:
    """The dialog one writes in."""
    assert isinstance(driver.app.screen, TextDialog)
    return driver.app.screen


def written(driver: Driver) -> tuple[str | None, str]:
    """What is chosen and written in it."""
    return dialog(driver).query_one("#choice", Dropdown).chosen, dialog(driver).query_one(TextBox).text


# --- the thread -------------------------------------------------------------------------------------------------------


async def test_an_answer_lands_in_the_thread(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=OVERDUE, size=(100, 40)) as driver:
        await driver.press("r")
        await driver.type("Only the second one.")
        await driver.press("enter")
        await driver.type("The first was never taken.")
        await driver.press("ctrl+s")
        assert driver.message == "Added to the ticket (recorded, not sent)."
        assert "2 Mar 2026 09:30 Outgoing Theo Lindqvist" in " ".join(driver.text.split())
        assert "  Only the second one.\n  The first was never taken." in driver.text
    stored = ticket(demo_db, 1003)
    assert (stored.standing, stored.thread[-1].direction) == (Standing.OPEN, Direction.OUTGOING)
    assert stored.thread[-1].body == "Only the second one.\nThe first was never taken."
    assert log_is_whole(demo_db)


@pytest.mark.parametrize(("letter_of_choice", "direction"), [("p", "Phone note"), ("i", "Incoming")])
async def test_whoever_asked_adds_a_note_to_their_own_ticket(
    demo_db: Path, letter_of_choice: str, direction: str
) -> None:
    async with running(demo_db, who=SAM, route=OVERDUE, size=(100, 40)) as driver:
        await driver.press("p", letter_of_choice, "tab")
        await driver.type("She called again.")
        await driver.press("tab", "tab", "enter")
        assert f"2 Mar 2026 09:30 {direction} Sam Okonkwo" in " ".join(driver.text.split())
        assert "She called again." in driver.text
    with desk_of(demo_db) as backend:
        assert [event.actor for event in backend.read(ListEvents(subject=Subject.read("request:1003")))] == [
            "Sam Okonkwo"
        ]
        assert backend.read(VerifyLog()).broken is None


async def test_nothing_written_is_told_and_esc_writes_nothing(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="admin", route=OVERDUE) as driver:
        await driver.press("r", "ctrl+s")
        assert (driver.route, driver.message) == (OVERDUE, "Enter what was said.")
        await driver.press("r", "escape")
        await driver.press("p", "escape", "d", "escape")
        assert driver.route == OVERDUE
    assert changed_tables(before, everything(demo_db)) == set()


async def test_a_text_that_is_too_long_is_told_and_is_there_again(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=OVERDUE) as driver:
        await driver.press("r")
        driver.app.post_message(Paste("a" * 2001))
        await driver.settle()
        await driver.press("ctrl+s")
        assert driver.message == "A text can have at most 2,000 characters; this one has 2,001."
        await driver.press("r")
        assert written(driver)[1] == "a" * 2001
        await driver.press("delete", "ctrl+s")
        assert driver.message == "Added to the ticket (recorded, not sent)."
    assert ticket(demo_db, 1003).thread[-1].body == "a" * 2000


async def test_ctrl_s_again_and_again_adds_one_answer(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=OVERDUE) as driver:
        await driver.press("r")
        await driver.type("No.")
        await driver.pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await driver.settle()
        assert driver.route == OVERDUE
    assert [entry.body for entry in ticket(demo_db, 1003).thread[1:]] == ["No."]


# --- deciding ---------------------------------------------------------------------------------------------------------


async def test_a_question_is_answered_and_closed(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=OVERDUE, size=(100, 40)) as driver:
        await driver.press("d")
        assert "This closes the ticket. It can't be reopened." in driver.text
        await driver.press("tab")
        await driver.type("The second charge goes back.")
        await driver.press("ctrl+s")
        assert driver.message == "T-1003 is answered."
        assert "answered by Theo Lindqvist on 2 Mar 2026 09:30" in driver.text
        for shown in ("This ticket is answered", "The second charge goes back."):
            assert shown in driver.text
        assert offered(driver) == ["r", "p"]
        await driver.press("R")
        assert listed(driver) == ["T-1004"]
    assert log_is_whole(demo_db)


async def test_a_refusal_needs_its_reason_and_the_choice_is_kept(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=OVERDUE, size=(100, 40)) as driver:
        await driver.press("d", "r", "ctrl+s")
        assert (driver.route, driver.message) == (OVERDUE, "Explain why it is refused.")
        assert ticket(demo_db, 1003).standing is Standing.OPEN
        await driver.press("d")
        assert written(driver) == ("refused", "")
        await driver.press("tab")
        await driver.type("The bank sees one charge.")
        await driver.press("ctrl+s")
        assert driver.message == "T-1003 is refused."
        assert "The bank sees one charge." in driver.text
    stored = ticket(demo_db, 1003)
    assert (stored.standing, stored.outcome_note) == (Standing.REFUSED, "The bank sees one charge.")


async def test_a_decision_that_is_refused_loses_nothing(demo_db: Path) -> None:
    """Somebody changed the ticket, or took the right away: what was written is there when d is pressed again."""
    async with running(demo_db, who="admin", route=OVERDUE) as driver:
        await driver.press("d", "r", "tab")
        await driver.type("The bank sees one charge.")
        run(demo_db, "UPDATE cancellation_request SET version = version + 1 WHERE id = 1003")
        await driver.press("ctrl+s")
        assert driver.message == "T-1003 was changed after you opened it. Nothing was saved: open it again."
        await driver.press("d")
        assert written(driver) == ("refused", "The bank sees one charge.")
        run(demo_db, "UPDATE user SET role = 'agent' WHERE email = 'admin@demo.example'")
        await driver.press("ctrl+s")
        assert driver.message == f"An agent{CANNOT_ANSWER}"
        run(demo_db, "UPDATE user SET role = 'admin' WHERE email = 'admin@demo.example'")
        driver.here.reload()
        await driver.settle()
        await driver.press("d")
        assert written(driver) == ("refused", "The bank sees one charge.")
        await driver.press("ctrl+s")
        assert driver.message == "T-1003 is refused."
        await driver.press("r")
        assert written(driver)[1] == "", "what went through is not written twice"


async def test_what_somebody_else_decided_meanwhile_stands(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=OVERDUE, size=(100, 40)) as driver:
        await driver.press("d", "tab")
        await driver.type("Yes.")
        close(demo_db, 1003)
        await driver.press("ctrl+s")
        assert driver.message == "T-1003 was changed after you opened it. Nothing was saved: open it again."
        assert "answered by Ruth Hollis" in driver.text, "the ticket is shown as it is now"
        await driver.press("d")
        assert driver.message == "This ticket is already answered."


async def test_a_cancellation_is_confirmed_and_can_still_be_withdrawn(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="admin", route="/requests/1005", size=(100, 40)) as driver:
        await driver.press("d")
        assert "Confirm: account ends on 18 Mar 2026" in driver.text
        await driver.press("ctrl+s")
        assert driver.message == "T-1005 is confirmed."
        await driver.press("w", "y")
        assert driver.message == "T-1005 is withdrawn. The account stays open."


async def test_a_refused_cancellation_is_no_longer_in_force(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="admin", route="/requests/1005", size=(100, 40)) as driver:
        await driver.press("d", "r", "tab")
        await driver.type("The owner called: she stays.")
        await driver.press("ctrl+s")
        assert "Ends          was 18 Mar 2026 (refused)" in driver.text
        await driver.press("B")
        assert driver.focus == "cancel"
        await driver.press("x")
        assert driver.route == "/account/cancel"


# --- withdrawing ------------------------------------------------------------------------------------------------------


async def test_withdrawing_asks_first_and_the_letter_says_it_happened(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="admin", route="/requests/1005", size=(100, 40)) as driver:
        for keys in (("enter",), ("escape",)):
            await driver.press("w")
            assert isinstance(driver.app.screen, ConfirmDialog)
            assert driver.focus == "safe", "an Enter too many keeps it"
            assert "A new request starts a new notice period." in driver.text
            await driver.press(*keys)
            assert ticket(demo_db).standing is Standing.OPEN
        await driver.press("l")
        assert "has since been" not in driver.text
        await driver.press("escape", "w", "y")
        assert driver.message == "T-1005 is withdrawn. The account stays open."
        assert "withdrawn by Theo Lindqvist on 2 Mar 2026 09:30" in driver.text
        assert "Ends          was 18 Mar 2026 (withdrawn)" in driver.text
        await driver.press("w")
        assert driver.message == "This ticket is already withdrawn."
        await driver.press("l")
        assert "! This cancellation has since been withdrawn." in driver.text
        assert letter(driver).undone
    async with running(demo_db, who="owner", route="/admin/billing") as driver:
        assert driver.focus == "cancel", "it can be asked for anew"
    assert log_is_whole(demo_db)


async def test_the_button_of_the_question_withdraws_too(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005") as driver:
        await driver.press("w", "right", "enter")
        assert driver.message == "T-1005 is withdrawn. The account stays open."


async def test_the_end_date_is_the_last_day_on_which_it_can_be_withdrawn(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005", at=date(2026, 3, 19)) as driver:
        assert "w" not in offered(driver)
        await driver.press("w")
        assert driver.message == "Too late to withdraw: the account ended on 18 Mar 2026."
    assert ticket(demo_db).standing is Standing.OPEN
    async with running(demo_db, who="owner", route="/requests/1005", at=date(2026, 3, 18)) as driver:
        await driver.press("w", "y")
        assert driver.message.startswith("T-1005 is withdrawn.")


async def test_ones_own_question_is_withdrawn_without_a_word_of_the_account(demo_db: Path) -> None:
    async with running(demo_db, who=SAM, route=OVERDUE) as driver:
        await driver.press("w")
        assert "The account goes on" not in driver.text
        await driver.press("y")
        assert driver.message == "T-1003 is withdrawn."


async def test_a_right_taken_away_meanwhile_withdraws_nothing(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="admin", route="/requests/1005") as driver:
        await driver.press("w")
        run(demo_db, "UPDATE user SET verified = 0 WHERE email = 'admin@demo.example'")
        await driver.press("y")
        assert driver.message == NOT_VERIFIED
    assert ticket(demo_db).standing is Standing.OPEN
