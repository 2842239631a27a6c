"""The dialog that asks for a file name."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.widgets.text_field import TextField
from subtui.domain.plain_text import sanitize

LONGEST_PATH = 1000


class PathDialog(Dialog[str | None]):
    """A dialog that returns a file name; None when it is left."""

    CSS_PATH = "path_dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, title: str, proposed: str) -> None:
        super().__init__()
        self._title, self._proposed = title, proposed

    def compose(self) -> ComposeResult:
        """Compose the question, the name and the answers."""
        with Vertical(id="ask-path"):
            yield Static(safe(self._title, "bold"), id="path-title", markup=False)
            yield TextField(sanitize(self._proposed), id="path", most=LONGEST_PATH)
            yield Static(safe("Existing files are not overwritten.", "$muted"), id="hint", markup=False)
            with Horizontal(id="answers"):
                yield Button("Back", id="leave", compact=True)
                yield Button("Save", id="save", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Focus the name."""
        self.query_one("#path").focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#save")
    def _save(self) -> None:
        self.answer(self.query_one("#path", Input).value.strip() or None)

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close without a name."""
        self.answer(None)
