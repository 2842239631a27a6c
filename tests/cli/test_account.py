"""Ending the account itself from the command line: what it leads to, who may, and what everybody else is told."""

from typing import Any

import pytest

from .conftest import Shell
from .small_seed import PASSWORD, QUESTION

LAST_SAFE_DAY, DAY_AFTER = "2026-03-09", "2026-03-10"
CANCEL = ("--as", "owner", "account", "cancel", "--reason", "too_expensive")
SAVE = (*CANCEL, "--acknowledge")
CALL = ("account", "call", "--phone", "+1 602-555-0199", "--note", "We close in June.")
NEW = "T-1002"
WHY_NOT = {
    "agent": "An agent cannot request the cancellation of the account: ask an admin or the owner.\n",
    "viewer": "A viewer cannot request the cancellation of the account: ask an admin or the owner.\n",
    "newadmin@small.example": (
        "Only a verified owner or admin can request the cancellation of the account, and you are not verified yet.\n"
    ),
}
UNREAD = "Read the terms, and acknowledge them: without that nothing can be saved.\n"


def request_of(shell: Shell, number: int = 1002) -> dict[str, Any]:
    """A ticket as it is stored."""
    found: dict[str, Any] = shell.answers("show", f"/requests/{number}")
    return found


# --- Billing & Account ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "admin", "newadmin@small.example"])
def test_billing_at_a_glance(shell: Shell, who: str) -> None:
    said = shell.says("--as", who, "account", "show")
    for part in (
        "Plan            Max Classic\n",
        "Fee             249.00 USD a month\n",
        "Cycle           monthly\n",
        "Next invoice    19 Mar 2026\n",
        "Last safe day   9 Mar 2026\n",
        "Notice          7 days left to ask in time for the invoice of 19 Mar 2026: until 9 Mar 2026.\n",
        "Asking today    last invoice: none more; ends on 18 Mar 2026\n",
        "The same until  9 Mar 2026\n",
        "Asking after    last invoice: 19 Mar 2026, 249.00 USD; ends on 18 Apr 2026\n",
        "Still open      249.00 USD stays due\n",
        "Open invoices\n  Number  Date             Amount\n  I-2     19 Feb 2026  249.00 USD\n",
        "I-1     19 Jan 2026  249.00 USD  20 Jan 2026\n",
        "Olga Owner  owner@small.example  verified\n",
        "Ada Admin     admin@small.example     verified\n",
        "Ned Newadmin  newadmin@small.example  not verified\n",
        "Phone  +1 602-555-0142\n  Hours  Weekdays, 9 to 5\n",
    ):
        assert part in said
    assert shell.says("--as", who, "show", "/admin/billing") == said


def test_billing_in_json(shell: Shell) -> None:
    view = shell.answers("--as", "owner", "account", "show")
    assert (view["account"], view["today"], view["plan"]["fee"]["minor"]) == ("Small Shop", "2026-03-02", 24900)
    assert (view["now"]["ends_on"], view["holds_until"]) == ("2026-03-18", LAST_SAFE_DAY)
    assert (view["later"]["ends_on"], view["later"]["last_invoice"]) == ("2026-04-18", "2026-03-19")
    assert [invoice["paid_on"] for invoice in view["invoices"]] == [None, "2026-01-20"]
    assert [person["verified"] for person in view["admins"]] == [True, False]
    assert (view["standing"], view["why_not_cancel"]) == (None, "")
    assert shell.answers("--as", "owner", "show", "/admin/billing") == view


@pytest.mark.parametrize(
    ("day", "clock", "leads_to"),
    [
        (LAST_SAFE_DAY, "Today is the last safe day", "last invoice: none more; ends on 18 Mar 2026"),
        (DAY_AFTER, "Too late for the invoice of", "last invoice: 19 Mar 2026, 249.00 USD; ends on 18 Apr 2026"),
    ],
)
def test_billing_as_the_clock_runs_out(shell: Shell, day: str, clock: str, leads_to: str) -> None:
    said = shell.says("--at", day, "--as", "owner", "account", "show")
    assert f"Notice          {clock}" in said
    assert f"Asking today    {leads_to}\n" in said


def test_billing_names_the_cancellation_in_force(shell: Shell) -> None:
    assert "none. To ask for it: subtui account cancel --help\n" in shell.says("--as", "owner", "account", "show")
    unverified = shell.says("--as", "newadmin@small.example", "account", "show")
    assert "you are not verified yet. By phone: subtui show /account/phone\n" in unverified
    shell.says(*SAVE)
    said = shell.says("--as", "owner", "account", "show")
    assert f"{NEW} is open, the account ends on 18 Mar 2026: subtui show /requests/1002\n" in said
    assert shell.answers("--as", "owner", "account", "show")["standing"]["ticket"] == NEW


@pytest.mark.parametrize("args", [("account", "show"), ("show", "/admin/billing"), ("show", "/admin/settings")])
@pytest.mark.parametrize("who", ["agent", "viewer"])
def test_billing_is_not_for_everybody(shell: Shell, who: str, args: tuple[str, ...]) -> None:
    result = shell.run("--as", who, *args)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot open the billing of the account" in result.stderr
    assert shell.answers("--as", who, *args, exit_code=1)["error"]["kind"] == "not_allowed"


@pytest.fixture
def no_plan(bare: Shell) -> Shell:
    """A shell on an account that has an owner, and nothing else."""
    bare.says("db", "init", "--empty")
    add = ("user", "add", "me@small.example", "--name", "Me", "--role", "owner")
    bare.says(*add, SUBTUI_PASSWORD=PASSWORD)
    bare.env |= {"SUBTUI_AS": "me@small.example", "SUBTUI_PASSWORD": PASSWORD}
    return bare


def test_without_a_plan_there_is_nothing_to_end(no_plan: Shell) -> None:
    said = no_plan.says("account", "show")
    assert "not recorded yet: an owner sets them" in said
    assert "Open invoices\n  none\n" in said
    assert no_plan.answers("account", "show")["now"] is None
    for more in (["--acknowledge"], ["--dry-run"], []):
        result = no_plan.run("account", "cancel", "--reason", "unused", *more)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "are not recorded yet" in result.stderr
    assert "not recorded: ask the owner" in no_plan.says("show", "/account/phone")
    assert "First bill    not recorded\n" in no_plan.says("show", "/admin/settings")


# --- asking to end the account ----------------------------------------------------------------------------------------


def test_cancel_records_all_of_it(shell: Shell) -> None:
    said = shell.says(*SAVE, "--comment", "The bakery next door pays less.", "--phone", "602 555 0110")
    assert said.startswith("Notice")
    assert "  in time, 7 days" in said
    assert "  on 18 Mar 2026, that day included\n" in said
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
        "Notice is given at least 10 days before the next invoice: for the invoice of 19 Mar 2026 by 9 Mar 2026.",
        "No further invoice is made, and the account ends on 18 Mar 2026.",
        "No part of a fee for time that is not used is prorated or paid back.",
        "Invoices that are open now, 249.00 USD, stay due.",
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
        (LAST_SAFE_DAY, "2026-03-18", None, "in time, on the last safe day"),
        (DAY_AFTER, "2026-04-18", "2026-03-19", "too late for 19 Mar 2026: the last safe day was 9 Mar 2026"),
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
    before, rows = shell.db.read_bytes(), shell.rows()
    said = shell.says(*CANCEL, "--dry-run")
    assert said.startswith("Notice")
    assert "  in time, 7 days" in said
    assert "The terms that --acknowledge acknowledges\n  - Notice is given at least 10 days" in said
    assert said.endswith("\n\nNothing was saved: this was a dry run.\n")
    answer = shell.answers(*CANCEL, "--dry-run")
    assert answer["filed"] is None
    assert (shell.db.read_bytes(), shell.rows()) == (before, rows)
    assert shell.answers(*SAVE)["preview"] == answer["preview"]


def test_without_the_acknowledgement_one_reads_the_terms(shell: Shell) -> None:
    rows = shell.rows()
    result = shell.run(*CANCEL)
    assert (result.exit_code, result.stderr) == (1, UNREAD)
    assert "  - No further invoice is made, and the account ends on 18 Mar 2026.\n" in result.stdout
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
    *((["--reason", "unused", "--for", number], "is not the number of a ticket") for number in ("0", "T-", "-1", "x")),
    (["--reason", "unused", "--for", "9007199254740993"], "is not the number of a ticket"),
    (["--reason", "unused", "--for", "١٠٠٥"], "is not the number of a ticket"),
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
    assert said.startswith(f"There is a request already: {NEW}, open. Nothing was added.\n")
    assert said.endswith("The letter: subtui show /letters/1\n")
    answer = shell.answers(*again)
    assert answer["preview"] is None
    assert (answer["filed"]["existing"], answer["filed"]["request"]["ticket"]) == (True, NEW)
    assert shell.rows() == rows


# --- who may not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [["--acknowledge"], ["--dry-run"], []])
@pytest.mark.parametrize("who", WHY_NOT)
def test_whoever_may_not_is_told_whom_to_phone(shell: Shell, who: str, more: list[str]) -> None:
    rows = shell.rows()
    command = ("--as", who, "account", "cancel", "--reason", "boredom", *more)
    result = shell.run(*command)
    assert (result.exit_code, result.stderr) == (1, WHY_NOT[who])
    for part in (
        "Phone            +1 602-555-0142\n",
        "Hours            Weekdays, 9 to 5\n",
        "Who finishes it  Olga Owner, Ada Admin\n",
        "Have at hand\n  - the name of the account: Small Shop\n  - the plan: Max Classic\n",
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
    assert said.endswith("\n\nThe account is being cancelled already: subtui show /requests/1002\n")
    assert shell.answers(*command, exit_code=1)["error"]["standing"]["ticket"] == NEW


def test_the_phone_route_is_a_screen_too(shell: Shell) -> None:
    said = shell.says("show", "/account/phone")
    assert said.startswith("Why              An agent cannot request the cancellation of the account")
    refused = shell.run("account", "cancel", "--reason", "unused").stdout
    assert said.partition("\n")[2] == refused
    shell.says(*CALL)
    said = shell.says("show", "/account/phone")
    assert f"Your call        {NEW}: subtui show /requests/1002\n" in said
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
    assert shell.says(*CALL).startswith(f"There is a request already: {NEW}, open. Nothing was added.\n")
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
    assert "  in time: asked on 2 Mar 2026\n" in said
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
    sentence = "Only a phone call is completed on behalf of somebody.\n"
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
    assert (result.exit_code, result.stderr) == (1, "The account is being cancelled already: see T-1003.\n")
    shell.says("account", "withdraw", NEW)
    shell.says("--as", "owner", "account", "withdraw", "T-1003")
    assert shell.run(*SAVE, "--for", NEW).stderr == "This ticket is withdrawn already.\n"


def test_a_caller_does_not_complete_their_own_call(shell: Shell) -> None:
    shell.says(*CALL)
    result = shell.run("account", "cancel", "--reason", "unused", "--acknowledge", "--for", NEW)
    assert result.exit_code == 1
    assert result.stderr.startswith("An agent cannot complete the cancellation of the account")
    assert f"Your call        {NEW}: subtui show /requests/1002\n" in result.stdout


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_withdraw_the_cancellation(shell: Shell) -> None:
    shell.says(*SAVE)
    said = shell.says("--as", "admin", "account", "withdraw", NEW)
    assert said == f"{NEW} is withdrawn. The account goes on as before.\n"
    assert request_of(shell)["standing"] == "withdrawn"
    assert shell.answers("show", "/letters/1")["undone"] is True
    assert "Undone   What it confirms has been taken back since.\n" in shell.says("show", "/letters/1")
    assert "is recorded" in shell.says(*SAVE)


def test_withdraw_in_json(shell: Shell) -> None:
    shell.says(*SAVE)
    filed = shell.answers("--as", "owner", "account", "withdraw", "1002")["filed"]
    assert (filed["request"]["standing"], filed["request"]["decided_by"]) == ("withdrawn", "Olga Owner")


def test_withdraw_ends_with_the_account(shell: Shell) -> None:
    shell.says(*SAVE)
    result = shell.run("--at", "2026-03-19", "--as", "owner", "account", "withdraw", NEW)
    assert (result.exit_code, result.stderr) == (1, "The account ended on 18 Mar 2026: it is too late to withdraw.\n")
    assert shell.run("--at", "2026-03-18", "--as", "owner", "account", "withdraw", NEW).exit_code == 0


def test_who_withdraws_what(shell: Shell) -> None:
    shell.says(*SAVE)
    rows = shell.rows()
    for who in WHY_NOT:
        result = shell.run("--as", who, "account", "withdraw", NEW)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "withdraw the cancellation of the account" in result.stderr
    assert shell.answers("account", "withdraw", str(QUESTION), exit_code=1)["error"]["kind"] == "not_allowed"
    assert shell.rows() == rows
    assert shell.says("--as", "viewer", "account", "withdraw", str(QUESTION)) == f"T-{QUESTION} is withdrawn.\n"
    result = shell.run("--as", "viewer", "account", "withdraw", str(QUESTION))
    assert (result.exit_code, result.stderr) == (
        1,
        "This ticket is withdrawn: there is nothing left to withdraw.\n",
    )


@pytest.mark.parametrize(("ticket", "kind"), [("T-99", "not_found"), ("x", "usage"), ("0", "usage")])
def test_a_ticket_that_is_not_there(shell: Shell, ticket: str, kind: str) -> None:
    assert shell.answers("account", "withdraw", ticket, exit_code=2)["error"]["kind"] == kind


# --- who is verified --------------------------------------------------------------------------------------------------


def test_verify_somebody_and_take_it_back(shell: Shell) -> None:
    verify = ("--as", "owner", "user", "verify", "newadmin@small.example")
    assert shell.says(*verify) == "Ned Newadmin (newadmin@small.example) is verified now.\n"
    assert shell.run(*verify).exit_code == 1
    assert shell.says(*verify, "--not") == "Ned Newadmin (newadmin@small.example) is no longer verified.\n"
    assert shell.answers(*verify)["user"]["verified"] is True
    assert shell.answers("log", "show", "--limit", "1")["events"][0]["title"] == "User verified or not"


@pytest.mark.parametrize(
    ("who", "email", "exit_code", "kind"),
    [
        ("agent", "newadmin@small.example", 1, "not_allowed"),
        ("newadmin@small.example", "newadmin@small.example", 1, "not_allowed"),
        ("owner", "owner@small.example", 1, "not_allowed"),
        ("owner", "nobody@small.example", 2, "not_found"),
    ],
)
def test_who_is_not_verified_like_that(shell: Shell, who: str, email: str, exit_code: int, kind: str) -> None:
    rows = shell.rows()
    error = shell.answers("--as", who, "user", "verify", email, exit_code=exit_code)["error"]
    assert error["kind"] == kind
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
    assert "Have at hand" in shell.run("--read-only", "account", "cancel", "--reason", "unused").stdout
    assert shell.rows() == rows


def test_own_data_takes_a_password(own: Shell) -> None:
    save = ("--at", LAST_SAFE_DAY, "--as", "owner@small.example", *SAVE[2:])
    assert own.run(*save, SUBTUI_PASSWORD="nonsense").exit_code == 1
    assert own.answers(*save, SUBTUI_PASSWORD=PASSWORD)["filed"]["request"]["in_time"] is True


def test_dates_in_the_format_of_the_settings(shell: Shell) -> None:
    said = shell.says(*SAVE, SUBTUI_DATE_FORMAT="yyyy-MM-dd")
    assert "The account ends on 2026-03-18; an answer is due by 2026-03-04." in said
    assert "Asking today    last invoice: none more; ends on 2026-03-18\n" in shell.says(
        "--as", "owner", "account", "show", SUBTUI_DATE_FORMAT="yyyy-MM-dd"
    )
