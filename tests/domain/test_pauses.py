"""Pausing and resuming: what is billed, what is not, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain import cancellation
from subtui.domain.billing import Cycle
from subtui.domain.errors import Refused
from subtui.domain.money import Money
from subtui.domain.pauses import (
    PauseDraft,
    PauseStart,
    apply_pause,
    draft_of_pause,
    find_pause_problems,
    paid_days_lost,
    resume,
    resume_due,
    skipped_bills,
)
from subtui.domain.subscriptions import Billing, Ending, Pause, Status, Terms

TODAY = date(2026, 3, 2)
BILLING = Billing(date(2023, 1, 15), Cycle.MONTH, 1, date(2023, 1, 15), paid_through=date(2026, 3, 14))
ACTIVE = Terms(Ending(Status.ACTIVE, auto_charge=True, next_bill_date=date(2026, 3, 15)), 1, Money(2900, "USD"))


def draft(
    start: date | PauseStart = PauseStart.TODAY, until: date | None = None, *, new_cycle: bool = False
) -> PauseDraft:
    if isinstance(start, date):
        return PauseDraft(start=PauseStart.DATE, paused_from=start, resumes_on=until, restarts_cycle=new_cycle)
    return PauseDraft(start=start, resumes_on=until, restarts_cycle=new_cycle)


def paused(wanted: PauseDraft, terms: Terms = ACTIVE, *, access: bool = False) -> Terms:
    assert find_pause_problems(terms, wanted, BILLING, today=TODAY) == ()
    return apply_pause(terms, wanted, BILLING, today=TODAY, access_in_pause=access)


@pytest.mark.parametrize(
    ("wanted", "first", "bill"),
    [
        (draft(), TODAY, None),
        (draft(until=date(2026, 3, 10)), TODAY, date(2026, 3, 15)),
        (draft(until=date(2026, 6, 1)), TODAY, date(2026, 6, 15)),
        (draft(until=date(2026, 6, 1), new_cycle=True), TODAY, date(2026, 6, 1)),
        (draft(PauseStart.NEXT_BILL, date(2026, 6, 15)), date(2026, 3, 15), date(2026, 6, 15)),
        (draft(PauseStart.NEXT_BILL), date(2026, 3, 15), None),
        (draft(date(2026, 4, 1), date(2026, 5, 1)), date(2026, 4, 1), date(2026, 3, 15)),
        (draft(date(2026, 4, 1)), date(2026, 4, 1), date(2026, 3, 15)),
        # Days that are paid are not billed again, even where the bills begin anew.
        (draft(until=date(2026, 3, 5), new_cycle=True), TODAY, date(2026, 3, 15)),
    ],
)
def test_what_is_billed_around_a_pause(wanted: PauseDraft, first: date, bill: date | None) -> None:
    after = paused(wanted)
    assert after.pause is not None
    assert (after.pause.paused_from, after.ending.next_bill_date) == (first, bill)
    assert after.ending.auto_charge, "so that the charges go on after it"


@pytest.mark.parametrize(
    ("terms", "wanted", "fields"),
    [
        (replace(ACTIVE, ending=replace(ACTIVE.ending, status=Status.INACTIVE)), draft(), ["start"]),
        (ACTIVE, draft(TODAY - timedelta(days=1)), ["paused_from"]),
        (ACTIVE, PauseDraft(start=PauseStart.DATE), ["paused_from"]),
        (ACTIVE, draft(until=TODAY), ["resumes_on"]),
        (ACTIVE, draft(date(2026, 4, 1), date(2026, 4, 1)), ["resumes_on"]),
        (replace(ACTIVE, ending=replace(ACTIVE.ending, end_date=date(2026, 3, 20))), draft(date(2026, 3, 21)),
         ["paused_from"]),
    ],
)  # fmt: skip
def test_what_cannot_be_saved(terms: Terms, wanted: PauseDraft, fields: list[str]) -> None:
    assert [problem.field for problem in find_pause_problems(terms, wanted, BILLING, today=TODAY)] == fields


def test_a_pause_that_has_begun_can_be_given_another_end() -> None:
    began = replace(ACTIVE, pause=Pause(date(2026, 2, 1)), ending=replace(ACTIVE.ending, next_bill_date=None))
    wanted = replace(draft_of_pause(began), resumes_on=date(2026, 5, 1))
    assert paused(wanted, began).ending.next_bill_date == date(2026, 5, 15)
    earlier = replace(wanted, paused_from=date(2026, 1, 1))
    assert find_pause_problems(began, earlier, BILLING, today=TODAY)


def test_resuming_by_hand_keeps_the_day_or_begins_anew() -> None:
    began = replace(ACTIVE, pause=Pause(date(2026, 2, 1)), ending=replace(ACTIVE.ending, next_bill_date=None))
    later = date(2026, 5, 20)
    kept = resume(began, BILLING, on=later, new_cycle=False)
    assert (kept.pause, kept.ending.next_bill_date, kept.anchor) == (None, date(2026, 6, 15), None)
    anew = resume(began, BILLING, on=later, new_cycle=True)
    assert (anew.pause, anew.ending.next_bill_date, anew.anchor) == (None, later, later)
    with pytest.raises(Refused, match="not paused"):
        resume(ACTIVE, BILLING, on=later, new_cycle=False)


def test_a_pause_that_has_not_begun_is_taken_back_whole() -> None:
    scheduled = paused(draft(date(2026, 4, 1)))
    assert resume(scheduled, BILLING, on=TODAY, new_cycle=True) == ACTIVE


def test_it_resumes_by_itself_on_its_day_and_not_before() -> None:
    after = paused(draft(until=date(2026, 6, 1), new_cycle=True))
    assert resume_due(after, BILLING, date(2026, 5, 31)) is None
    resumed = resume_due(after, BILLING, date(2026, 6, 9))
    assert resumed is not None
    assert (resumed.pause, resumed.anchor, resumed.ending.next_bill_date) == (None, date(2026, 6, 1), date(2026, 6, 1))
    assert resume_due(paused(draft()), BILLING, date(2030, 1, 1)) is None, "it lasts until it is resumed"


def test_an_end_date_within_the_pause_ends_it() -> None:
    ending = replace(ACTIVE, ending=replace(ACTIVE.ending, end_date=date(2026, 4, 20)))
    after = paused(draft(until=date(2026, 6, 1)), ending)
    assert resume_due(after, BILLING, date(2026, 6, 1)) is None
    ended = cancellation.expire(after, today=date(2026, 4, 21), at=datetime(2026, 4, 21, tzinfo=UTC))
    assert ended is not None
    assert (ended.ending.status, ended.pause) == (Status.INACTIVE, None)


def test_the_state_is_that_of_the_day() -> None:
    after = paused(draft(date(2026, 4, 1), date(2026, 5, 1)))
    days = (TODAY, date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 1))
    assert [after.state(day) for day in days] == ["Active", "Paused", "Paused", "Active"]


def test_what_the_customer_loses_is_counted() -> None:
    pause = Pause(TODAY, date(2026, 6, 1))
    assert skipped_bills(ACTIVE, pause, BILLING) == 3
    assert skipped_bills(ACTIVE, Pause(TODAY), BILLING) is None
    assert paid_days_lost(pause, BILLING) == 13
    assert paid_days_lost(replace(pause, access_in_pause=True), BILLING) == 0
    assert paid_days_lost(Pause(date(2026, 3, 15)), BILLING) == 0


DAYS = st.dates(date(2026, 3, 2), date(2028, 12, 31))


@given(DAYS, st.one_of(st.none(), DAYS), st.booleans(), st.sampled_from(list(PauseStart)))
def test_no_bill_falls_into_a_pause_and_no_paid_day_is_billed_twice(
    first: date, until: date | None, new_cycle: bool, start: PauseStart
) -> None:
    wanted = PauseDraft(start=start, paused_from=first, resumes_on=until, restarts_cycle=new_cycle)
    if find_pause_problems(ACTIVE, wanted, BILLING, today=TODAY):
        return
    after = apply_pause(ACTIVE, wanted, BILLING, today=TODAY, access_in_pause=False)
    bill = after.ending.next_bill_date
    assert after.pause is not None
    assert bill is None or (not after.pause.covers(bill) and bill > date(2026, 3, 14))
    if until is not None:
        resumed = resume_due(after, BILLING, until)
        assert resumed is not None
        assert resumed.pause is None
        assert resumed.ending.next_bill_date is not None
        assert resumed.ending.next_bill_date >= until
