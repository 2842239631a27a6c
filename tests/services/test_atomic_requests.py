"""A ticket is written whole and once: whatever fails in the middle, and however many ask at the same moment."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from subtui.acts.account import GetSettings, SaveSettings
from subtui.acts.log import VerifyLog
from subtui.acts.tickets import (
    AskQuestion,
    CompleteCall,
    Correspond,
    DecideTicket,
    FileCall,
    ListTickets,
    PreviewCancellation,
    RequestCancellation,
    WithdrawTicket,
)
from subtui.acts.users import VerifyUser
from subtui.clock import Clock
from subtui.domain.errors import Refused
from subtui.domain.requests import CallDraft, ContactDetails, Direction, QuestionDraft, Standing, Topic
from subtui.services import account_repository, ticket_creation, ticket_resolution, tickets
from subtui.services.backend import Backend
from subtui.storage import audit_log
from subtui.storage.tables import CancellationRequest
from subtui.views.account import TicketResult

from .asking import DRAFT, TODAY, as_typed, desk_on
from .database import everything, rows

CALL = CallDraft("602 555 0163")
QUESTION = QuestionDraft(ContactDetails("ruth@demo.example"), Topic.OTHER, "A word", "Is it true?")


class PowerCut(Exception):
    """What nothing in the program expects."""


def cut(*_: Any, **__: Any) -> Any:
    raise PowerCut


def complete(backend: Backend) -> TicketResult:
    (call,) = [row for row in backend.read(ListTickets()).rows if row.kind == "call"]
    return backend.do(CompleteCall(call.id, DRAFT, version=1))


def save(backend: Backend) -> None:
    view = backend.read(GetSettings())
    backend.do(SaveSettings(as_typed(view, fee="1.00"), version=view.version))


ACTS: dict[str, Callable[[Backend], object]] = {
    "request": lambda backend: backend.do(RequestCancellation(DRAFT)),
    "complete": complete,
    "withdraw": lambda backend: backend.do(WithdrawTicket(1004, version=1)),
    "decide": lambda backend: backend.do(DecideTicket(1003, Standing.REFUSED, "It is one charge.", version=1)),
    "correspond": lambda backend: backend.do(Correspond(1003, Direction.OUTGOING, "Yes.")),
    "call": lambda backend: backend.do(FileCall(CALL)),
    "question": lambda backend: backend.do(AskQuestion(QUESTION)),
    "settings": save,
    "verify": lambda backend: backend.do(VerifyUser("newadmin@demo.example")),
}
WHO = {"withdraw": "viewer"}
WRITES_TO_A_THREAD = {
    "request": ticket_creation,
    "complete": ticket_creation,
    "decide": ticket_resolution,
    "correspond": ticket_resolution,
}
"""The acts that do, and the module from which each of them does."""

WRITES_A_LETTER = ("request", "complete")
ANSWERS_WITH_THE_TICKET = [act for act in ACTS if act not in ("settings", "verify")]

FAILURES = [
    *((act, (audit_log, "append"), "before the log") for act in ACTS),
    *((act, (audit_log, "entry_hash"), "while the log is sealed") for act in ACTS),
    *((act, (module, "say"), "before the thread") for act, module in WRITES_TO_A_THREAD.items()),
    *((act, (ticket_creation, "confirm_request"), "before the letter") for act in WRITES_A_LETTER),
    *((act, (ticket_creation, "_write_letter"), "between the log and the letter") for act in WRITES_A_LETTER),
    *((act, (tickets, "record"), "after everything is written") for act in ANSWERS_WITH_THE_TICKET),
]


@pytest.mark.parametrize(
    ("act", "where"), [(act, where) for act, where, _ in FAILURES], ids=[f"{act}, {when}" for act, _, when in FAILURES]
)
def test_an_act_that_fails_halfway_leaves_everything_as_it_was(
    demo_db: Path, monkeypatch: pytest.MonkeyPatch, act: str, where: tuple[Any, str]
) -> None:
    if act == "complete":
        with desk_on(demo_db, TODAY, "agent") as backend:
            backend.do(FileCall(CALL))
    with desk_on(demo_db, TODAY, WHO.get(act, "owner")) as backend:
        before = everything(demo_db)
        with monkeypatch.context() as patch:
            patch.setattr(*where, cut)
            with pytest.raises(PowerCut):
                ACTS[act](backend)
        assert everything(demo_db) == before
        ACTS[act](backend)
        assert everything(demo_db) != before
        assert backend.read(VerifyLog()).broken is None


def test_a_ticket_that_is_written_without_an_entry_is_not_committed(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with (
        pytest.raises(AssertionError, match="wrote nothing to the log"),
        backend._work.transaction(backend.person) as tx,
    ):
        tx.session.get_one(CancellationRequest, 1003).standing = "answered"
    assert everything(demo_db) == before


def test_settings_that_are_written_without_an_entry_are_not_committed(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with (
        pytest.raises(AssertionError, match="wrote nothing to the log"),
        backend._work.transaction(backend.person) as tx,
    ):
        account_repository.load_account(tx.session).name = "Nobody's"
    assert everything(demo_db) == before


# --- at the same moment -----------------------------------------------------------------------------------------------


def check_one_request(path: Path) -> None:
    """There is one cancellation in force, with one letter, one entry of the log and one piece of correspondence."""
    (row,) = rows(path, "SELECT id FROM cancellation_request WHERE kind = 'cancellation' AND standing = 'open'")
    counts = {
        "letter": "SELECT count(*) AS found FROM letter",
        "event": "SELECT count(*) AS found FROM event WHERE command IN ('account.cancel', 'account.complete')",
        "correspondence": "SELECT count(*) AS found FROM correspondence WHERE request_id > 1004",
    }
    assert {name: rows(path, query)[0]["found"] for name, query in counts.items()} == dict.fromkeys(counts, 1)
    (letter,) = rows(path, "SELECT request_id FROM letter")
    assert letter["request_id"] == row["id"]
    with Backend.open(str(path)) as backend:
        assert backend.read(VerifyLog()).broken is None


def together(path: Path, *acts: tuple[str, Callable[[Backend], Any]]) -> list[Any]:
    """What each act answered, all of them done at the same moment, each in a thread with a backend of its own."""
    barrier = Barrier(len(acts), timeout=60)

    def work(who: str, act: Callable[[Backend], Any]) -> Any:
        with Backend.open(str(path), clock=Clock(TODAY)) as backend:
            backend.sign_in_demo(who)
            backend.read(PreviewCancellation(DRAFT))
            barrier.wait()
            try:
                return act(backend)
            except Refused as error:
                return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result() for done in [threads.submit(work, *one) for one in acts]]


@pytest.mark.parametrize("who", [("owner", "admin"), ("owner", "owner"), ("owner", "admin", "owner", "admin")])
def test_desks_that_ask_at_the_same_moment_make_one_request(demo_db: Path, who: tuple[str, ...]) -> None:
    answers = together(demo_db, *((one, ACTS["request"]) for one in who))
    assert sorted(answer.existing for answer in answers) == [False] + [True] * (len(who) - 1)
    assert {answer.request.ticket for answer in answers} == {"T-1005"}
    check_one_request(demo_db)


def test_asking_and_completing_a_call_at_the_same_moment_make_one_request(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as backend:
        backend.do(FileCall(CALL))
    asked, completed = together(demo_db, ("owner", ACTS["request"]), ("admin", complete))
    check_one_request(demo_db)
    if isinstance(completed, Refused):
        assert str(completed) == f"The account is already being cancelled: see {asked.request.ticket}."
    else:
        assert (asked.existing, asked.request.ticket) == (True, completed.request.ticket)


def test_a_call_is_completed_once(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as backend:
        call = backend.do(FileCall(CALL)).request.id

    def completes(backend: Backend) -> object:
        return backend.do(CompleteCall(call, DRAFT, version=1))

    answers = together(demo_db, ("owner", completes), ("admin", completes))
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    check_one_request(demo_db)


def test_somebody_who_files_a_call_twice_at_the_same_moment_has_one(demo_db: Path) -> None:
    answers = together(demo_db, ("agent", ACTS["call"]), ("agent", ACTS["call"]))
    assert sorted(answer.existing for answer in answers) == [False, True]
    assert len(rows(demo_db, "SELECT id FROM cancellation_request WHERE kind = 'call'")) == 1


def test_of_two_decisions_at_the_same_moment_one_counts(demo_db: Path) -> None:
    answers = together(
        demo_db,
        ("owner", lambda backend: backend.do(DecideTicket(1003, Standing.ANSWERED, version=1))),
        ("admin", lambda backend: backend.do(DecideTicket(1003, Standing.REFUSED, "No.", version=1))),
    )
    (refused,) = [answer for answer in answers if isinstance(answer, Refused)]
    assert "T-1003 was changed" in str(refused)
    assert len(rows(demo_db, "SELECT id FROM event WHERE command = 'request.decide'")) == 1


def test_of_two_savings_of_the_settings_at_the_same_moment_one_counts(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY) as backend:
        view = backend.read(GetSettings())
    answers = together(
        demo_db,
        ("owner", lambda backend: backend.do(SaveSettings(as_typed(view, fee="1.00"), version=view.version))),
        ("owner", lambda backend: backend.do(SaveSettings(as_typed(view, fee="2.00"), version=view.version))),
    )
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    assert len(rows(demo_db, "SELECT id FROM event WHERE command = 'account.settings'")) == 1


def test_two_processes_that_ask_at_the_same_moment_make_one_request(demo_db: Path) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.services.asking_worker", str(demo_db), who],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for who in ("owner", "admin")
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=60)[0] for worker in workers]
    assert sorted(said) == ["asked T-1005\n", "opened T-1005\n"]
    assert [worker.returncode for worker in workers] == [0, 0]
    check_one_request(demo_db)
