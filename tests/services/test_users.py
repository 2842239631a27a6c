"""Users are invited, given other roles, deactivated and let in again, each with its entry in the log."""

import json
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.act import Act
from subtui.acts.contacts import GetOverview
from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.users import (
    ChangePassword,
    ChangeRole,
    DeactivateUser,
    EndSessions,
    GetUser,
    InviteUser,
    ListSignIns,
    ListUsers,
    PreviewUserAct,
    ReactivateUser,
    ResetPassword,
    VerifyUser,
)
from subtui.clock import Clock
from subtui.domain.errors import NotAllowed, NotFound, PasswordNeeded, Refused, SessionEnded, SignInRefused, WrongInput
from subtui.domain.permissions import Role
from subtui.domain.sessions import Front, Origin, Outcome
from subtui.domain.users import Seen, UserAct, UserState
from subtui.services.backend import Backend

from .asking import TODAY, desk_on
from .database import changed_tables, everything, rows, run

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AGENT, NEW_ADMIN, OWNER = 3, 5, 1
NEW = "newadmin@demo.example"
BO = "bo@demo.example"
MISMATCH = "That e-mail and password do not match."
PASSWORD = "a long password"


def at(path: Path, instant: datetime = NOW, front: Front = Front.SCREENS) -> Backend:
    return Backend.open(str(path), clock=Clock(instant), origin=Origin(front, "desk-1"))


def seen(backend: Backend, user_id: int = AGENT) -> Seen:
    return backend.read(GetUser(user_id)).seen


def id_of(backend: Backend, email: str) -> int:
    return backend.read(GetUser(email=email)).user.id


def newest(path: Path) -> dict[str, Any]:
    (event,) = rows(path, "SELECT * FROM event ORDER BY id DESC LIMIT 1")
    return event


# --- invitations and codes --------------------------------------------------------------------------------------------


def test_somebody_is_invited_and_chooses_a_password_once(owner: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    made = owner.do(InviteUser(email=f" {BO} ", name="Bo New", role=Role.AGENT))
    assert changed_tables(before, everything(demo_db)) == {"user", "event"}
    assert made.sentence == "Bo New is invited as agent."
    assert (made.user.state, made.user.verified) == (UserState.INVITED, False)
    with at(demo_db) as theirs:
        with pytest.raises(PasswordNeeded, match="choose a password"):
            theirs.sign_in(BO, made.code.lower())
        assert theirs.person is None
        with pytest.raises(WrongInput, match="at least 8 characters"):
            theirs.choose_password(BO, made.code, "short")
        person = theirs.choose_password(BO, f"{made.code[:4]}-{made.code[4:]}", PASSWORD)
        assert theirs.person == person
        theirs.read(GetOverview())
        assert (newest(demo_db)["command"], newest(demo_db)["actor"]) == ("user.choose_password", "Bo New")
    with at(demo_db) as again:
        with pytest.raises(SignInRefused, match=MISMATCH):
            again.sign_in(BO, made.code)
        with pytest.raises(SignInRefused, match=MISMATCH):
            again.choose_password(BO, made.code, PASSWORD)
        assert again.sign_in(BO, PASSWORD).name == "Bo New"
        with pytest.raises(Refused, match="have a password already"):
            again.choose_password(BO, PASSWORD, PASSWORD)
    assert owner.read(VerifyLog()).broken is None


def test_no_code_no_password_and_no_hash_is_in_the_log_or_in_a_text(owner: Backend, demo_db: Path) -> None:
    made = owner.do(InviteUser(email=BO, name="Bo New", role=Role.AGENT))
    with at(demo_db) as theirs:
        theirs.choose_password(BO, made.code, PASSWORD)
        theirs.do(ChangePassword(PASSWORD, "another password"))
    again = owner.do(ResetPassword(id_of(owner, BO), seen=seen(owner, id_of(owner, BO))))
    log = json.dumps(rows(demo_db, "SELECT * FROM event"))
    for secret in (made.code, again.code, PASSWORD, "another password", "argon2"):
        assert secret not in log
    stored = json.dumps(rows(demo_db, "SELECT * FROM user"))
    assert made.code not in stored
    assert again.code not in stored
    assert made.code not in repr(made)
    assert set(made.code) <= set(string.ascii_uppercase + string.digits)


def test_a_code_is_valid_for_seven_days(owner: Backend, demo_db: Path) -> None:
    made = owner.do(InviteUser(email=BO, name="Bo New", role=Role.AGENT))
    late = made.valid_until + timedelta(seconds=1)
    with at(demo_db, late) as theirs, pytest.raises(SignInRefused, match="That code has expired"):
        theirs.sign_in(BO, made.code)
    with at(demo_db, late) as theirs:
        theirs.sign_in_demo("owner")
        assert theirs.read(GetUser(email=BO)).user.state is UserState.CODE_EXPIRED
        new = theirs.do(InviteUser(email=BO, name="Bo Newer", role=Role.VIEWER))
        assert new.sentence == "Bo Newer has a new code."
        with pytest.raises(SignInRefused, match=MISMATCH):
            theirs.sign_in(BO, made.code)
        assert theirs.choose_password(BO, new.code, PASSWORD).role is Role.VIEWER


def test_a_code_is_guessed_at_five_times_and_then_waits(owner: Backend, demo_db: Path) -> None:
    made = owner.do(InviteUser(email=BO, name="Bo New", role=Role.AGENT))
    with at(demo_db) as theirs:
        for _ in range(5):
            with pytest.raises(SignInRefused, match=MISMATCH):
                theirs.choose_password(BO, "AAAAAAAA", PASSWORD)
        with pytest.raises(SignInRefused, match="Wait 30 seconds"):
            theirs.choose_password(BO, made.code, PASSWORD)


def test_an_invited_user_of_the_demo_needs_the_code(owner: Backend, demo_db: Path) -> None:
    owner.do(InviteUser(email=BO, name="Bo New", role=Role.AGENT))
    with at(demo_db) as theirs:
        assert BO not in [account.email for account in theirs.session_info().demo_accounts]
        with pytest.raises(NotAllowed, match="There is no demo account"):
            theirs.sign_in_demo(BO)


@pytest.mark.parametrize(
    ("who", "email", "role", "error", "words"),
    [
        ("admin", "agent@demo.example", Role.AGENT, WrongInput, "already exists"),
        ("admin", "bo", Role.AGENT, WrongInput, "is not an e-mail address"),
        ("admin", BO, Role.OWNER, NotAllowed, "Only an owner can make another owner"),
        (NEW, BO, Role.AGENT, NotAllowed, "you are not verified yet"),
        ("agent", BO, Role.AGENT, NotAllowed, "An agent cannot manage users"),
    ],
)
def test_who_is_not_invited(
    demo_db: Path, who: str, email: str, role: Role, error: type[Exception], words: str
) -> None:
    with desk_on(demo_db, TODAY, who) as backend:
        before = everything(demo_db)
        with pytest.raises(error, match=words):
            backend.do(InviteUser(email=email, name="Bo", role=role))
        assert everything(demo_db) == before


# --- acts on a user ---------------------------------------------------------------------------------------------------


def test_a_deactivated_user_is_out_at_once_and_comes_back(owner: Backend, demo_db: Path) -> None:
    with at(demo_db) as theirs:
        theirs.sign_in_demo("agent")
        done = owner.do(DeactivateUser(AGENT, " Left on\nFriday ", seen=seen(owner)))
        assert done.sentence == "Dana Reyes is deactivated. 1 session ended."
        with pytest.raises(SessionEnded, match="has been deactivated"):
            theirs.read(GetOverview())
        with pytest.raises(NotAllowed):
            theirs.sign_in_demo("agent@demo.example")
    event = newest(demo_db)
    assert (event["command"], event["reason"]) == ("user.deactivate", "Left on Friday")
    assert json.loads(event["after"]) == {"email": "agent@demo.example", "active": False, "sessions_ended": 1}
    assert owner.do(ReactivateUser(AGENT, "Back", seen=seen(owner))).sentence == "Dana Reyes is active again."
    with at(demo_db) as theirs:
        assert theirs.sign_in("agent@demo.example", "demo").role is Role.AGENT


def test_another_role_holds_from_the_next_act_in_an_open_session(owner: Backend, demo_db: Path) -> None:
    with at(demo_db) as theirs:
        theirs.sign_in_demo("admin")
        admin = owner.read(GetUser(email="admin@demo.example"))
        owner.do(ChangeRole(admin.user.id, Role.AGENT, seen=admin.seen))
        with pytest.raises(NotAllowed, match="An agent cannot manage users"):
            theirs.read(ListUsers())
        theirs.read(GetOverview())
        assert theirs.person is not None
        assert theirs.person.role is Role.AGENT
    assert json.loads(newest(demo_db)["before"]) == {"email": "admin@demo.example", "role": "admin"}


def test_an_ended_session_says_by_whom_and_when_and_a_new_one_begins(owner: Backend, demo_db: Path) -> None:
    with at(demo_db) as theirs:
        theirs.sign_in_demo("agent")
        owner.do(EndSessions(AGENT, seen=seen(owner)))
        with pytest.raises(SessionEnded, match=r"^Your session was ended by Ruth Hollis at \d\d:30\. Sign in again\.$"):
            theirs.read(GetOverview())
        theirs.sign_in_demo("agent")
        theirs.read(GetOverview())
    with pytest.raises(Refused, match="has no open sessions"):
        owner.do(EndSessions(AGENT, seen=seen(owner)))


def test_a_reset_stops_the_password_and_the_sessions(owner: Backend, demo_db: Path) -> None:
    with at(demo_db) as theirs:
        theirs.sign_in("agent@demo.example", "demo")
        made = owner.do(ResetPassword(AGENT, seen=seen(owner)))
        assert made.user.state is UserState.RESET
        with pytest.raises(SessionEnded, match="ended by Ruth Hollis"):
            theirs.read(GetOverview())
        with pytest.raises(SignInRefused, match=MISMATCH):
            theirs.sign_in("agent@demo.example", "demo")
        with pytest.raises(WrongInput, match="already exists"):
            owner.do(InviteUser(email="agent@demo.example", name="Dana", role=Role.AGENT))
        theirs.choose_password("agent@demo.example", made.code, PASSWORD)
        theirs.read(GetOverview())


def test_a_changed_password_ends_the_other_sessions(demo_db: Path) -> None:
    with at(demo_db) as here, at(demo_db) as there:
        for backend in (here, there):
            backend.sign_in("agent@demo.example", "demo")
        with pytest.raises(SignInRefused, match=MISMATCH):
            here.do(ChangePassword("wrong", PASSWORD))
        here.do(ChangePassword("demo", PASSWORD))
        here.read(GetOverview())
        with pytest.raises(SessionEnded, match="ended by Dana Reyes"):
            there.read(GetOverview())
        there.sign_in("agent@demo.example", PASSWORD)
    assert json.loads(newest(demo_db)["after"])["sessions_ended"] == 1


@pytest.mark.parametrize(
    ("who", "act", "error", "words"),
    [
        ("owner", lambda s: DeactivateUser(OWNER, "x", seen=s), Refused, "You cannot deactivate yourself"),
        ("owner", lambda s: ChangeRole(OWNER, Role.AGENT, seen=s), Refused, "You cannot change your own role"),
        ("admin", lambda s: DeactivateUser(OWNER, "x", seen=s), NotAllowed, "Only an owner can do this to an owner"),
        ("admin", lambda s: EndSessions(OWNER, seen=s), NotAllowed, "Only an owner can do this to an owner"),
        ("admin", lambda s: ResetPassword(OWNER, seen=s), NotAllowed, "Only an owner can do this to an owner"),
        ("owner", lambda s: ReactivateUser(OWNER, "x", seen=s), Refused, "is not deactivated"),
        ("owner", lambda s: DeactivateUser(99, "x", seen=s), NotFound, "There is no user 99"),
        (NEW, lambda s: ChangeRole(AGENT, Role.VIEWER, seen=replace(s, role=Role.AGENT)), NotAllowed, "not verified"),
    ],
)
def test_what_is_refused_writes_nothing(
    demo_db: Path, who: str, act: Callable[[Seen], Act[Any]], error: type[Exception], words: str
) -> None:
    with desk_on(demo_db, TODAY, who) as backend:
        before = everything(demo_db)
        with pytest.raises(error, match=words):
            backend.do(act(seen(backend, OWNER)))
        assert everything(demo_db) == before


def test_a_reason_is_needed(owner: Backend) -> None:
    with pytest.raises(WrongInput, match="Give a reason"):
        owner.do(DeactivateUser(AGENT, " \n", seen=seen(owner)))
    with pytest.raises(WrongInput, match="at most 200"):
        owner.do(DeactivateUser(AGENT, "x" * 201, seen=seen(owner)))


def test_what_a_colleague_changed_meanwhile_is_said_and_nothing_is_written(
    owner: Backend, desk_as: Callable[[Role], Backend], demo_db: Path
) -> None:
    in_view = seen(owner)
    desk_as(Role.ADMIN).do(ChangeRole(AGENT, Role.VIEWER, seen=in_view))
    before = everything(demo_db)
    acts: tuple[Act[Any], ...] = (
        ChangeRole(AGENT, Role.ADMIN, seen=in_view),
        DeactivateUser(AGENT, "Left", seen=in_view),
        EndSessions(AGENT, seen=in_view),
        ResetPassword(AGENT, seen=in_view),
    )
    for act in acts:
        with pytest.raises(
            Refused,
            match=r"^Theo Lindqvist changed this user meanwhile: the role is now viewer\. Nothing was saved\.$",
        ):
            owner.do(act)
    assert everything(demo_db) == before


def test_the_last_owner_who_can_sign_in_stays(owner: Backend, demo_db: Path) -> None:
    made = owner.do(InviteUser(email=BO, name="Bo New", role=Role.OWNER))
    run(demo_db, f"UPDATE user SET verified = 1 WHERE id = {made.user.id}")  # noqa: S608
    with at(demo_db) as theirs:
        theirs.choose_password(BO, made.code, PASSWORD)
        owner.do(ResetPassword(made.user.id, seen=seen(owner, made.user.id)))
        with pytest.raises(SessionEnded):
            theirs.do(DeactivateUser(OWNER, "Mine now", seen=seen(owner, OWNER)))


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_the_list_shows_who_is_here_now(owner: Backend, demo_db: Path) -> None:
    with at(demo_db) as one, at(demo_db) as two:
        for backend in (one, two):
            backend.sign_in_demo("agent")
        dana = next(row for row in owner.read(ListUsers()) if row.id == AGENT)
        assert dana.here == 0, "half past nine in UTC is hours before the day of the demo begins in its time zone"
        run(demo_db, "UPDATE sign_in SET seen_at = '2026-03-02 16:29:00' WHERE user_id = 3")
        dana = next(row for row in owner.read(ListUsers()) if row.id == AGENT)
        assert (dana.here, dana.state, dana.last_sign_in) == (2, UserState.ACTIVE, NOW)
    dana = next(row for row in owner.read(ListUsers()) if row.id == AGENT)
    assert dana.here == 0


def test_a_demo_account_without_a_password_waits_for_no_code(owner: Backend, demo_db: Path) -> None:
    run(demo_db, "UPDATE user SET password_hash = '' WHERE id = 3")
    assert owner.read(GetUser(AGENT)).user.state is UserState.ACTIVE
    with pytest.raises(WrongInput, match="already exists"):
        owner.do(InviteUser(email="agent@demo.example", name="Dana", role=Role.AGENT))
    with at(demo_db) as theirs, pytest.raises(SignInRefused, match=MISMATCH):
        theirs.sign_in("agent@demo.example", "")


def test_the_deactivated_are_last(owner: Backend) -> None:
    owner.do(DeactivateUser(NEW_ADMIN, "Left", seen=seen(owner, NEW_ADMIN)))
    listed = owner.read(ListUsers())
    assert [listed[0].role, listed[-1].id] == [Role.OWNER, NEW_ADMIN]


def test_a_user_with_sessions_attempts_and_log(owner: Backend, demo_db: Path) -> None:
    with at(demo_db) as theirs:
        with pytest.raises(SignInRefused):
            theirs.sign_in("agent@demo.example", "wrong")
        theirs.sign_in_demo("agent")
        theirs.read(GetOverview(), route="/reports")
        theirs.settle()
        record = owner.read(GetUser(AGENT))
    (session,) = record.sessions
    assert (session.program, session.host, session.route, session.since) == (Front.SCREENS, "desk-1", "/reports", NOW)
    assert [attempt.outcome for attempt in record.attempts] == [Outcome.SIGNED_IN, Outcome.REFUSED]
    assert owner.read(GetUser(AGENT)).sessions == ()
    owner.do(VerifyUser("agent@demo.example", verified=False))
    assert owner.read(GetUser(AGENT)).events[0].title == "User verification changed"
    assert UserAct.END_SESSIONS in owner.read(GetUser(AGENT)).why_not
    mine = owner.read(GetUser(OWNER))
    assert mine.own
    assert mine.sessions[0].own
    assert mine.why_not[UserAct.DEACTIVATE].startswith("You cannot deactivate yourself")


def test_the_attempts_of_all_and_of_one(owner: Backend, demo_db: Path) -> None:
    with at(demo_db) as theirs, pytest.raises(SignInRefused):
        theirs.sign_in(" Nobody@Demo.example ", "wrong")
    first, second = owner.read(ListSignIns())
    assert (first.email, first.name, first.outcome) == ("nobody@demo.example", "", Outcome.REFUSED)
    assert second.name == "Ruth Hollis"
    assert owner.read(ListSignIns(email="NOBODY@demo.example")) == (first,)
    with pytest.raises(NotFound, match="There is no user “nobody@demo"):
        owner.read(GetUser(email="nobody@demo.example"))


@pytest.mark.parametrize(
    ("act", "role", "title", "line"),
    [
        (UserAct.DEACTIVATE, None, "Deactivate Dana Reyes?", "1 open session ends at once."),
        (UserAct.CHANGE_ROLE, Role.VIEWER, "Make Dana Reyes a viewer?", "Then: viewer, view only."),
        (UserAct.RESET_PASSWORD, None, "Reset the password of Dana Reyes?", "Their password stops working."),
        (UserAct.END_SESSIONS, None, "End the sessions of Dana Reyes?", "They have to sign in again."),
    ],
)
def test_what_an_act_will_do_is_said_before(
    owner: Backend, demo_db: Path, act: UserAct, role: Role | None, title: str, line: str
) -> None:
    with at(demo_db) as theirs:
        theirs.sign_in_demo("agent")
        before = everything(demo_db)
        shown = owner.read(PreviewUserAct(act, AGENT, role=role))
        assert everything(demo_db) == before
    assert shown.title == title
    assert line in shown.lines


def test_the_log_of_a_user_is_found_by_its_subject(owner: Backend) -> None:
    owner.do(ChangeRole(AGENT, Role.VIEWER, seen=seen(owner)))
    event = owner.read(ListEvents(limit=1))[0]
    assert (event.title, [(change.before, change.after) for change in event.changes]) == (
        "Role changed",
        [("agent", "viewer")],
    )
