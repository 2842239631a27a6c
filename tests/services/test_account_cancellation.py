"""Ending the account itself: the request, its terms, its letter and the log in one transaction, once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from subtui.acts.account import GetBilling, GetMyAccount
from subtui.acts.log import FindInLog, GetLetter, ListEvents, SaveLetter, VerifyLog
from subtui.acts.tickets import (
    DecideTicket,
    GetCancellationForm,
    GetTicket,
    ListTickets,
    PreviewCancellation,
    RequestCancellation,
    WithdrawTicket,
)
from subtui.domain.errors import FileProblem, NotFound
from subtui.domain.event_types import Subject
from subtui.domain.permissions import Role
from subtui.domain.requests import ContactDetails, Direction, Kind, Preferred, Standing
from subtui.services.backend import Backend
from tests.services.database import subject_of

from .asking import A_DAY, DRAFT, ENDS, INVOICE, ROUTE, SAFE, TODAY, WRITTEN, ask, desk_on, ticket_row
from .database import changed_tables, everything, rows, run

# --- what is written --------------------------------------------------------------------------------------------------


def test_a_request_is_written_with_its_letter_its_correspondence_and_its_entry(owner: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    filed = owner.do(RequestCancellation(DRAFT, expected=owner.read(PreviewCancellation(DRAFT)).found), route=ROUTE)
    after = everything(demo_db)
    assert changed_tables(before, after) == WRITTEN
    assert {name: len(after[name]) - len(before[name]) for name in WRITTEN} == dict.fromkeys(WRITTEN, 1)
    assert filed.sentence == ("T-1005 is recorded. The account ends on 18 Mar 2026; an answer is due by 4 Mar 2026.")
    assert not filed.existing
    assert filed.request == owner.read(GetTicket(1005))
    assert owner.read(VerifyLog()).broken is None


def test_the_request_stores_who_asked_and_the_terms_as_they_stood(owner: Backend, demo_db: Path) -> None:
    found = owner.read(PreviewCancellation(DRAFT))
    row = ticket_row(demo_db, ask(owner).id)
    assert {name: row[name] for name in ("kind", "standing", "subject", "reason_code", "version")} == {
        "kind": "cancellation",
        "standing": "open",
        "subject": "Cancel the account",
        "reason_code": "too_expensive",
        "version": 1,
    }
    assert (row["requested_by_id"], row["requested_by"], row["requester_role"]) == (1, "Ruth Hollis", "owner")
    assert (row["requester_verified"], row["recorded_by"], row["completed_by"]) == (1, "Ruth Hollis", "")
    assert (row["requested_on"], row["recorded_at"]) == ("2026-03-02", "2026-03-02 16:30:00.000000")
    assert (row["email"], row["phone"], row["preferred"]) == ("owner@demo.example", "", "email")
    assert (row["next_invoice"], row["last_safe_day"], row["in_time"]) == ("2026-03-19", "2026-03-09", 1)
    assert (row["last_invoice"], row["ends_on"], row["answer_due"]) == (None, "2026-03-18", "2026-03-04")
    assert json.loads(row["acknowledged"]) == list(found.statements)
    assert json.loads(row["terms"]) == {
        "plan": "Max Classic",
        "fee": "249.00 USD",
        "cycle": "month",
        "frequency": 1,
        "anchor": "2019-05-19",
        "notice_days": 10,
        "answer_days": 2,
        "minimum_months": None,
        "invoices": 0,
        "to_pay": "0.00 USD",
        "still_open": "249.00 USD",
        "refund": "0.00 USD",
        "made_since": [],
    }


def test_the_entry_of_the_log_says_who_when_where_and_what(owner: Backend, demo_db: Path) -> None:
    filed = owner.do(RequestCancellation(DRAFT), route=ROUTE)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", filed.event_id)
    assert (event["actor"], event["actor_id"], event["role"]) == ("Ruth Hollis", 1, "owner")
    assert (event["command"], event["route"], event["reason"]) == ("account.cancel", ROUTE, "too_expensive")
    assert (subject_of(event), event["contact_id"]) == ("request:1005", None)
    after = json.loads(event["after"])
    assert after.pop("acknowledged") == " ".join(filed.request.acknowledged)
    assert after == {
        "ticket": "T-1005",
        "kind": "cancellation",
        "requested_by": "Ruth Hollis",
        "requested_on": "2026-03-02",
        "in_time": True,
        "last_invoice": None,
        "ends_on": "2026-03-18",
        "answer_due": "2026-03-04",
    }
    newest = owner.read(ListEvents(limit=1))[0]
    assert (newest.title, newest.subject) == ("Account cancellation requested", "T-1005")


def test_the_letter_says_every_term_that_was_acknowledged_the_ticket_and_the_record(owner: Backend) -> None:
    draft = replace(DRAFT, comment="The shop closes.")
    request = ask(owner, draft)
    assert request.letter_id is not None
    letter = owner.read(GetLetter(request.letter_id))
    (entry,) = owner.read(ListEvents(subject=Subject.read("request:1005")))
    assert letter.log_hash == entry.hash
    assert owner.read(FindInLog(letter.log_hash[:16])) == entry.id
    assert letter.subject == "T-1005: your request to cancel Juniper & Rye"
    assert (letter.to, letter.email, letter.request_id) == ("Ruth Hollis", "owner@demo.example", 1005)
    assert (letter.contact_id, letter.subscription_id, letter.undone) == (None, None, False)
    assert letter.written_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert len(request.acknowledged) == 4
    for statement in request.acknowledged:
        assert f"  - {statement}\n" in letter.body
    for fact in (
        "Dear Ruth Hollis,",
        "We have received your request",
        "T-1005",
        "Max Classic, 249.00 USD a month",
        "2 Mar 2026 by Ruth Hollis (owner)",
        "Too expensive",
        "No further invoices",
        "18 Mar 2026 (end of day)",
        "No refund for unused time",
        "by 4 Mar 2026, by e-mail",
        "Your comment: The shop closes.",
        "We will reply to you at owner@demo.example.",
        "You can withdraw this request until 18 Mar 2026.",
        f"Record {letter.log_hash[:16]}",
    ):
        assert fact in letter.body


def test_the_letter_is_the_first_piece_of_the_correspondence(owner: Backend) -> None:
    request = ask(owner)
    (entry,) = request.thread
    assert (entry.direction, entry.author, entry.letter_id) == (Direction.OUTGOING, "Ruth Hollis", request.letter_id)
    assert entry.subject == "T-1005: your request to cancel Juniper & Rye"


def test_the_letter_can_be_saved_to_a_new_file(owner: Backend, tmp_path: Path) -> None:
    request = ask(owner, replace(DRAFT, comment="It costs\x1b[31m too much."))
    assert request.letter_id is not None
    letter = owner.read(GetLetter(request.letter_id))
    path = owner.read(SaveLetter(request.letter_id, tmp_path / "letter.txt"))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"{letter.subject}\n\nDear Ruth Hollis,\n\n")
    assert text.endswith(f"Record {letter.log_hash[:16]}\n")
    assert "Your comment: It costs␛[31m too much." in text, "nothing in it steers a terminal"
    with pytest.raises(FileProblem, match="already exists and was not overwritten"):
        owner.read(SaveLetter(request.letter_id, path))
    with pytest.raises(NotFound, match="There is no letter 99"):
        owner.read(SaveLetter(99, tmp_path / "other.txt"))
    assert not (tmp_path / "other.txt").exists()


@pytest.mark.parametrize(
    ("day", "in_time", "last_invoice", "ends_on", "answer_due"),
    [
        (SAFE, 1, None, "2026-03-18", "2026-03-11"),
        (SAFE + A_DAY, 0, "2026-03-19", "2026-04-18", "2026-03-12"),
        (date(2026, 3, 6), 1, None, "2026-03-18", "2026-03-10"),
        (date(2026, 7, 1), 1, None, "2026-07-18", "2026-07-06"),
        (date(2026, 11, 25), 1, None, "2026-12-18", "2026-12-01"),
        (date(2026, 12, 23), 1, None, "2027-01-18", "2026-12-29"),
    ],
    ids=[
        "the last safe day",
        "the day after it",
        "a Friday",
        "before the fourth of July, observed on the Friday",
        "before Thanksgiving and a day off of the account's own",
        "before Christmas",
    ],
)
def test_the_day_of_asking_decides_what_is_still_charged_and_when_an_answer_is_due(
    demo_db: Path, day: date, in_time: int, last_invoice: str | None, ends_on: str, answer_due: str
) -> None:
    with desk_on(demo_db, day) as backend:
        row = ticket_row(demo_db, ask(backend).id)
    assert (row["in_time"], row["last_invoice"], row["ends_on"]) == (in_time, last_invoice, ends_on)
    assert row["answer_due"] == answer_due


@pytest.mark.parametrize(
    ("instant", "in_time"),
    [(datetime(2026, 3, 10, 6, 59, tzinfo=UTC), True), (datetime(2026, 3, 10, 7, 0, tzinfo=UTC), False)],
)
def test_the_last_safe_day_lasts_until_midnight_in_phoenix(demo_db: Path, instant: datetime, in_time: bool) -> None:
    with desk_on(demo_db, instant) as backend:
        assert ask(backend).in_time is in_time


def test_a_request_can_be_recorded_later_for_the_day_on_which_it_was_made(demo_db: Path) -> None:
    run(demo_db, INVOICE.format("2026-03-19"))
    draft = replace(DRAFT, requested_on=SAFE)
    with desk_on(demo_db, date(2026, 3, 25)) as backend:
        request = ask(backend, draft)
        assert request.letter_id is not None
        body = backend.read(GetLetter(request.letter_id)).body
    row = ticket_row(demo_db, request.id)
    assert (row["requested_on"], row["recorded_at"][:10]) == ("2026-03-09", "2026-03-25")
    assert (row["in_time"], row["last_invoice"], row["ends_on"]) == (1, None, "2026-03-18")
    assert json.loads(row["terms"])["made_since"] == ["JR-X"]
    assert "9 Mar 2026 by Ruth Hollis (owner)" in body
    assert "25 Mar 2026 by Ruth Hollis" in body
    assert "Issued after the request and to be reversed: JR-X." in body


def test_how_to_be_reached_is_stored_as_it_is_written_internationally(owner: Backend, demo_db: Path) -> None:
    reach = ContactDetails(" ruth@demo.example ", "(602) 555-0110", Preferred.PHONE)
    request = ask(owner, replace(DRAFT, reach=reach))
    assert (request.email, request.phone, request.preferred) == (
        "ruth@demo.example",
        "+1 602-555-0110",
        Preferred.PHONE,
    )
    assert request.letter_id is not None
    body = owner.read(GetLetter(request.letter_id)).body
    assert "by 4 Mar 2026, by phone" in body
    assert "We will reply to you at ruth@demo.example or +1 602-555-0110." in body


def test_a_verified_admin_may_ask_too(desk_as: Callable[[Role], Backend], demo_db: Path) -> None:
    row = ticket_row(demo_db, ask(desk_as(Role.ADMIN)).id)
    assert (row["requested_by"], row["requester_role"]) == ("Theo Lindqvist", "admin")


def test_the_terms_stay_as_they_stood_when_the_plan_changes_later(owner: Backend, demo_db: Path) -> None:
    request = ask(owner)
    run(demo_db, "UPDATE account SET plan = 'Pro', fee_minor = 99900, notice_days = 30")
    assert owner.read(GetTicket(request.id)) == request
    assert request.plan == "Max Classic"


# --- once -------------------------------------------------------------------------------------------------------------


def test_asking_again_opens_the_request_that_there_is_and_writes_nothing(
    desk_as: Callable[[Role], Backend], demo_db: Path
) -> None:
    first = ask(desk_as(Role.OWNER))
    before = everything(demo_db)
    for role in (Role.OWNER, Role.ADMIN):
        again = desk_as(role).do(RequestCancellation(replace(DRAFT, acknowledged=False)))
        assert again.existing
        assert (again.request.id, again.event_id) == (first.id, None)
        assert again.sentence == "A request already exists: T-1005 (open). Nothing was added."
    assert everything(demo_db) == before


def test_a_confirmed_request_still_stands_and_can_be_withdrawn(desk_as: Callable[[Role], Backend]) -> None:
    owner, admin = desk_as(Role.OWNER), desk_as(Role.ADMIN)
    request = ask(owner)
    confirmed = admin.do(DecideTicket(request.id, Standing.CONFIRMED, version=request.version)).request
    assert confirmed.standing is Standing.CONFIRMED
    assert owner.do(RequestCancellation(DRAFT)).existing
    withdrawn = owner.do(WithdrawTicket(request.id, version=confirmed.version)).request
    assert withdrawn.standing is Standing.WITHDRAWN
    assert ask(owner).id == request.id + 1


def test_a_refused_request_makes_room_for_another(desk_as: Callable[[Role], Backend]) -> None:
    owner, admin = desk_as(Role.OWNER), desk_as(Role.ADMIN)
    request = ask(owner)
    refused = admin.do(DecideTicket(request.id, Standing.REFUSED, "Asked for by mistake.", version=1)).request
    assert (refused.standing, refused.outcome_note) == (Standing.REFUSED, "Asked for by mistake.")
    assert refused.why_not_withdraw == "This ticket is already refused."
    assert ask(owner).id == request.id + 1


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_billing_shows_the_plan_the_clock_and_until_when_asking_leads_to_the_same(owner: Backend) -> None:
    billing = owner.read(GetBilling())
    assert billing.plan is not None
    assert (billing.account, billing.plan.name, billing.plan.price_words) == (
        "Juniper & Rye",
        "Max Classic",
        "249.00 USD a month",
    )
    assert (billing.phone, billing.hours) == ("+1 602-555-0142", "Monday to Friday, 8:00 to 17:00")
    assert billing.clock == "7 days left: cancel by 9 Mar to avoid the 19 Mar invoice."
    assert billing.invoices[0].number == "JR-2026-02"
    assert billing.invoices[0].paid_on is None
    assert (billing.holds_until, billing.why_not_cancel, billing.standing) == (SAFE, "", None)
    assert billing.now == owner.read(PreviewCancellation(DRAFT)).found
    assert billing.later is not None
    assert (billing.later.received_on, billing.later.ends_on) == (SAFE + A_DAY, date(2026, 4, 18))
    assert [row.name for row in billing.owners] == ["Ruth Hollis"]
    assert [(row.name, row.verified) for row in billing.admins] == [("Theo Lindqvist", True), ("Callum Frost", False)]


def test_where_a_request_stands_is_shown_everywhere(desk_as: Callable[[Role], Backend]) -> None:
    owner = desk_as(Role.OWNER)
    request = ask(owner)
    row = owner.read(ListTickets(only_open=False)).rows
    (mine,) = [one for one in row if one.id == request.id]
    assert (mine.ticket, mine.kind, mine.standing, mine.ends_on) == ("T-1005", Kind.CANCELLATION, Standing.OPEN, ENDS)
    assert owner.read(GetBilling()).standing == mine
    assert owner.read(GetCancellationForm()).standing == mine
    assert owner.read(GetMyAccount()).standing == mine
    assert owner.read(GetMyAccount()).tickets[0] == mine
    agent = desk_as(Role.AGENT).read(GetMyAccount())
    assert agent.standing == mine
    assert [ticket.id for ticket in agent.tickets] == [1002]


def test_the_form_opens_with_the_persons_own_address_and_the_accounts_reasons(
    desk_as: Callable[[Role], Backend],
) -> None:
    form = desk_as(Role.OWNER).read(GetCancellationForm())
    assert (form.account, form.email, form.phone) == ("Juniper & Rye", "owner@demo.example", "")
    assert (form.why_not, form.call, form.standing) == ("", None, None)
    assert [reason.code for reason in form.reasons][-1] == "other"
    assert desk_as(Role.AGENT).read(GetCancellationForm()).why_not.startswith("An agent cannot cancel the account")


def test_a_preview_with_a_wrong_day_shows_what_asking_today_leads_to(owner: Backend) -> None:
    preview = owner.read(PreviewCancellation(replace(DRAFT, requested_on=date(2030, 1, 1))))
    assert [problem.field for problem in preview.problems] == ["requested_on"]
    assert preview.found.received_on == TODAY
    backdated = owner.read(PreviewCancellation(replace(DRAFT, requested_on=date(2026, 2, 27))))
    assert (backdated.problems, backdated.found.received_on) == ((), date(2026, 2, 27))
    assert backdated.lines[0].text == "In time (requested on 27 Feb 2026)"
