"""The import report as lines and rows of its screen."""

from collections.abc import Iterable

from textual.content import Content

from subtui.app.content import concat, safe
from subtui.app.widgets.record_table import Row
from subtui.domain.date_order import DateOrder
from subtui.domain.subscriptions import DATA_ISSUE_LABELS
from subtui.views.entries import Cell, Column
from subtui.views.imports import KIND_WORDS, ImportReport, LeftOut

COUNT_COLUMNS = (
    Column("Kind", 18, share=2, most=30),
    Column("New", 9, right=True),
    Column("Changed", 9, right=True),
    Column("Same", 9, right=True, drop=2),
    Column("Kept", 7, right=True, drop=1),
    Column("Rejected", 9, right=True),
)
LEFT_OUT_COLUMNS = (
    Column("File", 14, share=1, most=30, drop=2),
    Column("Line", 8, right=True),
    Column("Column", 14, share=1, most=24),
    Column("Value", 12, share=2, most=34, drop=1),
    Column("Why", 24, share=4, most=80),
)

_DATES = {DateOrder.MONTH_FIRST: " · month first", DateOrder.DAY_FIRST: " · day first", None: ""}


def files_read(report: ImportReport) -> Iterable[Content]:
    """A line for each file with its recognized kind."""
    for source in report.files:
        kinds = ", ".join(KIND_WORDS[kind] for kind in source.kinds) or "nothing"
        letters = f" · {source.encoding}" + (f", such as “{source.example}”" if source.example else "")
        dropped = f" · not stored: {', '.join(source.dropped)}" if source.dropped else ""
        yield concat(safe(source.name), safe(f"  {kinds}{_DATES[source.date_order]}{dropped}{letters}", "$muted"))


def count_rows(report: ImportReport) -> list[Row]:
    """The counts of the rows of each kind, by outcome."""
    return [
        Row(
            at,
            (
                Cell(KIND_WORDS[kind]),
                *(Cell(f"{count:,}" if count else "-") for count in (c.new, c.changed, c.same, c.kept)),
                Cell(f"{c.refused:,}" if c.refused else "-", "warn" if c.refused else ""),
            ),
        )
        for at, (kind, c) in enumerate(report.counts.items())
    ]


def notes(report: ImportReport) -> Iterable[Content]:
    """The notes of the import, and the data issues after it."""
    for source in report.files:
        if source.kept:
            yield safe(f"{source.name}: kept unchanged: {', '.join(source.kept)}", "$muted")
    for note in report.notes:
        yield safe(note, "$muted")
    ends = [f"{count:,} {DATA_ISSUE_LABELS[end]}" for end, count in report.loose_ends]
    if report.refunds_owing:
        ends.append(f"{report.refunds_owing:,} refunded with a balance due")
    if ends:
        before = f" ({report.loose_before:,} before)" if report.loose_before else ""
        opens = " l lists them." if report.written else ""
        yield safe(f"! Loose ends{before}: {'; '.join(ends)}.{opens}", "$warning")


def left_out_rows(report: ImportReport) -> list[Row]:
    """The left-out rows and values."""
    return [
        Row(
            at,
            (
                Cell(row.file, "muted"),
                Cell(f"{row.line:,}"),
                Cell(row.column or "-"),
                Cell(row.value or "-"),
                Cell(row.reason, "" if row.refused else "muted"),
            ),
        )
        for at, row in enumerate(report.left_out)
    ]


def in_full(row: LeftOut) -> Content:
    """A left-out row in full, since the table cuts long texts."""
    value = f" “{row.value}”" if row.value else ""
    return safe(f"{row.file}, line {row.line:,}: {row.column}{value} {row.reason}.", "$muted")
