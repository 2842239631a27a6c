"""Requests to end the account that are refused: other terms by now, a right taken away, mistakes in the form."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.account import GetBilling, GetMyAccount
from subtui.acts.tickets import (
    Correspond,
    DecideTicket,
    GetCancellationForm,
    GetPhoneInstructions,
    GetTicket,
    PreviewCancellation,
    RequestCancellation,
    WithdrawTicket,
)
from subtui.domain.account import Reassessed
from subtui.domain.errors import Invalid, NotAllowed, NotFound, Refused
from subtui.domain.requests import ContactDetails, Direction, Standing
from subtui.services.backend import Backend

from .asking import A_DAY, DRAFT, INVOICE, SAFE, TODAY, ask, desk_on
from .database import everything, run

NO_PLAN = "The plan and first bill date are not set yet. The owner sets them under Billing & Account > Settings."


# --- what was shown is what is saved ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown_on", "saved_on", "meanwhile"),
    [
        (date(2026, 3, 19), date(2026, 3, 19), INVOICE.format("2026-03-19")),
        (TODAY, TODAY, INVOICE.format("2026-03-02")),
        (TODAY, TODAY, "UPDATE account_invoice SET paid_on = '2026-03-02' WHERE paid_on IS NULL"),
        (SAFE + A_DAY, SAFE + A_DAY, "UPDATE account SET fee_minor = 29900"),
        (TODAY, TODAY, "UPDATE account SET notice_days = 30"),
        (TODAY, TODAY, "UPDATE account SET minimum_months = 120"),
        (TODAY, TODAY, "UPDATE account SET own_holidays = '[\"2026-03-03\"]'"),
        (SAFE, SAFE + A_DAY, "SELECT 1"),
        (TODAY, TODAY + A_DAY, "SELECT 1"),
    ],
    ids=[
        "the invoice was made",
        "an invoice out of turn was made",
        "an invoice was paid",
        "the fee changed",
        "the notice changed",
        "a minimum term was agreed",
        "the answer takes longer",
        "the last safe day passed",
        "a day passed",
    ],
)
def test_a_request_that_leads_to_something_else_by_now_is_not_saved(
    demo_db: Path, shown_on: date, saved_on: date, meanwhile: str
) -> None:
    with desk_on(demo_db, shown_on) as backend:
        shown = backend.read(PreviewCancellation(DRAFT)).found
    run(demo_db, meanwhile)
    with desk_on(demo_db, saved_on) as backend:
        before = everything(demo_db)
        with pytest.raises(Reassessed, match="Nothing was saved: check the new result") as refused:
            backend.do(RequestCancellation(DRAFT, expected=shown))
        assert everything(demo_db) == before
        now = backend.read(PreviewCancellation(DRAFT)).found
        assert refused.value.found == now != shown
        assert backend.do(RequestCancellation(DRAFT, expected=now)).request.ends_on == now.ends_on


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("role = 'agent'", "An agent cannot cancel the account"),
        ("role = 'viewer'", "A viewer cannot cancel the account"),
        ("verified = 0", "Only a verified owner or admin can cancel the account"),
        ("active = 0", "Your user has been deactivated"),
    ],
)
def test_a_role_taken_away_meanwhile_counts(owner: Backend, demo_db: Path, change: str, words: str) -> None:
    request = ask(owner)
    owner.do(WithdrawTicket(request.id, version=request.version))
    shown = owner.read(PreviewCancellation(DRAFT)).found
    run(demo_db, f'UPDATE "user" SET {change} WHERE id = 1')  # noqa: S608
    before = everything(demo_db)
    with pytest.raises(NotAllowed, match=words):
        owner.do(RequestCancellation(DRAFT, expected=shown))
    assert everything(demo_db) == before


def test_whoever_was_verified_meanwhile_may_ask(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "newadmin@demo.example") as backend:
        with pytest.raises(NotAllowed, match="and you are not verified yet"):
            ask(backend)
        assert "not verified yet" in backend.read(GetMyAccount()).why_not_cancel
        run(demo_db, 'UPDATE "user" SET verified = 1 WHERE id = 5')
        assert backend.read(GetMyAccount()).why_not_cancel == ""
        assert ask(backend).requested_by == "Callum Frost"


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"acknowledged": False}, ["acknowledged"]),
        ({"reason_code": None}, ["reason"]),
        ({"reason_code": "weather"}, ["reason"]),
        ({"reason_code": "other"}, ["comment"]),
        ({"comment": "x" * 501}, ["comment"]),
        ({"reach": ContactDetails()}, ["email"]),
        ({"reach": ContactDetails("ruth", "1")}, ["email", "phone"]),
        ({"requested_on": date(2026, 3, 3)}, ["requested_on"]),
        ({"requested_on": date(2019, 5, 5)}, ["requested_on"]),
        ({"reason_code": None, "reach": ContactDetails(), "acknowledged": False}, ["reason", "email", "acknowledged"]),
    ],
)
def test_an_invalid_form_saves_nothing_and_names_its_fields(
    owner: Backend, demo_db: Path, change: dict[str, Any], fields: list[str]
) -> None:
    draft = replace(DRAFT, **change)
    before = everything(demo_db)
    with pytest.raises(Invalid) as refused:
        owner.do(RequestCancellation(draft))
    assert [problem.field for problem in refused.value.problems] == fields
    assert owner.read(PreviewCancellation(draft)).problems == refused.value.problems
    assert everything(demo_db) == before


@pytest.mark.parametrize("change", ["plan = ''", "anchor = NULL"])
def test_without_a_plan_nobody_can_ask(owner: Backend, demo_db: Path, change: str) -> None:
    run(demo_db, f"UPDATE account SET {change}")  # noqa: S608
    before = everything(demo_db)
    with pytest.raises(Refused, match=NO_PLAN):
        owner.do(RequestCancellation(DRAFT))
    with pytest.raises(Refused, match=NO_PLAN):
        owner.read(PreviewCancellation(DRAFT))
    assert everything(demo_db) == before
    billing = owner.read(GetBilling())
    assert (billing.plan, billing.now, billing.holds_until, billing.clock) == (None, None, None, "")
    assert owner.read(GetCancellationForm()).plan is None
    assert owner.read(GetPhoneInstructions()).script


def test_read_only_mode_refuses_every_act_and_shows_the_rest(owner: Backend, demo_db: Path) -> None:
    request = ask(owner)
    with desk_on(demo_db, TODAY, read_only=True) as backend:
        before = everything(demo_db)
        acts: tuple[Callable[[], object], ...] = (
            lambda: backend.do(RequestCancellation(DRAFT)),
            lambda: backend.do(WithdrawTicket(request.id, version=1)),
            lambda: backend.do(DecideTicket(1003, Standing.ANSWERED, version=1)),
            lambda: backend.do(Correspond(1003, Direction.INCOMING, "Hello")),
        )
        for act in acts:
            with pytest.raises(Refused, match="This is read-only mode: nothing can be changed"):
                act()
        assert backend.read(GetTicket(request.id)) == request
        assert backend.read(GetBilling()).standing is not None
        assert everything(demo_db) == before


def test_nobody_asks_without_signing_in(demo_db: Path) -> None:
    with Backend.open(str(demo_db)) as backend, pytest.raises(NotAllowed, match="Sign in first"):
        backend.do(RequestCancellation(DRAFT))


def test_a_ticket_that_is_not_there(owner: Backend) -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: owner.read(GetTicket(7)),
        lambda: owner.do(WithdrawTicket(7, version=1)),
        lambda: owner.read(GetCancellationForm(7)),
        lambda: owner.do(Correspond(7, Direction.INCOMING, "Hello")),
    )
    for act in acts:
        with pytest.raises(NotFound, match="There is no ticket T-0007"):
            act()
