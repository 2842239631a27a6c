"""Opens the file of a SQLite database: makes it on first use, checks it on every use; it never exists incomplete."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine

from subtui.domain.errors import StorageProblem
from subtui.storage.dialects.base import WRITES, Fill, OlderVersion
from subtui.storage.dialects.sqlite_bulk import bulk_engine, interruptibly
from subtui.storage.dialects.sqlite_engine import file_of, may_write, open_engine, open_to_look, url_of
from subtui.storage.dialects.sqlite_errors import explain
from subtui.storage.dialects.sqlite_watch import FileWatch
from subtui.storage.file_state import beside, is_there, size_beside
from subtui.storage.new_file import clear_what_was_killed, place_to_make, publish_new
from subtui.storage.revisions import HEAD, REVISIONS

_OURS = {"alembic_version", "account", "subscription", "event"}
_SQLITE_MAGIC = b"SQLite format 3\x00"

WAIT_SECONDS = 5.0
"""The longest wait for a program that has the file open which is to be replaced."""


def is_made(url: URL) -> bool:
    """Whether there is a file, of whatever kind."""
    path = file_of(url)
    return path is not None and is_there(path)


def size(engine: Engine) -> int:
    """The bytes of the file and of those that SQLite keeps beside it."""
    path = file_of(engine.url)
    if path is None:
        return 0
    return sum(part.stat().st_size for part in (path, beside(path, "-wal"), beside(path, "-shm")) if part.exists())


def open_database(url: URL, make: Fill, *, busy_ms: int, read_only: bool, create: bool) -> Engine:
    """An engine on the database at `url`, which is made whole by `make` if it does not exist."""
    del create  # a file is always made
    path = file_of(url)
    if path is None:
        engine = open_engine(url, busy_ms=busy_ms)
        _make_whole(engine, make)
        return engine
    if read_only:
        return _open_to_look(url, path, busy_ms)
    if not is_there(path):
        make_database(url, make, in_bulk=False)
    clear_what_was_killed(path.parent)
    watch = FileWatch(path)
    watch.begin()
    _require_ours(path)
    _require_writable(path)
    # Checked before the engine connects: its connections switch any database to WAL, another program's too.
    with closing(sqlite3.connect(path, timeout=busy_ms / 1000)) as connection:
        _require_tables(path, connection)
    return open_engine(url, busy_ms=busy_ms, watch=watch)


def _open_to_look(url: URL, path: Path, busy_ms: int) -> Engine:
    if not is_there(path):
        raise StorageProblem(f"There is no database at {path} yet, and read-only mode does not create one.")
    watch = FileWatch(path, frozen=_nobody_writes(path))
    watch.begin()
    _require_ours(path)
    engine = open_to_look(url, watch=watch, busy_ms=busy_ms)
    try:
        with engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            revision = _require_tables(path, driver)
        if revision != HEAD:
            raise OlderVersion(
                f"{path} was made by an older version of subtui. Open it once without --read-only to update "
                "it; it was not changed."
            )
    except BaseException:
        engine.dispose()
        raise
    return engine


def _nobody_writes(path: Path) -> bool:
    """Whether a file that cannot be written here can be read as one that no program has open.

    To read a database that another program has open, SQLite needs its files beside it, and would have to make them.
    """
    if may_write(path):
        return False
    wal, folder = beside(path, "-wal"), beside(path, "").parent
    if size_beside(path, "-wal") and size_beside(path, "-shm") is None and not os.access(folder, os.W_OK):
        raise StorageProblem(
            f"{path} cannot be opened read-only: the last changes saved are still in {wal.name}. "
            "Copy both files to a folder of your own, and open the copy with --db."
        )
    return not size_beside(path, "-wal") and size_beside(path, "-shm") is None


def make_database(url: URL, make: Fill, *, in_bulk: bool) -> bool:
    """Make the database in a temporary folder and move it into place when complete: a killed first run leaves none.

    Returns False, with nothing changed, if another process made one meanwhile. Raises StorageProblem.
    """
    path = file_of(url)
    if path is None:
        raise StorageProblem("A database in memory cannot be made ahead. Name a file with --db.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with place_to_make(path) as made:
            if in_bulk:
                _make_file(bulk_engine(url_of(made)), made, interruptibly(make))
            else:
                _make_file(open_engine(url_of(made)), made, make)
            return publish_new(made, path)
    except OSError as error:
        raise StorageProblem(f"{path} cannot be created: {error.strerror}. Choose another place with --db.") from error


def _make_file(engine: Engine, made: Path, make: Fill) -> None:
    """Make a database at a temporary path, in a single file that is flushed to disk."""
    try:
        _make_whole(engine, make)
        with engine.connect() as connection:
            connection.rollback()
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
    with made.open("rb+") as whole:
        os.fsync(whole.fileno())


def _make_whole(engine: Engine, make: Fill) -> None:
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        make(connection)


def upgrade(url: URL, migrate: Fill) -> tuple[str, str]:
    """Migrate a file that an older version made; opening it to work in it does the same."""
    path = file_of(url)
    if path is None or not is_there(path):
        raise StorageProblem(f"There is no database at {path or url}.")
    with closing(sqlite3.connect(path)) as connection:
        before = _require_tables(path, connection)
    if before != HEAD:
        engine = open_engine(url)
        try:
            _make_whole(engine, migrate)
        finally:
            engine.dispose()
    return before, HEAD


def grants(_url: URL, _role: str) -> Iterator[str]:
    """A file has no roles. Raises StorageProblem."""
    raise StorageProblem("A file has no roles: who may read and write it is said by the permissions of its folder.")


def release(path: Path) -> None:
    """Check that no program has the file open, and move its -wal and -shm into it.

    Left behind, they would be applied to the file that replaces it.
    """
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as connection:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.Error as error:
        raise StorageProblem(explain(error, str(path)) or f"{path} cannot be used.") from error
    if mode != "delete":
        raise StorageProblem(f"{path} is open in another program. Close that program, then try again.")


def _require_ours(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_SQLITE_MAGIC))
    except OSError as error:
        raise StorageProblem(f"{path} cannot be read: {error.strerror}. Choose another file with --db.") from error
    if magic != _SQLITE_MAGIC:
        raise StorageProblem(f"{path} is not a database. Choose another file with --db; this one was not changed.")


def _require_writable(path: Path) -> None:
    if not may_write(path):
        raise StorageProblem(
            f"{path} cannot be written. To only view it, add --read-only. To work in it, get permission to "
            "write it and its folder, or choose another with --db."
        )


def _require_tables(path: Path, connection: sqlite3.Connection) -> str:
    """The revision of a database that is one of this program. Raises StorageProblem for any other."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables >= _OURS:
        raise StorageProblem(
            f"{path} is a database of another program. Choose another file with --db; this one was not changed."
        )
    (revision,) = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()
    if revision not in REVISIONS:
        raise StorageProblem(
            f"{path} was made by a newer version of subtui, or before its first release. Update subtui, or choose "
            "another file with --db; this one was not changed."
        )
    return str(revision)
