"""The search's tables on a server follow every write, for a user with plain rights too; and a search can be ended."""

import itertools
import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.engine import make_url

from subtui.domain.errors import Cancelled, StorageProblem
from subtui.services.backend import Backend
from subtui.storage.dialects import dialect_of
from subtui.storage.dialects.base import BUSY_MS
from subtui.storage.dialects.postgres_engine import open_engine
from subtui.storage.search import contact_keys
from subtui.storage.tables import Contact
from tests.postgres_places import Copies, ServerPlace
from tests.postgres_server import PostgresServer

AGENT = f"agent_of_{os.getpid()}"
ADDRESSES: dict[str, list[str]] = {"billing_address": [], "shipping_address": []}


@pytest.fixture
def place(copies: Copies, demo_template: ServerPlace) -> ServerPlace:
    return copies.of(demo_template)


@pytest.fixture
def opened() -> Iterator[Callable[..., Engine]]:
    """Opens engines, which are closed after the test."""
    engines: list[Engine] = []

    def open_one(place: str) -> Engine:
        engines.append(open_engine(make_url(place), busy_ms=BUSY_MS, read_only=False))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.dispose()


@pytest.fixture
def agent(postgres_server: PostgresServer, place: ServerPlace) -> Iterator[str]:
    """The URL of the database for a user who may do no more than read and write rows."""
    with psycopg.connect(place, autocommit=True) as owner:
        owner.execute(
            f"CREATE ROLE {AGENT} LOGIN;"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {AGENT};"
            f" GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {AGENT}"
        )
    yield postgres_server.url(make_url(place).database or "", AGENT)
    with psycopg.connect(place, autocommit=True) as owner:
        owner.execute(f"DROP OWNED BY {AGENT}; DROP ROLE {AGENT}")


def found(connection: Any, asked: str) -> list[int]:
    hits = dialect_of(connection).find_contacts(connection, asked, limit=5, recent=(), after=None)
    return list(hits.ids)


def put(connection: Any, number: int, **row: str) -> None:
    connection.execute(insert(Contact).values({"id": number, **row, **contact_keys(row), **ADDRESSES}))


def test_the_search_follows_every_write_and_a_rollback(agent: str, opened: Callable[..., Engine]) -> None:
    """For a user with plain rights."""
    engine = opened(agent).execution_options(subtui_writes=True)
    with engine.connect() as connection:
        put(connection, 6000, last_name="Vanishing", email="gone@nowhere.example")
        assert found(connection, "vanishing") == [6000]
        connection.rollback()
        assert found(connection, "vanishing") == []
        put(connection, 6001, last_name="Renamed", email="old@quux.example", phone1="+44 20 7946 0999")
        connection.commit()
        for there in ("renamed", "uux.exa", "7946 0999", "renmaed"):
            assert found(connection, there) == [6001], there
        keys = contact_keys({"last_name": "Married", "email": "new@ccorge.example"})
        connection.execute(text("UPDATE contact SET id = 6002 WHERE id = 6001"))
        connection.execute(
            text(
                "UPDATE contact SET name_key = :name_key, rest_key = :rest_key, phone_key = :phone_key,"
                " sort_key = :sort_key WHERE id = 6002"
            ),
            keys,
        )
        connection.commit()
        for gone in ("renamed", "quux", "7946 0999", "6001"):
            assert found(connection, gone) == [], gone
        for there in ("married", "corge.exa", "marired", "6002"):
            assert found(connection, there) == [6002], there
        connection.execute(text("DELETE FROM contact WHERE id = 6002"))
        connection.commit()
        assert found(connection, "married") == []


def test_what_is_written_together_is_found(place: ServerPlace, opened: Callable[..., Engine]) -> None:
    with opened(place).execution_options(subtui_writes=True).connect() as connection, connection.begin():
        rows = [
            (number, f"Quorum{number}", contact_keys({"last_name": f"Quorum{number}"})) for number in range(7000, 7050)
        ]
        table = Contact.__table__  # type: ignore[attr-defined]
        keys = ("id", "last_name", "name_key", "rest_key", "phone_key", "sort_key")
        texts = ("job_title", "phone2", "first_name", "company", "email", "email2", "email3", "phone1", "website")
        names = (*keys, *texts, "person_notes", "billing_address", "shipping_address", "version")
        dialect_of(connection).insert_rows(
            connection,
            table,
            names,
            [(number, name, *made.values(), *[""] * 10, [], [], 1) for number, name, made in rows],
        )
        assert found(connection, "quorum7031") == [7031]
        assert found(connection, "qourum7031") == []
        connection.execute(text("DELETE FROM contact WHERE id > 7030"))
        assert found(connection, "quorum7031") == []
        assert found(connection, "quorum7030") == [7030]


@pytest.mark.parametrize("who", ["place", "agent"])
def test_a_bulk_load_is_found_while_it_runs_and_afterwards(
    request: pytest.FixtureRequest, who: str, opened: Callable[..., Engine]
) -> None:
    """By the owner, whose indexes gather what is written, and by a user with plain rights."""
    engine = opened(request.getfixturevalue(who)).execution_options(subtui_writes=True)
    with engine.connect() as connection, connection.begin():
        with dialect_of(connection).bulk_load(connection, 0):
            put(connection, 6000, last_name="Gathered")
            assert found(connection, "gathered") == [6000]
        assert found(connection, "gatherde") == [6000]
    with engine.connect() as connection:
        options = connection.execute(
            text(
                "SELECT reloptions FROM pg_class WHERE relname LIKE 'ix_contact_search_%' AND relam IN"
                " (SELECT oid FROM pg_am WHERE amname = 'gin')"
            )
        ).scalars()
        assert all("fastupdate=off" in each for each in options)


def test_nobody_waits_for_another_who_writes_the_same_new_word(
    place: ServerPlace, opened: Callable[..., Engine]
) -> None:
    engine = opened(place).execution_options(subtui_writes=True)
    with engine.connect() as first, engine.connect() as second:
        put(first, 6000, last_name="Xylophonist")
        second.execute(text("SET LOCAL lock_timeout = '50ms'"))
        put(second, 6001, last_name="Xylophonist")
        second.commit()
        first.commit()
    with engine.connect() as connection:
        assert found(connection, "xylophonist") == [6000, 6001]
        assert found(connection, "xylophonits") == [6000, 6001]


def test_a_database_whose_trigrams_know_few_letters_is_refused(
    postgres_server: PostgresServer, copies: Copies, place: ServerPlace
) -> None:
    blind = copies.empty()
    name = make_url(blind).database
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE {name}")
        server.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
            " LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    with pytest.raises(StorageProblem, match=r"knows no letters beyond English ones.*LC_CTYPE 'C.UTF-8'"):
        Backend.open(blind, create=True)
    with psycopg.connect(blind) as server:
        assert server.execute("SELECT count(*) FROM pg_class WHERE relname = 'contact'").fetchone() == (0,)
    with psycopg.connect(place, autocommit=True) as server:
        server.execute("DROP EXTENSION pg_trgm CASCADE")
    with pytest.raises(StorageProblem, match=r"has no extension pg_trgm.*CREATE EXTENSION pg_trgm"):
        Backend.open(place)


def test_who_may_not_add_the_extension_is_told_whom_to_ask(postgres_server: PostgresServer, copies: Copies) -> None:
    place = copies.empty()
    name = make_url(place).database or ""
    with psycopg.connect(place, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {AGENT} LOGIN; GRANT CREATE ON SCHEMA public TO {AGENT}")
    try:
        with pytest.raises(StorageProblem, match=r"may not add it. Ask the database's owner"):
            Backend.open(postgres_server.url(name, AGENT), create=True)
    finally:
        with psycopg.connect(place, autocommit=True) as owner:
            owner.execute(f"DROP OWNED BY {AGENT}; DROP ROLE {AGENT}")


HEAVY = text(
    "SELECT count(*) FROM generate_series(1, 1000000) AS n, LATERAL find_contacts(ARRAY['a' || n % 7], '{}',"
    " ARRAY[NULL], ARRAY[NULL], NULL, NULL, '{}', 'a', '{}', 50, -1, '', 0) AS f"
)


def test_a_search_that_is_given_up_never_disturbs_the_next_statement(
    place: ServerPlace, opened: Callable[..., Engine]
) -> None:
    """Given up while it runs, as it ends, and as the next begins."""
    with opened(place).connect() as connection:
        dialect = dialect_of(connection)
        given_up = 0
        for number in range(300):
            looks, given_up_at = itertools.count(), number % 2
            asked = HEAVY if number % 3 == 0 else text("SELECT pg_sleep(0.005)")
            try:
                with dialect.cancellable(connection, lambda looks=looks, at=given_up_at: next(looks) >= at):  # type: ignore[misc]
                    connection.execute(asked)
            except Cancelled:
                given_up += 1
                connection.rollback()
            assert connection.execute(text("SELECT :n"), {"n": number}).scalar() == number
            assert found(connection, "lopez maria") == [1007]
        assert given_up >= 100
