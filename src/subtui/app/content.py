"""Makes the content of all widgets: free of markup, escapes, control characters and bidi characters.

Textual's widgets parse a plain `str` as markup. So screens pass them `Content` made here, which is not parsed.
"""

import re
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from subtui.domain.plain_text import sanitize, sanitize_lines

_NO_BREAK = "\N{NO-BREAK SPACE}"
_WHOLE = re.compile(r"\b\d{1,2} [A-Z][a-z]{2}( \d{4})?\b|\b[\d,.]+ [A-Z]{3}\b")
"""Texts that are not broken over lines: `15 Mar 2026`, `15 Mar`, `49.00 USD`."""


def safe(text: str, style: str = "") -> Content:
    """One line of data as literal content, in a style such as `$text-muted`."""
    return Content.styled(sanitize(text), style) if style else Content(sanitize(text))


def safe_lines(text: str, style: str = "") -> Content:
    """Several lines of data, line breaks kept."""
    cleaned = sanitize_lines(text)
    return Content.styled(cleaned, style) if style else Content(cleaned)


def concat(*parts: Content | str) -> Content:
    """The parts joined; strings among them are sanitized."""
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
    """The width of `text` in terminal cells."""
    return cell_len(sanitize(text))


def wrap_items(parts: Iterable[str], width: int, *, between: str) -> list[str]:
    """The parts in lines of at most `width` cells, not broken inside a part, joined by `between`."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}{between}{part}" if lines else ""
        if lines and cells(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines or [""]


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` terminal cells, broken at spaces; a longer word has its own line.

    A date or an amount is one word.
    """
    words = _WHOLE.sub(lambda found: found[0].replace(" ", _NO_BREAK), " ".join(text.split())).split(" ")
    return [line.replace(_NO_BREAK, " ") for line in wrap_items(words, width, between=" ")]


def hanging_indent(head: str, text: str, room: int, *, head_style: str = "$muted", style: str = "") -> list[Content]:
    """`text` after `head`, in lines of `room` cells with a hanging indent; its line breaks are kept."""
    indent = " " * cells(head)
    width = max(room - len(indent), 12)
    lines = sanitize_lines(text).split("\n")
    parts = [part for line in lines for part in ([line] if cells(line) <= width else wrap(line, width))]
    heads = [head] + [indent] * (len(parts) - 1)
    return [concat(safe(lead, head_style), safe(part, style)) for lead, part in zip(heads, parts, strict=True)]
