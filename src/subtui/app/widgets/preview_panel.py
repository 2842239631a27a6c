"""The panel beside the form: what Save will do, in words, while the form is being filled in."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widgets import Static

from subtui.app.text import joined, safe, wrap
from subtui.domain.errors import Problem
from subtui.domain.preview import Line, Preview

LABEL = 12
LEAST_TEXT = 12


class PreviewPanel(Static):
    """A heading and a line for each thing that changes or stays; what is changed stands out."""

    DEFAULT_CSS = """
    PreviewPanel { height: auto; min-height: 100%; width: 100%; border-left: solid $rule; padding-left: 1; }
    """

    def __init__(self, heading: str = "What Save will do") -> None:
        super().__init__("", id="panel", markup=False)
        self._heading = heading
        self.preview: Preview | None = None
        self._missing = ""

    def show(self, preview: Preview, problems: Sequence[Problem]) -> None:
        """Show this preview; the first problem says what to do next."""
        self.preview = preview
        self._missing = problems[0].sentence if problems else ""
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._draw()

    def _draw(self) -> None:
        if self.preview is None or not self.size.width:
            return
        lines = [safe(self._heading, "bold $primary")]
        # What is missing comes first: on a low terminal the end of the panel is out of sight.
        if self._missing:
            lines += [safe(part, "$warning") for part in wrap(f"→ {self._missing}", self._room(0))]
        for line in self.preview.lines:
            lines += self._wrapped(line)
        self.update(Content("\n").join(lines))

    def _room(self, indent: int) -> int:
        return max(self.size.width - indent, LEAST_TEXT)

    def _wrapped(self, line: Line) -> Iterable[Content]:
        style = "bold $foreground" if line.changed else "$muted"
        for at, part in enumerate(wrap(line.text, self._room(LABEL))):
            label = f"{line.label if at == 0 else '':<{LABEL}}"
            yield joined(safe(label, "$muted"), safe(part, style))
