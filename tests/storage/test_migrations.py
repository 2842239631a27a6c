"""The migrations make the same schema as the tables say."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import TableClause
from sqlmodel import SQLModel

from subtui.storage import migrations, tables
from subtui.storage.database import database_url
from subtui.storage.dialects.sqlite_engine import open_engine
from subtui.storage.light_tables import LIGHT_TABLES
from subtui.storage.revisions import REVISIONS
from tests.storage.indexes import not_an_index

VERSIONS = sorted(path.stem for path in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))


def test_the_newest_migration_is_the_one_that_opening_expects() -> None:
    assert tuple(name.split("_", 1)[1] for name in VERSIONS) == REVISIONS


def test_a_migrated_database_has_the_schema_of_the_tables(demo_db: Path) -> None:
    engine = open_engine(database_url(str(demo_db)))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": not_an_index})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_a_migrated_index_holds_what_the_contacts_say(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        for index in ("contact_words", "contact_parts"):
            connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608


def test_the_log_is_guarded_by_triggers_and_the_index_kept_by_them(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
    assert [name for (name,) in triggers] == [
        *("contact_indexed", "contact_reindexed", "contact_unindexed"),
        *("event_no_delete", "event_no_update"),
    ]


@pytest.mark.parametrize("light", LIGHT_TABLES, ids=str)
def test_the_columns_of_the_first_queries_are_those_of_the_tables(light: TableClause) -> None:
    table = SQLModel.metadata.tables[light.name]
    for column in light.c:
        kept = table.c[column.name].type
        assert kept._type_affinity is column.type._type_affinity, column.name


def test_money_is_never_a_float(demo_db: Path) -> None:
    with closing(sqlite3.connect(demo_db)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = [
            (name, column, kind)
            for name in names
            for _, column, kind, *_ in connection.execute(f'PRAGMA table_info("{name}")')
        ]
        assert not [column for column in columns if re.search("REAL|FLOA|DOUB|NUMERIC|DECIMAL", column[2])]
        money = [(table, column) for table, column, _ in columns if column.endswith("_minor")]
        assert ("subscription", "price_minor") in money
        for table, column in money:
            kinds = connection.execute(f'SELECT DISTINCT typeof("{column}") FROM "{table}"').fetchall()  # noqa: S608
            assert set(kinds) <= {("integer",)}, (table, column)


def test_tables_carry_the_names_of_the_field() -> None:
    assert tables.Event.__tablename__ == "event"
    named = {"contact", "subscription", "subscription_plan", "order", "order_item", "payment", "event", "letter"}
    assert named <= set(SQLModel.metadata.tables)
