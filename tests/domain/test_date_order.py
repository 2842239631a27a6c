"""The order of day and month, found out from a whole column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.date_order import DateOrder, Evidence, OrderSniffer, Verdict
from subtui.keap.dates import day

US, ELSEWHERE = DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST


def verdict_on(*texts: str) -> Verdict:
    sniffer = OrderSniffer()
    for text in texts:
        sniffer.see(text)
    return sniffer.verdict()


def test_one_value_settles_it() -> None:
    verdict = verdict_on("3/4/2025", " 1/15/2025 3:04 PM", "12/31/2024", "5/6/2025")
    assert verdict.order is US
    assert verdict.evidence == Evidence("1/15/2025 3:04 PM", 2)
    assert verdict.ambiguous == Evidence("3/4/2025", 2)
    assert verdict.needed
    assert not verdict.contradictory


@pytest.mark.parametrize("text", ["15/1/2025", "15.01.2025", "15-01-2025 07:00", "31/12/2024"])
def test_a_day_above_twelve_comes_first(text: str) -> None:
    assert verdict_on(text).order is ELSEWHERE
    assert not verdict_on(text).needed


def test_ambiguous_values_settle_nothing() -> None:
    verdict = verdict_on("3/4/2025", "01/02/2025")
    assert (verdict.order, verdict.evidence, verdict.contradictory, verdict.needed) == (None, None, False, True)


def test_values_that_force_both_contradict_each_other() -> None:
    verdict = verdict_on("1/15/2025", "15/1/2025", "16/1/2025")
    assert verdict.contradictory
    assert (verdict.order, verdict.evidence, verdict.needed) == (None, None, False)
    assert (verdict.month_first, verdict.day_first) == (Evidence("1/15/2025", 1), Evidence("15/1/2025", 2))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-01-15",
        "2025-01-15 07:00:00 UTC",
        "20250115T00:00:00",
        "15 Jan 2025",
        "5/5/2025",
        "00/00/0000",
        "0/15/2025",
        "13/25/2020",
        "31/31/2020",
        "2/30/2025",
        "30/2/2025",
        "29/2/2023",
        "1/15/25",
        "1/15/1850",
        "1/15-2025",
        "1/15/2025/3",
        "1/15/20255",
        "1.15.2025.1",
        "Smith",
        "602-555-0142",
    ],
)
def test_what_says_nothing_about_the_order(text: str) -> None:
    assert verdict_on(text) == Verdict(None, None, None)


@given(st.lists(st.dates(date(1900, 1, 1), date(2200, 12, 31)), min_size=1), st.sampled_from((US, ELSEWHERE)))
def test_the_verdict_reads_the_whole_file(days: list[date], order: DateOrder) -> None:
    pattern = "{0.month}/{0.day}/{0.year}" if order is US else "{0.day}/{0.month}/{0.year}"
    texts = [pattern.format(one) for one in days]
    verdict = verdict_on(*texts)
    assert not verdict.contradictory
    assert verdict.order in (order, None)
    if verdict.order or not verdict.needed:
        assert [day(text, verdict.order) for text in texts] == days
