"""Writes and reads very many rows on PostgreSQL, through COPY and a cursor of the server."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from itertools import count
from typing import Any

import msgspec
from psycopg.adapt import AdaptersMap, Loader
from sqlalchemy import JSON, Boolean, Connection, Date, Select, Table

from subtui.storage.columns import UtcDateTime
from subtui.storage.dialects.postgres_schema import ids_follow
from subtui.storage.dialects.postgres_search_schema import gathering, indexed_afterwards

_IMPORTED = (
    *("contact", "tag", "contact_tag", "credit_card", "note", "automation", "product", "subscription_plan"),
    *("subscription", '"order"', "order_item", "payment", "refund_line"),
)
"""The tables that an import writes to, in the order of their references."""

_numbers = count(1)
_AT_ONCE = 2000
"""Rows that are fetched at once."""


class BulkIndex:
    """The search indexes follow every row by themselves."""

    def added(self, ids: Iterable[int]) -> None:
        """Add new contacts."""

    def changed(self, number: int, before: Mapping[str, Any]) -> None:
        """Add a contact whose keys have changed."""


@contextmanager
def bulk_load(connection: Connection, _cache_kb: int) -> Iterator[BulkIndex]:
    """Acts of others wait at their first row, so that none is written over; their queries and searches go on."""
    connection.exec_driver_sql(f"LOCK TABLE {', '.join(_IMPORTED)} IN EXCLUSIVE MODE")
    with gathering(connection):
        yield BulkIndex()


def stream(connection: Connection, rows: Select[Any]) -> Iterator[Sequence[Any]]:
    """The rows of a query as SQLite stores them: tuples of integers, texts and None."""
    compiled = rows.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor(name=f"stream_{next(_numbers)}") as cursor:
        cursor.itersize = _AT_ONCE
        read_as_stored(cursor.adapters)
        cursor.execute(str(compiled), compiled.construct_params())
        yield from cursor


def read_as_stored(adapters: AdaptersMap) -> None:
    """Let a connection or a cursor read values as SQLite stores them."""
    for kind in ("date", "json"):
        adapters.register_loader(kind, _Text)
    adapters.register_loader("timestamp", _Instant)
    adapters.register_loader("bool", _Truth)
    adapters.register_loader("numeric", _Sum)


class _Text(Loader):
    """A day, or JSON: the text that was written."""

    def load(self, data: Any) -> str:
        return bytes(data).decode()


class _Instant(Loader):
    """An instant without a zone, with six digits of the second."""

    def load(self, data: Any) -> str:
        said = bytes(data).decode()
        second, _, part = said.partition(".")
        return f"{second}.{part:0<6}"


class _Truth(Loader):
    """A boolean: 0 or 1."""

    def load(self, data: Any) -> int:
        return int(bytes(data) == b"t")


class _Sum(Loader):
    """A sum of integers, which the server makes wider than its terms."""

    def load(self, data: Any) -> int:
        return int(bytes(data))


def insert_stored(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows as `stream` gives them, through one COPY: the server reads the texts by the type of their column."""
    driver: Any = connection.connection.dbapi_connection
    names = ", ".join(f'"{name}"' for name in columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    skip_known: bool = False,
) -> None:
    """Insert rows through COPY; those that may be there already go through a table of this transaction."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    target = f'"{table.name}"'
    if skip_known:
        connection.exec_driver_sql(f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {names} FROM {target} LIMIT 0")
        _copy(connection, "incoming", table, columns, rows)
        connection.exec_driver_sql(
            f"INSERT INTO {target} ({names}) SELECT {names} FROM incoming ON CONFLICT DO NOTHING"
        )
        connection.exec_driver_sql("DROP TABLE incoming")
    else:
        _copy(connection, target, table, columns, rows)
    if "id" in columns and table.c["id"] is table.autoincrement_column:
        ids_follow(connection, table)


def _copy(
    connection: Connection, target: str, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    written = [
        (at, _WRITTEN[kind])
        for at, name in enumerate(columns)
        for kind in _WRITTEN
        if isinstance(table.c[name].type, kind)
    ]
    driver: Any = connection.connection.dbapi_connection
    names = ", ".join(f'"{name}"' for name in columns)
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
        for row in rows:
            if written:
                cells = list(row)
                for at, write in written:
                    if cells[at] is not None:
                        cells[at] = write(cells[at])
                copy.write_row(cells)
            else:
                copy.write_row(row)


_WRITTEN: dict[type, Callable[[Any], Any]] = {
    UtcDateTime: lambda at: at.astimezone(UTC).replace(tzinfo=None),
    JSON: lambda value: msgspec.json.encode(value, order="sorted").decode(),
    Boolean: bool,
    Date: lambda day: day,
}


def renew_statistics(connection: Connection, tables: Sequence[str]) -> None:
    """Renew the planner's statistics of these tables, in the caller's transaction."""
    searched = ("contact_search", "contact_word") if "contact" in tables else ()
    for table in (*tables, *searched):
        connection.exec_driver_sql(f'ANALYZE "{table}"')


@contextmanager
def indexes_afterwards(
    connection: Connection, tables: Sequence[str], tell: Callable[[int, int], None]
) -> Iterator[None]:
    """Make the large indexes of the search last, where there were no contacts yet. The others stay."""
    with indexed_afterwards(connection):
        yield
        tell(0, 2)
    tell(1, 2)
    renew_statistics(connection, tables)
