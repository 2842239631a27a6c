"""Makes the engine of a SQLite database. Nothing is opened at import."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, FromClause, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import DatabaseError, OperationalError

from subtui.domain.errors import Cancelled, StorageProblem
from subtui.storage.dialects.base import BRIEF, BRIEF_MS, BUSY_MS, WRITES
from subtui.storage.dialects.sqlite_watch import FileWatch

WATCH = "subtui_watch"
"""Execution option of an engine whose file is watched: the watch."""

STEPS_BETWEEN_LOOKS = 20_000
"""SQLite virtual machine steps, about a millisecond, between two checks whether a query is cancelled."""


def url_of(path: Path) -> URL:
    """The URL of a SQLite file, with any signs in its name escaped."""
    return URL.create("sqlite", database=str(path))


def file_of(url: URL) -> Path | None:
    """The file behind a SQLite URL; None for a database in memory or on a server."""
    name = url.database if url.get_backend_name() == "sqlite" else ""
    return Path(name) if name and name != ":memory:" else None


class _Compiler(SQLiteCompiler):
    """Writes the hint of a table into a statement: here `INDEXED BY`."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        return text


def open_engine(url: URL, *, busy_ms: int = BUSY_MS, watch: FileWatch | None = None) -> Engine:
    """An engine with foreign keys on, WAL, full durability, and explicit transactions.

    With a `watch`, every transaction begins and ends with a check that the file is still the one that was opened.
    """
    engine = create_engine(url) if watch is None else _watched(url, watch, "mode=rw")

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        _set_up(connection, busy_ms)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if watch is not None:
            watch.connected(connection)

    _begin_and_watch(engine, watch)
    return engine


def open_to_look(url: URL, *, watch: FileWatch, busy_ms: int = BUSY_MS) -> Engine:
    """A read-only engine: it writes nothing into the file nor, where that is possible, beside it."""
    path = file_of(url)
    if path is None:
        return open_engine(url, busy_ms=busy_ms)
    how = "immutable=1" if watch.frozen else "mode=rw" if may_write(path) else "mode=ro"
    engine = _watched(url, watch, how)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        _set_up(connection, busy_ms)
        connection.execute("PRAGMA query_only = ON")
        watch.connected(connection)

    _begin_and_watch(engine, watch)
    return engine


def may_write(path: Path) -> bool:
    """Whether a database and the files beside it can be written."""
    real = Path(os.path.realpath(path))
    return os.access(real, os.W_OK) and os.access(real.parent, os.W_OK)


def settle(engine: Engine) -> None:
    """Move the write-ahead log into the database file, if no other program is reading it at the moment.

    A log left beside it would be applied to a file that replaces the database, and be missing from a copy. Takes as
    long as a commit.
    """
    watch: FileWatch | None = engine.get_execution_options().get(WATCH)
    if watch is not None and watch.unsettled:
        with suppress(StorageProblem, DatabaseError), engine.connect() as connection:
            _settle(connection, watch)


def _settle(connection: Connection, watch: FileWatch) -> None:
    driver: Any = connection.connection.dbapi_connection
    try:
        with _waiting(driver, 0):
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        return  # the data are committed, and the next call moves them
    watch.settled(driver)


@contextmanager
def _waiting(driver: Any, longest_ms: int) -> Iterator[None]:
    """Wait at most so long for other programs inside."""
    (patience,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout = {longest_ms:d}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {patience:d}")


def _watched(url: URL, watch: FileWatch, how: str) -> Engine:
    """An engine that opens the watched file, and never creates one in its place."""
    name = f"{watch.path.absolute().as_uri()}?{how}"

    def connected() -> sqlite3.Connection:
        watch.check()
        return sqlite3.connect(name, uri=True, check_same_thread=False)

    return create_engine(url, creator=connected)


def _set_up(connection: sqlite3.Connection, busy_ms: int) -> None:
    # The driver's own transaction handling begins too late for a consistent read; SQLAlchemy begins instead.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {busy_ms:d}")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_and_watch(engine: Engine, watch: FileWatch | None) -> None:
    engine.dialect.statement_compiler = _Compiler

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        if watch is not None:
            watch.check(driver)
        options = connection.get_execution_options()
        begin = "BEGIN IMMEDIATE" if options.get(WRITES, False) else "BEGIN"
        with _waiting(driver, BRIEF_MS) if options.get(BRIEF, False) else nullcontext():
            connection.exec_driver_sql(begin)

    if watch is not None:

        @event.listens_for(engine, "commit")
        def _commit(connection: Connection) -> None:
            watch.check()
            if connection.get_execution_options().get(WRITES, False):
                watch.writing()

        engine.update_execution_options(**{WATCH: watch})


def state_of(connection: Connection) -> tuple[int, int, int]:
    """A value that changes with every commit of another connection and every row that this one writes."""
    driver: Any = connection.connection.dbapi_connection
    (version,) = driver.execute("PRAGMA data_version").fetchone()
    return id(driver), int(version), int(driver.total_changes)


def break_off(_engine: Engine) -> bool:
    """A file always answers, or is locked for a few seconds."""
    return False


@contextmanager
def cancellable(connection: Connection, is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Interrupt the query inside once `is_cancelled` says so. Raises Cancelled then."""
    driver: Any = connection.connection.dbapi_connection
    driver.set_progress_handler(lambda: int(is_cancelled()), STEPS_BETWEEN_LOOKS)
    try:
        yield
    except OperationalError as error:
        if is_cancelled():
            raise Cancelled from error
        raise
    finally:
        driver.set_progress_handler(None, 0)
