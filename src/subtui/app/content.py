"""The one gate through which text reaches the terminal: never markup, never an escape, a control or a bidi character.

Widgets of Textual parse a plain `str` as markup. So screens hand them `Content` made here, where nothing is parsed.
"""

import re
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from subtui.domain.plain_text import sanitize, sanitize_lines

_NO_BREAK = "\N{NO-BREAK SPACE}"
_WHOLE = re.compile(r"\b\d{1,2} [A-Z][a-z]{2}( \d{4})?\b|\b[\d,.]+ [A-Z]{3}\b")
"""What is not broken over lines: `15 Mar 2026`, `15 Mar`, `49.00 USD`."""


def safe(text: str, style: str = "") -> Content:
    """One line of data as content that is shown as it stands, in a style such as `$text-muted`."""
    return Content.styled(sanitize(text), style) if style else Content(sanitize(text))


def safe_lines(text: str, style: str = "") -> Content:
    """Several lines of data, line breaks kept."""
    cleaned = sanitize_lines(text)
    return Content.styled(cleaned, style) if style else Content(cleaned)


def concat(*parts: Content | str) -> Content:
    """The parts one after the other; strings among them pass the gate."""
    return Content("").join(safe(part) if isinstance(part, str) else part for part in parts)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` terminal cells: padded, or cut with an ellipsis. Wide characters count two."""
    cleaned = sanitize(text)
    length = cell_len(cleaned)
    if width <= 0:
        return ""
    if length > width:
        cleaned = set_cell_size(cleaned, width - 1).rstrip() + "…"
        length = cell_len(cleaned)
    padding = " " * (width - length)
    return padding + cleaned if right else cleaned + padding


def cells(text: str) -> int:
    """How many terminal cells `text` takes when shown."""
    return cell_len(sanitize(text))


def wrap_items(parts: Iterable[str], width: int, *, between: str) -> list[str]:
    """The parts in lines of at most `width` cells, never broken inside a part, with `between` between neighbours."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{between}{part}" if lines else ""
        if lines and cells(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines or [""]


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` terminal cells, broken at spaces; a longer word stands alone.

    A date or an amount is one word.
    """
    words = _WHOLE.sub(lambda found: found[0].replace(" ", _NO_BREAK), " ".join(text.split())).split(" ")
    return [line.replace(_NO_BREAK, " ") for line in wrap_items(words, width, between=" ")]


def hanging_indent(head: str, text: str, room: int, *, head_style: str = "$muted", style: str = "") -> list[Content]:
    """`text` behind `head`, in lines of `room` cells with its own lines kept; the later ones hang below the first."""
    indent = " " * cells(head)
    width = max(room - len(indent), 12)
    lines = sanitize_lines(text).split("\n")
    parts = [part for line in lines for part in ([line] if cells(line) <= width else wrap(line, width))]
    heads = [head] + [indent] * (len(parts) - 1)
    return [concat(safe(lead, head_style), safe(part, style)) for lead, part in zip(heads, parts, strict=True)]
