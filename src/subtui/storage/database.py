"""The door of storage: opens a database, which is made on first use and migrated; it never exists incomplete."""

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, column, select, table

from subtui.storage.dialects import database_url, dialect_of, is_on_server, place_of, sqlite_file
from subtui.storage.dialects.base import BUSY_MS, WRITES, Collided, Fill, OlderVersion
from subtui.storage.dialects.sqlite_engine import file_of, url_of
from subtui.storage.errors import translate_errors
from subtui.storage.revisions import HEAD

__all__ = [
    "BUSY_MS",
    "Collided",
    "Fill",
    "OlderVersion",
    "database_url",
    "file_of",
    "grants",
    "is_made",
    "is_on_server",
    "make_in_bulk",
    "migrate",
    "open_database",
    "place_of",
    "release",
    "upgrade",
    "url_of",
]

_REVISION = select(table("alembic_version", column("version_num")).c.version_num)


def open_database(
    url: URL, *, fill: Fill, busy_ms: int = BUSY_MS, read_only: bool = False, create: bool = False
) -> Engine:
    """An engine on the database at `url`. A file is made and filled if it does not exist; on a server, with `create`.

    Raises StorageProblem, with the file unchanged, when it is locked, not writable, not a database of this
    program, or made by a newer version; `read_only`, when it is not there or of an OlderVersion.
    """
    dialect = dialect_of(url)
    with translate_errors(place_of(url), dialect):
        engine = dialect.open_database(url, _whole(fill), busy_ms=busy_ms, read_only=read_only, create=create)
        try:
            if not read_only:
                _bring_up_to_date(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine


def is_made(url: URL) -> bool:
    """Whether something is at `url` already: a file, or tables. Raises StorageProblem, from a server too."""
    dialect = dialect_of(url)
    with translate_errors(place_of(url), dialect):
        return dialect.is_made(url)


def make_in_bulk(url: URL, fill: Fill) -> bool:
    """Make a database with very many rows at `url`, where there is none; False if another process made one."""
    dialect = dialect_of(url)
    with translate_errors(place_of(url), dialect):
        return dialect.make_database(url, _whole(fill), in_bulk=True)


def release(path: Path) -> None:
    """Check that no program has the database at `path` open, so that it can be replaced. Raises StorageProblem."""
    sqlite_file.release(path)


def upgrade(url: URL) -> tuple[str, str]:
    """Bring the tables of a database up to date; returns its revisions before and after. Raises StorageProblem."""
    dialect = dialect_of(url)
    with translate_errors(place_of(url), dialect):
        return dialect.upgrade(url, migrate)


def grants(url: URL, role: str) -> tuple[str, ...]:
    """The statements that let a role of a server work in its database. Raises StorageProblem for a file."""
    return tuple(dialect_of(url).grants(url, role))


def migrate(connection: Connection) -> None:
    """Migrate the schema of `connection` to the newest revision, in the caller's transaction."""
    # Alembic takes half a second to import and is needed only on the first run and after an update.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _whole(fill: Fill) -> Fill:
    """What makes the schema and fills it, in one transaction."""

    def make(connection: Connection) -> None:
        from subtui.storage import schema  # noqa: PLC0415  (the tables are not needed to open a database)

        schema.create(connection)
        fill(connection)

    return make


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        revision = connection.execute(_REVISION).scalar()
    if revision == HEAD:
        return
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        migrate(connection)
