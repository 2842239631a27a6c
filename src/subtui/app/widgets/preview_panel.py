"""The preview panel beside a form: the effects of Save, in words."""

from collections.abc import Iterable, Sequence
from itertools import chain

from rich.cells import chop_cells
from textual.content import Content

from subtui.app.content import cells, concat, safe, wrap
from subtui.app.widgets.wrapped_text import WrappedText
from subtui.domain.errors import Problem
from subtui.views.preview import Line, Preview

PREVIEW_HEADING = "What Save will do"
LABEL = 14
LEAST_TEXT = 12


class PreviewPanel(WrappedText):
    """A heading and a line for each effect; changes are highlighted."""

    DEFAULT_CSS = """
    PreviewPanel { min-height: 100%; border-left: solid $rule; padding-left: 1; }
    """

    def __init__(self, heading: str = PREVIEW_HEADING) -> None:
        super().__init__(id="panel")
        self._heading = heading
        self.preview: Preview | None = None
        self._missing = ""

    def show(self, preview: Preview, problems: Sequence[Problem]) -> None:
        """Show this preview; the first problem is shown as the next step."""
        self.preview = preview
        self._missing = problems[0].sentence if problems else ""
        self.changed()

    def wrapped(self, width: int) -> Content:
        """Draw the heading, the problem, and the lines of the preview."""
        if self.preview is None:
            return Content("")
        lines = [safe(self._heading, "bold $primary")]
        # The problem comes first: on a low terminal the end of the panel is not visible.
        if self._missing:
            lines += [safe(part, "$warning") for part in wrap(f"→ {self._missing}", max(width, LEAST_TEXT))]
        for line in self.preview.lines:
            lines += self._wrapped(line, max(width - LABEL, LEAST_TEXT))
        return Content("\n").join(lines)

    @staticmethod
    def _wrapped(line: Line, room: int) -> Iterable[Content]:
        style = "bold $foreground" if line.changed else "$muted"
        # A word that is longer than the panel, such as an e-mail address, is broken below its own label.
        whole = (chop_cells(part, room) if cells(part) > room else [part] for part in wrap(line.text, room))
        for at, part in enumerate(chain.from_iterable(whole)):
            label = f"{line.label if at == 0 else '':<{LABEL}}"
            yield concat(safe(label, "$muted"), safe(part, style))
