"""The rules of administering users: the table of cases, and what no sequence of acts can bring about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.people import Person
from subtui.domain.permissions import Permission, Role, allowed
from subtui.domain.sessions import HERE_FOR, ended_words, is_here
from subtui.domain.users import (
    CODE_LENGTH,
    CODE_LETTERS,
    Seen,
    UserAct,
    UserFacts,
    UserState,
    changed_words,
    is_valid,
    read_code,
    why_not,
    why_not_make,
    why_not_password,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER = Person(1, "Ruth", "ruth@shop.example", Role.OWNER)
ADMIN = Person(2, "Theo", "theo@shop.example", Role.ADMIN)
UNVERIFIED = Person(3, "Callum", "callum@shop.example", Role.ADMIN, verified=False)
AGENT = UserFacts(9, "Dana", Role.AGENT)
OTHER_OWNER = UserFacts(8, "Ada", Role.OWNER)


@pytest.mark.parametrize(
    ("act", "actor", "user", "role", "others", "sentence"),
    [
        (UserAct.DEACTIVATE, ADMIN, AGENT, None, 1, None),
        (UserAct.DEACTIVATE, ADMIN, replace(AGENT, id=2, role=Role.ADMIN), None, 1, "You cannot deactivate yourself"),
        (UserAct.DEACTIVATE, ADMIN, replace(AGENT, active=False), None, 1, "Dana is already deactivated."),
        (UserAct.DEACTIVATE, ADMIN, OTHER_OWNER, None, 1, "Only an owner can do this to an owner."),
        (UserAct.DEACTIVATE, OWNER, OTHER_OWNER, None, 1, None),
        (UserAct.DEACTIVATE, OWNER, OTHER_OWNER, None, 0, "Ada is the last owner who can sign in."),
        (UserAct.DEACTIVATE, UNVERIFIED, AGENT, None, 1, "you are not verified yet"),
        (UserAct.REACTIVATE, ADMIN, AGENT, None, 1, "Dana is not deactivated."),
        (UserAct.REACTIVATE, ADMIN, replace(AGENT, active=False), None, 1, None),
        (UserAct.REACTIVATE, ADMIN, replace(OTHER_OWNER, active=False), None, 1, "Only an owner can do this"),
        (UserAct.CHANGE_ROLE, ADMIN, AGENT, Role.VIEWER, 1, None),
        (UserAct.CHANGE_ROLE, ADMIN, AGENT, Role.AGENT, 1, "Dana already has the role agent."),
        (UserAct.CHANGE_ROLE, ADMIN, AGENT, Role.OWNER, 1, "Only an owner can make another owner."),
        (UserAct.CHANGE_ROLE, OWNER, AGENT, Role.OWNER, 1, None),
        (UserAct.CHANGE_ROLE, ADMIN, replace(AGENT, id=2), Role.OWNER, 1, "You cannot change your own role"),
        (UserAct.CHANGE_ROLE, OWNER, OTHER_OWNER, Role.ADMIN, 0, "Ada is the last owner who can sign in."),
        (UserAct.RESET_PASSWORD, ADMIN, AGENT, None, 1, None),
        (UserAct.RESET_PASSWORD, ADMIN, replace(AGENT, id=2), None, 1, "You cannot reset your own password"),
        (UserAct.RESET_PASSWORD, ADMIN, replace(AGENT, active=False), None, 1, "reactivate the user first"),
        (UserAct.RESET_PASSWORD, ADMIN, OTHER_OWNER, None, 1, "Only an owner can do this to an owner."),
        (UserAct.END_SESSIONS, ADMIN, AGENT, None, 1, None),
        (UserAct.END_SESSIONS, ADMIN, OTHER_OWNER, None, 1, "Only an owner can do this to an owner."),
        (UserAct.END_SESSIONS, UNVERIFIED, AGENT, None, 1, "you are not verified yet"),
    ],
)
def test_who_may_do_what_to_whom(
    act: UserAct, actor: Person, user: UserFacts, role: Role | None, others: int, sentence: str | None
) -> None:
    reason = why_not(act, actor, user, other_owners=others, role=role)
    assert reason is None if sentence is None else sentence in (reason or "")


people = st.builds(
    UserFacts,
    id=st.just(0),
    name=st.just("N"),
    role=st.sampled_from(Role),
    verified=st.booleans(),
    active=st.booleans(),
    pending=st.booleans(),
)
steps = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(UserAct), st.sampled_from(Role)), max_size=12
)


@given(st.lists(people, min_size=4, max_size=4), steps)
def test_no_sequence_of_acts_takes_the_last_owner_or_raises_an_admin(
    team: list[UserFacts], acts: list[tuple[int, int, UserAct, Role]]
) -> None:
    users = [replace(user, id=at) for at, user in enumerate(team)]
    users[0] = UserFacts(0, "Ruth", Role.OWNER)
    for actor_at, user_at, act, role in acts:
        by, user = users[actor_at], users[user_at]
        if not by.can_sign_in or not allowed(by.role, Permission.MANAGE_USERS):
            continue
        actor = Person(by.id, by.name, "n@shop.example", by.role, by.verified)
        owners = sum(each.role is Role.OWNER and each.can_sign_in and each.id != user.id for each in users)
        if why_not(act, actor, user, other_owners=owners, role=role):
            continue
        after = {
            UserAct.DEACTIVATE: replace(user, active=False),
            UserAct.REACTIVATE: replace(user, active=True),
            UserAct.CHANGE_ROLE: replace(user, role=role),
            UserAct.RESET_PASSWORD: replace(user, pending=True),
            UserAct.END_SESSIONS: user,
        }[act]
        assert actor.verified
        assert act is UserAct.END_SESSIONS or act is UserAct.REACTIVATE or user.id != actor.id
        assert actor.role is Role.OWNER or Role.OWNER not in (user.role, after.role)
        users[user_at] = after
        assert any(each.role is Role.OWNER and each.can_sign_in for each in users)


@given(st.text(CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH), st.integers(0, CODE_LENGTH))
def test_a_code_is_read_as_it_is_spoken(code: str, at: int) -> None:
    assert read_code(f" {code[:at].lower()} - {code[at:]}\n") == code


def test_a_code_has_forty_bits_and_no_sign_that_looks_like_another() -> None:
    assert len(set(CODE_LETTERS)) ** CODE_LENGTH >= 2**40
    assert not set(CODE_LETTERS) & set("01OI")


@pytest.mark.parametrize(
    ("user", "state"),
    [
        (AGENT, UserState.ACTIVE),
        (replace(AGENT, active=False, pending=True), UserState.DEACTIVATED),
        (replace(AGENT, pending=True, code_until=NOW), UserState.INVITED),
        (replace(AGENT, pending=True, was_reset=True, code_until=NOW), UserState.RESET),
        (replace(AGENT, pending=True, code_until=NOW - timedelta(seconds=1)), UserState.CODE_EXPIRED),
        (replace(AGENT, pending=True), UserState.CODE_EXPIRED),
    ],
)
def test_the_state_of_a_user(user: UserFacts, state: UserState) -> None:
    assert user.state(NOW) is state


def test_a_code_is_valid_until_its_last_moment() -> None:
    assert is_valid(NOW, NOW)
    assert not is_valid(NOW, NOW + timedelta(seconds=1))
    assert not is_valid(None, NOW)


def test_what_a_new_password_takes() -> None:
    assert why_not_password("12345678") is None
    assert why_not_password("1234567") == "The password needs at least 8 characters."
    assert why_not_password("12345678", "12345679") == "The two passwords differ. Type the new one twice."


@pytest.mark.parametrize("role", list(Role))
def test_only_an_owner_makes_an_owner(role: Role) -> None:
    assert why_not_make(OWNER, role) is None
    assert (why_not_make(ADMIN, role) is None) == (role is not Role.OWNER)


def test_what_a_colleague_changed_is_named() -> None:
    seen = Seen(Role.AGENT, active=True, verified=True)
    assert changed_words(seen, seen) == ""
    now = Seen(Role.VIEWER, active=False, verified=False)
    assert changed_words(seen, now) == (
        "the role is now viewer and the user is now deactivated and the user is no longer verified"
    )


def test_who_is_here_now() -> None:
    assert is_here(NOW, NOW)
    assert not is_here(NOW - HERE_FOR, NOW)
    assert not is_here(None, NOW)
    assert ended_words("Ruth", "09:30") == "Your session was ended by Ruth at 09:30. Sign in again."
