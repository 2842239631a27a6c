"""The bill dates of a subscription: each is counted from the anchor, so that a short month never shifts the day."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Cycle(StrEnum):
    """The unit in which a subscription's period is counted; the frequency says how many of them."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_DAYS_IN = {Cycle.DAY: 1, Cycle.WEEK: 7}
_MONTHS_IN = {Cycle.MONTH: 1, Cycle.YEAR: 12}
_WORDS = {
    (Cycle.DAY, 1): "daily",
    (Cycle.WEEK, 1): "weekly",
    (Cycle.MONTH, 1): "monthly",
    (Cycle.MONTH, 3): "quarterly",
    (Cycle.YEAR, 1): "yearly",
}


def bill_date(anchor: date, cycle: Cycle, frequency: int, n: int) -> date:
    """The n-th bill date counted from the anchor, which is number 0; a negative n counts back.

    Months and years keep the anchor's day and clamp it to the month's end: 31 Jan, 28 or 29 Feb, 31 Mar, 30 Apr. It is
    never counted from the date before, so a clamped day comes back (the rule of Stripe's billing cycle anchor and of
    Kill Bill's billing day). Raises ValueError if the frequency is below 1 or the date leaves the calendar.
    """
    _check_frequency(frequency)
    if cycle in _MONTHS_IN:
        return add_months(anchor, _MONTHS_IN[cycle] * frequency * n)
    try:
        return anchor + timedelta(days=_DAYS_IN[cycle] * frequency * n)
    except OverflowError as error:
        raise _outside_the_calendar() from error


def next_bill_date(anchor: date, cycle: Cycle, frequency: int, *, after: date) -> date:
    """The first bill date strictly after a day; the anchor itself if that day lies before the anchor.

    Raises ValueError if the frequency is below 1 or the date leaves the calendar.
    """
    return bill_date(anchor, cycle, frequency, bills_until(anchor, cycle, frequency, after))


def bills_until(anchor: date, cycle: Cycle, frequency: int, day: date) -> int:
    """The number of bill dates, the anchor included, on or before a day. Raises ValueError below a frequency of 1."""
    _check_frequency(frequency)
    if day < anchor:
        return 0
    if cycle in _DAYS_IN:
        return (day - anchor).days // (_DAYS_IN[cycle] * frequency) + 1
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    passed = months // (_MONTHS_IN[cycle] * frequency)
    # Bill number `passed` may fall later in the month of `day`, or not be in that month at all.
    return passed + 1 if bill_date(anchor, cycle, frequency, passed) <= day else passed


def first_bill_date(start: date, billing_day: int) -> date:
    """The first date on or after the start that falls on the billing day of its month, clamped to the month's end.

    The rule of Kill Bill's billing day. Raises ValueError if the billing day is not 1 to 31, or if there is no such
    date left in the calendar.
    """
    if not 1 <= billing_day <= 31:
        raise ValueError("The billing day must be from 1 to 31.")
    this_month = _clamped(start.year, start.month, billing_day)
    if this_month >= start:
        return this_month
    following = add_months(start.replace(day=1), 1)
    return _clamped(following.year, following.month, billing_day)


def add_months(day: date, months: int) -> date:
    """The same day of the month a number of months later (or earlier), clamped to the month's end.

    The month's last day is not sticky: 30 Sep and a month is 30 Oct. Raises ValueError if it leaves the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise _outside_the_calendar()
    return _clamped(year, month + 1, day.day)


def local_day(instant_utc: datetime, time_zone: str) -> date:
    """The calendar day on which an instant falls in a time zone, named as in the IANA database (`Europe/Paris`).

    Raises ValueError if the instant has no offset, the zone is unknown or the day leaves the calendar.
    """
    if instant_utc.utcoffset() is None:
        raise ValueError("This instant has no time zone, so its local day is not known.")
    try:
        zone = ZoneInfo(time_zone)
    # Names that are folders, too long or not paths at all fail in ways of their own.
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("This time zone is not known: use a name such as Europe/Paris.") from error
    try:
        return instant_utc.astimezone(zone).date()
    except OverflowError as error:
        raise _outside_the_calendar() from error


def cycle_words(cycle: Cycle, frequency: int) -> str:
    """The cycle as an adverb: `monthly`, `quarterly`, `every 2 weeks`. Raises ValueError below a frequency of 1."""
    _check_frequency(frequency)
    return _WORDS.get((cycle, frequency)) or per_words(cycle, frequency)


def per_words(cycle: Cycle, frequency: int) -> str:
    """The cycle after a price: `a month`, `every 3 months`. Raises ValueError below a frequency of 1."""
    _check_frequency(frequency)
    return f"a {cycle}" if frequency == 1 else f"every {frequency} {cycle}s"


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _check_frequency(frequency: int) -> None:
    if frequency < 1:
        raise ValueError("The frequency of a cycle must be 1 or more.")


def _outside_the_calendar() -> ValueError:
    return ValueError(f"This date is outside the calendar, which holds the years {MINYEAR} to {MAXYEAR}.")
