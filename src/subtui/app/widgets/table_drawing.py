"""The drawing of a table of records: its header, its rows, and the columns that fit."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

from subtui.app.content import fitted
from subtui.app.widgets.columns import fit
from subtui.app.widgets.rows import Arrangement, Row
from subtui.views.entries import Cell, Column

MARK = "› "
GAP = 2
NARROW_GAP = 1


class DrawnTable(ScrollView):
    """A table that draws strings line by line, so that a search can repaint fifty rows on every key."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    arrangement: Arrangement
    cursor: int
    empty: str
    always_marked: bool
    shows_mark: bool
    _head: int
    _unused: frozenset[int]

    def render_line(self, y: int) -> Strip:
        """Draw one line: the header, a row, or the text for no rows."""
        width = self.size.width
        base = self.rich_style
        if y < self._head:
            header = base + self.get_component_rich_style("record-table--header", partial=True)
            return self._line(self._head_cells(), "  ", width, header, tones=False)
        at = y - self._head + round(self.scroll_y)
        if not self.rows and at == 0:
            muted = base + self.get_component_rich_style("record-table--muted", partial=True)
            why = "No row has these words." if self.arrangement.every else self.empty
            return Strip([Segment("  " + fitted(why, max(width - 2, 0)), muted)]).adjust_cell_length(width, base)
        if at >= len(self.rows):
            return Strip.blank(width, base)
        marked = at == self.cursor and self.shows_mark
        focused = self.has_focus or self.always_marked
        if marked and focused:
            style = base + self.get_component_rich_style("record-table--cursor", partial=True)
            return self._line(self.rows[at].cells, self.sign_of(at, here=True), width, style, tones=False)
        if marked:
            base += self.get_component_rich_style("record-table--cursor-blurred", partial=True)
        return self._line(self.rows[at].cells, self.sign_of(at, here=False), width, base, tones=True)

    def sign_of(self, _at: int, *, here: bool) -> str:
        """The sign in front of a row: `here` it is the selected one."""
        return MARK if here else "  "

    def _head_cells(self) -> tuple[Cell, ...]:
        """The labels, the sorted column with an arrow."""
        arrow = "▼" if self.arrangement.reverse else "▲"
        sorted_by = self.arrangement.sorted_by
        return tuple(Cell(f"{arrow}{c.label}" if at == sorted_by else c.label) for at, c in enumerate(self.columns))

    def _line(self, cells: Sequence[Cell], mark: str, width: int, style: Style, *, tones: bool) -> Strip:
        gap, fitted_columns = self._fit(width)
        segments = [Segment(mark, style)]
        for n, (at, column_width) in enumerate(fitted_columns):
            cell = cells[at]
            text = fitted(cell.text, column_width, right=self.columns[at].right)
            tone = style
            if tones and cell.tone:
                tone = style + self.get_component_rich_style(f"record-table--{cell.tone}", partial=True)
            segments.append(Segment(" " * gap if n else "", style))
            segments.append(Segment(text, tone))
        return Strip(segments).adjust_cell_length(width, style)

    def _fit(self, width: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The gap and the fitted columns: the wide gap, unless the narrow one saves a column."""
        room = width - len(MARK) - 1
        airy, tight = (fit(self.columns, room, gap, self._unused) for gap in (GAP, NARROW_GAP))
        taken = sum(column_width for _, column_width in airy) + GAP * (len(airy) - 1)
        return (GAP, airy) if len(airy) == len(tight) and taken <= room else (NARROW_GAP, tight)

    def dropped_columns(self) -> tuple[int, ...]:
        """The indexes of the columns that do not fit."""
        kept = {at for at, _ in self._fit(self.size.width)[1]}
        return tuple(at for at in range(len(self.columns)) if at not in kept and at not in self._unused)

    def column_at(self, x: int) -> int | None:
        gap, fitted_columns = self._fit(self.size.width)
        left = len(MARK)
        for at, width in fitted_columns:
            if left <= x < left + width:
                return at
            left += width + gap
        return None
