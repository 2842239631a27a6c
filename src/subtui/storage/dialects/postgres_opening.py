"""Opens a database on a PostgreSQL server. It is never made or migrated unasked: others may be working in it."""

from collections.abc import Iterator

from sqlalchemy import URL, Connection, Engine, column, select, table

from subtui.domain.errors import StorageProblem
from subtui.storage.dialects.base import BUSY_MS, WRITES, Fill
from subtui.storage.dialects.names import place_of
from subtui.storage.dialects.postgres_engine import open_engine
from subtui.storage.dialects.postgres_schema import set_sequences
from subtui.storage.dialects.postgres_search_schema import require_search
from subtui.storage.revisions import HEAD, REVISIONS

LOCK_MS = 1000
"""The longest that an upgrade waits for a lock of a table, in milliseconds: all who come later would wait behind it."""

_OURS = {"alembic_version", "account", "subscription", "event"}
_TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
_REVISION = select(table("alembic_version", column("version_num")).c.version_num)


def is_made(url: URL) -> bool:
    """Whether the database has tables, of whatever program."""
    engine = open_engine(url, busy_ms=BUSY_MS, read_only=True)
    try:
        return bool(_tables(engine))
    finally:
        engine.dispose()


def size(engine: Engine) -> int:
    """The bytes of the whole database, as the server counts them."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def open_database(url: URL, make: Fill, *, busy_ms: int, read_only: bool, create: bool) -> Engine:
    """An engine on the database at `url`, whose tables are made by `make` with `create` if it has none."""
    where = place_of(url)
    engine = open_engine(url, busy_ms=busy_ms, read_only=read_only)
    try:
        if create and not read_only and not _tables(engine):
            _make_whole(engine, make)
        with engine.connect() as connection:
            _require_ours(connection, where, shown(url))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _require_ours(connection: Connection, where: str, url: str) -> None:
    tables = set(connection.exec_driver_sql(_TABLES).scalars())
    if not tables:
        raise StorageProblem(f"{where} is empty. Make the tables with: subtui --db {url} db init")
    if not tables >= _OURS:
        raise StorageProblem(f"{where} is a database of another program. Name another; this one was not changed.")
    revision = connection.execute(_REVISION).scalar()
    if revision not in REVISIONS:
        raise StorageProblem(f"{where} was made by a newer version of subtui. Update subtui; nothing was changed.")
    if revision != HEAD:
        raise StorageProblem(
            f"{where} was made by an older version of subtui. Its owner updates it with: subtui db upgrade"
        )
    require_search(connection)


def upgrade(url: URL, migrate: Fill) -> tuple[str, str]:
    """Migrate the tables in one transaction, as their owner. No other program waits longer than a second for it."""
    engine = open_engine(url, busy_ms=LOCK_MS, read_only=False)
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            before = connection.execute(_REVISION.with_for_update()).scalar()
            if before not in REVISIONS:
                raise StorageProblem("This database was made by a newer version of subtui. Update subtui first.")
            if before != HEAD:
                migrate(connection)
            return str(before), HEAD
    finally:
        engine.dispose()


def grants(url: URL, role: str) -> Iterator[str]:
    """Yield the statements that let a role work in the database."""
    from subtui.storage.dialects.postgres_roles import grants as statements  # noqa: PLC0415  (it loads every table)

    return statements(role, database=url.database or url.username or "")


def shown(url: URL) -> str:
    """The URL as a user may type it: without a password."""
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def make_database(url: URL, make: Fill, *, in_bulk: bool) -> bool:
    """Make the tables and their rows in one transaction; False, with nothing changed, if there are tables already."""
    del in_bulk
    engine = open_engine(url, busy_ms=BUSY_MS, read_only=False)
    try:
        if _tables(engine):
            return False
        _make_whole(engine, make)
        return True
    finally:
        engine.dispose()


def settle(_engine: Engine) -> None:
    """The server has written what is committed."""


def _tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(_TABLES).scalars())


def _make_whole(engine: Engine, make: Fill) -> None:
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        make(connection)
        set_sequences(connection)
