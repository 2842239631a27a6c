"""A ticket is written whole and once: whatever fails in the middle, and however many ask at the same moment."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from subtui.clock import Clock
from subtui.domain.account_views import TicketResult
from subtui.domain.errors import Refused
from subtui.domain.requests import CallDraft, ContactDetails, Direction, QuestionDraft, Standing, Topic
from subtui.services import account_row, answering, filing, requests
from subtui.services.desk import Desk
from subtui.storage import log_rows
from subtui.storage.tables import CancellationRequest

from .asking import DRAFT, TODAY, as_typed, desk_on
from .database import everything, rows

CALL = CallDraft("602 555 0163")
QUESTION = QuestionDraft(ContactDetails("ruth@demo.example"), Topic.OTHER, "A word", "Is it true?")


class PowerCut(Exception):
    """What nothing in the program expects."""


def cut(*_: Any, **__: Any) -> Any:
    raise PowerCut


def complete(desk: Desk) -> TicketResult:
    (call,) = [row for row in desk.requests().rows if row.kind == "call"]
    return desk.complete_call(call.id, DRAFT, version=1)


def save(desk: Desk) -> None:
    view = desk.account_settings()
    desk.save_account_settings(as_typed(view, fee="1.00"), version=view.version)


ACTS: dict[str, Callable[[Desk], object]] = {
    "request": lambda desk: desk.request_cancellation(DRAFT),
    "complete": complete,
    "withdraw": lambda desk: desk.withdraw(1004, version=1),
    "decide": lambda desk: desk.decide(1003, Standing.REFUSED, "It is one charge.", version=1),
    "correspond": lambda desk: desk.correspond(1003, Direction.OUTGOING, "Yes."),
    "call": lambda desk: desk.file_call(CALL),
    "question": lambda desk: desk.ask_question(QUESTION),
    "settings": save,
    "verify": lambda desk: desk.verify_user("newadmin@demo.example"),
}
WHO = {"withdraw": "viewer"}
WRITES_TO_A_THREAD = {"request": filing, "complete": filing, "decide": answering, "correspond": answering}
"""The acts that do, and the module from which each of them does."""

WRITES_A_LETTER = ("request", "complete")
ANSWERS_WITH_THE_TICKET = [act for act in ACTS if act not in ("settings", "verify")]

FAILURES = [
    *((act, (log_rows, "append"), "before the log") for act in ACTS),
    *((act, (log_rows, "seal"), "while the log is sealed") for act in ACTS),
    *((act, (module, "say"), "before the thread") for act, module in WRITES_TO_A_THREAD.items()),
    *((act, (filing, "confirm_request"), "before the letter") for act in WRITES_A_LETTER),
    *((act, (filing, "_write_letter"), "between the log and the letter") for act in WRITES_A_LETTER),
    *((act, (requests, "record"), "after everything is written") for act in ANSWERS_WITH_THE_TICKET),
]


@pytest.mark.parametrize(
    ("act", "where"), [(act, where) for act, where, _ in FAILURES], ids=[f"{act}, {when}" for act, _, when in FAILURES]
)
def test_an_act_that_fails_halfway_leaves_everything_as_it_was(
    demo_db: Path, monkeypatch: pytest.MonkeyPatch, act: str, where: tuple[Any, str]
) -> None:
    if act == "complete":
        with desk_on(demo_db, TODAY, "agent") as desk:
            desk.file_call(CALL)
    with desk_on(demo_db, TODAY, WHO.get(act, "owner")) as desk:
        before = everything(demo_db)
        with monkeypatch.context() as patch:
            patch.setattr(*where, cut)
            with pytest.raises(PowerCut):
                ACTS[act](desk)
        assert everything(demo_db) == before
        ACTS[act](desk)
        assert everything(demo_db) != before
        assert desk.verify_log().broken is None


def test_a_ticket_that_is_written_without_an_entry_is_not_committed(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(AssertionError, match="wrote nothing to the log"), desk._work.acting(desk.person) as acting:
        acting.session.get_one(CancellationRequest, 1003).standing = "answered"
    assert everything(demo_db) == before


def test_settings_that_are_written_without_an_entry_are_not_committed(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(AssertionError, match="wrote nothing to the log"), desk._work.acting(desk.person) as acting:
        account_row.load_account(acting.session).name = "Nobody's"
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
    with Desk.open(str(path)) as desk:
        assert desk.verify_log().broken is None


def together(path: Path, *acts: tuple[str, Callable[[Desk], Any]]) -> list[Any]:
    """What each act answered, all of them done at the same moment, each in a thread with a desk of its own."""
    barrier = Barrier(len(acts), timeout=60)

    def work(who: str, act: Callable[[Desk], Any]) -> Any:
        with Desk.open(str(path), clock=Clock(TODAY)) as desk:
            desk.sign_in_demo(who)
            desk.preview_cancellation(DRAFT)
            barrier.wait()
            try:
                return act(desk)
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
    with desk_on(demo_db, TODAY, "agent") as desk:
        desk.file_call(CALL)
    asked, completed = together(demo_db, ("owner", ACTS["request"]), ("admin", complete))
    check_one_request(demo_db)
    if isinstance(completed, Refused):
        assert str(completed) == f"The account is already being cancelled: see {asked.request.ticket}."
    else:
        assert (asked.existing, asked.request.ticket) == (True, completed.request.ticket)


def test_a_call_is_completed_once(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, "agent") as desk:
        call = desk.file_call(CALL).request.id

    def completes(desk: Desk) -> object:
        return desk.complete_call(call, DRAFT, version=1)

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
        ("owner", lambda desk: desk.decide(1003, Standing.ANSWERED, version=1)),
        ("admin", lambda desk: desk.decide(1003, Standing.REFUSED, "No.", version=1)),
    )
    (refused,) = [answer for answer in answers if isinstance(answer, Refused)]
    assert "T-1003 was changed" in str(refused)
    assert len(rows(demo_db, "SELECT id FROM event WHERE command = 'request.decide'")) == 1


def test_of_two_savings_of_the_settings_at_the_same_moment_one_counts(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY) as desk:
        view = desk.account_settings()
    answers = together(
        demo_db,
        ("owner", lambda desk: desk.save_account_settings(as_typed(view, fee="1.00"), version=view.version)),
        ("owner", lambda desk: desk.save_account_settings(as_typed(view, fee="2.00"), version=view.version)),
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
