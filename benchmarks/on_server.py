"""The row about a search on a server: the same contacts, copied from the file, behind the same screen."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.postgres_server import SUPERUSER, PostgresServer

from benchmarks.data import subtui
from benchmarks.key_presses import Typing
from benchmarks.sides import Row

SHARED_BUFFERS = "1GB"
DATABASE = SUPERUSER
"""The database that every server has."""

COPIED = ("contact", "subscription", "order")
"""What a row of the search results is made of."""

_AT_ONCE = 50_000


class OnServer:
    """Types the same on a server as in a file."""

    def __init__(self, file: Path, size: int, typing: Typing) -> None:
        self._file = file
        self._size = size
        self._typing = typing
        self._server: PostgresServer | None = None

    def __enter__(self) -> "OnServer":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.remove()

    def row(self) -> Row:
        """The row of the table."""
        return Row(
            "server",
            f"Key press to results painted, {self._size:,} contacts on a server",
            "the same in a file",
            (("median", 1.2), ("p95", 1.5)),
            lambda: self._typing.keys(self._url()),
            lambda: self._typing.keys(self._file),
            rounds_for=2,
            missing=self._missing,
        )

    def _missing(self) -> str:
        if self._server is None:
            try:
                self._server = PostgresServer.make(SHARED_BUFFERS)
            except (OSError, subprocess.SubprocessError) as error:
                return f"no PostgreSQL server can be started: {error}"
            print("\rcopying to a server …", end="", file=sys.stderr, flush=True)
            subprocess.run([*subtui(self._url()), "db", "init"], check=True, capture_output=True)
            copy(self._file, self._url())
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        return ""

    def _url(self) -> str:
        assert self._server is not None
        return self._server.url(DATABASE)


def copy(file: Path, url: str) -> None:
    """Put the contacts of a file, and what is listed with them, in the place of a demo's on a server."""
    from sqlalchemy import create_engine  # noqa: PLC0415

    from subtui.storage.dialects.postgres_search_schema import indexed_afterwards  # noqa: PLC0415

    engine = create_engine(re.sub("^postgresql:", "postgresql+psycopg:", url))
    with closing(sqlite3.connect(file)) as reading, engine.connect() as connection, connection.begin():
        # Nothing refers to what is not copied; the contacts are written with their triggers.
        for table in COPIED:
            connection.exec_driver_sql(f'TRUNCATE "{table}" CASCADE')
        connection.exec_driver_sql("TRUNCATE contact_search")
        driver: Any = connection.connection.dbapi_connection
        with indexed_afterwards(connection):
            for table in COPIED:
                role = "origin" if table == "contact" else "replica"
                connection.exec_driver_sql(f"SET LOCAL session_replication_role = {role}")
                _copy(reading, driver, table)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _copy(reading: sqlite3.Connection, driver: Any, table: str) -> None:
    found = reading.execute(f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608
    names = ", ".join(f'"{column[0]}"' for column in found.description)
    while rows := found.fetchmany(_AT_ONCE):
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as into:
            for row in rows:
                into.write_row(row)
