"""Each sign-in leaves its row; a session is noted as seen, is ended, and costs no other program a wait."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from subtui.acts.contacts import GetOverview
from subtui.clock import Clock
from subtui.domain.errors import NotAllowed, SignInRefused
from subtui.domain.sessions import Front, Origin
from subtui.services import sign_in
from subtui.services.backend import SEEN_EVERY, Backend

from .database import rows, run

NOW = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
ROWS = "SELECT * FROM sign_in ORDER BY id"
AGENT = "agent@demo.example"


def at(path: Path, instant: datetime = NOW, *, read_only: bool = False) -> Backend:
    origin = Origin(Front.SCREENS, "desk-1")
    return Backend.open(str(path), clock=Clock(instant), read_only=read_only, origin=origin)


def test_a_sign_in_is_a_session_until_it_is_left(demo_db: Path) -> None:
    with at(demo_db) as backend:
        backend.sign_in(" Agent@Demo.example", "demo")
        (row,) = rows(demo_db, ROWS)
        assert row == {
            "id": backend.session_id,
            "user_id": 3,
            "email_key": AGENT,
            "at": "2026-03-02 16:30:00.000000",
            "outcome": "signed_in",
            "program": "screens",
            "host": "desk-1",
            "seen_at": "2026-03-02 16:30:00.000000",
            "route": "",
            "ended_at": None,
            "ended_by": "",
        }
        backend.sign_out()
        assert backend.session_id is None
        (row,) = rows(demo_db, ROWS)
        assert (row["ended_at"], row["ended_by"]) == ("2026-03-02 16:30:00.000000", "")
        backend.sign_in_demo("admin")
    assert [row["ended_at"] is None for row in rows(demo_db, ROWS)] == [False, False]


def test_a_refused_attempt_names_the_user_it_was_tried_on(demo_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "_matches", lambda _stored, password: password == "demo")
    with at(demo_db) as backend:
        for _ in range(6):
            with pytest.raises(SignInRefused):
                backend.sign_in(AGENT, "wrong")
        with pytest.raises(SignInRefused):
            backend.sign_in(f"{'x' * 300}@demo.example", "wrong")
    found = rows(demo_db, ROWS)
    assert [row["outcome"] for row in found] == ["refused"] * 5 + ["locked", "refused"]
    assert [row["user_id"] for row in found] == [3] * 6 + [None]
    assert len(found[-1]["email_key"]) == 200
    assert {row["seen_at"] for row in found} == {None}


def test_a_demo_account_that_is_refused_leaves_no_row(demo_db: Path) -> None:
    with at(demo_db) as backend, pytest.raises(NotAllowed):
        backend.sign_in_demo("nobody@demo.example")
    assert rows(demo_db, ROWS) == []


def test_read_only_mode_leaves_no_row(demo_db: Path) -> None:
    with at(demo_db, read_only=True) as backend:
        backend.sign_in_demo("agent")
        backend.sign_in(AGENT, "demo")
        with pytest.raises(SignInRefused):
            backend.sign_in(AGENT, "wrong")
        backend.read(GetOverview(), route="/reports")
    assert rows(demo_db, ROWS) == []


def test_it_is_noted_where_it_was_seen_after_the_answer_and_not_at_every_one(
    demo_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [NOW]
    monkeypatch.setattr(Clock, "ticking", lambda _clock: moment[0])
    monkeypatch.setattr(Clock, "now", lambda _clock, _zone="UTC": moment[0])
    with at(demo_db) as backend:
        backend.sign_in_demo("agent")
        backend.settle()
        for seconds, route, noted in (
            (1, "/reports", (1, "/reports")),
            (5, "/reports", (1, "/reports")),
            (SEEN_EVERY.seconds + 1, "/reports", (SEEN_EVERY.seconds + 1, "/reports")),
            (SEEN_EVERY.seconds + 2, "/requests", (SEEN_EVERY.seconds + 2, "/requests")),
        ):
            moment[0] = NOW + timedelta(seconds=seconds)
            backend.read(GetOverview(), route=route)
            backend.settle()
            (row,) = rows(demo_db, ROWS)
            seen_at = datetime.fromisoformat(row["seen_at"]).replace(tzinfo=UTC)
            assert ((seen_at - NOW).seconds, row["route"]) == noted


@pytest.mark.files_only("a server has no lock of the whole database")
def test_while_another_program_writes_nobody_waits_and_the_row_follows(demo_db: Path) -> None:
    with at(demo_db) as backend:
        with closing(sqlite3.connect(demo_db, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            backend.sign_in_demo("agent")
            backend.read(GetOverview())
            backend.settle()
            assert backend.session_id is None
            other.execute("ROLLBACK")
        backend.settle()
        assert [row["id"] for row in rows(demo_db, ROWS)] == [backend.session_id]


def test_another_backend_acts_in_the_same_session_and_does_not_end_it(demo_db: Path) -> None:
    with at(demo_db) as backend:
        person = backend.sign_in_demo("agent")
        with at(demo_db) as helper:
            helper.share(person, backend.session_id)
            helper.read(GetOverview())
        assert [row["ended_at"] for row in rows(demo_db, ROWS)] == [None]
        run(demo_db, "UPDATE sign_in SET ended_at = '2026-03-01 16:30:00', ended_by = 'Ruth Hollis'")
        with at(demo_db) as helper:
            helper.share(person, backend.session_id)
            with pytest.raises(NotAllowed, match=r"ended by Ruth Hollis at 09:30 on 1 Mar 2026\. Sign in again"):
                helper.read(GetOverview())
