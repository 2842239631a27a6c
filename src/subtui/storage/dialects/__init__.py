"""The kinds of databases: what differs between them lives here, and nowhere else."""

from pathlib import Path

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from subtui.domain.errors import StorageProblem
from subtui.storage.dialects import sqlite
from subtui.storage.dialects.base import Dialect
from subtui.storage.dialects.names import is_on_server, place_of
from subtui.storage.dialects.sqlite_engine import url_of

__all__ = ["database_url", "dialect_of", "is_on_server", "place_of"]

_GIVE = "Give the path of a file, or postgresql://USER@HOST/NAME."


def dialect_of(database: URL | Engine | Connection) -> Dialect:
    """The dialect of a database. Raises StorageProblem for a kind that is not supported."""
    kind = database.get_backend_name() if isinstance(database, URL) else database.dialect.name
    if kind == "postgresql":
        return _postgres()
    if kind != "sqlite":
        raise StorageProblem(f"subtui opens SQLite files and PostgreSQL databases, not {kind}. {_GIVE}")
    return sqlite


def _postgres() -> Dialect:
    try:
        import psycopg  # noqa: F401, PLC0415  (an extra, and loaded only by those who use a server)
    except ImportError:
        raise StorageProblem("PostgreSQL needs a driver. Install it with: pip install 'subtui[postgres]'") from None
    from subtui.storage.dialects import postgres  # noqa: PLC0415

    return postgres


def database_url(where: str) -> URL:
    """The SQLAlchemy URL for a path or a URL.

    Raises StorageProblem for a path that cannot be one and for a URL of a kind that is not supported.
    """
    if not where or "\0" in where:
        raise StorageProblem("That is not a valid file name. Give the path of a database.")
    if "://" not in where:
        try:
            return url_of(Path(where).expanduser().absolute())
        except RuntimeError:
            raise StorageProblem(f"“{where[:60]}” is the home folder of an unknown user. Give a full path.") from None
    try:
        url = make_url(where)
        dialect_of(url)
    except ArgumentError:
        raise StorageProblem(f"“{where[:60]}” is not a database URL. {_GIVE}") from None
    if url.password:
        # It would stand in the list of processes, in the shell's history, in settings.
        raise StorageProblem("Leave the password out of the URL: give it in PGPASSWORD, or keep it in ~/.pgpass.")
    return url
