"""The caption bar below the screen, as a widget."""

from textual.strip import Strip
from textual.widget import Widget

from subtui.flows.bar import BAR_ROWS, Caption, draw_bar


class CaptionBar(Widget):
    """Draws the key and the caption."""

    DEFAULT_CSS = f"CaptionBar {{ dock: bottom; width: 100%; height: {BAR_ROWS}; }}"

    def __init__(self, theme: str) -> None:
        super().__init__(id="caption")
        self._look = theme
        self._caption = Caption()
        self._drawn: list[Strip] = []

    def show(self, caption: Caption) -> None:
        """Show a caption."""
        self._caption = caption
        self._drawn = []
        self.refresh()

    def on_resize(self) -> None:
        """Wrap again after a resize."""
        self._drawn = []
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        if not self._drawn:
            self._drawn = draw_bar(self._caption, self.size.width, self._look)
        return self._drawn[y]
