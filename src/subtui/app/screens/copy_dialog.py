"""The dialog that asks what of a row is copied: its id, one of its cells, or all of it."""

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


class CopyDialog(Dialog[str | None]):
    """A dialog that returns the text to copy; None when it is left. `y` takes the id, `r` the row."""

    CSS_PATH = "copy_dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, key: int, cells: Sequence[tuple[str, str]]) -> None:
        """`key` is the id of the row, `cells` are its labels with their texts."""
        super().__init__()
        whole = "\t".join(text for _, text in cells)
        self._offers = [("Id", str(key)), *((label, text) for label, text in cells if text != str(key)), ("Row", whole)]

    def compose(self) -> ComposeResult:
        """Compose what can be copied."""
        with Vertical(id="copy"):
            yield Static(safe("Copy", "bold"), id="copy-title", markup=False)
            yield RecordTable((Column("", 14), Column("", 20, share=1, most=80)), id="offers", headed=False)
            yield Static(safe("enter copies   y id   r row   esc back", "$muted"), id="copy-keys", markup=False)

    def on_mount(self) -> None:
        """Mark the id."""
        table = self.query_one(RecordTable)
        shown = [(label or "-", text.replace("\t", " · ")) for label, text in self._offers]
        table.show([Row(at, (Cell(label, "muted"), Cell(text))) for at, (label, text) in enumerate(shown)])
        table.focus()

    def on_key(self, event: events.Key) -> None:
        """Take the id or the row by its own key."""
        if event.key in ("y", "r"):
            event.stop()
            event.prevent_default()
            self.answer(self._offers[0 if event.key == "y" else -1][1])

    @on(RecordTable.Opened)
    def _chosen(self, event: RecordTable.Opened) -> None:
        event.stop()
        self.answer(self._offers[event.key][1])

    def action_leave(self) -> None:
        """Copy nothing."""
        self.answer(None)
