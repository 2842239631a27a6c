"""The line above the keys: what was just done, or why something was not. It stays until the next key."""

from textual.widgets import Static

from subtui.app.text import joined, safe

_MARKS = {"done": ("✓ ", "$success"), "refused": ("! ", "$error"), "note": ("· ", "$muted")}


class MessageLine(Static):
    """One sentence, with a sign and a colour for its kind: done, refused or note."""

    DEFAULT_CSS = """
    MessageLine {
        dock: bottom; height: auto; max-height: 3; width: 100%; padding: 0 1; margin-bottom: 1; display: none;
    }
    MessageLine.-shown { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="message-line", markup=False)
        self.sentence = ""

    def say(self, sentence: str, kind: str = "note") -> None:
        """Show a sentence until another, or until it is cleared."""
        self.sentence = sentence
        mark, style = _MARKS[kind]
        self.update(joined(safe(mark, f"bold {style}"), safe(sentence)))
        self.set_class(bool(sentence), "-shown")

    def clear(self) -> None:
        """Show nothing."""
        self.sentence = ""
        self.remove_class("-shown")
