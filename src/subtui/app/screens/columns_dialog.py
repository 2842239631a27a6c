"""The dialog that chooses the columns of a list, and their order."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.views.entries import Cell, Column


class ColumnsDialog(Dialog[tuple[str, ...] | None]):
    """The labels of the chosen columns in their order; None when it is left."""

    CSS_PATH = "columns_dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, chosen: Sequence[str], every: Sequence[str]) -> None:
        super().__init__()
        self._order = [*chosen, *(label for label in every if label not in chosen)]
        self._shown = set(chosen)

    def compose(self) -> ComposeResult:
        """Compose the columns and the keys."""
        with Vertical(id="columns-dialog"):
            yield Static(safe("Columns", "bold"), id="columns-title", markup=False)
            yield RecordTable((Column("", 3), Column("", 16, share=1)), id="columns-list", headed=False)
            keys = "space shows or hides   < > move   enter applies   esc back"
            yield Static(safe(keys, "$muted"), id="columns-keys", markup=False)

    def on_mount(self) -> None:
        """Mark the first column."""
        self._show(0)
        self.query_one(RecordTable).focus()

    def _show(self, at: int) -> None:
        table = self.query_one(RecordTable)
        rows = [
            Row(n, (Cell("[x]"), Cell(label)) if label in self._shown else (Cell("[ ]"), Cell(label, "muted")))
            for n, label in enumerate(self._order)
        ]
        table.show(rows, keep_mark=False)
        table.move_to(at)

    def on_key(self, event: events.Key) -> None:
        """Show or hide the marked column."""
        if event.key == "space":
            at = self.query_one(RecordTable).cursor
            self._shown ^= {self._order[at]}
            self._show(at)
            event.stop()
            event.prevent_default()

    @on(RecordTable.Wanted)
    def _move(self, event: RecordTable.Wanted) -> None:
        """Move the marked column by the keys that sort elsewhere."""
        event.stop()
        steps = {"list.sort": 1, "list.sort_back": -1}
        if event.command_id in steps:
            at = event.table.cursor
            to = min(max(at + steps[event.command_id], 0), len(self._order) - 1)
            self._order.insert(to, self._order.pop(at))
            self._show(to)

    @on(RecordTable.Opened)
    def _apply(self, event: RecordTable.Opened) -> None:
        event.stop()
        chosen = tuple(label for label in self._order if label in self._shown)
        if chosen:
            self.answer(chosen)

    def action_leave(self) -> None:
        """Leave the columns as they are."""
        self.answer(None)
