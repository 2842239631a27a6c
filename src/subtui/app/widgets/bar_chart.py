"""A bar chart of words and counts, as wide as the screen allows."""

from collections.abc import Sequence

from textual.content import Content

from subtui.app.content import cells, concat, fitted, safe
from subtui.app.widgets.wrapped_text import WrappedText

LONGEST_LABEL = 16
LEAST_BAR = 4
"""The least width of a bar in cells; with less room only the count is shown."""


class BarChart(WrappedText):
    """Horizontal bars, one line for each label, so that the words fit beside them at any width."""

    DEFAULT_CSS = "BarChart { width: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.bars: tuple[tuple[str, int], ...] = ()

    def show(self, bars: Sequence[tuple[str, int]]) -> None:
        """Show these bars, the first on top."""
        self.bars = tuple(bars)
        self.changed()

    def wrapped(self, width: int) -> Content:
        """Draw the bars, with an empty line between them where the height allows it."""
        if not self.bars:
            return Content("")
        label = min(max(cells(words) for words, _ in self.bars), LONGEST_LABEL, max(width // 2, 1))
        most = max(1, *(count for _, count in self.bars))
        room = width - label - len(f"┤ {most}")
        lines = [
            concat(
                safe(fitted(words, label, right=True), "$muted"),
                safe("┤", "$muted"),
                safe("█" * _length(count, most, room), "$primary"),
                safe(f" {count}"),
            )
            for words, count in self.bars
        ]
        airy = 2 * len(lines) - 1 <= self.parent_height
        return Content("\n\n" if airy else "\n").join(lines)

    @property
    def parent_height(self) -> int:
        """The height of the chart in lines."""
        return self.container_size.height


def _length(count: int, most: int, room: int) -> int:
    """The cells of a bar; at least one for a count above zero."""
    if room < LEAST_BAR or count <= 0:
        return 0
    return max(round(count * room / most), 1)
