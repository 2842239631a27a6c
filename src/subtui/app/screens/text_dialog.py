"""A dialog for a text, with a choice of its kind: an answer, a note, an outcome with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.screens.dialogs import LeaveDialog
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.leave_button import LeaveButton
from subtui.app.widgets.text_box import TextBox
from subtui.app.widgets.text_field import TextField
from subtui.domain.plain_text import one_line, sanitize_lines
from subtui.domain.refunds import LONGEST_REFERENCE
from subtui.domain.requests import LONGEST_TEXT

_OTHER_ROWS = 12
"""The rows of the dialog without its text."""


@dataclass(frozen=True, slots=True)
class Written:
    """The choice and the text of a dialog."""

    choice: str
    text: str


class TextDialog(Dialog[Written | None]):
    """The dialog; None when it is left without saving."""

    CSS_PATH = "write_dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+s", "save", show=False),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[tuple[str, str]],
        *,
        placeholder: str,
        note: str = "",
        one_line: bool = False,
        begin: Written | None = None,
    ) -> None:
        """`begin` is the initial text, such as a refused one. `one_line` is for a name or number."""
        super().__init__()
        self._title, self._choices, self._placeholder, self._note = title, tuple(choices), placeholder, note
        self._begin, self._one_line = begin, one_line
        self.purpose = ""  # the key of a kept text

    def compose(self) -> ComposeResult:
        """Compose the choice, the text and the answers."""
        first = self._choices[0][0]
        kept = self._begin.choice if self._begin and self._begin.choice in dict(self._choices) else first
        with Vertical(id="write"):
            yield Static(safe(self._title, "bold"), id="write-title", markup=False)
            yield Dropdown(self._choices, value=kept, id="choice")
            if self._one_line:
                yield TextField(id="text", most=LONGEST_REFERENCE, placeholder=self._placeholder)
            else:
                yield TextBox(id="text", most=LONGEST_TEXT, placeholder=self._placeholder)
            yield Static(safe(self._note, "$muted"), id="write-note", markup=False)
            with Horizontal(id="answers"):
                yield LeaveButton()
                yield Button(safe("Save (^s)"), id="save", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Focus the text, or the choice where there is more than one."""
        if self._begin is not None:
            self._put(self._begin.text)
        self.query_one("#write-note").display = bool(self._note)
        choice = self.query_one("#choice", Dropdown)
        choice.display = len(self._choices) > 1
        self.query_one("#choice" if len(self._choices) > 1 else "#text").focus()

    def say(self, sentence: str, kind: str = "note") -> None:
        """Show a sentence below the text."""
        note = self.query_one("#write-note", Static)
        note.display = True
        note.update(safe(sentence, "$warning" if kind == "refused" else "$muted"))

    def _put(self, text: str) -> None:
        field = self.query_one("#text")
        if isinstance(field, TextField):
            field.value = one_line(text)
        elif isinstance(field, TextBox):
            field.text = sanitize_lines(text)

    @property
    def _text(self) -> str:
        field = self.query_one("#text")
        return field.value if isinstance(field, TextField) else field.text if isinstance(field, TextBox) else ""

    def on_resize(self, event: events.Resize) -> None:
        """Shrink the text where the other parts have no room."""
        field = self.query_one("#text")
        if isinstance(field, TextBox):
            field.styles.height = min(max(event.size.height - _OTHER_ROWS, 2), 6)
        self.query_one("#write").set_class(event.size.height < _OTHER_ROWS + 2, "-tight")

    @on(TextField.Changed)
    @on(TextBox.Changed)
    def _edited(self) -> None:
        self.query_one(LeaveButton).follow(unsaved=self.unsaved)

    @on(TextField.Submitted)
    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Close with the choice and the text."""
        chosen = self.query_one("#choice", Dropdown).chosen or self._choices[0][0]
        self.answer(Written(chosen, self._text))

    @property
    def unsaved(self) -> bool:
        """Whether there is an unsaved text."""
        return self._text.strip() != (self._begin.text.strip() if self._one_line and self._begin else "")

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close without saving; ask first if there is an unsaved text."""
        if self.unsaved:
            self.app.push_screen(LeaveDialog(), lambda leave: self.answer(None) if leave else None)
        else:
            self.answer(None)


class DraftStore:
    """Keeps the refused texts of one screen's dialogs, each for the dialog of the same purpose only.

    A refused answer is no reason for a decision, and the reference of one refund is not that of another.
    """

    def __init__(self) -> None:
        self._texts: dict[str, Written] = {}
        self._sent = ""

    def dialog(
        self,
        purpose: str,
        title: str,
        choices: Sequence[tuple[str, str]],
        *,
        placeholder: str,
        note: str = "",
        one_line: bool = False,
        begin: str = "",
    ) -> TextDialog:
        """A dialog that begins with the kept text of this purpose, or with `begin`."""
        first = Written(choices[0][0], begin) if begin else None
        written = self._texts.get(purpose, first)
        dialog = TextDialog(title, choices, placeholder=placeholder, note=note, one_line=one_line, begin=written)
        dialog.purpose = purpose
        return dialog

    def keep(self, purpose: str, written: Written | None) -> Written | None:
        """Keep a text until it is recorded; None discards it. Returns it."""
        self._texts.pop(purpose, None)
        if written is not None:
            self._texts[purpose], self._sent = written, purpose
        return written

    def refused(self) -> None:
        """Keep the sent text, whichever act is recorded next."""
        self._sent = ""

    def recorded(self) -> None:
        """Discard the sent text, because it is recorded."""
        self._texts.pop(self._sent, None)
        self._sent = ""
