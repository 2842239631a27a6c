"""Days and instants as Keap writes them: `1/15/2025 3:04 PM`, `2025-01-15 07:00:00 UTC`, `20250115T00:00:00`.

Whether `3/4/2025` is in March or in April is never guessed: `order.OrderSniffer` finds it out from a whole column, or
the user says it.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from subtui.domain.date_order import FIRST_YEAR, LAST_YEAR, DateOrder

_MONTHS = tuple("January February March April May June July August September October November December".lower().split())
_NOT_A_DATE = "is not a date"
_BLANKS = re.compile(r"\s")

_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_DATE = re.compile(
    r"(?P<one>[0-9]{1,4})(?P<sep>[/.-])(?P<two>[0-9]{1,2})(?P=sep)(?P<three>[0-9]{1,4})(?![0-9])"
    r"|(?P<compact>[0-9]{8})(?=T)"
    r"|(?P<day>[0-9]{1,2})[ -](?P<month>[A-Za-z]{3,9})\.?,?[ -](?P<year>[0-9]{4})(?![0-9])"
    r"|(?P<named>[A-Za-z]{3,9})\.? (?P<nth>[0-9]{1,2}),? (?P<of>[0-9]{4})(?![0-9])"
)
_TIME = re.compile(
    r"(?:,? +|T)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[AP])\.?M\.?)?(?: ?(?P<offset>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?",
    re.IGNORECASE,
)


_SOME_DAY = date(2000, 1, 1)


def day(text: str, order: DateOrder | None, zone: tzinfo | None = None) -> date | None:
    """Read a date, whose time of day is checked and dropped; None for an empty cell and for null dates (`0000-00-00`).

    `order` settles which number of `3/4/2025` is the month. A text that names an offset (`Z`, `UTC`, `+02:00`) gives
    the day that it then was in `zone`, or the day as it is written if there is no zone. Raises ValueError for anything
    else, for days that do not exist, for years of two digits or outside 1900 to 2200, and for a date whose order is
    not known and matters.
    """
    head, blank, tail = text.partition(" ")
    if blank and head[-1:] != "," and _is_time(tail):
        # The times of an export hardly repeat, its days repeat often: only the day goes to the cache.
        return _day(head, order, zone)
    return _day(text, order, zone)


@lru_cache(maxsize=4096)
def _is_time(text: str) -> bool:
    """Whether a text is a time of day that exists and names no offset."""
    time = _TIME.fullmatch(f" {text}")
    if time is None or time["offset"]:
        return False
    try:
        _at(_SOME_DAY, time)
    except ValueError:
        return False
    return True


def instant(text: str, order: DateOrder | None, zone: tzinfo) -> datetime | None:
    """Read a point in time, in UTC; None as in `day`. Without an offset it is in `zone`, without a time it is midnight.

    An hour that comes twice in autumn is the first of the two. Raises ValueError as `day` does.
    """
    moment = _moment(text, order)
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


# The same dates repeat often within a file; failures are never cached.
@lru_cache(maxsize=4096)
def _day(text: str, order: DateOrder | None, zone: tzinfo | None) -> date | None:
    if len(text) == 10 and text[4] == "-" == text[7]:
        try:
            iso = date.fromisoformat(text)
        except ValueError:
            pass  # The long way has the words for what is wrong.
        else:
            return _existing(iso.year, iso.month, iso.day)
    slashed = _SLASHED.fullmatch(text)
    if slashed:
        one, two, year = slashed.groups()
        return _ordered(int(one), int(two), int(year), order)
    moment = _moment(text, order)
    if moment is None:
        return None
    return (moment.astimezone(zone) if moment.tzinfo and zone else moment).date()


def _moment(text: str, order: DateOrder | None) -> datetime | None:
    """The date and time as written, with an offset if the text names one."""
    iso = _iso_moment(text)
    if iso is not None:
        _existing(iso.year, iso.month, iso.day)
        return iso
    written = _BLANKS.sub(" ", text).strip()
    if not written:
        return None
    found = _DATE.match(written)
    if found is None:
        raise ValueError(_NOT_A_DATE)
    on = _date(found, order)
    rest = written[found.end() :]
    if not rest:
        return datetime(on.year, on.month, on.day) if on else None  # noqa: DTZ001  # as written: no offset
    time = _TIME.fullmatch(rest)
    if time is None:
        raise ValueError(_NOT_A_DATE)
    return _at(on, time)


def _iso_moment(text: str) -> datetime | None:
    # The form of the dumps, where texts hardly repeat. Newer Pythons read 24:00 as well.
    bare = text.removesuffix(" UTC")
    if len(bare) != 19 or bare[10] not in " T" or bare[11:13] == "24":
        return None
    if not bare[4] == bare[7] == "-" or not bare[13] == bare[16] == ":":
        return None
    try:
        return datetime.fromisoformat(bare if len(bare) == len(text) else f"{bare}+00:00")
    except ValueError:
        return None


def _date(found: re.Match[str], order: DateOrder | None) -> date | None:
    compact = found["compact"]
    if compact:
        return _existing_or_null(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
    if found["month"]:
        return _existing(int(found["year"]), _month(found["month"]), int(found["day"]))
    if found["named"]:
        return _existing(int(found["of"]), _month(found["named"]), int(found["nth"]))
    one, two, three = found["one"], found["two"], found["three"]
    if len(one) == 4 and len(three) <= 2:
        return _existing_or_null(int(one), int(two), int(three))
    if len(one) <= 2 and len(three) == 4:
        return _ordered(int(one), int(two), int(three), order)
    if len(one) <= 2 and len(three) <= 2:
        raise ValueError("has a two-digit year; write all four digits")
    raise ValueError(_NOT_A_DATE)


def _ordered(one: int, two: int, year: int, order: DateOrder | None) -> date | None:
    if one == two == year == 0:
        return None
    if order is None:
        if one != two and 1 <= one <= 12 and 1 <= two <= 12:
            readings = f"{two} {_name(one)} or {one} {_name(two)}"
            raise ValueError(f"could be {readings}: choose day first or month first")
        order = DateOrder.DAY_FIRST if one > 12 >= two else DateOrder.MONTH_FIRST
    elif order == DateOrder.MONTH_FIRST and one > 12 >= two:
        raise ValueError(f"does not exist (month {one}, if the month comes first)")
    elif order == DateOrder.DAY_FIRST and two > 12 >= one:
        raise ValueError(f"does not exist (month {two}, if the day comes first)")
    return _existing(year, one, two) if order == DateOrder.MONTH_FIRST else _existing(year, two, one)


def _existing_or_null(year: int, month: int, day_of_month: int) -> date | None:
    return _existing(year, month, day_of_month) if year or month or day_of_month else None


def _existing(year: int, month: int, day_of_month: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"must have a year from {FIRST_YEAR} to {LAST_YEAR}")
    if not 1 <= month <= 12:
        raise ValueError(f"does not exist (month {month})")
    if not 1 <= day_of_month <= 31:
        raise ValueError(f"does not exist (day {day_of_month})")
    if day_of_month > monthrange(year, month)[1]:
        raise ValueError(f"does not exist ({day_of_month} {_name(month)} {year})")
    return date(year, month, day_of_month)


def _at(on: date | None, time: re.Match[str]) -> datetime | None:
    hour, minute, second = int(time["hour"]), int(time["minute"]), int(time["second"] or 0)
    half = (time["half"] or "").upper()
    if not (1 <= hour <= 12 if half else hour <= 23) or minute > 59 or second > 59:
        raise ValueError("has an invalid time")
    if half:
        hour = hour % 12 + (12 if half == "P" else 0)
    offset = _offset(time["offset"])
    if on is None:
        return None
    # Finer than microseconds is dropped.
    fraction = int((time["fraction"] or "").ljust(6, "0")[:6])
    return datetime(on.year, on.month, on.day, hour, minute, second, fraction, offset)


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    # The largest offset from UTC of any place, at any time.
    if hours > 15 or minutes > 59:
        raise ValueError("has an invalid UTC offset")
    away = timedelta(hours=hours, minutes=minutes)
    return timezone(-away if text[0] == "-" else away)


def _month(word: str) -> int:
    known = word.lower()
    for number, name in enumerate(_MONTHS, start=1):
        if name.startswith(known):
            return number
    raise ValueError(f"has an unknown month ({word})")


def _name(month: int) -> str:
    return _MONTHS[month - 1][:3].capitalize()
