"""How plain text is aligned and cleaned, and how views become JSON."""

import json
from datetime import UTC, date, datetime

import pytest

from subtui.cli.jsonify import jsonify
from subtui.cli.output import cell, pairs, say_json, table, width
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.views.customers import Page


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("abc", 3), ("López", 5), ("Lo\u0301pez", 5), ("王小明", 6), ("ﾊﾝｶｸ", 4), ("ａ", 2)]
)
def test_width_is_what_a_terminal_takes(text: str, columns: int) -> None:
    assert width(text) == columns


def test_columns_line_up() -> None:
    assert table(("Name", "N"), [("王", "1"), ("abc", "20")], right=("N",)) == "Name   N\n王     1\nabc   20"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("123456", "123456"),
        ("1234567", "12345…"),
        ("王王王王", "王王…"),
        ("a\nb", "a b"),
        ("\x1b[1m", "␛[1m"),
    ],
)
def test_cells_are_cleaned_and_cut(text: str, shown: str) -> None:
    assert cell(text, 6) == shown


def test_pairs_leave_out_what_has_nothing_to_say() -> None:
    assert pairs((("A", "1"), ("None", ""), ("Long", "2"))) == "A     1\nLong  2"
    assert pairs(()) == ""


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (Money(4900, "USD"), {"minor": 4900, "currency": "USD", "text": "49.00 USD"}),
        (Money(-500, "JPY"), {"minor": -500, "currency": "JPY", "text": "-500 JPY"}),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "2026-03-02T09:30:00+00:00"),
        (Role.AGENT, "agent"),
        ((1, None, True), [1, None, True]),
        (Page((Problem("a", "b"),), 3), {"rows": [{"field": "a", "sentence": "b"}], "total": 3, "capped": False}),
        ({"a": date(2026, 3, 2)}, {"a": "2026-03-02"}),
    ],
)
def test_jsonify(value: object, data: object) -> None:
    assert jsonify(value) == data


@pytest.mark.parametrize("value", [1.5, object(), {1}, b"x", Page])
def test_what_has_no_form_in_json(value: object) -> None:
    with pytest.raises(TypeError):
        jsonify(value)


def test_json_is_exact_readable_and_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    text = 'López 王 "\\ \n\t\x00\x1b\x7f\x9b\u202e\u2028\ufeff\U000e0041\ud800'
    say_json({"text": text})
    said = capsys.readouterr().out
    assert "López 王" in said
    assert not any(mark in said for mark in "\t\x00\x1b\x7f\x9b\u202e\u2028\ufeff\U000e0041\ud800")
    assert json.loads(said) == {"text": text}
