"""The widget that shows the frames of the embedded program."""

from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget


class StageView(Widget, can_focus=True):
    """The view of the embedded program, made of finished lines."""

    DEFAULT_CSS = "StageView { width: 100%; height: 1fr; }"

    def __init__(self) -> None:
        super().__init__(id="stage")
        self._strips: Sequence[Strip] = ()

    def show(self, strips: Sequence[Strip]) -> None:
        """Show these lines."""
        self._strips = strips
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line in the width of the widget."""
        width = self.size.width
        if y >= len(self._strips):
            return Strip.blank(width, self.rich_style)
        return self._strips[y].adjust_cell_length(width, Style.null())
