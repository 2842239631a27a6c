"""Pausing and resuming from the command line, and out to Keap's form and back."""

import csv
from pathlib import Path
from typing import Any

import pytest

from .conftest import Shell
from .small_seed import ACTIVE

UNTIL = ("pause", str(ACTIVE), "--until", "2026-06-01")


def stored(shell: Shell) -> dict[str, Any]:
    """What is stored of the subscription."""
    terms: dict[str, Any] = shell.answers("show", f"/subscriptions/{ACTIVE}")["terms"]
    return terms


def test_pause_says_what_it_does_and_resume_takes_it_back(shell: Shell) -> None:
    said = shell.says(*UNTIL)
    assert said.startswith("Status       Active → Paused")
    assert "Saved. Monthly plan is Paused until 1 Jun 2026, no charges meanwhile.\n" in said
    assert said.endswith("subtui show /letters/1\n")
    assert stored(shell)["pause"] == {
        "paused_from": "2026-03-02",
        "resumes_on": "2026-06-01",
        "restarts_cycle": False,
        "access_in_pause": False,
    }
    assert "has been paused" in shell.says("show", "/letters/1")
    assert "Paused" in shell.says("show", f"/subscriptions/{ACTIVE}")
    assert "Saved. Monthly plan is Active again" in shell.says("resume", str(ACTIVE))
    assert stored(shell)["pause"] is None


@pytest.mark.parametrize(
    ("options", "first"),
    [((), "2026-03-02"), (("--from", "next-bill"), "2026-03-15"), (("--from", "1 apr"), "2026-04-01")],
)
def test_when_it_begins(shell: Shell, options: tuple[str, ...], first: str) -> None:
    answer = shell.answers("pause", str(ACTIVE), *options)
    assert answer["saved"]["record"]["terms"]["pause"]["paused_from"] == first


def test_a_dry_run_saves_nothing(shell: Shell) -> None:
    assert "Nothing was saved: this was a dry run." in shell.says(*UNTIL, "--dry-run")
    assert stored(shell)["pause"] is None


def test_undo_and_a_second_one_with_the_same_key(shell: Shell) -> None:
    shell.says(*UNTIL, "--intention", "call-7")
    assert "Nothing was repeated." in shell.says(*UNTIL, "--intention", "call-7")
    assert "Undone. Monthly plan is Active again" in shell.says("undo", str(ACTIVE))
    assert stored(shell)["pause"] is None


def test_an_export_has_it_as_keap_can_hold_it(shell: Shell, tmp_path: Path) -> None:
    shell.says(*UNTIL)
    said = shell.says("--as", "owner", "export", str(tmp_path / "out"))
    assert "1 paused: written as Inactive with Auto Charge off" in said
    with (tmp_path / "out" / "subscriptions.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["Id"] == str(ACTIVE))
    assert (row["Status"], row["Auto Charge"], row["Reason Stopped"]) == ("Inactive", "No", "Paused until 2026-06-01")
    assert (row["Paused From"], row["Resumes On"], row["Charged After Pause"]) == ("2026-03-02", "2026-06-01", "Yes")
