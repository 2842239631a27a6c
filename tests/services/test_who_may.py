"""Who may do what about the account: the whole table, role by act, for verified people and others."""

from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from subtui.domain.account_settings import SettingsDraft
from subtui.domain.billing import Cycle
from subtui.domain.errors import NotAllowed
from subtui.domain.permissions import Role
from subtui.domain.requests import CallDraft, ContactDetails, Direction, QuestionDraft, Standing, Topic
from subtui.services.desk import Desk

from .asking import DRAFT, TODAY, ask, desk_on
from .database import everything, run

# One letter for each role that may: owner, admin, agent, viewer; a capital V first where the person must be verified.
WHO_MAY = {
    "billing": "o a",
    "account_settings": "o a",
    "save_account_settings": "o",
    "request_cancellation": "V o a",
    "complete_call": "V o a",
    "withdraw": "V o a",
    "decide": "o a",
    "correspond, outgoing": "o a",
    "correspond, incoming": "o a",
    "correspond, on one's own": "o a g v",
    "withdraw, one's own": "o a g v",
    "file_call": "o a g v",
    "ask_question": "o a g v",
    "my_account": "o a g v",
    "cancel_form": "o a g v",
    "preview_cancellation": "o a g v",
    "phone_route": "o a g v",
    "requests": "o a g v",
    "request": "o a g v",
}
LETTERS = {Role.OWNER: "o", Role.ADMIN: "a", Role.AGENT: "g", Role.VIEWER: "v"}

ANOTHERS, NEW = 1003, 1005
"""The question of somebody else, and the ticket that is filed before an act that needs one."""

CALL = CallDraft("602 555 0163")
QUESTION = QuestionDraft(ContactDetails("ada@demo.example"), Topic.OTHER, "A word", "Is it true?")
SETTINGS = SettingsDraft(
    name="Juniper",
    plan="Pro",
    fee="299.00",
    currency="USD",
    cycle=Cycle.MONTH,
    frequency="1",
    anchor=date(2019, 5, 19),
    began_on=date(2019, 5, 6),
    minimum_months="",
    notice_days="10",
    answer_days="2",
    phone="",
    hours="",
    country="US",
    time_zone="America/Phoenix",
    own_holidays="",
    limits="",
    reasons="unused: Unused",
)


def question_of_ones_own(desk: Desk) -> int:
    return desk.ask_question(QUESTION).request.id


ACTS: dict[str, Callable[[Desk], object]] = {
    "billing": lambda desk: desk.billing(),
    "account_settings": lambda desk: desk.account_settings(),
    "save_account_settings": lambda desk: desk.save_account_settings(SETTINGS, version=1),
    "request_cancellation": lambda desk: desk.request_cancellation(DRAFT),
    "complete_call": lambda desk: desk.complete_call(NEW, DRAFT, version=1),
    "withdraw": lambda desk: desk.withdraw(NEW, version=1),
    "decide": lambda desk: desk.decide(ANOTHERS, Standing.ANSWERED, version=1),
    "correspond, outgoing": lambda desk: desk.correspond(ANOTHERS, Direction.OUTGOING, "Yes."),
    "correspond, incoming": lambda desk: desk.correspond(ANOTHERS, Direction.INCOMING, "Yes."),
    "correspond, on one's own": lambda desk: desk.correspond(question_of_ones_own(desk), Direction.INCOMING, "So?"),
    "withdraw, one's own": lambda desk: desk.withdraw(question_of_ones_own(desk), version=1),
    "file_call": lambda desk: desk.file_call(CALL),
    "ask_question": lambda desk: desk.ask_question(QUESTION),
    "my_account": lambda desk: desk.my_account(),
    "cancel_form": lambda desk: desk.cancel_form(),
    "preview_cancellation": lambda desk: desk.preview_cancellation(DRAFT),
    "phone_route": lambda desk: desk.phone_instructions(),
    "requests": lambda desk: desk.requests(only_open=False),
    "request": lambda desk: desk.request(ANOTHERS),
}


def prepare(path: Path, act: str) -> None:
    """File the ticket that an act needs, as somebody else."""
    if act == "complete_call":
        with desk_on(path, TODAY, "agent2@demo.example") as desk:
            assert desk.file_call(CALL).request.id == NEW
    elif act == "withdraw":
        with desk_on(path, TODAY, "owner") as desk:
            assert ask(desk).id == NEW


def test_the_table_names_every_act() -> None:
    assert set(WHO_MAY) == set(ACTS)


@pytest.mark.parametrize(("role", "verified", "act"), list(product(Role, (True, False), WHO_MAY)))
def test_the_table_is_the_rule(demo_db: Path, role: Role, verified: bool, act: str) -> None:
    who = WHO_MAY[act].split()
    may = LETTERS[role] in who and (verified or "V" not in who)
    prepare(demo_db, act)
    run(demo_db, f'UPDATE "user" SET verified = {verified:d}')  # noqa: S608
    with desk_on(demo_db, TODAY, role) as desk:
        before = everything(demo_db)
        if may:
            ACTS[act](desk)
            return
        with pytest.raises(NotAllowed) as refused:
            ACTS[act](desk)
        assert everything(demo_db) == before
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_anything_without_signing_in(demo_db: Path, act: str) -> None:
    prepare(demo_db, act)
    before = everything(demo_db)
    with Desk.open(str(demo_db)) as desk, pytest.raises(NotAllowed, match="Sign in first"):
        ACTS[act](desk)
    assert everything(demo_db) == before
