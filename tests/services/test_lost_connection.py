"""The connection to a server is lost at the worst moments: what was saved is found out and said."""

from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import psycopg
import pytest

from subtui.acts.log import VerifyLog
from subtui.acts.subscriptions import GetSubscription
from subtui.clock import Clock
from subtui.domain.errors import ConnectionLost, OutcomeUnknown, Refused, StorageProblem
from subtui.services.backend import Backend
from tests.postgres_proxy import COMMIT, Line

from .asking import TODAY
from .database import rows, run
from .ordering import SUBSCRIPTION, set_inactive


@pytest.fixture
def far(place: Path, line: Line) -> Iterator[Backend]:
    """A backend at the other end of the line."""
    with Backend.open(line.url(str(place)), clock=Clock(TODAY)) as backend:
        backend.sign_in_demo("agent")
        backend.read(GetSubscription(SUBSCRIPTION))
        yield backend
        line.dead.clear()
        line.silent.clear()


def saves(place: Path) -> int:
    """How many saves of the subscription the log has."""
    found: int = rows(place, "SELECT count(*) AS found FROM event WHERE command = 'subscription.save' AND id > 12")[0][
        "found"
    ]
    return found


def test_a_query_is_asked_again_on_a_new_connection(far: Backend, line: Line) -> None:
    line.cut()
    assert far.read(GetSubscription(SUBSCRIPTION)).id == SUBSCRIPTION


def test_without_a_server_a_query_says_so(far: Backend, line: Line) -> None:
    line.dead.set()
    line.cut()
    with pytest.raises(ConnectionLost, match="cannot be reached"):
        far.read(GetSubscription(SUBSCRIPTION))
    line.dead.clear()
    assert far.read(GetSubscription(SUBSCRIPTION)).id == SUBSCRIPTION


@pytest.mark.parametrize("word", [b"UPDATE subscription", b"INSERT INTO event", b"log_head", COMMIT])
def test_a_save_that_did_not_arrive_is_done_again_once(far: Backend, line: Line, place: Path, word: bytes) -> None:
    line.cut_before(word)
    set_inactive(far)
    assert line.cuts == 1
    assert saves(place) == 1
    assert far.read(VerifyLog()).broken is None


@pytest.mark.parametrize("word", [b"UPDATE subscription", b"INSERT INTO event", COMMIT])
def test_a_save_whose_answer_was_lost_is_saved_once(far: Backend, line: Line, place: Path, word: bytes) -> None:
    line.cut_after(word)
    set_inactive(far)
    assert line.cuts == 1
    assert saves(place) == 1
    assert far.read(VerifyLog()).broken is None


def test_what_cannot_be_found_out_at_once_is_said_when_the_server_answers(
    far: Backend, line: Line, place: Path
) -> None:
    far.news()
    line.cut_after(COMMIT)
    line.dead.set()
    with pytest.raises(OutcomeUnknown, match="Whether it was is said here"):
        set_inactive(far)
    with pytest.raises(ConnectionLost):
        far.news()
    line.dead.clear()
    assert far.news().outcome == "Your last save was saved (log entry 13)."
    assert far.news().outcome == ""
    assert saves(place) == 1


def test_a_save_that_never_arrived_is_said_not_to_be_saved(far: Backend, line: Line, place: Path) -> None:
    line.cut_before(COMMIT)
    line.dead.set()
    with pytest.raises(OutcomeUnknown):
        set_inactive(far)
    line.dead.clear()
    assert far.news().outcome == "Your last save was not saved."
    assert saves(place) == 0
    set_inactive(far)
    assert saves(place) == 1


def test_a_second_press_of_save_after_all_does_not_save_twice(far: Backend, line: Line, place: Path) -> None:
    line.cut_after(COMMIT)
    line.dead.set()
    with pytest.raises(OutcomeUnknown):
        set_inactive(far)
    line.dead.clear()
    with pytest.raises(Refused, match=r"Your last save was saved \(log entry 13\)"):
        set_inactive(far)
    assert saves(place) == 1


def test_a_server_that_is_silent_is_given_up_on_from_outside(far: Backend, line: Line) -> None:
    line.silent.set()
    line.dead.set()
    Timer(0.3, far.break_off).start()
    with pytest.raises(StorageProblem):
        far.read(GetSubscription(SUBSCRIPTION))


def test_a_restart_of_the_server_goes_unnoticed(far: Backend, place: Path) -> None:
    rows(place, "SELECT pg_terminate_backend(pid) AS found FROM pg_stat_activity WHERE datname = current_database()"
         " AND pid <> pg_backend_pid()")  # fmt: skip
    set_inactive(far)
    assert saves(place) == 1


def test_a_statement_that_takes_too_long_is_a_sentence(far: Backend) -> None:
    def wait() -> None:
        with far._work.read() as session:
            session.connection().exec_driver_sql("SET LOCAL statement_timeout = 1")
            session.connection().exec_driver_sql("SELECT pg_sleep(1)")

    with pytest.raises(StorageProblem, match="took too long"):
        wait()


def test_an_older_program_does_not_write_into_newer_tables(far: Backend, place: Path) -> None:
    run(place, "UPDATE alembic_version SET version_num = 'of_next_year'")
    far.news()
    with pytest.raises(Refused, match="updated by a newer version"):
        set_inactive(far)
    with pytest.raises(StorageProblem, match="newer version"):
        Backend.open(str(place))


def test_a_commit_that_is_still_under_way_is_waited_for(far: Backend, place: Path) -> None:
    with psycopg.connect(str(place)) as slow:
        slow.execute("SELECT id FROM log_head FOR UPDATE")
        slow.execute("CREATE TEMP TABLE copied AS SELECT * FROM event WHERE id = 12")
        slow.execute("UPDATE copied SET id = 13, hash = 'a hash'")
        slow.execute("INSERT INTO event SELECT * FROM copied")
        Timer(0.5, slow.commit).start()
        assert far._work.was_saved((13, "a hash"))
    assert not far._work.was_saved((13, "another hash"))
