"""Draws lines and blocks of a terminal as SVG shapes: a font less tall than its row would leave gaps."""

from collections.abc import Iterator

_ARMS = {
    "─": "lr",
    "│": "ud",
    "╭": "dr",
    "╮": "dl",
    "╰": "ur",
    "╯": "ul",
    "┌": "dr",
    "┐": "dl",
    "└": "ur",
    "┘": "ul",
    "├": "udr",
    "┤": "udl",
    "┬": "dlr",
    "┴": "ulr",
    "┼": "udlr",
}
_HEAVY = {"━": "lr", "┃": "ud"}
_LOWER = "▁▂▃▄▅▆▇█"
_ROUND = "╭╮╰╯"
_THIN, _THICK = 1.2, 2.6

SIGNS = "".join((*_ARMS, *_HEAVY, _LOWER, "▀"))
"""The signs that are drawn as shapes."""


def shapes(text: str, x: float, cell: float, row: float, color: str) -> Iterator[str]:
    """The SVG shapes of a text of such signs that begins at `x`, each `cell` wide and `row` high."""
    path, heavy = "", ""
    for at, sign in enumerate(text):
        left = x + at * cell
        if sign in _ARMS:
            path += _arms(_ARMS[sign], left, cell, row, rounded=sign in _ROUND)
        elif sign in _HEAVY:
            heavy += _arms(_HEAVY[sign], left, cell, row)
        else:
            share = 0.5 if sign == "▀" else (_LOWER.index(sign) + 1) / 8
            top = 0 if sign == "▀" else row * (1 - share)
            yield (
                f'<rect x="{short(left)}" y="{short(top)}" width="{short(cell)}" height="{short(row * share + 0.5)}" '
                f'fill="{color}"/>'
            )
    for drawn, width in ((path, _THIN), (heavy, _THICK)):
        if drawn:
            yield f'<path d="{drawn}" stroke="{color}" stroke-width="{width}" fill="none"/>'


def _arms(arms: str, x: float, cell: float, row: float, *, rounded: bool = False) -> str:
    middle, center = x + cell / 2, row / 2
    ends = {"l": (x, center), "r": (x + cell, center), "u": (middle, 0.0), "d": (middle, row + 0.5)}
    if rounded:
        (ax, ay), (bx, by) = (ends[arm] for arm in arms)
        return f"M{short(ax)} {short(ay)}Q{short(middle)} {short(center)} {short(bx)} {short(by)}"
    if arms == "lr":
        return f"M{short(x)} {short(center)}H{short(x + cell)}"
    return "".join(f"M{short(middle)} {short(center)}L{short(ax)} {short(ay)}" for ax, ay in (ends[a] for a in arms))


def short(number: float, digits: int = 1) -> str:
    """A number in its shortest form."""
    return f"{round(number, digits):.{digits}f}".rstrip("0").rstrip(".") or "0"
