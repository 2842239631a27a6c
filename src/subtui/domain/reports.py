"""Reports: a table with typed cells, an optional chart, and an export that is safe in a spreadsheet."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from subtui.domain.errors import WrongInput
from subtui.domain.money import Money
from subtui.domain.suggestions import did_you_mean


class ReportName(StrEnum):
    """The names of the reports."""

    REFUNDS = "refunds"
    REASONS = "reasons"
    MONTHS = "months"
    ENDING = "ending"
    PAUSED = "paused"
    LOOSE = "loose"


REPORT_TITLES = {
    ReportName.REFUNDS: "Refunds issued",
    ReportName.REASONS: "Cancellations by reason",
    ReportName.MONTHS: "Cancellations by month",
    ReportName.ENDING: "Ending soon",
    ReportName.PAUSED: "Paused",
    ReportName.LOOSE: "Loose ends",
}
DATED = (ReportName.REFUNDS, ReportName.REASONS, ReportName.MONTHS)
"""The reports over a range of days; the others show the current state."""

Value = str | int | date | Money | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row: a cell for each column, the route that it opens, and the route that fixes it if it is a data issue."""

    cells: tuple[Value, ...]
    route: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `sums` are totals in words; `chart` has a bar for each label, in the order of the axis."""

    name: ReportName
    title: str
    columns: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    first: date | None = None
    last: date | None = None
    sums: tuple[str, ...] = ()
    chart: tuple[tuple[str, int], ...] = ()


def report_name(text: str) -> ReportName:
    """The report of that name. Raises WrongInput with the known names."""
    if text in tuple(ReportName):
        return ReportName(text)
    hint = did_you_mean(text, ReportName)
    raise WrongInput(f"There is no report “{text[:30]}”.{hint} The reports are: {', '.join(ReportName)}.")


def neutral(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else text


def csv_of(report: Report) -> str:
    """The report as CSV: dates as ISO, an amount as a plain number with its currency in a column of its own."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)  # lines end with CR LF, so that a lone one inside a cell is quoted
    money = [any(isinstance(row.cells[at], Money) for row in report.rows) for at in range(len(report.columns))]
    heads = [[label, "Currency"] if money[at] else [label] for at, label in enumerate(report.columns)]
    writer.writerow([neutral(head) for pair in heads for head in pair])
    for row in report.rows:
        writer.writerow([cell for at, value in enumerate(row.cells) for cell in _cells(value, as_money=money[at])])
    return out.getvalue()


def _cells(value: Value, *, as_money: bool) -> list[str]:
    if isinstance(value, Money):
        return [value.format_amount().replace(",", ""), value.currency]
    if value is None:
        text = ""
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = neutral(value) if isinstance(value, str) else str(value)
    return [text, ""] if as_money else [text]


def data_of(report: Report) -> dict[str, Any]:
    """The report as data for JSON: amounts exact, in minor units with their currency."""
    return {
        "report": report.name.value,
        "title": report.title,
        "from": report.first.isoformat() if report.first else None,
        "to": report.last.isoformat() if report.last else None,
        "sums": list(report.sums),
        "rows": [
            {label: _plain(value) for label, value in zip(report.columns, row.cells, strict=True)}
            | ({"route": row.route} if row.route else {})
            for row in report.rows
        ],
    }


def _plain(value: Value) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency, "text": value.format()}
    return value.isoformat() if isinstance(value, date) else value
