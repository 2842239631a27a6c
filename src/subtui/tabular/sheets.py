"""Rows of CSV, separated by commas, semicolons, tabs or upright strokes.

Cells come as they stand in the file, but for blanks between a separator and the cell: those go, because hand-made files
have them. Blanks behind a cell and within quotes stay. Control characters stay too: what a value may hold, judges the
caller.
"""

import csv
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from subtui.tabular.encoding import Text, as_text
from subtui.tabular.errors import BrokenHeader, EmptyFile, TabularError, problem
from subtui.tabular.sources import Pulse, RecordTooLong, Source, plainly
from subtui.tabular.types import IsHeader, Limits, Row, Sheet, Unreadable, shortened

_HEAD = 1_000_000
_SEPARATORS = ",;\t|"
_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_BLANK_LINES = re.compile(r"(?:[ \t]*+(?:\r\n|\r|\n))*+")
_CELL = rf"(?: *+{_QUOTED})?+[^,;\t|\r\n]*+"
_RECORD = re.compile(rf"{_CELL}(?:[,;\t|]{_CELL})*+")
_QUOTED_CELL = re.compile(rf"(^|[,;\t|]) *+{_QUOTED}")
_SEP_LINE = re.compile(r'[\ufeff]*"?sep=([^"\r\n])"?[,;\t ]*(?:\r\n|\r|\n)', re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_BROKEN_BYTE = re.compile("[\udc80-\udcff]")
_MOST_TITLES = 20
_LONGEST_TITLE = 2
"""So many cells a line above the header may fill: a title, or a name and a value."""

_QUOTES_ARE_DOUBLED = "A quote inside a quoted cell is written twice"


@dataclass(frozen=True, slots=True)
class _Form:
    """How the rows of one file are written. `newline`: as for `open`. `width`: columns to keep, the header's."""

    separator: str
    newline: str
    header: tuple[str, ...] = ()
    skipped: int = 0  # lines above the header
    title: str = ""  # the first of them that says something

    @property
    def width(self) -> int:
        return len(self.header)


def read_sheet(source: Source, text: Text, limits: Limits, is_header: IsHeader) -> Sheet:
    """The sheet in `source`; the rows are read as they are taken. Raises TabularError, as taking the rows does.

    `is_header` tells a header that has lines above it, as reports have a title.
    """
    form = _form(source, text, limits, is_header)
    again = partial(_rows, source, text, form, limits)
    rows = _rows(source, text, form, limits, counted=True)
    return Sheet(source.name, form.header, rows, again, form.title, text.label, text.example, origin=source.origin)


def _form(source: Source, text: Text, limits: Limits, is_header: IsHeader) -> _Form:
    with plainly(source.name), as_text(source, text, "") as characters:
        form = _begin(characters.read(_HEAD), source.name, limits, is_header)
    with plainly(source.name), _Reading(source, text, form, limits, counted=False) as reading:
        line, cells = reading.header()
    _check_width(len(cells), line, source.name, limits)
    header = tuple(cell.strip("\ufeff \t\r\n\u00a0") for cell in cells)
    if text.is_damaged and _BROKEN_BYTE.search("".join(header)):
        raise problem(
            source.name, line, f"a name in the header contains bytes that are not {text.label}. Save the file as UTF-8."
        )
    form = replace(form, header=header)
    named = max((number for number, cell in enumerate(header, 1) if cell), default=0)
    if named < len(header):
        # Spreadsheets write separators for columns that once were used. They count only if something is in them.
        width = _used_width(_rows(source, text, form, limits), named)
        form = replace(form, header=header[:width])
    return form


def _begin(head: str, name: str, limits: Limits, is_header: IsHeader) -> _Form:
    """How the rows are written, and where the header is: the first line, or one below a title or `sep=;`."""
    sep = _SEP_LINE.match(head)
    if sep:
        separator, newline, cells = _guessed(head[sep.end() :], name, limits, sep[1])
        if len(cells) == 1:
            separator, newline, _ = _guessed(head[sep.end() :], name, limits)
        return _Form(separator, newline, skipped=1)
    separator, newline, cells = first = _guessed(head, name, limits)
    title = ""
    for number, end in enumerate(_LINE_END.finditer(head), 1):
        filled = [cell for cell in cells if cell.strip("\ufeff \t\u00a0")]
        if number > _MOST_TITLES or len(filled) > _LONGEST_TITLE or (not title and is_header(cells)):
            break
        title = title or (filled[0] if filled else "")
        separator, newline, cells = _guessed(head[end.end() :], name, None, blanks=False)
        if title and len(cells) > _LONGEST_TITLE and is_header(cells):
            skipped = number if newline == "" else head.count("\n", 0, end.end())
            return _Form(separator, newline, skipped=skipped, title=shortened(title))
    return _Form(first[0], first[1])


def _guessed(
    head: str, name: str, limits: Limits | None, separator: str = "", *, blanks: bool = True
) -> tuple[str, str, list[str]]:
    """The separator and the line end, as the header line uses them outside quotes, and its cells."""
    begin = _BLANK_LINES.match(head).end() if blanks else 0  # type: ignore[union-attr]  # it matches nothing, too
    record = _RECORD.match(head, begin)
    line = record.group() if record else ""
    bare = _QUOTED_CELL.sub(r"\1", line)
    separator = separator or max(_SEPARATORS, key=bare.count)
    if limits:
        _check_width(bare.count(separator) + 1, 1 + head.count("\n", 0, begin), name, limits)
    end = head[begin + len(line) :][:2]
    try:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        cells = []
    # A carriage return alone ends lines only where it ends the first; elsewhere it is a stray one inside a cell.
    return separator, "" if end.startswith("\r") and end != "\r\n" else "\n", cells


def _check_width(count: int, line: int, name: str, limits: Limits) -> None:
    if count > limits.columns:
        raise problem(name, line, f"there are {count:,} columns; at most {limits.columns:,} can be read.")


def _used_width(rows: Iterable[Row | Unreadable], named: int) -> int:
    width = named
    for row in rows:
        if not isinstance(row, Unreadable):
            width = max(width, _used(row[1]))
    return width


def _used(cells: list[str]) -> int:
    """How many cells there are up to the last that holds more than blanks."""
    return next((number for number in range(len(cells), 0, -1) if cells[number - 1].strip()), 0)


class _Reading:
    """One pass over the rows: the csv reader, the line where the next row begins, and what to say when it stumbles."""

    def __init__(self, source: Source, text: Text, form: _Form, limits: Limits, *, counted: bool) -> None:
        self.pulse = Pulse(limits.record)
        self._source = source
        self._text = text
        self._form = form
        self._limits = limits
        self._characters = as_text(source, text, form.newline, counted=counted, pulse=self.pulse)
        # The csv module has one limit for the whole process; this is the only place that sets it.
        csv.field_size_limit(limits.cell)
        # Strict, or else a quote that is never closed would swallow the rest of the file without a word.
        self.rows = csv.reader(self._characters, delimiter=form.separator, strict=True, skipinitialspace=True)
        for _ in range(form.skipped):
            self._characters.readline(limits.record)

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._characters.close()

    @property
    def line(self) -> int:
        """How many lines have been read, those above the header among them."""
        return self.rows.line_num + self._form.skipped

    def header(self) -> tuple[int, list[str]]:
        """The first row that is not blank, and its line."""
        line = 1 + self._form.skipped
        try:
            for cells in self.rows:
                self.pulse.since = 0
                if any(cell.strip("\ufeff \t\r\n\u00a0") for cell in cells):
                    return line, cells
                line = self.line + 1
        except (csv.Error, RecordTooLong) as error:
            raise BrokenHeader(str(self.problem(error, line))) from None
        raise EmptyFile(f"{self._source.name} is empty.")

    def problem(self, error: Exception, line: int) -> TabularError:
        """What is wrong with the row that begins on `line`."""
        name, said = self._source.name, str(error)
        opened = self._open_quote(line)
        if isinstance(error, RecordTooLong):
            # The row was given up in the middle of some cell. To blame is the quote that covers most of the row.
            if opened and 2 * (self.line - opened) >= self.line - line:
                return problem(name, opened, f"a quote is opened but not closed nearby. {_QUOTES_ARE_DOUBLED}.")
            return problem(name, line, f"the row is longer than {self._limits.record:,} bytes.")
        if said.startswith("field larger"):
            longest = f"{self._limits.cell:,} characters"
            if opened:
                return problem(name, opened, f"a quote is opened but not closed within {longest}.")
            return problem(name, line, f"a cell is longer than {longest}.")
        if said.startswith("unexpected end"):
            return problem(name, opened or line, "a quote is opened and never closed.")
        place = self.line
        where = "" if place == (opened or line) else f" on line {place}"
        sentence = f"a quoted cell begins here, and text follows its closing quote{where}. {_QUOTES_ARE_DOUBLED}."
        return problem(name, opened or line, sentence)

    def _open_quote(self, begin: int) -> int:
        """The line of the quote that was open when the reader stumbled in the row on line `begin`; 0 if none was."""
        with as_text(self._source, self._text, self._form.newline) as characters:
            lines = iter(partial(characters.readline, self._limits.record), "")
            return _open_quote(islice(lines, begin - 1, max(begin, self.line)), begin, self._form.separator)


def _open_quote(lines: Iterable[str], begin: int, separator: str) -> int:
    """The line of the quote that is open at the end of `lines`, or where text follows a closing quote; 0 if none is."""
    opened, inside, fresh, before = 0, False, True, ""
    for number, line in enumerate(lines, begin):
        for mark in line:
            if inside:
                inside = mark != '"'
            elif mark == '"' and fresh:
                inside, opened = True, number
            elif mark == '"' and opened and before == '"':
                # A doubled quote closes the cell and opens it again.
                inside = True
            elif opened and before == '"' and mark not in (separator, "\r", "\n"):
                return opened
            elif mark in (separator, "\r", "\n"):
                opened = 0
            fresh = not inside and (mark in (separator, "\r", "\n") or (fresh and mark == " "))
            before = mark
    return opened if inside else 0


def _rows(
    source: Source, text: Text, form: _Form, limits: Limits, *, counted: bool = False
) -> Iterator[Row | Unreadable]:
    rows = _read(source, text, form, limits, counted=counted)
    if source.origin and source.origin.has_line_breaks:
        return _with_line_breaks(rows)
    return _without_broken_letters(rows, form.header, text.label) if text.is_damaged else rows


def _read(
    source: Source, text: Text, form: _Form, limits: Limits, *, counted: bool
) -> Generator[Row | Unreadable, None, None]:
    """The rows after the header. Ordinary ones pass with as little done to them as can be: there may be millions."""
    width = form.width
    with plainly(source.name), _Reading(source, text, form, limits, counted=counted) as reading:
        reading.header()
        rows, pulse, after = reading.rows, reading.pulse, form.skipped + 1
        line = rows.line_num + after
        more = True
        while more:
            try:
                for cells in rows:
                    pulse.since = 0
                    # A first cell between these is neither empty nor does it begin with a blank: no blank row.
                    if len(cells) == width and "!" <= cells[0] < "\x7f":
                        yield line, cells
                    elif (row := _fitted(line, cells, width, source, limits)) is not None:
                        yield row
                    line = rows.line_num + after
                more = False
            except RecordTooLong as error:
                raise reading.problem(error, line) from None
            except csv.Error as error:
                if not str(error).startswith("new-line"):
                    raise reading.problem(error, line) from None
                reason = "A cell contains a line break. Put that cell in quotes."
                yield Unreadable(line, "", "", reason)
                pulse.since = 0
                line = rows.line_num + after


def _fitted(line: int, cells: list[str], width: int, source: Source, limits: Limits) -> Row | Unreadable | None:
    """The row with as many cells as the header has; None if it is blank."""
    _check_width(len(cells), line, source.name, limits)
    used = _used(cells)
    if used == 0:
        return None
    if used > width:
        extra = used - width
        many = "1 cell" if extra == 1 else f"{extra:,} cells"
        value = next(cell for cell in cells[width:] if cell.strip())
        mend = "Put cells that contain the separator in quotes."
        if source.origin:
            mend = "Name their columns in the header, or delete them."
        reason = f"The row has {many} too many. {mend}"
        return Unreadable(line, "", shortened(value), reason)
    del cells[width:]
    cells += [""] * (width - len(cells))
    return line, cells


def _with_line_breaks(rows: Iterator[Row | Unreadable]) -> Iterator[Row | Unreadable]:
    """Rows of a workbook, within whose cells a line ends with a carriage return, so that a row is one line."""
    for row in rows:
        if not isinstance(row, Unreadable):
            row[1][:] = [cell.replace("\r", "\n") for cell in row[1]]
        yield row


def _without_broken_letters(
    rows: Iterator[Row | Unreadable], header: tuple[str, ...], encoding: str
) -> Iterator[Row | Unreadable]:
    """Rows with bytes that are no letters become unreadable: what stood there is unknown."""
    for row in rows:
        if isinstance(row, Unreadable) or not _BROKEN_BYTE.search("".join(row[1])):
            yield row
            continue
        at = next(at for at, cell in enumerate(row[1]) if _BROKEN_BYTE.search(cell))
        value = _BROKEN_BYTE.sub("�", row[1][at])
        yield Unreadable(row[0], header[at], shortened(value), f"The cell contains bytes that are not {encoding}.")
