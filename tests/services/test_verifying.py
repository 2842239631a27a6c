"""Who is verified: said by somebody else who is, and never by oneself."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from subtui.acts.account import GetBilling, GetMyAccount
from subtui.acts.log import VerifyLog
from subtui.acts.tickets import GetPhoneInstructions
from subtui.acts.users import AddUser, VerifyUser
from subtui.clock import Clock
from subtui.domain.errors import NotAllowed, NotFound, Refused
from subtui.domain.permissions import Role
from subtui.services.backend import Backend
from tests.services.database import subject_of

from .asking import TODAY, ask, desk_on
from .database import changed_tables, everything, rows, run

NEW = "newadmin@demo.example"
NOBODY_BUT_OTHERS = "Only another verified owner or admin can do this: users cannot verify themselves."


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_a_verified_owner_or_admin_verifies_another_with_an_entry(
    desk_as: Callable[[Role], Backend], demo_db: Path, role: Role
) -> None:
    backend = desk_as(role)
    before = everything(demo_db)
    verified = backend.do(VerifyUser(f" {NEW.upper()} "))
    assert changed_tables(before, everything(demo_db)) == {"user", "event"}
    assert (verified.name, verified.verified) == ("Callum Frost", True)
    (event,) = rows(demo_db, "SELECT * FROM event ORDER BY id DESC LIMIT 1")
    assert (event["command"], subject_of(event)) == ("user.verify", "user:5")
    assert json.loads(event["before"]) == {"email": NEW, "verified": False}
    assert json.loads(event["after"]) == {"email": NEW, "verified": True}
    assert backend.read(VerifyLog()).broken is None
    with desk_on(demo_db, TODAY, NEW) as theirs:
        assert ask(theirs).requested_by == "Callum Frost"


def test_somebody_may_be_verified_no_longer(desk_as: Callable[[Role], Backend]) -> None:
    owner, admin = desk_as(Role.OWNER), desk_as(Role.ADMIN)
    assert admin.read(GetMyAccount()).why_not_cancel == ""
    assert not owner.do(VerifyUser("admin@demo.example", verified=False)).verified
    with pytest.raises(NotAllowed, match="you are not verified yet"):
        ask(admin)
    assert "you are not verified yet" in admin.read(GetMyAccount()).why_not_cancel


@pytest.mark.parametrize(
    ("who", "email", "verified", "error", "words"),
    [
        (NEW, NEW, True, NotAllowed, NOBODY_BUT_OTHERS),
        (NEW, "agent@demo.example", False, NotAllowed, NOBODY_BUT_OTHERS),
        ("owner", "owner@demo.example", False, NotAllowed, NOBODY_BUT_OTHERS),
        ("owner", "OWNER@demo.example", True, NotAllowed, NOBODY_BUT_OTHERS),
        ("agent", NEW, True, NotAllowed, "An agent cannot manage users"),
        ("viewer", NEW, True, NotAllowed, "A viewer cannot manage users"),
        ("owner", "nobody@demo.example", True, NotFound, "There is no user “nobody@demo.example”"),
        ("owner", "admin@demo.example", True, Refused, "Theo Lindqvist is already verified"),
        ("owner", NEW, False, Refused, "Callum Frost is not verified"),
    ],
)
def test_what_is_refused_writes_nothing(
    demo_db: Path, who: str, email: str, verified: bool, error: type[Exception], words: str
) -> None:
    with desk_on(demo_db, TODAY, who) as backend:
        before = everything(demo_db)
        with pytest.raises(error, match=words):
            backend.do(VerifyUser(email, verified=verified))
        assert everything(demo_db) == before


def test_whoever_is_added_is_not_verified_until_somebody_says_so(
    desk_as: Callable[[Role], Backend], demo_db: Path
) -> None:
    owner = desk_as(Role.OWNER)
    added = owner.do(AddUser(email="bo@demo.example", name="Bo New", role=Role.ADMIN, password="a password"))
    assert not added.verified
    with Backend.open(str(demo_db), clock=Clock(TODAY)) as backend:
        backend.sign_in("bo@demo.example", "a password")
        with pytest.raises(NotAllowed, match="you are not verified yet"):
            ask(backend)
        owner.do(VerifyUser("bo@demo.example"))
        backend.sign_in("bo@demo.example", "a password")
        assert ask(backend).requested_by == "Bo New"


def test_the_owner_of_a_new_database_is_verified(tmp_path: Path) -> None:
    with Backend.open(str(tmp_path / "my.db"), empty=True) as backend:
        first = backend.do(AddUser(email="ada@shop.example", name="Ada", role=Role.OWNER, password="a password"))
    assert first.verified


def test_an_admin_says_nothing_of_an_owner(desk_as: Callable[[Role], Backend], demo_db: Path) -> None:
    owner, admin = desk_as(Role.OWNER), desk_as(Role.ADMIN)
    owner.do(AddUser(email="ada@demo.example", name="Ada Second", role=Role.OWNER, password="a password"))
    before = everything(demo_db)
    for email, verified in (("owner@demo.example", False), ("ada@demo.example", True)):
        with pytest.raises(NotAllowed):
            admin.do(VerifyUser(email, verified=verified))
    assert everything(demo_db) == before
    assert owner.do(VerifyUser("ada@demo.example")).verified


@pytest.mark.parametrize("change", ["verified = 0", "role = 'agent'", "active = 0"])
def test_whoever_lost_the_right_meanwhile_verifies_nobody(
    desk_as: Callable[[Role], Backend], demo_db: Path, change: str
) -> None:
    owner = desk_as(Role.OWNER)
    run(demo_db, f'UPDATE "user" SET {change} WHERE id = 1')  # noqa: S608
    before = everything(demo_db)
    with pytest.raises(NotAllowed):
        owner.do(VerifyUser(NEW))
    assert everything(demo_db) == before


def test_nobody_verifies_without_signing_in(demo_db: Path) -> None:
    with Backend.open(str(demo_db)) as backend, pytest.raises(NotAllowed, match="Sign in first"):
        backend.do(VerifyUser(NEW))


def test_billing_lists_the_verified_first(desk_as: Callable[[Role], Backend]) -> None:
    owner = desk_as(Role.OWNER)
    owner.do(VerifyUser(NEW))
    owner.do(VerifyUser("admin@demo.example", verified=False))
    assert [(row.name, row.verified) for row in owner.read(GetBilling()).admins] == [
        ("Callum Frost", True),
        ("Theo Lindqvist", False),
    ]
    assert owner.read(GetPhoneInstructions()).finishers == ("Ruth Hollis", "Callum Frost")
