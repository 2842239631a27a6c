"""A process that cancels and undoes until it dies, for the tests that kill it.

Started once, it forks a child for every line it reads: `0` works until it is killed; `N` kills itself at the N-th step
that SQLite makes, or statement that is sent to a server, from the first save on. The child names its process and every
save that returned.
"""

import itertools
import os
import signal
import sys
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import event

from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend

SUBSCRIPTIONS = (1038, 1042, 1062, 1071, 1080)


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def die_at(step: int, backend: Backend) -> None:
    steps = itertools.count(1)

    def made(_: object = None) -> int:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    if backend._engine.dialect.name == "sqlite":

        @event.listens_for(backend._engine, "checkout")
        def _watch(connection: Any, _record: Any, _proxy: Any) -> None:
            connection.set_progress_handler(made, 1)

    else:  # a server works in a process of its own: what can be interrupted here is what is sent to it

        @event.listens_for(backend._engine, "before_cursor_execute")
        def _send(*_: Any) -> None:
            made()

    # A commit makes no steps of its own that are reported, so its two sides count as one each.
    event.listens_for(backend._engine, "commit")(made)


def work(path: str, step: int) -> None:
    backend = Backend.open(path, clock=Clock(date(2026, 3, 2)))
    backend.sign_in_demo()
    if step:
        die_at(step, backend)
    say(os.getpid())
    for number in itertools.cycle(SUBSCRIPTIONS):
        record = backend.read(GetSubscription(number))
        if record.terms.ending.status is Status.ACTIVE:
            draft = replace(
                draft_of(record.terms), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="unused"
            )
            backend.do(SaveSubscription(number, draft, version=record.version))
        else:
            backend.do(UndoCancellation(number, version=record.version))
        say("saved", number)


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(sys.argv[1], int(line))
        _, status = os.waitpid(child, 0)
        say("died", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
