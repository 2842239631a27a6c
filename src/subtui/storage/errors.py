"""Turns what a database driver says into a sentence with what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError

from subtui.domain.errors import StorageProblem

# SQLite's English messages are the only thing its driver gives in common on every Python version supported.
_UNWRITABLE = "{where} cannot be written. Get permission to write it and its folder, or choose another with --db."

_KNOWN = (
    ("is locked", "{where} is locked: another program is writing to it. Close that program, or try again in a moment."),
    ("readonly", _UNWRITABLE),
    ("read-only", _UNWRITABLE),
    (
        "unable to open",
        "{where} cannot be opened. Check that its folder exists and is writable, or choose another with --db.",
    ),
    ("not a database", "{where} is not a database. Choose another file with --db; this one was not changed."),
    ("malformed", "{where} is damaged. Restore it from a backup, or choose another with --db; nothing was written."),
    ("disk is full", "The disk that holds {where} is full. Nothing was saved: make room and save again."),
    ("disk i/o", "The disk that holds {where} cannot be read or written. Nothing was saved: check it, then try again."),
    ("no such table", "{where} is a database of another program. Choose another with --db; this one was not changed."),
)


def sentence(error: BaseException, where: str) -> str:
    """What to tell a person about a driver's error on the database called `where`."""
    said = str(getattr(error, "orig", error)).lower()
    for mark, words in _KNOWN:
        if mark in said:
            return words.format(where=where)
    return f"{where} cannot be used: {said.splitlines()[0] if said else 'unknown error'}."


@contextmanager
def translate_errors(where: str) -> Iterator[None]:
    """Raises StorageProblem with a sentence for any database error inside."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise StorageProblem(sentence(error, where)) from error
