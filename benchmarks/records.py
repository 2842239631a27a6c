"""Rows about the whole record: the reports and the log among many contacts, bytes for a key, and a snapshot test."""

import hashlib
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.terminal import Terminal

from benchmarks.data import Data, subtui
from benchmarks.sides import SIZE, Row, Sample, bare
from subtui.acts.log import VerifyLog
from subtui.acts.reports import GetReport
from subtui.domain.reports import ReportName
from subtui.services.backend import Backend

MORE_TESTS = 4
"""The tests of a run besides its first one."""

SCREEN_TEST = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_a_form(subtui_app, screen_snapshot, number):
    app = subtui_app("choir.json", route="/subscriptions/1")
    app.press("x", "t")
    screen_snapshot(app)
"""
BARE_TEST = """
import asyncio
import pytest
from benchmarks.bare import Bare

@pytest.mark.parametrize("number", range({count}))
def test_a_form(snapshot, number):
    async def run():
        app = Bare()
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("x", "t")
            return app.export_screenshot()
    assert asyncio.run(run()) == snapshot
"""


class Records:
    """Compares with the least that the same answer takes: one pass over the rows, one hash for each entry."""

    def __init__(self, data: Data, size: int) -> None:
        self._data = data
        self._size = size
        self._large = data.contacts(size)

    def rows(self) -> tuple[Row, ...]:
        """The rows of the table."""
        many = f"{self._size:,}"
        return (
            Row(
                "reports",
                f"All five reports among {many} contacts",
                "one pass over the subscriptions and the payments",
                (("median", 3),),
                self._reports,
                self._passes,
                rounds_for=2,
            ),
            Row(
                "verify",
                f"`log verify` of {self._entries():,} entries",
                "reading and hashing them",
                (("median", 4),),
                self._verify,
                self._hash,
                rounds_for=2,
            ),
            Row(
                "bytes",
                "Bytes written to the terminal for one key",
                "bare echo of as many rows",
                (("bytes", 1.5),),
                self._bytes,
                self._bare_bytes,
            ),
            Row(
                "snapshot",
                "One more snapshot test of the plugin, CPU",
                "one more test with bare `run_test`",
                (("median", 2),),
                lambda: self._tests(SCREEN_TEST),
                lambda: self._tests(BARE_TEST),
                rounds_for=2,
            ),
        )

    # --- reports and log ---------------------------------------------------------------------------------------------

    def _reports(self) -> list[Sample]:
        with Backend.open(str(self._large), read_only=True) as backend:
            backend.sign_in_demo("owner")
            started = time.perf_counter()
            for name in ReportName:
                backend.read(GetReport(name))
            return [Sample(time.perf_counter() - started)]

    def _passes(self) -> list[Sample]:
        with closing(sqlite3.connect(self._large)) as connection:
            started = time.perf_counter()
            for sql in (
                "SELECT status, reason_code, count(*), max(end_date) FROM subscription GROUP BY 1, 2",
                "SELECT kind, state, count(*), sum(amount_minor), max(paid_on) FROM payment GROUP BY 1, 2",
            ):
                connection.execute(sql).fetchall()
            return [Sample(time.perf_counter() - started)]

    def _entries(self) -> int:
        with closing(sqlite3.connect(self._large)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
        return int(count)

    def _verify(self) -> list[Sample]:
        with Backend.open(str(self._large), read_only=True) as backend:
            started = time.perf_counter()
            verdict = backend.read(VerifyLog())
            if verdict.broken is not None:
                raise AssertionError(f"entry {verdict.broken} does not fit")
            return [Sample(time.perf_counter() - started)]

    def _hash(self) -> list[Sample]:
        with closing(sqlite3.connect(self._large)) as connection:
            started = time.perf_counter()
            for row in connection.execute("SELECT * FROM event ORDER BY id"):
                hashlib.sha256(repr(row).encode()).hexdigest()
            return [Sample(time.perf_counter() - started)]

    # --- bytes -------------------------------------------------------------------------------------------------------

    def _bytes(self) -> list[Sample]:
        with Terminal([*subtui(self._data.demo()), "--as", "agent"], SIZE) as terminal:
            terminal.wait_for("active subscriptions")
            return _written(terminal)

    def _bare_bytes(self) -> list[Sample]:
        with Terminal(bare("screen"), SIZE) as terminal:
            terminal.wait_for("Marlow, Lopa")
            return _written(terminal)

    # --- snapshot tests ----------------------------------------------------------------------------------------------

    def _tests(self, text: str) -> list[Sample]:
        """CPU of a run with more tests less that of a run with one, for each of them."""
        one, more = self._cpu(text, 1), self._cpu(text, 1 + MORE_TESTS)
        return [Sample(max(more - one, 0.001) / MORE_TESTS)]

    def _cpu(self, text: str, count: int) -> float:
        folder = self._data.scratch / "tests"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        root = Path(__file__).resolve().parent.parent
        shutil.copy(root / "examples/own-data/choir.json", folder)
        (folder / "pytest.ini").write_text("[pytest]\n")
        (folder / "test_form.py").write_text(text.format(count=count))
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", str(folder)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([*command, "--snapshot-update"], cwd=root, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1):  # 1: a snapshot that was not on record is made
            raise AssertionError(done.stdout.decode())
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _written(terminal: Terminal) -> list[Sample]:
    """The bytes that came for each letter of a name, after a first that warms up."""
    samples = []
    terminal.send("m")
    terminal.wait_quiet()
    for letter in "arlow":
        before = terminal.bytes_written
        terminal.send(letter)
        terminal.wait_painted()
        terminal.wait_quiet()
        samples.append(Sample(0, bytes_written=terminal.bytes_written - before))
    return samples
