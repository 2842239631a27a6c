"""The message line above the keys: the result of an act, or why it was refused."""

from textual.content import Content
from textual.widgets import Static

from subtui.app.content import concat, safe, wrap

_MARKS = {"done": ("✓ ", "$success"), "refused": ("! ", "$error"), "note": ("· ", "$muted")}
MOST_LINES = 4


class MessageLine(Static):
    """One sentence, with a sign and a colour for its kind: done, refused or note.

    One line is always reserved, so that a sentence that fits needs no new layout of the screen.
    """

    DEFAULT_CSS = """
    MessageLine { dock: bottom; height: 1; width: 100%; padding: 0 1; margin-bottom: 1; }
    """

    def __init__(self) -> None:
        super().__init__("", id="message-line", markup=False)
        self.sentence = ""
        self._kind = "note"
        self._lines = 1

    def say(self, sentence: str, kind: str = "note") -> None:
        """Show a sentence until the next one."""
        if (sentence, kind) == (self.sentence, self._kind) or not (sentence or self.sentence):
            return  # a repaint that changes nothing would hold up the next one by a frame
        self.sentence, self._kind = sentence, kind
        self._draw()

    def on_resize(self) -> None:
        """Wrap again for another width."""
        if self.sentence:
            self._draw()

    def _draw(self) -> None:
        mark, style = _MARKS[self._kind]
        lines = wrap(self.sentence, max(self.size.width - len(mark), 8))[:MOST_LINES]
        text = Content("\n").join(safe(line if at == 0 else f"  {line}") for at, line in enumerate(lines))
        if len(lines) != self._lines:
            self._lines = len(lines)
            self.styles.height = len(lines)
        self.update(concat(safe(mark, f"bold {style}"), text) if self.sentence else Content(""), layout=False)
