"""Under which id a row goes out: nothing is ever taken for another row."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from subtui.keap.exports.row_ids import RowIds
from subtui.storage.dialects.sqlite_engine import open_engine, url_of
from subtui.storage.tables.core import PRODUCT, TAG


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
        connection.commit()


@pytest.fixture
def reading(demo_db: Path) -> Iterator[Connection]:
    engine = open_engine(url_of(demo_db))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def ids(connection: Connection, table: str) -> list[str]:
    rows = SQLModel.metadata.tables[table]
    return list(connection.execute(select(RowIds(connection).of(rows)).order_by(rows.c.id)).scalars())


def test_our_numbers_stand_alone_where_nothing_came_out_of_a_file(reading: Connection) -> None:
    assert ids(reading, "tag") == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_beside_rows_of_keaps_they_are_marked(demo_db: Path, reading: Connection) -> None:
    change(demo_db, "UPDATE contact SET keap_id = '77' WHERE id = 1001")
    assert ids(reading, "tag")[0] == "subtui-1"
    assert ids(reading, "contact")[:2] == ["77", "subtui-1002"]


def test_an_id_that_an_import_has_made_stays(demo_db: Path, reading: Connection) -> None:
    change(demo_db, "UPDATE tag SET keap_id = '~vip' WHERE id = 1")
    assert ids(reading, "tag")[:2] == ["~vip", "subtui-2"]


def test_what_another_database_has_called_so_is_another_row(demo_db: Path, reading: Connection) -> None:
    change(demo_db, "UPDATE tag SET keap_id = 'subtui-2' WHERE id = 1")
    assert ids(reading, "tag")[:3] == ["subtui-2", "subtui-2-2", "subtui-2-3"]


def test_there_is_no_id_of_no_row(reading: Connection) -> None:
    none = PRODUCT.outerjoin(TAG, TAG.c.id == -1)
    assert reading.execute(select(RowIds(reading).of(TAG)).select_from(none)).scalars().first() is None
