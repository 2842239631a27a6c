"""The cells of a workbook become the texts that a careful person would type, whatever program saved it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from subtui.tabular.errors import TabularError
from subtui.tabular.files import named_files
from subtui.tabular.types import Sheet, Unreadable
from tests.tabular.corpus import read_all


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "b.xlsx"


def saved(path: Path, *rows: list[Any], formats: dict[str, str] | None = None, book: Workbook | None = None) -> Path:
    """A workbook with these rows in its first sheet; `formats`: number formats by cell."""
    book = book or Workbook()
    for row in rows:
        book.active.append(row)
    for cell, code in (formats or {}).items():
        book.active[cell].number_format = code
    book.save(path)
    return path


def cell(path: Path, value: Any, code: str = "General", book: Workbook | None = None) -> str:
    """What is read from a cell with this value and number format."""
    saved(path, ["id", "value"], [1, value], formats={"B2": code}, book=book)
    (found,) = read_all(path)
    text: str = found.good[0][1][1]
    return text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("Ann", "General", "Ann"),
        (" blanks ", "@", " blanks "),
        ("007", "@", "007"),
        ("=", "General", "="),
        ('a "quote", and; more', "General", 'a "quote", and; more'),
        ("two\nlines\n\nmore", "General", "two\nlines\n\nmore"),
        ("Zoë 李 😀", "General", "Zoë 李 😀"),
        ("<&>", "General", "<&>"),
        (1042, "General", "1042"),
        (1042.0, "General", "1042"),
        (1042, "0.00", "1042"),
        (-5, "General", "-5"),
        (49.9, "General", "49.9"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-7, "General", "0.0000001"),
        (0.25, "0%", "0.25"),
        (49.9, '"$"#,##0.00', "49.9"),
        (49.9, "[$€-407] #,##0.00", "49.9"),
        (49.9, '#,##0.00 "days"', "49.9"),
        (49.9, "[Red]#,##0.00;[Blue]-#,##0.00", "49.9"),
        (1234, "00000", "01234"),
        (999_999_999_999_999, "General", "999999999999999"),
        (1_234_567_890_123_450, "0", "1.23E+15"),
        (4111_1111_1111_1111, "0", "4.11E+15"),
        (True, "General", "Yes"),
        (False, "General", "No"),
        ("#N/A", "General", "#N/A"),
        ("#DIV/0!", "General", "#DIV/0!"),
        (date(2026, 3, 2), "yyyy-mm-dd", "2026-03-02"),
        (date(2026, 3, 2), "mm-dd-yy", "2026-03-02"),
        (date(2026, 3, 2), '[$-409]mmmm" "d\\," "yyyy;@', "2026-03-02"),
        (date(2026, 3, 2), "mmm yy", "2026-03-02"),
        (datetime(2026, 3, 2, 14, 30, 5), "m/d/yy h:mm", "2026-03-02 14:30:05"),
        (datetime(2026, 3, 2, 14, 30), "mm-dd-yy", "2026-03-02 14:30:00"),
        (datetime(2026, 3, 2), "yyyy-mm-dd h:mm:ss", "2026-03-02 00:00:00"),
        (time(9, 5), "h:mm", "09:05:00"),
        (time(0, 0), "h:mm AM/PM", "00:00:00"),
        (timedelta(hours=26, minutes=30), "[h]:mm:ss", "26:30:00"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (60, "yyyy-mm-dd", "######"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (-1, "yyyy-mm-dd", "######"),
        (2_958_465, "yyyy-mm-dd", "9999-12-31"),
        (2_958_466, "yyyy-mm-dd", "######"),
        (1e300, "yyyy-mm-dd", "######"),
    ],
)
def test_values(path: Path, value: Any, code: str, text: str) -> None:
    assert cell(path, value, code) == text


def test_days_that_are_counted_from_1904(path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert cell(path, date(2026, 3, 2), "yyyy-mm-dd", book) == "2026-03-02"


def test_a_text_with_parts_in_bold(path: Path) -> None:
    assert cell(path, CellRichText("Ann ", TextBlock(InlineFont(b=True), "Lee"), " & Co")) == "Ann Lee & Co"


def test_the_lines_are_the_rows_of_the_sheet(path: Path) -> None:
    book = Workbook()
    saved(path, [], ["id", "note\nfor all"], [], ["1", "two\nlines"], book=book)
    book.active["A9"] = "2"
    book.active["D9"] = "x"
    book.active["A12"] = "3"
    book.save(path)
    (found,) = read_all(path)
    assert found.name == "b.xlsx: Sheet"
    assert [(line, cells) for line, cells in found.good] == [(4, ["1", "two\nlines"]), (12, ["3", ""])]
    assert found.bad == [
        Unreadable(9, "", "x", "The row has 2 cells too many. Name their columns in the header, or delete them.")
    ]


def test_a_header_with_one_name_and_signs_of_other_formats(path: Path) -> None:
    for name in ("id", "[id", "{id", "a;b", "a,b;c", '"', "7"):
        saved(path, [name], ["x"])
        (found,) = read_all(path)
        assert (found.shape, found.rows) == ((name,), [(2, ["x"])])


def test_an_encoding_for_the_other_files_is_none_for_a_workbook(path: Path) -> None:
    saved(path, ["id"], ["Zoë"])
    assert read_all(path, encoding="cp1250")[0].rows == [(2, ["Zoë"])]


def test_it_can_be_read_again_and_from_a_pipe(path: Path) -> None:
    saved(path, ["id"], [1], [2])
    with named_files([path]) as files:
        for _ in range(3):
            (found,) = (list(sheet.rows) for sheet in files.read() if isinstance(sheet, Sheet))
            assert found == [(2, ["1"]), (3, ["2"])]
    with path.open("rb") as stream:
        assert read_all("-", stdin=stream)[0].name == "standard input: Sheet"


def test_the_name_of_the_file_does_not_count(tmp_path: Path) -> None:
    saved(tmp_path / "b.xlsx", ["id"], [1]).rename(tmp_path / "b.csv")
    (tmp_path / "c.xlsx").write_text("id\n1\n")
    assert [found.rows for found in read_all(tmp_path / "b.csv", tmp_path / "c.xlsx")] == [[(2, ["1"])]] * 2


def test_progress_never_goes_back_and_ends(path: Path) -> None:
    saved(path, ["id"], *([number] for number in range(2_000)))
    told: list[tuple[int, int]] = []
    with named_files([path]) as files:
        for _ in range(2):
            told.clear()
            for sheet in files.read(lambda done, total: told.append((done, total))):
                list(sheet.rows)
            assert told == sorted(told)
            assert told[-1] == (path.stat().st_size, path.stat().st_size)


class Stopped(Exception):
    """The caller has had enough."""


def test_it_can_be_stopped_while_the_sheet_is_read(path: Path) -> None:
    saved(path, ["id"], [1])

    def stop(*_: int) -> None:
        raise Stopped

    with named_files([path]) as files, pytest.raises(Stopped):
        list(files.read(stop))


# --- which sheet ------------------------------------------------------------------------------------------------------


def three_sheets(path: Path) -> Path:
    book = Workbook()
    book.active.title = "Cover"
    book.create_sheet("Secret").append(["id", "hidden"])
    book["Secret"].sheet_state = "hidden"
    book.create_sheet("People").append(["id", "name"])
    book["People"].append([1, "Ann"])
    book.create_sheet("Orders").append(["id", "total"])
    book.create_chartsheet("Chart")
    book.save(path)
    return path


def said(path: Path, sheet: str | None = None) -> tuple[list[str], dict[str, str], list[str]]:
    """The names of what was read, what was passed over, and the remarks."""
    with named_files([path], sheet=sheet) as files:
        names = [found.name for found in files.read()]
        return names, files.passed_over, list(files.remarks)


def test_the_first_sheet_that_is_neither_hidden_nor_empty(path: Path) -> None:
    names, passed_over, _ = said(three_sheets(path))
    assert names == ["b.xlsx: People"]
    assert passed_over == {
        "b.xlsx: Cover": "one sheet is read at a time; subtui import --sheet “Cover” reads it",
        "b.xlsx: Secret": "a hidden sheet; subtui import --sheet “Secret” reads it",
        "b.xlsx: Orders": "one sheet is read at a time; subtui import --sheet “Orders” reads it",
    }


@pytest.mark.parametrize("sheet", ["Secret", "secret", " SECRET "])
def test_the_sheet_that_was_named(path: Path, sheet: str) -> None:
    assert said(three_sheets(path), sheet)[0] == ["b.xlsx: Secret"]


def refused(path: Path, sheet: str | None = None) -> str:
    with pytest.raises(TabularError) as error:
        said(path, sheet)
    return str(error.value)


def test_a_sheet_that_cannot_be_read(path: Path, tmp_path: Path) -> None:
    listed = "Its sheets: “Cover”, “Secret”, “People”, “Orders”."
    assert refused(three_sheets(path), "Lost") == f"b.xlsx has no sheet “Lost”. {listed}"
    assert refused(path, "Cover") == f"b.xlsx: the sheet “Cover” is empty. {listed}"
    (tmp_path / "c.csv").write_text("id\n1\n")
    sentence = "--sheet chooses a sheet of a workbook, but no file is one. Leave it out."
    assert refused(tmp_path / "c.csv", "Cover") == sentence


def test_nothing_in_it(path: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.save(path)
    assert refused(path) == "b.xlsx is empty."
    (tmp_path / "c.csv").write_text("id\n1\n")
    with named_files([path, tmp_path / "c.csv"]) as files:
        assert [found.name for found in files.read()] == ["c.csv"]
        assert files.passed_over == {"b.xlsx": "empty"}
    book.create_sheet("Secret").append(["id"])
    book["Secret"].sheet_state = "veryHidden"
    book.save(path)
    assert refused(path) == "b.xlsx is empty, except for hidden sheets. Its sheets: “Secret”. Choose one with --sheet."


# --- what is easily overlooked ----------------------------------------------------------------------------------------


def _hide(book: Workbook) -> None:
    book.active.row_dimensions[2].hidden = book.active.row_dimensions[90].hidden = True
    # Spreadsheet programs hide all columns to the right of a table in one go.
    book.active.column_dimensions.group("B", "XFD", hidden=True)


def _merge(book: Workbook) -> None:
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("B2:C3")


def _calculate(book: Workbook) -> None:
    book.active["B3"] = "=A3*2"
    book.active["A3"] = "=A2+1"


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        (lambda _: None, None),
        (_hide, "b.xlsx: Sheet: 1 hidden row and 1 hidden column read like the others."),
        (
            _merge,
            "b.xlsx: Sheet: 2 blocks of merged cells; a value counts for the first cell of its block only.",
        ),
        (
            _calculate,
            "b.xlsx: Sheet: 2 formulas have no stored result (the first in A3) and are read as #FORMULA! Open "
            "the workbook in a spreadsheet program and save it, then import it again.",
        ),
    ],
)
def test_remarks(path: Path, change: Callable[[Workbook], None], remark: str | None) -> None:
    book = Workbook()
    for row in (["id", "n"], [1, 2], [3, 4]):
        book.active.append(row)
    change(book)
    book.save(path)
    assert said(path)[2] == ([remark] if remark else [])


def test_a_formula_without_result_is_an_error(path: Path) -> None:
    assert cell(path, "=A2*2") == "#FORMULA!"
