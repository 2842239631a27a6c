"""Ending the account by phone, from the command line: whom to phone, calls filed, calls completed."""

import pytest

from .cancelling import CALL, CANCEL, NEW, SAVE, WHY_NOT, request_of
from .conftest import Shell
from .small_seed import QUESTION

# --- who may not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [["--acknowledge"], ["--dry-run"], []])
@pytest.mark.parametrize("who", WHY_NOT)
def test_whoever_may_not_is_told_whom_to_phone(shell: Shell, who: str, more: list[str]) -> None:
    rows = shell.rows()
    command = ("--as", who, "account", "cancel", "--reason", "boredom", *more)
    result = shell.run(*command)
    assert (result.exit_code, result.stderr) == (1, WHY_NOT[who])
    for part in (
        "Phone  +1 602-555-0142\n",
        "Hours  Weekdays, 9 to 5\n",
        "Olga Owner or Ada Admin completes the cancellation.\n",
        "Have ready\n  - the name of the account: Small Shop\n  - the plan: Max Classic\n",
        "and I am calling for the account Small Shop.”\n",
        "and that the account ends on 18 Mar 2026.”\n",
        "subtui account call --phone NUMBER\n",
    ):
        assert part in result.stdout
    error = shell.answers(*command, exit_code=1)["error"]
    assert (error["kind"], error["message"] + "\n", error["fields"]) == ("not_allowed", WHY_NOT[who], [])
    route = error["phone_route"]
    assert (route["phone"], route["hours"], route["open_ticket"]) == ("+1 602-555-0142", "Weekdays, 9 to 5", "")
    assert len(route["script"]) == 5
    assert shell.rows() == rows


def test_whoever_may_not_hears_that_it_has_been_asked_for(shell: Shell) -> None:
    shell.says(*SAVE)
    command = ("account", "cancel", "--reason", "unused")
    said = shell.run(*command).stdout
    assert said.endswith("\n\nThe account is already being cancelled: subtui show /requests/1002\n")
    assert shell.answers(*command, exit_code=1)["error"]["standing"]["ticket"] == NEW


def test_the_phone_route_is_a_screen_too(shell: Shell) -> None:
    said = shell.says("show", "/account/phone")
    assert said.startswith("An agent cannot cancel the account")
    refused = shell.run("account", "cancel", "--reason", "unused").stdout
    assert said.partition("\n\n")[2] == refused
    shell.says(*CALL)
    said = shell.says("show", "/account/phone")
    assert "Your ticket  subtui show /requests/1002\n" in said
    assert "account call" not in said
    assert shell.answers("show", "/account/phone")["open_request_id"] == 1002


# --- calls ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["agent", "viewer", "newadmin@small.example", "owner"])
def test_anybody_files_a_call(shell: Shell, who: str) -> None:
    said = shell.says("--as", who, *CALL)
    assert said == f"{NEW} is recorded. An answer is due by 4 Mar 2026.\nThe ticket: subtui show /requests/1002\n"
    request = request_of(shell)
    assert (request["kind"], request["phone"], request["preferred"]) == ("call", "+1 602-555-0199", "phone")
    assert request["comment"] == "We close in June."


def test_a_call_in_json_and_only_one_at_a_time(shell: Shell) -> None:
    filed = shell.answers(*CALL)["filed"]
    assert (filed["request"]["ticket"], filed["existing"]) == (NEW, False)
    rows = shell.rows()
    again = shell.answers("account", "call", "--phone", "+1 602-555-0111")["filed"]
    assert (again["request"]["ticket"], again["existing"]) == (NEW, True)
    assert shell.says(*CALL).startswith(f"A request already exists: {NEW} (open). Nothing was added.\n")
    assert shell.rows() == rows


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (["--phone", ""], "phone"),
        (["--phone", "call me"], "phone"),
        (["--phone", "602 555 0199", "--note", "x" * 501], "note"),
    ],
)
def test_calls_that_cannot_be_filed(shell: Shell, options: list[str], field: str) -> None:
    rows = shell.rows()
    error = shell.answers("account", "call", *options, exit_code=1)["error"]
    assert (error["kind"], [problem["field"] for problem in error["fields"]]) == ("invalid", [field])
    assert shell.run("account", "call").exit_code == 2
    assert shell.rows() == rows


@pytest.mark.parametrize("ticket", ["T-1002", "t-1002", "1002", "T-01002"])
def test_a_call_is_completed(shell: Shell, ticket: str) -> None:
    shell.says(*CALL)
    # Two days after the last safe day, for somebody who phoned in time.
    said = shell.says("--at", "2026-03-11", *SAVE, "--for", ticket)
    assert "  In time (requested on 2 Mar 2026)\n" in said
    assert f"{NEW} is recorded. The account ends on 18 Mar 2026; an answer is due by 4 Mar 2026.\n" in said
    request = request_of(shell)
    assert (request["kind"], request["requested_by"], request["completed_by"]) == (
        "cancellation",
        "Ann Agent",
        "Olga Owner",
    )
    assert (request["email"], request["phone"]) == ("agent@small.example", "+1 602-555-0199")
    assert (request["preferred"], request["comment"]) == ("phone", "We close in June.")
    assert request["requested_on"] == "2026-03-02"
    log = shell.answers("log", "show", "--limit", "1")["events"][0]
    assert (log["title"], log["route"]) == ("Account cancellation completed for a caller", "/requests/1002")
    assert "Completed by  Olga Owner\n" in shell.says("show", "/requests/1002")


def test_what_is_said_wins_over_what_the_caller_said(shell: Shell) -> None:
    shell.says(*CALL)
    day = "2026-03-11"
    options = ("--email", "ann@small.example", "--prefer", "email", "--phone", "", "--comment", "Told us more.")
    shell.says("--at", day, *SAVE, "--for", NEW, "--requested-on", "today", *options)
    request = request_of(shell)
    assert (request["email"], request["phone"], request["preferred"]) == ("ann@small.example", "", "email")
    assert (request["comment"], request["requested_on"]) == ("Told us more.", day)
    assert request["in_time"] is False


def test_what_the_caller_said_is_no_comment_on_the_reason(shell: Shell) -> None:
    shell.says(*CALL)
    other = ("--as", "owner", "account", "cancel", "--reason", "other", "--acknowledge", "--for", NEW)
    error = shell.answers(*other, exit_code=1)["error"]
    assert [problem["field"] for problem in error["fields"]] == ["comment"]


def test_a_dry_run_for_a_caller(shell: Shell) -> None:
    shell.says(*CALL)
    rows = shell.rows()
    assert shell.says(*CANCEL, "--for", NEW, "--dry-run").endswith("Nothing was saved: this was a dry run.\n")
    assert shell.run(*CANCEL, "--for", NEW).exit_code == 1
    assert shell.rows() == rows


def test_only_an_open_call_is_completed(shell: Shell) -> None:
    shell.says(*CALL)
    sentence = "Only a phone call can be completed for the caller.\n"
    rows = shell.rows()
    for more in ("--acknowledge", "--dry-run"):
        result = shell.run(*CANCEL, more, "--for", str(QUESTION))
        assert (result.exit_code, result.stderr) == (1, sentence)
    assert shell.answers(*SAVE, "--for", str(QUESTION), exit_code=1)["error"]["kind"] == "refused"
    assert shell.answers(*CANCEL, "--dry-run", "--for", str(QUESTION), exit_code=1)["preview"]["problems"] == [
        {"field": "for", "sentence": sentence.strip()}
    ]
    assert shell.rows() == rows
    shell.says(*SAVE)
    result = shell.run(*SAVE, "--for", NEW)
    assert (result.exit_code, result.stderr) == (1, "The account is already being cancelled: see T-1003.\n")
    shell.says("account", "withdraw", NEW)
    shell.says("--as", "owner", "account", "withdraw", "T-1003")
    assert shell.run(*SAVE, "--for", NEW).stderr == "This ticket is already withdrawn.\n"


def test_a_caller_does_not_complete_their_own_call(shell: Shell) -> None:
    shell.says(*CALL)
    result = shell.run("account", "cancel", "--reason", "unused", "--acknowledge", "--for", NEW)
    assert result.exit_code == 1
    assert result.stderr.startswith("An agent cannot complete the account cancellation")
    assert "Your ticket  subtui show /requests/1002\n" in result.stdout
