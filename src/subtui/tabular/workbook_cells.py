"""The cells of a worksheet as texts, read from its XML row by row.

Each part is read with expat as a stream: the memory is that of one row and of the table of texts, a document type (the
way to entities that expand without end) is refused, and marks such as hidden rows are seen on the way. The read-only
mode of openpyxl takes twice the time, and shows neither hidden rows, merged cells nor formulas without result.

A cell becomes the text that a careful person would type for it: a date as ISO 8601, a number without its format.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from xml.parsers import expat

NO_RESULT = "#FORMULA!"
"""Stands for a formula without a stored result, in the form of a spreadsheet's own errors."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_EXACT_BELOW = 10**15
"""A number that is longer than the digits that a spreadsheet keeps has lost its last ones."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Parts of a format that do not format the value: quoted texts, escaped and padding signs, colours and currencies.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BUILT_IN_DAYS = {*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58}
_BUILT_IN_TIMES = {*range(18, 22), *range(32, 36), 45, 47, 55, 56}
# After the rows and the merged cells there is nothing that is read.
_AFTER_THE_CELLS = ("phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "pageMargins", "extLst")
_FIRST_OF_1904 = datetime(1904, 1, 1)  # noqa: DTZ001  # as written: no offset
_DEEPEST, _MOST_NAMES = 100, 10_000  # each open element and each name of one takes memory

Start = Callable[[str, dict[str, str]], None]
Format = Callable[[float], str]


class BrokenPart(Exception):
    """A part of a workbook is not what the format allows."""


class DocumentType(Exception):
    """A part of a workbook declares a document type, which no spreadsheet program writes."""


def _refuse_document_type(*_: object) -> None:
    raise DocumentType


def read_xml(
    blocks: Iterable[bytes], start: Start, end: Callable[[str], None], text: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Call `start`, `end` and `text` for what is in the XML `blocks`; yields after each block, and at the end.

    Names of elements and attributes come without their namespaces, of which there are two sets for the same format.
    Raises BrokenPart, and DocumentType.
    """
    local: dict[str, str] = {}
    depth = 0

    def begun(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        found = local.get(name)
        if found is None:
            found = local[name] = name.rpartition(" ")[2]
            if len(local) > _MOST_NAMES:
                raise BrokenPart
        if depth > _DEEPEST:
            raise BrokenPart
        start(found, attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(local[name])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = begun
    parser.EndElementHandler = ended
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for block in blocks:
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, ValueError, LookupError, ArithmeticError):
        raise BrokenPart from None


def read_texts(blocks: Iterable[bytes]) -> list[str]:
    """The table of texts to which cells refer. Raises BrokenPart, and DocumentType."""
    texts: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        inside.append(name)

    def text(piece: str) -> None:
        # Beside the text (t), an entry may hold how it is pronounced (rPh).
        if inside and inside[-1] == "t" and "rPh" not in inside:
            pieces.append(piece)

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            texts.append(unescaped("".join(pieces)))
            pieces.clear()

    for _ in read_xml(blocks, start, end, text):
        pass
    return texts


def unescaped(text: str) -> str:
    """A text of a workbook, in which signs that XML cannot hold are written as `_x000D_`."""
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)


def read_formats(blocks: Iterable[bytes], *, since_1904: bool) -> list[Format | None]:
    """For each style of a cell, how its number becomes a text where it is not a plain number.

    Raises BrokenPart, and DocumentType.
    """
    codes: dict[str, str] = {}
    formats: list[Format | None] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and "numFmtId" in attributes:
            codes[attributes["numFmtId"]] = attributes.get("formatCode", "")
        elif name == "xf" and inside[-1] == "cellXfs":
            formats.append(_format(attributes.get("numFmtId", "0"), codes, since_1904=since_1904))
        inside.append(name)

    def end(_: str) -> None:
        inside.pop()

    for _ in read_xml(blocks, start, end):
        pass
    return formats


def _format(number: str, codes: dict[str, str], *, since_1904: bool) -> Format | None:
    code = codes.get(number)
    if code is None:
        kind = int(number)
        if kind == 46:
            return _as_duration
        has_day, has_time = kind in _BUILT_IN_DAYS or kind == 22, kind in _BUILT_IN_TIMES or kind == 22
    else:
        shape = _LITERAL.sub("", code.split(";")[0]).lower()
        if _DURATION.search(shape):
            return _as_duration
        if shape.strip("0") == "" and len(shape) > 1:
            # As for postal codes: 01234 is stored as the number 1234 with the format 00000.
            return lambda value: number_text(value).zfill(len(shape))
        if "general" in shape:
            return None
        has_time = any(sign in shape for sign in "hs")
        has_day = any(sign in shape for sign in "dy") or ("m" in shape and not has_time)
    if not has_day and not has_time:
        return None
    return lambda value: moment_text(value, since_1904=since_1904, has_day=has_day, has_time=has_time)


def moment_text(value: float, *, since_1904: bool, has_day: bool, has_time: bool) -> str:
    """A date, a time, or both, as ISO 8601. `value` counts days; what is before the first day is shown as `######`.

    A program of 1983 took 1900 for a leap year, and workbooks count so to this day: their day 60 does not exist.
    """
    if value < 0 or value >= 2_958_466:  # 1 January 10000
        return "######"
    if not has_day and value < 1:
        return (_FIRST_OF_1904 + _seconds(value)).time().isoformat()
    if since_1904:
        moment = _FIRST_OF_1904 + _seconds(value)
    elif 60 <= value < 61:
        return "######"
    else:
        moment = datetime(1899, 12, 31 if value < 60 else 30) + _seconds(value)  # noqa: DTZ001
    if has_time or moment.time() != time.min:
        return moment.isoformat(" ")
    return moment.date().isoformat()


def _seconds(days: float) -> timedelta:
    return timedelta(seconds=round(days * 86_400))


def _as_duration(value: float) -> str:
    seconds = round(abs(value) * 86_400)
    return f"{'-' if value < 0 else ''}{seconds // 3_600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def number_text(value: float) -> str:
    """A number with the 15 digits that a spreadsheet keeps: `1042`, `49.9`; from 1e15, `1.23E+15`, as it is shown.

    A file holds 17, for the program's own use: a calculated 49.9 is written as 49.900000000000006.
    """
    if not isfinite(value):
        return "#NUM!"
    if abs(value) >= _EXACT_BELOW:
        return f"{value:.2E}"
    if value.is_integer():
        return str(int(value))
    return f"{Decimal(f'{value:.15g}'):f}"


@dataclass(slots=True)
class Worksheet:
    """Reads the rows of one worksheet. What else is known of it counts once all of them have been read.

    `record`: how many bytes of XML may come without a row.
    """

    texts: Sequence[str]
    formats: Sequence[Format | None]
    record: int
    width: int = 0  # columns, up to the last with a value
    hidden_rows: int = 0
    merged: int = 0  # blocks of merged cells
    formulas: int = 0  # without a stored result
    first_formula: str = ""  # where the first of them stands
    has_line_breaks: bool = False
    hidden: list[tuple[int, int]] = field(default_factory=list)

    @property
    def hidden_columns(self) -> int:
        """The number of hidden columns, up to the last with a value."""
        return sum(max(0, min(last, self.width) - first + 1) for first, last in self.hidden)

    def rows(self, blocks: Iterable[bytes]) -> Iterator[tuple[int, list[str]]]:
        """The number of each row that holds a value, the first being 1, and its cells up to the last value.

        Raises BrokenPart, and DocumentType.
        """
        cells, stream = _Cells(self), iter(blocks)
        for _ in read_xml(self._bounded(stream, cells), cells.start, cells.end, cells.text):
            yield from cells.rows
            cells.rows.clear()
            if cells.is_over:
                break
        for _ in stream:  # to the end, where the checksum is
            pass

    def _bounded(self, blocks: Iterator[bytes], cells: "_Cells") -> Iterator[bytes]:
        for block in blocks:
            cells.since += len(block)
            if cells.since > self.record:
                raise BrokenPart
            yield block


class _Cells:
    """Takes the rows of a worksheet from its elements. `since`: bytes since the last row or merged block."""

    def __init__(self, sheet: Worksheet) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self.since = 0
        self.is_over = False
        self._has_all_rows = False
        self._sheet = sheet
        self._row = self._column = 0
        self._cells: list[str] = []
        self._is_hidden = False
        self._attributes: dict[str, str] = {}
        self._value: list[str] | None = None
        self._has_formula = False
        self._taking: list[str] | None = None
        self._is_text = False  # within the text of a cell, but not within how it is pronounced
        self._columns: dict[str, int] = {}

    def text(self, piece: str) -> None:
        if self._taking is not None:
            self._taking.append(piece)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._attributes = attributes
            self._value, self._has_formula = None, False
        elif name == "v" or (name == "t" and self._is_text):
            # A text within the sheet may come in several pieces (t), each formatted in its own way.
            self._value = self._taking = self._value if name == "t" and self._value is not None else []
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            number = int(attributes.get("r", self._row + 1))
            if not self._row < number <= LAST_ROW:
                raise BrokenPart
            self._row = number
            self._column, self._cells = 0, []
            self._is_hidden = attributes.get("hidden") in ("1", "true")
        elif name in ("is", "rPh"):
            self._is_text = name == "is"
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            self._sheet.hidden.append((int(attributes["min"]), int(attributes["max"])))
        elif name == "mergeCell":
            self._sheet.merged += 1
            self.since = 0
        elif self._has_all_rows and name in _AFTER_THE_CELLS:
            self.is_over = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._taking = None
        elif name == "c":
            self._cell()
        elif name == "row":
            self.since = 0
            if self._cells:
                self.rows.append((self._row, self._cells))
                self._sheet.hidden_rows += self._is_hidden
                self._sheet.width = max(self._sheet.width, len(self._cells))
        elif name in ("is", "rPh"):
            self._is_text = name == "rPh"
        elif name == "sheetData":
            self._has_all_rows = True

    def _cell(self) -> None:
        place = self._attributes.get("r")
        self._column = self._column_of(place) if place else self._column + 1
        value = "".join(self._value or ())
        if value:
            text = self._read(value)
        elif self._has_formula and self._attributes.get("t") != "str":
            text = self._without_result(place or "")
        else:
            return
        if not text:
            return
        if "\n" in text or "\r" in text:
            self._sheet.has_line_breaks = True
        missing = self._column - 1 - len(self._cells)
        if missing < 0:
            raise BrokenPart
        if missing:
            self._cells += [""] * missing
        self._cells.append(text)

    def _column_of(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = 0
            if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
                raise BrokenPart
            for letter in letters.upper():
                column = 26 * column + ord(letter) - ord("A") + 1
            if column > LAST_COLUMN:
                raise BrokenPart
            self._columns[letters] = column
        return column

    def _without_result(self, place: str) -> str:
        """A formula that no program has calculated is an error: as an empty cell its value would be lost unseen."""
        self._sheet.formulas += 1
        self._sheet.first_formula = self._sheet.first_formula or place
        return NO_RESULT

    def _read(self, value: str) -> str:
        kind = self._attributes.get("t", "n")
        if kind == "s":
            return self._sheet.texts[int(value)]
        if kind == "n":
            return self._number(value)
        if kind == "b":
            return "Yes" if value in ("1", "true") else "No"
        if kind == "d":
            return value.removesuffix("Z").removesuffix("T00:00:00").replace("T", " ")
        return value if kind == "e" else unescaped(value)

    def _number(self, value: str) -> str:
        style = self._attributes.get("s")
        formatted = self._sheet.formats[int(style)] if style and self._sheet.formats else None
        if formatted is None and value.isdecimal() and len(value) <= 15:
            return value
        number = float(value)
        return formatted(number) if formatted and isfinite(number) else number_text(number)
