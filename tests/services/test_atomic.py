"""A save is whole or has not been: whatever fails in the middle of it, and whenever the process is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import ExpireDue, GetSubscription, SaveSubscription, UndoCancellation
from subtui.domain.cancellation import draft_of
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import Status
from subtui.services import subscriptions
from subtui.services.backend import Backend
from subtui.services.contacts import load_contact
from subtui.storage import audit_log

from .database import everything, rows

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal, and no fork")


class PowerCut(Exception):
    """What nothing in the program expects."""


def cut(*_: Any, **__: Any) -> Any:
    raise PowerCut


def cancel(backend: Backend, subscription_id: int = 1042) -> None:
    record = backend.read(GetSubscription(subscription_id))
    draft = replace(draft_of(record.terms), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="unused")
    backend.do(SaveSubscription(subscription_id, draft, version=record.version))


def roll_a_year_later(backend: Backend) -> None:
    backend._work = replace(backend._work, clock=replace(backend._work.clock, frozen=date(2027, 1, 1)))
    backend.do(ExpireDue())


ACTS: dict[str, Callable[[Backend], object]] = {
    "save": cancel,
    "undo": lambda backend: backend.do(UndoCancellation(1047, version=1)),
    "roll": roll_a_year_later,
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "where",
    [
        (subscriptions, "store_terms"),
        (audit_log, "append"),
        (audit_log, "entry_hash"),
    ],
    ids=["before the row", "between the row and the log", "while the log is sealed"],
)
def test_an_act_that_fails_halfway_leaves_everything_as_it_was(
    backend: Backend, demo_db: Path, monkeypatch: pytest.MonkeyPatch, act: str, where: tuple[Any, str]
) -> None:
    before = everything(demo_db)
    with monkeypatch.context() as patch:
        patch.setattr(*where, cut)
        with pytest.raises(PowerCut):
            ACTS[act](backend)
    assert everything(demo_db) == before
    ACTS[act](backend)
    assert everything(demo_db) != before
    assert backend.read(VerifyLog()).broken is None


def test_a_save_whose_letter_fails_leaves_everything_as_it_was(
    backend: Backend, demo_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(demo_db)
    monkeypatch.setattr(subscriptions, "confirm_ending", cut)
    with pytest.raises(PowerCut):
        cancel(backend)
    assert everything(demo_db) == before


def test_an_act_that_writes_no_entry_is_not_committed(
    backend: Backend, demo_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(demo_db)
    with (
        pytest.raises(AssertionError, match="wrote nothing to the log"),
        backend._work.transaction(backend.person) as tx,
    ):
        load_contact(tx.session, 1007).first_name = "Nobody"
    assert everything(demo_db) == before


_STATE = """
SELECT s.*, (SELECT count(*) FROM event e WHERE e.subject_type = 'subscription' AND e.subject_id = s.id) AS events,
    (SELECT count(*) FROM letter l WHERE l.subscription_id = s.id) AS letters
FROM subscription s WHERE s.id IN (1038, 1042, 1062, 1071, 1080)
"""


def check_whole(path: Path) -> int:
    """Every subscription is wholly old or wholly new; returns how many acts are in the file."""
    with Backend.open(str(path)) as backend:
        assert backend.read(VerifyLog()).broken is None
    found = rows(path, _STATE)
    for row in found:
        # Every version but the first has its entry, and every second one, an ending, its letter.
        assert row["events"] == row["version"] - 1
        assert row["letters"] == row["version"] // 2
        ended = row["version"] % 2 == 0
        assert row["status"] == ("Inactive" if ended else "Active")
        assert row["auto_charge"] == (not ended)
        assert (row["next_bill_date"] is None) is ended
        for column in ("end_date", "reason_code", "requested_on", "charging_stops_on", "recorded_by"):
            assert (row[column] is not None) is ended, column
    return sum(row["events"] for row in found)


@pytest.fixture
def worker(demo_db: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.services.worker", str(demo_db)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=Path(__file__).parents[2]
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def told(worker: subprocess.Popen[str], line: str) -> str:
    """Send the worker a line; what it answers first."""
    assert worker.stdin is not None
    worker.stdin.write(f"{line}\n")
    return heard(worker)


def heard(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()


def saved_until_death(worker: subprocess.Popen[str]) -> int:
    """How many saves the child said that it had made before it was killed."""
    saves = 0
    while (line := heard(worker)).startswith("saved"):
        saves += 1
    assert line == f"died {-signal.SIGKILL}"
    return saves


@POSIX
def test_a_process_killed_at_any_step_leaves_every_subscription_wholly_old_or_wholly_new(
    demo_db: Path, worker: subprocess.Popen[str]
) -> None:
    acts = 0
    # Of a file's own steps a save takes some thousand; of statements to a server some twenty.
    of_a_file = (1, 40, 300, 900, 1500, 2100, 2700, 3300, 3900, 4500, 6000, 9000)
    to_a_server = (1, 4, 8, 11, 14, 17, 19, 21, 24, 30, 45, 70)
    for step in to_a_server if str(demo_db).startswith("postgresql:") else of_a_file:
        assert told(worker, str(step)).isdigit()
        said = saved_until_death(worker)
        now = check_whole(demo_db)
        # What was reported as saved is there, and at most the one save under way besides.
        assert acts + said <= now <= acts + said + 1
        acts = now
    assert acts > 0
    if isinstance(demo_db, Path):
        assert rows(demo_db, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]


@POSIX
@pytest.mark.parametrize("saves", [0, 1, 2, 5])
def test_a_process_killed_from_outside_leaves_every_subscription_wholly_old_or_wholly_new(
    demo_db: Path, worker: subprocess.Popen[str], saves: int
) -> None:
    acts = 0
    for _ in range(2):
        process = int(told(worker, "0"))
        for _ in range(saves):
            assert heard(worker).startswith("saved")
        os.kill(process, signal.SIGKILL)
        said = saves + saved_until_death(worker)
        now = check_whole(demo_db)
        assert acts + said <= now <= acts + said + 1
        acts = now


@pytest.mark.parametrize("role", [Role.AGENT, Role.OWNER])
def test_what_was_saved_is_in_the_file_when_the_save_returns(
    desk_as: Callable[[Role], Backend], demo_db: Path, role: Role
) -> None:
    cancel(desk_as(role))
    (row,) = rows(demo_db, "SELECT status FROM subscription WHERE id = 1042")
    assert row == {"status": "Inactive"}
