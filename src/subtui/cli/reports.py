"""The report command: prints a table, CSV or JSON, or writes a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from subtui.acts.reports import GetReport, SaveReport
from subtui.cli.context import WORDS, CliContext, json_option, signed_in, with_start
from subtui.cli.output import say, say_json, table

if TYPE_CHECKING:
    from subtui.domain.reports import Report, Value

NAMES = "refunds, reasons, months, ending, loose"


@click.command(epilog=f"NAME is one of: {NAMES}.")
@click.argument("name", type=WORDS)
@click.option("--from", "first", type=WORDS, metavar="D", help="The first day (default: a year ago).")
@click.option("--to", "last", type=WORDS, metavar="D", help="The last day (default: today).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV; formulas are made harmless for spreadsheets.")
@click.option("-o", "file", type=click.Path(path_type=Path), metavar="FILE", help="Write a new file, .csv or .json.")
@json_option
@with_start
def report(
    context: CliContext, name: str, first: str | None, last: str | None, as_csv: bool, file: Path | None, as_json: bool
) -> None:
    """Refunds issued, cancellations by reason or by month, what ends soon, and loose ends."""
    from subtui.domain.reports import csv_of, data_of, report_name  # noqa: PLC0415

    wanted = report_name(name)
    with signed_in(context) as backend:
        begin = context.read_day("--from", first, today=backend.today, past=True) if first else None
        end = context.read_day("--to", last, today=backend.today, past=True) if last else None
        made = backend.read(GetReport(wanted, begin, end))
        written = backend.read(SaveReport(made, file)) if file else None
    if as_json:
        say_json(data_of(made) | ({"file": str(written)} if written else {}))
    elif written:
        say(f"Written to {written}.")
    elif as_csv:
        say(csv_of(made).rstrip())
    else:
        say(_words(made, context))


def _words(made: "Report", context: CliContext) -> str:
    over = f" · {context.day(made.first)} to {context.day(made.last)}" if made.first else ""
    head = f"{made.title}{over}"
    sums = " · ".join(made.sums)
    if not made.rows:
        return f"{head}\n\nno data"
    right = [label for at, label in enumerate(made.columns) if not isinstance(made.rows[0].cells[at], str)]
    rows = [tuple(_cell(value, context) for value in row.cells) for row in made.rows]
    return f"{head}\n{sums}\n\n{table(made.columns, rows, right=tuple(right))}"


def _cell(value: "Value", context: CliContext) -> str:
    from datetime import date  # noqa: PLC0415

    from subtui.domain.money import Money  # noqa: PLC0415

    if value is None or value == "":
        return "-"
    if isinstance(value, Money):
        return value.format()
    return context.day(value) if isinstance(value, date) else str(value)
