"""Reads the days and the amounts that a search compares with: `<30d`, `2026-12`, `>=100`, `50..200`."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from subtui.domain.billing import add_months
from subtui.domain.days import parse_day

_SIGN = re.compile(r"(<=|>=|<|>|=)?(.*)", re.DOTALL)
_RELATIVE = re.compile(r"[+-]?\d{1,5}[dwmy]", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_LARGEST = Decimal(10) ** 12
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayRange:
    """The days from `first` to `last`, both included; None: without a limit."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class AmountRange:
    """Amounts from `low` to `high`, in major units; None: without a limit. Whether the limits count is told apart."""

    low: Decimal | None = None
    high: Decimal | None = None
    over: bool = False  # without `low` itself
    under: bool = False  # without `high` itself


def day_range(text: str, operator: str, *, today: date) -> DayRange:
    """Read a day, a month, a range with `..`, or a limit with `<` or `>`; a distance such as `30d` counts from today.

    `<30d` means within the next 30 days, today included, and `>-30d` since 30 days ago. Raises ValueError, worded for
    the user.
    """
    lower, dots, upper = text.partition("..")
    if dots:
        return DayRange(
            _days(lower, operator, today)[0] if lower else None, _days(upper, operator, today)[1] if upper else None
        )
    sign, bare = _split(text)
    first, last = _days(bare, operator, today)
    if sign in ("", "="):
        return DayRange(first, last)
    ahead = bool(_RELATIVE.fullmatch(bare)) and last >= today
    if sign == "<":
        return DayRange(today, last) if ahead else DayRange(None, first - _DAY)
    if sign == "<=":
        return DayRange(today, last) if ahead else DayRange(None, last)
    behind = bool(_RELATIVE.fullmatch(bare)) and first < today
    return DayRange(first, None) if sign == ">=" or behind else DayRange(last + _DAY, None)


def _split(text: str) -> tuple[str, str]:
    found = _SIGN.fullmatch(text.strip())
    return (found[1] or "", found[2].strip()) if found else ("", text)


def _days(text: str, operator: str, today: date) -> tuple[date, date]:
    """The first and the last day that a text means."""
    month = _MONTH.fullmatch(text.strip())
    if month:
        year, number = int(month[1]), int(month[2])
        if 1970 <= year <= 2199 and 1 <= number <= 12:
            first = date(year, number, 1)
            return first, add_months(first, 1) - _DAY
    bare = text.strip()
    if _RELATIVE.fullmatch(bare) and bare[0] not in "+-":
        bare = f"+{bare}"
    try:
        day = parse_day(bare, today=today, day_first=None)
    except ValueError:
        raise ValueError(f"{operator}: takes a date such as 2026-12-31, 2026-12, <30d, >today or none.") from None
    return day, day


def amount_range(text: str, operator: str) -> AmountRange:
    """Read an amount, a range with `..`, or a limit. Raises ValueError, worded for the user."""
    lower, dots, upper = text.partition("..")
    if dots:
        return AmountRange(_amount(lower, operator) if lower else None, _amount(upper, operator) if upper else None)
    sign, bare = _split(text)
    amount = _amount(bare, operator)
    if sign in ("<", "<="):
        return AmountRange(high=amount, under=sign == "<")
    if sign in (">", ">="):
        return AmountRange(low=amount, over=sign == ">")
    return AmountRange(amount, amount)


def _amount(text: str, operator: str) -> Decimal:
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise ValueError(f"{operator}: takes an amount such as >0, >=100 or 50..200.")
    return amount
