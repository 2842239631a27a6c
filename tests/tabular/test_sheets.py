"""CSV comes out as it was written, whatever separates its cells and ends its lines."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from subtui.tabular.files import read_files
from subtui.tabular.types import Sheet, Unreadable
from tests.tabular.corpus import read, read_all

TOO_MANY = "The row has {} too many. Put cells that contain the separator in quotes."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "contacts.csv"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separator_and_line_end_are_found_out(path: Path, separator: str, end: str) -> None:
    lines = ["id|name|city", '1|"Lee|Ann"|Bern', '2|Bo "the cat" Li|', '3|"one\ntwo"|"say ""yes"""', "4|Jo|Ulm"]
    found = read(path, end.join(lines).replace("|", separator))
    assert found.name == "contacts.csv"
    assert found.shape == ("id", "name", "city")
    assert [row for _, row in found.rows] == [
        ["1", f"Lee{separator}Ann", "Bern"],
        ["2", 'Bo "the cat" Li', ""],
        ["3", "one\ntwo", 'say "yes"'],
        ["4", "Jo", "Ulm"],
    ]
    assert [line for line, _ in found.rows] == [2, 3, 4, 6]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ('id;"name, given; or, family, or both";city', ("id", "name, given; or, family, or both", "city")),
        ('"a,b","c;d;e;f","g"', ("a,b", "c;d;e;f", "g")),
        ("a;b;c, d", ("a", "b", "c, d")),
        ('id\t"two\nlines, of it"\tcity', ("id", "two\nlines, of it", "city")),
        ('"say ""a;b;c""",d', ('say "a;b;c"', "d")),
        ('5" pipe,3" pipe,x', ('5" pipe', '3" pipe', "x")),
        ("email", ("email",)),
        ("[id],[name]", ("[id]", "[name]")),
        (" id , Name\u00a0,\tcity ", ("id", "Name", "city")),
        ("\ufeff\ufeffid,name", ("id", "name")),
        ("name,name,name", ("name", "name", "name")),
        (",b,,d", ("", "b", "", "d")),
    ],
)
def test_the_header_decides_how_a_file_is_read(path: Path, header: str, cells: tuple[str, ...]) -> None:
    found = read(path, header + "\n")
    assert (found.shape, found.rows) == (cells, [])


def test_rows_are_as_wide_as_the_header(path: Path) -> None:
    found = read(path, "a,b,c\n1\n1,2,3,,\n1,2,3,4\n1,2,3,,5, ,\n1,2,3\n")
    assert found.rows == [
        (2, ["1", "", ""]),
        (3, ["1", "2", "3"]),
        Unreadable(4, "", "4", TOO_MANY.format("1 cell")),
        Unreadable(5, "", "5", TOO_MANY.format("2 cells")),
        (6, ["1", "2", "3"]),
    ]


def test_blank_rows_and_lines_are_skipped(path: Path) -> None:
    found = read(path, '\n  \n,,\na,b,c\n\n1,2,3\n , ,\n"  ","\t",\u00a0\n,,x\n\n')
    assert found.shape == ("a", "b", "c")
    assert found.rows == [(6, ["1", "2", "3"]), (9, ["", "", "x"])]


def test_names_that_are_missing_at_the_end_of_the_header_count_if_something_is_below_them(path: Path) -> None:
    assert read(path, "a,b,,,\n1,2,,,\n3,,,,\n").shape == ("a", "b")
    assert read(path, "a,b,,,\n1,2,,,\n3,,,,\n").rows == [(2, ["1", "2"]), (3, ["3", ""])]
    found = read(path, "a,b,,,\n1,2,,,\n3,,,x,\n")
    assert (found.shape, found.rows[0]) == (("a", "b", "", ""), (2, ["1", "2", "", ""]))
    assert read(path, "a,,\n1,,,2\n").bad[0].reason == TOO_MANY.format("3 cells")


def test_blanks_go_only_where_they_stand_before_a_cell(path: Path) -> None:
    assert read(path, 'a, b\n 1 , "2, 3"\n" 4 ",5 \n').rows == [(2, ["1 ", "2, 3"]), (3, [" 4 ", "5 "])]


def test_control_characters_are_for_the_caller_to_judge(path: Path) -> None:
    assert read(path, "a,b\n1,x\x01\x1by\n").rows == [(2, ["1", "x\x01\x1by"])]


def test_a_carriage_return_inside_a_cell_costs_its_row_only(path: Path) -> None:
    found = read(path, 'a,b\n1,x\ry\n2,"x\ry"\n3,z\n')
    reason = "A cell contains a line break. Put that cell in quotes."
    assert found.rows == [Unreadable(2, "", "", reason), (3, ["2", "x\ry"]), (4, ["3", "z"])]


def test_sample_and_rows_in_any_order(path: Path) -> None:
    path.write_text("a,b\n" + "".join(f"{number},x\n" for number in range(50)))
    for sheet in read_files([path]):
        assert isinstance(sheet, Sheet)
        assert len(list(sheet.sample())) == 50
        first = next(sheet.rows)
        assert list(sheet.sample(3)) == [(2, ["0", "x"]), (3, ["1", "x"]), (4, ["2", "x"])]
        assert [first, *sheet.rows] == list(sheet.again())


def test_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text(f"id\n{name}\n")
    one, two = read_all(tmp_path / "one.csv", str(tmp_path / "two.csv"))
    assert (one.name, one.rows) == ("one.csv", [(2, ["one.csv"])])
    assert (two.name, two.rows) == ("two.csv", [(2, ["two.csv"])])


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("2023", "2024"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "orders.csv").write_text("id\n")
    paths = [str(tmp_path / folder / "orders.csv") for folder in ("2023", "2024")]
    assert [found.name for found in read_all(*paths)] == paths


# Control characters come through, too, but a small file with many of them is taken for no text.
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters=list("\n\r\t,;\"' ")), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    separator=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    all_quoted=st.booleans(),
)
@example(rows=[["\u00a0", "", ""]], separator=",", end="\n", all_quoted=False)
def test_what_csv_writes_is_read_back(rows: list[list[str]], separator: str, end: str, all_quoted: bool) -> None:
    if end == "\n" and not all_quoted:
        # The writer leaves a carriage return without quotes, and nobody can tell it from a line end then.
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    )
    writer.writerow(["first", "second", "third"])
    writer.writerows(rows)
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder) / "any.csv", text.getvalue())
    # Blanks before a cell without quotes go; a row of blanks only goes whole.
    kept = [[cell if all_quoted else _as_written(cell, separator) for cell in row] for row in rows]
    assert [row for _, row in found.rows] == [row for row in kept if any(cell.strip() for cell in row)]


def _as_written(cell: str, separator: str) -> str:
    in_quotes = any(mark in cell for mark in (separator, '"', "\n", "\r"))
    return cell if in_quotes else cell.lstrip(" ")
