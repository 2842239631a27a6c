"""Tickets: the queue, one ticket with its thread, answering, deciding, withdrawing, and questions from the help."""

from datetime import date
from pathlib import Path

import pytest
from textual.events import Paste

from subtui.app.screens.dialogs import Question
from subtui.app.screens.ticket import AskQuestion
from subtui.app.screens.write_dialog import WriteDialog
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.key_bar import KeyBar
from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.text_box import TextBox
from subtui.domain.requests import Direction, Kind, Standing
from tests.app.driver import Driver, running
from tests.app.test_account_paths import (
    NEW,
    SEEDED,
    UNVERIFIED,
    asked,
    called,
    desk_of,
    letter,
    log_is_whole,
    problem,
    questioned,
    record,
    ticket,
)
from tests.app.test_hostile_text import FORBIDDEN, HOSTILE
from tests.services.database import changed_tables, everything, run

OVERDUE = "/requests/1003"
SAM = "agent2@demo.example"
TWO_OPEN = "2 of 2 open tickets · 1 overdue"


def listed(driver: Driver) -> list[str]:
    """The numbers of the tickets in the queue, in its order."""
    return [row.cells[0].text for row in driver.here.query_one("#list", RecordTable).rows]


def offered(driver: Driver) -> list[str]:
    """The keys of the key bar that are about the ticket."""
    return [hint.key for hint in driver.here.query_one(KeyBar).hints if hint.key in tuple("rpcdwl")]


def dialog(driver: Driver) -> WriteDialog:
    """The dialog one writes in."""
    assert isinstance(driver.app.screen, WriteDialog)
    return driver.app.screen


def written(driver: Driver) -> tuple[str | None, str]:
    """What is chosen and written in it."""
    return dialog(driver).query_one("#choice", Dropdown).chosen, dialog(driver).query_one(TextBox).text


def close(db: Path, *numbers: int) -> None:
    """Answer tickets beside the program under test."""
    with desk_of(db) as desk:
        for number in numbers:
            desk.decide(number, Standing.ANSWERED, version=desk.request(number).version)


# --- the queue --------------------------------------------------------------------------------------------------------


async def test_the_queue_is_in_the_order_in_which_answers_are_due(demo_db: Path) -> None:
    questioned(demo_db)
    run(demo_db, "UPDATE cancellation_request SET answer_due = '2026-02-20' WHERE id = 1004")
    async with running(demo_db, route="/requests", size=(120, 30)) as driver:
        assert listed(driver) == ["T-1004", "T-1003", "T-1005"]
        assert "3 of 3 open tickets · 2 overdue" in driver.text
        due = [line.split("  ")[-1] for line in driver.text.splitlines() if "T-10" in line]
        assert due == ["overdue by 10 days", "overdue by 3 days", "4 Mar 2026"]


async def test_f_shows_what_is_done_too_and_back(demo_db: Path) -> None:
    async with running(demo_db, route="/requests", size=(120, 30)) as driver:
        assert (listed(driver), TWO_OPEN in driver.text) == (["T-1003", "T-1004"], True)
        await driver.press("f")
        assert listed(driver) == ["T-1003", "T-1004", "T-1002", "T-1001"], "open first, then the newest"
        assert "4 of 4 tickets" in driver.text
        for shown in ("overdue by 3 days", "today", "answered", "withdrawn"):
            assert shown in driver.text
        await driver.press("down", "down", "enter")
        assert driver.route == "/requests/1002"
        await driver.press("escape")
        assert listed(driver) == ["T-1003", "T-1004", "T-1002", "T-1001"], "one comes back to the same list"
        await driver.press("f")
        assert listed(driver) == ["T-1003", "T-1004"]


async def test_n_opens_the_next_that_is_due_and_goes_round(demo_db: Path) -> None:
    questioned(demo_db)
    async with running(demo_db, route="/requests") as driver:
        seen = []
        for _ in range(4):
            await driver.press("n")
            seen.append(driver.route)
        assert seen == ["/requests/1003", "/requests/1004", "/requests/1005", "/requests/1003"]
        await driver.press("escape")
        assert driver.route == "/requests", "n takes the place of the ticket before"


async def test_n_from_a_ticket_that_is_done_opens_the_first(demo_db: Path) -> None:
    async with running(demo_db, route="/requests/1002") as driver:
        await driver.press("n")
        assert driver.route == OVERDUE


async def test_with_nothing_left_to_do_the_queue_and_n_say_so(demo_db: Path) -> None:
    close(demo_db, 1004)
    async with running(demo_db, route=OVERDUE) as driver:
        await driver.press("n")
        assert (driver.route, driver.message) == (OVERDUE, "No other ticket is open.")
    close(demo_db, 1003)
    async with running(demo_db, route="/requests") as driver:
        assert "Nothing waits for an answer. f shows the tickets that are done." in driver.text
        await driver.press("n")
        assert driver.message == "No ticket is open."
        await driver.press("enter")
        assert driver.route == "/requests"


async def test_answers_due_on_the_dashboard_lead_to_the_queue(demo_db: Path) -> None:
    async with running(demo_db) as driver:
        assert "1 overdue · 1 today" in driver.text
        for _ in range(6):
            await driver.press("tab")
            if driver.focus == "waiting":
                break
        assert driver.focus == "waiting"
        await driver.press("enter")
        assert driver.route == "/requests"
        close(demo_db, 1003, 1004)
        await driver.press("escape")
        assert "1 overdue" not in driver.text, "the dashboard is asked anew when one comes back"


async def test_a_ticket_that_is_not_there(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/requests/9") as driver:
        assert "There is no ticket T-0009." in driver.text
        for key in "rpcdwln":
            await driver.press(key)
            assert driver.message == "There is no ticket here."
        await driver.press("escape")
        assert driver.route == "/"
        assert driver.app.failure is None


# --- who may do what --------------------------------------------------------------------------------------------------

CANNOT_ANSWER = " cannot answer a ticket: ask an admin or the owner."
CANNOT_WITHDRAW = " cannot withdraw the cancellation of the account: ask an admin or the owner."
NOT_A_CALL = "Only a phone call is completed on behalf of somebody."
NOT_VERIFIED = (
    "Only a verified owner or admin can withdraw the cancellation of the account, and you are not verified yet."
)
NOT_THEIRS = "Only Sam Okonkwo, who asked, can withdraw this ticket."


@pytest.mark.parametrize(
    ("who", "number", "keys", "refused"),
    [
        (
            "agent",
            1003,
            "",
            {
                "r": f"An agent{CANNOT_ANSWER}",
                "p": f"An agent{CANNOT_ANSWER}",
                "d": f"An agent{CANNOT_ANSWER}",
                "w": NOT_THEIRS,
                "c": NOT_A_CALL,
                "l": "No letter belongs to this ticket.",
            },
        ),
        (SAM, 1003, "pw", {"r": f"An agent{CANNOT_ANSWER}", "d": f"An agent{CANNOT_ANSWER}", "c": NOT_A_CALL}),
        ("viewer", 1004, "pw", {"r": f"A viewer{CANNOT_ANSWER}", "d": f"A viewer{CANNOT_ANSWER}"}),
        (
            "viewer",
            NEW,
            "l",
            {"r": f"A viewer{CANNOT_ANSWER}", "p": f"A viewer{CANNOT_ANSWER}", "w": f"A viewer{CANNOT_WITHDRAW}"},
        ),
        ("agent", NEW, "l", {"d": f"An agent{CANNOT_ANSWER}", "w": f"An agent{CANNOT_WITHDRAW}"}),
        (UNVERIFIED, NEW, "rpdl", {"w": NOT_VERIFIED, "c": NOT_A_CALL}),
        ("admin", NEW, "rpdwl", {"c": NOT_A_CALL}),
        ("admin", 1003, "rpd", {"w": NOT_THEIRS}),
        ("owner", 1002, "rp", {"d": "This ticket is answered already.", "w": "This ticket is answered: there is"}),
        ("owner", 1001, "rp", {"d": "This ticket is withdrawn already.", "w": "This ticket is withdrawn: there is"}),
    ],
)
async def test_the_key_bar_offers_what_can_be_done_and_the_other_keys_say_why_not(
    demo_db: Path, who: str, number: int, keys: str, refused: dict[str, str]
) -> None:
    asked(demo_db)
    before = everything(demo_db)
    async with running(demo_db, who=who, route=f"/requests/{number}") as driver:
        assert offered(driver) == list(keys)
        for key, sentence in refused.items():
            await driver.press(key)
            assert driver.route == f"/requests/{number}"
            assert driver.message.startswith(sentence), key
    assert changed_tables(before, everything(demo_db)) == set()


async def test_read_only_says_so_at_every_act(demo_db: Path) -> None:
    called(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005", read_only=True) as driver:
        assert offered(driver) == []
        for key in "rpcdw":
            await driver.press(key)
            assert driver.message == "This is read-only mode: nothing can be changed."


# --- the thread -------------------------------------------------------------------------------------------------------


async def test_an_answer_lands_in_the_thread(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route=OVERDUE, size=(100, 40)) as driver:
        await driver.press("r")
        await driver.type("Only the second one.")
        await driver.press("enter")
        await driver.type("The first was never taken.")
        await driver.press("ctrl+s")
        assert driver.message == "Added to the thread; recorded, not sent."
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
    with desk_of(demo_db) as desk:
        assert [event.actor for event in desk.log(subject="request:1003")] == ["Sam Okonkwo"]
        assert desk.verify_log().broken is None


async def test_nothing_written_is_told_and_esc_writes_nothing(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, who="admin", route=OVERDUE) as driver:
        await driver.press("r", "ctrl+s")
        assert (driver.route, driver.message) == (OVERDUE, "Write what was said.")
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
        assert driver.message == "A text has at most 2,000 characters; this one has 2,001."
        await driver.press("r")
        assert written(driver)[1] == "a" * 2001
        await driver.press("delete", "ctrl+s")
        assert driver.message == "Added to the thread; recorded, not sent."
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
        assert "This closes the ticket. It cannot be opened again." in driver.text
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
        assert (driver.route, driver.message) == (OVERDUE, "Say why it is refused.")
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
        assert driver.message == "This ticket is answered already."


async def test_a_cancellation_is_confirmed_and_can_still_be_withdrawn(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="admin", route="/requests/1005", size=(100, 40)) as driver:
        await driver.press("d")
        assert "Confirmed: the account ends as assessed" in driver.text
        await driver.press("ctrl+s")
        assert driver.message == "T-1005 is confirmed."
        await driver.press("w", "y")
        assert driver.message == "T-1005 is withdrawn. The account goes on as before."


async def test_a_refused_cancellation_is_no_longer_in_force(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="admin", route="/requests/1005", size=(100, 40)) as driver:
        await driver.press("d", "r", "tab")
        await driver.type("The owner called: she stays.")
        await driver.press("ctrl+s")
        assert "Ends          18 Mar 2026, no longer: refused" in driver.text
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
            assert isinstance(driver.app.screen, Question)
            assert driver.focus == "safe", "an Enter too many keeps it"
            assert "Asking again later counts from that later day." in driver.text
            await driver.press(*keys)
            assert ticket(demo_db).standing is Standing.OPEN
        await driver.press("l")
        assert "has been withdrawn since" not in driver.text
        await driver.press("escape", "w", "y")
        assert driver.message == "T-1005 is withdrawn. The account goes on as before."
        assert "withdrawn by Theo Lindqvist on 2 Mar 2026 09:30" in driver.text
        assert "Ends          18 Mar 2026, no longer: withdrawn" in driver.text
        await driver.press("w")
        assert driver.message == "This ticket is withdrawn: there is nothing left to withdraw."
        await driver.press("l")
        assert "! The cancellation it confirms has been withdrawn since." in driver.text
        assert letter(driver).undone
    async with running(demo_db, who="owner", route="/admin/billing") as driver:
        assert driver.focus == "cancel", "it can be asked for anew"
    assert log_is_whole(demo_db)


async def test_the_button_of_the_question_withdraws_too(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005") as driver:
        await driver.press("w", "right", "enter")
        assert driver.message == "T-1005 is withdrawn. The account goes on as before."


async def test_the_end_date_is_the_last_day_on_which_it_can_be_withdrawn(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005", at=date(2026, 3, 19)) as driver:
        assert "w" not in offered(driver)
        await driver.press("w")
        assert driver.message == "The account ended on 18 Mar 2026: it is too late to withdraw."
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


# --- questions --------------------------------------------------------------------------------------------------------


async def test_a_question_from_the_help_comes_into_the_queue(demo_db: Path) -> None:
    async with running(demo_db, who="viewer", size=(100, 40)) as driver:
        await driver.press("ctrl+o", "question_mark", "t")
        assert (driver.route, driver.focus) == ("/help/ticket", "topic")
        await driver.press("a", "tab")
        await driver.type("What if she pays late?")
        await driver.press("tab")
        await driver.type("She leaves in May.")
        await driver.press("enter")
        await driver.type("Is May still billed?")
        await driver.press("tab", "tab", "tab", "tab", "tab")
        assert driver.focus == "send"
        await driver.press("enter")
        assert (driver.route, driver.message) == (
            "/requests/1005",
            "T-1005 is recorded. An answer is due by 4 Mar 2026.",
        )
        for shown in (
            "T-1005  What if she pays late?",
            "A cancellation",
            "Imani Brooks (viewer)",
            "She leaves in May.",
        ):
            assert shown in driver.text
        await driver.press("R")
        assert listed(driver) == ["T-1003", "T-1004", "T-1005"]
        await driver.press("escape", "escape")
        assert driver.route == "/help", "the way back is the way here"
    stored = ticket(demo_db)
    assert (stored.kind, stored.comment) == (Kind.QUESTION, "She leaves in May.\nIs May still billed?")
    assert stored.email == "viewer@demo.example"
    assert log_is_whole(demo_db)


async def test_what_a_question_lacks_is_told_at_its_field(demo_db: Path) -> None:
    before = everything(demo_db)
    async with running(demo_db, route="/help/ticket") as driver:
        await driver.press("ctrl+s")
        assert problem(driver, "subject") == "Say in a few words what it is about."
        assert driver.focus == "subject"
        await driver.type("Refund")
        await driver.press("ctrl+s")
        assert problem(driver, "text") == "Write the question."
        assert (driver.focus, problem(driver, "subject")) == ("text", "")
        await driver.type("When?")
        await driver.press("tab", "ctrl+u")
        await driver.type("nobody@")
        await driver.press("ctrl+s")
        assert driver.focus == "email"
        assert isinstance(driver.here, AskQuestion)
        assert [driver.here.typed(name) for name in ("subject", "text", "email")] == ["Refund", "When?", "nobody@"]
        await driver.press("escape")
        assert "Leave without saving?" in driver.text
        await driver.press("enter")
        assert driver.here.typed("text") == "When?"
        await driver.press("escape", "y")
        assert driver.route != "/help/ticket"
    assert changed_tables(before, everything(demo_db)) == set()


async def test_a_page_pasted_into_a_question_is_only_text(demo_db: Path) -> None:
    page = "Dear team,\r\nq\r\n\x1b[2J[red]x[/red]\tz\u202e\n" * 20
    async with running(demo_db, route="/help/ticket", size=(100, 40)) as driver:
        await driver.press("tab")
        await driver.type("A page")
        await driver.press("tab")
        driver.app.post_message(Paste(page))
        await driver.settle()
        assert (driver.route, driver.focus) == ("/help/ticket", "text")
        assert not FORBIDDEN & set(driver.text)
        await driver.press("ctrl+s")
        assert driver.route == "/requests/1005"
        assert not FORBIDDEN & set(driver.text)
        assert "␛[2J[red]x[/red]" in driver.text
    assert not FORBIDDEN & set(ticket(demo_db).comment)


async def test_ctrl_s_again_and_again_sends_one_question(demo_db: Path) -> None:
    async with running(demo_db, route="/help/ticket") as driver:
        await driver.press("tab")
        await driver.type("Refund")
        await driver.press("tab")
        await driver.type("When?")
        await driver.pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await driver.settle()
        assert driver.route == "/requests/1005"
    with desk_of(demo_db) as desk:
        assert desk.requests(only_open=False).total == SEEDED + 1


async def test_whoever_is_not_signed_in_asks_nothing(demo_db: Path) -> None:
    async with running(demo_db, who=None) as driver:
        await driver.press("question_mark")
        assert driver.route == "/help"
        for key in ("t", "p"):
            await driver.press(key)
            assert (driver.route, driver.message) == ("/help", "Sign in first.")


# --- hostile text -----------------------------------------------------------------------------------------------------

BAD = " ".join(HOSTILE)
SHOWN = "[/foo] b [@click=app.quit]Bob[/]"


@pytest.fixture
def hostile_db(demo_db: Path) -> Path:
    """A question, a note, a call and a cancellation with the worst texts there are."""
    questioned(demo_db, BAD[:110], BAD)
    with desk_of(demo_db, "admin") as desk:
        desk.correspond(NEW, Direction.OUTGOING, BAD)
        desk.decide(NEW, Standing.REFUSED, BAD, version=desk.request(NEW).version)
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
    with desk_of(hostile_db) as desk:
        desk.withdraw(1007, version=desk.request(1007).version)
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


async def test_the_ticket_is_read_to_its_end_with_the_keys(demo_db: Path) -> None:
    asked(demo_db)
    async with running(demo_db, who="owner", route="/requests/1005", size=(60, 16)) as driver:
        assert record(driver).ticket == "T-1005"
        assert "l reads this letter" not in driver.text
        await driver.press("end")
        assert "l reads this letter; recorded, not sent" in driver.text
