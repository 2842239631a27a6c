"""Puts a new database in the place of an old one; whatever fails on the way, one of the two is there whole."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from subtui.domain.errors import StorageProblem
from subtui.services.desk import Desk
from subtui.storage.faults import sentence

WAIT_SECONDS = 5.0


def holds_own_data(file: Path) -> bool:
    """Whether there is any customer in the database, which the caller knows to be one of this program."""
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as connection:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM contact)").fetchone()[0])
    except sqlite3.Error as error:
        raise StorageProblem(sentence(error, str(file))) from error


def make_anew(file: Path, seed: Path | None) -> None:
    """Make a database beside `file` from `seed`, else the demo data, and put it in its place.

    Raises FileProblem for a seed that cannot be used and StorageProblem, with `file` as it was, when another program
    has it open.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".subtui-", dir=file.parent) as folder:
            made = Path(folder) / file.name
            Desk.open(str(made), seed=seed).close()
            _let_go(file)
            made.replace(file)
    except OSError as error:
        raise StorageProblem(f"{file} cannot be made anew: {error.strerror}. It was left as it is.") from error


def _let_go(file: Path) -> None:
    """See that nobody has the old file open, and fold its -wal and -shm into it.

    Left behind, they would be taken for the new file's own.
    """
    try:
        with closing(sqlite3.connect(file, timeout=WAIT_SECONDS)) as connection:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.Error as error:
        raise StorageProblem(sentence(error, str(file))) from error
    if mode != "delete":
        raise StorageProblem(f"{file} is open in another program. Close that program, then try again.")
