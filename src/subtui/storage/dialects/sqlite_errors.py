"""Sentences for the errors of SQLite, which say what to do."""

import sqlite3

from sqlalchemy.exc import DatabaseError

# SQLite's English messages are the only error information that its driver gives on every supported Python version.
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


def has_collided(_error: BaseException) -> bool:
    """Whether a transaction met another one: never, since each locks the whole database when it begins."""
    return False


def has_lost(_error: BaseException) -> bool:
    """Whether a connection was lost: a file has none."""
    return False


def explain(error: BaseException, where: str) -> str | None:
    """The sentence for a driver's error on the database called `where`; None for any other error."""
    if not isinstance(error, (DatabaseError, sqlite3.DatabaseError)):
        return None
    said = str(getattr(error, "orig", error)).lower()
    for mark, words in _KNOWN:
        if mark in said:
            return words.format(where=where)
    return f"{where} cannot be used: {said.splitlines()[0] if said else 'unknown error'}."
