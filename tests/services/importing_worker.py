"""A process that imports, for the tests that kill it, fill its disk or watch its memory.

Started once, so that everything is loaded, it forks a child for every line it reads: what to import into which
database, and what is to happen to it. The child says how it went; then the parent says how the child ended.
"""

import json
import os
import resource
import signal
import sys
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from subtui.acts.data import ImportFiles
from subtui.clock import Clock
from subtui.domain.errors import SubtuiError
from subtui.domain.permissions import Role
from subtui.services import data_import  # noqa: F401  (loaded before the first child)
from subtui.services.backend import Backend
from subtui.views.imports import ImportOptions

STEPS = 500
"""So many steps of SQLite's machine are one tick."""


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


class Ticks:
    """Counts the steps of the import, and ends the process at one of them. A commit has two ticks: before and after."""

    def __init__(self, backend: Backend, last: int) -> None:
        self.count = 0
        self._last = last
        event.listens_for(backend._engine, "checkout")(self._watch)
        event.listens_for(backend._engine, "commit")(self.tick)
        event.listens_for(Session, "after_commit")(self.tick)

    def _watch(self, connection: Any, _record: Any, _proxy: Any) -> None:
        connection.set_progress_handler(self.tick, STEPS)

    def tick(self, _: object = None) -> int:
        self.count += 1
        if self.count == self._last:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def limit_pages(backend: Backend, more: int) -> None:
    """The database may grow by so many pages only, as on a disk that is nearly full."""

    def _limit(connection: Any, _record: Any, _proxy: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + more:d}")

    event.listens_for(backend._engine, "checkout")(_limit)


def work(job: dict[str, Any]) -> None:
    before = peak()
    with Backend.open(job["db"], clock=Clock(date(2026, 3, 2))) as backend:
        backend.sign_in_demo(Role.ADMIN)
        ticks = Ticks(backend, job.get("kill_at", 0)) if "kill_at" in job else None
        if "pages" in job:
            limit_pages(backend, job["pages"])
        if "file_bytes" in job:
            resource.setrlimit(resource.RLIMIT_FSIZE, (job["file_bytes"], resource.RLIM_INFINITY))
        try:
            report = backend.do(ImportFiles(job["files"], ImportOptions()))
        except SubtuiError as error:
            said: dict[str, object] = {"error": type(error).__name__, "sentence": str(error)}
        else:
            said = {"rows": sum(counts.rows for counts in report.counts.values()), "refused": report.refused}
    say(grown=peak() - before, ticks=ticks.count if ticks else 0, **said)


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with suppress(KeyboardInterrupt):
                work(json.loads(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say(exit=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
