"""The rows of one kind: computed ones, and over them those that were added, changed or deleted."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from subtui.keap_mock.values import Row, row_number


class Made(Protocol):
    """Rows that are computed from their number when asked for; numbers are 1 to `last`, perhaps with gaps."""

    last: int
    size: int
    """How many rows there are, gaps not counted."""
    growing: frozenset[str]
    """Fields with a time that never gets smaller when the number grows: the order by them is that by number."""

    def row(self, number: int) -> Row | None:
        """The row with this number; None in a gap."""

    def related(self, field: str, value: int) -> Iterable[int] | None:
        """The numbers of rows whose field (a path) holds this id; None if that is not known without looking."""


class Nothing:
    """No computed rows."""

    last = 0
    size = 0
    growing: frozenset[str] = frozenset()

    def row(self, _number: int) -> Row | None:
        """There is none."""
        return None

    def related(self, _field: str, _value: int) -> Iterable[int] | None:
        """None have any relation."""
        return ()


class Table:
    """All rows of one kind by number. Rows are never changed in place: who changes one puts a copy."""

    def __init__(self, id_field: str, made: Made | None = None) -> None:
        self.id_field = id_field
        self.made: Made = made or Nothing()
        self.own: dict[int, Row | None] = {}
        """Added and changed rows; None stands for a deleted one."""
        self._next = self.made.last + 1

    def get(self, number: int) -> Row | None:
        """The row, or None."""
        return self.own[number] if number in self.own else self.made_row(number)

    def made_row(self, number: int) -> Row | None:
        """The row as computed, if there is one."""
        return self.made.row(number) if 0 < number <= self.made.last else None

    def add(self, row: Row) -> int:
        """Keep a new row, with the next number if it names none; the number. ValueError: the id is no number."""
        number: int | None = self._next
        if self.id_field in row:
            number = row_number(row[self.id_field])
        if number is None:
            raise ValueError(f"An id of Keap is a whole number, not {row[self.id_field]!r}.")
        self.put(number, row)
        return number

    def put(self, number: int, row: Row) -> None:
        """Keep this row in place of the one with the number."""
        self._next = max(self._next, number + 1)
        self.own[number] = {**row, self.id_field: str(number)}

    def remove(self, number: int) -> bool:
        """Delete; False if there is no such row."""
        there = self.get(number) is not None
        self.own[number] = None
        return there

    def own_rows(self) -> Iterator[tuple[int, Row]]:
        """The added and changed rows, in no particular order."""
        return ((number, row) for number, row in self.own.items() if row is not None)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """All rows: the computed ones by number, then the others."""
        for number in range(1, self.made.last + 1):
            if number not in self.own and (row := self.made.row(number)) is not None:
                yield number, row
        yield from self.own_rows()

    def related(self, path: str, value: int) -> list[tuple[int, Row]]:
        """Rows that may hold this id at this path: all that do, and perhaps others."""
        numbers = self.made.related(path, value)
        if numbers is None:
            return list(self.rows())
        found = []
        for number in numbers:
            if number not in self.own and (row := self.made.row(number)) is not None:
                found.append((number, row))
        return [*found, *self.own_rows()]

    def __len__(self) -> int:
        replaced = sum(self.made_row(number) is not None for number in self.own)
        return self.made.size - replaced + sum(row is not None for row in self.own.values())
