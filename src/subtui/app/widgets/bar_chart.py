"""A bar chart of words and counts, as wide as there is room for."""

from collections.abc import Sequence

from textual.content import Content

from subtui.app.content import cells, concat, fitted, safe
from subtui.app.widgets.wrapped_text import WrappedText

LONGEST_LABEL = 16
LEAST_BAR = 4
"""Cells below which a bar says nothing, and its count alone is shown."""


class BarChart(WrappedText):
    """Lying bars, a line for each label, so that words are read beside them at any width."""

    DEFAULT_CSS = "BarChart { width: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.bars: tuple[tuple[str, int], ...] = ()

    def show(self, bars: Sequence[tuple[str, int]]) -> None:
        """Draw these bars, the first on top."""
        self.bars = tuple(bars)
        self.changed()

    def wrapped(self, width: int) -> Content:
        """The bars, an empty line between two where all have room for one."""
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
        """The lines that there are for the chart."""
        return self.container_size.height


def _length(count: int, most: int, room: int) -> int:
    """Cells of a bar; a count above zero has one at the least."""
    if room < LEAST_BAR or count <= 0:
        return 0
    return max(round(count * room / most), 1)
