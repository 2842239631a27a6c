"""Databases on the tests' PostgreSQL server: one for each test, copied from one that was made once."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import psycopg
from psycopg.rows import dict_row

from subtui.storage.dialects.postgres_bulk import read_as_stored
from tests.postgres_server import PostgresServer

SESSIONS = "sign_in"
"""The table of the sign-ins: each program that a test opens beside another writes its own row."""

_numbers = count(1)


class ServerPlace(str):
    """The URL of a database on the tests' server, where a test of files has a path."""

    __slots__ = ()


class Copies:
    """Makes databases that are copies of another one, and removes them."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._made: list[str] = []

    def empty(self) -> ServerPlace:
        """A database without tables."""
        return self._create("")

    def of(self, template: ServerPlace) -> ServerPlace:
        """A copy of a database that nothing is connected to."""
        return self._create(f' TEMPLATE "{_name_of(template)}" STRATEGY FILE_COPY')

    def _create(self, how: str) -> ServerPlace:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with _administrator(self._server) as connection:
            connection.execute(f'CREATE DATABASE "{name}"{how}')
        self._made.append(name)
        return ServerPlace(self._server.url(name))

    def remove(self) -> None:
        """Remove what was made, with the connections to it."""
        with _administrator(self._server) as connection:
            for name in self._made:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._made.clear()


@contextmanager
def _administrator(server: PostgresServer) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        yield connection


def _name_of(place: ServerPlace) -> str:
    return place.split("?", 1)[0].rsplit("/", 1)[1]


# --- reading beside the program, with values as SQLite has them -----------------------------------------------------


@contextmanager
def looking(place: ServerPlace) -> Iterator["psycopg.Connection[dict[str, Any]]"]:
    """A connection beside the program: rows by name, days and JSON as text, truth as 0 and 1."""
    with psycopg.connect(place, row_factory=dict_row, autocommit=True) as connection:
        read_as_stored(connection.adapters)
        yield connection


_STATEMENTS = {
    "DROP TRIGGER event_no_update": "ALTER TABLE event DISABLE TRIGGER event_no_change",
    "DROP TRIGGER event_no_delete": "ALTER TABLE event DISABLE TRIGGER event_no_change",
    "PRAGMA foreign_keys = OFF": "SET session_replication_role = replica",
}


@cache
def _truths() -> "re.Pattern[str]":
    names = "verified|active|auto_charge|running|drill|access_in_pause|restarts_cycle"
    return re.compile(rf"\b({names}) = ([01])\b")


def portable(statement: str) -> str:
    """A statement of a test, written for SQLite, in PostgreSQL's words."""
    statement = re.sub(r"\b(UPDATE|FROM|JOIN|INTO) '(user|order)'", r"\1 \2", statement)
    quoted = re.sub(r'(?<!")\b(UPDATE|FROM|JOIN|INTO) (user|order)\b', r'\1 "\2"', statement)
    for ours, theirs in _STATEMENTS.items():
        quoted = quoted.replace(ours, theirs)
    said = _truths().sub(lambda found: f"{found[1]} = {'true' if found[2] == '1' else 'false'}", quoted)
    return said.replace("%", "%%").replace("?", "%s")


def _whole(table: str) -> str:
    return f'SELECT * FROM "{table}"'  # noqa: S608  (a name from the catalogue)


def all_rows(place: ServerPlace) -> dict[str, list[Any]]:
    """Every row of every table but the sign-ins."""
    with looking(place) as connection:
        names = [
            row["relname"]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                " AND relname NOT IN ('sign_in', 'contact_search', 'contact_word')"
            )
        ]
        return {
            name: sorted((tuple(row.values()) for row in connection.execute(_whole(name))), key=str) for name in names
        }
