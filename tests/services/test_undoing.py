"""Undo until the end date, and the day roll after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import Refused, Stale
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import Status
from subtui.domain.views import SaveResult
from subtui.services.desk import Desk

from .database import changed_tables, everything, rows

MONTHLY = 1042


def save(desk: Desk, subscription_id: int = MONTHLY, **changes: Any) -> SaveResult:
    record = desk.subscription(subscription_id)
    return desk.save_subscription(
        subscription_id, replace(draft_of(record.terms), **changes), version=record.version, route="/test"
    )


def cancel(desk: Desk, subscription_id: int = MONTHLY, end: date = date(2026, 3, 14)) -> SaveResult:
    return save(desk, subscription_id, status=Status.INACTIVE, end_date=end, reason_code="unused")


def undo(desk: Desk, subscription_id: int = MONTHLY) -> SaveResult:
    return desk.undo(subscription_id, version=desk.subscription(subscription_id).version, route="/test")


def columns(path: Path, subscription_id: int = MONTHLY) -> dict[str, Any]:
    (row,) = rows(path, "SELECT * FROM subscription WHERE id = ?", subscription_id)
    del row["version"]
    return row


def on(path: Path, day: date) -> Desk:
    desk = Desk.open(str(path), clock=Clock(day))
    desk.sign_in_demo("agent")
    return desk


def test_undo_restores_every_column_and_keeps_both_acts_in_the_log(desk: Desk, demo_db: Path) -> None:
    before = columns(demo_db)
    cancelled = cancel(desk)
    all_before_undo = everything(demo_db)
    undone = undo(desk)
    assert columns(demo_db) == before
    assert changed_tables(all_before_undo, everything(demo_db)) == {"subscription", "event"}
    assert undone.sentence == "Undone. Monthly plan is Active again; next bill 15 Mar 2026."
    assert undone.record.version == 3
    newest, ended = desk.log(subject="subscription:1042", limit=2)
    assert (newest.title, ended.title) == ("Cancellation undone", "Subscription set Inactive")
    assert (newest.undone, ended.undone) == (False, True)
    assert cancelled.letter_id is not None
    assert desk.letter(cancelled.letter_id).undone
    assert desk.verify_log().broken is None


def test_undo_is_done_once(desk: Desk, demo_db: Path) -> None:
    cancel(desk)
    undo(desk)
    before = everything(demo_db)
    with pytest.raises(Refused, match="There is no cancellation to undo"):
        undo(desk)
    assert everything(demo_db) == before


def test_undo_takes_back_the_newest_ending_first(desk: Desk, demo_db: Path) -> None:
    active = columns(demo_db)
    save(desk, end_date=date(2026, 3, 31), reason_code="too_expensive", reason_note="Said so.")
    scheduled = columns(demo_db)
    save(desk, end_date=date(2026, 4, 30))
    moved = columns(demo_db)
    cancel(desk)
    for earlier in (moved, scheduled, active):
        undo(desk)
        assert columns(demo_db) == earlier
    assert not desk.subscription(MONTHLY).can_undo


def test_an_end_date_that_was_taken_out_is_not_undone_again(desk: Desk, demo_db: Path) -> None:
    active = columns(demo_db)
    save(desk, end_date=date(2026, 3, 31), reason_code="unused")
    save(desk, end_date=None)
    assert columns(demo_db) == active
    assert not desk.subscription(MONTHLY).can_undo
    cancel(desk)
    undo(desk)
    assert columns(demo_db) == active


def test_what_was_changed_since_stays(desk: Desk) -> None:
    cancel(desk)
    save(desk, price=Money(5900, "USD"), quantity=3)
    undone = undo(desk)
    assert undone.record.terms.ending.status is Status.ACTIVE
    assert (undone.record.terms.price, undone.record.terms.quantity) == (Money(5900, "USD"), 3)


def test_a_moved_end_date_of_an_inactive_one_is_undone_with_it(desk: Desk, demo_db: Path) -> None:
    active = columns(demo_db)
    cancel(desk)
    save(desk, end_date=date(2026, 3, 20))
    undo(desk)
    assert columns(demo_db) == active


def test_cancel_undo_cancel_writes_a_letter_each_time(desk: Desk) -> None:
    first = cancel(desk)
    undo(desk)
    second = cancel(desk, end=date(2026, 3, 20))
    assert first.letter_id is not None
    assert second.letter_id == first.letter_id + 1
    assert (desk.letter(first.letter_id).undone, desk.letter(second.letter_id).undone) == (True, False)
    assert undo(desk).record.terms.ending.next_bill_date == date(2026, 3, 15)


@pytest.mark.parametrize(("day", "possible"), [(date(2026, 3, 14), True), (date(2026, 3, 15), False)])
def test_undo_is_possible_through_the_end_date(desk: Desk, demo_db: Path, day: date, possible: bool) -> None:
    cancel(desk)
    with on(demo_db, day) as later:
        assert later.subscription(MONTHLY).can_undo is possible
        if possible:
            assert undo(later).record.terms.ending.status is Status.ACTIVE
        else:
            before = everything(demo_db)
            with pytest.raises(Refused, match="The end date, 14 Mar 2026, has passed"):
                undo(later)
            assert everything(demo_db) == before


def test_a_restored_bill_date_that_has_passed_is_said(desk: Desk, demo_db: Path) -> None:
    cancel(desk, end=date(2026, 4, 30))
    with on(demo_db, date(2026, 4, 1)) as later:
        assert undo(later).sentence == "Undone. Monthly plan is Active again; next bill 15 Mar 2026 (already past)."


@pytest.mark.parametrize("subscription_id", [1087, 1082, 1099, 1047, 1104])
def test_what_was_cancelled_before_is_undone_from_its_entry(desk: Desk, subscription_id: int) -> None:
    undone = undo(desk, subscription_id).record
    assert undone.terms.ending.status is Status.ACTIVE
    assert (undone.terms.ending.end_date, undone.terms.ending.reason_code) == (None, None)
    assert undone.terms.ending.next_bill_date is not None
    assert undone.loose == ()


def test_what_was_cancelled_before_the_log_began_is_not_undone(desk: Desk, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Refused, match="before the log began"):
        undo(desk, 1036)
    assert everything(demo_db) == before


def test_an_undo_of_an_older_version_is_refused(desk_as: Callable[[Role], Desk], demo_db: Path) -> None:
    mine, theirs = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    opened = cancel(mine).record
    save(theirs, end_date=date(2026, 3, 20))
    before = everything(demo_db)
    with pytest.raises(Stale, match="Theo Lindqvist changed this subscription"):
        mine.undo(MONTHLY, version=opened.version)
    assert everything(demo_db) == before


def test_opening_after_an_end_date_turns_the_subscription_inactive(demo_db: Path) -> None:
    with on(demo_db, date(2026, 3, 15)) as desk:
        (rolled,) = desk.log(limit=1)
        assert (rolled.title, rolled.actor, rolled.role) == ("Turned Inactive on its end date", "system", "system")
        record = desk.subscription(1099)
        assert record.terms.ending.status is Status.INACTIVE
        assert record.terms.ending.recorded_by == "Dana Reyes"
        assert record.loose == ()
        assert desk.verify_log().broken is None


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
    with Desk.open(str(demo_db), clock=Clock(day)) as desk:
        assert desk.session_info().rolled == rolled
        before = everything(demo_db)
        assert desk.expire_due() == 0
        assert desk.session_info().rolled == 0
        assert everything(demo_db) == before


def test_the_day_roll_goes_by_the_accounts_own_day(demo_db: Path) -> None:
    for instant, rolled in ((datetime(2026, 3, 15, 6, 59, tzinfo=UTC), 0), (datetime(2026, 3, 15, 7, tzinfo=UTC), 1)):
        with Desk.open(str(demo_db), clock=Clock(instant)) as desk:
            assert desk.session_info().rolled == rolled, "Phoenix is seven hours behind"


def test_read_only_mode_rolls_nothing(demo_db: Path) -> None:
    before = everything(demo_db)
    with Desk.open(str(demo_db), clock=Clock(date(2026, 3, 20)), read_only=True) as desk:
        assert desk.session_info().rolled == 0
        with pytest.raises(Refused, match="read-only"):
            desk.expire_due()
    assert everything(demo_db) == before


def test_what_has_turned_inactive_by_itself_is_not_undone(demo_db: Path) -> None:
    with on(demo_db, date(2026, 3, 15)) as desk, pytest.raises(Refused, match="has passed"):
        undo(desk, 1099)
