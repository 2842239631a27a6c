"""Withdrawing the request to end the account: until which day, how often, and by whom."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from subtui.acts.account import GetMyAccount
from subtui.acts.log import GetLetter, ListEvents, VerifyLog
from subtui.acts.tickets import GetTicket, RequestCancellation, WithdrawTicket
from subtui.domain.errors import NotAllowed, Refused
from subtui.domain.permissions import Role
from subtui.domain.requests import Standing
from subtui.services.backend import Backend

from .asking import A_DAY, DRAFT, ENDS, ROUTE, TODAY, ask, desk_on
from .database import changed_tables, everything, run


@pytest.mark.parametrize("day", [TODAY, date(2026, 3, 17), ENDS])
def test_a_request_can_be_withdrawn_until_its_end_that_day_included(owner: Backend, demo_db: Path, day: date) -> None:
    request = ask(owner)
    with desk_on(demo_db, day) as backend:
        assert backend.read(GetTicket(request.id)).why_not_withdraw == ""
        before = everything(demo_db)
        filed = backend.do(WithdrawTicket(request.id, version=request.version), route=ROUTE)
        assert changed_tables(before, everything(demo_db)) == {"cancellation_request", "event"}
        assert filed.sentence == "T-1005 is withdrawn. The account stays open."
        assert (filed.request.standing, filed.request.decided_by) == (Standing.WITHDRAWN, "Ruth Hollis")
        assert filed.request.version == request.version + 1
        assert request.letter_id is not None
        assert backend.read(GetLetter(request.letter_id)).undone
        newest = backend.read(ListEvents(limit=1))[0]
        assert (newest.title, newest.subject, newest.route) == ("Request withdrawn", "T-1005", ROUTE)
        assert [(change.before, change.after) for change in newest.changes] == [("open", "withdrawn")]
        assert backend.read(GetMyAccount()).standing is None
        assert ask(backend).id == request.id + 1
        assert backend.read(VerifyLog()).broken is None


def test_a_request_cannot_be_withdrawn_after_its_end(owner: Backend, demo_db: Path) -> None:
    request = ask(owner)
    with desk_on(demo_db, ENDS + A_DAY) as backend:
        before = everything(demo_db)
        late = "Too late to withdraw: the account ended on 18 Mar 2026."
        assert backend.read(GetTicket(request.id)).why_not_withdraw == late
        with pytest.raises(Refused, match=late):
            backend.do(WithdrawTicket(request.id, version=request.version))
        assert everything(demo_db) == before
        assert backend.do(RequestCancellation(DRAFT)).existing


def test_a_request_is_withdrawn_once(owner: Backend, demo_db: Path) -> None:
    request = ask(owner)
    withdrawn = owner.do(WithdrawTicket(request.id, version=request.version)).request
    before = everything(demo_db)
    with pytest.raises(Refused, match="already withdrawn"):
        owner.do(WithdrawTicket(request.id, version=withdrawn.version))
    with pytest.raises(Refused, match="T-1005 was changed after you opened it"):
        owner.do(WithdrawTicket(request.id, version=request.version))
    assert everything(demo_db) == before


def test_another_verified_person_may_withdraw_and_an_agent_may_not(desk_as: Callable[[Role], Backend]) -> None:
    request = ask(desk_as(Role.OWNER))
    agent = desk_as(Role.AGENT)
    assert agent.read(GetTicket(request.id)).why_not_withdraw.startswith(
        "An agent cannot withdraw the account cancellation"
    )
    with pytest.raises(NotAllowed, match="An agent cannot withdraw the account cancellation"):
        agent.do(WithdrawTicket(request.id, version=request.version))
    withdrawn = desk_as(Role.ADMIN).do(WithdrawTicket(request.id, version=request.version)).request
    assert (withdrawn.requested_by, withdrawn.decided_by) == ("Ruth Hollis", "Theo Lindqvist")


@pytest.mark.parametrize("change", ["role = 'agent'", "verified = 0", "active = 0"])
def test_whoever_lost_the_right_meanwhile_cannot_withdraw(owner: Backend, demo_db: Path, change: str) -> None:
    request = ask(owner)
    run(demo_db, f'UPDATE "user" SET {change} WHERE id = 1')  # noqa: S608
    before = everything(demo_db)
    with pytest.raises(NotAllowed):
        owner.do(WithdrawTicket(request.id, version=request.version))
    assert everything(demo_db) == before
