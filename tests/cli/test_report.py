"""The reports from the command line."""

import csv
import json

import pytest

from .conftest import Shell


@pytest.mark.parametrize("name", ["refunds", "reasons", "months", "ending", "loose"])
def test_every_report_has_words_data_and_csv(shell: Shell, name: str) -> None:
    words = shell.says("report", name)
    data = shell.answers("report", name)
    lines = list(csv.reader(shell.says("report", name, "--csv").splitlines()))
    assert data["report"] == name
    assert data["title"] in words
    assert len(lines) == len(data["rows"]) + 1


def test_loose_ends_name_where_they_are_put_right(shell: Shell) -> None:
    rows = shell.answers("report", "loose")["rows"]
    assert [row["route"] for row in rows] == ["/subscriptions/14"]
    assert "Auto Charge on" in rows[0]["Loose end"]


def test_a_range_takes_the_dates_that_people_write(shell: Shell) -> None:
    data = shell.answers("report", "months", "--from", "1 jan 2026", "--to", "eom")
    assert (data["from"], data["to"]) == ("2026-01-01", "2026-03-31")
    assert [row["Month"] for row in data["rows"]] == ["Jan 2026", "Feb 2026", "Mar 2026"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("report", "money"), "The reports are: refunds, reasons, months, ending, paused, loose."),
        (("report", "months", "--from", "soon"), "is not a date"),
        (("report", "months", "--from", "2026-03-02", "--to", "2026-03-01"), "give the earlier day first"),
    ],
)
def test_what_is_no_report_or_no_range_is_told(shell: Shell, words: tuple[str, ...], sentence: str) -> None:
    result = shell.run(*words)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_file_is_written_once_and_never_over_another(shell: Shell) -> None:
    file = shell.folder / "loose.json"
    assert str(file) in shell.says("report", "loose", "-o", str(file))
    assert json.loads(file.read_text(encoding="utf-8"))["report"] == "loose"
    again = shell.run("report", "loose", "-o", str(file))
    assert again.exit_code == 2
    assert "already exists" in again.stderr


def test_a_viewer_reads_reports_and_exports_none(shell: Shell) -> None:
    assert shell.run("--as", "viewer", "report", "ending").exit_code == 0
    refused = shell.run("--as", "viewer", "report", "ending", "-o", str(shell.folder / "x.csv"))
    assert refused.exit_code == 1
    assert not (shell.folder / "x.csv").exists()
