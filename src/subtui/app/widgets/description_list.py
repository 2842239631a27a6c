"""Draws the entries of a record, wrapped with a hanging indent to the width of the widget."""

from collections.abc import Iterable
from itertools import groupby, zip_longest

from textual.content import Content

from subtui.app.content import cells, concat, fitted, hanging_indent, safe, wrap
from subtui.app.widgets.columns import fit
from subtui.app.widgets.wrapped_text import WrappedText
from subtui.domain.plain_text import sanitize
from subtui.views.entries import Amount, Cell, Entry, Heading, Item, Paragraph, Prose, Table, Term

LABEL, MOST_OF_A_LABEL = 14, 30
GAP = 2

STYLES = {
    "": "",
    "strong": "bold",
    "muted": "$muted",
    "good": "$success",
    "warn": "$warning",
    "alert": "bold $warning",
    "accent": "bold $primary",
    "bad": "$error",
}
"""The styles of the tones of entries."""


class DescriptionList(WrappedText):
    """Draws its entries for the current width."""

    def __init__(self, *, id: str, empty: str = "Loading …") -> None:  # noqa: A002
        super().__init__(id=id)
        self._empty = empty
        self.entries: tuple[Entry, ...] = ()

    def show(self, entries: Iterable[Entry]) -> None:
        """Show these instead."""
        self.entries = tuple(entries)
        self.changed()

    def wrapped(self, width: int) -> Content:
        """The wrapped entries, one below the other."""
        if not self.entries:
            return safe(self._empty, "$muted")
        lines: list[Content] = []
        for _, run in groupby(self.entries, lambda entry: isinstance(entry, Term | Amount)):
            part = tuple(run)
            room = _label_room(part)
            for entry in part:
                if isinstance(entry, Heading) and lines and lines[-1].plain:
                    lines.append(Content(""))
                lines += _drawn(entry, width, room)
        return Content("\n").join(lines)


def _label_room(part: tuple[Entry, ...]) -> int:
    """The width of the labels of terms below each other, with the gap after them."""
    labels = [cells(entry.label) for entry in part if isinstance(entry, Term | Amount) and entry.text]
    return min(max(LABEL, *(length + GAP for length in labels)), MOST_OF_A_LABEL) if labels else LABEL


def _drawn(entry: Entry, room: int, label_room: int) -> list[Content]:
    match entry:
        case Heading(text):
            return [safe(text, STYLES["accent"])]
        case Term(label, text, tone):
            head = fitted(label, label_room - GAP) + " " * GAP
            return hanging_indent(head, sanitize(text), room, style=STYLES[tone]) if text else []
        case Amount(label, text, tone):
            head = fitted(label, label_room - GAP) + " " * GAP
            return [concat(safe(head, STYLES["muted"]), safe(text, STYLES[tone]))]
        case Item(sign, text):
            return hanging_indent(sign, sanitize(text), room)
        case Paragraph(text, tone):
            return hanging_indent("", sanitize(text), room, style=STYLES[tone])
        case Prose(text):
            return hanging_indent("", text, room)
        case Table():
            return _table_lines(entry, room)


def _table_lines(table: Table, room: int) -> list[Content]:
    if not table.rows:
        return [safe(table.empty, STYLES["muted"])]
    shown = fit(table.columns, room, GAP)

    def line(row: tuple[Cell, ...]) -> Content:
        texts = (
            safe(fitted(row[at].text, width, right=table.columns[at].right), STYLES[row[at].tone])
            for at, width in shown
        )
        return Content(" " * GAP).join(texts)

    def lines(row: tuple[Cell, ...]) -> Iterable[tuple[Cell, ...]]:
        if not table.wraps:
            return [row]
        widths = dict(shown)
        parts = [wrap(sanitize(cell.text), widths.get(at, cells(cell.text))) for at, cell in enumerate(row)]
        tones = [cell.tone for cell in row]
        return [tuple(map(Cell, texts, tones)) for texts in zip_longest(*parts, fillvalue="")]

    head = tuple(Cell(column.label, "muted") for column in table.columns)
    return [line(part) for row in (head, *table.rows) for part in lines(row)]
