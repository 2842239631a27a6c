"""The line of a screen's tabs, with the open one marked; a click opens a tab."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from subtui.app.content import cells, safe

_BETWEEN = "  "


class TabLine(Static):
    """One line of tabs, as (name, title)."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, tabs: Sequence[tuple[str, str]], *, id: str) -> None:  # noqa: A002
        super().__init__("", id=id, markup=False)
        self._tabs = tuple(tabs)

    def show(self, open_tab: str) -> None:
        """Mark this one as open."""
        parts = [
            safe(f" {title} ", "bold $primary reverse" if name == open_tab else "$muted") for name, title in self._tabs
        ]
        self.update(Content(_BETWEEN).join(parts))

    def on_click(self, event: events.Click) -> None:
        """Open the clicked tab."""
        at = self.content_region.x - self.region.x
        for name, title in self._tabs:
            width = cells(f" {title} ")
            if at <= event.x < at + width:
                self.post_message(self.Chosen(name))
                return
            at += width + len(_BETWEEN)
