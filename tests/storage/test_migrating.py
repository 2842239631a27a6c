"""A database of an older revision is brought up to date with everything in it.

`schemas/` keeps the schema of every revision that was ever current, as SQLite wrote it.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.log import VerifyLog
from subtui.services.backend import Backend
from subtui.storage.revisions import HEAD, REVISIONS

SCHEMAS = Path(__file__).parent / "schemas"
OWN = """
SELECT name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'contact_words_%' AND name NOT LIKE 'contact_parts_%'
ORDER BY type DESC, name
"""
"""Tables, triggers and indexes, but for what SQLite keeps of a full-text index."""


def statements(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [sql for _, sql in connection.execute(OWN)]


def columns_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table of the record, without the full-text indexes and the revision."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: [f'"{column}"' for _, column, *_ in connection.execute(f'PRAGMA table_info("{name}")')]
        for name in names
        if name != "alembic_version" and not name.startswith(("contact_words", "contact_parts", "contact_vocabulary"))
    }


def rows_of(path: Path, columns: dict[str, list[str]]) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f'SELECT {", ".join(names)} FROM "{name}" ORDER BY 1, 2').fetchall()  # noqa: S608
            for name, names in columns.items()
        }


@pytest.fixture(params=REVISIONS)
def old_db(request: pytest.FixtureRequest, demo_db: Path, tmp_path: Path) -> Path:
    """The demo in a database of each revision."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SCHEMAS / f"{request.param}.sql").read_text())
        connection.execute("INSERT INTO alembic_version VALUES (?)", [request.param])
        connection.execute("ATTACH ? AS new", [str(demo_db)])
        for name, columns in columns_of(connection).items():
            connection.execute(f'DELETE FROM main."{name}"')  # noqa: S608
            listed = ", ".join(columns)
            connection.execute(f'INSERT INTO main."{name}" ({listed}) SELECT {listed} FROM new."{name}"')  # noqa: S608
        connection.commit()
    return path


def test_the_newest_schema_is_among_those_that_are_kept(demo_db: Path) -> None:
    assert {path.stem for path in SCHEMAS.glob("*.sql")} == set(REVISIONS)
    kept = (SCHEMAS / f"{HEAD}.sql").read_text()
    assert [line for line in statements(demo_db) if line not in kept] == []


def test_everything_that_was_there_is_there_after_it(old_db: Path) -> None:
    with closing(sqlite3.connect(old_db)) as connection:
        columns = columns_of(connection)
    before = rows_of(old_db, columns)
    with Backend.open(str(old_db)) as backend:
        assert backend.read(VerifyLog()).broken is None
    assert rows_of(old_db, columns) == before
    with closing(sqlite3.connect(old_db)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_schema_after_it_is_that_of_a_new_database(old_db: Path, demo_db: Path) -> None:
    Backend.open(str(old_db)).close()
    with closing(sqlite3.connect(old_db)) as old, closing(sqlite3.connect(demo_db)) as new:
        assert {name: sorted(columns) for name, columns in columns_of(old).items()} == {
            name: sorted(columns) for name, columns in columns_of(new).items()
        }
        assert [name for name, _ in old.execute(OWN)] == [name for name, _ in new.execute(OWN)]


def test_a_database_that_is_up_to_date_is_left_alone(old_db: Path, tmp_path: Path) -> None:
    Backend.open(str(old_db)).close()
    before = Path(shutil.copy(old_db, tmp_path / "before.db")).read_bytes()
    Backend.open(str(old_db)).close()
    assert old_db.read_bytes() == before
