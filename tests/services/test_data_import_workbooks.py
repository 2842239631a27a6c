"""An export that was opened in a spreadsheet program and saved as a workbook is imported like the export itself."""

import csv
import re
import shutil
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from tests.services.exporting import act_a_little, exported, imported, stored, with_backend
from tests.services.importing import Business, counted, left_out
from tests.tabular.corpus import zipped

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def typed(text: str) -> Any:
    """What a spreadsheet program makes of a cell of CSV."""
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return date.fromisoformat(text) if _DAY.fullmatch(text) else text


def resaved(file: Path) -> Path:
    """A CSV file as it is when a spreadsheet program has opened it and saved it as a workbook."""
    book = Workbook()
    book.active.title = file.stem
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.reader(lines):
            book.active.append([typed(cell) for cell in row])
    book.save(file.with_suffix(".xlsx"))
    return file.with_suffix(".xlsx")


def book(**sheets: list[list[Any]]) -> bytes:
    """A workbook with these sheets."""
    made, content = Workbook(), BytesIO()
    made.remove(made.active)
    for name, rows in sheets.items():
        made.create_sheet(name)
        for row in rows:
            made[name].append(row)
    made.save(content)
    return content.getvalue()


PEOPLE: list[list[Any]] = [["Id", "First Name", "Email"], [1204, "Pat", "pat@x.example"]]


def test_an_export_that_was_saved_as_workbooks_comes_back_as_it_was(
    demo_db: Path, bare_file: Path, tmp_path: Path
) -> None:
    with with_backend(demo_db) as backend:
        act_a_little(backend)
    files = exported(demo_db, tmp_path / "out")
    fresh = Path(shutil.copy(bare_file, tmp_path / "fresh.db"))
    imported(fresh, [resaved(file) for file in files])
    assert stored(fresh) == stored(demo_db)
    for one, other in zip(files, exported(fresh, tmp_path / "again"), strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_the_other_sheets_are_named(business: Business) -> None:
    content = book(People=PEOPLE, Orders=[["Id"]], Notes=[])
    report = business.bring({"b.xlsx": content})
    assert [file.name for file in report.files] == ["b.xlsx: People"]
    assert report.passed_over == ("b.xlsx: Orders", "b.xlsx: Notes")
    assert report.notes == tuple(
        f"b.xlsx: {name} was skipped: one sheet is read at a time; subtui import --sheet “{name}” reads it."
        for name in ("Orders", "Notes")
    )
    assert counted(report) == {"contact": {"new": 1}}


def test_the_sheet_that_was_named(business: Business) -> None:
    content = book(Cover=[["Our people"]], People=PEOPLE)
    assert business.refusal({"b.xlsx": content}).endswith(
        "Or choose another sheet, with subtui import --sheet: “People”."
    )
    assert counted(business.bring({"b.xlsx": content}, sheet="people")) == {"contact": {"new": 1}}


def test_lines_are_rows_of_the_sheet(business: Business) -> None:
    rows = [
        ["People of March"],
        [],
        PEOPLE[0],
        [1_234_567_890_123_456_000, "Bo\nLi", "bo@x.example"],
        [],
        ["#REF!", "Cy"],
    ]
    report = business.bring({"b.xlsx": book(People=[*rows, *PEOPLE[1:]])})
    assert [(name, line, column, value) for name, line, column, value, _ in left_out(report)] == [
        ("b.xlsx: People", 4, "Id", "1.23E+18"),
        ("b.xlsx: People", 6, "Id", "#REF!"),
    ]
    assert "b.xlsx: People: the lines above the header (“People of March”) were skipped." in report.notes
    assert counted(report)["contact"] == {"new": 1, "refused": 2}


def test_a_formula_without_result_is_no_value(business: Business) -> None:
    report = business.bring({"b.xlsx": book(People=[*PEOPLE, [1205, "=B2", "=C2"], [1206, "Cy", "cy@x.example"]])})
    assert [(row.line, row.value) for row in report.left_out] == [(3, "#FORMULA!")]
    assert report.left_out[0].reason == "is a spreadsheet error: fix the cell and export again"
    assert counted(report)["contact"] == {"new": 2, "refused": 1}


def test_days_are_never_ambiguous(business: Business) -> None:
    head = ["Id", "Contact Id", "Cycle", "Price", "Start Date", "Status", "Auto Charge"]
    rows: list[list[Any]] = [head, [131, 1204, "Monthly", 49, date(2025, 3, 4), "Active", True]]
    business.bring({"b.xlsx": book(People=PEOPLE), "s.xlsx": book(Subscriptions=rows)}, strict=True)
    assert business.row("SELECT start_date, auto_charge, price_minor FROM subscription") == {
        "start_date": "2025-03-04",
        "auto_charge": 1,
        "price_minor": 4900,
    }


def test_a_workbook_in_an_archive_is_named(business: Business) -> None:
    members: dict[str, str | bytes] = {"people.csv": "Id,First Name\n1,Pat\n", "b.xlsx": book(People=PEOPLE)}
    report = business.bring({"all.zip": zipped(members)})
    assert report.notes == ("all.zip: b.xlsx was skipped: a workbook in an archive; unpack it first.",)
    assert business.refusal({"all.zip": zipped({"b.xlsx": book(People=PEOPLE)})}) == (
        "all.zip: b.xlsx is an archive inside an archive. Unpack it first, then import its contents."
    )


def test_beside_other_files(business: Business) -> None:
    files: dict[str, str | bytes] = {
        "b.xlsx": book(People=PEOPLE),
        "c.csv": "Id,First Name\n7,Bo\n",
        "d.xlsx": book(Empty=[]),
    }
    report = business.bring(files)
    assert counted(report) == {"contact": {"new": 2}}
    assert report.passed_over == ("d.xlsx",)
