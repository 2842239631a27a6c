"""The database file itself, read beside the services: every row of every table, and single values."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

SESSIONS = "sign_in"
"""The table of the sign-ins: each program that a test opens beside another writes its own row."""


def everything(path: Path) -> dict[str, list[Any]]:
    """Every row of every table but the sign-ins."""
    listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != ?"
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute(listed, [SESSIONS])]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=str) for name in names}  # noqa: S608


def changed_tables(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """The names of the tables that read differently."""
    return {name for name in before if before[name] != after[name]}


def subject_of(event: dict[str, Any]) -> str:
    """The subject of a row of the log: `order:1881`."""
    return f"{event['subject_type']}:{event['subject_id']}"


def rows(path: Path, query: str, *values: object) -> list[dict[str, Any]]:
    """What a query answers, by column name."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query, values)]


def run(path: Path, *statements: str) -> None:
    """Change the file behind the program's back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
