"""Makes the search on PostgreSQL, whose text stands in `postgres_search.sql`, and tells where it cannot work."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from subtui.domain.errors import StorageProblem

_SOURCE = Path(__file__).with_name("postgres_search.sql")
_BETWEEN = "\n--------\n"

SEARCH_TABLES = ("contact_search", "contact_word")
"""What the search keeps beside the contacts: written by triggers, with the rights of the writer."""

_THERE = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'")
# Whether trigrams know a letter beyond ASCII: they go by the locale that the database was created with.
_SEES = text("SELECT cardinality(show_trgm('я')) > 0")
_REPLACEABLE = text(
    "SELECT pg_has_role(relowner, 'USAGE') AND NOT EXISTS (SELECT FROM contact_search) FROM pg_class"
    " WHERE oid = 'contact_search'::regclass"
)
_OWNED = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'contact_search'::regclass")
_GATHERED_KB = 8192
_INDEX_NAME = re.compile(r"CREATE INDEX (\w+)")
_MEMORY = "256MB"

_NOT_THERE = (
    "{where} cannot be searched: its server has no extension pg_trgm. Ask its administrator to install the package"
    " postgresql-contrib, then try again."
)
_NOT_ALLOWED = (
    "{where} cannot be searched without the extension pg_trgm, and this user may not add it. Ask the database's owner"
    " to run there: CREATE EXTENSION pg_trgm"
)
_NOT_MADE = (
    "{where} cannot be searched: it has no extension pg_trgm. Ask the database's owner to run there:"
    " CREATE EXTENSION pg_trgm"
)
_BLIND = (
    "{where} knows no letters beyond English ones, so that most names could not be found. Create the database with"
    " ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' TEMPLATE template0 instead."
)


def create_search(connection: Connection) -> None:
    """Make the search: extension, tables, indexes, triggers, functions. Raises StorageProblem where it cannot."""
    if not connection.execute(_THERE).scalar_one():
        raise StorageProblem(_NOT_THERE.format(where=_name_of(connection)))
    try:
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise StorageProblem(_NOT_ALLOWED.format(where=_name_of(connection))) from error
        raise
    require_search(connection)
    for statement in _statements():
        # A percent sign stands for itself: nothing is put into the text.
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _statements() -> list[str]:
    return _SOURCE.read_text(encoding="utf-8").split(_BETWEEN)


def require_search(connection: Connection) -> None:
    """Raise StorageProblem where trigrams cannot find what is in the database."""
    where = _name_of(connection)
    try:
        sees = connection.execute(_SEES).scalar_one()
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.errors.UndefinedFunction):
            raise StorageProblem(_NOT_MADE.format(where=where)) from error
        if isinstance(error.orig, psycopg.errors.UntranslatableCharacter):
            raise StorageProblem(_BLIND.format(where=where)) from error
        raise
    if not sees:
        raise StorageProblem(_BLIND.format(where=where))


def _name_of(connection: Connection) -> str:
    return connection.engine.url.database or "The database"


@contextmanager
def indexed_afterwards(connection: Connection) -> Iterator[None]:
    """Where no contact is searched yet, make the large indexes once the block has written very many.

    It takes a fifth of the time, and no search waits, as there is no contact to find. Needs the owner's rights;
    without them the indexes stay.
    """
    large = [statement for statement in _statements() if " USING gin " in statement]
    if not connection.execute(_REPLACEABLE).scalar_one():
        yield
        return
    for statement in large:
        connection.exec_driver_sql(f"DROP INDEX {_INDEX_NAME.findall(statement)[0]}")
    yield
    connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
    for statement in large:
        connection.exec_driver_sql(statement)


@contextmanager
def gathering(connection: Connection) -> Iterator[None]:
    """Let the large indexes gather what the block writes, and sort in some thousand rows at once: five times as fast.

    Searches read the gathered rows too, so there are never very many. Needs the owner's rights; without them each row
    is sorted in as it is written.
    """
    if not connection.execute(_OWNED).scalar_one():
        yield
        return
    names = [_INDEX_NAME.findall(statement)[0] for statement in _statements() if " USING gin " in statement]
    for name in names:
        connection.exec_driver_sql(f"ALTER INDEX {name} SET (fastupdate = on, gin_pending_list_limit = {_GATHERED_KB})")
    yield
    for name in names:
        connection.exec_driver_sql(f"SELECT gin_clean_pending_list('{name}')")
        connection.exec_driver_sql(f"ALTER INDEX {name} SET (fastupdate = off)")
