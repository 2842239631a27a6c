"""The notice period of an account cancellation: last safe day, invoices still charged, due day of the answer.

Source of the rules: the vendor's documented cancellation. Notice reaches them at least ten days before the next
invoice, an answer comes within two business days, and no part of a fee that was paid is prorated.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from subtui.domain.billing import Cycle, next_bill_date
from subtui.domain.money import Money

NOTICE_DAYS = 10
ANSWER_DAYS = 2

_SATURDAY = 5
_LONGEST_PAUSE = 366
"""The most days off in a row; more are taken for a mistake in the calendar."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The effects of a notice received on a day. `refund` is always zero: nothing is prorated."""

    in_time: bool
    last_invoice: date | None
    ends_on: date
    refund: Money


def last_safe_day(next_invoice: date, notice_days: int = NOTICE_DAYS) -> date:
    """The last day on which a notice prevents the next invoice; weekends and holidays do not move it.

    Raises ValueError for a negative number of days or a day out of the calendar's range.
    """
    if notice_days < 0:
        raise ValueError("The days of notice cannot be negative.")
    try:
        return next_invoice - timedelta(days=notice_days)
    except OverflowError as error:
        raise ValueError("This day of notice is outside the calendar.") from error


def answer_due(received_on: date, business_days: int = ANSWER_DAYS, holidays: Container[date] = frozenset()) -> date:
    """The day on which the answer to a notice is due: a number of business days after the day it was received.

    Saturdays, Sundays and `holidays` do not count: a notice of Friday, Saturday or Sunday is due on Tuesday. With
    zero business days it is due on the day itself, or the first business day after it. Raises ValueError for a negative
    number and for a calendar without business days.
    """
    if business_days < 0:
        raise ValueError("The business days for an answer cannot be negative.")
    day = received_on if business_days else _business_day_from(received_on, holidays)
    for _ in range(business_days):
        day = _business_day_from(min(day, date.max - timedelta(days=1)) + timedelta(days=1), holidays)
    return day


def _business_day_from(day: date, holidays: Container[date]) -> date:
    for away in range(min(_LONGEST_PAUSE, (date.max - day).days)):
        found = day + timedelta(days=away)
        if found.weekday() < _SATURDAY and found not in holidays:
            return found
    raise ValueError("This calendar of holidays leaves no business day for an answer.")


def assess(
    received_on: date,
    next_invoice: date,
    *,
    notice_days: int = NOTICE_DAYS,
    cycle: Cycle,
    frequency: int,
    anchor: date,
    currency: str = "USD",
) -> Notice:
    """Assess a notice received on a day; `next_invoice` is the day of the first invoice not yet issued.

    In time: no further invoice, and the account ends the day before it. Late: it is still charged, and the account ends
    the day before the one after it, counted from the anchor. Raises ValueError as `bill_date` does.
    """
    nothing = Money.zero(currency)
    # The day of an invoice is too late for it even with no days of notice: the account would end the day before.
    if received_on <= last_safe_day(next_invoice, notice_days) and received_on < next_invoice:
        return Notice(True, None, next_invoice - timedelta(days=1), nothing)
    following = next_bill_date(anchor, cycle, frequency, after=next_invoice)
    return Notice(False, next_invoice, following - timedelta(days=1), nothing)
