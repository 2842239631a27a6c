"""Finds out from all dates of a file whether the month or the day comes first.

US accounts of Keap write `1/15/2025`, others `15/1/2025`; one number above 12 settles it for the whole account.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1900, 2200

# What follows, a time of day, does not matter here. Dates that begin with the year fail at their third digit.
_NUMERIC = re.compile(r"\s*([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})(?![0-9/.-])")


class DateOrder(StrEnum):
    """The order of day and month in a date such as `3/4/2025`."""

    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Values that allow one order only: the first of them, and their number."""

    example: str
    count: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The evidence of the values seen for their order; a kind of evidence is None if there was none.

    `month_first` and `day_first` are values that can only be read so (`1/15/2025`, `15/1/2025`), `ambiguous` those
    that mean two different days (`3/4/2025`).
    """

    month_first: Evidence | None
    day_first: Evidence | None
    ambiguous: Evidence | None

    @property
    def order(self) -> DateOrder | None:
        """The order that the values settle; None if nothing does, or if they contradict each other."""
        if self.contradictory or self.evidence is None:
            return None
        return DateOrder.MONTH_FIRST if self.month_first else DateOrder.DAY_FIRST

    @property
    def evidence(self) -> Evidence | None:
        """The values that settle the order; None if nothing does, or if they contradict each other."""
        return None if self.contradictory else self.month_first or self.day_first

    @property
    def contradictory(self) -> bool:
        """Whether some values force the one order and some the other."""
        return self.month_first is not None and self.day_first is not None

    @property
    def needed(self) -> bool:
        """Whether any value would be another day in the other order; if none, the order does not matter."""
        return self.ambiguous is not None


class OrderSniffer:
    """Collects evidence of the order, value by value, in constant memory."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[str, Evidence] = {}

    def see(self, text: str) -> None:
        """Take in one value. A value that is no numeric date, or exists in neither order, is ignored."""
        found = _NUMERIC.match(text)
        if found is None:
            return
        one, two, year = int(found[1]), int(found[3]), int(found[4])
        if one == two or not FIRST_YEAR <= year <= LAST_YEAR:
            return
        month_first, day_first = _exists(year, one, two), _exists(year, two, one)
        # Forced only by a number above 12: 2/30/2020 exists in neither order, and 30/2/2020 does not either.
        if month_first and day_first:
            self._count("ambiguous", text)
        elif month_first:
            self._count("month_first", text)
        elif day_first:
            self._count("day_first", text)

    def verdict(self) -> Verdict:
        """The evidence of the values so far."""
        return Verdict(self._seen.get("month_first"), self._seen.get("day_first"), self._seen.get("ambiguous"))

    def _count(self, kind: str, text: str) -> None:
        before = self._seen.get(kind)
        self._seen[kind] = Evidence(before.example, before.count + 1) if before else Evidence(text.strip(), 1)


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
