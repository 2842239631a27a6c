"""Makes the engine of a process. Nothing is opened at import: whoever wants a database asks for it here."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from subtui.domain.errors import StorageProblem

BUSY_MS = 5000
"""How long a write waits for another program's write, in milliseconds."""

WRITES = "subtui_writes"
"""Execution option of a transaction that will write: it takes the write lock at once, never halfway through."""


def database_url(where: str) -> str:
    """The SQLAlchemy URL for a path or a URL. Raises StorageProblem for a URL of a kind that is not supported."""
    if "://" not in where:
        return f"sqlite:///{Path(where).expanduser().absolute()}"
    try:
        kind = make_url(where).get_backend_name()
    except ArgumentError:
        raise StorageProblem(f"“{where[:60]}” is not a database URL. Give a path, or sqlite:///PATH.") from None
    if kind != "sqlite":
        raise StorageProblem(
            f"This version keeps its data in SQLite; it cannot open a {kind} database yet. Give a path."
        )
    return where


def file_of(url: str) -> Path | None:
    """The file behind a SQLite URL; None for a database in memory."""
    name = make_url(url).database
    return Path(name) if name and name != ":memory:" else None


def open_engine(url: str, *, busy_ms: int = BUSY_MS) -> Engine:
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
