"""The rows of a list: as they were loaded, and as they are shown, filtered by words and sorted by a column."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from subtui.views.entries import Cell, Column, ListColumn, Record, row_cells
from subtui.views.format import Format

_EMPTY = ("", "-")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its key, a cell for each column, and the record that it shows, by which it is sorted."""

    key: int
    cells: tuple[Cell, ...]
    record: Any = field(default=None, compare=False)

    def holds(self, wanted: Sequence[str]) -> bool:
        """Whether its cells hold every folded word, in any column and in any order."""
        if not wanted:
            return True
        from subtui.domain.normalization import normalize  # noqa: PLC0415  (for those who filter)

        text = normalize(" ".join(cell.text for cell in self.cells))
        return all(word in text for word in wanted)


def rows_of(columns: Sequence[ListColumn[Record]], records: Iterable[Record], fmt: Format) -> list[Row]:
    """The rows of a list of records, by their ids."""
    listed: Iterable[Any] = records
    return [Row(record.id, row_cells(columns, record, fmt), record) for record in listed]


class Arrangement:
    """The rows of a list as they were loaded, the words they have to hold, and the column they are sorted by."""

    def __init__(self) -> None:
        self.every: tuple[Row, ...] = ()
        self.words: tuple[str, ...] = ()
        self.sorted_by: int | None = None
        self.reverse = False
        self.was_sorted = False  # the rows were loaded in that order

    def shown(self, columns: Sequence[Column]) -> tuple[Row, ...]:
        """The rows as they are shown. Those without a value in the sorted column are last in either direction."""
        rows = [row for row in self.every if row.holds(self.words)]
        at = self.sorted_by
        if self.was_sorted or at is None or at >= len(columns):
            return tuple(rows)
        keyed = [(_value(columns[at], row, at), row) for row in rows]
        with_value = sorted((each for each in keyed if each[0] is not None), key=_first, reverse=self.reverse)
        return tuple(row for _, row in [*with_value, *(each for each in keyed if each[0] is None)])


def _first(keyed: tuple[Any, Row]) -> Any:
    return keyed[0]


def _value(column: Column, row: Row, at: int) -> Any:
    """What a row is sorted by: the value of its record where the column has one, else its folded text."""
    if isinstance(column, ListColumn) and column.value is not None and row.record is not None:
        return column.value(row.record)
    from subtui.domain.normalization import normalize  # noqa: PLC0415  (for those who sort)

    text = row.cells[at].text
    return None if text in _EMPTY else normalize(text)
