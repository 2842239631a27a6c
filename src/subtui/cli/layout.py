"""Draws the entries of a record as text: the same ones that the screens draw."""

from collections.abc import Iterable
from itertools import groupby

from subtui.cli.output import LONGEST_CELL, cell, table, width
from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.views.entries import Amount, Entry, Heading, Item, Paragraph, Prose, Table, Term

LONGEST_LAST_CELL = 2000
"""The longest text of a table's last column, which may be a note."""


def text_of(entries: Iterable[Entry]) -> str:
    """The entries as lines. What is below a heading is indented, and an empty line is above it."""
    lines: list[str] = []
    indent = ""
    for _, run in groupby(entries, lambda entry: isinstance(entry, Term | Amount)):
        part = tuple(run)
        room = max((width(entry.label) for entry in part if isinstance(entry, Term | Amount) and entry.text), default=0)
        for entry in part:
            if isinstance(entry, Heading):
                lines += ["", sanitize(entry.text)] if lines and lines[-1] else [sanitize(entry.text)]
                indent = "  "
            else:
                lines += [f"{indent}{line}".rstrip() for line in _lines(entry, room)]
    return "\n".join(lines)


def _lines(entry: Entry, label_room: int) -> list[str]:
    match entry:
        case Term(label, text) | Amount(label, text):
            padding = " " * (label_room - width(label) + 2)
            return [f"{sanitize(label)}{padding}{sanitize(text)}"] if text else []
        case Item(sign, text):
            return [sign + sanitize(text)]
        case Paragraph(text):
            return [sanitize(text)]
        case Prose(text):
            return sanitize_lines(text).split("\n")
        case Table():
            return _table_lines(entry)
        case Heading():
            return []


def _table_lines(entry: Table) -> list[str]:
    if not entry.rows:
        return [sanitize(entry.empty)]
    last = len(entry.columns) - 1
    rows = [
        [cell(each.text, LONGEST_LAST_CELL if at == last else LONGEST_CELL) for at, each in enumerate(row)]
        for row in entry.rows
    ]
    right = [column.label for column in entry.columns if column.right]
    labels = [column.label for column in entry.columns]
    return table(labels, rows, right=right, longest=LONGEST_LAST_CELL).split("\n")
