"""The least that Textual can do: what the program is measured against. Run as a script, in a process of its own.

usage: bare.py screen | search | save FILE | rows FILE

`screen` shows a header, an input, a table and a footer. `search` also imports SQLModel first, as a program that had no
better idea would, and echoes what is typed. `save` commits one row to a SQLite file at every
`s`, and says so. `rows` paints, for what is typed, the rows that FILE holds for it.
"""

import json
import sqlite3
import sys
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import DataTable, Footer, Header, Input, Static

ROWS = (("López, María", "Blue Door Bakery", "2"), ("Marlow, Lopa", "-", "0"))


class Bare(App[None]):
    """A header, an input, a table and a footer."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+s", "save", "Save")]

    def __init__(
        self,
        connection: sqlite3.Connection | None = None,
        answers: dict[str, list[tuple[str, ...]]] | None = None,
    ) -> None:
        super().__init__()
        self._connection = connection
        self._answers = answers
        self._saved = 0

    def compose(self) -> ComposeResult:
        """The four widgets, and a line that tells what happened."""
        yield Header()
        yield Input(placeholder="type here")
        yield DataTable()
        yield Static("", id="said")
        yield Footer()

    def on_mount(self) -> None:
        """Fill the table."""
        table: DataTable[str] = self.query_one(DataTable)
        names = (
            ("Name", "Company", "Active") if self._answers is None else ("Name", "Company", "E-mail", "Active", "Last")
        )
        table.add_columns(*names)
        table.add_rows(ROWS)
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one("#said", Static).update(f"echo {event.value}.")
        if self._answers is not None:
            table: DataTable[str] = self.query_one(DataTable)
            table.clear()
            table.add_rows(self._answers.get(event.value, ()))

    def action_save(self) -> None:
        """One durable commit."""
        if self._connection is not None:
            self._saved += 1
            with self._connection:
                self._connection.execute("INSERT INTO saved (at) VALUES (?)", (self._saved,))
            self.query_one("#said", Static).update(f"Saved {self._saved}.")


def _connect(file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS saved (id INTEGER PRIMARY KEY, at INTEGER NOT NULL)")
    connection.commit()
    return connection


def main() -> None:
    """Show it."""
    match sys.argv[1:]:
        case ["screen"]:
            Bare().run()
        case ["search"]:
            import sqlmodel  # noqa: F401, PLC0415  (to pay for it)

            Bare().run()
        case ["save", file]:
            Bare(_connect(file)).run()
        case ["rows", file]:
            Bare(answers=json.loads(Path(file).read_text(encoding="utf-8"))).run()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
