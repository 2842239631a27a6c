"""A list as a file: CSV, JSON and Markdown."""

import csv
import io
import json
from pathlib import Path

import pytest

from subtui.domain.errors import WrongInput
from subtui.views.list_file import ListFormat, list_format, list_text

LABELS = ("Id", "Contact", "Total")
ROWS = (("1", 'Ann "A" | B, C\\', "-5.00 USD"), ("2", "=HYPERLINK(1)", "-"), ("3", "+1 602 555", "<b>"))


def test_csv_is_read_back_and_holds_no_formula() -> None:
    text = list_text(LABELS, ROWS, ListFormat.CSV)
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == list(LABELS)
    assert rows == [list(ROWS[0]), ["2", "'=HYPERLINK(1)", "-"], list(ROWS[2])]


def test_json_has_an_object_for_each_row() -> None:
    assert json.loads(list_text(LABELS, ROWS, ListFormat.JSON)) == [dict(zip(LABELS, row, strict=True)) for row in ROWS]


def test_markdown_escapes_what_would_be_a_cell_or_a_tag() -> None:
    lines = list_text(LABELS, ROWS, ListFormat.MARKDOWN).splitlines()
    assert lines[:2] == ["| Id | Contact | Total |", "| --- | --- | --- |"]
    assert lines[2] == '| 1 | Ann "A" \\| B, C\\\\ | -5.00 USD |'
    assert lines[4].endswith("| &lt;b> |")


def test_control_characters_and_line_breaks_do_not_get_into_a_cell() -> None:
    text = list_text(("Name",), (("Eve\x1b[31m\u202e\nx",),), ListFormat.CSV)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == 2


@pytest.mark.parametrize(("name", "form"), [("a.csv", "csv"), ("a.JSON", "json"), ("a.b.md", "md")])
def test_the_ending_decides(name: str, form: str) -> None:
    assert list_format(Path(name)) == form


@pytest.mark.parametrize("name", ["a", "a.txt", ".csv", "a.csv.gz"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(WrongInput, match="decides the format"):
        list_format(Path(name))
