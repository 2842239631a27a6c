"""Makes the engine of a PostgreSQL database: one connection for the acts and queries of one user, no pool of many."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Column, Connection, Engine, String, create_engine, event, text
from sqlalchemy.dialects.postgresql.base import PGDDLCompiler, PGTypeCompiler
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex

from subtui.domain.errors import Cancelled
from subtui.storage.dialects.base import WRITES

CONNECT_SECONDS = 5
"""The longest wait for the server's answer to a new connection."""

SECONDS_BETWEEN_LOOKS = 0.005
"""Between two checks whether a query is cancelled, in seconds."""

_LIVE = "subtui_live"
"""Execution option of an engine: the connections of its driver."""

_STATE = text("SELECT (SELECT max(id) FROM event), pg_current_xact_id_if_assigned()::text")
_TEXT = re.compile(r"( VARCHAR(?:\(\d+\))?)")

# A server that vanished without a word is noticed after half a minute, not after two hours.
_WATCHED_LINE = {
    "keepalives": "1",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "connect_timeout": str(CONNECT_SECONDS),
    "application_name": "subtui",
}


def conninfo(url: URL) -> str:
    """What the driver connects with; what the URL says itself goes before ours."""
    named = {"user": url.username, "host": url.host, "port": url.port and str(url.port), "dbname": url.database}
    asked = {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    return make_conninfo(**_WATCHED_LINE | {name: value for name, value in named.items() if value} | asked)


def open_engine(url: URL, *, busy_ms: int, read_only: bool) -> Engine:
    """An engine whose queries see one state of the data each, and whose acts see what was committed last.

    `busy_ms` is the longest wait for a row that another program has locked. `read_only`: the server refuses writes.
    """
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        creator=lambda: psycopg.connect(conninfo(url)),
        # The second is opened only where a query runs inside another one.
        pool_size=1,
        max_overflow=1,
        use_native_hstore=False,
    )
    engine.dialect.type_compiler_instance = _Types(engine.dialect)
    engine.dialect.ddl_compiler = _Tables

    @event.listens_for(engine, "connect")
    def _connect(connection: "psycopg.Connection[Any]", _record: Any) -> None:
        # The record keeps instants in UTC and days as days: none of them may pass through the server's own zone.
        connection.autocommit = True
        connection.execute(
            f"SET TIME ZONE 'UTC'; SET lock_timeout = {busy_ms:d}; SET idle_in_transaction_session_timeout = '10min';"
            " SET default_transaction_isolation = 'read committed';"
            # The server too notices a program that vanished, whose locks others wait for.
            " SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
        )
        connection.autocommit = False
        live.add(connection)

    live: set[Any] = set()
    engine.update_execution_options(**{_LIVE: live})

    @event.listens_for(engine, "close")
    @event.listens_for(engine, "close_detached")
    def _close(connection: "psycopg.Connection[Any]", _record: Any = None) -> None:
        live.discard(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        writes = connection.get_execution_options().get(WRITES, False) and not read_only
        # An act locks the rows that it changes, and must see them as the transaction before it left them.
        driver.isolation_level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
        driver.read_only = not writes

    return engine


def break_off(engine: Engine) -> bool:
    """From another thread: end the connections of this program, as if the network had."""
    live: set[Any] = engine.get_execution_options()[_LIVE]
    for driver in tuple(live):
        with suppress(psycopg.Error, OSError, ValueError), socket.socket(fileno=os.dup(driver.pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
    return True


def state_of(connection: Connection) -> tuple[int | None, str | None]:
    """A value that changes with every act that is committed, and with the first row that this transaction writes.

    Every act adds to the log. The server's own count of transactions is that of all its databases.
    """
    newest, own = connection.execute(_STATE).one()
    return newest, own


@contextmanager
def cancellable(connection: Connection, is_cancelled: Callable[[], bool]) -> Iterator[None]:
    """Interrupt the query inside once `is_cancelled` says so. Raises Cancelled then."""
    watch = _Watch(connection.connection.dbapi_connection, is_cancelled)
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.QueryCanceled) and is_cancelled():
            raise Cancelled from error
        raise
    finally:
        watch.end()


class _Watch:
    """Cancels the query of a connection from a thread of its own, as the driver's is waiting for the answer.

    A cancellation reaches the connection, not the query: a late one would end the next query. So none is sent once
    the block has ended, and the block does not end while one is under way.
    """

    def __init__(self, driver: Any, is_cancelled: Callable[[], bool]) -> None:
        self._driver = driver
        self._is_cancelled = is_cancelled
        self._ended = Event()
        self._sending = Lock()
        self._sent = False
        self._thread = Thread(target=self._look, name="cancels queries", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Send nothing from now on."""
        self._ended.set()
        with self._sending:
            pass
        self._thread.join()
        if self._sent and self._driver.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
            # It came after the last query: what is left of it may end this one, whose answer is not needed.
            try:
                self._driver.execute("SELECT 1")
            except psycopg.errors.QueryCanceled:
                raise Cancelled from None

    def _look(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            # Again and again: one that arrives before the query has begun is lost.
            if self._sent or self._is_cancelled():
                with self._sending:
                    if not self._ended.is_set():
                        self._sent = True
                        self._driver.cancel_safe(timeout=CONNECT_SECONDS)


class _Types(PGTypeCompiler):
    """Every integer has 64 bits, as in SQLite: amounts in minor units and Keap's ids need them."""

    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:  # noqa: N802  (SQLAlchemy's name)
        return "BIGINT"


class _Tables(PGDDLCompiler):
    """Columns as the program counts on them: ids that a row may bring along, and texts in the order of code points."""

    def get_column_specification(self, column: Column[Any], **kw: Any) -> str:
        plain: str = super().get_column_specification(column, **kw)  # type: ignore[no-untyped-call]
        written = plain.replace(" SERIAL", " BIGSERIAL")
        if isinstance(column.type, String):
            written = _TEXT.sub(r'\1 COLLATE "C"', written, count=1)
        return written

    def visit_create_index(self, create: CreateIndex, *args: Any, **kw: Any) -> str:
        # A partial index is declared once, for the kind of database that every start needs.
        where = create.element.dialect_options["sqlite"]["where"]
        if where is not None:
            create.element.dialect_options["postgresql"]["where"] = where
        written: str = super().visit_create_index(create, *args, **kw)  # type: ignore[no-untyped-call]
        return written
