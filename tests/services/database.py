"""The database itself, read beside the services: every row of every table, and single values."""

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgres_places import SESSIONS, ServerPlace, all_rows, looking, portable
from tests.postgres_server import RUN_FOLDER


def everything(path: Path) -> dict[str, list[Any]]:
    """Every row of every table but the sign-ins."""
    if isinstance(path, ServerPlace):
        return all_rows(path)
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != ?"
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute(listed, [SESSIONS])]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=str) for name in names}  # noqa: S608


def folder_for(path: Path) -> Path:
    """A folder for the files of a test: beside its database, or of the run."""
    if isinstance(path, ServerPlace):
        return Path(tempfile.mkdtemp(dir=os.environ[RUN_FOLDER]))
    return path.parent


def changed_tables(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """The names of the tables that read differently."""
    return {name for name in before if before[name] != after[name]}


def subject_of(event: dict[str, Any]) -> str:
    """The subject of a row of the log: `order:1881`."""
    return f"{event['subject_type']}:{event['subject_id']}"


def rows(path: Path, query: str, *values: object) -> list[dict[str, Any]]:
    """What a query answers, by column name."""
    if isinstance(path, ServerPlace):
        with looking(path) as server:
            return server.execute(portable(query), values).fetchall()
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query, values)]


def run_with(path: Path, statement: str, *values: object) -> None:
    """Change the database behind the program's back, by one statement with values."""
    if isinstance(path, ServerPlace):
        with looking(path) as server:
            server.execute(portable(statement), values)
        return
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement, values)
        connection.commit()


def run(path: Path, *statements: str) -> None:
    """Change the database behind the program's back."""
    if isinstance(path, ServerPlace):
        with looking(path) as server:
            try:
                for statement in statements:
                    server.execute(portable(statement), ())
            except (psycopg.DataError, psycopg.errors.DatatypeMismatch, psycopg.errors.UndefinedFunction) as error:
                pytest.skip(f"a server does not take this damage: {error}")
        return
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
