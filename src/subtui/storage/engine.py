"""Makes the engine of a process. Nothing is opened at import: whoever wants a database asks for it here."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from subtui.domain.errors import StorageProblem

BUSY_MS = 5000
"""How long a write waits for another program's write, in milliseconds."""

WRITES = "subtui_writes"
"""Execution option of a transaction that will write: it takes the write lock at once, never halfway through."""


def database_url(where: str) -> URL:
    """The SQLAlchemy URL for a path or a URL.

    Raises StorageProblem for a path that cannot be one and for a URL of a kind that is not supported.
    """
    if not where or "\0" in where:
        raise StorageProblem("That is not the name of a file. Give the path of a database.")
    if "://" not in where:
        try:
            return url_of(Path(where).expanduser().absolute())
        except RuntimeError:
            raise StorageProblem(f"“{where[:60]}” names somebody who has no home folder here. Give a path.") from None
    try:
        url = make_url(where)
        kind = url.get_backend_name()
    except ArgumentError:
        raise StorageProblem(f"“{where[:60]}” is not a database URL. Give a path, or sqlite:///PATH.") from None
    if kind != "sqlite":
        raise StorageProblem(
            f"This version keeps its data in SQLite; it cannot open a {kind} database yet. Give a path."
        )
    return url


def url_of(path: Path) -> URL:
    """The URL of a SQLite file, whatever signs there are in its name."""
    return URL.create("sqlite", database=str(path))


def file_of(url: URL) -> Path | None:
    """The file behind a SQLite URL; None for a database in memory."""
    name = url.database
    return Path(name) if name and name != ":memory:" else None


def open_engine(url: URL, *, busy_ms: int = BUSY_MS) -> Engine:
    """An engine with foreign keys on, WAL, full durability, and explicit transactions."""
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transaction handling begins too late for a consistent read; SQLAlchemy begins instead.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {busy_ms:d}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
