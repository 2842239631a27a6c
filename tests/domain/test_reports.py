"""Reports as CSV and as data: exact amounts, plain dates, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.errors import WrongInput
from subtui.domain.money import Money
from subtui.domain.reports import Report, ReportName, ReportRow, csv_of, data_of, neutral, report_name


def report(*cells: str | int | date | Money | None) -> Report:
    labels = tuple(f"C{at}" for at in range(len(cells)))
    return Report(ReportName.REFUNDS, "Refunds issued", labels, (ReportRow(cells, "/orders/1"),))


def rows(made: Report) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_of(made))))


def test_an_amount_is_a_plain_number_with_its_currency_beside_it() -> None:
    made = report(Money(123450, "USD"), Money(-500, "JPY"), date(2026, 3, 2), 3, None)
    assert rows(made) == [
        ["C0", "Currency", "C1", "Currency", "C2", "C3", "C4"],
        ["1234.50", "USD", "-500", "JPY", "2026-03-02", "3", ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_made_harmless(text: str) -> None:
    (_, row) = rows(report(text))
    assert row == [f"'{text}"]


@given(st.text())
def test_no_text_reaches_a_spreadsheet_as_a_formula(text: str) -> None:
    assert neutral(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert neutral(text).removeprefix("'") == text.removeprefix("'") or neutral(text) == text


def test_data_keeps_amounts_in_minor_units() -> None:
    (row,) = data_of(report(Money(4900, "USD"), "x"))["rows"]
    assert row == {"C0": {"minor": 4900, "currency": "USD", "text": "49.00 USD"}, "C1": "x", "route": "/orders/1"}


def test_a_report_that_is_none_names_those_there_are() -> None:
    assert report_name("loose") is ReportName.LOOSE
    with pytest.raises(WrongInput, match="refunds, reasons, months, ending, paused, loose"):
        report_name("money")
