"""Until when to ask, what is still charged, when an answer is due: tables of cases, and what holds for every day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.clock import Clock
from subtui.domain.account import AccountPlan
from subtui.domain.billing import Cycle, bill_date, local_day
from subtui.domain.money import Money
from subtui.domain.notice import ANSWER_DAYS, NOTICE_DAYS, Notice, answer_due, assess, last_safe_day

from .plans import days, is_bill_date, plans
from .published_cases import Agrees, Differs
from .published_notice import AGREES, DIFFERS_ON_PURPOSE

A_DAY = timedelta(days=1)
NOTHING = Money(0, "USD")
MARCH = date(2026, 3, 19)


def monthly(received_on: date, next_invoice: date = MARCH, notice_days: int = NOTICE_DAYS) -> Notice:
    """What asking leads to where the fee is billed on the 19th of every month."""
    return assess(
        received_on, next_invoice, notice_days=notice_days, cycle=Cycle.MONTH, frequency=1, anchor=date(2019, 5, 19)
    )


@pytest.mark.parametrize("case", AGREES, ids=lambda case: f"{case.source}: {case.rule}")
def test_agrees_with_the_published_case(case: Agrees) -> None:
    assert case.ours() == case.published


@pytest.mark.parametrize("case", DIFFERS_ON_PURPOSE, ids=lambda case: case.source)
def test_differs_from_the_published_case_on_purpose(case: Differs) -> None:
    assert case.ours() == case.instead
    assert case.instead != case.published
    assert case.reason.endswith(".")


# --- the last safe day ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("next_invoice", "notice_days", "safe"),
    [
        (date(2026, 3, 19), 10, date(2026, 3, 9)),
        (date(2026, 3, 9), 10, date(2026, 2, 27)),
        (date(2024, 3, 9), 10, date(2024, 2, 28)),
        (date(2024, 3, 10), 10, date(2024, 2, 29)),
        (date(2026, 3, 10), 10, date(2026, 2, 28)),
        (date(2024, 2, 29), 10, date(2024, 2, 19)),
        (date(2026, 1, 5), 10, date(2025, 12, 26)),
        (date(2026, 5, 31), 30, date(2026, 5, 1)),
        (date(2026, 3, 19), 366, date(2025, 3, 18)),
        (date(2026, 3, 19), 1, date(2026, 3, 18)),
        (date(2026, 3, 17), 10, date(2026, 3, 7)),
        (date(2026, 3, 18), 10, date(2026, 3, 8)),
        (date(2026, 7, 14), 10, date(2026, 7, 4)),
    ],
    ids=[
        "as documented",
        "over the end of February",
        "before a leap day",
        "on a leap day",
        "on the end of February",
        "an invoice on a leap day",
        "over the new year",
        "a month's notice",
        "a year's notice",
        "the day before",
        "a Saturday stays",
        "a Sunday stays",
        "a holiday stays",
    ],
)
def test_the_last_safe_day_is_counted_in_days_whatever_day_it_is(
    next_invoice: date, notice_days: int, safe: date
) -> None:
    assert last_safe_day(next_invoice, notice_days) == safe


def test_ten_days_and_two_business_days_are_the_documented_terms() -> None:
    assert (NOTICE_DAYS, ANSWER_DAYS) == (10, 2)
    assert last_safe_day(MARCH) == last_safe_day(MARCH, 10)
    assert answer_due(MARCH) == answer_due(MARCH, 2)


@pytest.mark.parametrize(
    ("next_invoice", "notice_days", "words"),
    [(MARCH, -1, "cannot be negative"), (date(1, 1, 10), 10, "outside the calendar"), (MARCH, 10**9, "outside the")],
)
def test_a_notice_that_cannot_be_given_is_refused(next_invoice: date, notice_days: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        last_safe_day(next_invoice, notice_days)


# --- when the answer is due -------------------------------------------------------------------------------------------

FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2026, 3, day) for day in (6, 7, 8, 9, 10))


@pytest.mark.parametrize(
    ("received_on", "business_days", "holidays", "due"),
    [
        (MONDAY, 2, (), date(2026, 3, 11)),
        (date(2026, 3, 4), 2, (), FRIDAY),
        (date(2026, 3, 5), 2, (), MONDAY),
        (FRIDAY, 2, (), TUESDAY),
        (SATURDAY, 2, (), TUESDAY),
        (SUNDAY, 2, (), TUESDAY),
        (FRIDAY, 2, (MONDAY,), date(2026, 3, 11)),
        (FRIDAY, 2, (MONDAY, TUESDAY), date(2026, 3, 12)),
        (FRIDAY, 2, (SATURDAY, SUNDAY), TUESDAY),
        (MONDAY, 2, (MONDAY,), date(2026, 3, 11)),
        (MONDAY, 2, (date(2026, 3, 11),), date(2026, 3, 12)),
        (date(2026, 12, 31), 2, (date(2027, 1, 1),), date(2027, 1, 5)),
        (date(2026, 12, 23), 2, (date(2026, 12, 24), date(2026, 12, 25)), date(2026, 12, 29)),
        (date(2024, 2, 28), 2, (), date(2024, 3, 1)),
        (date(2024, 2, 28), 1, (), date(2024, 2, 29)),
        (date(2026, 2, 27), 1, (), date(2026, 3, 2)),
        (MONDAY, 0, (), MONDAY),
        (SATURDAY, 0, (), MONDAY),
        (SATURDAY, 0, (MONDAY,), TUESDAY),
        (MONDAY, 0, (MONDAY,), TUESDAY),
        (FRIDAY, 10, (), date(2026, 3, 20)),
        (date(2026, 1, 1), 260, (), date(2026, 12, 31)),
    ],
    ids=[
        "Monday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "a holiday on the way",
        "two holidays on the way",
        "holidays on a weekend count once",
        "a holiday on the day of asking changes nothing",
        "a holiday on the day that it would be due",
        "the year's end",
        "Christmas",
        "over a leap day",
        "on a leap day",
        "over the end of February",
        "at once",
        "at once, on a weekend",
        "at once, on a weekend before a holiday",
        "at once, on a holiday",
        "two weeks",
        "all business days of a year",
    ],
)
def test_an_answer_is_due_so_many_business_days_after_the_day_of_asking(
    received_on: date, business_days: int, holidays: tuple[date, ...], due: date
) -> None:
    assert answer_due(received_on, business_days, frozenset(holidays)) == due


def test_what_comes_on_friday_saturday_or_sunday_is_due_on_tuesday() -> None:
    assert {answer_due(day) for day in (FRIDAY, SATURDAY, SUNDAY)} == {TUESDAY}


def test_an_answer_in_a_negative_number_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        answer_due(MONDAY, -1)


class EveryDayOff:
    """A calendar that is a mistake."""

    def __contains__(self, day: object) -> bool:
        return True


@pytest.mark.parametrize("business_days", [0, 1, 2])
def test_a_calendar_without_a_business_day_is_refused(business_days: int) -> None:
    with pytest.raises(ValueError, match="leaves no business day"):
        answer_due(MONDAY, business_days, EveryDayOff())


holidays_near = st.frozensets(st.dates(date(2026, 2, 20), date(2026, 5, 1)), max_size=25)


@given(received_on=st.dates(date(2026, 2, 20), date(2026, 4, 1)), count=st.integers(0, 10), off=holidays_near)
def test_an_answer_is_never_due_on_a_day_off_nor_before_it_was_asked_for(
    received_on: date, count: int, off: frozenset[date]
) -> None:
    due = answer_due(received_on, count, off)
    assert due.weekday() < 5
    assert due not in off
    assert due >= received_on
    between = [received_on + A_DAY * n for n in range(1, (due - received_on).days + 1)]
    if count:
        assert len([day for day in between if day.weekday() < 5 and day not in off]) == count


@given(one=days, other=days, business_days=st.integers(0, 5), off=holidays_near)
def test_asking_earlier_is_never_answered_later(
    one: date, other: date, business_days: int, off: frozenset[date]
) -> None:
    earlier, later = sorted((one, other))
    assert answer_due(earlier, business_days, off) <= answer_due(later, business_days, off)


# --- what a notice leads to -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received_on", "in_time", "last_invoice", "ends_on"),
    [
        (date(2026, 2, 20), True, None, date(2026, 3, 18)),
        (date(2026, 3, 8), True, None, date(2026, 3, 18)),
        (date(2026, 3, 9), True, None, date(2026, 3, 18)),
        (date(2026, 3, 10), False, MARCH, date(2026, 4, 18)),
        (date(2026, 3, 18), False, MARCH, date(2026, 4, 18)),
        (date(2026, 3, 19), False, MARCH, date(2026, 4, 18)),
    ],
)
def test_in_time_ends_before_the_next_invoice_and_late_before_the_one_after_it(
    received_on: date, in_time: bool, last_invoice: date | None, ends_on: date
) -> None:
    assert monthly(received_on) == Notice(in_time, last_invoice, ends_on, NOTHING)


@pytest.mark.parametrize(
    ("cycle", "frequency", "anchor", "next_invoice", "ends_on"),
    [
        (Cycle.MONTH, 1, date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 27)),
        (Cycle.MONTH, 1, date(2025, 12, 31), date(2026, 2, 28), date(2026, 3, 30)),
        (Cycle.MONTH, 1, date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 28)),
        (Cycle.MONTH, 1, date(2023, 12, 31), date(2024, 2, 29), date(2024, 3, 30)),
        (Cycle.MONTH, 1, date(2025, 1, 30), date(2026, 2, 28), date(2026, 3, 29)),
        (Cycle.MONTH, 3, date(2025, 11, 30), date(2026, 2, 28), date(2026, 5, 29)),
        (Cycle.YEAR, 1, date(2024, 2, 29), date(2026, 2, 28), date(2027, 2, 27)),
        (Cycle.YEAR, 1, date(2024, 2, 29), date(2027, 2, 28), date(2028, 2, 28)),
        (Cycle.YEAR, 1, date(2020, 1, 1), date(2026, 1, 1), date(2026, 12, 31)),
        (Cycle.WEEK, 2, date(2025, 12, 22), date(2026, 1, 5), date(2026, 1, 18)),
        (Cycle.DAY, 30, date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 1)),
    ],
)
def test_the_end_after_a_late_notice_is_counted_from_the_anchor(
    cycle: Cycle, frequency: int, anchor: date, next_invoice: date, ends_on: date
) -> None:
    late = assess(next_invoice - A_DAY * 9, next_invoice, cycle=cycle, frequency=frequency, anchor=anchor)
    assert (late.last_invoice, late.ends_on) == (next_invoice, ends_on)
    in_time = assess(next_invoice - A_DAY * 10, next_invoice, cycle=cycle, frequency=frequency, anchor=anchor)
    assert (in_time.last_invoice, in_time.ends_on) == (None, next_invoice - A_DAY)


def test_what_comes_back_is_nothing_in_the_currency_of_the_fee() -> None:
    notice = assess(MARCH, MARCH, cycle=Cycle.MONTH, frequency=1, anchor=MARCH, currency="JPY")
    assert notice.refund == Money(0, "JPY")


@pytest.mark.parametrize(
    ("frequency", "notice_days", "words"), [(0, 10, "must be 1 or more"), (1, -1, "cannot be negative")]
)
def test_terms_that_are_none_are_refused(frequency: int, notice_days: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        assess(MARCH, MARCH, notice_days=notice_days, cycle=Cycle.MONTH, frequency=frequency, anchor=MARCH)


@pytest.mark.parametrize(
    ("zone", "last_minute"),
    [
        ("America/Phoenix", datetime(2026, 3, 10, 6, 59, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 3, 9, 10, 59, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2026, 3, 10, 9, 59, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 3, 9, 9, 59, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 3, 9, 18, 14, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 10, 3, 59, tzinfo=UTC)),
        ("UTC", datetime(2026, 3, 9, 23, 59, tzinfo=UTC)),
    ],
)
def test_the_last_safe_day_lasts_until_midnight_where_the_account_is(zone: str, last_minute: datetime) -> None:
    midnight = last_minute + timedelta(minutes=1)
    assert (local_day(last_minute, zone), local_day(midnight, zone)) == (date(2026, 3, 9), date(2026, 3, 10))
    assert monthly(Clock(last_minute).today(zone)).in_time
    assert not monthly(Clock(midnight).today(zone)).in_time


@st.composite
def rhythms(draw: st.DrawFn) -> tuple[AccountPlan, date]:
    """A plan, and one of its bill dates."""
    plan = draw(plans())
    return plan, bill_date(plan.anchor, plan.cycle, plan.frequency, draw(st.integers(0, 40)))


def noticed(plan: AccountPlan, received_on: date, next_invoice: date) -> Notice:
    return assess(
        received_on,
        next_invoice,
        notice_days=plan.notice_days,
        cycle=plan.cycle,
        frequency=plan.frequency,
        anchor=plan.anchor,
    )


@given(rhythm=rhythms(), one=days, other=days)
def test_asking_earlier_never_ends_later_nor_makes_an_invoice_that_asking_later_does_not(
    rhythm: tuple[AccountPlan, date], one: date, other: date
) -> None:
    earlier, later = (noticed(rhythm[0], day, rhythm[1]) for day in sorted((one, other)))
    assert earlier.ends_on <= later.ends_on
    assert earlier.in_time or not later.in_time
    assert (earlier.last_invoice or date.min) <= (later.last_invoice or date.min)


@given(rhythm=rhythms(), received_on=days)
def test_a_notice_always_ends_before_a_bill_date_and_pays_nothing_back(
    rhythm: tuple[AccountPlan, date], received_on: date
) -> None:
    plan, next_invoice = rhythm
    notice = noticed(plan, received_on, next_invoice)
    assert is_bill_date(plan, notice.ends_on + A_DAY)
    assert notice.refund == NOTHING
    safe = received_on <= last_safe_day(next_invoice, plan.notice_days)
    assert notice.in_time is (safe and received_on < next_invoice), "its own day is too late at any notice"
    assert notice.last_invoice == (None if notice.in_time else next_invoice)
