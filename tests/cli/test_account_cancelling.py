"""Ending the account itself from the command line: what it leads to, what is refused, and never twice."""

import pytest

from tests.services.database import everything

from .cancelling import CALL, CANCEL, DAY_AFTER, LAST_SAFE_DAY, NEW, SAVE, request_of
from .conftest import Shell
from .small_seed import PASSWORD

UNREAD = "Read and acknowledge the terms to save.\n"


# --- asking to end the account ----------------------------------------------------------------------------------------


def test_cancel_records_all_of_it(shell: Shell) -> None:
    said = shell.says(*SAVE, "--comment", "The bakery next door pays less.", "--phone", "602 555 0110")
    assert said.startswith("Notice")
    assert "  In time (7 days" in said
    assert "  18 Mar 2026 (end of day)\n" in said
    assert f"{NEW} is recorded. The account ends on 18 Mar 2026; an answer is due by 4 Mar 2026.\n" in said
    assert said.endswith("The letter: subtui show /letters/1\n")
    request = request_of(shell)
    assert (request["kind"], request["standing"], request["reason"]) == ("cancellation", "open", "Too expensive")
    assert (request["requested_by"], request["email"]) == ("Olga Owner", "owner@small.example")
    assert (request["phone"], request["preferred"]) == ("+1 602-555-0110", "email")
    assert (request["requested_on"], request["ends_on"], request["in_time"]) == ("2026-03-02", "2026-03-18", True)
    assert request["comment"] == "The bakery next door pays less."
    assert len(request["acknowledged"]) == 4
    log = shell.answers("log", "show", "--limit", "1")["events"][0]
    assert (log["title"], log["route"]) == ("Account cancellation requested", "/account/cancel")


def test_cancel_in_json(shell: Shell) -> None:
    answer = shell.answers(*SAVE)
    assert set(answer) == {"preview", "filed"}
    assert answer["preview"]["problems"] == []
    assert answer["preview"]["found"]["ends_on"] == "2026-03-18"
    filed = answer["filed"]
    assert (filed["request"]["ticket"], filed["existing"]) == (NEW, False)
    assert filed["request"]["acknowledged"] == [
        "Notice is at least 10 days before the next invoice: cancel by 9 Mar 2026 to avoid the 19 Mar 2026 invoice.",
        "There are no further invoices, and the account ends on 18 Mar 2026.",
        "Fees are not prorated: there is no refund for unused time.",
        "Open invoices (249.00 USD) are still due.",
    ]
    letter = shell.answers("show", f"/letters/{filed['request']['letter_id']}")
    assert letter["log_hash"] == shell.answers("log", "verify")["newest"]


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_whoever_is_verified_may(shell: Shell, who: str) -> None:
    shell.says("--as", who, "account", "cancel", "--reason", "unused", "--acknowledge")
    assert request_of(shell)["email"] == f"{who}@small.example"


def test_somebody_who_has_been_verified_may(shell: Shell) -> None:
    shell.says("--as", "owner", "user", "verify", "newadmin@small.example")
    shell.says("--as", "newadmin@small.example", "account", "cancel", "--reason", "unused", "--acknowledge")
    assert request_of(shell)["requested_by"] == "Ned Newadmin"


def test_the_answer_goes_where_it_is_wanted(shell: Shell) -> None:
    shell.says(*SAVE, "--email", "books@small.example", "--phone", "+49 30 901820", "--prefer", "phone")
    request = request_of(shell)
    assert (request["email"], request["phone"]) == ("books@small.example", "+49 30 901820")
    assert request["preferred"] == "phone"


@pytest.mark.parametrize(
    ("day", "ends_on", "last_invoice", "said"),
    [
        (LAST_SAFE_DAY, "2026-03-18", None, "In time (last safe day is today)"),
        (DAY_AFTER, "2026-04-18", "2026-03-19", "Too late for the 19 Mar 2026 invoice (last safe day was 9 Mar 2026)"),
    ],
)
def test_the_last_safe_day_and_the_day_after(
    shell: Shell, day: str, ends_on: str, last_invoice: str | None, said: str
) -> None:
    assert said in shell.says("--at", day, *SAVE, "--dry-run")
    found = shell.answers("--at", day, *SAVE)["preview"]["found"]
    assert (found["ends_on"], found["last_invoice"], found["in_time"]) == (ends_on, last_invoice, last_invoice is None)
    request = request_of(shell)
    assert (request["ends_on"], request["last_invoice"]) == (ends_on, last_invoice)


@pytest.mark.parametrize("written", ["2026-03-09", "yesterday", "-1d"])
def test_the_day_it_was_asked_for_decides(shell: Shell, written: str) -> None:
    shell.says("--at", DAY_AFTER, *SAVE, "--requested-on", written)
    request = request_of(shell)
    assert (request["requested_on"], request["in_time"], request["ends_on"]) == (LAST_SAFE_DAY, True, "2026-03-18")


def test_a_dry_run_shows_the_same_and_writes_nothing(shell: Shell) -> None:
    shell.says("show", "/")
    before = everything(shell.db)
    said = shell.says(*CANCEL, "--dry-run")
    assert said.startswith("Notice")
    assert "  In time (7 days" in said
    assert "Terms to acknowledge (--acknowledge)\n  1. Notice is at least 10 days" in said
    assert said.endswith("\n\nNothing was saved: this was a dry run.\n")
    answer = shell.answers(*CANCEL, "--dry-run")
    assert answer["filed"] is None
    assert everything(shell.db) == before
    assert shell.answers(*SAVE)["preview"] == answer["preview"]


def test_without_the_acknowledgement_one_reads_the_terms(shell: Shell) -> None:
    rows = shell.rows()
    result = shell.run(*CANCEL)
    assert (result.exit_code, result.stderr) == (1, UNREAD)
    assert "  2. There are no further invoices, and the account ends on 18 Mar 2026.\n" in result.stdout
    error = shell.answers(*CANCEL, exit_code=1)["error"]
    assert (error["kind"], [problem["field"] for problem in error["fields"]]) == ("invalid", ["acknowledged"])
    assert len(error["preview"]["statements"]) == 4
    assert shell.rows() == rows


REFUSED = [
    (["--reason", "other"], ["comment"]),
    (["--reason", "other", "--comment", "  "], ["comment"]),
    (["--reason", "unused", "--comment", "x" * 501], ["comment"]),
    (["--reason", "unused", "--email", ""], ["email"]),
    (["--reason", "unused", "--email", "nowhere"], ["email"]),
    (["--reason", "unused", "--phone", "12"], ["phone"]),
    (["--reason", "unused", "--prefer", "phone"], ["phone"]),
    (["--reason", "unused", "--requested-on", "tomorrow"], ["requested_on"]),
    (["--reason", "unused", "--requested-on", "2025-02-11"], ["requested_on"]),
    (["--reason", "other", "--prefer", "phone", "--email", "x", "--requested-on", "+1w"], None),
]


@pytest.mark.parametrize(("options", "fields"), REFUSED)
def test_what_a_rule_refuses(shell: Shell, options: list[str], fields: list[str] | None) -> None:
    rows = shell.rows()
    wanted = fields or ["comment", "email", "phone", "requested_on"]
    command = ("--as", "owner", "account", "cancel", *options)
    error = shell.answers(*command, "--acknowledge", exit_code=1)["error"]
    assert (error["kind"], [problem["field"] for problem in error["fields"]]) == ("invalid", wanted)
    assert "preview" not in error
    dry = shell.answers(*command, "--dry-run", exit_code=1)
    assert [problem["field"] for problem in dry["preview"]["problems"]] == wanted
    result = shell.run(*command, "--dry-run")
    assert result.exit_code == 1
    assert "Nothing was saved" not in result.stdout
    assert result.stderr.count("\n") == len(wanted)
    assert shell.rows() == rows


WRONG = [
    ([], "Missing option '--reason'"),
    (["--reason", "boredom"], "There is no reason “boredom”. The codes are: too_expensive"),
    (["--reason", ""], "There is no reason “”"),
    (["--reason", "unused", "--requested-on", "soon"], "--requested-on: "),
    (["--reason", "unused", "--prefer", "pigeon"], "'--prefer'"),
    (["--reason", "unused", "--comment", "\udcff"], "not text in your terminal's encoding"),
    (["--reason", "unused", "--for", "T-99"], "There is no ticket T-0099."),
    *((["--reason", "unused", "--for", number], "is not a ticket number") for number in ("0", "T-", "-1", "x")),
    (["--reason", "unused", "--for", "9007199254740993"], "is not a ticket number"),
    (["--reason", "unused", "--for", "١٠٠٥"], "is not a ticket number"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_cannot_be_read(shell: Shell, options: list[str], said: str) -> None:
    rows = shell.rows()
    result = shell.run("--as", "owner", "account", "cancel", *options, "--acknowledge")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert shell.rows() == rows


@pytest.mark.parametrize("more", [["--acknowledge"], ["--dry-run"], []])
def test_a_second_request_is_the_first(shell: Shell, more: list[str]) -> None:
    shell.says(*SAVE)
    rows = shell.rows()
    again = ("--as", "admin", "account", "cancel", "--reason", "unused", *more)
    said = shell.says(*again)
    assert said.startswith(f"A request already exists: {NEW} (open). Nothing was added.\n")
    assert said.endswith("The letter: subtui show /letters/1\n")
    answer = shell.answers(*again)
    assert answer["preview"] is None
    assert (answer["filed"]["existing"], answer["filed"]["request"]["ticket"]) == (True, NEW)
    assert shell.rows() == rows


# --- all of them ------------------------------------------------------------------------------------------------------


def test_read_only_changes_nothing(shell: Shell) -> None:
    shell.says("--as", "viewer", *CALL)
    rows = shell.rows()
    changing: list[tuple[str, ...]] = [
        SAVE,
        (*SAVE, "--for", NEW),
        ("--as", "owner", "account", "withdraw", NEW),
        CALL,
        ("ask", "--topic", "other", "--subject", "S", "--text", "T"),
        ("--as", "owner", "user", "verify", "newadmin@small.example"),
    ]
    for command in changing:
        result = shell.run("--read-only", *command)
        assert (result.exit_code, result.stderr) == (1, "This is read-only mode: nothing can be changed.\n")
    looking: list[tuple[str, ...]] = [(*CANCEL, "--dry-run"), ("--as", "owner", "account", "show"), ("requests",)]
    for command in looking:
        assert shell.run("--read-only", *command).exit_code == 0
    assert "Have ready" in shell.run("--read-only", "account", "cancel", "--reason", "unused").stdout
    assert shell.rows() == rows


def test_own_data_takes_a_password(own: Shell) -> None:
    save = ("--as", "owner@small.example", *SAVE[2:])
    assert own.run(*save, SUBTUI_PASSWORD="nonsense", SUBTUI_NOW=LAST_SAFE_DAY).exit_code == 1
    assert own.answers(*save, SUBTUI_PASSWORD=PASSWORD, SUBTUI_NOW=LAST_SAFE_DAY)["filed"]["request"]["in_time"] is True


def test_dates_in_the_format_of_the_settings(shell: Shell) -> None:
    said = shell.says(*SAVE, SUBTUI_DATE_FORMAT="yyyy-MM-dd")
    assert "The account ends on 2026-03-18; an answer is due by 2026-03-04." in said
    assert "the account ends on 2026-03-18.\n" in shell.says(
        "--as", "owner", "account", "show", SUBTUI_DATE_FORMAT="yyyy-MM-dd"
    )
