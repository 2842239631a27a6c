"""The one-line field of forms. It reports any typed or pasted text that it leaves out."""

import re

from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input
from textual.widgets.input import Selection

from subtui.domain.plain_text import one_line


class Shortened(Message):
    """A field left out part of a typed or pasted text; `sentence` says which."""

    def __init__(self, field: Widget, sentence: str) -> None:
        super().__init__()
        self.field, self.sentence = field, sentence

    @property
    def control(self) -> Widget:
        """The field, so that `@on` can select by its id."""
        return self.field


class TextField(Input):
    """An input that joins lines by blanks, reports left-out text, and shows its beginning when not focused."""

    def __init__(
        self,
        value: str = "",
        *,
        id: str,  # noqa: A002
        most: int,
        placeholder: str = "",
        restrict: str | None = None,
        takes: str = "",
        password: bool = False,
        select_on_focus: bool = True,
    ) -> None:
        """`takes` names what `restrict` allows, as in “whole numbers”."""
        super().__init__(
            value,
            id=id,
            placeholder=placeholder,
            compact=True,
            max_length=most,
            restrict=restrict,
            password=password,
            select_on_focus=select_on_focus,
        )
        self.cursor_blink = False
        self._takes = takes
        self._line_ended = False  # whether Enter was the last key: a terminal may paste lines as if they were typed

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace the text between two positions by as much of `text` as the field takes."""
        start, end = sorted((max(start, 0), min(end, len(self.value))))
        fitting, why = self._fitting(text if len(text) == 1 else one_line(text), start, end)
        if fitting or not text:
            super().replace(fitting, start, end)
        if why:
            self.post_message(Shortened(self, why))

    def _fitting(self, text: str, start: int, end: int) -> tuple[str, str]:
        """The part of `text` that the field takes, and a sentence about the rest."""
        whole = self.value[:start] + text + self.value[end:]
        if self.restrict and re.fullmatch(self.restrict, whole) is None:
            return (
                "",
                f"This field accepts {self._takes} only: “{text[:20]}” was left out.",
            )
        room = max(self.max_length - len(self.value) + end - start, 0) if self.max_length else len(text)
        if len(text) <= room:
            return text, ""
        left_out = len(text) - room
        what = f"the last {left_out:,} of {len(text):,} were left out" if len(text) > 1 else "there is no room for more"
        return text[:room], f"This field can have at most {self.max_length:,} characters: {what}."

    def on_key(self, event: events.Key) -> None:
        """Insert a blank before text that follows an Enter, as between the lines of a paste."""
        if event.key == "ctrl+j":
            event.stop()
            event.prevent_default()
        if event.key in ("ctrl+j", "enter"):
            self._line_ended = True
            return
        if self._line_ended and event.is_printable and self.selection.is_empty:
            before = self.value[: self.cursor_position]
            if before and not before[-1].isspace() and event.character != " ":
                self.insert_text_at_cursor(" ")
        self._line_ended = False

    def _on_paste(self, event: events.Paste) -> None:
        """Insert all lines of a paste as one line."""
        event.stop()
        event.prevent_default()
        self.replace(event.text, *self.selection)

    def _watch_selection(self, selection: Selection) -> None:
        """Scroll to the cursor only while the field is focused."""
        super()._watch_selection(selection)
        if not self.has_focus:
            self._rest()

    def on_blur(self) -> None:
        """Scroll back to the beginning of the text."""
        self._line_ended = False
        self._rest()

    def on_resize(self) -> None:
        """Scroll back to the beginning after a resize, unless focused."""
        if not self.has_focus:
            self._rest()

    def _rest(self) -> None:
        self.scroll_to(x=0, animate=False, force=True, immediate=True)
