"""A box for a text of several lines. Sanitizes pasted text, and reports text that it has no room for."""

from typing import ClassVar

from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import EditResult, Location

from subtui.app.widgets.text_field import Shortened
from subtui.domain.plain_text import pasted, sanitize_lines


class TextBox(TextArea):
    """A text of several lines; tab moves to the next field."""

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
        """A text of more than `most` characters is refused by a save, and can be shortened; it is cut at twice that."""
        super().__init__(id=id, soft_wrap=True, tab_behavior="focus", placeholder=placeholder, compact=True)
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self._most = most

    def render_line(self, y: int) -> Strip:
        """Skip the placeholder at a width of zero, in a very narrow window, where it cannot be wrapped."""
        return Strip.blank(self.size.width) if not self.content_size.width else super().render_line(y)

    async def _on_key(self, event: events.Key) -> None:
        """Take ctrl+j as a line break: a terminal that pastes by typing sends it, or Enter."""
        if event.key == "ctrl+j":
            event.stop()
            event.prevent_default()
            self._replace_via_keyboard("\n", *self.selection)
        else:
            await super()._on_key(event)

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        """Sanitize and limit typed and pasted text."""
        clean = sanitize_lines(pasted(insert))
        room = max(2 * self._most - len(self.text) + len(self.document.get_text_range(*sorted((start, end)))), 0)
        left_out = len(clean) - room
        if left_out > 0:
            what = f"the last {left_out:,} of {len(clean):,} were left out" if room else "there is no room for more"
            self.post_message(Shortened(self, f"This text can have at most {self._most:,} characters: {what}."))
            if not room:
                return None
        return super()._replace_via_keyboard(clean[:room], start, end)

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert the pasted text with its line breaks."""
        event.stop()
        event.prevent_default()
        if result := self._replace_via_keyboard(event.text, *self.selection):
            self.move_cursor(result.end_location)


class NoteBox(TextBox):
    """A box that grows with its text from one line, for a note among other fields."""

    DEFAULT_CSS = """
    NoteBox { max-width: 34; height: auto; min-height: 1; max-height: 5; }
    """

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The height of the wrapped text."""
        del container, viewport, width
        return max(self.wrapped_document.height, 1)

    def _refresh_size(self) -> None:
        """Lay out again when the text was changed or wrapped."""
        lines = self.virtual_size.height
        super()._refresh_size()
        if self.virtual_size.height != lines:
            self.refresh(layout=True)
