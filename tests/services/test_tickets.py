"""The tickets of the cancellation team: asked, answered, decided, taken back, and in which order they wait."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from subtui.acts.account import GetMyAccount
from subtui.acts.contacts import GetOverview
from subtui.acts.log import ListEvents, VerifyLog
from subtui.acts.tickets import AskQuestion, Correspond, DecideTicket, FileCall, GetTicket, ListTickets, WithdrawTicket
from subtui.domain.errors import Invalid, NotAllowed, Refused
from subtui.domain.permissions import Role
from subtui.domain.requests import CallDraft, ContactDetails, Direction, Kind, QuestionDraft, Standing, Topic
from subtui.services.backend import Backend
from subtui.views.account import RequestRecord
from subtui.views.customers import AnswersDue
from tests.services.database import subject_of

from .asking import TODAY, ask, desk_on, ticket_row
from .database import changed_tables, everything, rows, run

QUESTION = QuestionDraft(ContactDetails("agent@demo.example"), Topic.REFUND, " A refund ", " How long does it take? ")
SAMS, IMANIS, DANAS, WITHDRAWN = 1003, 1004, 1002, 1001
"""The demo's tickets: two open ones, one answered, one withdrawn."""


@pytest.fixture
def admin(desk_as: Callable[[Role], Backend]) -> Backend:
    """A backend at which the demo's admin sits."""
    return desk_as(Role.ADMIN)


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_question_is_filed_with_its_entry(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    filed = backend.do(AskQuestion(QUESTION), route="/tickets/new")
    assert changed_tables(before, everything(demo_db)) == {"cancellation_request", "event"}
    assert filed.sentence == "T-1005 is recorded. An answer is due by 4 Mar 2026."
    asked = filed.request
    assert (asked.kind, asked.standing, asked.topic) == (Kind.QUESTION, Standing.OPEN, "refund")
    assert (asked.subject, asked.comment) == ("A refund", "How long does it take?")
    assert (asked.requested_by, asked.email, asked.requested_on) == ("Dana Reyes", "agent@demo.example", TODAY)
    newest = backend.read(ListEvents(limit=1))[0]
    assert (newest.title, newest.subject, newest.route) == ("Question asked", "T-1005", "/tickets/new")
    assert backend.read(VerifyLog()).broken is None


def test_one_may_ask_as_often_as_one_likes(backend: Backend) -> None:
    assert [backend.do(AskQuestion(QUESTION)).request.id for _ in range(3)] == [1005, 1006, 1007]
    assert [ticket.id for ticket in backend.read(GetMyAccount()).tickets] == [1007, 1006, 1005, DANAS]


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (replace(QUESTION, subject=" "), ["subject"]),
        (replace(QUESTION, text=""), ["text"]),
        (replace(QUESTION, reach=ContactDetails("dana")), ["email"]),
        (QuestionDraft(ContactDetails(), Topic.OTHER, "", ""), ["subject", "text", "email"]),
    ],
)
def test_an_invalid_question_is_not_filed(
    backend: Backend, demo_db: Path, draft: QuestionDraft, fields: list[str]
) -> None:
    before = everything(demo_db)
    with pytest.raises(Invalid) as refused:
        backend.do(AskQuestion(draft))
    assert [problem.field for problem in refused.value.problems] == fields
    assert everything(demo_db) == before


# --- correspondence ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", Direction)
def test_what_was_said_is_added_to_the_thread_and_to_the_log(
    admin: Backend, demo_db: Path, direction: Direction
) -> None:
    before = everything(demo_db)
    filed = admin.do(Correspond(SAMS, direction, "  It is on its way.\n"), route="/tickets/1003")
    assert changed_tables(before, everything(demo_db)) == {"correspondence", "event"}
    assert filed.sentence == "Added to the ticket (recorded, not sent)."
    entry = filed.request.thread[-1]
    assert (entry.direction, entry.author, entry.body) == (direction, "Theo Lindqvist", "It is on its way.")
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", filed.event_id)
    assert (event["command"], subject_of(event)) == ("request.correspond", "request:1003")
    assert json.loads(event["after"]) == {"direction": direction.value, "text": "It is on its way."}
    assert filed.request.version == 1, "what is added changes nothing that somebody decides on"
    assert admin.read(VerifyLog()).broken is None


@pytest.mark.parametrize(
    ("who", "ticket", "direction", "words"),
    [
        ("agent", SAMS, Direction.OUTGOING, "An agent cannot answer a ticket"),
        ("agent", DANAS, Direction.OUTGOING, "An agent cannot answer a ticket"),
        ("viewer", IMANIS, Direction.OUTGOING, "A viewer cannot answer a ticket"),
        ("agent", SAMS, Direction.INCOMING, "An agent cannot answer a ticket"),
        ("agent", SAMS, Direction.PHONE_NOTE, "An agent cannot answer a ticket"),
        ("viewer", SAMS, Direction.INCOMING, "A viewer cannot answer a ticket"),
    ],
)
def test_an_answer_is_an_admins_and_so_is_a_note_on_anothers_ticket(
    demo_db: Path, who: str, ticket: int, direction: Direction, words: str
) -> None:
    with desk_on(demo_db, TODAY, who) as backend:
        before = everything(demo_db)
        with pytest.raises(NotAllowed, match=words):
            backend.do(Correspond(ticket, direction, "Hello"))
        assert everything(demo_db) == before


@pytest.mark.parametrize(
    ("who", "ticket"), [("agent2@demo.example", SAMS), ("viewer", IMANIS), ("newadmin@demo.example", SAMS)]
)
@pytest.mark.parametrize("direction", [Direction.INCOMING, Direction.PHONE_NOTE])
def test_whoever_asked_may_add_to_their_own_ticket(demo_db: Path, who: str, ticket: int, direction: Direction) -> None:
    with desk_on(demo_db, TODAY, who) as backend:
        assert backend.do(Correspond(ticket, direction, "Hello")).request.thread[-1].body == "Hello"


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_a_text_that_is_none_or_too_long_is_not_added(admin: Backend, demo_db: Path, text: str) -> None:
    before = everything(demo_db)
    with pytest.raises(Invalid) as refused:
        admin.do(Correspond(SAMS, Direction.INCOMING, text))
    assert [problem.field for problem in refused.value.problems] == ["text"]
    assert everything(demo_db) == before


def test_a_thread_is_read_in_the_order_in_which_it_was_said(admin: Backend, demo_db: Path) -> None:
    admin.do(Correspond(SAMS, Direction.OUTGOING, "We look into it."))
    with desk_on(demo_db, date(2026, 3, 3), "agent2@demo.example") as backend:
        thread = backend.do(Correspond(SAMS, Direction.INCOMING, "Thank you.")).request.thread
    assert [entry.author for entry in thread] == ["Sam Okonkwo", "Theo Lindqvist", "Sam Okonkwo"]
    assert sorted(entry.at for entry in thread) == [entry.at for entry in thread]


def test_hostile_text_is_kept_as_it_was_typed(admin: Backend) -> None:
    text = "[bold]Très cher[/bold] \x1b[31m\u202e'quoted'"
    assert admin.do(Correspond(SAMS, Direction.INCOMING, text)).request.thread[-1].body == text


# --- outcomes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "note", "tables"),
    [
        (Standing.ANSWERED, "", {"cancellation_request", "event"}),
        (Standing.ANSWERED, "Both are refunded.", {"cancellation_request", "event", "correspondence"}),
        (Standing.REFUSED, "It is one charge.", {"cancellation_request", "event", "correspondence"}),
    ],
)
def test_a_ticket_is_decided_with_its_entry(
    admin: Backend, demo_db: Path, standing: Standing, note: str, tables: set[str]
) -> None:
    before = everything(demo_db)
    filed = admin.do(DecideTicket(SAMS, standing, f" {note} ", version=1), route="/tickets/1003")
    assert changed_tables(before, everything(demo_db)) == tables
    assert filed.sentence == f"T-1003 is {standing.value}."
    decided = filed.request
    assert (decided.standing, decided.outcome_note, decided.version) == (standing, note, 2)
    assert (decided.decided_by, decided.overdue) == ("Theo Lindqvist", False)
    assert ticket_row(demo_db, SAMS)["decided_at"] == "2026-03-02 16:30:00.000000"
    assert decided.why_not_decide == f"This ticket is already {standing.value}."
    said = [(entry.subject, entry.body) for entry in decided.thread if entry.direction is Direction.OUTGOING]
    assert said == ([(f"This ticket is {standing.value}", note)] if note else [])
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", filed.event_id)
    assert (event["command"], event["reason"], event["actor"]) == ("request.decide", note, "Theo Lindqvist")
    assert (json.loads(event["before"]), json.loads(event["after"])) == (
        {"standing": "open"},
        {"standing": standing.value},
    )
    assert admin.read(VerifyLog()).broken is None


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("", "Explain why it is refused"),
        ("  ", "Explain why it is refused"),
        ("x" * 2001, "A text can have at most 2,000 characters"),
    ],
)
def test_a_refusal_needs_its_reason(admin: Backend, demo_db: Path, note: str, words: str) -> None:
    before = everything(demo_db)
    with pytest.raises(Invalid, match=words):
        admin.do(DecideTicket(SAMS, Standing.REFUSED, note, version=1))
    assert everything(demo_db) == before


@pytest.mark.parametrize("standing", [Standing.OPEN, Standing.WITHDRAWN, Standing.CONFIRMED])
def test_a_question_is_answered_or_refused_and_nothing_else(admin: Backend, demo_db: Path, standing: Standing) -> None:
    before = everything(demo_db)
    with pytest.raises(Refused, match=f"This type of ticket can't be {standing.value}"):
        admin.do(DecideTicket(SAMS, standing, "Because.", version=1))
    assert everything(demo_db) == before


def test_a_call_is_not_confirmed_and_a_cancellation_is_not_answered(desk_as: Callable[[Role], Backend]) -> None:
    admin = desk_as(Role.ADMIN)
    call = desk_as(Role.AGENT).do(FileCall(CallDraft("602 555 0163"))).request
    with pytest.raises(Refused, match="can't be confirmed"):
        admin.do(DecideTicket(call.id, Standing.CONFIRMED, version=1))
    request = ask(desk_as(Role.OWNER))
    with pytest.raises(Refused, match="can't be answered"):
        admin.do(DecideTicket(request.id, Standing.ANSWERED, version=1))


def test_a_ticket_is_decided_once_and_only_as_it_was_seen(admin: Backend, demo_db: Path) -> None:
    with pytest.raises(Refused, match="T-1003 was changed after you opened it"):
        admin.do(DecideTicket(SAMS, Standing.ANSWERED, version=2))
    admin.do(DecideTicket(SAMS, Standing.ANSWERED, version=1))
    before = everything(demo_db)
    with pytest.raises(Refused, match="T-1003 was changed after you opened it"):
        admin.do(DecideTicket(SAMS, Standing.REFUSED, "No.", version=1))
    with pytest.raises(Refused, match="This ticket is already answered"):
        admin.do(DecideTicket(SAMS, Standing.REFUSED, "No.", version=2))
    assert everything(demo_db) == before


def test_an_agent_decides_nothing(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(NotAllowed, match="An agent cannot answer a ticket"):
        backend.do(DecideTicket(DANAS, Standing.ANSWERED, version=1))
    assert backend.read(GetTicket(SAMS)).why_not_decide.startswith("An agent cannot answer a ticket")
    assert everything(demo_db) == before


def test_a_question_is_withdrawn_by_whoever_asked(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "viewer") as backend:
        before = everything(demo_db)
        with pytest.raises(NotAllowed):
            backend.do(WithdrawTicket(SAMS, version=1))
        assert backend.read(GetTicket(SAMS)).why_not_withdraw
        assert everything(demo_db) == before
        assert backend.read(GetTicket(IMANIS)).why_not_withdraw == ""
        filed = backend.do(WithdrawTicket(IMANIS, version=1))
    assert (filed.sentence, filed.request.standing) == ("T-1004 is withdrawn.", Standing.WITHDRAWN)


# --- the queue --------------------------------------------------------------------------------------------------------


def waiting(backend: Backend) -> list[int]:
    return [row.id for row in backend.read(ListTickets()).rows]


def around(backend: Backend, first: int, count: int) -> list[int | None]:
    """The tickets one comes to from one open ticket to the next."""
    found: list[int | None] = [first]
    for _ in range(count):
        found.append(backend.read(GetTicket(found[-1])).next_open_id if found[-1] is not None else None)
    return found


def test_open_tickets_wait_by_the_day_their_answer_is_due(admin: Backend, demo_db: Path) -> None:
    page = admin.read(ListTickets())
    assert [(row.id, row.overdue, row.answer_due.isoformat()) for row in page.rows] == [
        (SAMS, True, "2026-02-27"),
        (IMANIS, False, "2026-03-02"),
    ]
    assert (page.total, page.has_more) == (2, False)
    later = admin.do(AskQuestion(replace(QUESTION, reach=ContactDetails("admin@demo.example")))).request
    run(demo_db, "UPDATE cancellation_request SET answer_due = '2026-02-26' WHERE id = 1004")
    assert waiting(admin) == [IMANIS, SAMS, later.id]


def test_what_is_done_follows_the_newest_first(admin: Backend) -> None:
    page = admin.read(ListTickets(only_open=False))
    assert [row.id for row in page.rows] == [SAMS, IMANIS, DANAS, WITHDRAWN]
    assert [row.standing.value for row in page.rows] == ["open", "open", "answered", "withdrawn"]
    assert not page.rows[-1].overdue, "what is done is late no more"
    short = admin.read(ListTickets(only_open=False, limit=3))
    assert (len(short.rows), short.total, short.has_more) == (3, 4, True)


def test_from_one_open_ticket_to_the_next_one_comes_round(admin: Backend, demo_db: Path) -> None:
    third = admin.do(AskQuestion(QUESTION)).request.id
    assert around(admin, SAMS, 4) == [SAMS, IMANIS, third, SAMS, IMANIS]
    run(demo_db, "UPDATE cancellation_request SET answer_due = '2026-02-20' WHERE id > 1004")
    assert around(admin, SAMS, 3) == [SAMS, IMANIS, third, SAMS]


def test_from_a_ticket_that_is_done_one_comes_to_the_first_that_waits(admin: Backend) -> None:
    assert admin.read(GetTicket(WITHDRAWN)).next_open_id == SAMS
    decided = admin.do(DecideTicket(SAMS, Standing.ANSWERED, version=1)).request
    assert decided.next_open_id == IMANIS
    assert admin.read(GetTicket(IMANIS)).next_open_id is None, "no other is open"
    assert admin.do(DecideTicket(IMANIS, Standing.ANSWERED, version=1)).request.next_open_id is None
    assert waiting(admin) == []


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 2, 26), AnswersDue(0, 0, 2)),
        (date(2026, 2, 27), AnswersDue(0, 1, 1)),
        (TODAY, AnswersDue(1, 1, 0)),
        (date(2026, 3, 3), AnswersDue(2, 0, 0)),
    ],
)
def test_how_many_answers_are_due(demo_db: Path, day: date, due: AnswersDue) -> None:
    with desk_on(demo_db, day, "admin") as backend:
        assert backend.read(GetOverview()).answers_due == due


def test_answers_due_count_open_tickets_of_every_kind(desk_as: Callable[[Role], Backend]) -> None:
    owner = desk_as(Role.OWNER)
    ask(owner)
    owner.do(FileCall(CallDraft("602 555 0163")))
    assert owner.read(GetOverview()).answers_due == AnswersDue(1, 1, 2)
    desk_as(Role.ADMIN).do(DecideTicket(SAMS, Standing.ANSWERED, version=1))
    assert owner.read(GetOverview()).answers_due == AnswersDue(0, 1, 2)


def test_everybody_reads_every_ticket_and_each_says_what_they_may_do(desk_as: Callable[[Role], Backend]) -> None:
    seen: dict[Role, RequestRecord] = {role: desk_as(role).read(GetTicket(SAMS)) for role in Role}
    assert len({record.comment for record in seen.values()}) == 1
    assert [bool(seen[role].why_not_decide) for role in Role] == [False, False, True, True]
    assert {record.why_not_complete for record in seen.values()} == {
        "Only a phone call can be completed for the caller."
    }
