"""Parses and formats dates as users type and read them (`14 mar`, `+10d`, `eom`, `paid`), independent of the locale."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from subtui.domain.billing import add_months

Day = Callable[[date], str]
"""A function that formats a date for a sentence."""

_STYLES = {
    "d MMM yyyy": "{day.day} {month} {day.year:04d}",
    "yyyy-MM-dd": "{day.year:04d}-{day.month:02d}-{day.day:02d}",
    "MM/dd/yyyy": "{day.month:02d}/{day.day:02d}/{day.year:04d}",
    "dd/MM/yyyy": "{day.day:02d}/{day.month:02d}/{day.year:04d}",
}
DATE_FORMATS: tuple[str, ...] = tuple(_STYLES)
"""The styles in which `format_day` writes, the default first."""

DATE_ORDERS: tuple[str, ...] = ("dmy", "mdy")
"""The orders of a date with slashes: day first, or month first."""

MAX_LENGTH = 40
FIRST_YEAR, LAST_YEAR = 1970, 2199

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ECHOED = 20

_OFFSET = re.compile(r"(?P<sign>[+-]) ?(?P<count>\d{1,5}) ?(?P<unit>[dwmy])")
_BARE_DAY = re.compile(r"\d{1,2}")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_SLASHED = re.compile(r"(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?")
_DOTTED = re.compile(r"(?P<one>\d{1,2})\.(?P<two>\d{1,2})(?:\.(?P<year>\d{4}|\d{2})?)?")
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})\s*(?P<month>[a-z]{3,9})\.?(?:,?\s*(?P<year>\d{4}|\d{2}))?")
_MONTH_DAY = re.compile(r"(?P<month>[a-z]{3,9})\.?\s*(?P<day>\d{1,2})(?:(?:,\s*|\s+)(?P<year>\d{4}|\d{2}))?")


def parse_day(
    text: str,
    *,
    today: date,
    paid_through: date | None = None,
    day_first: bool | None = True,
    past: bool = False,
) -> date:
    """Read a date that a user typed; case and surrounding spaces do not matter.

    Takes `2026-03-14`, `14 mar`, `mar 14 2026`, `14.3.2026`, `14/3`, `+10d -3d +2w +1m +1y`, `today`, `tomorrow`,
    `yesterday`, `eom`, `eoy`, `paid`, a weekday and a bare day number. `day_first` says which number of a date with
    slashes is the day; with None one that reads in two ways is refused.

    A text without year, month or week means the next such day, today included; with `past`, for a past event, the last
    such day. A weekday is never today. 29 Feb without a year is refused in a year that has none.

    Raises ValueError, worded for the user, for any other text, for days that do not exist, and outside 1970 to 2199.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{_echo(text)} is too long for a date. Try 2026-03-14, 14 mar, +10d, eom or paid.")
    written = text.strip().lower()
    if not written:
        raise ValueError("Enter a date. Try 2026-03-14, 14 mar, +10d, eom or paid.")
    if not written.isascii():
        raise _not_a_date(text)
    try:
        day = (
            _named(written, today, paid_through)
            or _weekday(written, today, past=past)
            or _from_today(written, today)
            or _bare_number(written, today, past=past)
            or _iso(written)
            or _in_numbers(written, today, day_first=day_first, past=past)
            or _month_by_name(written, today, past=past)
        )
    except OverflowError as error:
        raise _outside_the_years() from error
    if day is None:
        raise _not_a_date(text)
    _check_year(day.year)
    return day


def format_day(day: date, style: str = "d MMM yyyy") -> str:
    """Write a date in one of `DATE_FORMATS`: `2 Mar 2026`, `2026-03-02`, `03/02/2026` or `02/03/2026`.

    `parse_day` reads all of them back, the last two if `day_first` fits. Raises ValueError for another style.
    """
    if style not in _STYLES:
        raise ValueError(f"This date format is not known: use one of {', '.join(DATE_FORMATS)}.")
    return _STYLES[style].format(day=day, month=_MONTHS[day.month - 1][:3])


def is_day_first(style: str, order: str = "") -> bool | None:
    """Whether the day comes first in a date with slashes: by `order` of `DATE_ORDERS`, else by `style`.

    None where neither says; an ambiguous date is then refused.
    """
    if order:
        return order == "dmy"
    return {"dd/MM/yyyy": True, "MM/dd/yyyy": False}.get(style)


def other_year_words(text: str, day: date, today: date) -> str:
    """`next year` or `last year` where a typed day and month without a year became one of another year; else empty."""
    written = text.strip().lower()
    a_day_and_month = (written[:1].isdigit() or written[-1:].isdigit()) and not _BARE_DAY.fullmatch(written)
    if day.year == today.year or not a_day_and_month or re.search(r"\d{4}", written):
        return ""
    return "next year" if day > today else "last year"


def short_day(day: date, today: date, written: Callable[[date], str] = format_day) -> str:
    """A date without its year if it is the current one and is written last: `15 Mar`."""
    text = written(day)
    return text.removesuffix(f" {day.year:04d}") if day.year == today.year else text


def far_words(day: date, today: date) -> str:
    """The warning about a day far in the future; empty where it is not far.

    Beyond two years it is likely a typing error: an end date agreed with a customer lies within a term or two.
    """
    if day > add_months(today, 24):
        return "over 2 years away"
    return "next year" if day.year > today.year and day > add_months(today, 6) else ""


def days_words(count: int) -> str:
    """`1 day`, `7 days`."""
    return f"{count} day{'' if count == 1 else 's'}"


def month_words(day: date) -> str:
    """The month of a day: `Mar 2026`, independent of the machine's locale."""
    return f"{_MONTHS[day.month - 1][:3]} {day.year:04d}"


def weekday_day(day: date, style: str = "d MMM yyyy") -> str:
    """The date with its weekday before it: `Mon 2 Mar 2026`. Raises ValueError as `format_day` does."""
    return f"{_WEEKDAYS[day.weekday()][:3]} {format_day(day, style)}"


def _named(written: str, today: date, paid_through: date | None) -> date | None:
    if written == "paid":
        if paid_through is None:
            raise ValueError("There is no paid through date here. Try 2026-03-14, 14 mar, +10d or eom.")
        return paid_through
    if written == "eom":
        return today.replace(day=_length(today.year, today.month))
    if written == "eoy":
        return today.replace(month=12, day=31)
    away = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(written)
    return None if away is None else today + timedelta(days=away)


def _weekday(written: str, today: date, *, past: bool) -> date | None:
    weekday = _number_of(written, _WEEKDAYS)
    if weekday is None:
        return None
    if past:
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _from_today(written: str, today: date) -> date | None:
    found = _OFFSET.fullmatch(written)
    if found is None:
        return None
    count = int(found["sign"] + found["count"])
    if found["unit"] in "dw":
        return today + timedelta(days=count * (7 if found["unit"] == "w" else 1))
    months = count * (12 if found["unit"] == "y" else 1)
    # Checked first: the calendar that add_months knows is wider, and so is its sentence.
    _check_year((today.year * 12 + today.month - 1 + months) // 12)
    return add_months(today, months)


def _bare_number(written: str, today: date, *, past: bool) -> date | None:
    if not _BARE_DAY.fullmatch(written):
        return None
    number, month = int(written), today.replace(day=1)
    if past and number > today.day:
        month = add_months(month, -1)
    elif not past and 0 < number < today.day:
        month = add_months(month, 1)
    return _existing(month.year, month.month, number)


def _iso(written: str) -> date | None:
    found = _ISO.fullmatch(written)
    return _existing(int(found["year"]), int(found["month"]), int(found["day"])) if found else None


def _in_numbers(written: str, today: date, *, day_first: bool | None, past: bool) -> date | None:
    found = _DOTTED.fullmatch(written)
    if found:  # written so where the day comes first, and nowhere else
        return _with_or_without_year(found["year"], int(found["two"]), int(found["one"]), today, past=past)
    found = _SLASHED.fullmatch(written)
    if found is None:
        return None
    one, two = int(found["one"]), int(found["two"])
    if day_first is None:
        if one <= 12 and two <= 12 and one != two:
            raise ValueError(_two_ways(written, one, two))
        day_first = two <= 12
    day, month = (one, two) if day_first else (two, one)
    if month > 12 >= day:
        first, as_in = ("day", f"{month}/{day}") if day_first else ("month", f"{day}/{month}")
        raise ValueError(f"There is no month {month}: dates with slashes are read {first} first here, as in {as_in}.")
    return _with_or_without_year(found["year"], month, day, today, past=past)


def _two_ways(written: str, one: int, two: int) -> str:
    either, other = (f"{day} {_MONTHS[month - 1][:3]}" for day, month in ((one, two), (two, one)))
    return f"{written} is {either} or {other}: write the month by its name, as in {either.lower()}, or set date_order."


def _month_by_name(written: str, today: date, *, past: bool) -> date | None:
    found = _DAY_MONTH.fullmatch(written) or _MONTH_DAY.fullmatch(written)
    month = _number_of(found["month"], _MONTHS) if found else None
    if found is None or month is None:
        return None
    return _with_or_without_year(found["year"], month + 1, int(found["day"]), today, past=past)


def _with_or_without_year(year: str | None, month: int, day: int, today: date, *, past: bool) -> date:
    if year is None:
        return _nearest_such_day(month, day, today, past=past)
    if len(year) != 4:
        raise ValueError("Write the year with four digits, as in 14 mar 2026.")
    return _existing(int(year), month, day)


def _nearest_such_day(month: int, day: int, today: date, *, past: bool) -> date:
    _check_month(month)
    longest = _length(2000, month)
    name = _MONTHS[month - 1]
    if not 1 <= day <= longest:
        raise ValueError(f"{day} {name[:3]} is not a date: {name} has {longest} days at most.")
    this_year = (month, day) <= (today.month, today.day) if past else (month, day) >= (today.month, today.day)
    year = today.year if this_year else today.year - 1 if past else today.year + 1
    _check_year(year)
    if day > _length(year, month):
        raise ValueError(f"There is no {day} {name[:3]} in {year}: add the year that you mean.")
    return date(year, month, day)


def _existing(year: int, month: int, day: int) -> date:
    _check_month(month)
    _check_year(year)
    length = _length(year, month)
    if not 1 <= day <= length:
        name = _MONTHS[month - 1]
        raise ValueError(f"{day} {name[:3]} {year} is not a date: {name} {year} has {length} days.")
    return date(year, month, day)


def _check_month(month: int) -> None:
    if not 1 <= month <= 12:
        raise ValueError(f"There is no month {month}: months go from 1 to 12.")


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _outside_the_years()


def _number_of(word: str, names: Sequence[str]) -> int | None:
    # Three letters tell all of them apart; more of the name may follow, as in "sept" and "thurs".
    if len(word) < 3:
        return None
    return next((number for number, name in enumerate(names) if name.lower().startswith(word)), None)


def _length(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _echo(text: str) -> str:
    # The typed text may be pasted from a file: no control sequence in it may reach the terminal.
    plain = "".join(character for character in text[:MAX_LENGTH] if character.isprintable()).strip()
    if not plain:
        return "This"
    return f"“{plain}”" if len(plain) <= _ECHOED else f"“{plain[: _ECHOED - 1]}…”"


def _not_a_date(text: str) -> ValueError:
    return ValueError(f"{_echo(text)} is not a date. Try 2026-03-14, 14 mar, +10d, eom or paid.")


def _outside_the_years() -> ValueError:
    return ValueError(f"The year must be from {FIRST_YEAR} to {LAST_YEAR}.")
