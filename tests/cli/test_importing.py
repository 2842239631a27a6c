"""The import from the command line: what it prints, what it writes, and with which exit code it ends."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from subtui.cli.main import main

from .conftest import Shell

CONTACTS = "Id,First Name,Last Name,Email,Date Created\n1204,Pat,Lee,pat@example.com,1/15/2025\n"
STRANGE = CONTACTS + "1205,=cmd|' /C calc'!A0,Lee,ann@example.com,31/31/2020\n1206,,,,1/16/2025\n"
OPEN = "Id,First Name,Email,Date Created\n1204,Pat,pat@example.com,3/4/2025\n"
SUBSCRIPTIONS = (
    "Id,Contact Id,Cycle,Price,Start Date,Status,End Date,Auto Charge\n"
    "131,1204,Monthly,49,2025-01-15,Inactive,,Yes\n132,9,Monthly,49,2025-01-15,Active,,Yes\n"
)
UNDECIDED = "c.csv: a date such as 3/4/2025 can be read two ways. Choose with --date-order mdy (month first) or dmy."

Write = Callable[..., str]


@pytest.fixture
def written(shell: Shell) -> Write:
    """Writes a file beside the database; its path."""

    def write(content: str | bytes, name: str = "c.csv") -> str:
        path = shell.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def contacts(shell: Shell) -> int:
    return len(shell.rows()["contact"])


def no_traceback(output: str) -> None:
    assert "Traceback" not in output
    assert "error in subtui" not in output


def test_it_says_what_became_of_every_row(shell: Shell, written: Write) -> None:
    result = shell.run("import", written(STRANGE), written(SUBSCRIPTIONS, "s.csv"))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:7] == [
        "c.csv: contacts · month first · UTF-8",
        "s.csv: subscriptions · UTF-8",
        "",
        "               New  Changed  Same  Kept  Refused",
        "contacts         1        0     0     0        2",
        "subscriptions    1        0     0     0        1",
        "",
    ]
    assert lines[7] == (
        "Loose ends (3 before): 2 inactive, but Auto Charge is on; 2 inactive without an end date; "
        "2 inactive without a reason."
    )
    assert lines[8] == "List them: subtui report loose"
    assert lines[-1].startswith("Imported in ")
    assert result.stderr.splitlines() == [
        "",
        "File   Line  Column        Value       Reason",
        "c.csv     3  Date Created  31/31/2020  does not exist (month 31)",
        "c.csv     4  Name                      has no name, company, e-mail or phone",
        "s.csv     3  Contact Id    9           is not a known contact",
    ]
    assert shell.says("show", "/contacts/1204").startswith("Lee, Pat")
    assert "Lee, Pat" in shell.says("report", "loose")


def test_several_in_any_order_and_packed(shell: Shell, written: Write) -> None:
    import gzip  # noqa: PLC0415

    path = written(gzip.compress(CONTACTS.encode()), "c.csv.gz")
    assert shell.run("import", written(SUBSCRIPTIONS, "s.csv"), path).exit_code == 0
    assert len(shell.rows()["subscription"]) == 5


def test_from_standard_input(shell: Shell) -> None:
    result = shell.run("import", "-", typed=CONTACTS)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("standard input: contacts · month first · UTF-8\n")
    assert contacts(shell) == 3


def test_a_dry_run_writes_nothing(shell: Shell, written: Write) -> None:
    before = shell.rows()
    said = shell.says("import", written(CONTACTS), "--dry-run")
    assert "contacts    1" in said
    assert said.endswith("\nDry run: nothing was imported.\n")
    assert shell.rows() == before


def test_strict_takes_all_or_nothing(shell: Shell, written: Write) -> None:
    before = shell.rows()
    result = shell.run("import", written(STRANGE), "--strict")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "c.csv     3  Date Created  31/31/2020" in result.stderr
    assert result.stderr.endswith("\n2 rows were rejected, so nothing was imported.\n")
    assert shell.rows() == before
    assert shell.run("import", written(CONTACTS), "--strict").exit_code == 0


@pytest.mark.parametrize(("order", "day"), [("mdy", "2025-03-04"), ("dmy", "2025-04-03")])
def test_dates_that_read_in_two_ways(shell: Shell, written: Write, order: str, day: str) -> None:
    before = shell.rows()
    result = shell.run("import", written(OPEN))
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{UNDECIDED}\n")
    assert shell.rows() == before
    said = shell.says("import", written(OPEN), "--date-order", order)
    assert said.startswith(f"c.csv: contacts · {'month' if order == 'mdy' else 'day'} first · UTF-8\n")
    assert any(day in row for row in shell.rows()["contact"])


def test_the_list_of_what_was_left_out(shell: Shell, written: Write) -> None:
    formula = CONTACTS + '1205,Ann,Lee,ann@example.com,"=HYPERLINK(""http://x"")"\n'
    report = shell.folder / "left.csv"
    result = shell.run("import", written(formula, "=c.csv"), "--report", str(report))
    assert result.exit_code == 0
    assert result.stderr.endswith(f"All are in {report}.\n")
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["File", "Line", "Column", "Value", "Reason", "Refused"],
            ["'=c.csv", "3", "Date Created", '\'=HYPERLINK("http://x")', "is not a date", "yes"],
        ]


def test_the_list_is_never_written_over(shell: Shell, written: Write) -> None:
    report = shell.folder / "left.csv"
    report.write_text("mine")
    before = shell.rows()
    result = shell.run("import", written(STRANGE), "--report", str(report))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"{report} already exists and was not overwritten. Give another name with --report.\n"
    assert (report.read_text(), shell.rows()) == ("mine", before)
    result = shell.run("import", written(STRANGE), "--report", str(shell.folder / "no" / "left.csv"))
    assert result.exit_code == 2
    assert result.stderr.endswith("left.csv cannot be written: No such file or directory.\n")
    assert shell.rows() == before


def test_no_list_is_left_behind_by_what_did_not_happen(shell: Shell, written: Write) -> None:
    report = shell.folder / "left.csv"
    for args in ((written(OPEN),), (written(""),), (str(shell.folder / "no.csv"),)):
        assert shell.run("import", *args, "--report", str(report)).exit_code == 2
        assert not report.exists()
    assert shell.run("import", written(CONTACTS), "--report", str(report), "--date-order", "xyz").exit_code == 2
    assert not report.exists()
    # What was refused strictly is told all the same.
    assert shell.run("import", written(STRANGE), "--strict", "--report", str(report)).exit_code == 1
    assert report.read_text(encoding="utf-8-sig").count("\n") == 3


def test_the_list_takes_all_where_the_terminal_takes_some(shell: Shell, written: Write) -> None:
    rows = "".join(f"{n},,,,\n" for n in range(1, 2001))
    result = shell.run("import", written(CONTACTS + rows), "--dry-run")
    assert result.stderr.endswith("… and 1,980 more. All of them: --report FILE\n")
    report = shell.folder / "left.csv"
    shell.run("import", written(CONTACTS + rows), "--report", str(report))
    assert report.read_text(encoding="utf-8-sig").count("\n") == 2001


def test_in_json(shell: Shell, written: Write) -> None:
    made: dict[str, Any] = shell.answers("import", written(STRANGE), written(SUBSCRIPTIONS, "s.csv"))
    assert made["files"][0] == {
        "name": "c.csv",
        "kinds": ["contact"],
        "date_order": "mdy",
        "dropped": [],
        "kept": [],
        "encoding": "UTF-8",
        "example": "",
    }
    assert made["passed_over"] == []
    assert made["counts"]["contact"] == {"new": 1, "changed": 0, "same": 0, "refused": 2, "kept": 0}
    assert (made["refused"], made["left_out_total"], made["written"], made["dry_run"]) == (3, 3, True, False)
    assert made["left_out"][0] == {
        "file": "c.csv",
        "line": 3,
        "column": "Date Created",
        "value": "31/31/2020",
        "reason": "does not exist (month 31)",
        "refused": True,
    }
    assert (made["loose_before"], ["still_charging", 2] in made["loose_ends"]) == (3, True)
    assert len(made["log_hash"]) == 64


def test_refusals_in_json(shell: Shell, written: Write) -> None:
    strict = shell.answers("import", written(STRANGE), "--strict", exit_code=1)["error"]
    assert (strict["kind"], strict["message"]) == ("not_all_of_it", "2 rows were rejected, so nothing was imported.")
    assert (strict["report"]["written"], len(strict["report"]["left_out"])) == (False, 2)
    order = shell.answers("import", written(OPEN), exit_code=2)["error"]
    assert (order["kind"], order["message"]) == ("date_order_needed", UNDECIDED)


def test_what_is_not_stored_is_said(shell: Shell, written: Write) -> None:
    said = shell.says("import", written("Id,Email,Password,SSN\n1,a@x.example,hunter2,1\n"))
    assert said.startswith("c.csv: contacts · not stored: Password, SSN · UTF-8\n")


def test_what_was_changed_here_can_be_overwritten(shell: Shell, written: Write) -> None:
    active = "Id,Contact Id,Cycle,Price,Start Date,Status\n131,1204,Monthly,49,2025-01-15,Active\n"
    shell.run("import", written(CONTACTS), written(active, "s.csv"))
    assert shell.run("cancel", "131", "--reason", "unused", "--end-date", "2026-03-14").exit_code == 0
    kept = shell.run("import", written(active, "s.csv"))
    assert kept.stderr.endswith("was edited here; the edited version was kept\n")
    assert shell.answers("show", "/subscriptions/131")["terms"]["ending"]["status"] == "Inactive"
    shell.says("import", written(active, "s.csv"), "--overwrite")
    assert shell.answers("show", "/subscriptions/131")["terms"]["ending"]["status"] == "Active"


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("agent", "An agent cannot import data: ask an admin or the owner."),
        ("viewer", "A viewer cannot import data: ask an admin or the owner."),
    ],
)
def test_who_may_not(shell: Shell, written: Write, who: str, sentence: str) -> None:
    before = shell.rows()
    result = shell.run("--as", who, "import", written(CONTACTS))
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{sentence}\n")
    assert shell.rows() == before


def test_read_only(shell: Shell, written: Write) -> None:
    before = shell.rows()
    result = shell.run("--read-only", "import", written(CONTACTS))
    assert (result.exit_code, result.stderr) == (1, "This is read-only mode: nothing can be changed.\n")
    assert shell.rows() == before


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ((), "Missing argument 'FILE...'"),
        (("--date-order", "ymd", "c.csv"), "'ymd' is not one of 'mdy', 'dmy'"),
        (("no.csv",), "There is no file no.csv."),
        (("-", "-"), "Standard input can be read only once."),
        (("/dev/zero",), "/dev/zero is not a file."),
        ((".",), ". is a folder. Name the files in it."),
    ],
)
def test_what_cannot_be(shell: Shell, args: tuple[str, ...], says: str) -> None:
    result = shell.run("import", *args, typed="")
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    no_traceback(result.stderr)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        bytes(range(256)) * 40,
        b'Id,Email\n1,"x',
        b"{",
        b"42",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"Id,Id\n1,2\n",
    ],
    ids=repr,
)
def test_no_file_makes_it_stumble(shell: Shell, written: Write, content: bytes) -> None:
    before = shell.rows()
    result = shell.run("import", written(content))
    assert result.exit_code == 2
    no_traceback(result.output)
    assert shell.rows() == before


def test_hostile_text_is_made_harmless(shell: Shell, written: Write) -> None:
    content = "Id,First Name,\x1b[31mRed,Date Created\n1,\x1b]0;owned\x07,x,1/15/2025\n2,Pat,x,\u202e31/31/2020\n"
    result = shell.run("import", written(content, "\x1b[2J.csv"))
    assert result.exit_code == 0
    for mark in ("\x1b", "\x07", "\u202e"):
        assert mark not in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_without_a_terminal(shell: Shell, written: Write) -> None:
    command = [sys.executable, "-m", "subtui", "--db", str(shell.db), "import", written(CONTACTS), "/dev/stdin"]
    env = {**os.environ, **{name: value for name, value in shell.env.items() if value}}
    done = subprocess.run(command, input=SUBSCRIPTIONS, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("c.csv: contacts")
    assert "\x1b" not in done.stdout + done.stderr
    assert "not a known contact" in done.stderr


def test_into_somebodys_own_data(own: Shell) -> None:
    path = own.folder / "c.csv"
    path.write_text(CONTACTS)
    nobody = own.run("import", str(path))
    assert (nobody.exit_code, nobody.stdout) == (2, "")
    done = own.run("--as", "admin@small.example", "import", str(path), SUBTUI_PASSWORD="correct horse")
    assert done.exit_code == 0
    wrong = own.run("--as", "admin@small.example", "import", str(path), SUBTUI_PASSWORD="wrong")
    assert wrong.exit_code == 1


def test_help_names_what_it_takes() -> None:
    said = CliRunner().invoke(main, ["import", "--help"]).output
    for word in ("--dry-run", "--strict", "--date-order", "--overwrite", "--report", "standard input"):
        assert word in said


def test_json_lines_of_the_report_are_json(shell: Shell, written: Write, tmp_path: Path) -> None:
    del tmp_path
    result = shell.run("import", written("Id,First Name\n1,\x07Pat\n"), "--json")
    assert json.loads(result.stdout)["left_out"][0]["value"] == "␇Pat"


# --- how files are read -----------------------------------------------------------------------------------------------


def test_how_letters_were_read_is_said(shell: Shell, written: Write) -> None:
    western = written("Id,First Name\n1,Zoë\n".encode("cp1252"))
    assert shell.says("import", western).startswith("c.csv: contacts · Windows-1252, such as “Zoë”\n")
    polish = written("Id,First Name\n1,Łukasz\n".encode("cp1250"))
    refused = shell.run("import", polish)
    assert refused.exit_code == 2
    assert "“£ukasz” as Windows-1252" in refused.stderr
    assert "--encoding cp1250" in refused.stderr
    made = shell.answers("import", polish, "--encoding", "windows-1250")
    assert (made["files"][0]["encoding"], made["files"][0]["example"]) == ("cp1250", "")
    assert any("Łukasz" in row for row in shell.rows()["contact"])


def test_an_encoding_that_there_is_not(shell: Shell, written: Write) -> None:
    before = shell.rows()
    refused = shell.run("import", written(CONTACTS), "--encoding", "cp12500")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.startswith("There is no encoding cp12500. Did you mean cp1250")
    assert shell.rows() == before


def test_columns_that_are_not_taken_are_named(shell: Shell, written: Write) -> None:
    rows = written("Id,Frist Name,Last Name,Shoe Size,Password\n1,Pat,Lee,42,x\n")
    report = shell.folder / "left.csv"
    for more in ((), ("--dry-run",)):
        said = shell.says("import", rows, *more)
        head = "c.csv: contacts · not stored: Password · UTF-8 · kept unchanged: Frist Name, Shoe Size\n"
        assert said.startswith(head)
        assert "c.csv: Frist Name: did you mean First Name?" in said
    made = shell.answers("import", rows, "--report", str(report))
    assert made["files"][0]["kept"] == ["Frist Name", "Shoe Size"]
    with report.open(encoding="utf-8-sig", newline="") as stream:
        assert [(row["Column"], row["Refused"]) for row in csv.DictReader(stream)] == [
            ("Frist Name", "no"),
            ("Shoe Size", "no"),
            ("Password", "no"),
        ]


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_a_sheet_of_a_workbook(shell: Shell) -> None:
    book = Workbook()
    book.active.title = "Cover"
    book.active.append(["Our people"])
    people = book.create_sheet("People")
    people.append(["Id", "First Name"])
    people.append([1204, "Pat"])
    book.save(shell.folder / "b.xlsx")
    path = str(shell.folder / "b.xlsx")
    assert shell.says("import", path, "--sheet", "People").startswith("b.xlsx: People: contacts · UTF-8\n")
    refused = shell.run("import", path, "--sheet", "Lost")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.strip() == "b.xlsx has no sheet “Lost”. Its sheets: “Cover”, “People”."
