"""What a backend says that others have changed, and that a server says so at once."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from subtui.acts.subscriptions import UndoCancellation
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.permissions import Role
from subtui.services.backend import Backend
from subtui.views.live import seconds_ago

from .asking import TODAY, desk_on
from .database import rows, run
from .ordering import MONTHLY, SUBSCRIPTION, refund, set_inactive

SOON = 10.0
"""Seconds within which an announcement must have come, on a busy machine too."""


def test_what_others_have_done_since_the_last_look_is_said_once(backend: Backend, demo_db: Path) -> None:
    assert backend.news().changes == ()
    with desk_on(demo_db, TODAY, "agent2@demo.example") as other:
        set_inactive(other)
        refund(other, MONTHLY)
    changes = backend.news().changes
    assert [(change.actor, change.subject) for change in changes] == [
        ("Sam Okonkwo", Subject(SubjectType.SUBSCRIPTION, SUBSCRIPTION)),
        ("Sam Okonkwo", Subject(SubjectType.ORDER, MONTHLY)),
    ]
    assert {change.contact_id for change in changes} == {1007}
    assert backend.news().changes == ()


def test_ones_own_acts_are_no_news(backend: Backend, demo_db: Path) -> None:
    assert backend.news().changes == ()
    set_inactive(backend)
    with desk_on(demo_db, TODAY, "agent2@demo.example") as other:
        refund(other, MONTHLY)
    assert [change.subject.type for change in backend.news().changes] == [SubjectType.ORDER]


def test_the_same_user_elsewhere_is_another(backend: Backend, demo_db: Path) -> None:
    assert backend.news().changes == ()
    with desk_on(demo_db, TODAY, "agent") as other:
        set_inactive(other)
    assert len(backend.news().changes) == 1


def test_signed_out_nothing_is_said_and_what_came_meanwhile_is_old(
    desk_as: Callable[[Role], Backend], demo_db: Path
) -> None:
    backend = desk_as(Role.AGENT)
    backend.news()
    backend.sign_out()
    with desk_on(demo_db, TODAY, "agent2@demo.example") as other:
        set_inactive(other)
    assert backend.news().changes == ()
    backend.sign_in_demo(Role.AGENT)
    assert backend.news().changes == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "just now"),
        (19.9, "just now"),
        (20, "20 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (3700, "61 min ago"),
    ],
)
def test_how_long_ago(seconds: float, words: str) -> None:
    assert seconds_ago(seconds) == words


# --- announced by a server --------------------------------------------------------------------------------------------


@pytest.fixture
def heard(backend: Backend, database_kind: str) -> Event:
    """Set by each announcement; the one of the connection itself has come."""
    if database_kind == "sqlite":
        pytest.skip("a file announces nothing: it is looked at every two seconds")
    told = Event()
    backend.listen(told.set)
    assert told.wait(SOON)
    told.clear()
    return told


def test_an_act_is_announced_when_it_is_committed(heard: Event, backend: Backend, demo_db: Path) -> None:
    backend.news()
    with desk_on(demo_db, TODAY, "agent2@demo.example") as other:
        set_inactive(other)
        assert heard.wait(SOON)
        heard.clear()
        other.do(UndoCancellation(SUBSCRIPTION, version=2))
        assert heard.wait(SOON)
    assert len(backend.news().changes) == 2


def test_a_lost_connection_is_made_again_and_what_went_unheard_is_read(
    heard: Event, backend: Backend, demo_db: Path
) -> None:
    backend.news()
    run(demo_db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    with desk_on(demo_db, TODAY, "agent2@demo.example") as other:
        set_inactive(other)
    assert heard.wait(SOON), "it looks again after it has connected again"
    assert len(backend.news().changes) == 1


def test_closing_ends_the_connection_that_listened(heard: Event, backend: Backend, demo_db: Path) -> None:
    assert not heard.is_set()
    backend.close()
    until = time.monotonic() + SOON
    left = "SELECT count(*) AS found FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    while rows(demo_db, left)[0]["found"] and time.monotonic() < until:
        time.sleep(0.05)
    assert rows(demo_db, left)[0]["found"] == 0


def test_what_was_saved_on_top_of_a_change_makes_it_old(backend: Backend, demo_db: Path) -> None:
    backend.news()
    with desk_on(demo_db, TODAY, "agent2@demo.example") as other:
        set_inactive(other)
    backend.do(UndoCancellation(SUBSCRIPTION, version=2))
    assert backend.news().changes == ()
