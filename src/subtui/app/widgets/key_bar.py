"""The key bar at the bottom: at most eight keys for the focused widget, and the key of the help."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widgets import Static

from subtui.app.content import cells, concat, safe

MOST_KEYS = 8


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key as shown, the title of its command, and whether it is available."""

    key: str
    title: str
    available: bool = True
    press: str = ""  # the key as Textual names it, which a click presses


class KeyBar(Static):
    """Shows hints in order, leaving out those before the last that have no room; the last one always stays."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; width: 100%; padding: 0 1; background: $panel; color: $muted; }
    """

    def __init__(self) -> None:
        super().__init__(id="key-bar", markup=False)
        self.hints: tuple[KeyHint, ...] = ()
        self._shown: tuple[KeyHint, ...] = ()

    def show(self, hints: Sequence[KeyHint]) -> None:
        """Show these hints."""
        self.hints = tuple(hints)
        self.update(self._line())

    def on_resize(self) -> None:
        """Redraw, since another width has room for other keys."""
        self.update(self._line())

    def _line(self) -> Content:
        room = self.size.width - 2
        if not self.hints or room <= 0:
            return Content("")
        *others, last = self.hints
        shown: list[KeyHint] = []
        used = _width(last)
        for hint in others[: MOST_KEYS - 1]:
            if used + _width(hint) + 2 > room:
                break
            used += _width(hint) + 2
            shown.append(hint)
        self._shown = (*shown, last)
        return Content("  ").join(_drawn(hint) for hint in self._shown)

    def on_click(self, event: events.Click) -> None:
        """Press the key of a clicked hint."""
        at = 1
        for hint in self._shown:
            if at <= event.x < at + _width(hint):
                if hint.press:
                    self.app.simulate_key(hint.press)
                return
            at += _width(hint) + 2


def _width(hint: KeyHint) -> int:
    return cells(hint.key) + 1 + cells(hint.title)


def _drawn(hint: KeyHint) -> Content:
    if not hint.available:
        return safe(f"{hint.key} {hint.title}", "$muted")
    return concat(safe(hint.key, "bold $primary"), " ", safe(hint.title, "$foreground"))
