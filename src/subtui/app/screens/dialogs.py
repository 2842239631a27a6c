"""Confirmation dialogs: for leaving a changed form, restoring a kept one, and a conflict with another user."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from subtui.app.content import cells, concat, fitted, safe, wrap
from subtui.app.screens.dialog import Dialog
from subtui.domain.errors import Stale

WIDEST = 70
_AROUND = (8, 7)
"""The columns and rows of a dialog around its text: border, padding, margins, buttons, the scrollbar."""
_AROUND_BUTTONS = 8


class ConfirmDialog(Dialog[bool]):
    """A question with a safe answer, which has the focus, and another answer with its own key.

    A repeated Enter can only give the safe answer: the other needs its letter, or a move to its button.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer(False)", show=False),
        Binding("left,right", "other_button", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[Content], *, safe_answer: str, other_answer: str, key: str) -> None:
        super().__init__()
        self._title, self._lines = title, tuple(lines)
        self._safe_answer, self._other_answer, self._key = safe_answer, other_answer, key

    def compose(self) -> ComposeResult:
        """Compose the question, its details and the two answers, the safe one first."""
        with Vertical(id="question"):
            yield Static(safe(self._title, "bold"), id="question-title", markup=False)
            with VerticalScroll(id="question-body", can_focus=False):
                yield Static(Content("\n").join(self._lines), id="question-lines", markup=False)
            with Horizontal(id="answers"):
                yield Button(self._safe_answer, id="safe", compact=True)
                yield Button(safe(f"{self._other_answer} ({self._key})"), id="other", compact=True)

    def on_mount(self) -> None:
        """Focus the safe answer."""
        self.query_one("#safe").focus()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the text to the size: it is wrapped, and scrolls if it is too long."""
        room = max(min(event.size.width - _AROUND[0], WIDEST), 12)
        for name in ("#question-title", "#question-lines"):
            self.query_one(name).styles.max_width = room
        self.query_one("#question").styles.min_width = min(40, event.size.width)
        lines = len(wrap(self._title, room))
        other = f"{self._other_answer} ({self._key})"
        stacked = cells(self._safe_answer) + cells(other) + _AROUND_BUTTONS > room
        self.query_one("#answers").set_class(stacked, "-stacked")
        rows = max(event.size.height - _AROUND[1] - lines - stacked, 1)
        self.query_one("#question-body").styles.max_height = rows

    def on_key(self, event: events.Key) -> None:
        """Give the other answer on its letter; scroll on up and down."""
        body = self.query_one("#question-body", VerticalScroll)
        if event.key in ("down", "pagedown"):
            body.scroll_relative(y=1 if event.key == "down" else body.size.height, animate=False)
        elif event.key in ("up", "pageup"):
            body.scroll_relative(y=-1 if event.key == "up" else -body.size.height, animate=False)
        if event.character == self._key:
            event.stop()
            self.answer(True)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.answer(event.button.id == "other")

    def action_answer(self, answer: bool) -> None:
        """Answer and close."""
        self.answer(answer)

    def action_other_button(self) -> None:
        """Move the focus between the buttons."""
        self.focus_next()


class LeaveDialog(ConfirmDialog):
    """The question before leaving a changed form. True: leave, and lose the changes."""

    def __init__(
        self,
        title: str = "Leave without saving?",
        sentence: str = "Your changes on this form are not saved yet.",
    ) -> None:
        super().__init__(
            title,
            [safe(sentence)],
            safe_answer="Stay",
            other_answer="Leave",
            key="y",
        )


class KeptDialog(ConfirmDialog):
    """The question about a form kept from when the program or the session ended. True: discard it, else restore it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "Restore your unsaved form?",
            [safe(f"Your session ended before this form was saved: {what}.")],
            safe_answer="Restore",
            other_answer="Discard",
            key="d",
        )


class StaleDialog(ConfirmDialog):
    """Both versions side by side. True: take the stored one, and lose the changes; else keep them on top of it."""

    def __init__(self, stale: Stale, *, keep: str = "Keep my changes", take: str = "Use theirs") -> None:
        head = concat(safe(fitted("", 14)), safe(fitted("Yours", 22), "bold"), "  ", safe("Saved version", "bold"))
        rows = [
            concat(
                safe(fitted(row.label, 14), "$muted"),
                safe(fitted(row.mine, 22)),
                "  ",
                safe(fitted(row.theirs, 22).rstrip()),
            )
            for row in stale.differences
        ]
        same = [safe("Both versions are the same now.")] if not rows else [head, *rows]
        super().__init__(str(stale), same, safe_answer=keep, other_answer=take, key="t")
