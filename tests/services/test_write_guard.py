"""No write of the record is committed without a log entry, however the statement reached the database."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.orm import Session

from subtui.services.backend import Backend
from subtui.storage.tables import Contact, Note, RecentContact
from subtui.storage.write_guard import UNKNOWN, written_table
from tests.services.database import everything


def _core_update(session: Session) -> None:
    session.execute(update(Contact).where(Contact.id == 1007).values(first_name="Unlogged"))  # type: ignore[arg-type]


def _flushed_row(session: Session) -> None:
    session.get_one(Contact, 1007).first_name = "Unlogged"
    session.flush()
    session.expire_all()


def _core_insert(session: Session) -> None:
    session.execute(
        insert(Note).values(contact_id=1007, at=datetime(2026, 3, 2, tzinfo=UTC), author="", text="unlogged")
    )


def _raw_sql(session: Session) -> None:
    session.execute(text("UPDATE \"order\" SET title = 'Unlogged' WHERE id = 1702"))


def _many_raw(session: Session) -> None:
    mark = "?" if session.get_bind().dialect.name == "sqlite" else "%s"
    statement = f"UPDATE contact SET company = {mark} WHERE id = {mark}"  # noqa: S608
    session.connection().exec_driver_sql(statement, [("Unlogged", 1007)] * 2)


def _core_delete(session: Session) -> None:
    session.execute(delete(Note))


def _orm_delete(session: Session) -> None:
    session.delete(session.get_one(Note, 1))


def _insert_from_select(session: Session) -> None:
    session.execute(
        text(
            "WITH one AS (SELECT 1007 AS id) "
            "INSERT INTO note (contact_id, at, author, text) SELECT id, '2026-03-02 09:30:00', '', 'unlogged' FROM one"
        )
    )


WRITES = (
    _core_update,
    _flushed_row,
    _core_insert,
    _raw_sql,
    _many_raw,
    _core_delete,
    _orm_delete,
    _insert_from_select,
)


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__.strip("_"))
def test_a_write_without_a_log_entry_is_not_committed(
    backend: Backend, demo_db: Path, write: Callable[[Session], None]
) -> None:
    with backend._work.untracked_write() as session:
        session.execute(text("INSERT INTO recent_contact (user_id, contact_id, opened) VALUES (3, 1007, 1)"))
    before = everything(demo_db)
    with (
        pytest.raises(AssertionError, match="wrote nothing to the log"),
        backend._work.transaction(backend.person) as tx,
    ):
        write(tx.session)
    assert everything(demo_db) == before


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__.strip("_"))
def test_a_convenience_cannot_write_the_record(
    backend: Backend, demo_db: Path, write: Callable[[Session], None]
) -> None:
    before = everything(demo_db)
    with pytest.raises(AssertionError, match="without an act"), backend._work.untracked_write() as session:
        write(session)
    assert everything(demo_db) == before


def test_what_stands_beside_the_record_needs_no_entry(backend: Backend) -> None:
    with backend._work.transaction(backend.person) as tx:
        tx.session.add(RecentContact(user_id=3, contact_id=1008, opened=99))


def test_a_statement_that_changed_no_row_needs_no_entry(backend: Backend) -> None:
    with backend._work.transaction(backend.person) as tx:
        tx.session.execute(text("UPDATE contact SET first_name = 'None' WHERE id = -1"))


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("SELECT 1", None),
        ("  select 'UPDATE contact SET' ", None),
        ("WITH a AS (SELECT 1) SELECT * FROM a", None),
        ("PRAGMA cache_size", None),
        ("ANALYZE contact", None),
        ("BEGIN IMMEDIATE", None),
        ("INSERT INTO contact VALUES (1)", "contact"),
        ("INSERT OR IGNORE INTO contact_tag VALUES (1, 2)", "contact_tag"),
        ('UPDATE "order" SET version = 2', "order"),
        ("UPDATE OR IGNORE main.contact SET id = 1", "contact"),
        ("\nDELETE FROM\n  note WHERE id = 1", "note"),
        ("REPLACE INTO tag VALUES (1)", "tag"),
        ("WITH a AS (SELECT 1) DELETE FROM note WHERE id IN (SELECT * FROM a)", "note"),
        ("DROP TABLE contact", "contact"),
        ("CREATE TEMPORARY TABLE touched_order (id INTEGER)", "touched_order"),
        ("VACUUM", UNKNOWN),
    ],
)
def test_the_table_that_a_statement_writes(statement: str, table: str | None) -> None:
    assert written_table(statement) == table
