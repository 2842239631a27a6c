"""Sentences for the errors of PostgreSQL, which say what to do. They go by the codes of the SQL standard."""

import psycopg
from sqlalchemy.exc import DBAPIError

_BUSY = "{where} is busy: another program is changing the same record. Nothing was saved: try again in a moment."
_LOST = "The connection to {where} was lost."
_FULL_LIST = "{where} takes no more connections. Close a program that uses it, or ask its administrator for more."
_READ_ONLY = "{where} is read-only at the moment: its server is a standby or was switched over. Nothing was saved."

# A refused connection has no code, but the server's words, which its locale may translate: then it is not reached.
_FATAL = (
    ("too many", "53300"),  # connections, also of one role
    ("password", "28P01"),
    ("role", "28"),
    ("pg_hba", "28"),
    ("starting up", "57P"),
    ("shutting down", "57P"),
    ("does not exist", "3D000"),
)

_UNREACHED = ("connection failed", "connection is bad", "could not", "resolve", "timeout")

_COLLISIONS = frozenset({"23505", "40001", "40P01"})

_LOSSES = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03", "25P04"})

_KNOWN = {
    "28P01": "{where} refused the password. Give it in PGPASSWORD, or in the file that PGPASSFILE names.",
    "28": "{where} refused this user. Check the user in the URL, and ask the server's administrator.",
    "3D000": "There is no such database: {where}. Check its name, or ask the server's administrator to create it.",
    "3F": "The schema that {where} is to use does not exist. Ask the server's administrator.",
    "23505": _BUSY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "55P03": _BUSY,
    "42501": "This user of {where} may not do that. Ask the owner of the database to run: subtui db grant",
    "42P01": "{where} is a database of another program, or has not been made yet. Make it with: subtui db init",
    "53100": "The disk of {where} is full. Nothing was saved: ask the server's administrator, then save again.",
    "53300": _FULL_LIST,
    "57014": "{where} stopped a statement that took too long. Nothing was saved: try again, or ask its administrator.",
    "57P": "The server of {where} is stopping or starting.",
    "25006": _READ_ONLY,
    "25P03": _LOST,
    "08": _LOST,
}


def explain(error: BaseException, where: str) -> str | None:
    """The sentence for a driver's error on the database called `where`; None for any other error."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return None
    code = cause.sqlstate or ""
    if "during recovery" in str(cause):
        return _READ_ONLY.format(where=where)
    for length in (5, 3, 2):
        if code[:length] in _KNOWN:
            return _KNOWN[code[:length]].format(where=where)
    if not code:
        return _without_code(cause, where)
    said = str(cause).strip().splitlines()
    return f"{where} cannot be used: {said[0] if said else code}."


def has_collided(error: BaseException) -> bool:
    """Whether the transaction met another one: a key that was just taken, a deadlock, a state that has moved on."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, psycopg.Error) and cause.sqlstate in _COLLISIONS


def has_lost(error: BaseException) -> bool:
    """Whether the connection was lost, or could not be made: the server stopped, or the network is gone."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    code = cause.sqlstate
    return code is None or code in _LOSSES or code.startswith("08")


def _without_code(cause: psycopg.Error, where: str) -> str:
    """The sentence for an error of the driver itself: no connection, a lost one, or a text it cannot send."""
    if isinstance(cause, psycopg.OperationalError):
        said = str(cause).lower()
        for mark, code in _FATAL:
            if mark in said:
                return _KNOWN[code].format(where=where)
        if any(mark in said for mark in _UNREACHED):
            return f"{where} cannot be reached. Check that its server runs and that the network is there."
        return _LOST.format(where=where)
    return f"{where} cannot store that text: it has a character that no database takes."
