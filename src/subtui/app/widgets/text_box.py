"""A box for a text of several lines. What is pasted into it is made harmless first."""

from typing import ClassVar

from textual import events
from textual.widgets import TextArea

from subtui.domain.plain_text import visible_lines


class TextBox(TextArea):
    """Several lines; tab goes on to the next field."""

    TAKES_TYPING: ClassVar = True
    DEFAULT_CSS = """
    TextBox {
        width: 1fr; max-width: 64; height: 4; border: none; padding: 0 1; background: $field; color: $foreground;
        scrollbar-size-vertical: 1;
    }
    TextBox:focus { border: none; background: $field-focus; }
    TextBox .text-area--cursor-line { background: transparent; }
    """

    def __init__(self, *, id: str, most: int, placeholder: str = "") -> None:  # noqa: A002
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", placeholder=placeholder, compact=True)
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self._most = most

    async def _on_paste(self, event: events.Paste) -> None:
        """A page from somewhere else may hold anything, and more than there is room for."""
        room = max(2 * self._most - len(self.text), 0)
        await super()._on_paste(events.Paste(visible_lines(event.text[:room].replace("\r", "\n"))))
        event.stop()
        event.prevent_default()
