"""Dates as typed and as written, on a Monday 2 March 2026 unless a case says otherwise."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtui.domain.days import (
    DATE_FORMATS,
    far_words,
    format_day,
    is_day_first,
    other_year_words,
    parse_day,
    weekday_day,
)

TODAY = date(2026, 3, 2)
PAID_THROUGH = date(2026, 3, 14)
days = st.dates(date(1970, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-14", date(2026, 3, 14)),
        ("14 mar", date(2026, 3, 14)),
        ("14mar", date(2026, 3, 14)),
        ("14 mar.", date(2026, 3, 14)),
        ("14 march 2026", date(2026, 3, 14)),
        ("14 Mar, 2026", date(2026, 3, 14)),
        ("mar 14", date(2026, 3, 14)),
        ("March 14, 2026", date(2026, 3, 14)),
        ("sept 3", date(2026, 9, 3)),
        ("14/3", date(2026, 3, 14)),
        ("14/3/2026", date(2026, 3, 14)),
        ("14.3.2026", date(2026, 3, 14)),
        ("+10d", date(2026, 3, 12)),
        ("+0d", TODAY),
        ("-3d", date(2026, 2, 27)),
        ("+2w", date(2026, 3, 16)),
        ("+1m", date(2026, 4, 2)),
        ("-1m", date(2026, 2, 2)),
        ("+1y", date(2027, 3, 2)),
        ("today", TODAY),
        ("tomorrow", date(2026, 3, 3)),
        ("yesterday", date(2026, 3, 1)),
        ("eom", date(2026, 3, 31)),
        ("eoy", date(2026, 12, 31)),
        ("paid", PAID_THROUGH),
        ("fri", date(2026, 3, 6)),
        ("thurs", date(2026, 3, 5)),
        ("sunday", date(2026, 3, 8)),
        ("mon", date(2026, 3, 9)),
        ("14", date(2026, 3, 14)),
        ("2", TODAY),
        ("1", date(2026, 4, 1)),
        ("31", date(2026, 3, 31)),
        ("  FRI ", date(2026, 3, 6)),
        ("14 MAR", date(2026, 3, 14)),
    ],
)
def test_reads_what_a_person_types(text: str, day: date) -> None:
    assert parse_day(text, today=TODAY, paid_through=PAID_THROUGH) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("2 mar", date(2026, 3, 2), date(2026, 3, 2)),
        ("1 mar", date(2026, 3, 2), date(2027, 3, 1)),
        ("29 feb", date(2027, 3, 2), date(2028, 2, 29)),
        ("29 feb", date(2028, 2, 29), date(2028, 2, 29)),
        ("1/3", date(2026, 3, 2), date(2027, 3, 1)),
        ("+1m", date(2026, 1, 31), date(2026, 2, 28)),
        ("+1y", date(2024, 2, 29), date(2025, 2, 28)),
        ("eom", date(2024, 2, 1), date(2024, 2, 29)),
        ("1", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_day_without_a_year_or_month_is_the_next_such_day(text: str, today: date, day: date) -> None:
    assert parse_day(text, today=today) == day


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("3/4/2026", True, date(2026, 4, 3)),
        ("3/4/2026", False, date(2026, 3, 4)),
        ("3.4.2026", True, date(2026, 4, 3)),
        ("3/4", False, date(2026, 3, 4)),
        ("14/3/2026", None, date(2026, 3, 14)),
        ("3/14/2026", None, date(2026, 3, 14)),
        ("3/3/2026", None, date(2026, 3, 3)),
        ("14/3", None, date(2026, 3, 14)),
        ("2026-03-04", False, date(2026, 3, 4)),
        ("3.4.2026", False, date(2026, 4, 3)),
        ("3.4.", None, date(2026, 4, 3)),
        ("3.4", None, date(2026, 4, 3)),
    ],
)
def test_the_order_of_day_and_month_is_a_setting(text: str, day_first: bool | None, day: date) -> None:
    assert parse_day(text, today=TODAY, day_first=day_first) == day


@pytest.mark.parametrize(
    ("text", "day_first", "sentence"),
    [
        ("3/14/2026", True, "There is no month 14: dates with slashes are read day first here, as in 14/3."),
        ("3/14", True, "There is no month 14: dates with slashes are read day first here, as in 14/3."),
        ("14/3/2026", False, "There is no month 14: dates with slashes are read month first here, as in 3/14."),
        ("14/3", False, "There is no month 14: dates with slashes are read month first here, as in 3/14."),
        (
            "3/4/2026",
            None,
            "3/4/2026 is 3 Apr or 4 Mar: write the month by its name, as in 3 apr, or set date_order.",
        ),
        ("12/11", None, "12/11 is 12 Nov or 11 Dec: write the month by its name, as in 12 nov, or set date_order."),
        ("3.14.2026", False, "There is no month 14: months go from 1 to 12."),
        ("13/13", None, "There is no month 13: months go from 1 to 12."),
        ("13/13", False, "There is no month 13: months go from 1 to 12."),
    ],
)
def test_no_other_order_is_guessed(text: str, day_first: bool | None, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        parse_day(text, today=TODAY, day_first=day_first)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("1 feb", TODAY, date(2026, 2, 1)),
        ("feb 1", TODAY, date(2026, 2, 1)),
        ("2 mar", TODAY, TODAY),
        ("3 mar", TODAY, date(2025, 3, 3)),
        ("31 dec", date(2026, 1, 1), date(2025, 12, 31)),
        ("29 feb", date(2028, 3, 1), date(2028, 2, 29)),
        ("1/2", TODAY, date(2026, 2, 1)),
        ("1.2.", TODAY, date(2026, 2, 1)),
        ("2", TODAY, TODAY),
        ("1", TODAY, date(2026, 3, 1)),
        ("28", TODAY, date(2026, 2, 28)),
        ("31", date(2026, 1, 30), date(2025, 12, 31)),
        ("sunday", TODAY, date(2026, 3, 1)),
        ("monday", TODAY, date(2026, 2, 23)),
        ("tue", TODAY, date(2026, 2, 24)),
        ("-3d", TODAY, date(2026, 2, 27)),
        ("+1d", TODAY, date(2026, 3, 3)),
        ("yesterday", TODAY, date(2026, 3, 1)),
        ("1 feb 2027", TODAY, date(2027, 2, 1)),
        ("2027-02-01", TODAY, date(2027, 2, 1)),
    ],
)
def test_where_the_past_is_meant_it_is_the_last_such_day(text: str, today: date, day: date) -> None:
    assert parse_day(text, today=today, past=True) == day


@pytest.mark.parametrize(
    ("text", "today", "past", "sentence"),
    [
        ("29 feb", TODAY, False, "There is no 29 Feb in 2027: add the year that you mean."),
        ("feb 29", date(2028, 3, 1), False, "There is no 29 Feb in 2029: add the year that you mean."),
        ("29 feb", TODAY, True, "There is no 29 Feb in 2026: add the year that you mean."),
        ("29 feb", date(2026, 2, 1), False, "There is no 29 Feb in 2026: add the year that you mean."),
        ("31", TODAY, True, "31 Feb 2026 is not a date: February 2026 has 28 days."),
    ],
)
def test_no_year_is_jumped_for_a_day_that_is_not_there(text: str, today: date, past: bool, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        parse_day(text, today=today, past=past)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("1 mar", date(2027, 3, 1), "next year"),
        ("mar 1", date(2027, 3, 1), "next year"),
        ("1/3", date(2027, 3, 1), "next year"),
        ("3 mar", date(2025, 3, 3), "last year"),
        ("14 mar", date(2026, 3, 14), ""),
        ("1 mar 2027", date(2027, 3, 1), ""),
        ("2027-03-01", date(2027, 3, 1), ""),
        ("+1y", date(2027, 3, 2), ""),
        ("eoy", date(2026, 12, 31), ""),
        ("1", date(2027, 1, 1), ""),
    ],
)
def test_a_year_that_was_not_typed_is_told(text: str, day: date, words: str) -> None:
    assert other_year_words(text, day, TODAY) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 14), ""),
        (date(2026, 12, 31), ""),
        (date(2027, 1, 1), "next year"),
        (date(2028, 3, 2), "next year"),
        (date(2028, 3, 3), "over 2 years away"),
        (date(2099, 1, 1), "over 2 years away"),
        (date(2020, 1, 1), ""),
    ],
)
def test_a_day_far_ahead_is_told(day: date, words: str) -> None:
    assert far_words(day, TODAY) == words


@pytest.mark.parametrize(
    ("style", "order", "day_first"),
    [
        ("d MMM yyyy", "", None),
        ("yyyy-MM-dd", "", None),
        ("MM/dd/yyyy", "", False),
        ("dd/MM/yyyy", "", True),
        ("d MMM yyyy", "mdy", False),
        ("yyyy-MM-dd", "dmy", True),
    ],
)
def test_the_order_is_that_of_the_settings(style: str, order: str, day_first: bool | None) -> None:
    assert is_day_first(style, order) is day_first


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("30 feb 2026", "30 Feb 2026 is not a date: February 2026 has 28 days."),
        ("2026-02-29", "29 Feb 2026 is not a date: February 2026 has 28 days."),
        ("31/4/2026", "31 Apr 2026 is not a date: April 2026 has 30 days."),
        ("30 feb", "30 Feb is not a date: February has 29 days at most."),
        ("0 may", "0 May is not a date: May has 31 days at most."),
        ("32", "32 Mar 2026 is not a date: March 2026 has 31 days."),
        ("0", "0 Mar 2026 is not a date: March 2026 has 31 days."),
        ("2026-13-01", "There is no month 13: months go from 1 to 12."),
        ("13/13", "There is no month 13: months go from 1 to 12."),
        ("5/0", "There is no month 0: months go from 1 to 12."),
        ("soon", "“soon” is not a date. Try 2026-03-14, 14 mar, +10d, eom or paid."),
        ("", "Enter a date. Try 2026-03-14, 14 mar, +10d, eom or paid."),
        ("  ", "Enter a date. Try 2026-03-14, 14 mar, +10d, eom or paid."),
        ("mar 2026", "“mar 2026” is not a date."),
        ("14 foo", "“14 foo” is not a date."),
        ("14/3.2026", "“14/3.2026” is not a date."),
        ("10d", "“10d” is not a date."),
        ("fr", "“fr” is not a date."),
        ("2026-03-14T00:00", "“2026-03-14T00:00” is not a date."),
        ("١٤/٣/٢٠٢٦", "“١٤/٣/٢٠٢٦” is not a date."),
        ("\uff11\uff14", "“\uff11\uff14” is not a date."),
        ("14 mar 26", "Write the year with four digits, as in 14 mar 2026."),
        ("14/3/26", "Write the year with four digits, as in 14 mar 2026."),
        ("1969-12-31", "The year must be from 1970 to 2199."),
        ("1 jan 2200", "The year must be from 1970 to 2199."),
        ("0000-01-01", "The year must be from 1970 to 2199."),
        ("+99999d", "The year must be from 1970 to 2199."),
        ("-99999w", "The year must be from 1970 to 2199."),
        ("+99999m", "The year must be from 1970 to 2199."),
        ("-99999y", "The year must be from 1970 to 2199."),
        ("1\x1b[2J\u202e2", "“1[2J2” is not a date."),
        ("\x07\x07", "This is not a date."),
        ("no, never, not at all", "“no, never, not at a…” is not a date."),
        ("x" * 41, "“xxxxxxxxxxxxxxxxxxx…” is too long for a date."),
        ("x" * 100_000, "“xxxxxxxxxxxxxxxxxxx…” is too long for a date."),
    ],
)
def test_refuses_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        parse_day(text, today=TODAY, paid_through=PAID_THROUGH)
    assert str(refusal.value).startswith(sentence)


def test_a_bare_day_number_is_never_clamped() -> None:
    with pytest.raises(ValueError, match="31 Apr 2026 is not a date: April 2026 has 30 days"):
        parse_day("31", today=date(2026, 4, 10))
    with pytest.raises(ValueError, match="30 Feb 2026 is not a date: February 2026 has 28 days"):
        parse_day("30", today=date(2026, 1, 31))


def test_paid_needs_a_paid_through_date() -> None:
    with pytest.raises(ValueError, match="There is no paid through date here"):
        parse_day("paid", today=TODAY)


@pytest.mark.parametrize("text", ["tomorrow", "fri", "+1d", "+1y", "1 jan", "29 feb"])
def test_the_last_day_has_no_morrow(text: str) -> None:
    with pytest.raises(ValueError, match="The year must be from 1970 to 2199"):
        parse_day(text, today=date(2199, 12, 31))


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("d MMM yyyy", "2 Mar 2026"),
        ("yyyy-MM-dd", "2026-03-02"),
        ("MM/dd/yyyy", "03/02/2026"),
        ("dd/MM/yyyy", "02/03/2026"),
    ],
)
def test_writes_the_date_in_a_style(style: str, written: str) -> None:
    assert format_day(TODAY, style) == written
    assert weekday_day(TODAY, style) == f"Mon {written}"
    assert style in DATE_FORMATS


def test_the_default_style_is_short_and_unmistakable() -> None:
    assert format_day(TODAY) == "2 Mar 2026"
    assert weekday_day(TODAY) == "Mon 2 Mar 2026"
    assert DATE_FORMATS == ("d MMM yyyy", "yyyy-MM-dd", "MM/dd/yyyy", "dd/MM/yyyy")


def test_another_style_is_refused() -> None:
    with pytest.raises(ValueError, match="This date format is not known"):
        format_day(TODAY, "%d %m")


@settings(deadline=None)
@given(days, days, st.sampled_from(DATE_FORMATS))
def test_reads_back_what_it_writes(day: date, today: date, style: str) -> None:
    assert parse_day(format_day(day, style), today=today, day_first=style != "MM/dd/yyyy") == day


@settings(deadline=None)
@given(st.text(max_size=45) | st.text("0123456789./-+ dwmyjanfebr\x1b", max_size=12), days)
def test_any_text_is_a_date_or_a_value_error(text: str, today: date) -> None:
    try:
        found = parse_day(text, today=today)
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = ""
        assert 1970 <= found.year <= 2199
    assert refusal.isprintable()
    assert len(refusal) < 120


@settings(deadline=None)
@given(st.dates(date(1970, 1, 1), date(2150, 1, 1)), st.integers(1, 31), st.integers(1, 12))
def test_a_day_and_month_is_the_first_such_day_from_today(today: date, number: int, month: int) -> None:
    coming = (today + timedelta(days=away) for away in range(366))
    expected = next((day for day in coming if (day.day, day.month) == (number, month)), None)
    if expected is None:
        with pytest.raises(ValueError, match=r"days at most|There is no 29 Feb in"):
            parse_day(f"{number}/{month}", today=today, day_first=True)
    else:
        assert parse_day(f"{number}/{month}", today=today, day_first=True) == expected
