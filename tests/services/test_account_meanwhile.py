"""What somebody else changes while a backend is open counts at the next act, and at the next look."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.account import GetBilling, GetSettings, SaveSettings
from subtui.acts.act import Query
from subtui.acts.tickets import (
    AskQuestion,
    CompleteCall,
    DecideTicket,
    FileCall,
    GetCancellationForm,
    GetPhoneInstructions,
    GetTicket,
    ListTickets,
    PreviewCancellation,
    RequestCancellation,
)
from subtui.acts.users import VerifyUser
from subtui.clock import Clock
from subtui.domain.errors import Invalid, NotAllowed
from subtui.domain.permissions import Role
from subtui.domain.requests import CallDraft, CancellationDraft, ContactDetails, QuestionDraft, Standing, Topic
from subtui.services.backend import Backend
from tests.services.asking import as_typed
from tests.services.database import run

REACH = ContactDetails(email="owner@demo.example")
DRAFT = CancellationDraft(reach=REACH, reason_code="unused", acknowledged=True)
DeskAs = Callable[[Role], Backend]


def test_a_right_that_was_given_meanwhile_counts_at_once(demo_db: Path, desk_as: DeskAs) -> None:
    with Backend.open(str(demo_db), clock=Clock(date(2026, 3, 2))) as backend:
        backend.sign_in_demo("newadmin@demo.example")
        desk_as(Role.OWNER).do(VerifyUser("newadmin@demo.example"))
        assert backend.read(GetCancellationForm()).why_not == ""
        assert backend.do(RequestCancellation(DRAFT)).request.requested_by == "Callum Frost"


def test_a_right_that_was_taken_away_no_longer_opens_a_screen(demo_db: Path, desk_as: DeskAs) -> None:
    backend = desk_as(Role.ADMIN)
    run(demo_db, "UPDATE user SET role = 'viewer' WHERE email = 'admin@demo.example'")
    looks: tuple[Query[Any], ...] = (GetBilling(), GetSettings())
    for look in looks:
        with pytest.raises(NotAllowed):
            backend.read(look)
    assert "A viewer cannot" in backend.read(GetTicket(1003)).why_not_decide


def test_the_day_of_an_act_goes_by_the_time_zone_that_is_stored(demo_db: Path) -> None:
    late_evening = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)  # still the 9th in Phoenix, the 10th in Auckland
    with Backend.open(str(demo_db), clock=Clock(late_evening)) as backend:
        backend.sign_in_demo("owner")
        assert backend.today == date(2026, 3, 9)
        run(demo_db, "UPDATE account SET time_zone = 'Pacific/Auckland'")
        found = backend.read(PreviewCancellation(DRAFT)).found
        assert (found.received_on, found.in_time) == (date(2026, 3, 10), False)
        assert backend.do(RequestCancellation(DRAFT, expected=found)).request.requested_on == date(2026, 3, 10)
        assert backend.session_info().today == date(2026, 3, 10)


def test_a_caller_has_asked_when_they_called(demo_db: Path) -> None:
    with Backend.open(str(demo_db), clock=Clock(date(2026, 3, 9))) as backend:
        backend.sign_in_demo("agent")
        call = backend.do(FileCall(CallDraft("602 555 0199"))).request
    with Backend.open(str(demo_db), clock=Clock(date(2026, 3, 11))) as backend:
        backend.sign_in_demo("admin")
        done = backend.do(CompleteCall(call.id, DRAFT, version=call.version)).request
    assert (done.requested_on, done.in_time, done.answer_due) == (date(2026, 3, 9), True, date(2026, 3, 11))


def test_settings_can_be_saved_on_a_database_from_before_them(demo_db: Path, desk_as: DeskAs) -> None:
    run(demo_db, "UPDATE account SET fee_currency = '', plan = '', fee_minor = 0, anchor = NULL")
    backend = desk_as(Role.OWNER)
    view = backend.read(GetSettings())
    draft = as_typed(view, plan="Max Classic", fee="249.00", anchor=date(2019, 5, 19))
    backend.do(SaveSettings(draft, version=view.version))
    assert backend.read(GetBilling()).plan is not None


def test_the_script_counts_the_invoices_of_a_minimum_term(demo_db: Path, desk_as: DeskAs) -> None:
    run(demo_db, "UPDATE account SET minimum_months = 120")
    script = " ".join(desk_as(Role.AGENT).read(GetPhoneInstructions()).script)
    assert "there are 38 more invoices" in script


def test_a_note_that_is_too_long_is_refused_with_any_outcome(desk_as: DeskAs) -> None:
    backend = desk_as(Role.ADMIN)
    ticket = backend.read(GetTicket(1003))
    with pytest.raises(Invalid, match="at most 2,000 characters"):
        backend.do(DecideTicket(1003, Standing.ANSWERED, "x" * 5000, version=ticket.version))
    assert backend.read(GetTicket(1003)).standing is Standing.OPEN


def test_the_next_ticket_follows_the_order_of_the_list(desk_as: DeskAs) -> None:
    backend = desk_as(Role.AGENT)
    for subject in ("one", "two", "three"):
        backend.do(AskQuestion(QuestionDraft(REACH, Topic.OTHER, subject, "How?")))
    rows = [row.id for row in backend.read(ListTickets()).rows]
    assert [backend.read(GetTicket(number)).next_open_id for number in rows] == [*rows[1:], rows[0]]
