"""Cancelling, undoing and the day roll from the command line."""

from typing import Any

import pytest

from tests.services.database import everything

from .conftest import Shell
from .small_seed import ACTIVE, ENDING, LOOSE

CANCEL = ("cancel", str(ACTIVE), "--end-date", "2026-03-14", "--reason", "too_expensive")


def ending_of(shell: Shell, number: int) -> dict[str, Any]:
    """What is stored about how a subscription ends."""
    ending: dict[str, Any] = shell.answers("show", f"/subscriptions/{number}")["terms"]["ending"]
    return ending


def test_cancel_does_all_of_it(shell: Shell) -> None:
    said = shell.says(*CANCEL, "--note", "Too dear for now")
    assert said.startswith("Status         Active → Inactive")
    assert "Saved. Monthly plan is Inactive, access until 14 Mar 2026, no more charges.\n" in said
    assert said.endswith("subtui show /letters/1\n")
    ending = ending_of(shell, ACTIVE)
    assert ending["status"] == "Inactive"
    assert ending["auto_charge"] is False
    assert ending["end_date"] == "2026-03-14"
    assert (ending["reason_code"], ending["reason_note"]) == ("too_expensive", "Too dear for now")
    assert (ending["requested_on"], ending["charging_stops_on"]) == ("2026-03-02", "2026-03-02")
    assert ending["recorded_by"] == "Ann Agent"
    assert "Monthly plan (no. 11)" in shell.says("show", "/letters/1")


def test_cancel_in_json(shell: Shell) -> None:
    answer = shell.answers(*CANCEL)
    line = answer["preview"]["lines"][0]
    assert (set(line), line["label"], line["changed"]) == ({"label", "text", "changed"}, "Status", True)
    assert answer["preview"]["problems"] == []
    saved = answer["saved"]
    assert (saved["event_id"], saved["letter_id"], saved["ended"]) == (2, 1, True)
    assert saved["record"]["version"] == 2
    assert shell.answers("show", "/letters/1")["log_hash"] == shell.answers("log", "verify")["newest"]


@pytest.mark.parametrize(
    ("written", "day"),
    [("paid", "2026-03-14"), ("today", "2026-03-02"), ("+10d", "2026-03-12"), ("14 mar", "2026-03-14")],
)
def test_dates_as_people_write_them(shell: Shell, written: str, day: str) -> None:
    shell.says("cancel", str(ACTIVE), "--end-date", written, "--reason", "unused")
    assert ending_of(shell, ACTIVE)["end_date"] == day


def test_which_number_is_the_day_follows_the_date_format(shell: Shell) -> None:
    shell.says("cancel", str(ACTIVE), "--end-date", "04/05/2026", "--reason", "unused", SUBTUI_DATE_FORMAT="MM/dd/yyyy")
    assert ending_of(shell, ACTIVE)["end_date"] == "2026-04-05"


def test_requested_on_is_kept(shell: Shell) -> None:
    shell.says(*CANCEL, "--requested-on", "27 feb 2026")
    assert ending_of(shell, ACTIVE)["requested_on"] == "2026-02-27"


def test_a_dry_run_shows_the_same_and_writes_nothing(shell: Shell) -> None:
    shell.says("show", "/")
    before = everything(shell.db)
    lines = shell.answers(*CANCEL, "--dry-run")["preview"]
    said = shell.says(*CANCEL, "--dry-run")
    assert said.endswith("Nothing was saved: this was a dry run.\n")
    assert everything(shell.db) == before
    assert shell.answers(*CANCEL)["preview"] == lines


def test_a_dry_run_tells_its_problems(shell: Shell) -> None:
    result = shell.run("cancel", str(ACTIVE), "--end-date", "1 mar 2026", "--reason", "unused", "--dry-run")
    assert result.exit_code == 1
    assert result.stderr == "The end date can't be before today (2 Mar 2026).\n"
    answer = shell.answers(
        "cancel", str(ACTIVE), "--end-date", "1 mar 2026", "--reason", "unused", "--dry-run", exit_code=1
    )
    assert answer["saved"] is None
    assert [problem["field"] for problem in answer["preview"]["problems"]] == ["end_date"]


REFUSED = [
    (["--end-date", "yesterday", "--reason", "unused"], ["end_date"]),
    (["--end-date", "eom", "--reason", "other"], ["note"]),
    (["--end-date", "eom", "--reason", "other", "--note", "  "], ["note"]),
    (["--end-date", "yesterday", "--reason", "other"], ["end_date", "note"]),
    (["--end-date", "eom", "--reason", "unused", "--requested-on", "tomorrow"], ["requested_on"]),
    (["--end-date", "eom", "--reason", "unused", "--note", "x" * 501], ["note"]),
]


@pytest.mark.parametrize(("options", "fields"), REFUSED)
def test_what_a_rule_refuses(shell: Shell, options: list[str], fields: list[str]) -> None:
    rows = shell.rows()
    error = shell.answers("cancel", str(ACTIVE), *options, exit_code=1)["error"]
    assert error["kind"] == "invalid"
    assert [problem["field"] for problem in error["fields"]] == fields
    assert shell.rows() == rows


WRONG = [
    (["--end-date", "30 feb 2026", "--reason", "unused"], "--end-date: 30 Feb 2026 is not a date"),
    (["--end-date", "soon", "--reason", "unused"], "is not a date"),
    (["--end-date", "", "--reason", "unused"], "Enter a date"),
    (["--end-date", "eom", "--reason", "boredom"], "There is no reason “boredom”. The codes are: too_expensive"),
    (["--end-date", "eom", "--reason", ""], "There is no reason “”"),
    (["--end-date", "eom"], "Missing option '--reason'"),
    (["--reason", "unused"], "either --end-date or --after-bills"),
    (["--end-date", "eom", "--reason", "unused", "--requested-on", "x"], "--requested-on: "),
    (["--end-date", "eom", "--reason", "unused", "--note", "\udcff"], "not text in your terminal's encoding"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_cannot_be_read(shell: Shell, options: list[str], said: str) -> None:
    rows = shell.rows()
    result = shell.run("cancel", str(ACTIVE), *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert shell.rows() == rows


@pytest.mark.parametrize("number", ["0", "-1", "x", "9007199254740993", "99999999999999999999", "1.5"])
@pytest.mark.parametrize("command", ["cancel", "undo"])
def test_an_id_that_is_none(shell: Shell, command: str, number: str) -> None:
    more = ["--end-date", "eom", "--reason", "unused"] if command == "cancel" else []
    assert shell.run(command, "--", number, *more).exit_code == 2
    assert shell.run(command, number, *more).exit_code == 2


def test_a_subscription_that_is_not_there(shell: Shell) -> None:
    error = shell.answers("cancel", "99", "--end-date", "eom", "--reason", "unused", exit_code=2)["error"]
    assert error == {"kind": "not_found", "message": "There is no subscription 99.", "fields": []}


def test_the_same_cancellation_again_is_refused(shell: Shell) -> None:
    shell.says(*CANCEL)
    rows = shell.rows()
    assert shell.answers(*CANCEL, exit_code=1)["error"]["kind"] == "refused"
    assert shell.run(*CANCEL, "--dry-run").exit_code == 1
    assert shell.rows() == rows


def test_cancel_then_undo(shell: Shell) -> None:
    before = ending_of(shell, ACTIVE)
    shell.says(*CANCEL)
    said = shell.says("undo", str(ACTIVE))
    assert said == "Undone. Monthly plan is Active again; next bill 15 Mar 2026.\n"
    assert ending_of(shell, ACTIVE) == before
    assert shell.answers("show", "/letters/1")["undone"] is True
    titles = [event["title"] for event in shell.answers("log", "show", "--subscription", str(ACTIVE))["events"]]
    assert titles == ["Cancellation undone", "Subscription set Inactive"]


def test_undo_in_json(shell: Shell) -> None:
    shell.says(*CANCEL)
    saved = shell.answers("undo", str(ACTIVE))["saved"]
    assert saved["record"]["terms"]["ending"]["status"] == "Active"


def test_nothing_to_undo(shell: Shell) -> None:
    result = shell.run("undo", str(ACTIVE))
    assert (result.exit_code, result.stderr) == (1, "There is no cancellation to undo.\n")


def test_undo_ends_with_the_end_date(shell: Shell) -> None:
    shell.says(*CANCEL)
    assert shell.run("--at", "2026-03-15", "undo", str(ACTIVE)).exit_code == 1
    assert shell.run("--at", "2026-03-14", "undo", str(ACTIVE)).exit_code == 0


def test_an_old_row_is_put_right(shell: Shell) -> None:
    shell.says("cancel", str(LOOSE), "--end-date", "2025-12-31", "--reason", "unused")
    ending = ending_of(shell, LOOSE)
    assert (ending["auto_charge"], ending["end_date"], ending["reason_code"]) == (False, "2025-12-31", "unused")


def test_roll(shell: Shell) -> None:
    assert shell.says("roll") == "No subscriptions are past their end date or pause on 2 Mar 2026.\n"
    assert shell.answers("roll") == {"today": "2026-03-02", "rolled": 0}
    assert shell.says("--at", "2026-03-20", "roll").startswith("No subscriptions")
    assert shell.says("--at", "2026-03-21", "roll") == "1 subscription ended or resumed on 21 Mar 2026.\n"
    ending = ending_of(shell, ENDING)
    assert (ending["status"], ending["auto_charge"], ending["end_date"]) == ("Inactive", False, "2026-03-20")
    assert shell.answers("--at", "2026-03-21", "roll")["rolled"] == 0


def test_read_only_changes_nothing(shell: Shell) -> None:
    rows = shell.rows()
    for command in (CANCEL, ("undo", str(ENDING)), ("--at", "2026-04-01", "roll"), ("db", "reset", "--yes")):
        result = shell.run("--read-only", *command)
        assert (result.exit_code, result.stderr) == (1, "This is read-only mode: nothing can be changed.\n")
    assert shell.run("--read-only", *CANCEL, "--dry-run").exit_code == 0
    assert shell.run(*CANCEL, SUBTUI_READ_ONLY="1").exit_code == 1
    assert shell.rows() == rows


def test_a_subscription_goes_on_for_some_more_bills(shell: Shell) -> None:
    said = shell.says("cancel", str(ACTIVE), "--after-bills", "2", "--reason", "unused")
    assert "2 more bills" in said
    kept = shell.answers("show", f"/subscriptions/{ACTIVE}")["terms"]["ending"]
    assert (kept["status"], kept["auto_charge"]) == ("Active", True)


def test_either_a_date_or_a_number_of_bills(shell: Shell) -> None:
    for options in ((), ("--end-date", "today", "--after-bills", "1")):
        refused = shell.run("cancel", str(ACTIVE), "--reason", "unused", *options)
        assert refused.exit_code == 2
        assert "either --end-date or --after-bills" in refused.stderr
