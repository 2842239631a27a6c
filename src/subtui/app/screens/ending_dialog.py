"""The dialog that offers when a subscription ends, beside a typed date."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.views.endings import ENDING_COLUMNS, EndingChoice
from subtui.views.entries import row_cells
from subtui.views.format import Format


class EndingDialog(Dialog[EndingChoice | None]):
    """The choice of an ending; None when it is left, to type a date."""

    CSS_PATH = "ending_dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,e", "leave", show=False)]

    def __init__(self, choices: tuple[EndingChoice, ...], fmt: Format) -> None:
        super().__init__()
        self._choices, self._fmt = choices, fmt

    def compose(self) -> ComposeResult:
        """Compose the choices."""
        with Vertical(id="endings"):
            yield Static(safe("When does it end?", "bold"), id="endings-title", markup=False)
            yield RecordTable(ENDING_COLUMNS, id="endings-list")
            keys = "enter fills in the form   esc back, to type any date"
            yield Static(safe(keys, "$muted"), id="endings-keys", markup=False)

    def on_mount(self) -> None:
        """Mark the first choice."""
        table = self.query_one(RecordTable)
        cells = (row_cells(ENDING_COLUMNS, choice, self._fmt) for choice in self._choices)
        table.show([Row(at, row) for at, row in enumerate(cells)])
        table.focus()

    @on(RecordTable.Opened)
    def _chosen(self, event: RecordTable.Opened) -> None:
        event.stop()
        self.answer(self._choices[event.key])

    @on(RecordTable.Wanted)
    def _nothing_else(self, event: RecordTable.Wanted) -> None:
        event.stop()

    def action_leave(self) -> None:
        """Choose nothing."""
        self.answer(None)
