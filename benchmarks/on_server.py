"""Rows about a server: the search of the same contacts, a start, an import, and how soon a change is on the screen."""

import itertools
import subprocess
import sys
import time
from pathlib import Path

from tests.postgres_server import SUPERUSER, PostgresServer
from tests.terminal import Terminal

from benchmarks.data import Data, subtui
from benchmarks.key_presses import Typing
from benchmarks.sides import SIZE, Row, Sample

SHARED_BUFFERS = "1GB"
OTHER = "agent2@demo.example"
IMPORTED = 20_000
"""Contacts of the file that is imported on both sides."""


class OnServer:
    """Does the same on a server as in a file."""

    def __init__(self, data: Data, size: int, typing: Typing) -> None:
        self._data = data
        self._size = size
        self._typing = typing
        self._server: PostgresServer | None = None
        self._numbers = itertools.count(1)
        self._made = ""

    def __enter__(self) -> "OnServer":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.remove()

    def rows(self) -> tuple[Row, ...]:
        """The rows of the table."""
        return (
            Row(
                "server",
                f"Key press to results painted, {self._size:,} contacts on a server",
                "the same in a file",
                (("median", 1.2), ("p95", 1.5)),
                lambda: self._typing.keys(self._copied()),
                lambda: self._typing.keys(self._data.contacts(self._size)),
                rounds_for=2,
                missing=self._missing,
            ),
            Row(
                "server-start",
                "Start to the sign-in screen with the demo's accounts, on a server",
                "the same in a file",
                (("median", 1.5),),
                lambda: [self._started(self._demo())],
                lambda: [self._started(self._data.demo())],
                missing=self._missing,
            ),
            Row(
                "server-import",
                f"Import of {IMPORTED:,} contacts into a server",
                "the same into a file",
                (("median", 4),),
                lambda: [self._imported(self._new())],
                lambda: [self._imported(self._new_file())],
                rounds_for=5,
                missing=self._missing,
            ),
            Row(
                "server-news",
                "A colleague's save to the sentence on this screen, the command that saves included",
                "that command alone",
                (("median", 1.5),),
                self._news,
                self._command,
                missing=self._missing,
            ),
        )

    # --- the databases ----------------------------------------------------------------------------------------------

    def _missing(self) -> str:
        if self._server is None:
            try:
                self._server = PostgresServer.make(SHARED_BUFFERS)
            except (OSError, subprocess.SubprocessError) as error:
                return f"no PostgreSQL server can be started: {error}"
        return ""

    def _new(self, *command: str) -> str:
        """A database of the demo on the server, or one that a command of ours makes there."""
        assert self._server is not None
        name = f"made{next(self._numbers)}"
        programs, folder = self._server.programs, str(self._server.folder)
        subprocess.run([str(programs / "createdb"), "-h", folder, "-U", SUPERUSER, name], check=True)
        url = self._server.url(name)
        made = [*command, url] if command else ["db", "init"]
        subprocess.run([*subtui(url), *made], check=True, capture_output=True)
        return url

    def _new_file(self) -> Path:
        path = self._data.scratch / f"made{next(self._numbers)}.db"
        subprocess.run([*subtui(path), "db", "init"], check=True, capture_output=True)
        return path

    def _copied(self) -> str:
        if not self._made:
            print("\rcopying to a server …", end="", file=sys.stderr, flush=True)
            self._made = self._new("db", "copy", str(self._data.contacts(self._size)))
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        return self._made

    def _demo(self) -> str:
        return self._new()

    # --- the samples ------------------------------------------------------------------------------------------------

    @staticmethod
    def _started(database: Path | str) -> Sample:
        with Terminal(subtui(database), SIZE) as terminal:
            terminal.wait_for("Password")
            return Sample(terminal.wait_for("Demo accounts"), terminal.peak_memory())

    def _imported(self, database: Path | str) -> Sample:
        file = self._data.export(IMPORTED)
        started = time.perf_counter()
        subprocess.run(
            [*subtui(database), "--as", "admin", "import", str(file), "--json"], check=True, capture_output=True
        )
        return Sample(time.perf_counter() - started)

    def _news(self) -> list[Sample]:
        url = self._new()
        with Terminal([*subtui(url), "--as", "agent", "open", "/subscriptions/1042"], SIZE) as terminal:
            terminal.wait_for("no changes yet")
            terminal.wait_quiet()
            started = time.perf_counter()
            self._save(url)
            terminal.wait_for("Sam Okonkwo changed this")
            return [Sample(time.perf_counter() - started)]

    def _command(self) -> list[Sample]:
        url = self._new()
        started = time.perf_counter()
        self._save(url)
        return [Sample(time.perf_counter() - started)]

    @staticmethod
    def _save(url: str) -> None:
        words = ("cancel", "1042", "--end-date", "2026-03-31", "--reason", "too_expensive")
        subprocess.run([*subtui(url), "--as", OTHER, *words], check=True, capture_output=True)
