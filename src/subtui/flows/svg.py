"""Draws frames as SVG: one as a still picture, or many as an animation.

Every run of text has its width set, so that columns stay aligned in any font.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from subtui.flows.box_drawing import SIGNS, shapes, short
from subtui.flows.frames import Frame, Line, Paint, Run
from subtui.flows.recorder import Recording

CELL = 8.4
ROW = 18
FONT_SIZE = 14
_BASELINE = 13.5
_MARGIN = 12
_FONTS = "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono', monospace"
_WORDS = re.compile(rf"[{SIGNS}]+|[^\s{SIGNS}]+(?: [^\s{SIGNS}]+)*")


def still(frame: Frame, title: str) -> str:
    """A frame as a picture."""
    sheet = _Sheet(frame)
    body = [f'<g transform="translate(0 {row * ROW})">{sheet.line(line)}</g>' for row, line in _rows(frame)]
    return _document(frame, title, sheet.rules(), [], body)


def film(recording: Recording) -> str:
    """A recording as an animated picture. With the system setting for reduced motion it shows the last moment."""
    moments = recording.moments
    first = moments[0].frame
    sheet = _Sheet(first)
    names: dict[Line, str] = {}
    for moment in moments:
        for _, line in _rows(moment.frame):
            names.setdefault(line, f"l{len(names)}")
    width = _width(first)
    defs = [f'<g id="{name}">{sheet.line(line)}</g>' for line, name in names.items()]
    body = ['<g class="film">']
    for at, moment in enumerate(moments):
        uses = "".join(f'<use href="#{names[line]}" y="{row * ROW}"/>' for row, line in _rows(moment.frame))
        body.append(f'<g transform="translate({short(at * width)} 0)">{uses}</g>')
    body.append("</g>")
    rules = [*sheet.rules(), *_film_rules(recording, width)]
    return _document(first, recording.flow.title, rules, defs, body)


def _film_rules(recording: Recording, width: float) -> Iterator[str]:
    last = len(recording.moments) - 1
    yield "@keyframes film {"
    for at, moment in enumerate(recording.moments):
        yield f"{short(moment.at / recording.seconds * 100, 4)}% {{ transform: translateX({short(-at * width)}px) }}"
    yield f"100% {{ transform: translateX({short(-last * width)}px) }} }}"
    yield f".film {{ animation: film {short(recording.seconds, 3)}s step-end infinite }}"
    yield (
        f"@media (prefers-reduced-motion: reduce) {{ .film {{ animation: none; "
        f"transform: translateX({short(-last * width)}px) }} }}"
    )


def _rows(frame: Frame) -> Iterator[tuple[int, Line]]:
    """The non-empty lines, with their row numbers."""
    ground = _ground(frame)
    for row, line in enumerate(frame.lines):
        if any(run.text.strip() or run.paint.background != ground for run in line):
            yield row, line


def _ground(frame: Frame) -> str:
    """The most frequent background colour of a frame."""
    return max(
        {run.paint.background for line in frame.lines for run in line},
        key=lambda color: sum(run.cells for line in frame.lines for run in line if run.paint.background == color),
    )


def _width(frame: Frame) -> float:
    return frame.width * CELL


class _Sheet:
    """Draws lines as SVG, with classes for their styles."""

    def __init__(self, frame: Frame) -> None:
        self._ground = _ground(frame)
        self._names: dict[Paint, str] = {}

    def line(self, line: Line) -> str:
        """A line at the origin: its backgrounds first, then its text."""
        return "".join([*self._grounds(line), *self._words(line)])

    def rules(self) -> list[str]:
        """The style rules of the classes."""
        return [f".{name} {{ {_rule(paint)} }}" for paint, name in self._names.items()]

    def _grounds(self, line: Line) -> Iterator[str]:
        column = 0
        for background, runs in groupby(line, key=lambda run: run.paint.background):
            cells = sum(run.cells for run in runs)
            if background != self._ground:
                # A little taller than the row, or hairlines would show between rows of one background.
                place = f'x="{short(column * CELL)}" width="{short(cells * CELL)}" height="{ROW}.5"'
                yield f'<rect {place} fill="{background}"/>'
            column += cells

    def _words(self, line: Line) -> Iterator[str]:
        column = 0
        for run in line:
            for start, text, cells in _pieces(run):
                if text[0] in SIGNS:
                    yield from shapes(text, (column + start) * CELL, CELL, ROW, run.paint.color)
                    continue
                length = f' textLength="{short(cells * CELL)}"' if cells > 1 else ""
                place = f'x="{short((column + start) * CELL)}" y="{_BASELINE}"'
                yield f'<text class="{self._name(run.paint)}" {place}{length}>{escape(text, quote=False)}</text>'
            column += run.cells

    def _name(self, paint: Paint) -> str:
        plain = Paint(paint.color, "", paint.bold, paint.italic, paint.underline, paint.strike)
        return self._names.setdefault(plain, f"c{len(self._names)}")


def _pieces(run: Run) -> Iterable[tuple[int, str, int]]:
    """The parts of a run, split at two or more blanks: column, text and cells."""
    from rich.cells import cell_len  # noqa: PLC0415  (not needed for ASCII runs)

    for found in _WORDS.finditer(run.text):
        yield cell_len(run.text[: found.start()]), found[0], cell_len(found[0])


def _rule(paint: Paint) -> str:
    parts = [f"fill: {paint.color}"]
    parts += ["font-weight: bold"] if paint.bold else []
    parts += ["font-style: italic"] if paint.italic else []
    lines = [name for name, on in (("underline", paint.underline), ("line-through", paint.strike)) if on]
    parts += [f"text-decoration: {' '.join(lines)}"] if lines else []
    return "; ".join(parts)


def _document(frame: Frame, title: str, rules: Sequence[str], defs: Sequence[str], body: Sequence[str]) -> str:
    width, height = _width(frame), frame.height * ROW
    outer = f"0 0 {short(width + 2 * _MARGIN)} {short(height + 2 * _MARGIN)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{outer}" role="img">',
            f"<title>{escape(title)}</title>",
            "<style>",
            f"text {{ font-family: {_FONTS}; font-size: {FONT_SIZE}px; white-space: pre }}",
            *rules,
            "</style>",
            *(["<defs>", *defs, "</defs>"] if defs else []),
            f'<rect width="100%" height="100%" rx="8" fill="{_ground(frame)}"/>',
            f'<svg x="{_MARGIN}" y="{_MARGIN}" width="{short(width)}" height="{height}" overflow="hidden">',
            *body,
            "</svg>",
            "</svg>",
            "",
        ]
    )
