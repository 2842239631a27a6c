"""Writes many rows at once: an import into a database that is in use, and the rows of a new one.

A full-text index updated row by row, by a trigger, takes six times as long as a bulk update. So the triggers are
dropped while an import runs, and the rows that it touched are indexed before it commits. All of this is part of its
transaction: a rollback restores the triggers.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import JSON, URL, Connection, Date, Engine, Select, Table, column, event
from sqlalchemy import table as light_table
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.exc import DatabaseError

from subtui.storage.columns import UtcDateTime
from subtui.storage.dialects.base import Fill
from subtui.storage.dialects.sqlite_engine import open_engine

_NEW_CACHE_KIB = 100_000
_LOOK_EVERY = 500_000
"""SQLite virtual machine steps between two checks for ctrl+c."""

_KEYS = ("name_key", "rest_key", "phone_key")


class BulkIndex:
    """The contacts that an import has written and that are not yet indexed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def added(self, ids: Iterable[int]) -> None:
        """Add new contacts."""
        rows = [(number,) for number in ids]
        if rows:
            self._run("INSERT OR IGNORE INTO temp.index_new VALUES (?)", rows)

    def changed(self, number: int, before: Mapping[str, Any]) -> None:
        """Add a contact whose keys have changed, with the keys that the indexes hold."""
        self._run(
            "INSERT OR IGNORE INTO temp.index_old SELECT ?, ?, ?, ?"
            " WHERE NOT EXISTS (SELECT 1 FROM temp.index_new WHERE id = ?)",
            (number, *(before[key] for key in _KEYS), number),
        )

    def flush_index(self) -> None:
        """Update the indexes from the contacts."""
        for index, first, second in (
            ("contact_words", "name_key", "rest_key"),
            ("contact_parts", "rest_key", "phone_key"),
        ):
            self._run(
                f"INSERT INTO {index}({index}, rowid, {first}, {second})"
                f" SELECT 'delete', id, {first}, {second} FROM temp.index_old ORDER BY id"
            )
            self._run(
                f"INSERT INTO {index}(rowid, {first}, {second}) SELECT id, {first}, {second} FROM contact"
                " WHERE id IN (SELECT id FROM temp.index_new UNION SELECT id FROM temp.index_old) ORDER BY id"
            )

    def _run(self, sql: str, values: Any = ()) -> None:
        self._connection.exec_driver_sql(sql, values)


@contextmanager
def bulk_load(connection: Connection, cache_kb: int) -> Iterator[BulkIndex]:
    """Suspend the triggers of the indexes inside, and update the indexes at the end if there was no error."""
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{cache_kb:d}")
    try:
        with _deferred_index(connection) as index:
            yield index
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before:d}")


@contextmanager
def _deferred_index(connection: Connection) -> Iterator[BulkIndex]:
    found = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'contact'"
    ).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.index_new")
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.index_old")
    connection.exec_driver_sql("CREATE TEMP TABLE index_new (id INTEGER PRIMARY KEY)")
    connection.exec_driver_sql("CREATE TEMP TABLE index_old (id INTEGER PRIMARY KEY, name_key, rest_key, phone_key)")
    index = BulkIndex(connection)
    yield index
    index.flush_index()
    for _, sql in found:
        connection.exec_driver_sql(sql)
    connection.exec_driver_sql("DROP TABLE temp.index_new")
    connection.exec_driver_sql("DROP TABLE temp.index_old")


def stream(connection: Connection, rows: Select[Any]) -> Iterator[Sequence[Any]]:
    """The rows of a query as they are stored: tuples of integers, texts and None."""
    compiled = rows.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values = compiled.construct_params()
    driver: Any = connection.connection.dbapi_connection
    found: Iterator[Sequence[Any]] = driver.execute(
        str(compiled), [values[name] for name in compiled.positiontup or ()]
    )
    return found


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    skip_known: bool = False,
) -> None:
    """Insert rows by one statement of the driver, without a dictionary and a type's processor for every value."""
    statement, written = _insert_of(table, tuple(columns), skip_known)
    if written:
        rows = [_as_stored(row, written) for row in rows]
    if rows:
        connection.exec_driver_sql(statement, [*rows])


def insert_stored(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows as `stream` gives them."""
    statement, _ = _insert_of(table, tuple(columns), False)
    driver: Any = connection.connection.dbapi_connection
    driver.executemany(statement, rows)


@lru_cache(maxsize=64)
def _insert_of(
    table: Table, columns: tuple[str, ...], skip_known: bool
) -> tuple[str, tuple[tuple[int, Callable[[Any], Any]], ...]]:
    """The statement, and how the values are written that the driver does not know."""
    # Of these columns alone: the table itself would add those with a default.
    bare = light_table(table.name, *(column(name) for name in columns))
    new = insert(bare).on_conflict_do_nothing() if skip_known else insert(bare)
    statement = new.compile(dialect=_DIALECT)
    types = [(at, table.c[name].type) for at, name in enumerate(columns)]
    made = [(at, next((_WRITTEN[kind] for kind in _WRITTEN if isinstance(type_, kind)), None)) for at, type_ in types]
    return str(statement), tuple((at, write) for at, write in made if write is not None)


def _as_stored(row: Sequence[Any], written: Sequence[tuple[int, Callable[[Any], Any]]]) -> tuple[Any, ...]:
    cells = list(row)
    for at, write in written:
        if cells[at] is not None:
            cells[at] = write(cells[at])
    return tuple(cells)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


@cache
def _encoder() -> Callable[[Any], bytes]:
    import msgspec  # noqa: PLC0415  (needed by those who write many rows, not at the start)

    return msgspec.json.Encoder(order="sorted").encode


_DIALECT = SQLiteDialect(paramstyle="qmark")
_WRITTEN: dict[type, Callable[[Any], Any]] = {
    Date: date.isoformat,
    UtcDateTime: _utc,
    JSON: lambda value: _encoder()(value).decode(),
}


def renew_statistics(connection: Connection, tables: Sequence[str]) -> None:
    """Renew SQLite's statistics from a sample of each table, in the caller's transaction."""
    connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
    for table in tables:
        connection.exec_driver_sql(f'ANALYZE "{table}"')


@contextmanager
def indexes_afterwards(
    connection: Connection, tables: Sequence[str], tell: Callable[[int, int], None]
) -> Iterator[None]:
    """Drop the indexes and triggers of the tables, and make them again once the rows are written."""
    listed = connection.exec_driver_sql(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, name"
    )
    found = [(kind, name, sql) for kind, name, table, sql in listed if table in tables]
    for kind, name, _ in found:
        connection.exec_driver_sql(f'DROP {kind} "{name}"')
    yield
    fulltext = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5(%' ORDER BY name"
    ).scalars()
    steps = [f"INSERT INTO {name}({name}) VALUES ('{act}')" for name in fulltext for act in ("rebuild", "optimize")]
    steps += [sql for _, _, sql in found]
    steps.append("ANALYZE")
    for done, sql in enumerate(steps):
        tell(done, len(steps))
        connection.exec_driver_sql(sql)


def bulk_engine(url: URL) -> Engine:
    """An engine for a file that is discarded unless completed: without a journal, without checks."""
    engine = open_engine(url)

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "foreign_keys = OFF",
            f"cache_size = -{_NEW_CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def interruptibly(make: Fill) -> Fill:
    """`make`, in which ctrl+c interrupts a statement too: making an index of millions of rows takes long."""

    def made(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        # Python handles signals only while it runs. An exception of the handler here makes SQLite stop the statement.
        driver.set_progress_handler(lambda: 0, _LOOK_EVERY)
        try:
            make(connection)
        except DatabaseError as error:
            if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise KeyboardInterrupt from None
            raise

    return made
