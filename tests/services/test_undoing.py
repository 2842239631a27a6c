"""Undo until the end date, and the day roll after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.log import GetLetter, ListEvents, VerifyLog
from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import Refused, Stale
from subtui.domain.event_types import Subject
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.customers import SaveResult

from .database import changed_tables, everything, rows

MONTHLY = 1042


def save(backend: Backend, subscription_id: int = MONTHLY, **changes: Any) -> SaveResult:
    record = backend.read(GetSubscription(subscription_id))
    return backend.do(
        SaveSubscription(subscription_id, replace(draft_of(record.terms), **changes), version=record.version),
        route="/test",
    )


def cancel(backend: Backend, subscription_id: int = MONTHLY, end: date = date(2026, 3, 14)) -> SaveResult:
    return save(backend, subscription_id, status=Status.INACTIVE, end_date=end, reason_code="unused")


def undo(backend: Backend, subscription_id: int = MONTHLY) -> SaveResult:
    return backend.do(
        UndoCancellation(subscription_id, version=backend.read(GetSubscription(subscription_id)).version), route="/test"
    )


def columns(path: Path, subscription_id: int = MONTHLY) -> dict[str, Any]:
    (row,) = rows(path, "SELECT * FROM subscription WHERE id = ?", subscription_id)
    del row["version"]
    return row


def on(path: Path, day: date) -> Backend:
    backend = Backend.open(str(path), clock=Clock(day))
    backend.sign_in_demo("agent")
    return backend


def test_undo_restores_every_column_and_keeps_both_acts_in_the_log(backend: Backend, demo_db: Path) -> None:
    before = columns(demo_db)
    cancelled = cancel(backend)
    all_before_undo = everything(demo_db)
    undone = undo(backend)
    assert columns(demo_db) == before
    assert changed_tables(all_before_undo, everything(demo_db)) == {"subscription", "event"}
    assert undone.sentence == "Undone. Monthly plan is Active again; next bill 15 Mar 2026."
    assert undone.record.version == 3
    newest, ended = backend.read(ListEvents(subject=Subject.read("subscription:1042"), limit=2))
    assert (newest.title, ended.title) == ("Cancellation undone", "Subscription set Inactive")
    assert (newest.undone, ended.undone) == (False, True)
    assert cancelled.letter_id is not None
    assert backend.read(GetLetter(cancelled.letter_id)).undone
    assert backend.read(VerifyLog()).broken is None


def test_undo_is_done_once(backend: Backend, demo_db: Path) -> None:
    cancel(backend)
    undo(backend)
    before = everything(demo_db)
    with pytest.raises(Refused, match="There is no cancellation to undo"):
        undo(backend)
    assert everything(demo_db) == before


def test_undo_takes_back_the_newest_ending_first(backend: Backend, demo_db: Path) -> None:
    active = columns(demo_db)
    save(backend, end_date=date(2026, 3, 31), reason_code="too_expensive", reason_note="Said so.")
    scheduled = columns(demo_db)
    save(backend, end_date=date(2026, 4, 30))
    moved = columns(demo_db)
    cancel(backend)
    for earlier in (moved, scheduled, active):
        undo(backend)
        assert columns(demo_db) == earlier
    assert not backend.read(GetSubscription(MONTHLY)).can_undo


def test_an_end_date_that_was_taken_out_is_not_undone_again(backend: Backend, demo_db: Path) -> None:
    active = columns(demo_db)
    save(backend, end_date=date(2026, 3, 31), reason_code="unused")
    save(backend, end_date=None)
    assert columns(demo_db) == active
    assert not backend.read(GetSubscription(MONTHLY)).can_undo
    cancel(backend)
    undo(backend)
    assert columns(demo_db) == active


def test_what_was_changed_since_stays(backend: Backend) -> None:
    cancel(backend)
    save(backend, price=Money(5900, "USD"), quantity=3)
    undone = undo(backend)
    assert undone.record.terms.ending.status is Status.ACTIVE
    assert (undone.record.terms.price, undone.record.terms.quantity) == (Money(5900, "USD"), 3)


def test_a_moved_end_date_of_an_inactive_one_is_undone_with_it(backend: Backend, demo_db: Path) -> None:
    active = columns(demo_db)
    cancel(backend)
    save(backend, end_date=date(2026, 3, 20))
    undo(backend)
    assert columns(demo_db) == active


def test_cancel_undo_cancel_writes_a_letter_each_time(backend: Backend) -> None:
    first = cancel(backend)
    undo(backend)
    second = cancel(backend, end=date(2026, 3, 20))
    assert first.letter_id is not None
    assert second.letter_id == first.letter_id + 1
    assert (backend.read(GetLetter(first.letter_id)).undone, backend.read(GetLetter(second.letter_id)).undone) == (
        True,
        False,
    )
    assert undo(backend).record.terms.ending.next_bill_date == date(2026, 3, 15)


@pytest.mark.parametrize(("day", "possible"), [(date(2026, 3, 14), True), (date(2026, 3, 15), False)])
def test_undo_is_possible_through_the_end_date(backend: Backend, demo_db: Path, day: date, possible: bool) -> None:
    cancel(backend)
    with on(demo_db, day) as later:
        assert later.read(GetSubscription(MONTHLY)).can_undo is possible
        if possible:
            assert undo(later).record.terms.ending.status is Status.ACTIVE
        else:
            before = everything(demo_db)
            with pytest.raises(Refused, match="The end date, 14 Mar 2026, has passed"):
                undo(later)
            assert everything(demo_db) == before


def test_a_restored_bill_date_that_has_passed_is_said(backend: Backend, demo_db: Path) -> None:
    cancel(backend, end=date(2026, 4, 30))
    with on(demo_db, date(2026, 4, 1)) as later:
        assert undo(later).sentence == "Undone. Monthly plan is Active again; next bill 15 Mar 2026 (already past)."


@pytest.mark.parametrize("subscription_id", [1087, 1082, 1099, 1047, 1104])
def test_what_was_cancelled_before_is_undone_from_its_entry(backend: Backend, subscription_id: int) -> None:
    undone = undo(backend, subscription_id).record
    assert undone.terms.ending.status is Status.ACTIVE
    assert (undone.terms.ending.end_date, undone.terms.ending.reason_code) == (None, None)
    assert undone.terms.ending.next_bill_date is not None
    assert undone.loose == ()


def test_what_was_cancelled_before_the_log_began_is_not_undone(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Refused, match="before the log began"):
        undo(backend, 1036)
    assert everything(demo_db) == before


def test_an_undo_of_an_older_version_is_refused(desk_as: Callable[[Role], Backend], demo_db: Path) -> None:
    mine, theirs = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    opened = cancel(mine).record
    save(theirs, end_date=date(2026, 3, 20))
    before = everything(demo_db)
    with pytest.raises(Stale, match="Theo Lindqvist changed this subscription"):
        mine.do(UndoCancellation(MONTHLY, version=opened.version))
    assert everything(demo_db) == before


def test_opening_after_an_end_date_turns_the_subscription_inactive(demo_db: Path) -> None:
    with on(demo_db, date(2026, 3, 15)) as backend:
        (rolled,) = backend.read(ListEvents(limit=1))
        assert (rolled.title, rolled.actor, rolled.role) == ("Turned Inactive on its end date", "system", "system")
        record = backend.read(GetSubscription(1099))
        assert record.terms.ending.status is Status.INACTIVE
        assert record.terms.ending.recorded_by == "Dana Reyes"
        assert record.loose == ()
        assert backend.read(VerifyLog()).broken is None


@pytest.mark.parametrize(
    ("day", "rolled"),
    [
        (date(2026, 3, 2), 0),
        (date(2026, 3, 14), 0),
        (date(2026, 3, 15), 1),
        (date(2026, 3, 20), 2),
        (date(2027, 1, 1), 4),
    ],
)
def test_the_day_roll_turns_what_has_passed_its_end_date_and_does_it_once(
    demo_db: Path, day: date, rolled: int
) -> None:
    with Backend.open(str(demo_db), clock=Clock(day)) as backend:
        assert backend.session_info().rolled == rolled
        before = everything(demo_db)
        assert backend.expire_due() == 0
        assert backend.session_info().rolled == 0
        assert everything(demo_db) == before


def test_the_day_roll_goes_by_the_accounts_own_day(demo_db: Path) -> None:
    for instant, rolled in ((datetime(2026, 3, 15, 6, 59, tzinfo=UTC), 0), (datetime(2026, 3, 15, 7, tzinfo=UTC), 1)):
        with Backend.open(str(demo_db), clock=Clock(instant)) as backend:
            assert backend.session_info().rolled == rolled, "Phoenix is seven hours behind"


def test_read_only_mode_rolls_nothing(demo_db: Path) -> None:
    before = everything(demo_db)
    with Backend.open(str(demo_db), clock=Clock(date(2026, 3, 20)), read_only=True) as backend:
        assert backend.session_info().rolled == 0
        with pytest.raises(Refused, match="read-only"):
            backend.expire_due()
    assert everything(demo_db) == before


def test_what_has_turned_inactive_by_itself_is_not_undone(demo_db: Path) -> None:
    with on(demo_db, date(2026, 3, 15)) as backend, pytest.raises(Refused, match="has passed"):
        undo(backend, 1099)
