"""The settings of the account as they are typed: what each field means, and what is wrong with it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.account_settings import (
    MOST_HOLIDAYS,
    MOST_REASONS,
    SettingsDraft,
    SettingsValues,
    read_settings_form,
    reasons_text,
)
from subtui.domain.billing import Cycle
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.reasons import CANCELLING, Reason

GOOD = SettingsDraft(
    name="Corner Shop",
    plan="Classic",
    fee="249.00",
    currency="USD",
    cycle=Cycle.MONTH,
    frequency="1",
    anchor=date(2019, 5, 19),
    began_on=date(2019, 5, 6),
    minimum_months="",
    notice_days="10",
    answer_days="2",
    phone="+1 602 555 0142",
    hours="Monday to Friday",
    country="US",
    time_zone="America/Phoenix",
    own_holidays="",
    limits="",
    reasons="unused: Unused\nother: Other *",
)


def read(draft: SettingsDraft) -> tuple[SettingsValues, tuple[Problem, ...]]:
    return read_settings_form(
        draft,
        why_not_country=lambda code: None if code in ("US", "NZ") else "No such country.",
        why_not_zone=lambda name: None if "/" in name else "No such zone.",
    )


def meant(**change: Any) -> SettingsValues:
    values, problems = read(replace(GOOD, **change))
    assert problems == ()
    return values


def wrong(**change: Any) -> list[tuple[str, str]]:
    return [(problem.field, problem.sentence) for problem in read(replace(GOOD, **change))[1]]


def test_a_form_without_problems_means_what_it_says() -> None:
    assert meant() == SettingsValues(
        name="Corner Shop",
        plan="Classic",
        fee=Money(24900, "USD"),
        cycle=Cycle.MONTH,
        frequency=1,
        anchor=date(2019, 5, 19),
        began_on=date(2019, 5, 6),
        minimum_months=None,
        notice_days=10,
        answer_days=2,
        phone="+1 602 555 0142",
        hours="Monday to Friday",
        country="US",
        time_zone="America/Phoenix",
        own_holidays=(),
        limits={},
        reasons=(Reason("unused", "Unused"), Reason("other", "Other", needs_note=True)),
    )


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ({"name": "  Corner Shop "}, "name", "Corner Shop"),
        ({"plan": " "}, "plan", ""),
        ({"fee": " 1,249.5 "}, "fee", Money(124950, "USD")),
        ({"fee": "249 USD"}, "fee", Money(24900, "USD")),
        ({"fee": "0"}, "fee", Money(0, "USD")),
        ({"fee": "249", "currency": " jpy "}, "fee", Money(249, "JPY")),
        ({"frequency": " 3 "}, "frequency", 3),
        ({"frequency": "366"}, "frequency", 366),
        ({"minimum_months": " 12 "}, "minimum_months", 12),
        ({"minimum_months": "120"}, "minimum_months", 120),
        ({"notice_days": "366"}, "notice_days", 366),
        ({"answer_days": "0"}, "answer_days", 0),
        ({"answer_days": "60"}, "answer_days", 60),
        ({"phone": ""}, "phone", ""),
        ({"phone": "602 555 0142"}, "phone", "602 555 0142"),
        ({"country": " nz ", "phone": ""}, "country", "NZ"),
        ({"time_zone": " Pacific/Auckland "}, "time_zone", "Pacific/Auckland"),
        ({"plan": "", "anchor": None}, "anchor", None),
        ({"began_on": None}, "began_on", None),
        ({"own_holidays": "2026-12-24"}, "own_holidays", (date(2026, 12, 24),)),
        (
            {"own_holidays": "2026-12-24, 2026-11-27\n2026-12-24,"},
            "own_holidays",
            (date(2026, 11, 27), date(2026, 12, 24)),
        ),
        ({"reasons": "\n moving : Moving away \n\n"}, "reasons", (Reason("moving", "Moving away"),)),
        ({"reasons": "a: See: below*"}, "reasons", (Reason("a", "See: below", needs_note=True),)),
        ({"reasons": "too_far2: Zu weit, à côté"}, "reasons", (Reason("too_far2", "Zu weit, à côté"),)),
    ],
)
def test_a_field_is_read_as_people_type_it(typed: dict[str, Any], field: str, value: object) -> None:
    assert getattr(meant(**typed), field) == value


FREQUENCY = "Enter a whole number from 1 to 366."
LINE = "is not a reason: write “too_expensive: Too expensive”, one per line."


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " "}, "name", "Enter a name for the account."),
        ({"name": "x" * 121}, "name", "Enter at most 120 characters."),
        ({"plan": "x" * 121}, "plan", "Enter at most 120 characters."),
        ({"hours": "x" * 121}, "hours", "Enter at most 120 characters."),
        ({"fee": ""}, "fee", "Enter an amount in USD, such as 1,234.50."),
        ({"fee": "-1"}, "fee", "The fee can't be negative."),
        ({"frequency": ""}, "frequency", FREQUENCY),
        ({"frequency": "0"}, "frequency", FREQUENCY),
        ({"frequency": "367"}, "frequency", FREQUENCY),
        ({"frequency": "-1"}, "frequency", FREQUENCY),
        ({"frequency": "1.5"}, "frequency", FREQUENCY),
        ({"frequency": "1_0"}, "frequency", FREQUENCY),
        ({"frequency": "one"}, "frequency", FREQUENCY),
        ({"frequency": "١"}, "frequency", FREQUENCY),
        ({"frequency": "²"}, "frequency", FREQUENCY),
        ({"frequency": "9" * 5000}, "frequency", FREQUENCY),
        ({"minimum_months": "0"}, "minimum_months", "Enter a whole number from 1 to 120."),
        ({"minimum_months": "121"}, "minimum_months", "Enter a whole number from 1 to 120."),
        ({"notice_days": "-1"}, "notice_days", "Enter a whole number from 0 to 366."),
        ({"notice_days": "367"}, "notice_days", "Enter a whole number from 0 to 366."),
        ({"answer_days": "61"}, "answer_days", "Enter a whole number from 0 to 60."),
        ({"answer_days": ""}, "answer_days", "Enter a whole number from 0 to 60."),
        ({"anchor": None}, "anchor", "Enter the first bill date: the billing cycle starts there."),
        (
            {"minimum_months": "12", "began_on": None},
            "began_on",
            "Enter the date the account began: the minimum term starts there.",
        ),
        ({"country": "XX"}, "country", "No such country."),
        ({"time_zone": "Phoenix"}, "time_zone", "No such zone."),
        ({"phone": "555 0142"}, "phone", "This phone number has no area code."),
        ({"phone": "ask Ada"}, "phone", "This is not a phone number: enter digits, as in +1 602 555 0142."),
        (
            {"own_holidays": "24 Dec"},
            "own_holidays",
            "“24” is not a date: write dates as 2026-12-24, separated by commas.",
        ),
        (
            {"own_holidays": "2026-02-29"},
            "own_holidays",
            "“2026-02-29” is not a date: write dates as 2026-12-24, separated by commas.",
        ),
        ({"reasons": " \n "}, "reasons", "Enter at least one reason."),
        ({"reasons": "Too expensive"}, "reasons", f"“Too expensive” {LINE}"),
        ({"reasons": "Unused: Unused"}, "reasons", f"“Unused: Unused” {LINE}"),
        ({"reasons": "un used: Unused"}, "reasons", f"“un used: Unused” {LINE}"),
        ({"reasons": "unused:"}, "reasons", f"“unused:” {LINE}"),
        ({"reasons": "unused: *"}, "reasons", f"“unused: *” {LINE}"),
        ({"reasons": ": Unused"}, "reasons", f"“: Unused” {LINE}"),
        ({"reasons": "_: Unused"}, "reasons", f"“_: Unused” {LINE}"),
        ({"reasons": "ünused: Unused"}, "reasons", f"“ünused: Unused” {LINE}"),
        ({"reasons": "a: One\nb: Two\na: Three"}, "reasons", "The code “a” appears twice."),
    ],
)
def test_a_field_that_is_wrong_is_named_with_a_sentence(typed: dict[str, Any], field: str, sentence: str) -> None:
    assert wrong(**typed) == [(field, sentence)]


@pytest.mark.parametrize(
    ("fee", "currency", "words"),
    [
        ("249,00", "USD", "a point before the decimals"),
        ("249.001", "USD", "2 decimals"),
        ("249.5", "JPY", "no decimals"),
        ("249 EUR", "USD", "EUR"),
        ("1e9", "USD", "is not an amount in USD"),
        ("9" * 16, "USD", "too large"),
        ("249", "dollars", "three capital letters"),
        ("249", "", "three capital letters"),
    ],
)
def test_a_fee_that_is_no_amount_in_its_currency_is_refused(fee: str, currency: str, words: str) -> None:
    ((_, sentence),) = wrong(fee=fee, currency=currency)
    assert words in sentence
    assert sentence.endswith(".")


def test_lists_have_an_end() -> None:
    year = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    assert len(meant(own_holidays=" ".join(year[:MOST_HOLIDAYS])).own_holidays) == MOST_HOLIDAYS
    assert wrong(own_holidays=" ".join(year[: MOST_HOLIDAYS + 1])) == [("own_holidays", "Enter at most 200 days.")]
    lines = [f"code{number}: Label" for number in range(MOST_REASONS + 1)]
    assert len(meant(reasons="\n".join(lines[1:])).reasons) == MOST_REASONS
    assert wrong(reasons="\n".join(lines)) == [("reasons", "Enter at most 40 reasons.")]


def test_every_field_that_is_wrong_is_named() -> None:
    found = wrong(
        name="",
        fee="x",
        frequency="0",
        minimum_months="x",
        notice_days="x",
        answer_days="x",
        anchor=None,
        began_on=None,
        phone="x",
        country="x",
        time_zone="x",
        own_holidays="x",
        reasons="x",
    )
    assert {field for field, _ in found} == {
        "name",
        "fee",
        "frequency",
        "minimum_months",
        "notice_days",
        "answer_days",
        "anchor",
        "began_on",
        "phone",
        "country",
        "time_zone",
        "own_holidays",
        "reasons",
    }
    assert all(sentence.endswith(".") for _, sentence in found)


codes = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=20).filter(lambda code: code.strip("_"))
labels = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="*"), min_size=1, max_size=40)


@given(st.lists(st.builds(Reason, codes, labels, st.booleans()), min_size=1, max_size=40, unique_by=lambda r: r.code))
def test_a_list_of_reasons_comes_back_from_its_text(reasons: list[Reason]) -> None:
    assert meant(reasons=reasons_text(reasons)).reasons == tuple(reasons)


def test_the_reasons_that_the_program_brings_come_back_from_their_text() -> None:
    assert meant(reasons=reasons_text(CANCELLING)).reasons == CANCELLING
    assert reasons_text(CANCELLING).splitlines()[-1] == "other: Other *"


@given(
    st.text(max_size=40), st.sampled_from(["frequency", "minimum_months", "fee", "own_holidays", "reasons", "phone"])
)
def test_whatever_is_typed_is_read_or_named(text: str, field: str) -> None:
    _, problems = read(replace(GOOD, **{field: text}))  # type: ignore[arg-type]
    assert {problem.field for problem in problems} <= {field}
    assert all(problem.sentence.endswith(".") for problem in problems)
