"""When a subscription can end, and what is left unused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.billing import Cycle
from subtui.domain.endings import end_after_bills, paid_term, unused
from subtui.domain.money import Money
from subtui.domain.subscriptions import Billing

TODAY = date(2026, 3, 2)
PRICE = Money(4900, "USD")


def monthly(paid_through: date | None = date(2026, 3, 14), *, anchor: date = date(2024, 1, 15)) -> Billing:
    return Billing(anchor, Cycle.MONTH, 1, anchor, paid_through)


def test_the_paid_term_is_that_of_the_last_bill() -> None:
    assert paid_term(monthly()) == (date(2026, 2, 15), date(2026, 3, 14))
    assert paid_term(monthly(None)) is None
    assert paid_term(monthly(date(2024, 1, 20))) == (date(2024, 1, 15), date(2024, 1, 20))


@pytest.mark.parametrize(
    ("end", "days", "minor"),
    [
        (date(2026, 3, 13), 1, 175),
        (TODAY, 12, 2100),
        (date(2026, 2, 15), 27, 4725),
        (date(2026, 2, 14), 28, 4900),
        (date(2026, 1, 1), 28, 4900),
    ],
)
def test_what_is_unused_is_counted_by_day(end: date, days: int, minor: int) -> None:
    found = unused(monthly(), PRICE, end)
    assert found is not None
    assert (found.days, found.of_days, found.amount) == (days, 28, Money(minor, "USD"))


@pytest.mark.parametrize("end", [date(2026, 3, 14), date(2026, 4, 1)])
def test_nothing_is_unused_when_access_lasts_as_long_as_it_is_paid(end: date) -> None:
    assert unused(monthly(), PRICE, end) is None
    assert unused(monthly(None), PRICE, TODAY) is None


@pytest.mark.parametrize(
    ("count", "end"),
    [(0, date(2026, 3, 14)), (1, date(2026, 4, 14)), (2, date(2026, 5, 14)), (12, date(2027, 3, 14))],
)
def test_after_further_bills(count: int, end: date) -> None:
    assert end_after_bills(monthly(), count, today=TODAY) == end


def test_a_bill_of_today_has_been_made() -> None:
    billed_today = monthly(date(2026, 4, 1), anchor=date(2024, 1, 2))
    assert end_after_bills(billed_today, 1, today=TODAY) == date(2026, 5, 1)
    unpaid = monthly(None, anchor=date(2024, 1, 2))
    assert end_after_bills(unpaid, 1, today=TODAY) == date(2026, 5, 1)


def test_a_short_month_does_not_move_the_day() -> None:
    billing = monthly(date(2026, 1, 30), anchor=date(2025, 1, 31))
    assert end_after_bills(billing, 1, today=date(2026, 1, 20)) == date(2026, 2, 27)
    assert end_after_bills(billing, 2, today=date(2026, 1, 20)) == date(2026, 3, 30)


@pytest.mark.parametrize("count", [-1, 121])
def test_other_numbers_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="0 to 120"):
        end_after_bills(monthly(), count, today=TODAY)


@given(
    st.sampled_from(Cycle),
    st.integers(1, 6),
    st.dates(date(2015, 1, 1), date(2026, 3, 1)),
    st.integers(0, 400),
    st.integers(-30, 500),
    st.integers(0, 10**7),
)
def test_unused_is_a_part_of_the_price(
    cycle: Cycle, frequency: int, anchor: date, paid: int, after: int, minor: int
) -> None:
    billing = Billing(anchor, cycle, frequency, anchor, anchor + timedelta(days=paid))
    found = unused(billing, Money(minor, "EUR"), anchor + timedelta(days=after))
    if found is not None:
        assert 0 < found.days <= found.of_days
        assert 0 <= found.amount.minor <= minor
