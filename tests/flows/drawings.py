"""A drawing that nobody drew."""

from subtui.app.routes import by_address
from subtui.flows.frames import Frame, Paint, Run
from subtui.flows.screenshot import Drawing

PAINT = Paint("#ffffff", "#000000")


def frame_of_lines(*lines: str, cells: int | None = None) -> Frame:
    """A frame in one paint; a sign is a cell unless `cells` says otherwise."""
    return Frame(max(map(len, lines)), tuple((Run(line, cells or len(line), PAINT),) for line in lines))


def drawing_of(text: str) -> Drawing:
    """A drawing of the dashboard that shows a line."""
    return Drawing((80, 24), "dark", by_address("/"), text, "<svg/>", frame_of_lines(text))
