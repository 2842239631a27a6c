"""A table of records in which rows can be marked, for an act on many of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType

from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.widgets.record_table import OfTable, RecordTable
from subtui.app.widgets.table_drawing import MARK
from subtui.views.entries import Column

SIGN = "+"
"""The sign in front of a marked row, where the sign of the selected row leaves room."""


class MarkedTable(RecordTable):
    """A list whose rows can be marked. Marks are kept by the key of the row, listed or not."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.MARKS)
    KEY_SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LISTS, Scope.MARKS)

    class MarksChanged(OfTable):
        """Rows were marked, or are no longer."""

    class EveryWanted(OfTable):
        """The user wants all rows marked that pass the filter, which the screen knows."""

    def __init__(self, columns: Sequence[Column], **options: Any) -> None:
        super().__init__(columns, **options)
        self.marks: set[int] = set()
        self._range_from: int | None = None
        self._before_range: frozenset[int] = frozenset()

    @property
    def in_range(self) -> bool:
        """Whether moving marks the rows on the way."""
        return self._range_from is not None

    def sign_of(self, at: int, *, here: bool) -> str:
        """The sign in front of a row: selected, marked, or both."""
        first = MARK[0] if here else " "
        return first + (SIGN if self.rows[at].key in self.marks else MARK[1])

    def set_marks(self, keys: Iterable[int]) -> None:
        """Mark exactly these."""
        self._range_from = None
        self._change(set(keys))

    def _change(self, marks: set[int]) -> None:
        if marks != self.marks:
            self.marks = marks
            self.refresh()
            self.post_message(self.MarksChanged(self))

    def move_to(self, at: int) -> None:
        """Select the row at that index; within a range, mark the rows on the way."""
        super().move_to(at)
        self._extend()

    def _extend(self) -> None:
        keys = [row.key for row in self.rows]
        if self._range_from not in keys:
            self._range_from = None
            return
        first, last = sorted((keys.index(self._range_from), self.cursor))
        self._change({*self._before_range, *keys[first : last + 1]})

    def action_command(self, command_id: str) -> None:
        """Run one of the commands of a list, or of its marks."""
        commands: dict[str, Callable[[], object]] = {
            "marks.toggle": self._toggle,
            "marks.range": self._range,
            "marks.down": lambda: self._step_and_mark(1),
            "marks.up": lambda: self._step_and_mark(-1),
            "marks.all": lambda: self.post_message(self.EveryWanted(self)),
            "marks.none": lambda: self.set_marks(()),
        }
        done = commands.get(command_id)
        if done is None:
            super().action_command(command_id)
        else:
            done()

    def _toggle(self) -> None:
        key = self.marked_key
        if key is not None:
            self._range_from = None
            self._change(self.marks ^ {key})
            if self.cursor + 1 < len(self.rows):
                self.move_to(self.cursor + 1)

    def _range(self) -> None:
        """Begin a range at the selected row, or end the one that was begun."""
        if self._range_from is not None:
            self._range_from = None
            self.post_message(self.MarksChanged(self))
        elif self.marked_key is not None:
            self._range_from, self._before_range = self.marked_key, frozenset(self.marks)
            self._extend()

    def _step_and_mark(self, by: int) -> None:
        if self.marked_key is None:
            return
        here = {self.marked_key}
        if 0 <= self.cursor + by < len(self.rows):
            self.move_to(self.cursor + by)
            here.add(self.rows[self.cursor].key)
        self._change(self.marks | here)
