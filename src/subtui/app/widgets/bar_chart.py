"""A bar chart, drawn by plotext in the colours of the theme."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual_plotext import PlotextPlot

from subtui.domain.plain_text import visible

LONGEST_LABEL = 16
FRAME = 3
"""Lines that the frame and the axis take."""

MOST_LINES = 2
BAR_WIDTH = 0.05
"""Of the room of a bar: so thin that it never reaches into the line of its neighbour."""


class BarChart(Vertical):
    """Lying bars, one for each label: words are read beside them at any width."""

    DEFAULT_CSS = "BarChart { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.bars: tuple[tuple[str, int], ...] = ()

    def compose(self) -> ComposeResult:
        """The plot."""
        yield PlotextPlot()

    def on_mount(self) -> None:
        """Colours follow the theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())

    def on_resize(self) -> None:
        """Another height has room for other bars."""
        self._draw()

    def show(self, bars: Sequence[tuple[str, int]]) -> None:
        """Draw these bars, the first on top."""
        self.bars = tuple(bars)
        self._draw()

    def _draw(self) -> None:
        plot = self.query_one(PlotextPlot)
        plt = plot.plt
        plt.clear_figure()
        if self.bars:
            # A whole number of lines for each bar, or they come out in different thicknesses.
            lines = max(min((self.size.height - FRAME) // len(self.bars), MOST_LINES), 1)
            plot.styles.height = lines * len(self.bars) + FRAME
            labels = [visible(label)[:LONGEST_LABEL] for label, _ in reversed(self.bars)]
            counts = [count for _, count in reversed(self.bars)]
            plt.bar(labels, counts, orientation="horizontal", width=BAR_WIDTH, color=self._colour())
            most = max(counts)
            # Whole counts on the axis: nobody cancels half a subscription.
            plt.xticks(list(range(0, most + 1, max(1, -(-most // 5)))))
            plt.xlim(0, max(most, 1))
            plt.ylim(0.5, len(self.bars) + 0.5)
        plot.refresh()

    def _colour(self) -> tuple[int, int, int]:
        colour = self.app.theme_variables.get("primary", "#6fb3d2").lstrip("#")
        return (int(colour[0:2], 16), int(colour[2:4], 16), int(colour[4:6], 16))
