"""Opening a database: made on first use, checked on every use, brought up to date, and never half-made."""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text

from subtui.domain.errors import StorageProblem
from subtui.storage.engine import BUSY_MS, WRITES, file_of, open_engine, url_of
from subtui.storage.faults import explained

HEAD = "0005"
"""The newest migration; a test holds it against the folder."""

_KNOWN_REVISIONS = ("0001", "0002", "0003", "0004", "0005")
_OURS = {"alembic_version", "account", "subscription", "event"}
_SQLITE_MAGIC = b"SQLite format 3\x00"

Fill = Callable[[Connection], None]


def open_database(url: URL, *, fill: Fill, busy_ms: int = BUSY_MS) -> Engine:
    """An engine on the database at `url`, which is made and filled if it is not there yet.

    Raises StorageProblem, with the file left as it was, when it is locked, not writable, not a database of this
    program, or made by a newer version.
    """
    path = file_of(url)
    if path is None:
        engine = open_engine(url, busy_ms=busy_ms)
        _make(engine, fill)
        return engine
    with explained(str(path)):
        if not path.exists() or path.stat().st_size == 0:
            make_file(path, fill)
        _check_file(path, busy_ms)
        engine = open_engine(url, busy_ms=busy_ms)
        try:
            _bring_up_to_date(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine


def migrate(connection: Connection) -> None:
    """Bring the schema behind `connection` to the newest revision, in the caller's transaction."""
    # Alembic takes half a second to import and is needed only on the first run and after an update.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _make(engine: Engine, fill: Fill) -> None:
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        migrate(connection)
        fill(connection)


def make_file(path: Path, fill: Fill, *, open_with: Callable[[URL], Engine] = open_engine) -> bool:
    """Make the database beside its place and move it there whole: a killed first run leaves nothing that opens.

    Returns False, with nothing changed, if another process made one meanwhile.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".subtui-", dir=path.parent) as folder:
            made = Path(folder) / path.name
            engine = open_with(url_of(made))
            try:
                _make(engine, fill)
                with engine.connect() as connection:
                    connection.rollback()
                    connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                engine.dispose()
            with made.open("rb+") as whole:
                os.fsync(whole.fileno())
            if path.exists() and path.stat().st_size == 0:
                made.replace(path)
                return True
            return _move_unless_there(made, path)
    except OSError as error:
        raise StorageProblem(f"{path} cannot be made: {error.strerror}. Choose another place with --db.") from error


def _move_unless_there(made: Path, path: Path) -> bool:
    """Another process may have made it meanwhile: the first one wins, and both use it."""
    try:
        os.link(made, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        made.replace(path)
    return True


def _check_file(path: Path, busy_ms: int) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_SQLITE_MAGIC))
    except OSError as error:
        raise StorageProblem(f"{path} cannot be read: {error.strerror}. Choose another file with --db.") from error
    if magic != _SQLITE_MAGIC:
        raise StorageProblem(f"{path} is not a database. Choose another file with --db; this one was left as it is.")
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise StorageProblem(
            f"{path} cannot be written. Give yourself permission to write it and its folder, "
            "or choose another with --db."
        )
    _check_tables(path, busy_ms)


def _check_tables(path: Path, busy_ms: int) -> None:
    # Looked at before the engine does: its connections turn any database to WAL, another program's too.
    with closing(sqlite3.connect(path, timeout=busy_ms / 1000)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables >= _OURS:
            raise StorageProblem(
                f"{path} is a database of something else. Choose another file with --db; this one was left as it is."
            )
        (revision,) = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()
    if revision not in _KNOWN_REVISIONS:
        raise StorageProblem(
            f"{path} was made by a newer version of subtui. Update subtui, or choose another file with --db; "
            "this one was left as it is."
        )


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision == HEAD:
        return
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        migrate(connection)
