"""Bill dates: counted from the anchor, clamped in short months, never skipped and never doubled."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtui.domain.billing import (
    Cycle,
    add_months,
    bill_date,
    cycle_words,
    first_bill_date,
    local_day,
    next_bill_date,
    per_words,
)

MONTHS = {Cycle.MONTH: 1, Cycle.YEAR: 12}
DAYS = {Cycle.DAY: 1, Cycle.WEEK: 7}
LEAP_CYCLE = [date(2024, 1, 1) + timedelta(days=number) for number in range(366 + 3 * 365)]
MONTH_ENDS = [day for day in LEAP_CYCLE if day.day >= 28]

anchors = st.sampled_from(LEAP_CYCLE)
cycles = st.sampled_from(Cycle)
frequencies = st.integers(1, 12)


@pytest.mark.parametrize(
    ("anchor", "cycle", "frequency", "n", "bill"),
    [
        (date(2026, 1, 31), Cycle.MONTH, 1, 0, date(2026, 1, 31)),
        (date(2026, 1, 31), Cycle.MONTH, 1, 1, date(2026, 2, 28)),
        (date(2024, 1, 31), Cycle.MONTH, 1, 1, date(2024, 2, 29)),
        (date(2026, 1, 31), Cycle.MONTH, 1, 2, date(2026, 3, 31)),
        (date(2026, 1, 31), Cycle.MONTH, 1, 3, date(2026, 4, 30)),
        (date(2026, 1, 31), Cycle.MONTH, 1, -2, date(2025, 11, 30)),
        (date(2026, 1, 30), Cycle.MONTH, 1, 13, date(2027, 2, 28)),
        (date(2025, 11, 30), Cycle.MONTH, 3, 1, date(2026, 2, 28)),
        (date(2025, 11, 30), Cycle.MONTH, 3, 2, date(2026, 5, 30)),
        (date(2024, 2, 29), Cycle.YEAR, 1, 1, date(2025, 2, 28)),
        (date(2024, 2, 29), Cycle.YEAR, 1, 4, date(2028, 2, 29)),
        (date(2024, 2, 29), Cycle.YEAR, 2, -1, date(2022, 2, 28)),
        (date(2096, 2, 29), Cycle.YEAR, 4, 1, date(2100, 2, 28)),
        (date(2026, 3, 2), Cycle.WEEK, 2, 3, date(2026, 4, 13)),
        (date(2026, 3, 2), Cycle.DAY, 30, 1, date(2026, 4, 1)),
        (date(2026, 3, 2), Cycle.DAY, 1, -2, date(2026, 2, 28)),
    ],
)
def test_the_nth_bill_date_counts_from_the_anchor(
    anchor: date, cycle: Cycle, frequency: int, n: int, bill: date
) -> None:
    assert bill_date(anchor, cycle, frequency, n) == bill


@pytest.mark.parametrize(
    ("anchor", "cycle", "frequency", "after", "bill"),
    [
        (date(2026, 1, 31), Cycle.MONTH, 1, date(2026, 1, 30), date(2026, 1, 31)),
        (date(2026, 1, 31), Cycle.MONTH, 1, date(2020, 5, 5), date(2026, 1, 31)),
        (date(2026, 1, 31), Cycle.MONTH, 1, date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 1, 31), Cycle.MONTH, 1, date(2026, 2, 27), date(2026, 2, 28)),
        (date(2026, 1, 31), Cycle.MONTH, 1, date(2026, 2, 28), date(2026, 3, 31)),
        (date(2024, 1, 15), Cycle.MONTH, 1, date(2026, 3, 14), date(2026, 3, 15)),
        (date(2024, 1, 15), Cycle.MONTH, 1, date(2026, 3, 15), date(2026, 4, 15)),
        (date(2024, 1, 15), Cycle.MONTH, 6, date(2026, 3, 2), date(2026, 7, 15)),
        (date(2024, 2, 29), Cycle.YEAR, 1, date(2025, 2, 28), date(2026, 2, 28)),
        (date(2024, 2, 29), Cycle.YEAR, 1, date(2027, 12, 31), date(2028, 2, 29)),
        (date(2026, 3, 2), Cycle.WEEK, 2, date(2026, 3, 15), date(2026, 3, 16)),
        (date(2026, 3, 2), Cycle.WEEK, 2, date(2026, 3, 16), date(2026, 3, 30)),
        (date(1, 1, 1), Cycle.DAY, 1, date(9999, 12, 30), date(9999, 12, 31)),
    ],
)
def test_the_next_bill_date_is_the_first_after_a_day(
    anchor: date, cycle: Cycle, frequency: int, after: date, bill: date
) -> None:
    assert next_bill_date(anchor, cycle, frequency, after=after) == bill


@pytest.mark.parametrize(
    ("start", "billing_day", "bill"),
    [
        (date(2026, 3, 2), 2, date(2026, 3, 2)),
        (date(2026, 3, 2), 1, date(2026, 4, 1)),
        (date(2026, 3, 2), 31, date(2026, 3, 31)),
        (date(2026, 1, 31), 30, date(2026, 2, 28)),
        (date(2026, 2, 28), 31, date(2026, 2, 28)),
        (date(2026, 12, 31), 30, date(2027, 1, 30)),
    ],
)
def test_the_first_bill_date_is_on_or_after_the_start(start: date, billing_day: int, bill: date) -> None:
    assert first_bill_date(start, billing_day) == bill


@pytest.mark.parametrize("billing_day", [0, 32, -1])
def test_a_billing_day_is_a_day_of_a_month(billing_day: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 31"):
        first_bill_date(date(2026, 3, 2), billing_day)


@pytest.mark.parametrize("cycle", Cycle)
@pytest.mark.parametrize("frequency", [0, -1])
def test_a_frequency_below_one_is_refused(cycle: Cycle, frequency: int) -> None:
    day = date(2026, 3, 2)
    with pytest.raises(ValueError, match="must be 1 or more"):
        bill_date(day, cycle, frequency, 1)
    with pytest.raises(ValueError, match="must be 1 or more"):
        next_bill_date(day, cycle, frequency, after=day - timedelta(days=1))
    with pytest.raises(ValueError, match="must be 1 or more"):
        cycle_words(cycle, frequency)
    with pytest.raises(ValueError, match="must be 1 or more"):
        per_words(cycle, frequency)


@pytest.mark.parametrize("cycle", Cycle)
@pytest.mark.parametrize("n", [1, -1, 10**12, -(10**12)])
def test_leaving_the_calendar_is_refused_in_a_sentence(cycle: Cycle, n: int) -> None:
    edge = date.max if n > 0 else date.min
    with pytest.raises(ValueError, match="outside the calendar"):
        bill_date(edge, cycle, 1, n)


def test_no_next_date_is_left_at_the_calendars_end() -> None:
    for cycle in Cycle:
        with pytest.raises(ValueError, match="outside the calendar"):
            next_bill_date(date.max, cycle, 1, after=date.max)
    with pytest.raises(ValueError, match="outside the calendar"):
        first_bill_date(date.max, 30)


@settings(deadline=None)
@given(anchors, cycles, frequencies)
def test_sixty_bill_dates_neither_skip_nor_repeat_a_period(anchor: date, cycle: Cycle, frequency: int) -> None:
    _check_sixty_periods(anchor, cycle, frequency)


def test_month_ends_of_a_leap_cycle_neither_skip_nor_repeat_a_period() -> None:
    for anchor in MONTH_ENDS:
        for cycle in MONTHS:
            _check_sixty_periods(anchor, cycle, 1)


def _check_sixty_periods(anchor: date, cycle: Cycle, frequency: int) -> None:
    bills = [bill_date(anchor, cycle, frequency, n) for n in range(61)]
    if cycle in DAYS:
        assert {after - before for before, after in pairwise(bills)} == {timedelta(days=DAYS[cycle] * frequency)}
        return
    months = [bill.year * 12 + bill.month for bill in bills]
    assert {after - before for before, after in pairwise(months)} == {MONTHS[cycle] * frequency}
    for bill in bills:
        last_of_month = (bill + timedelta(days=1)).day == 1
        assert bill.day == anchor.day or (bill.day < anchor.day and last_of_month)


@settings(deadline=None)
@given(anchors, cycles, frequencies, st.integers(-400, 1800))
def test_no_bill_date_lies_between_a_day_and_the_next(anchor: date, cycle: Cycle, frequency: int, days: int) -> None:
    after = anchor + timedelta(days=days)
    found = next_bill_date(anchor, cycle, frequency, after=after)
    bills = (bill_date(anchor, cycle, frequency, n) for n in range(1802))
    assert found == next(bill for bill in bills if bill > after)
    assert found > after


@settings(deadline=None)
@given(st.sampled_from(LEAP_CYCLE), st.integers(1, 31))
def test_the_first_bill_date_is_within_a_month_of_the_start(start: date, billing_day: int) -> None:
    first = first_bill_date(start, billing_day)
    assert start <= first <= start + timedelta(days=31)
    assert first.day == billing_day or (first.day < billing_day and (first + timedelta(days=1)).day == 1)


@settings(deadline=None)
@given(anchors, st.integers(-1200, 1200))
def test_adding_months_changes_the_month_by_just_that_many(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("cycle", "frequency", "adverb", "after_price"),
    [
        (Cycle.DAY, 1, "daily", "a day"),
        (Cycle.WEEK, 1, "weekly", "a week"),
        (Cycle.MONTH, 1, "monthly", "a month"),
        (Cycle.MONTH, 3, "quarterly", "every 3 months"),
        (Cycle.YEAR, 1, "yearly", "a year"),
        (Cycle.WEEK, 2, "every 2 weeks", "every 2 weeks"),
        (Cycle.MONTH, 6, "every 6 months", "every 6 months"),
        (Cycle.YEAR, 3, "every 3 years", "every 3 years"),
        (Cycle.DAY, 30, "every 30 days", "every 30 days"),
    ],
)
def test_a_cycle_has_words(cycle: Cycle, frequency: int, adverb: str, after_price: str) -> None:
    assert cycle_words(cycle, frequency) == adverb
    assert per_words(cycle, frequency) == after_price


@pytest.mark.parametrize(
    ("instant", "time_zone", "day"),
    [
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "Europe/Paris", date(2026, 3, 3)),
        (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "UTC", date(2026, 3, 2)),
        (datetime(2026, 3, 2, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 3, 1)),
        (datetime(2026, 7, 2, 4, 0, tzinfo=UTC), "America/New_York", date(2026, 7, 2)),
        (datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-5))), "UTC", date(2026, 3, 3)),
        (datetime(2026, 12, 31, 10, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2027, 1, 1)),
    ],
)
def test_an_instant_falls_on_the_accounts_own_day(instant: datetime, time_zone: str, day: date) -> None:
    assert local_day(instant, time_zone) == day


def test_an_instant_without_a_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        local_day(datetime(2026, 3, 2, 12, 0), "UTC")


@pytest.mark.parametrize("time_zone", ["", "Mars/Base", "America", "../UTC", "/UTC", "UTC\0", "x" * 5000])
def test_an_unknown_time_zone_is_refused(time_zone: str) -> None:
    with pytest.raises(ValueError, match="This time zone is not known"):
        local_day(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), time_zone)


def test_the_day_after_the_last_is_refused() -> None:
    with pytest.raises(ValueError, match="outside the calendar"):
        local_day(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo")
