"""Workbooks (.xlsx, .xlsm): the parts of the archive, the sheet that is read, and its rows as CSV.

The rows are written into a temporary file once, and read from there like those of any other CSV file. Each row of the
sheet is one line of that file, blank rows too, so that a line in a report is the number of the row.
"""

import csv
import io
import posixpath
import re
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import IO

from subtui.tabular.errors import EmptyFile, TabularError
from subtui.tabular.sources import BLOCK, OnDisk, Progress, Source, Unpacked, View, plainly
from subtui.tabular.types import Limits, SheetOrigin, shortened
from subtui.tabular.workbook_cells import (
    NO_RESULT,
    BrokenPart,
    DocumentType,
    Format,
    Worksheet,
    read_formats,
    read_texts,
    read_xml,
)

WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
IN_ARCHIVE = "a workbook in an archive; unpack it first"
_LARGEST_LIST_OF_PARTS = 20_000_000
_NAMES_SHOWN = 20
_BOOK = re.compile(r"xl/workbook[0-9]*\.xml")
# A line feed would begin a new line of the CSV. In a workbook a carriage return alone does not occur: XML ends lines
# with line feeds.
_LINE_BREAK = "\r"


@dataclass
class Package:
    """The parts in the archive of a workbook. `open_part` takes the name of one, and moves the progress."""

    file: OnDisk
    names: Collection[str]
    book: str  # the part that lists the sheets
    open_part: Callable[[str], IO[bytes]]
    unpacked: Unpacked

    def blocks(self, part: str, most: int | None = None) -> Iterator[bytes]:
        """The bytes of a part. Raises TabularError if it is damaged or too large; `most` is in bytes."""
        if part not in self.names:
            raise BrokenPart
        size = 0
        with self.open_part(part) as stream:
            while block := stream.read(BLOCK):
                self.unpacked.add(len(block))
                size += len(block)
                if most is not None and size > most:
                    raise TabularError(
                        f"{self.file.name} holds too much text to be read as a workbook. "
                        "Save its sheet as CSV, then import that."
                    )
                yield block


@dataclass(frozen=True, slots=True)
class _Tab:
    """One sheet of a workbook, in the order of its tabs."""

    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class _Book:
    tabs: tuple[_Tab, ...]
    texts: list[str]
    formats: list[Format | None]


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of a sheet as CSV, in a temporary file of `size` bytes."""

    origin: SheetOrigin
    file: io.BufferedIOBase
    size: int


@dataclass
class Workbooks:
    """The workbooks among the files of one import. `sheet`: the name of the sheet to read; None: the first with data.

    `skipped` is told the names of the other sheets, and why they are not read; `remarks` are sentences about what is
    easily overlooked in a sheet. `stack` closes the temporary files.
    """

    stack: ExitStack
    limits: Limits
    sheet: str | None = None
    remarks: list[str] = field(default_factory=list)
    _tables: dict[str, _Table | str] = field(default_factory=dict)

    @property
    def any_found(self) -> bool:
        """Whether one of the files read so far is a workbook."""
        return bool(self._tables)

    def source(self, package: Package, progress: Progress, skipped: Callable[[str, str], None]) -> Source:
        """The sheet of a workbook as a text; opening it raises EmptyFile if it holds no value. Raises TabularError."""
        file = package.file
        if file.name not in self._tables:
            with _plainly(file.name):
                self._tables[file.name] = self._converted(package, skipped)
        table = self._tables[file.name]
        if isinstance(table, str):
            return Source(file.name, package.unpacked, self.limits, partial(_raise_empty, table), progress)
        name = f"{file.name}: {table.origin.name}"

        def begin() -> tuple[io.RawIOBase, Callable[[], int]]:
            view = View(table.file)
            return view, lambda: view.tell() * file.size // max(table.size, 1)

        return Source(name, Unpacked(name, table.size, self.limits), self.limits, begin, progress, origin=table.origin)

    def _converted(self, package: Package, skipped: Callable[[str, str], None]) -> _Table | str:
        """The rows of the sheet, or the sentence that there are none."""
        book = _opened(package, self.limits)
        name = package.file.name
        for tab in self._wanted(book, name):
            sheet = Worksheet(book.texts, book.formats, self.limits.record)
            spool = self.stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            _write(sheet.rows(package.blocks(tab.part)), spool, f"{name}: {shortened(tab.name)}", self.limits)
            if sheet.width:
                break
        else:
            return self._nothing_in(book, name)
        others = [other for other in book.tabs if other is not tab]
        for other in others:
            kind = "a hidden sheet" if other.is_hidden else "one sheet is read at a time"
            written = shortened(other.name)
            skipped(f"{name}: {written}", f"{kind}; subtui import --sheet “{written}” reads it")
        self._remark(sheet, f"{name}: {shortened(tab.name)}")
        names = tuple(shortened(other.name) for other in others)
        return _Table(SheetOrigin(shortened(tab.name), names, sheet.has_line_breaks), spool, spool.tell())

    def _wanted(self, book: _Book, name: str) -> list[_Tab]:
        if self.sheet is None:
            return [tab for tab in book.tabs if not tab.is_hidden]
        wanted = self.sheet.strip().casefold()
        exact = [tab for tab in book.tabs if tab.name == self.sheet]
        found = exact or [tab for tab in book.tabs if tab.name.strip().casefold() == wanted]
        if not found:
            raise TabularError(f"{name} has no sheet “{shortened(self.sheet)}”. {_listed(book.tabs)}")
        return found[:1]

    def _nothing_in(self, book: _Book, name: str) -> str:
        hidden = [tab for tab in book.tabs if tab.is_hidden]
        if self.sheet is not None:
            return f"{name}: the sheet “{shortened(self.sheet)}” is empty. {_listed(book.tabs)}"
        if hidden:
            return f"{name} is empty, except for hidden sheets. {_listed(hidden)} Choose one with --sheet."
        return f"{name} is empty."

    def _remark(self, sheet: Worksheet, name: str) -> None:
        hidden = _counted(sheet.hidden_rows, "hidden row"), _counted(sheet.hidden_columns, "hidden column")
        if any(hidden):
            self.remarks.append(f"{name}: {' and '.join(filter(None, hidden))} read like the others.")
        if sheet.merged:
            blocks = _counted(sheet.merged, "block")
            self.remarks.append(
                f"{name}: {blocks} of merged cells; a value counts for the first cell of its block only."
            )
        if sheet.formulas:
            one = sheet.formulas == 1
            cells, read = ("1 formula has", "is") if one else (f"{sheet.formulas:,} formulas have", "are")
            self.remarks.append(
                f"{name}: {cells} no stored result (the first in {sheet.first_formula}) and {read} read as {NO_RESULT} "
                "Open the workbook in a spreadsheet program and save it, then import it again."
            )


def _raise_empty(sentence: str) -> tuple[io.RawIOBase, Callable[[], int]]:
    raise EmptyFile(sentence)


def workbook_part(names: Collection[str]) -> str | None:
    """The member of an archive that lists the sheets of a workbook; None if the archive is no workbook."""
    return next((name for name in names if _BOOK.fullmatch(name)), None)


def unreadable_package(names: Collection[str], name: str) -> str | None:
    """Why an archive with these members is a document that cannot be read, though it is no ordinary archive."""
    if {"mimetype", "content.xml"} <= set(names):
        return f"{name} is an OpenDocument file (.ods). Save it as .xlsx or CSV, then import that."
    if any(member.endswith(".iwa") for member in names):
        return f"{name} is a Numbers document. Export it as .xlsx or CSV, then import that."
    if "[Content_Types].xml" not in names:
        return None
    if "xl/workbook.bin" in names:
        return f"{name} is a binary workbook (.xlsb). Save it as .xlsx or CSV, then import that."
    return f"{name} is an Office document without a workbook. Import .xlsx, CSV or JSON."


def unreadable_compound(blocks: Iterator[bytes], name: str) -> str | None:
    """Why a file in Microsoft's older container cannot be read; None if it is nothing that a spreadsheet program wrote.

    A workbook with a password is such a container, too, with the encrypted archive in it. Names of streams are UTF-16.
    """
    protected, old = "EncryptedPackage".encode("utf-16-le"), ["\0Workbook\0", "\0Book\0"]
    is_old, before = False, b"\0\0"
    for block in blocks:
        searched = before + block
        if protected in searched:
            return (
                f"{name} is password-protected. Open it in a spreadsheet program, remove the password, save it, "
                "then import it again."
            )
        is_old = is_old or any(stream.encode("utf-16-le") in searched for stream in old)
        before = searched[-64:]
    if is_old:
        return f"{name} is a workbook of the old format (.xls). Save it as .xlsx or CSV, then import that."
    return None


def _opened(package: Package, limits: Limits) -> _Book:
    parts = _related(package)
    sheets: list[tuple[str, str, str]] = []
    since_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal since_1904
        if name == "sheet":
            # The name of the attribute has a namespace, of which there are two.
            part = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            sheets.append((attributes["name"], part, attributes.get("state", "visible")))
        elif name == "workbookPr":
            since_1904 = attributes.get("date1904") in ("1", "true")

    for _ in read_xml(package.blocks(package.book, _LARGEST_LIST_OF_PARTS), start, lambda _: None):
        pass

    def part(kind: str) -> str | None:
        found = (target for found, target in parts.values() if found == kind)
        return next((target for target in found if target in package.names), None)

    texts, styles = part("sharedStrings"), part("styles")
    return _Book(
        tuple(
            _Tab(name, parts[link][1], state != "visible")
            for name, link, state in sheets
            if link in parts and parts[link][0] == "worksheet"
        ),
        read_texts(package.blocks(texts, limits.texts)) if texts else [],
        read_formats(package.blocks(styles, _LARGEST_LIST_OF_PARTS), since_1904=since_1904) if styles else [],
    )


def _related(package: Package) -> dict[str, tuple[str, str]]:
    """The parts to which the workbook refers: by their ids, what they are and how they are called."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            kind = attributes["Type"].rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/xl", attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = kind, target

    part = f"xl/_rels/{posixpath.basename(package.book)}.rels"
    for _ in read_xml(package.blocks(part, _LARGEST_LIST_OF_PARTS), start, lambda _: None):
        pass
    return found


def _write(rows: Iterator[tuple[int, list[str]]], spool: IO[bytes], name: str, limits: Limits) -> None:
    """The rows as CSV, one line for each row of the sheet. With every cell in quotes there is one way to read it."""
    # Its mark says that it is UTF-8, whatever encoding was chosen for the other files.
    out = io.TextIOWrapper(spool, encoding="utf-8-sig", newline="")
    write = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
    line = 1
    for number, cells in rows:
        if len(cells) > limits.columns:
            raise TabularError(
                f"{name}, line {number}: cell {_letters(len(cells))}{number} holds a value, far to the right of the "
                f"table; at most {limits.columns:,} columns can be read. Delete it."
            )
        out.write("\n" * (number - line))
        write([_on_one_line(cell) if "\n" in cell or "\r" in cell else cell for cell in cells])
        line = number + 1
    out.flush()
    out.detach()


def _letters(column: int) -> str:
    """The name of a column, the first being A."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _on_one_line(cell: str) -> str:
    return cell.replace("\r\n", _LINE_BREAK).replace("\n", _LINE_BREAK)


def _listed(tabs: Collection[_Tab]) -> str:
    names = [f"“{shortened(tab.name)}”" for tab in tabs][:_NAMES_SHOWN]
    more = ", …" if len(tabs) > _NAMES_SHOWN else ""
    return f"Its sheets: {', '.join(names)}{more}." if names else "It has no sheets."


def _counted(count: int, noun: str) -> str:
    return "" if not count else f"{count:,} {noun}{'' if count == 1 else 's'}"


@contextmanager
def _plainly(name: str) -> Iterator[None]:
    with plainly(name):
        try:
            yield
        except DocumentType:
            sentence = f"{name} contains a document type, so it was not saved by a spreadsheet program."
            raise TabularError(sentence) from None
        except BrokenPart:
            raise TabularError(
                f"{name} is a damaged workbook. Open it in a spreadsheet program and save it as .xlsx or CSV, "
                "then import that."
            ) from None
