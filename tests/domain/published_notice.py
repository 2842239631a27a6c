"""Published cases on periods of notice and business days: where we agree, and where we differ on purpose."""

from datetime import date, timedelta

from subtui.domain.notice import answer_due, last_safe_day

from .published_cases import Agrees, Differs

_DATE_FNS = "date-fns documentation and tests, addBusinessDays"
_NUMPY = "https://numpy.org/doc/stable/reference/generated/numpy.busday_offset.html"
_FRAP = "US Fed. R. App. P. 26(a) and Civ. P. 6(a), committee note"

LABOR_DAY = date(2007, 9, 3)


class _AllBut:
    """A calendar that is off on every weekday but one, as numpy's week mask `Wed` is."""

    def __init__(self, weekday: int) -> None:
        self._weekday = weekday

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day.weekday() != self._weekday


def refusal(business_days: int) -> str:
    """What asking for an answer in so many days is answered with."""
    try:
        return f"{answer_due(date(2014, 9, 15), business_days)}"
    except ValueError as error:
        return str(error)


AGREES = [
    Agrees(_DATE_FNS, "ten from a Monday", date(2014, 9, 15), lambda: answer_due(date(2014, 9, 1), 10)),
    Agrees(_DATE_FNS, "one from a Friday", date(2020, 1, 13), lambda: answer_due(date(2020, 1, 10), 1)),
    Agrees(_DATE_FNS, "one from a Sunday", date(2020, 1, 13), lambda: answer_due(date(2020, 1, 12), 1)),
    Agrees(_NUMPY, "none from a Saturday, forward", date(2011, 10, 3), lambda: answer_due(date(2011, 10, 1), 0)),
    Agrees(_NUMPY, "none from a Sunday, forward", date(2011, 3, 21), lambda: answer_due(date(2011, 3, 20), 0)),
    Agrees(_NUMPY, "one from a Tuesday", date(2011, 3, 23), lambda: answer_due(date(2011, 3, 22), 1)),
    Agrees(
        _NUMPY,
        "the third Wednesday of January, with a calendar of Wednesdays",
        date(2011, 1, 19),
        lambda: answer_due(date(2010, 12, 31), 3, _AllBut(2)),
    ),
    Agrees(
        _FRAP,
        "a last day on a weekend before a holiday goes to the next day that is neither",
        date(2007, 9, 4),
        lambda: answer_due(date(2007, 9, 1), 0, {LABOR_DAY}),
    ),
]

DIFFERS_ON_PURPOSE = [
    Differs(
        f"{_DATE_FNS}: ten back from Monday, 15 Sep 2014",
        "2014-09-01",
        "date-fns counts back as well. An answer is never due before the question, so a negative number is a mistake.",
        lambda: refusal(-10),
        "The business days for an answer cannot be negative.",
    ),
    Differs(
        f"{_FRAP}: the tenth day before an event on 11 Sep 2007 is a Saturday",
        date(2007, 8, 31),
        "A court's backend is closed on a Saturday, so the rule goes back to the Friday. The cancellation form is open "
        "every day, and who asks on that Saturday has given ten days' notice.",
        lambda: last_safe_day(date(2007, 9, 11), 10),
        date(2007, 9, 1),
    ),
    Differs(
        f"{_FRAP}: ten days after 22 Aug 2007",
        date(2007, 9, 4),
        "The rule counts every day and moves only a last one that is off. An answer is promised in business days, so "
        "each weekend and holiday on the way counts for nothing.",
        lambda: answer_due(date(2007, 9, 1) - timedelta(days=10), 10, {LABOR_DAY}),
        date(2007, 9, 6),
    ),
]
