"""Rows about a search among many contacts, key by key, and about opening the one with ten thousand subscriptions."""

import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.terminal import Terminal

from benchmarks.data import LONG_LIST, Data, subtui
from benchmarks.sides import SIZE, Row, Sample, bare
from subtui.acts.contacts import FindContacts
from subtui.services.backend import Backend

TYPED = ("smith james", "lop mar", "garcia", "bakery", "mari", "andreson", "olsen a", "@mail", "kim")
"""What is typed, a key at a time: names, words in any order, a company, a slip, an address."""

FEW = 10
A_MILLION = 1_000_000


class Typing:
    """Types the same into both programs. The other side has the answers ready, and only paints them."""

    def __init__(self, data: Data, size: int, typed: Sequence[str] = TYPED) -> None:
        self._data = data
        self._words = typed
        self._size = size
        self._large, self._small = data.contacts(size), data.contacts(1_000)
        self._answers = self._prepared()

    def rows(self) -> tuple[Row, ...]:
        """The rows of the table."""
        many, large = f"{self._size:,}", self._large
        rows = [
            Row(
                "keys",
                f"Key press to results painted, {many} contacts",
                "bare echo of the same 50 rows",
                (("median", 1.3), ("p95", 1.5)),
                lambda: self.keys(large),
                self._bare_keys,
                rounds_for=2,
            ),
            Row(
                "scale",
                f"Key press to results painted, {many} contacts",
                "the same among 1,000",
                (("median", 1.3),),
                lambda: self.keys(large),
                lambda: self.keys(self._small),
                rounds_for=2,
            ),
            Row(
                "like",
                f"Key press to results painted, {many} contacts",
                "one `LIKE` over all of them, not painted",
                (("median", 1.0),),
                lambda: self.keys(large),
                self._like,
                rounds_for=5,
            ),
            Row(
                "contact",
                f"Open a contact with {LONG_LIST:,} subscriptions, and its Orders tab",
                f"one with {FEW}",
                (("median", 1.5),),
                lambda: self._open(1, "Subscriptions   100 of 10,0"),
                lambda: self._open(self._data.contact_with(large, FEW), f"Subscriptions   {FEW} of {FEW}"),
            ),
            Row(
                "memory",
                f"Peak memory with {many} contacts open",
                "bare app",
                (("memory", 2.2),),
                self._opened,
                self._bare_opened,
            ),
        ]
        if shutil.which("fzf"):
            fzf = Row(
                "fzf",
                f"Key press to results painted, {many} contacts",
                "`fzf --filter` on the same lines",
                # Its bar is for a million: among few it has hardly more to do than to start.
                (("median", round(1 / 15, 3) if self._size >= A_MILLION else 1),),
                lambda: self.keys(large),
                self._fzf,
                rounds_for=5,
            )
            rows.insert(2, fzf)
        return tuple(rows)

    # --- keys --------------------------------------------------------------------------------------------------------

    def keys(self, database: Path | str) -> list[Sample]:
        """A sample for every key typed into the search of a database."""
        with Terminal([*subtui(database), "--as", "agent"], SIZE) as terminal:
            terminal.wait_for("active subscriptions")
            return self._typed(terminal)

    def _bare_keys(self) -> list[Sample]:
        with Terminal(bare("rows", str(self._answers)), SIZE) as terminal:
            terminal.wait_for("Marlow, Lopa")
            return self._typed(terminal)

    def _typed(self, terminal: Terminal) -> list[Sample]:
        """A sample for every key. The first word warms both up and is not counted."""
        samples: list[Sample] = []
        for number, words in enumerate(("jo", *self._words)):
            terminal.wait_quiet()
            for letter in words:
                terminal.send(letter)
                seconds = terminal.wait_painted()
                if number:
                    samples.append(Sample(seconds))
            terminal.press("ctrl+u")
            terminal.wait_painted()
        return samples

    def _prepared(self) -> Path:
        """What our program answers to every beginning of what is typed, for the other side to paint."""
        path = self._large.with_suffix(".json")
        if not path.exists():
            with Backend.open(str(self._large)) as backend:
                backend.sign_in_demo()
                answers = {}
                for words in ("jo", *TYPED):
                    for end in range(1, len(words) + 1):
                        found = backend.read(FindContacts(words[:end]))
                        answers[words[:end]] = [
                            # Its table takes brackets for markup, and fails at some.
                            (
                                row.name.replace("[", "("),
                                row.company.replace("[", "("),
                                row.email,
                                str(row.active),
                                str(row.last_order or "-"),
                            )
                            for row in found.rows
                        ]
            path.write_text(json.dumps(answers), encoding="utf-8")
        return path

    # --- other programs ----------------------------------------------------------------------------------------------

    def _fzf(self) -> list[Sample]:
        lines = self._data.lines(self._large)
        samples = []
        for words in self._words:
            with lines.open("rb") as file:
                started = time.perf_counter()
                subprocess.run(["fzf", "--filter", words], stdin=file, stdout=subprocess.DEVNULL, check=False)
                samples.append(Sample(time.perf_counter() - started))
        return samples

    def _like(self) -> list[Sample]:
        samples = []
        with closing(sqlite3.connect(self._large)) as connection:
            for words in self._words:
                every = " AND ".join(["name_key || ' ' || rest_key LIKE ?"] * len(words.split()))
                sql = f"SELECT id FROM contact WHERE {every} ORDER BY sort_key LIMIT 50"  # noqa: S608
                started = time.perf_counter()
                connection.execute(sql, [f"%{word}%" for word in words.split()]).fetchall()
                samples.append(Sample(time.perf_counter() - started))
        return samples

    # --- a contact ---------------------------------------------------------------------------------------------------

    def _open(self, number: int, listed: str) -> list[Sample]:
        """Enter in the search field to the record, and o to the Orders tab: both together."""
        samples = []
        with Terminal([*subtui(self._large), "--as", "agent"], SIZE) as terminal:
            terminal.wait_for("active subscriptions")
            for _ in range(3):
                terminal.send(f"#{number}")
                terminal.wait_for("contact")
                terminal.wait_quiet()
                terminal.press("enter")
                seconds = terminal.wait_for("Job title")
                terminal.wait_quiet()
                terminal.press("o")
                samples.append(Sample(seconds + terminal.wait_for(listed)))
                terminal.press("/")
                terminal.wait_for("⌕")
                terminal.wait_quiet()
                terminal.press("ctrl+u")
                terminal.wait_for("Recently opened")
                terminal.wait_quiet()
        return samples[1:]

    # --- memory ------------------------------------------------------------------------------------------------------

    def _opened(self) -> list[Sample]:
        with Terminal([*subtui(self._large), "--as", "agent"], SIZE) as terminal:
            seconds = terminal.wait_for("active subscriptions")
            terminal.send("smith")
            terminal.wait_for("50 of ")
            terminal.press("enter")
            terminal.wait_for("Orders")
            terminal.wait_quiet()
            return [Sample(seconds, terminal.peak_memory())]

    def _bare_opened(self) -> list[Sample]:
        with Terminal(bare("screen"), SIZE) as terminal:
            seconds = terminal.wait_for("Marlow, Lopa")
            return [Sample(seconds, terminal.peak_memory())]
