"""A list as a file: the columns and rows that are shown, as CSV, JSON or Markdown."""

import csv
import io
import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from subtui.domain.errors import WrongInput
from subtui.domain.plain_text import sanitize

# A spreadsheet takes a cell that begins so for a formula, and a customer's name may.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ListFormat(StrEnum):
    """The format of a list in a file."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "md"


def list_format(path: Path) -> ListFormat:
    """The format that a file name asks for. Raises WrongInput for any other ending."""
    ending = path.suffix.lower().removeprefix(".")
    if ending in tuple(ListFormat):
        return ListFormat(ending)
    raise WrongInput("End the name with .csv, .json or .md, which decides the format.")


def list_text(labels: Sequence[str], rows: Sequence[Sequence[str]], form: ListFormat) -> str:
    """The text of the file. Cells hold one line each, without control characters."""
    cells = [[sanitize(cell) for cell in row] for row in rows]
    if form is ListFormat.JSON:
        objects = [dict(zip(labels, row, strict=True)) for row in cells]
        return json.dumps(objects, ensure_ascii=False, indent=2) + "\n"
    if form is ListFormat.MARKDOWN:
        head = [_line(labels), _line(["---"] * len(labels))]
        return "\n".join([*head, *(_line([_escaped(cell) for cell in row]) for row in cells)]) + "\n"
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(labels)
    writer.writerows([_no_formula(cell) for cell in row] for row in cells)
    return written.getvalue()


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _no_formula(cell: str) -> str:
    # Of what begins with a sign, numbers and a lone dash are no formulas.
    harmless = not cell.startswith(_FORMULA) or not cell.strip("+-.,0123456789 ")
    return cell if harmless or _is_amount(cell) else f"'{cell}"


def _is_amount(cell: str) -> bool:
    number, _, currency = cell.rpartition(" ")
    return currency.isascii() and len(currency) == 3 and not number.strip("+-.,0123456789")
