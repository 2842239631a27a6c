"""A screen as plain data: lines of runs of text with their colours. The writers of files need no Textual."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI
from textual.strip import Strip


@dataclass(frozen=True, slots=True)
class Paint:
    """The style of a run. Colours are `#rrggbb`."""

    color: str
    background: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style. `cells` is its width in columns."""

    text: str
    cells: int
    paint: Paint


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The content of a terminal at one moment."""

    width: int
    lines: tuple[Line, ...]

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.lines)

    @property
    def text(self) -> str:
        """The text of each line, without colours."""
        return "\n".join("".join(run.text for run in line).rstrip() for line in self.lines)


def frame_of(strips: Iterable[Strip], width: int) -> Frame:
    """The frame of these strips."""
    return Frame(width, tuple(_line(strip, width) for strip in strips))


def _line(strip: Strip, width: int) -> Line:
    runs: list[Run] = []
    for segment in strip.adjust_cell_length(width):
        if segment.control or not segment.text:
            continue
        paint = _paint(segment.style or Style.null())
        if runs and runs[-1].paint == paint:
            last = runs.pop()
            runs.append(Run(last.text + segment.text, last.cells + segment.cell_length, paint))
        else:
            runs.append(Run(segment.text, cell_len(segment.text), paint))
    return tuple(runs)


def _paint(style: Style) -> Paint:
    color, background = _hex(style.color, foreground=True), _hex(style.bgcolor, foreground=False)
    if style.reverse:
        color, background = background, color
    return Paint(
        color,
        background,
        bold=bool(style.bold),
        italic=bool(style.italic),
        underline=bool(style.underline),
        strike=bool(style.strike),
    )


def _hex(color: Color | None, *, foreground: bool) -> str:
    if color is None:
        return DIMMED_MONOKAI.foreground_color.hex if foreground else DIMMED_MONOKAI.background_color.hex
    return color.get_truecolor(DIMMED_MONOKAI, foreground=foreground).hex
