"""Searches with operators: parsing, and how a text can go on."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.search_query import HELP, Condition, Operator, begun, completions, folded, parse, written
from subtui.domain.search_values import AmountRange, DayRange

TODAY = date(2026, 3, 2)


def one(text: str) -> Condition:
    found = parse(text, today=TODAY)
    assert not found.problem
    (condition,) = found.conditions
    return condition


def test_operators_and_free_words() -> None:
    found = parse('María  status:inactive -tag:members plan:"Gold yearly",silver lopez', today=TODAY)
    assert found.words == "María lopez"
    assert found.conditions == (
        Condition(Operator.STATUS, ("inactive",)),
        Condition(Operator.TAG, ("members",), negated=True),
        Condition(Operator.PLAN, ("gold yearly", "silver")),
    )
    assert found.of_subscriptions
    assert not parse("tag:members owes:>0 meyer", today=TODAY).of_subscriptions


@pytest.mark.parametrize("text", ["re: pay", "http://x.example", "foo:bar", "a:b", ":", "-", "12:30", "O'Brien"])
def test_other_colons_are_free_text(text: str) -> None:
    assert parse(text, today=TODAY).words == text
    assert parse(text, today=TODAY).conditions == ()


def test_an_operator_without_a_value_yet_is_left_out() -> None:
    assert parse("lopez plan:", today=TODAY) == parse("lopez", today=TODAY)
    assert parse('plan:"', today=TODAY).conditions == ()


DAYS = [
    ("2026-12-31", DayRange(date(2026, 12, 31), date(2026, 12, 31))),
    ("2026-12", DayRange(date(2026, 12, 1), date(2026, 12, 31))),
    ("today", DayRange(TODAY, TODAY)),
    ("<30d", DayRange(TODAY, TODAY + timedelta(days=30))),
    ("<=2w", DayRange(TODAY, TODAY + timedelta(days=14))),
    (">30d", DayRange(TODAY + timedelta(days=31), None)),
    (">=30d", DayRange(TODAY + timedelta(days=30), None)),
    (">-30d", DayRange(TODAY - timedelta(days=30), None)),
    ("<-30d", DayRange(None, TODAY - timedelta(days=31))),
    ("<today", DayRange(None, date(2026, 3, 1))),
    ("<=2026-03-31", DayRange(None, date(2026, 3, 31))),
    (">2026-12", DayRange(date(2027, 1, 1), None)),
    ("<2026-12", DayRange(None, date(2026, 11, 30))),
    ("2026-01..2026-03", DayRange(date(2026, 1, 1), date(2026, 3, 31))),
    ("..today", DayRange(None, TODAY)),
    ("today..", DayRange(TODAY, None)),
]


@pytest.mark.parametrize(("text", "days"), DAYS)
def test_days(text: str, days: DayRange) -> None:
    assert one(f"ends:{text}").values == (days,)
    assert one(f"bills:{text}").values == (days,)


AMOUNTS = [
    (">0", AmountRange(low=Decimal(0), over=True)),
    (">=49.50", AmountRange(low=Decimal("49.50"))),
    ("<100", AmountRange(high=Decimal(100), under=True)),
    ("<=100", AmountRange(high=Decimal(100))),
    ("50..200", AmountRange(Decimal(50), Decimal(200))),
    ("19", AmountRange(Decimal(19), Decimal(19))),
]


@pytest.mark.parametrize(("text", "amounts"), AMOUNTS)
def test_amounts(text: str, amounts: AmountRange) -> None:
    assert one(f"owes:{text}").values == (amounts,)


def test_none_and_abbreviations() -> None:
    assert one("ends:none").values == ("none",)
    assert one("status:in").values == ("inactive",)
    assert one("STATUS:Active,paused").values == ("active", "paused")
    assert one("city:San,Köln").values == ("san", "koln")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("ends:soon", "date"),
        ("ends:3/4", "date"),
        ("owes:much", "amount"),
        ("status:gone", "active"),
        ("card:42", "four"),
    ],
)
def test_a_value_that_cannot_be_read_is_said(text: str, word: str) -> None:
    found = parse(text, today=TODAY)
    assert found.conditions == ()
    assert word in found.problem


@given(st.text(max_size=60))
def test_any_text_is_parsed(text: str) -> None:
    parse(text, today=TODAY)
    completions(text, {Operator.PLAN: ("Gold yearly", "Silver")})


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=20))
def test_a_written_value_is_read_back(value: str) -> None:
    if folded(value):
        assert one(written(Operator.PLAN, f"x{value}")).values == (folded(f"x{value}"),)


PLANS = {Operator.PLAN: ("Gold yearly", "Golf, weekly", "Silver")}


@pytest.mark.parametrize(
    ("typed", "on"),
    [
        ("st", ("status:",)),
        ("meyer -ta", ("meyer -tag:",)),
        ("status:", ("status:active", "status:paused", "status:ending", "status:inactive", "status:loose")),
        ("status:in", ("status:inactive",)),
        ("status:active,in", ("status:active,inactive",)),
        ("plan:go", ("plan:Gold_yearly", "plan:Golf_weekly")),
        ("plan:gold_y", ("plan:Gold_yearly",)),
        ('x plan:"gold y', ("x plan:Gold_yearly",)),
        ("plan:silver", ()),
        ("meyer ", ()),
        ("", ()),
        ("zz", ()),
    ],
)
def test_how_a_text_can_go_on(typed: str, on: tuple[str, ...]) -> None:
    assert completions(typed, PLANS) == on


@pytest.mark.parametrize(
    ("typed", "rest", "operator"),
    [
        ("meyer plan:", "meyer", Operator.PLAN),
        ('-plan:"', "", Operator.PLAN),
        ("plan:x ends:", "plan:x", Operator.ENDS),
        ("plan:x", "plan:x", None),
        ("plan: meyer", "plan: meyer", None),
        ("", "", None),
    ],
)
def test_an_operator_is_begun(typed: str, rest: str, operator: Operator | None) -> None:
    assert begun(typed) == (rest, operator)


def test_every_operator_says_what_it_takes() -> None:
    assert set(HELP) == set(Operator)


def test_the_page_of_the_search_names_every_operator() -> None:
    page = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    assert [operator for operator in Operator if f"| `{operator.value}:` |" not in page] == []
