"""The screens of users: who is here, acts that say before what they do, codes shown once, sessions that end."""

from pathlib import Path

import pytest
from textual.widgets import Input

from subtui.acts.users import ChangeRole, DeactivateUser, EndSessions, GetUser
from subtui.app.screens.dialogs import ConfirmDialog, KeptDialog, LeaveDialog
from subtui.app.screens.user_dialogs import CodeDialog, InviteDialog, PasswordDialog, ReasonDialog, RoleDialog
from subtui.app.widgets.text_box import NoteBox
from subtui.domain.permissions import Role
from subtui.flows.runner import collapse_whitespace
from tests.app.asking import desk_of
from tests.app.driver import Driver, running
from tests.services.database import rows

AGENT, OWNER = 3, 1
BO, PASSWORD = "bo@demo.example", "a long password"
FORM = "/subscriptions/1042"


def text(driver: Driver) -> str:
    return collapse_whitespace(driver.text)


def code_shown(driver: Driver) -> str:
    assert isinstance(driver.app.screen, CodeDialog)
    return driver.app.screen._code


def end_sessions(db: Path, user_id: int) -> None:
    with desk_of(db) as backend:
        backend.do(EndSessions(user_id, seen=backend.read(GetUser(user_id)).seen))


async def invite(driver: Driver) -> str:
    await driver.press("i")
    await driver.type(BO)
    await driver.press("enter")
    await driver.type("Bo New")
    await driver.press("enter")
    return code_shown(driver)


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (40, 12)], ids=str)
async def test_somebody_is_invited_and_signs_in_with_the_code(demo_db: Path, size: tuple[int, int]) -> None:
    async with running(demo_db, who="owner", route="/users", size=size) as driver:
        code = await invite(driver)
        assert code in text(driver)
        await driver.press("enter", "enter")
        assert code_shown(driver) == code, "Enter does not close it"
        await driver.press("y")
        assert driver.message == "Bo New is invited as agent."
        assert code not in text(driver)
        assert "invited" in text(driver)
    async with running(demo_db, who=None, size=size) as driver:
        driver.app.screen.query_one("#email").focus()
        await driver.type(BO)
        await driver.press("tab")
        await driver.type(code.lower())
        await driver.press("enter")
        assert isinstance(driver.app.screen, PasswordDialog)
        await driver.type(PASSWORD)
        await driver.press("enter")
        await driver.type("another one")
        await driver.press("enter")
        assert "The two passwords differ." in text(driver)
        await driver.press("tab", "tab", "tab")
        driver.app.screen.query_one("#again", Input).value = PASSWORD
        driver.app.screen.query_one("#new", Input).value = PASSWORD
        await driver.press("ctrl+s")
        assert driver.route == "/"
        assert driver.app.person is not None
        assert driver.app.person.email == BO


async def test_a_choice_of_a_password_that_is_left_begins_no_session(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/users") as driver:
        code = await invite(driver)
    async with running(demo_db, who=None) as driver:
        driver.app.screen.query_one("#email", Input).value = BO
        driver.app.screen.query_one("#password", Input).value = code
        driver.app.screen.query_one("#password").focus()
        await driver.press("enter", "escape")
        assert driver.route == "/sign-in"
        assert driver.app.person is None
        assert driver.app.screen.query_one("#password", Input).value == ""
    assert len(rows(demo_db, "SELECT id FROM sign_in WHERE outcome = 'signed_in'")) == 1


async def test_a_refused_invitation_stays_and_asks_before_it_is_left(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/users") as driver:
        await driver.press("i", "ctrl+s")
        assert "Enter the e-mail." in text(driver)
        await driver.type("agent@demo.example")
        await driver.press("tab")
        await driver.type("Dana")
        await driver.press("ctrl+s")
        assert "User agent@demo.example already exists." in text(driver)
        await driver.press("escape")
        assert isinstance(driver.app.screen, LeaveDialog)
        await driver.press("enter", "escape", "y")
        assert not isinstance(driver.app.screen, InviteDialog)


async def test_another_role_after_a_question_that_says_what_it_does(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/users") as driver:
        await driver.press("down", "down", "down", "enter")
        assert driver.route == f"/users/{AGENT}"
        await driver.press("r")
        assert isinstance(driver.app.screen, RoleDialog)
        await driver.press("down", "enter")
        assert isinstance(driver.app.screen, ConfirmDialog)
        assert "Make Dana Reyes a viewer? Now: agent, cancellations and refunds." in text(driver)
        assert "Then: viewer, view only." in text(driver)
        await driver.press("y")
        assert driver.message == "Dana Reyes is now viewer (before: agent)."
        assert "Role viewer: view only" in text(driver)
        assert "Role changed" in text(driver)
        await driver.press("r", "enter")
        assert driver.message == "Dana Reyes already has the role viewer."


async def test_deactivated_for_a_reason_and_back(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=f"/users/{AGENT}") as driver:
        await driver.press("d", "enter")
        assert isinstance(driver.app.screen, ReasonDialog)
        assert "Give a reason" in text(driver)
        await driver.type("Left on Friday")
        await driver.press("enter")
        assert driver.message == "Dana Reyes is deactivated."
        assert "a Reactivate" in driver.text_in("keys")
        await driver.press("d")
        assert driver.message == "Dana Reyes is already deactivated."
        await driver.press("a")
        await driver.type("Back")
        await driver.press("ctrl+s")
        assert driver.message == "Dana Reyes is active again."
        assert "Left on Friday" in text(driver)


async def test_verified_and_a_new_code(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route="/users/5") as driver:
        await driver.press("v", "y")
        assert driver.message == "Callum Frost is verified now."
        await driver.press("v", "enter")
        assert "Identity verified" in text(driver)
        await driver.press("c", "y")
        assert code_shown(driver) in text(driver)
        await driver.press("escape")
        assert driver.message == "Callum Frost has a new code."
        assert "password reset, code valid until 9 Mar 2026 09:30" in text(driver)


async def test_what_a_colleague_changed_meanwhile_is_said_and_shown(demo_db: Path) -> None:
    async with running(demo_db, who="owner", route=f"/users/{AGENT}") as driver:
        await driver.press("r", "up", "enter")
        with desk_of(demo_db, "admin") as backend:
            backend.do(ChangeRole(AGENT, Role.VIEWER, seen=backend.read(GetUser(AGENT)).seen))
        await driver.press("y")
        assert "Theo Lindqvist changed this user meanwhile: the role is now viewer." in driver.message
        assert "Role viewer: view only" in text(driver)


async def test_an_ended_session_leads_to_the_sign_in_and_shows_nothing_of_before(demo_db: Path) -> None:
    async with running(demo_db, route="/contacts/1007/orders") as driver:
        before = text(driver)
        end_sessions(demo_db, AGENT)
        await driver.press("S")
        assert driver.route == "/sign-in"
        assert driver.message == "Your session was ended by Ruth Hollis at 09:30. Sign in again."
        assert driver.app.person is None
        assert len(driver.app.screen_stack) == 2
        assert "agent ▾" not in driver.text
        assert before not in text(driver)
        await driver.press("tab", "tab")
        driver.app.screen.query_one("#accounts").focus()
        await driver.press("enter")
        assert driver.route == "/"
        assert driver.app.person is not None


async def test_an_unsaved_form_of_an_ended_session_is_offered_to_its_user_only(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as driver:
        await driver.press("x", "t")
        driver.here.query_one("#note", NoteBox).text = "They asked by phone."
        await driver.settle()
        end_sessions(demo_db, AGENT)
        await driver.press("ctrl+s")
        assert driver.route == "/sign-in"
        accounts = driver.app.screen.query_one("#accounts")
        accounts.focus()
        await driver.press("down", "enter")
        assert driver.app.person is not None
        assert driver.app.person.name == "Sam Okonkwo"
        assert not isinstance(driver.app.screen, KeptDialog)
        driver.app.do_app_sign_out()
        await driver.settle()
        await driver.press("enter")
        assert driver.app.person.name == "Dana Reyes"
        assert isinstance(driver.app.screen, KeptDialog)
        await driver.press("enter")
        assert driver.here.query_one("#note", NoteBox).text == "They asked by phone."


async def test_a_deactivated_user_is_led_to_the_sign_in_from_a_dialog_too(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route="/users") as driver:
        await driver.press("i")
        await driver.type(BO)
        await driver.press("tab")
        await driver.type("Bo")
        with desk_of(demo_db) as backend:
            admin = backend.read(GetUser(email="admin@demo.example"))
            backend.do(DeactivateUser(admin.user.id, "Left", seen=admin.seen))
        await driver.press("ctrl+s")
        assert driver.route == "/sign-in"
        assert driver.message == "Your user has been deactivated. Ask an admin or the owner."
        assert BO not in text(driver)


async def test_a_role_that_was_taken_is_shown_at_the_next_step(demo_db: Path) -> None:
    async with running(demo_db, who="admin", route="/requests") as driver:
        with desk_of(demo_db) as backend:
            admin = backend.read(GetUser(email="admin@demo.example"))
            backend.do(ChangeRole(admin.user.id, Role.AGENT, seen=admin.seen))
        await driver.press("f")
        assert "agent ▾" in driver.text
        await driver.press("U")
        assert driver.message == "An agent cannot manage users: ask an admin or the owner."


async def test_who_may_not_gets_the_sentence_on_the_routes(demo_db: Path) -> None:
    for route in ("/users", "/users/1"):
        async with running(demo_db, route=route) as driver:
            assert "An agent cannot manage users: ask an admin or the owner." in text(driver)
    async with running(demo_db, who="owner", route="/users/99") as driver:
        assert "There is no user 99." in text(driver)


async def test_ones_own_password(demo_db: Path) -> None:
    async with running(demo_db, route="/account") as driver:
        await driver.press("w")
        await driver.type("wrong")
        for _ in range(2):
            await driver.press("enter")
            await driver.type(PASSWORD)
        await driver.press("enter")
        assert "That e-mail and password do not match." in text(driver)
        driver.app.screen.query_one("#current", Input).value = "demo"
        await driver.press("ctrl+s")
        assert driver.message == "Your password is changed."


async def test_it_is_seen_where_somebody_is(demo_db: Path) -> None:
    async with running(demo_db, route=FORM) as agent:
        async with running(demo_db, who="owner", route="/users/3", size=(120, 36)) as owner:
            assert f"front-desk 2 Mar 2026 09:30 here now {FORM}" in text(owner)
        await agent.press("R")
        async with running(demo_db, who="owner", route="/users/3") as owner:
            assert "here now /requests" in text(owner)
