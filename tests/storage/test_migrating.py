"""A database of the version before is brought up to date with everything in it, or left as it was."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import alembic.op
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from subtui.acts.account import GetBilling, GetSettings
from subtui.acts.contacts import GetOverview, RememberOpened
from subtui.acts.log import FindInLog, GetLetter, VerifyLog
from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.acts.tickets import FileCall, RequestCancellation
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import Refused
from subtui.domain.requests import CallDraft, CancellationDraft, ContactDetails
from subtui.domain.subscriptions import Status
from subtui.services.account import NO_PLAN
from subtui.services.backend import Backend
from subtui.storage import database, migrations
from subtui.storage.engine import WRITES, database_url, open_engine
from tests.storage.indexes import not_an_index

DAY = date(2026, 3, 2)
Row = dict[str, Any]


def cancel(backend: Backend) -> int:
    """Cancel a subscription of the demo; returns the letter about it."""
    record = backend.read(GetSubscription(1042))
    draft = replace(draft_of(record.terms), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="unused")
    letter_id = backend.do(SaveSubscription(1042, draft, version=record.version)).letter_id
    assert letter_id is not None
    return letter_id


def make_at(path: Path, revision: str) -> None:
    """An empty database as it was at a revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = open_engine(database_url(str(path)))
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def to_columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table, but for the version that alembic keeps."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: [column for _, column, *_ in connection.execute(f'PRAGMA table_info("{name}")')]
        for name in names
        if name != "alembic_version"
    }


def rows_of(path: Path, columns: dict[str, list[str]]) -> dict[str, list[Any]]:
    """What stands in these columns."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f'SELECT {", ".join(map(quoted, names))} FROM "{name}" ORDER BY 1, 2').fetchall()  # noqa: S608
            for name, names in columns.items()
        }


def quoted(name: str) -> str:
    return f'"{name}"'


@pytest.fixture(scope="module")
def filled_old_file(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the first version, made once: the demo's customers, its log, and a letter to one of them."""
    folder = tmp_path_factory.mktemp("old")
    new, old = Path(shutil.copy(demo_file, folder / "new.db")), folder / "old.db"
    with Backend.open(str(new), clock=Clock(DAY)) as backend:
        backend.sign_in_demo()
        cancel(backend)
        backend.do(RememberOpened(1007))
    make_at(old, "0001")
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("ATTACH ? AS new", [str(new)])
        for name, names in to_columns(connection).items():
            listed = ", ".join(map(quoted, names))
            connection.execute(f'INSERT INTO main."{name}" ({listed}) SELECT {listed} FROM new."{name}"')  # noqa: S608
        connection.commit()
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return old


@pytest.fixture
def old_db(filled_old_file: Path, tmp_path: Path) -> Path:
    """A database of the first version, of the test's own."""
    return Path(shutil.copy(filled_old_file, tmp_path / "my.db"))


def revision_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        ((revision,),) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(revision)


def all_of(path: Path) -> tuple[dict[str, list[Any]], list[Any]]:
    """Every row, and the schema."""
    with closing(sqlite3.connect(path)) as connection:
        columns = to_columns(connection)
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall()
    return rows_of(path, columns), schema


def test_everything_that_was_there_is_there_after_it(old_db: Path) -> None:
    with closing(sqlite3.connect(old_db)) as connection:
        columns = to_columns(connection)
    assert "plan" not in columns["account"]
    assert "cancellation_request" not in columns
    before = rows_of(old_db, columns)
    assert {name: len(rows) for name, rows in before.items()}["letter"] == 1
    with Backend.open(str(old_db), clock=Clock(DAY)) as backend:
        assert backend.read(VerifyLog()).broken is None
        assert backend.read(VerifyLog()).entries == 13
    assert revision_of(old_db) == database.HEAD
    assert rows_of(old_db, columns) == before


def test_the_file_is_whole_and_its_references_hold(old_db: Path) -> None:
    Backend.open(str(old_db)).close()
    with closing(sqlite3.connect(old_db)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
        assert [name for (name,) in triggers] == [
            *("contact_indexed", "contact_reindexed", "contact_unindexed"),
            *("event_no_delete", "event_no_update"),
            *("payment_delete", "payment_insert", "payment_update"),
        ]
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE event SET actor = 'Somebody else' WHERE id = 1")


def test_the_schema_is_that_of_a_new_database(old_db: Path, demo_db: Path) -> None:
    Backend.open(str(old_db)).close()
    engine = open_engine(database_url(str(old_db)))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": not_an_index})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()
    assert [row[:2] for row in all_of(old_db)[1]] == [row[:2] for row in all_of(demo_db)[1]]


def test_the_account_has_the_documented_terms_and_no_plan_yet(old_db: Path) -> None:
    Backend.open(str(old_db)).close()
    with closing(sqlite3.connect(old_db)) as connection:
        connection.row_factory = sqlite3.Row
        (account,) = [dict(row) for row in connection.execute("SELECT * FROM account")]
        counts = [
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608
            for name in ("account_invoice", "cancellation_request", "correspondence")
        ]
    assert (account["name"], account["time_zone"], account["created_on"]) == (
        "Juniper & Rye",
        "America/Phoenix",
        "2019-05-06",
    )
    expected = {
        "plan": "",
        "fee_minor": 0,
        "fee_currency": "",
        "cycle": "month",
        "frequency": 1,
        "anchor": None,
        "notice_days": 10,
        "answer_days": 2,
        "minimum_months": None,
        "phone": "",
        "opening_hours": "",
        "own_holidays": "[]",
        "version": 1,
    }
    assert {name: account[name] for name in expected} == expected
    assert counts == [0, 0, 0]


def test_a_letter_of_before_is_read_and_a_new_one_is_written(old_db: Path) -> None:
    with Backend.open(str(old_db), clock=Clock(DAY)) as backend:
        backend.sign_in_demo()
        letter = backend.read(GetLetter(1))
        assert (letter.to, letter.contact_id, letter.subscription_id) == ("López, María", 1007, 1042)
        assert (letter.request_id, letter.undone) == (None, False)
        assert backend.read(FindInLog(letter.log_hash[:16])) == 13
        backend.do(UndoCancellation(1042, version=2))
        assert backend.read(GetLetter(1)).undone
        assert cancel(backend) == 2
        assert [row.id for row in backend.read(GetOverview()).recent] == [1007]
        assert backend.read(VerifyLog()).broken is None


def test_until_an_owner_records_the_plan_nobody_can_ask_to_end_the_account(old_db: Path) -> None:
    draft = CancellationDraft(ContactDetails("owner@demo.example"), "too_expensive", acknowledged=True)
    with Backend.open(str(old_db), clock=Clock(DAY)) as backend:
        backend.sign_in_demo("owner")
        with pytest.raises(Refused, match=re.escape(NO_PLAN)):
            backend.do(RequestCancellation(draft))
        settings = backend.read(GetSettings())
        assert (settings.plan, settings.fee, settings.currency, settings.anchor) == ("", "0.00", "USD", None)
        assert settings.reasons[0].code == "too_expensive"
        assert backend.read(GetBilling()).now is None
        call = backend.do(FileCall(CallDraft("602 555 0142"))).request
        assert (call.ticket, call.answer_due) == ("T-0001", date(2026, 3, 4))


def test_a_database_that_is_up_to_date_is_left_alone(old_db: Path) -> None:
    Backend.open(str(old_db)).close()
    before = all_of(old_db)
    Backend.open(str(old_db)).close()
    assert all_of(old_db) == before


class PowerCut(Exception):
    """What nothing in the program expects."""


@pytest.mark.parametrize("step", ["create_table", "create_index", "batch_alter_table"])
@pytest.mark.parametrize("succeed", [0, 1])
def test_an_update_that_fails_halfway_leaves_the_database_as_it_was(
    old_db: Path, monkeypatch: pytest.MonkeyPatch, step: str, succeed: int
) -> None:
    done = getattr(alembic.op, step)
    left = succeed if step != "batch_alter_table" else 0

    def cut(*args: Any, **more: Any) -> Any:
        nonlocal left
        if not left:
            raise PowerCut
        left -= 1
        return done(*args, **more)

    before = all_of(old_db)
    with monkeypatch.context() as patch:
        patch.setattr(alembic.op, step, cut)
        with pytest.raises(PowerCut):
            Backend.open(str(old_db))
    assert all_of(old_db) == before
    assert revision_of(old_db) == "0001"
    with Backend.open(str(old_db)) as backend:
        assert backend.read(VerifyLog()).broken is None
    assert revision_of(old_db) == database.HEAD


_OPENS = """
import sys
from subtui.acts.log import VerifyLog
from subtui.acts.log import VerifyLog
from subtui.services.backend import Backend
with Backend.open(sys.argv[1]) as backend:
    assert backend.read(VerifyLog()).broken is None
"""


def test_two_processes_that_open_an_old_database_update_it_once(old_db: Path) -> None:
    both = [subprocess.Popen([sys.executable, "-c", _OPENS, str(old_db)]) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert revision_of(old_db) == database.HEAD
