"""Draws frames as PNG."""

from html import escape

from rich.cells import cell_len

from subtui.domain.errors import WrongInput
from subtui.flows.box_drawing import SIGNS, shapes
from subtui.flows.frames import Frame, Paint, Run

MONOSPACED = (
    "Fira Code",
    "DejaVu Sans Mono",
    "Menlo",
    "Cascadia Mono",
    "Consolas",
    "Noto Sans Mono",
    "Liberation Mono",
    "Ubuntu Mono",
    "Courier New",
)
"""The font families to look for, in this order: most machines have one."""

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 12, 23, 20
_BASELINE = 18


def png(frame: Frame) -> bytes:
    """Draw the frame as PNG. Raises WrongInput without the renderer's package, or without a font."""
    family = _family()
    return _drawn(_svg(frame, family), family)


def require_png() -> None:
    """Raise WrongInput where no PNG can be drawn."""
    _family()


def _family() -> str:
    """The first of the families on this machine."""
    # A missing family draws nothing: the renderer falls back for single signs, not for a whole text.
    nothing = _drawn(_letter("subtui has no such font"), "subtui has no such font")
    for family in MONOSPACED:
        if _drawn(_letter(family), family) != nothing:
            return family
    raise WrongInput(f"Drawing a PNG needs a font: install one of {', '.join(MONOSPACED[:3])}, or write .svg instead.")


def _drawn(svg: str, family: str) -> bytes:
    try:
        from resvg_py import svg_to_bytes  # noqa: PLC0415  (an optional extra)
    except ImportError:
        raise WrongInput(
            'PNG is drawn by the package resvg-py, which is not installed. Install it with: pip install "subtui[png]"'
        ) from None
    return svg_to_bytes(svg_string=svg, font_family=family, monospace_family=family, languages=["en"])


def _letter(family: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">'
        f'<text x="2" y="20" font-size="20" font-family="{family}">M</text></svg>'
    )


def _svg(frame: Frame, family: str) -> str:
    """The frame as SVG with a column for every sign, so that no font can shift the others."""
    width, height = frame.width * CELL_WIDTH, frame.height * CELL_HEIGHT
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{family}" '
        f'font-size="{FONT_SIZE}" xml:space="preserve">'
    )
    grounds: list[str] = []
    signs: list[str] = []
    for row, line in enumerate(frame.lines):
        column = 0
        for run in line:
            x, y = column * CELL_WIDTH, row * CELL_HEIGHT
            grounds.append(
                f'<rect x="{x}" y="{y}" width="{run.cells * CELL_WIDTH}" height="{CELL_HEIGHT}" '
                f'fill="{run.paint.background}"/>'
            )
            signs += _signs(run, x, y)
            column += run.cells
    return "".join([head, *grounds, *signs, "</svg>"])


def _signs(run: Run, x: int, y: int) -> list[str]:
    look = _look(run.paint)
    parts = []
    for sign, at in _placed(run.text, x):
        if sign in SIGNS:
            drawn = "".join(shapes(sign, at, CELL_WIDTH, CELL_HEIGHT, run.paint.color))
            parts.append(f'<g transform="translate(0 {y})">{drawn}</g>')
        else:
            parts.append(f'<text x="{at}" y="{y + _BASELINE}" {look}>{escape(sign)}</text>')
    for wanted, height in ((run.paint.underline, _BASELINE + 3), (run.paint.strike, CELL_HEIGHT // 2)):
        if wanted:
            parts.append(
                f'<rect x="{x}" y="{y + height}" width="{run.cells * CELL_WIDTH}" height="1" fill="{run.paint.color}"/>'
            )
    return parts


def _look(paint: Paint) -> str:
    look = f'fill="{paint.color}"'
    look += ' font-weight="bold"' if paint.bold else ""
    return look + (' font-style="italic"' if paint.italic else "")


def _placed(text: str, x: int) -> list[tuple[str, int]]:
    """Each sign with its combining characters and its column; blanks are left out."""
    placed: list[tuple[str, int]] = []
    for character in text:
        cells = cell_len(character)
        if cells == 0 and placed:
            placed[-1] = (placed[-1][0] + character, placed[-1][1])
            continue
        placed.append((character, x))
        x += cells * CELL_WIDTH
    return [(sign, at) for sign, at in placed if not sign.isspace()]
