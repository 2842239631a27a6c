"""Signing in: by e-mail and password, by demo account, and not at all."""

from pathlib import Path

from textual.widgets import Input

from subtui.acts.users import AddUser
from subtui.domain.permissions import Role
from subtui.services.backend import Backend
from tests.app.driver import running


async def test_the_demo_accounts_are_offered_and_the_first_is_the_agent(demo_db: Path) -> None:
    async with running(demo_db, who=None) as driver:
        assert driver.route == "/sign-in"
        assert driver.focus == "accounts"
        await driver.press("enter")
        assert driver.route == "/"
        assert "agent ▾ · demo · Mon 2 Mar 2026" in driver.text


async def test_e_mail_and_password(demo_db: Path) -> None:
    async with running(demo_db, who=None) as driver:
        driver.app.screen.query_one("#email").focus()
        await driver.type("Viewer@demo.example")
        await driver.press("enter")
        assert driver.focus == "password", "enter goes on to what is still empty"
        await driver.type("demo")
        await driver.press("enter")
        assert driver.route == "/"
        assert driver.app.person is not None
        assert driver.app.person.role is Role.VIEWER


async def test_a_wrong_password_says_the_same_as_an_unknown_user(demo_db: Path) -> None:
    said = []
    for email in ("agent@demo.example", "nobody@demo.example"):
        async with running(demo_db, who=None) as driver:
            driver.app.screen.query_one("#email").focus()
            await driver.type(email)
            await driver.press("tab")
            await driver.type("wrong")
            await driver.press("enter")
            said.append(driver.message)
            assert driver.route == "/sign-in"
            assert driver.focus == "password"
            assert driver.app.screen.query_one("#password", Input).value == ""
    assert said == ["That e-mail and password do not match."] * 2


async def test_a_database_without_users_says_how_to_add_one(tmp_path: Path) -> None:
    db = tmp_path / "empty.db"
    Backend.open(str(db), empty=True).close()
    async with running(db, who=None) as driver:
        assert "No users yet" in driver.message
        assert "subtui user add" in driver.message


async def test_the_route_asked_for_opens_after_signing_in(demo_db: Path) -> None:
    async with running(demo_db, who=None, route="/subscriptions/1042") as driver:
        assert driver.route == "/sign-in"
        await driver.press("enter")
        assert driver.route == "/subscriptions/1042"
        await driver.press("escape")
        assert driver.route == "/"


async def test_signing_out_leads_back_and_shows_nothing_of_before(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007") as driver:
        await driver.press("Q")
        assert driver.route == "/sign-in"
        assert "López" not in driver.text
        await driver.press("enter")
        assert driver.route == "/"


async def test_a_database_that_cannot_be_opened_ends_with_its_sentence(tmp_path: Path) -> None:
    db = tmp_path / "notes.txt"
    db.write_text("not a database at all")
    async with running(db, who=None) as driver:
        assert driver.app.failure is not None
        assert "is not a database" in driver.app.failure
        assert driver.app.return_code == 2
    assert db.read_text() == "not a database at all"


async def test_an_e_mail_named_on_the_command_line_still_needs_its_password_on_own_data(tmp_path: Path) -> None:
    db = tmp_path / "own.db"
    with Backend.open(str(db), empty=True) as backend:
        backend.do(AddUser(email="ruth@school.example", name="Ruth", role=Role.OWNER, password="long enough"))
    async with running(db, who="ruth@school.example") as driver:
        assert driver.route == "/sign-in"
        assert driver.message == "Only demo data can be opened without a password."
        assert driver.focus == "password"
        await driver.type("long enough")
        await driver.press("enter")
        assert driver.route == "/"
        assert driver.app.person is not None
