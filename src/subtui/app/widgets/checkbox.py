"""A checkbox for an acknowledgement, toggled by the space key or Enter."""

from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from subtui.app.commands.catalog import Scope
from subtui.app.content import concat, safe


class Checkbox(Static, can_focus=True):
    """`[x] words`; toggled by space, Enter, or a click."""

    KEY_SCOPES: ClassVar = (Scope.TICKS,)
    DEFAULT_CSS = """
    Checkbox { width: 1fr; height: auto; padding: 0 1; background: $field; }
    Checkbox:focus { background: $field-focus; text-style: bold; }
    """

    class Changed(Message):
        """The checkbox was ticked or cleared."""

        def __init__(self, tick: "Checkbox") -> None:
            super().__init__()
            self.tick = tick

        @property
        def control(self) -> "Checkbox":
            """The box, so that `@on` can select by its id."""
            return self.tick

    def __init__(self, words: str, *, id: str) -> None:  # noqa: A002
        super().__init__("", id=id, markup=False)
        self._words = words
        self.ticked = False

    def on_mount(self) -> None:
        """Draw the box unticked: the user must tick it."""
        self.update(self._drawn())

    def put(self, ticked: bool) -> None:
        """Set or clear the mark."""
        if ticked != self.ticked:
            self.ticked = ticked
            self.update(self._drawn())
            self.post_message(self.Changed(self))

    def on_key(self, event: events.Key) -> None:
        """Toggle on space and Enter."""
        if event.key in ("space", "enter"):
            event.stop()
            self.put(not self.ticked)

    def on_click(self) -> None:
        """Toggle on a click."""
        self.focus()
        self.put(not self.ticked)

    def _drawn(self) -> Content:
        return concat(safe("[x] " if self.ticked else "[ ] ", "bold $primary"), safe(self._words))
