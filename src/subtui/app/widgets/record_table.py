"""The table of records, used for every list.

It drops columns that do not fit, marks its row with a sign as well as a colour, and sanitizes all text.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.geometry import Region, Size
from textual.message import Message

from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.widgets.rows import Arrangement, Row, rows_of
from subtui.app.widgets.table_drawing import DrawnTable
from subtui.views.entries import Column, unused_columns

__all__ = ["OfTable", "RecordTable", "Row", "rows_of"]

HEADER_LINES = 1
ROWS_AHEAD = 12
"""The number of rows left below the visible ones at which more are requested."""


class OfTable(Message):
    """A message of a table; `@on` can select it by the table's id."""

    def __init__(self, table: "RecordTable") -> None:
        super().__init__()
        self.table = table

    @property
    def control(self) -> "RecordTable":
        """The table."""
        return self.table


class RecordTable(DrawnTable, can_focus=True):
    """A list of records with one marked row."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-table--header",
        "record-table--cursor",
        "record-table--cursor-blurred",
        "record-table--muted",
        "record-table--good",
        "record-table--warn",
        "record-table--bad",
    }
    DEFAULT_CSS = """
    RecordTable {
        height: auto; max-height: 100%; width: 1fr; background: $background; overflow-x: hidden;
        scrollbar-size-vertical: 1;
        .record-table--header { color: $muted; }
        .record-table--cursor { background: $cursor-line; color: $cursor-text; text-style: bold; }
        .record-table--cursor-blurred { background: $cursor-line-blurred; }
        .record-table--muted { color: $muted; }
        .record-table--good { color: $success; }
        .record-table--warn { color: $warning; }
        .record-table--bad { color: $error; }
    }
    """
    BINDINGS = bindings(Scope.LISTS)
    KEY_SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LISTS,)

    class Opened(OfTable):
        """The user opened a row."""

        def __init__(self, table: "RecordTable", key: int) -> None:
            super().__init__(table)
            self.key = key

    class Marked(OfTable):
        """Another row was marked, or the table got the focus."""

        def __init__(self, table: "RecordTable", key: int) -> None:
            super().__init__(table)
            self.key = key

    class ColumnsChanged(OfTable):
        """The columns that fit have changed."""

    class EndReached(OfTable):
        """The last rows are nearly visible, and there are more than the table holds."""

    class Wanted(OfTable):
        """The user wants something done with the list by the screen: a command that every list has."""

        def __init__(self, table: "RecordTable", command_id: str) -> None:
            super().__init__(table)
            self.command_id = command_id

    class Filtered(OfTable):
        """Rows that were loaded were filtered."""

    class EdgeReached(OfTable):
        """The user moved past the last row (`down`) or the first."""

        def __init__(self, table: "RecordTable", *, down: bool) -> None:
            super().__init__(table)
            self.down = down

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        id: str | None = None,  # noqa: A002
        empty: str = "",
        always_marked: bool = False,
        headed: bool = True,
    ) -> None:
        """`empty` is the text shown without rows; `always_marked` shows the mark without the focus too."""
        super().__init__(id=id)
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()
        self.arrangement = Arrangement()
        self.empty = empty
        self.always_marked = always_marked
        self.cursor = 0
        self.shows_mark = True  # of several lists with one mark, only one shows it
        self.shown = False  # whether rows were shown yet; an Enter typed before waits for them
        self._open_when_shown = False
        self._more = False
        self._head = HEADER_LINES if headed else 0
        self._focused_just_now = self._click_opens = False
        self._unused: frozenset[int] = unused_columns(self.columns, ())

    # --- content ----------------------------------------------------------------------------------------------------

    def show(self, rows: Sequence[Row], *, keep_mark: bool = True, more: bool = False) -> None:
        """Show these rows; the marked record stays marked if it is among them.

        With `more` there are further rows, which the table requests with a message when its end is nearly visible.
        """
        marked = self.marked_key if keep_mark else None
        self.arrangement.every, self._more = tuple(rows), more
        self._arrange()
        self._unused = unused_columns(self.columns, (row.cells for row in self.rows))
        keys = [row.key for row in self.rows]
        self.cursor = keys.index(marked) if marked in keys else 0
        self.shown = True
        self._resize_content()
        self._keep_in_view()
        if self._open_when_shown:
            self._open_when_shown = False
            self.open_marked()

    def show_refused(self, sentence: str) -> None:
        """Show why there are no rows."""
        self.empty = sentence
        self.show([])

    def extend(self, rows: Sequence[Row], *, more: bool = False) -> None:
        """Append these rows."""
        self.arrangement.every, self._more = (*self.arrangement.every, *rows), more
        self._arrange()
        self._unused = unused_columns(self.columns, (row.cells for row in self.rows))
        self._resize_content()

    # --- filtering and sorting --------------------------------------------------------------------------------------

    @property
    def listed(self) -> int:
        """The number of rows before the filter."""
        return len(self.arrangement.every)

    @property
    def is_whole(self) -> bool:
        """Whether the table holds all rows that there are, as far as it knows."""
        return not self._more

    def filter_by(self, text: str) -> None:
        """Show only the rows that hold every word of a text, in any column and in any order; all for an empty one."""
        from subtui.domain.normalization import words  # noqa: PLC0415  (for those who filter)

        self.arrangement.words = words(text)
        self._rearrange()

    def sort_by(self, at: int | None, *, reverse: bool = False) -> None:
        """Sort by the column at an index; None: as they were loaded."""
        self.arrangement.sorted_by, self.arrangement.reverse = at, reverse
        self._rearrange()

    def show_sorted(self, at: int | None, *, reverse: bool) -> None:
        """Mark the column by which the rows are loaded."""
        self.arrangement.sorted_by, self.arrangement.reverse, self.arrangement.was_sorted = at, reverse, True
        self.refresh()

    def _rearrange(self) -> None:
        marked = self.marked_key
        self._arrange()
        keys = [row.key for row in self.rows]
        self.cursor = keys.index(marked) if marked in keys else 0
        self._resize_content()
        self.refresh()
        self._keep_in_view()
        if self.rows:
            self.post_message(self.Marked(self, self.rows[self.cursor].key))

    def _arrange(self) -> None:
        self.rows = self.arrangement.shown(self.columns)
        if self.arrangement.words:
            self.post_message(self.Filtered(self))

    def _ask_for_more(self) -> None:
        """Request more rows once, before the end is reached."""
        last_seen = max(self.cursor, round(self.scroll_y) + self.size.height - self._head)
        if self._more and last_seen >= len(self.rows) - ROWS_AHEAD:
            self._more = False
            self.post_message(self.EndReached(self))

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Check for the end after scrolling by the mouse wheel too."""
        super().watch_scroll_y(old, new)
        self._ask_for_more()

    def show_as(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Show these rows with other columns."""
        self.columns = tuple(columns)
        self.show(rows, keep_mark=False)
        self.refresh()

    @property
    def opens_when_shown(self) -> bool:
        """Whether the first of the next rows will be opened."""
        return self._open_when_shown

    def mark_stale(self) -> None:
        """Note that the rows will be replaced: a row opened from now on is one of the new rows."""
        self.shown = False

    @property
    def marked_key(self) -> int | None:
        """The key of the marked row; None without rows."""
        return self.rows[self.cursor].key if self.rows else None

    def mark(self, key: int) -> None:
        """Mark the row with that key, if it exists."""
        for at, row in enumerate(self.rows):
            if row.key == key:
                self.move_to(at)

    def _resize_content(self) -> None:
        size = Size(max(self.size.width, 1), self._lines())
        # The same number of rows, as at nearly every key of a search, needs no new layout.
        grown = size != self.virtual_size
        self.virtual_size = size
        self.refresh(layout=grown)

    def _lines(self) -> int:
        return self._head + max(len(self.rows), 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The height of the header and the rows."""
        return self._lines()

    def on_resize(self) -> None:
        """Update the scrollable size; the columns are fitted when drawn."""
        self.virtual_size = Size(max(self.size.width, 1), self._lines())
        self._keep_in_view()
        self.post_message(self.ColumnsChanged(self))

    # --- moving -----------------------------------------------------------------------------------------------------

    def move_to(self, at: int) -> None:
        """Mark the row at that index, or the nearest one."""
        if not self.rows:
            return
        self.cursor = min(max(at, 0), len(self.rows) - 1)
        self._keep_in_view()
        self.refresh()
        self.post_message(self.Marked(self, self.rows[self.cursor].key))
        self._ask_for_more()

    def step(self, by: int) -> None:
        """Move the mark; past the edge, post a message instead."""
        at = self.cursor + by
        if self.rows and 0 <= at < len(self.rows):
            self.move_to(at)
        else:
            self.post_message(self.EdgeReached(self, down=by > 0))

    def _keep_in_view(self) -> None:
        page = max(self.size.height - self._head, 1)
        top = round(self.scroll_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True, immediate=True)
        elif self.cursor >= top + page:
            self.scroll_to(y=self.cursor - page + 1, animate=False, force=True, immediate=True)

    def marked_region(self) -> Region:
        """The region of the marked row, relative to this widget; for the first row with the header."""
        if self.cursor == 0:
            return Region(0, 0, self.size.width, self._head + 1)
        return Region(0, self._head + self.cursor - round(self.scroll_y), self.size.width, 1)

    def action_command(self, command_id: str) -> None:
        """Run one of the commands of every list."""
        page = max(self.size.height - self._head - 1, 1)
        moves = {
            "list.down": lambda: self.step(1),
            "list.up": lambda: self.step(-1),
            "list.page_down": lambda: self.move_to(self.cursor + page),
            "list.page_up": lambda: self.move_to(self.cursor - page),
            "list.top": lambda: self.move_to(0),
            "list.bottom": lambda: self.move_to(len(self.rows) - 1),
            "list.open": self.open_marked,
        }
        if command_id in moves:
            moves[command_id]()
        else:
            self.post_message(self.Wanted(self, command_id))

    def open_marked(self) -> None:
        """Open the marked row; before any rows are shown, the first of the next ones."""
        if not self.shown:
            self._open_when_shown = True
        elif self.marked_key is not None:
            self.post_message(self.Opened(self, self.marked_key))

    def on_focus(self) -> None:
        """Highlight the marked row, and post it for the details on the screen."""
        self.refresh()
        self._focused_just_now = True
        self.call_later(self._focused_for_a_while)
        if self.marked_key is not None:
            self.post_message(self.Marked(self, self.marked_key))

    def _focused_for_a_while(self) -> None:
        self._focused_just_now = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Whether this click is on the row that was visibly marked."""
        marked = self._row_at(event.y) == self.cursor
        self._click_opens = marked and not self._focused_just_now and (self.has_focus or self.always_marked)

    def _row_at(self, y: int) -> int | None:
        at = y - self._head + round(self.scroll_y)
        return at if y >= self._head and 0 <= at < len(self.rows) else None

    def on_blur(self) -> None:
        """Dim the marked row."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Mark the clicked row; open it by a click on the marked row or a double click."""
        at = self._row_at(event.y)
        if at is None:
            column = self.column_at(event.x) if event.y < self._head else None
            if column is not None:
                self.post_message(self.Wanted(self, f"list.sort:{column}"))
            return
        opens, self._click_opens = self._click_opens, False
        if at == self.cursor and (opens or event.chain > 1):
            self.open_marked()
        else:
            self.move_to(at)
