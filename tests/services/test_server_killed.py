"""The server is killed while programs act: what was acknowledged is there, and nothing by half.

`python -m tests.services.test_server_killed 20` does it that often.
"""

import os
import signal
import subprocess
import sys
import time
from typing import Any

from subtui.acts.log import VerifyLog
from subtui.clock import Clock
from subtui.services.backend import Backend
from tests.postgres_places import Copies, ServerPlace
from tests.postgres_server import PostgresServer

from .asking import TODAY
from .database import rows

WRITERS = 3
WORKED = 1.5
"""Seconds of acts before each kill."""
BEGUN = 60
"""The seconds within which the first act is done, on a machine however busy."""

_COUNTS = "SELECT count(*) AS found FROM event WHERE command IN ('subscription.save', 'subscription.undo') AND id > 12"


def saved_in(place: Any) -> int:
    """How many acts of the programs are in the log."""
    return int(rows(place, _COUNTS)[0]["found"])


def start_again(server: PostgresServer) -> None:
    """Start a server whose first process was killed, once its other processes have noticed."""
    for _ in range(100):
        try:
            server.start()
        except subprocess.CalledProcessError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start again")


def killed(server: PostgresServer, place: ServerPlace) -> int:
    """Let programs act, kill the server with all its processes, start it again; returns how many acts were answered."""
    pipe, before = subprocess.PIPE, saved_in(place)
    command = [sys.executable, "-m", "tests.services.saving_worker", place]
    workers = [subprocess.Popen([*command, str(n)], stdin=pipe, stdout=pipe, text=True) for n in range(WRITERS)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    latest = time.monotonic() + BEGUN
    while saved_in(place) == before and time.monotonic() < latest:
        time.sleep(0.1)
    time.sleep(WORKED)
    os.kill(server.process_id, signal.SIGKILL)
    start_again(server)
    return sum(int(worker.communicate(timeout=120)[0].split()[-1]) for worker in workers)


def check(place: ServerPlace, answered: int, writers: int) -> int:
    """Every answered act is in the log, and at most the ones under way besides; the record agrees with the log."""
    where: Any = place
    saved = saved_in(place)
    assert answered <= saved <= answered + writers
    with Backend.open(place, clock=Clock(TODAY)) as backend:
        assert backend.read(VerifyLog()).broken is None
    wrong = rows(
        where,
        "SELECT s.id FROM subscription s WHERE s.version - 1 <> (SELECT count(*) FROM event e"
        " WHERE e.subject_type = 'subscription' AND e.subject_id = s.id AND e.id > 12)"
        " AND s.id IN (1038, 1040, 1042, 1043, 1045, 1049)",
    )
    assert wrong == []
    return saved


def several(rounds: int) -> list[int]:
    """So many kills of one server; how many acts were in the log after each."""
    server = PostgresServer.make()
    try:
        place = Copies(server).empty()
        Backend.open(place, create=True).close()
        counts: list[int] = []
        answered = 0
        for _ in range(rounds):
            answered += killed(server, place)
            counts.append(check(place, answered, WRITERS * (len(counts) + 1)))
        return counts
    finally:
        server.remove()


def test_a_server_that_is_killed_loses_nothing_that_it_answered(postgres_server: PostgresServer) -> None:
    assert postgres_server.folder.exists()
    counts = several(2)
    assert counts[-1] > 0


if __name__ == "__main__":
    sys.stdout.write(f"{several(int(sys.argv[1]))}\n")
