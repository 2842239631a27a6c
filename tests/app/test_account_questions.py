"""Questions from the help: asked, lacking something, pasted, and sent once."""

from pathlib import Path

from textual.events import Paste

from subtui.acts.tickets import ListTickets
from subtui.app.screens.question import QuestionScreen
from subtui.domain.requests import Kind
from tests.app.asking import SEEDED, desk_of, log_is_whole, problem, ticket
from tests.app.driver import running
from tests.app.hostile import FORBIDDEN
from tests.app.tickets import listed
from tests.services.database import changed_tables, everything


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
        assert problem(driver, "subject") == "Enter a subject."
        assert driver.focus == "subject"
        await driver.type("Refund")
        await driver.press("ctrl+s")
        assert problem(driver, "text") == "Enter your question."
        assert (driver.focus, problem(driver, "subject")) == ("text", "")
        await driver.type("When?")
        await driver.press("tab", "ctrl+u")
        await driver.type("nobody@")
        await driver.press("ctrl+s")
        assert driver.focus == "email"
        assert isinstance(driver.here, QuestionScreen)
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
    with desk_of(demo_db) as backend:
        assert backend.read(ListTickets(only_open=False)).total == SEEDED + 1


async def test_whoever_is_not_signed_in_asks_nothing(demo_db: Path) -> None:
    async with running(demo_db, who=None) as driver:
        await driver.press("question_mark")
        assert driver.route == "/help"
        for key in ("t", "p"):
            await driver.press(key)
            assert (driver.route, driver.message) == ("/help", "Sign in first.")
