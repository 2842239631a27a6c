"""Who may do what about the account: the whole table, role by act, for verified people and others."""

from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from subtui.acts.account import GetBilling, GetMyAccount, GetSettings, SaveSettings
from subtui.acts.tickets import (
    AskQuestion,
    CompleteCall,
    Correspond,
    DecideTicket,
    FileCall,
    GetCancellationForm,
    GetPhoneInstructions,
    GetTicket,
    ListTickets,
    PreviewCancellation,
    RequestCancellation,
    WithdrawTicket,
)
from subtui.domain.account_settings import SettingsDraft
from subtui.domain.billing import Cycle
from subtui.domain.errors import NotAllowed
from subtui.domain.permissions import Role
from subtui.domain.requests import CallDraft, ContactDetails, Direction, QuestionDraft, Standing, Topic
from subtui.services.backend import Backend

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


def question_of_ones_own(backend: Backend) -> int:
    return backend.do(AskQuestion(QUESTION)).request.id


ACTS: dict[str, Callable[[Backend], object]] = {
    "billing": lambda backend: backend.read(GetBilling()),
    "account_settings": lambda backend: backend.read(GetSettings()),
    "save_account_settings": lambda backend: backend.do(SaveSettings(SETTINGS, version=1)),
    "request_cancellation": lambda backend: backend.do(RequestCancellation(DRAFT)),
    "complete_call": lambda backend: backend.do(CompleteCall(NEW, DRAFT, version=1)),
    "withdraw": lambda backend: backend.do(WithdrawTicket(NEW, version=1)),
    "decide": lambda backend: backend.do(DecideTicket(ANOTHERS, Standing.ANSWERED, version=1)),
    "correspond, outgoing": lambda backend: backend.do(Correspond(ANOTHERS, Direction.OUTGOING, "Yes.")),
    "correspond, incoming": lambda backend: backend.do(Correspond(ANOTHERS, Direction.INCOMING, "Yes.")),
    "correspond, on one's own": lambda backend: backend.do(
        Correspond(question_of_ones_own(backend), Direction.INCOMING, "So?")
    ),
    "withdraw, one's own": lambda backend: backend.do(WithdrawTicket(question_of_ones_own(backend), version=1)),
    "file_call": lambda backend: backend.do(FileCall(CALL)),
    "ask_question": lambda backend: backend.do(AskQuestion(QUESTION)),
    "my_account": lambda backend: backend.read(GetMyAccount()),
    "cancel_form": lambda backend: backend.read(GetCancellationForm()),
    "preview_cancellation": lambda backend: backend.read(PreviewCancellation(DRAFT)),
    "phone_route": lambda backend: backend.read(GetPhoneInstructions()),
    "requests": lambda backend: backend.read(ListTickets(only_open=False)),
    "request": lambda backend: backend.read(GetTicket(ANOTHERS)),
}


def prepare(path: Path, act: str) -> None:
    """File the ticket that an act needs, as somebody else."""
    if act == "complete_call":
        with desk_on(path, TODAY, "agent2@demo.example") as backend:
            assert backend.do(FileCall(CALL)).request.id == NEW
    elif act == "withdraw":
        with desk_on(path, TODAY, "owner") as backend:
            assert ask(backend).id == NEW


def test_the_table_names_every_act() -> None:
    assert set(WHO_MAY) == set(ACTS)


@pytest.mark.parametrize(("role", "verified", "act"), list(product(Role, (True, False), WHO_MAY)))
def test_the_table_is_the_rule(demo_db: Path, role: Role, verified: bool, act: str) -> None:
    who = WHO_MAY[act].split()
    may = LETTERS[role] in who and (verified or "V" not in who)
    prepare(demo_db, act)
    run(demo_db, f'UPDATE "user" SET verified = {verified:d}')  # noqa: S608
    with desk_on(demo_db, TODAY, role) as backend:
        before = everything(demo_db)
        if may:
            ACTS[act](backend)
            return
        with pytest.raises(NotAllowed) as refused:
            ACTS[act](backend)
        assert everything(demo_db) == before
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("act", ACTS)
def test_nobody_does_anything_without_signing_in(demo_db: Path, act: str) -> None:
    prepare(demo_db, act)
    before = everything(demo_db)
    with Backend.open(str(demo_db)) as backend, pytest.raises(NotAllowed, match="Sign in first"):
        ACTS[act](backend)
    assert everything(demo_db) == before
