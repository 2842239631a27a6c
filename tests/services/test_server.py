"""A database on a server: its roles, its upgrade, its copies, and what is refused before anything is opened."""

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any, cast

import psycopg
import pytest
from sqlmodel import SQLModel

from subtui.acts.contacts import FindContacts
from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription
from subtui.clock import Clock
from subtui.domain.errors import Refused, StorageProblem
from subtui.made_data import Wanted, generate
from subtui.services.backend import Backend
from subtui.services.database_copy import copy_verified
from subtui.storage.database import database_url, grants, is_made, place_of, upgrade, url_of
from subtui.storage.dialects import postgres_errors
from subtui.storage.revisions import HEAD, REVISIONS
from tests.postgres_places import Copies, ServerPlace, looking
from tests.postgres_server import PostgresServer

from .asking import TODAY, desk_on
from .database import rows, run
from .ordering import MONTHLY, SUBSCRIPTION, refund, set_inactive

AGENT_ROLE = "subtui_agent"
OLDER = f"UPDATE alembic_version SET version_num = '{REVISIONS[-2]}'"  # noqa: S608
NEWEST = (
    *(f"DROP TABLE {name}" for name in ("batch_row", "batch", "saved_view")),
    *(f"ALTER TABLE note DROP COLUMN {name}" for name in ("subscription_id", "order_id", "author_id")),
    *(f"ALTER TABLE contact DROP COLUMN {name}" for name in ("merged_into_id", "city_key")),
    "ALTER TABLE account DROP COLUMN batch_limits",
    *(
        f"DROP INDEX ix_{name}"
        for name in (
            *("contact_tag_tag", "credit_card_last4", "order_due"),
            *("payment_reference", "subscription_reason", "subscription_recorded_by"),
        )
    ),
)
"""What takes the newest revision back."""


@pytest.fixture
def as_agent(place: Path, postgres_server: PostgresServer) -> Path:
    """The same database, as the role that agents have."""
    with looking(ServerPlace(place)) as connection:
        connection.execute(
            f"DO $$ BEGIN CREATE ROLE {AGENT_ROLE} LOGIN;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$"
        )
    for statement in grants(database_url(str(place)), AGENT_ROLE):
        run(place, statement)
    name = str(place).split("?", 1)[0].rsplit("/", 1)[1]
    agents: Any = ServerPlace(postgres_server.url(name, AGENT_ROLE))
    return cast("Path", agents)


# --- what each role may do --------------------------------------------------------------------------------------------

AGAINST_THE_LOG = (
    "UPDATE event SET actor = 'x' WHERE id = 3",
    "DELETE FROM event WHERE id = 3",
    "TRUNCATE event CASCADE",
    "INSERT INTO event SELECT * FROM event WHERE id = 3 ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    "SELECT * FROM event FOR UPDATE",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP TRIGGER event_no_change ON event",
    "DROP TABLE event CASCADE",
    "SET session_replication_role = replica",
    "ALTER TABLE event OWNER TO subtui_agent",
    "CREATE OR REPLACE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "UPDATE letter SET body = ''",
    "DELETE FROM intention",
    "UPDATE alembic_version SET version_num = 'x'",
)


@pytest.mark.parametrize("statement", AGAINST_THE_LOG)
def test_the_role_of_the_agents_cannot_touch_the_log(as_agent: Path, statement: str) -> None:
    with looking(ServerPlace(as_agent)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_role_of_the_agents_can_do_all_its_work(as_agent: Path) -> None:
    with desk_on(as_agent, TODAY, "agent") as backend:
        set_inactive(backend)
        refund(backend, MONTHLY)
        assert backend.read(VerifyLog()).broken is None
        assert backend.read(VerifyLog()).entries == 14


@pytest.mark.parametrize("statement", AGAINST_THE_LOG[:4])
@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_even_the_owner_meets_the_trigger(place: Path, statement: str, mode: str) -> None:
    with looking(ServerPlace(place)) as connection:
        connection.execute(f"SET session_replication_role = {mode}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            connection.execute(statement)


def test_a_file_has_no_roles(tmp_path: Path) -> None:
    with pytest.raises(StorageProblem, match="has no roles"):
        grants(url_of(tmp_path / "my.db"), "x")


def test_a_role_with_any_name_is_quoted() -> None:
    assert all('"a ""b"' in line for line in grants(database_url("postgresql://h/n"), 'a "b') if " TO " in line)


# --- making, opening, upgrading ---------------------------------------------------------------------------------------


def test_an_empty_database_is_not_filled_unasked(copies: Copies) -> None:
    empty = copies.empty()
    with pytest.raises(StorageProblem, match="is empty"):
        Backend.open(empty)
    assert not is_made(database_url(empty))


def test_a_database_of_another_program_is_left_alone(copies: Copies) -> None:
    other = copies.empty()
    with looking(other) as connection:
        connection.execute("CREATE TABLE mine (a int)")
    with pytest.raises(StorageProblem, match="another program"):
        Backend.open(other, create=True)


def test_a_making_that_fails_leaves_nothing(copies: Copies, tmp_path: Path) -> None:
    empty = copies.empty()
    (tmp_path / "seed.json").write_text("{}")
    with pytest.raises(Exception, match="seed"):
        Backend.open(empty, create=True, seed=tmp_path / "seed.json")
    assert not is_made(database_url(empty))


def test_an_older_database_is_upgraded_by_its_command_only(place: Path) -> None:
    run(
        place,
        *NEWEST,
        OLDER,
    )
    with pytest.raises(StorageProblem, match="Its owner updates it with: subtui db upgrade"):
        Backend.open(str(place))
    assert upgrade(database_url(str(place))) == (REVISIONS[-2], HEAD)
    assert upgrade(database_url(str(place))) == (HEAD, HEAD)
    with desk_on(place, TODAY, "agent") as backend:
        set_inactive(backend)
    indexes = rows(place, "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_order_due'")
    assert "WHERE" in indexes[0]["indexdef"], "the condition of a partial index is for every kind of database"


def test_an_upgrade_does_not_wait_for_long(place: Path) -> None:
    run(place, OLDER)
    with psycopg.connect(str(place)) as busy:
        busy.execute("SELECT * FROM alembic_version FOR UPDATE")
        with pytest.raises(StorageProblem, match="busy"):
            upgrade(database_url(str(place)))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("postgresql://nobody_here@/{name}?host={folder}", "refused this user|does not exist|cannot be used"),
        ("postgresql://postgres@/no_such_database?host={folder}", "There is no such database"),
        ("postgresql://postgres@/x?host=/nowhere", "cannot be reached"),
        ("postgresql://me:secret@/x", "out of the URL"),
    ],
)
def test_what_stands_in_the_way_is_a_sentence_without_the_password(
    place: Path, postgres_server: PostgresServer, where: str, words: str
) -> None:
    name = str(place).split("?", 1)[0].rsplit("/", 1)[1]
    with pytest.raises(StorageProblem, match=words) as refused:
        Backend.open(where.format(name=name, folder=postgres_server.folder))
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://me@db.example/team", "team on db.example"),
        ("postgresql://me@/team", "team on this machine"),
        ("postgresql://me@/team?host=/run/pg", "team on /run/pg"),
    ],
)
def test_how_a_database_is_named(url: str, words: str) -> None:
    assert place_of(database_url(url)) == words


def test_without_the_driver_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageProblem, match=r"pip install 'subtui\[postgres\]'"):
        database_url("postgresql://me@h/n")


# --- there and back ---------------------------------------------------------------------------------------------------

TEXTS = (
    "Zoë 例え 한글 שלום",
    "tab\tand\nline",
    "100% of \\N and \\. and \\\\",
    "",
    "NULL",
    "'; DROP TABLE x; --",
    "\U0001f600",
)
LARGE = 2**53


def stored(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the record, as SQLite stores it, in the order of the keys."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: sorted(connection.execute(f'SELECT * FROM "{table.name}"').fetchall(), key=repr)  # noqa: S608
            for table in SQLModel.metadata.sorted_tables
            if table.name != "sign_in"
        }


def test_the_demo_comes_back_byte_for_byte(demo_file: Path, copies: Copies, tmp_path: Path) -> None:
    there = copies.empty()
    first = Path(tmp_path / "first.db")
    first.write_bytes(demo_file.read_bytes())
    with desk_on(first, TODAY, "agent") as backend:
        set_inactive(backend)
        refund(backend, MONTHLY)
    with closing(sqlite3.connect(first)) as connection:
        for at, text in enumerate(TEXTS):
            connection.execute("UPDATE contact SET company = ?, person_notes = ? WHERE id = ?", (text, text, 1000 + at))
        connection.execute("UPDATE contact SET keap_id = ? WHERE id = 1007", (str(LARGE),))
        connection.execute(
            "INSERT INTO product (id, name, sku, price_minor, currency, active) VALUES (?, 'Dinar', '', ?, 'KWD', 1)",
            (LARGE, 2**60 + 1),
        )
        connection.commit()
    copied = copy_verified(url_of(first), database_url(there), lambda _progress: None)
    assert copied.entries == 14
    back = tmp_path / "back.db"
    copy_verified(database_url(there), url_of(back), lambda _progress: None)
    assert stored(back) == stored(first)
    with Backend.open(str(back), clock=Clock(TODAY)) as backend:
        backend.sign_in_demo()
        assert backend.read(GetSubscription(SUBSCRIPTION)).terms.ending.end_date == date(2026, 3, 14)


def test_new_rows_take_ids_behind_those_that_were_copied(demo_file: Path, copies: Copies) -> None:
    there: Any = copies.empty()
    copy_verified(url_of(demo_file), database_url(there), lambda _progress: None)
    with desk_on(there, TODAY, "agent") as backend:
        set_inactive(backend)
        refund(backend, MONTHLY)
        assert backend.read(VerifyLog()).broken is None


def test_a_database_that_is_there_is_not_written_over(demo_file: Path, place: Path) -> None:
    with pytest.raises(Refused, match="already"):
        copy_verified(url_of(demo_file), database_url(str(place)), lambda _progress: None)


@pytest.mark.files_only("copies a file")
def test_a_log_that_does_not_verify_is_not_copied(demo_db: Path, copies: Copies) -> None:
    there = copies.empty()
    run(demo_db, "DROP TRIGGER event_no_update", "UPDATE event SET actor = 'x' WHERE id = 3")
    with pytest.raises(Refused, match="Nothing was copied"):
        copy_verified(url_of(demo_db), database_url(there), lambda _progress: None)
    assert not is_made(database_url(there))


# --- what a server may refuse -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (psycopg.errors.DiskFull(), "The disk of team on db is full"),
        (psycopg.errors.TooManyConnections(), "takes no more connections"),
        (psycopg.errors.CannotConnectNow(), "is stopping or starting"),
        (psycopg.errors.AdminShutdown(), "is stopping or starting"),
        (psycopg.errors.ReadOnlySqlTransaction(), "is read-only at the moment"),
        (psycopg.errors.InvalidPassword(), "refused the password"),
        (psycopg.errors.LockNotAvailable(), "is busy"),
        (psycopg.errors.DeadlockDetected(), "is busy"),
        (psycopg.errors.QueryCanceled(), "took too long"),
        (psycopg.errors.UndefinedTable(), "subtui db init"),
        (psycopg.errors.InternalError_("strange"), "cannot be used: strange."),
        (psycopg.OperationalError("FATAL: too many clients already"), "takes no more connections"),
        (psycopg.OperationalError('FATAL: too many connections for role "few"'), "takes no more connections"),
        (psycopg.OperationalError("connection timeout expired"), "cannot be reached"),
        (psycopg.OperationalError("failed to resolve host 'h': Name or service not known"), "cannot be reached"),
        (psycopg.OperationalError("server closed the connection unexpectedly"), "was lost"),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL"), "cannot store that text"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_refusal_of_a_server_has_its_sentence(error: Exception, words: str) -> None:
    sentence = postgres_errors.explain(error, "team on db")
    assert sentence is not None
    assert words in sentence


def test_another_error_is_none_of_its(tmp_path: Path) -> None:
    assert postgres_errors.explain(ValueError("x"), str(tmp_path)) is None


def test_a_standby_can_be_read_and_refuses_acts_with_a_sentence(tmp_path: Path) -> None:
    server = PostgresServer.make()
    try:
        place: Any = Copies(server).empty()
        Backend.open(place, create=True).close()
        server.stop("fast")
        (server.data / "standby.signal").touch()
        server.start()
        with Backend.open(place, clock=Clock(TODAY)) as backend:
            assert backend.session_info().demo
            backend.sign_in_demo("agent")
            assert backend.read(GetSubscription(SUBSCRIPTION)).id == SUBSCRIPTION
            with pytest.raises(StorageProblem, match="read-only at the moment"):
                set_inactive(backend)
    finally:
        server.remove()
    assert tmp_path.exists()


def test_what_is_due_expires_once_though_many_start_at_the_same_moment(place: Path) -> None:
    later = date(2026, 4, 2)
    barrier = Barrier(6, timeout=60)

    def start(_number: int) -> int:
        with Backend.open(str(place), clock=Clock(later)) as backend:
            barrier.wait()
            return backend.session_info().rolled

    with ThreadPoolExecutor(6) as threads:
        rolled = list(threads.map(start, range(6)))
    entries = rows(place, "SELECT subject_id FROM event WHERE command = 'subscription.roll' AND id > 12")
    assert len(entries) == len({entry["subject_id"] for entry in entries}) == sum(rolled) > 0
    with Backend.open(str(place), clock=Clock(later)) as backend:
        assert backend.read(VerifyLog()).broken is None


def test_generated_data_can_be_made_and_searched_on_a_server(copies: Copies) -> None:
    empty = copies.empty()
    made = generate(database_url(empty), Wanted(60, 3))
    assert made.rows["contact"] == 60
    with Backend.open(empty, clock=Clock(TODAY)) as backend:
        backend.sign_in_demo("agent")
        name = rows(cast("Path", empty), "SELECT last_name FROM contact WHERE id = 5")[0]["last_name"]
        assert 5 in [row.id for row in backend.read(FindContacts(name)).rows]
        assert backend.read(VerifyLog()).broken is None
    with pytest.raises(Refused, match="already"):
        generate(database_url(empty), Wanted(1, 3))
