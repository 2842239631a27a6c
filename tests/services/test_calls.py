"""The way by phone: filed by whoever may not cancel, completed by a verified admin, with both names in the record."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from subtui.acts.account import GetBilling, GetMyAccount
from subtui.acts.log import GetLetter, ListEvents, VerifyLog
from subtui.acts.tickets import (
    CompleteCall,
    Correspond,
    DecideTicket,
    FileCall,
    GetCancellationForm,
    GetPhoneInstructions,
    GetTicket,
    PreviewCancellation,
    RequestCancellation,
    WithdrawTicket,
)
from subtui.domain.account import Reassessed
from subtui.domain.errors import Invalid, NotAllowed, Refused
from subtui.domain.permissions import Role
from subtui.domain.requests import CallDraft, CancellationDraft, ContactDetails, Direction, Kind, Preferred, Standing
from subtui.services.backend import Backend
from subtui.views.account import RequestRecord

from .asking import DRAFT, TODAY, WRITTEN, ask, desk_on, ticket_row
from .database import changed_tables, everything, rows, run

CALL = CallDraft("602 555 0163", " The owner is on holiday. ")
FOR_DANA = CancellationDraft(
    ContactDetails("agent@demo.example", "+1 602-555-0163", Preferred.PHONE), "too_expensive", acknowledged=True
)


@pytest.fixture
def call(desk_as: Callable[[Role], Backend]) -> RequestRecord:
    """A call that the demo's agent has filed."""
    return desk_as(Role.AGENT).do(FileCall(CALL)).request


def completed(backend: Backend, call: RequestRecord, draft: CancellationDraft = FOR_DANA) -> RequestRecord:
    found = backend.read(PreviewCancellation(draft)).found
    return backend.do(CompleteCall(call.id, draft, version=call.version, expected=found)).request


def test_a_call_is_filed_with_its_entry_and_is_due_like_any_ticket(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    filed = backend.do(FileCall(CALL), route="/account/call")
    assert changed_tables(before, everything(demo_db)) == {"cancellation_request", "event"}
    assert filed.sentence == "T-1005 is recorded. An answer is due by 4 Mar 2026."
    call = filed.request
    assert (call.kind, call.standing, call.subject) == (Kind.CALL, Standing.OPEN, "Cancel the account, by phone")
    assert (call.requested_by, call.role, call.verified) == ("Dana Reyes", "agent", True)
    assert (call.email, call.phone, call.preferred) == ("agent@demo.example", "+1 602-555-0163", Preferred.PHONE)
    assert (call.comment, call.thread, call.letter_id) == ("The owner is on holiday.", (), None)
    assert (call.ends_on, call.next_invoice, call.plan, call.acknowledged) == (None, None, "", ())
    newest = backend.read(ListEvents(limit=1))[0]
    assert (newest.title, newest.actor, newest.route) == (
        "Call logged for the cancellations team",
        "Dana Reyes",
        "/account/call",
    )
    assert backend.read(VerifyLog()).broken is None


def test_filing_again_opens_the_call_that_there_is(backend: Backend, demo_db: Path) -> None:
    first = backend.do(FileCall(CALL)).request
    before = everything(demo_db)
    again = backend.do(FileCall(CallDraft("")))
    assert (again.existing, again.request, again.event_id) == (True, first, None)
    assert again.sentence == "A request already exists: T-1005 (open). Nothing was added."
    assert everything(demo_db) == before
    route = backend.read(GetPhoneInstructions())
    assert (route.open_ticket, route.open_request_id) == ("T-1005", 1005)


def test_everybody_has_a_call_of_their_own(desk_as: Callable[[Role], Backend]) -> None:
    tickets = [desk_as(role).do(FileCall(CALL)).request.id for role in (Role.AGENT, Role.VIEWER, Role.OWNER)]
    assert tickets == [1005, 1006, 1007]


@pytest.mark.parametrize("act", ["withdraw", "refuse", "complete"])
def test_a_call_that_is_done_makes_room_for_another(
    desk_as: Callable[[Role], Backend], call: RequestRecord, act: str
) -> None:
    agent, admin = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    if act == "withdraw":
        agent.do(WithdrawTicket(call.id, version=call.version))
    elif act == "refuse":
        admin.do(DecideTicket(call.id, Standing.REFUSED, "Nobody answers there.", version=call.version))
    else:
        completed(admin, call)
    assert agent.read(GetPhoneInstructions()).open_ticket == ""
    assert not agent.do(FileCall(CALL)).existing


@pytest.mark.parametrize(
    ("draft", "fields"),
    [(CallDraft(""), ["phone"]), (CallDraft("555"), ["phone"]), (CallDraft("602 555 0163", "x" * 501), ["note"])],
)
def test_an_invalid_call_is_not_filed(backend: Backend, demo_db: Path, draft: CallDraft, fields: list[str]) -> None:
    before = everything(demo_db)
    with pytest.raises(Invalid) as refused:
        backend.do(FileCall(draft))
    assert [problem.field for problem in refused.value.problems] == fields
    assert everything(demo_db) == before


# --- completed by somebody else ---------------------------------------------------------------------------------------


def test_a_completed_call_becomes_the_request_with_both_names(
    desk_as: Callable[[Role], Backend], demo_db: Path, call: RequestRecord
) -> None:
    admin = desk_as(Role.ADMIN)
    before = everything(demo_db)
    request = completed(admin, call)
    assert changed_tables(before, everything(demo_db)) == WRITTEN
    assert (request.id, request.kind, request.version) == (call.id, Kind.CANCELLATION, call.version + 1)
    row = ticket_row(demo_db, call.id)
    assert (row["requested_by"], row["requester_role"], row["recorded_by"]) == ("Dana Reyes", "agent", "Dana Reyes")
    assert (row["completed_by"], row["completed_at"]) == ("Theo Lindqvist", "2026-03-02 16:30:00.000000")
    assert (row["ends_on"], row["reason_code"], row["in_time"]) == ("2026-03-18", "too_expensive", 1)
    assert json.loads(row["terms"])["plan"] == "Max Classic"
    assert row["comment"] == "The owner is on holiday.", "what the caller said stays where nothing is written instead"
    assert [row.id for row in (admin.read(GetMyAccount()).standing, admin.read(GetBilling()).standing) if row] == [
        call.id,
        call.id,
    ]


def test_the_log_keeps_who_called_and_who_completed_it(
    desk_as: Callable[[Role], Backend], demo_db: Path, call: RequestRecord
) -> None:
    admin = desk_as(Role.ADMIN)
    completed(admin, call)
    events = rows(demo_db, "SELECT * FROM event WHERE subject_type = 'request' AND subject_id = 1005 ORDER BY id")
    assert [(event["command"], event["actor"], event["role"]) for event in events] == [
        ("request.call", "Dana Reyes", "agent"),
        ("account.complete", "Theo Lindqvist", "admin"),
    ]
    before, after = json.loads(events[1]["before"]), json.loads(events[1]["after"])
    assert (before["kind"], after["kind"]) == ("call", "cancellation")
    assert (before["requested_by"], after["requested_by"]) == ("Dana Reyes", "Dana Reyes")
    assert (before["ends_on"], after["ends_on"]) == (None, "2026-03-18")
    assert admin.read(VerifyLog()).broken is None


def test_the_letter_goes_to_the_caller_and_names_who_completed_it(
    desk_as: Callable[[Role], Backend], call: RequestRecord
) -> None:
    admin = desk_as(Role.ADMIN)
    request = completed(admin, call)
    assert request.letter_id is not None
    letter = admin.read(GetLetter(request.letter_id))
    assert (letter.to, letter.email) == ("Dana Reyes", "agent@demo.example")
    for fact in (
        "Dear Dana Reyes,",
        "recorded for you by Theo Lindqvist.",
        "2 Mar 2026 by Dana Reyes (agent)",
        "2 Mar 2026 by Theo Lindqvist",
        "by 4 Mar 2026, by phone",
        "Your comment: The owner is on holiday.",
    ):
        assert fact in letter.body
    for statement in request.acknowledged:
        assert f"  - {statement}\n" in letter.body


def test_a_call_is_completed_for_the_day_on_which_it_came(demo_db: Path, call: RequestRecord) -> None:
    draft = replace(FOR_DANA, requested_on=call.requested_on, comment="Called on Monday.")
    with desk_on(demo_db, date(2026, 3, 12), "admin") as backend:
        form = backend.read(GetCancellationForm(call.id))
        assert form.call is not None
        assert (form.call.id, form.call.requested_on, form.why_not) == (call.id, TODAY, "")
        assert (form.email, form.phone) == (call.email, call.phone)
        request = completed(backend, call, draft)
    assert (request.requested_on, request.in_time, request.ends_on) == (TODAY, True, date(2026, 3, 18))
    assert (request.answer_due, request.overdue) == (date(2026, 3, 4), True)
    assert request.comment == "Called on Monday."


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("agent", "An agent cannot complete the account cancellation: ask an admin or the owner."),
        ("agent2@demo.example", "An agent cannot complete the account cancellation"),
        ("viewer", "A viewer cannot complete the account cancellation"),
        ("newadmin@demo.example", "Only a verified owner or admin can complete the account cancellation"),
    ],
)
def test_only_a_verified_owner_or_admin_completes(demo_db: Path, call: RequestRecord, who: str, words: str) -> None:
    with desk_on(demo_db, TODAY, who) as backend:
        before = everything(demo_db)
        assert backend.read(GetCancellationForm(call.id)).why_not.startswith(words)
        assert backend.read(GetTicket(call.id)).why_not_complete.startswith(words)
        with pytest.raises(NotAllowed, match=words):
            completed(backend, call)
        assert everything(demo_db) == before


@pytest.mark.parametrize("change", ["role = 'agent'", "verified = 0", "active = 0"])
def test_whoever_lost_the_right_meanwhile_cannot_complete(
    desk_as: Callable[[Role], Backend], demo_db: Path, call: RequestRecord, change: str
) -> None:
    admin = desk_as(Role.ADMIN)
    found = admin.read(PreviewCancellation(FOR_DANA)).found
    run(demo_db, f'UPDATE "user" SET {change} WHERE id = 2')  # noqa: S608
    before = everything(demo_db)
    with pytest.raises(NotAllowed):
        admin.do(CompleteCall(call.id, FOR_DANA, version=call.version, expected=found))
    assert everything(demo_db) == before


def test_while_a_cancellation_stands_no_call_is_completed(
    desk_as: Callable[[Role], Backend], demo_db: Path, call: RequestRecord
) -> None:
    owner, admin = desk_as(Role.OWNER), desk_as(Role.ADMIN)
    request = ask(owner)
    before = everything(demo_db)
    why = f"The account is already being cancelled: see {request.ticket}."
    assert admin.read(GetCancellationForm(call.id)).why_not == why
    with pytest.raises(Refused, match=why):
        completed(admin, call)
    assert everything(demo_db) == before
    owner.do(WithdrawTicket(request.id, version=request.version))
    assert completed(admin, call).kind is Kind.CANCELLATION


def test_a_completed_call_stands_in_the_way_of_another_request(
    desk_as: Callable[[Role], Backend], call: RequestRecord
) -> None:
    request = completed(desk_as(Role.ADMIN), call)
    again = desk_as(Role.OWNER).do(RequestCancellation(DRAFT))
    assert (again.existing, again.request.id) == (True, request.id)


def test_only_an_open_call_that_nobody_changed_is_completed(
    desk_as: Callable[[Role], Backend], demo_db: Path, call: RequestRecord
) -> None:
    admin = desk_as(Role.ADMIN)
    before = everything(demo_db)
    with pytest.raises(Refused, match="Only a phone call can be completed for the caller"):
        admin.do(CompleteCall(1003, FOR_DANA, version=1))
    with pytest.raises(Refused, match="T-1005 was changed after you opened it"):
        admin.do(CompleteCall(call.id, FOR_DANA, version=call.version + 1))
    assert everything(demo_db) == before
    desk_as(Role.AGENT).do(WithdrawTicket(call.id, version=call.version))
    with pytest.raises(Refused, match="This ticket is already withdrawn"):
        admin.do(CompleteCall(call.id, FOR_DANA, version=call.version + 1))


def test_an_invalid_form_completes_nothing(
    desk_as: Callable[[Role], Backend], demo_db: Path, call: RequestRecord
) -> None:
    admin = desk_as(Role.ADMIN)
    before = everything(demo_db)
    with pytest.raises(Invalid) as refused:
        admin.do(CompleteCall(call.id, replace(FOR_DANA, acknowledged=False), version=call.version))
    assert [problem.field for problem in refused.value.problems] == ["acknowledged"]
    found = admin.read(PreviewCancellation(FOR_DANA)).found
    run(demo_db, "UPDATE account SET notice_days = 30")
    before["account"] = everything(demo_db)["account"]
    with pytest.raises(Reassessed):
        admin.do(CompleteCall(call.id, FOR_DANA, version=call.version, expected=found))
    assert everything(demo_db) == before


def test_the_thread_keeps_what_was_said_before_it_was_completed(
    desk_as: Callable[[Role], Backend], call: RequestRecord
) -> None:
    admin = desk_as(Role.ADMIN)
    admin.do(Correspond(call.id, Direction.PHONE_NOTE, "Called back, she wants to think about it."))
    request = completed(admin, call)
    assert [(entry.direction, entry.author) for entry in request.thread] == [
        (Direction.PHONE_NOTE, "Theo Lindqvist"),
        (Direction.OUTGOING, "Theo Lindqvist"),
    ]


# --- what to say on the phone -----------------------------------------------------------------------------------------


def test_whoever_may_not_cancel_hears_whom_to_phone_and_what_to_say(backend: Backend) -> None:
    route = backend.read(GetPhoneInstructions())
    assert route.why == "An agent cannot cancel the account: ask an admin or the owner."
    assert (route.phone, route.hours) == ("+1 602-555-0142", "Monday to Friday, 8:00 to 17:00")
    assert route.finishers == ("Ruth Hollis", "Theo Lindqvist"), "Callum Frost is not verified"
    assert "the plan: Max Classic" in route.at_hand
    assert "the name of a verified owner or administrator: Ruth Hollis or Theo Lindqvist" in route.at_hand
    assert "My name is Dana Reyes, and I am calling for the account Juniper & Rye." in route.script[0]
    assert "“I understand that there is no further invoice, and that the account ends on 18 Mar 2026.”" in (
        route.script
    )
    assert (route.open_ticket, route.open_request_id) == ("", None)


def test_the_script_says_what_a_late_call_leads_to(demo_db: Path) -> None:
    with desk_on(demo_db, date(2026, 3, 10), "viewer") as backend:
        said = " ".join(backend.read(GetPhoneInstructions()).script)
    assert "there is one more invoice, and that the account ends on 18 Apr 2026" in said


def test_somebody_who_may_cancel_has_no_reason_to_phone(desk_as: Callable[[Role], Backend]) -> None:
    assert desk_as(Role.OWNER).read(GetPhoneInstructions()).why == ""
