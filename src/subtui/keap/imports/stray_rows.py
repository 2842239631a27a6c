"""Finds rows of a sheet that are no data: a repeated header, lines of totals, and the last lines of reports."""

import re
from collections.abc import Sequence

from subtui.domain.errors import FileProblem
from subtui.keap.columns import COLUMNS, compared
from subtui.views.imports import Kind

AGAIN = "is the header repeated: it was skipped"
TOTALS = "is a line of totals: it was skipped"
FOOTER = "is a line about the file: it was skipped"

_FEWEST_NAMES = 2
_WORDS = (
    "total",
    "grand",
    "sub total",
    "subtotal",
    "sub-total",
    "sum",
    "summe",
    "gesamt",
    "insgesamt",
    "somme",
    "count",
)
_STARTS = frozenset(form(word)[:5] for word in _WORDS for form in (str.lower, str.title, str.upper))
_TOTAL = re.compile(
    r"(?:grand |sub[ -]?)?(?:totals?|sums?|summe|gesamt(?:summe)?|insgesamt|totale?|totaux|somme|"
    r"count)(?: general| général)?(?: \(?[0-9]+\)?)?",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?:[A-Z]{3})?[-+−(]?\s*[$€£¥]?\s*[-+−]?[0-9][0-9.,\s]*[)%$€£¥]?\s*(?:[A-Z]{3})?")
_FOOTER = re.compile(
    r"(?:grand |sub[ -]?)?totals?\b.*|(?:end|bottom) of .*|(?:number|count) of .*|page [0-9]+.*|"
    r"(?:generated|exported|created|printed|run|report run) (?:on|by|at|from)\b.*|"
    r"[0-9][0-9,. ]* (?:records?|rows?|contacts?|results?|items?|orders?|payments?|subscriptions?|customers?)\b.*|"
    r"(?:records?|rows?):? [0-9]+.*",
    re.IGNORECASE,
)


class StrayRows:
    """Finds such rows below one header. Nearly every row is decided by its first cell."""

    def __init__(self, name: str, kind: Kind, header: Sequence[str]) -> None:
        self._name = name
        self._header = [compared(column) for column in header]
        known = {column_name for column in COLUMNS[kind] for column_name in column.names}
        self._known = {compared(column) for column in known} | set(self._header) - {""}
        self.first = next((at for at, column in enumerate(header) if column), 0)
        written = {*known, *header} - {""}
        self._suspects = written | {word.lower() for word in written} | {word.upper() for word in written}

    def reason(self, line: int, cells: Sequence[str]) -> str:
        """Why a row is no data; empty if it is. Raises FileProblem where a header with other columns begins."""
        first = cells[self.first]
        if first and first not in self._suspects and first[:5] not in _STARTS and " " not in first:
            return ""
        filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
        if not filled:
            return ""
        if len(filled) == 1 and len(cells) > 1 and _FOOTER.fullmatch(filled[0]):
            return FOOTER
        if _TOTAL.fullmatch(filled[0].rstrip(": ")) and all(_is_figure(cell) for cell in filled[1:]):
            return TOTALS
        return self._header_again(line, cells)

    def _header_again(self, line: int, cells: Sequence[str]) -> str:
        names = [compared(cell) for cell in cells]
        named = [name for name in names if name]
        if len(named) < min(_FEWEST_NAMES, len(self._header)) or not self._known.issuperset(named):
            return ""
        if all(name in ("", column) for name, column in zip(names, self._header, strict=True)):
            return AGAIN
        raise FileProblem(
            f"{self._name}, line {line}: another header starts here with different columns. Split the file here."
        )


def _is_figure(cell: str) -> bool:
    return _FIGURE.fullmatch(cell) is not None or _TOTAL.fullmatch(cell.rstrip(": ")) is not None
