"""The log: append-only, chained, readable, and checked."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest

from subtui.acts.log import FindInLog, ListEvents, VerifyLog
from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import NotFound, StorageProblem
from subtui.domain.event_types import Subject
from subtui.domain.hash_chain import Verdict
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.customers import Change

from .database import rows, run

UNGUARDED = ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete")


def cancel(backend: Backend) -> int:
    record = backend.read(GetSubscription(1042))
    draft = replace(
        draft_of(record.terms), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="too_expensive"
    )
    return backend.do(SaveSubscription(1042, draft, version=record.version), route="/subscriptions/1042").event_id


def verdict(path: Path) -> Verdict:
    with Backend.open(str(path)) as backend:
        return backend.read(VerifyLog())


def test_the_demos_log_is_in_order_and_stays_so_with_every_act(backend: Backend, demo_db: Path) -> None:
    assert backend.read(VerifyLog()).entries == 12
    event_id = cancel(backend)
    backend.do(UndoCancellation(1042, version=2))
    found = backend.read(VerifyLog())
    assert (event_id, found.entries, found.broken) == (13, 14, None)
    assert found.newest == rows(demo_db, "SELECT hash FROM event WHERE id = 14")[0]["hash"]


def test_an_empty_database_has_a_log_in_order(tmp_path: Path) -> None:
    with Backend.open(str(tmp_path / "empty.db"), empty=True) as backend:
        assert backend.read(VerifyLog()) == Verdict(0, "0" * 64)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET actor = 'Somebody else' WHERE id = 3",
        "UPDATE event SET hash = hash",
        "DELETE FROM event WHERE id = 12",
        "DELETE FROM event",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(demo_db: Path, statement: str) -> None:
    before = rows(demo_db, "SELECT * FROM event")
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="the log is append-only"):
        run(demo_db, statement)
    assert rows(demo_db, "SELECT * FROM event") == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2026-01-01 00:00:00.000000'"),
        ("at", "'yesterday'"),
        ("at", "1"),
        ("actor_id", "5"),
        ("actor_id", "NULL"),
        ("actor", "'Somebody else'"),
        ("role", "'owner'"),
        ("command", "'subscription.undo'"),
        ("route", "'/'"),
        ("reason", "'unused'"),
        ("reason", "x'ff00'"),
        ("subject_type", "'order'"),
        ("subject_id", "1"),
        ("contact_id", "1"),
        ("undoes_id", "1"),
        ("before", "'{}'"),
        ("before", "'no json'"),
        ("after", "'[1]'"),
        ("after", "replace(after, 'Inactive', 'Active')"),
        ("after", "x'00'"),
        ("hash", "'f' || substr(hash, 2) || 'f'"),
    ],
)
def test_a_column_changed_behind_the_programs_back_is_found(demo_db: Path, column: str, value: str) -> None:
    run(demo_db, *UNGUARDED, f'UPDATE event SET "{column}" = {value} WHERE id = 5')  # noqa: S608
    found = verdict(demo_db)
    assert found.broken is not None
    assert (found.broken.id, found.entries) == (5, 4)
    assert found.broken.sentence == "Entry 5 was changed after it was written."


@pytest.mark.parametrize(
    ("statement", "entry", "words"),
    [
        ("UPDATE event SET previous_hash = hash WHERE id = 5", 5, "does not follow"),
        ("DELETE FROM event WHERE id = 5", 6, "Entry 5 is missing before entry 6"),
        ("DELETE FROM event WHERE id = 1", 2, "Entry 1 is missing before entry 2"),
        ("UPDATE event SET id = 99 WHERE id = 5", 6, "Entry 5 is missing"),
    ],
)
def test_an_entry_taken_out_or_moved_is_found(demo_db: Path, statement: str, entry: int, words: str) -> None:
    run(demo_db, *UNGUARDED, statement)
    broken = verdict(demo_db).broken
    assert broken is not None
    assert broken.id == entry
    assert words in broken.sentence


def test_a_letter_proves_its_entry_even_when_the_end_of_the_log_was_cut_off(backend: Backend, demo_db: Path) -> None:
    cancel(backend)
    log_hash = backend.read(ListEvents(limit=1))[0].hash
    assert backend.read(FindInLog(log_hash[:16])) == 13
    backend.close()
    run(demo_db, "PRAGMA foreign_keys = OFF", *UNGUARDED, "DELETE FROM event WHERE id = 13")
    with Backend.open(str(demo_db)) as later:
        assert later.read(VerifyLog()).broken is None
        assert later.read(FindInLog(log_hash[:16])) is None


@pytest.mark.parametrize("prefix", ["%", "_", "zzzz", "' OR 1=1 --"])
def test_a_prefix_that_is_no_hash_finds_nothing(backend: Backend, prefix: str) -> None:
    assert backend.read(FindInLog(prefix)) is None


def test_an_entry_reads_in_words(backend: Backend) -> None:
    cancel(backend)
    (entry,) = backend.read(ListEvents(limit=1))
    assert (entry.title, entry.actor, entry.role) == ("Subscription set Inactive", "Dana Reyes", "agent")
    assert (entry.subject, entry.reason, entry.route) == (
        "Monthly plan, 1042",
        "too_expensive",
        "/subscriptions/1042",
    )
    assert Change("Status", "Active", "Inactive") in entry.changes
    assert Change("Auto Charge", "Yes", "No") in entry.changes
    assert {change.field for change in entry.changes} >= {"Next bill", "End date", "Reason", "Requested"}
    assert not any(change.field in ("Price", "QTY", "Card") for change in entry.changes)


def test_the_log_is_read_newest_first_by_contact_and_by_subject(backend: Backend) -> None:
    cancel(backend)
    assert [entry.id for entry in backend.read(ListEvents(limit=3))] == [13, 12, 11]
    assert [entry.id for entry in backend.read(ListEvents(contact_id=1007))] == [13]
    assert [entry.subject for entry in backend.read(ListEvents(subject=Subject.read("subscription:1099")))] == [
        "Monthly plan, 1099"
    ]
    assert backend.read(ListEvents(subject=Subject.read("subscription:9"))) == ()
    with pytest.raises(NotFound):
        backend.read(ListEvents(contact_id=9))


def test_two_people_write_one_chain(desk_as: Callable[[Role], Backend]) -> None:
    agent, admin = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    cancel(agent)
    admin.do(UndoCancellation(1042, version=2))
    cancel(agent)
    assert [entry.actor for entry in admin.read(ListEvents(limit=3))] == ["Dana Reyes", "Theo Lindqvist", "Dana Reyes"]
    assert admin.read(VerifyLog()) == agent.read(VerifyLog())
    assert admin.read(VerifyLog()).entries == 15


def test_an_entry_damaged_by_hand_is_a_sentence_and_not_a_fault(backend: Backend, demo_db: Path) -> None:
    cancel(backend)
    run(
        demo_db,
        *UNGUARDED,
        "UPDATE event SET before = 'no JSON' WHERE subject_type = 'subscription' AND subject_id = 1042",
    )
    with pytest.raises(StorageProblem, match="Find it with: subtui log verify"):
        backend.read(ListEvents(subject=Subject.read("subscription:1042")))
