"""Dates: every form of Keap's files, the time zone that settles the day, and that the order is never guessed."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.date_order import DateOrder
from subtui.keap.dates import day, instant

US, ELSEWHERE = DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST
NEW_YORK, SYDNEY = ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
THE_DAY = date(2025, 1, 15)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0000-00-00 00:00:00 UTC",
        "00/00/0000",
        "0/0/0000",
        "0000/00/00",
        "00000000T00:00:00",
    ],
)
def test_no_date_at_all(text: str) -> None:
    for order in (None, US, ELSEWHERE):
        assert day(text, order) is None
        assert day(text, order, SYDNEY) is None
        assert instant(text, order, SYDNEY) is None


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-15",
        "2025-1-15",
        "2025/01/15",
        "2025.01.15",
        " 2025-01-15 ",
        "2025-01-15 07:00:00",
        "2025-01-15 07:00",
        "2025-01-15T07:00:00",
        "2025-01-15T07:00:00.123",
        "2025-01-15T07:00:00.123456789",
        "2025/01/15 23:59:59",
        "20250115T00:00:00",
        "1/15/2025",
        "01/15/2025",
        "1/15/2025 3:04 PM",
        "1/15/2025 12:00 am",
        "1/15/2025 3:04:05 p.m.",
        "1/15/2025 3:04\u202fPM",
        "1/15/2025, 3:04 PM",
        "1/15/2025\u00a015:04",
        "15/1/2025",
        "15.01.2025",
        "15-01-2025",
        "15.1.2025 07:00",
        "15 Jan 2025",
        "15-Jan-2025",
        "15 January 2025",
        "15 jan. 2025",
        "Jan 15, 2025",
        "JANUARY 15 2025",
        "Jan 15, 2025 3:04 PM",
    ],
)
def test_a_day_that_needs_no_order(text: str) -> None:
    assert day(text, None) == THE_DAY
    assert day(text, None, SYDNEY) == THE_DAY


@pytest.mark.parametrize("text", ["3/4/2025", "03/04/2025", "3-4-2025", "03.04.2025", "3/4/2025 1:00 PM"])
def test_the_order_settles_what_comes_first(text: str) -> None:
    assert day(text, US) == date(2025, 3, 4)
    assert day(text, ELSEWHERE) == date(2025, 4, 3)
    unsettled = r"^could be 4 Mar or 3 Apr: choose day first or month first$"
    with pytest.raises(ValueError, match=unsettled):
        day(text, None)
    with pytest.raises(ValueError, match=unsettled):
        instant(text, None, UTC)


def test_the_same_number_twice_needs_no_order() -> None:
    assert {day("5/5/2025", order) for order in (None, US, ELSEWHERE)} == {date(2025, 5, 5)}


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2025-01-15T02:00:00Z", NEW_YORK, date(2025, 1, 14)),
        ("2025-01-15 02:00:00 UTC", NEW_YORK, date(2025, 1, 14)),
        ("2025-01-15 02:00:00 GMT", NEW_YORK, date(2025, 1, 14)),
        ("2025-01-15T14:00:00.000Z", SYDNEY, date(2025, 1, 16)),
        ("2025-01-15T23:30:00-05:00", SYDNEY, date(2025, 1, 16)),
        ("2025-01-15T23:30:00-0500", NEW_YORK, THE_DAY),
        ("2025-01-15T23:30:00+00", NEW_YORK, THE_DAY),
        ("20250115T02:00:00Z", NEW_YORK, date(2025, 1, 14)),
        ("1/15/2025 2:00 AM UTC", NEW_YORK, date(2025, 1, 14)),
        ("2025-07-15T03:30:00Z", NEW_YORK, date(2025, 7, 14)),
        # Without a zone, and without an offset, the day is the one that is written.
        ("2025-01-15T02:00:00Z", None, THE_DAY),
        ("2025-01-15T02:00:00+09:00", None, THE_DAY),
        ("2025-01-15 02:00:00", NEW_YORK, THE_DAY),
        ("2025-01-15", NEW_YORK, THE_DAY),
    ],
)
def test_an_offset_moves_the_day_into_the_zone(text: str, zone: ZoneInfo | None, expected: date) -> None:
    assert day(text, US, zone) == expected


@pytest.mark.parametrize(
    ("text", "order", "reason"),
    [
        ("13/25/2020", None, "does not exist (month 13)"),
        ("31/31/2020", None, "does not exist (month 31)"),
        ("31/31/2020", US, "does not exist (month 31)"),
        ("31/31/2020", ELSEWHERE, "does not exist (month 31)"),
        ("13/25/2020", ELSEWHERE, "does not exist (month 25)"),
        ("25/12/2020", US, "does not exist (month 25, if the month comes first)"),
        ("12/25/2020", ELSEWHERE, "does not exist (month 25, if the day comes first)"),
        ("2/30/2020", None, "does not exist (30 Feb 2020)"),
        ("29/2/2023", ELSEWHERE, "does not exist (29 Feb 2023)"),
        ("0/15/2020", None, "does not exist (month 0)"),
        ("5/0/2020", US, "does not exist (day 0)"),
        ("2020-13-01", None, "does not exist (month 13)"),
        ("2020-00-00", None, "does not exist (month 0)"),
        ("2020-02-30 07:00:00", None, "does not exist (30 Feb 2020)"),
        ("20200230T00:00:00", None, "does not exist (30 Feb 2020)"),
        ("2020-01-45", None, "does not exist (day 45)"),
        ("31 Jun 2025", None, "does not exist (31 Jun 2025)"),
        ("1/15/25", US, "has a two-digit year; write all four digits"),
        ("25-01-15", None, "has a two-digit year; write all four digits"),
        ("1899-12-31", None, "must have a year from 1900 to 2200"),
        ("1899-12-31 00:00:00", None, "must have a year from 1900 to 2200"),
        ("2201-01-01", None, "must have a year from 1900 to 2200"),
        ("1/1/0001", US, "must have a year from 1900 to 2200"),
        ("0000-01-01", None, "must have a year from 1900 to 2200"),
        ("15 Foo 2025", None, "has an unknown month (Foo)"),
        ("2025-01-15 24:00:00", None, "has an invalid time"),
        ("2025-01-15 07:60:00", None, "has an invalid time"),
        ("2025-01-15 07:00:60", None, "has an invalid time"),
        ("1/15/2025 13:00 PM", US, "has an invalid time"),
        ("1/15/2025 0:30 AM", US, "has an invalid time"),
        ("2025-01-15T00:00:00+25:00", None, "has an invalid UTC offset"),
        ("2025-01-15T00:00:00+05:99", None, "has an invalid UTC offset"),
        *(
            (text, US, "is not a date")
            for text in (
                "tomorrow",
                "N/A",
                "45672",
                "20250115",
                "2025",
                "1/15",
                "1/15-2025",
                "1/15/2025x",
                "1/15/20255",
                "1/15/202",
                "115/1/2025",
                "2025-01-2025",
                "2025-01-15Z",
                "2025-01-15x07:00:00",
                "2025-01-15 07:00:00 EST",
                "2025-01-15 7",
                "15 J 2025",
                "-1/15/2025",
                "１/15/2025",
                "2025-0١-15",
                "1 /15/2025",
                "1/1 5/2025",
            )
        ),
    ],
)
def test_what_is_refused(text: str, order: DateOrder | None, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        day(text, order)
    with pytest.raises(ValueError, match=rf"^{re.escape(reason)}$"):
        instant(text, order, UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/15/2025 3:04 PM", datetime(2025, 1, 15, 20, 4, tzinfo=UTC)),
        ("1/15/2025 12:00 AM", datetime(2025, 1, 15, 5, tzinfo=UTC)),
        ("1/15/2025 12:30 PM", datetime(2025, 1, 15, 17, 30, tzinfo=UTC)),
        ("1/15/2025", datetime(2025, 1, 15, 5, tzinfo=UTC)),
        ("2025-07-15", datetime(2025, 7, 15, 4, tzinfo=UTC)),
        ("2025-01-15 07:00:00", datetime(2025, 1, 15, 12, tzinfo=UTC)),
        ("2025-01-15 07:00:00 UTC", datetime(2025, 1, 15, 7, tzinfo=UTC)),
        ("2025-01-15T07:00:00Z", datetime(2025, 1, 15, 7, tzinfo=UTC)),
        ("2025-01-15T07:00:00.5Z", datetime(2025, 1, 15, 7, 0, 0, 500000, tzinfo=UTC)),
        ("2025-01-15T07:00:00.123456789Z", datetime(2025, 1, 15, 7, 0, 0, 123456, tzinfo=UTC)),
        ("2025-01-15T07:00:00+05:30", datetime(2025, 1, 15, 1, 30, tzinfo=UTC)),
        ("2025-01-15T07:00:00-03", datetime(2025, 1, 15, 10, tzinfo=UTC)),
        ("20171208T11:56:04", datetime(2017, 12, 8, 16, 56, 4, tzinfo=UTC)),
        # Clocks go back at two: the first of the two half past ones.
        ("11/2/2025 1:30 AM", datetime(2025, 11, 2, 5, 30, tzinfo=UTC)),
    ],
)
def test_instants(text: str, expected: datetime) -> None:
    found = instant(text, US, NEW_YORK)
    assert found == expected
    assert found.tzinfo is UTC


@given(days, st.sampled_from("/.-"), st.sampled_from((US, ELSEWHERE)), st.booleans(), st.sampled_from(("", " 3:04 PM")))
def test_a_formatted_day_reads_back(expected: date, separator: str, order: DateOrder, padded: bool, time: str) -> None:
    width = 2 if padded else 1
    month, number = f"{expected.month:0{width}d}", f"{expected.day:0{width}d}"
    parts = (month, number) if order is US else (number, month)
    text = separator.join((*parts, str(expected.year))) + time
    assert day(text, order) == expected
    assert day(f"{expected.isoformat()}{time}", None) == expected
    try:
        assert day(text, None) == expected
    except ValueError:
        assert expected.month != expected.day <= 12


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30)), st.integers(-14 * 60, 14 * 60))
def test_a_formatted_instant_reads_back(written: datetime, minutes: int) -> None:
    moment = written.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for text in (moment.isoformat(), moment.astimezone(UTC).isoformat().replace("+00:00", "Z")):
        assert instant(text, None, UTC) == moment
        assert day(text, None, SYDNEY) == moment.astimezone(SYDNEY).date()


@given(st.text("0123456789/-.: TZAPMUCJan+", max_size=24))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    for order in (None, US, ELSEWHERE):
        try:
            found = day(text, order, NEW_YORK)
        except ValueError as refused:
            reason = str(refused)
        else:
            assert found is None or 1899 <= found.year <= 2200
            continue
        assert reason.split(maxsplit=1)[0] in {"is", "has", "names", "could"}
