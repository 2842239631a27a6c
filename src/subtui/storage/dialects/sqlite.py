"""SQLite: the functions of `Dialect`, gathered from the modules beside this one."""

from collections.abc import Callable

from sqlalchemy import URL, Connection, Table
from sqlalchemy.dialects.sqlite import insert

from subtui.storage.dialects.sqlite_bulk import (
    bulk_load,
    indexes_afterwards,
    insert_rows,
    insert_stored,
    renew_statistics,
    stream,
)
from subtui.storage.dialects.sqlite_engine import break_off, cancellable, settle, state_of
from subtui.storage.dialects.sqlite_errors import explain, has_collided, has_lost
from subtui.storage.dialects.sqlite_file import grants, is_made, make_database, open_database, size, upgrade
from subtui.storage.dialects.sqlite_schema import create_extras
from subtui.storage.dialects.sqlite_search import contacts_with, find_contacts

__all__ = [
    "break_off",
    "bulk_load",
    "cancellable",
    "contacts_with",
    "create_extras",
    "explain",
    "find_contacts",
    "grants",
    "has_collided",
    "has_lost",
    "ids_follow",
    "indexes_afterwards",
    "insert",
    "insert_rows",
    "insert_stored",
    "is_made",
    "listen",
    "lock_log",
    "make_database",
    "open_database",
    "renew_statistics",
    "settle",
    "size",
    "state_of",
    "stream",
    "upgrade",
]


def ids_follow(_connection: Connection, _table: Table) -> None:
    """A new row always takes an id behind the largest."""


def listen(_url: URL, _told: Callable[[], object]) -> None:
    """A file announces nothing."""


def lock_log(_connection: Connection) -> None:
    """A write transaction has locked the whole database when it began."""
