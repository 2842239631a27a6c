"""Days as numbers, their dates, and the bill dates of a cycle; each is computed once and cached."""

from array import array
from calendar import isleap
from datetime import UTC, date, datetime, time

from subtui.domain.billing import Cycle, bill_date

YEARS_BACK = 12
YEARS_AHEAD = 4


class Calendar:
    """The days around the day for which the data are made. Days are ordinals, `date.toordinal`."""

    def __init__(self, today: date) -> None:
        self.day = today
        self.today = today.toordinal()
        self._first = date(today.year - YEARS_BACK, 1, 1).toordinal()
        last = date(today.year + YEARS_AHEAD, 12, 31).toordinal()
        self._days = [date.fromordinal(day) for day in range(self._first, last + 1)]
        self._bills: dict[tuple[int, str, int], array[int]] = {}
        month_ends = (29, 30, 31)
        past = range(date(today.year - YEARS_BACK + 1, 1, 1).toordinal(), self.today)
        self.month_ends = tuple(day for day in past if date.fromordinal(day).day in month_ends)
        """The past days that not every month has."""
        years = range(today.year - YEARS_BACK + 1, today.year + 1)
        leap = (date(year, 2, 29).toordinal() for year in years if isleap(year))
        self.leap_days = tuple(day for day in leap if day < self.today)

    def on(self, day: int) -> date:
        """The date of a day."""
        return self._days[day - self._first]

    def on_or_none(self, day: int | None) -> date | None:
        """The date of a day that may be missing."""
        return None if day is None else self._days[day - self._first]

    def instant(self, day: int, minute: int) -> datetime:
        """A minute of a day, in UTC."""
        return datetime.combine(self._days[day - self._first], time(minute // 60, minute % 60), UTC)

    def bills(self, anchor: int, cycle: str, frequency: int) -> "array[int]":
        """The bill dates from the anchor to today, and as the last entry the first one after today."""
        key = (anchor, cycle, frequency)
        found = self._bills.get(key)
        if found is None:
            found = self._bills[key] = array("i")
            start, rhythm, number = date.fromordinal(anchor), Cycle(cycle), 0
            while True:
                day = bill_date(start, rhythm, frequency, number).toordinal()
                found.append(day)
                if day > self.today:
                    break
                number += 1
        return found
