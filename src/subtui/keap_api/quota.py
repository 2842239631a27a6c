"""What Keap says of its limits in the headers of an answer. On some answers they are all there, but blank."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_DIGITS = 15
_FAMILIES = ("x-keap-product-quota-", "x-keap-product-throttle-", "x-keap-tenant-throttle-")


@dataclass(frozen=True, slots=True)
class Quota:
    """The calls that are allowed and left, of the key by day and minute, of the whole account likewise.

    None is what was not said. `per_second` is the key's; `day_ends` is in UTC.
    """

    day_limit: int | None = None
    day_left: int | None = None
    day_ends: datetime | None = None
    minute_limit: int | None = None
    minute_left: int | None = None
    per_second: int | None = None
    account_day_left: int | None = None
    account_minute_left: int | None = None

    @property
    def day_is_used_up(self) -> bool:
        """Whether no call is left today, for the key or for the account."""
        return any(left is not None and left <= 0 for left in (self.day_left, self.account_day_left))

    @property
    def minute_is_used_up(self) -> bool:
        """Whether no call is left in this minute, for the key or for the account."""
        return any(left is not None and left <= 0 for left in (self.minute_left, self.account_minute_left))

    @property
    def least_left_in_minute(self) -> int | None:
        """The calls left in this minute; None if unknown."""
        known = [left for left in (self.minute_left, self.account_minute_left) if left is not None]
        return min(known, default=None)

    def day_is_nearly_used_up(self, share: float = 0.05) -> bool:
        """Whether less than `share` of the key's calls of a day is left."""
        if self.day_limit is None or self.day_left is None:
            return self.day_is_used_up
        return self.day_is_used_up or self.day_left < share * self.day_limit


def read_quota(headers: Mapping[str, str]) -> Quota:
    """The limits in headers, whose names are in lower case. Never raises: what cannot be read is unknown."""
    day, minute, account = (_by_unit(headers, family) for family in _FAMILIES)
    day_limit, day_left = day.get("day", (None, None))
    minute_limit, minute_left = minute.get("minute", (None, None))
    return Quota(
        day_limit=day_limit,
        day_left=day_left,
        day_ends=_instant(headers.get("x-keap-product-quota-expiry-time", "")),
        minute_limit=minute_limit,
        minute_left=minute_left,
        per_second=_positive(headers.get("x-keap-product-spike-limit", "")),
        account_day_left=account.get("day", (None, None))[1],
        account_minute_left=account.get("minute", (None, None))[1],
    )


def next_day(now: datetime) -> datetime:
    """When the calls of a day begin again: at midnight UTC."""
    return datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)


def _by_unit(headers: Mapping[str, str], family: str) -> dict[str, tuple[int | None, int | None]]:
    """Limit and rest by unit; several are joined by bars. Without units they are those that the family is for."""
    units, limits, left, counts = (
        [part.strip().lower() for part in headers.get(family + name, "").split("|")]
        for name in ("time-unit", "limit", "available", "interval")
    )
    if not any(units):
        units = ["minute", "day"] if "|" in headers.get(family + "available", "") else [_USUAL_UNIT[family]]
    found: dict[str, tuple[int | None, int | None]] = {}
    for at, unit in enumerate(units):
        if unit and _at(counts, at) in ("", "1"):  # the rest of two minutes says nothing of the next one
            found.setdefault(unit.removesuffix("s"), (_positive(_at(limits, at)), _whole(_at(left, at))))
    return found


_USUAL_UNIT = dict(zip(_FAMILIES, ("day", "minute", "minute"), strict=True))


def _at(parts: list[str], at: int) -> str:
    return parts[at] if at < len(parts) else ""


def _whole(text: str) -> int | None:
    text = text.strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS):
        return None
    return int(text)


def _positive(text: str) -> int | None:
    number = _whole(text)
    return number if number is not None and number > 0 else None


def _instant(text: str) -> datetime | None:
    milliseconds = _positive(text)
    if milliseconds is None:
        return None
    try:
        return datetime.fromtimestamp(math.ceil(milliseconds / 1000), UTC)
    except (ValueError, OverflowError, OSError):
        return None
