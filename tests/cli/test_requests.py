"""The tickets of the cancellation team from the command line, and the account's screens as text."""

import shutil

import pytest

from subtui.domain.requests import KIND_WORDS, Kind
from subtui.services.backend import Backend

from .conftest import Shell
from .small_seed import HOSTILE_NAME, QUESTION, small_seed, write_seed

ASK = ("ask", "--topic", "refund", "--subject", "A second charge", "--text", "Is it refunded?")
SAVE = ("--as", "owner", "account", "cancel", "--reason", "unused", "--acknowledge")


# --- the queue --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "agent", "viewer"])
def test_the_queue(shell: Shell, who: str) -> None:
    said = shell.says("--as", who, "requests")
    assert said.splitlines() == [
        "Requests: 1 of 1",
        "  Ticket  Type      Subject                    From          Requested  Answer due",
        "  T-1001  Question  Two charges for one order  Vic Viewer  25 Feb 2026  overdue by 3 days",
    ]
    assert shell.says("--as", who, "show", "/requests") == said


def test_the_queue_in_json(shell: Shell) -> None:
    answer = shell.answers("requests")
    assert answer["total"] == 1
    row = answer["rows"][0]
    assert (row["ticket"], row["kind"], row["standing"]) == ("T-1001", "question", "open")
    assert (row["answer_due"], row["overdue"]) == ("2026-02-27", True)
    assert shell.answers("show", "/requests") == answer


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-02-26", "27 Feb 2026"),
        ("2026-02-27", "today"),
        ("2026-02-28", "overdue by 1 day"),
        ("2026-03-02", "overdue by 3 days"),
    ],
)
def test_when_an_answer_is_due(shell: Shell, day: str, words: str) -> None:
    line = shell.says("--at", day, "requests").splitlines()[-1]
    assert line.partition("25 Feb 2026  ")[2].split("  ")[0] == words
    due = words if "overdue" in words else f"answer due {words}"
    assert f"\nopen · {due}\n" in shell.says("--at", day, "show", f"/requests/{QUESTION}")


def test_the_first_due_comes_first_and_what_is_done_comes_last(shell: Shell) -> None:
    shell.says(*SAVE)
    shell.says(*ASK)
    shell.says("--as", "viewer", "account", "withdraw", str(QUESTION))
    tickets = [line[2:8] for line in shell.says("requests").splitlines()[2:]]
    assert tickets == ["T-1002", "T-1003"]
    said = shell.says("requests", "--all").splitlines()
    assert [line[2:8] for line in said[2:]] == ["T-1002", "T-1003", "T-1001"]
    assert said[2].split("  ")[2].strip() == KIND_WORDS[Kind.CANCELLATION]
    assert said[4].endswith("  withdrawn")
    assert [row["ticket"] for row in shell.answers("requests", "--all")["rows"]] == ["T-1002", "T-1003", "T-1001"]


def test_an_empty_queue(shell: Shell) -> None:
    shell.says("--as", "viewer", "account", "withdraw", str(QUESTION))
    assert shell.says("requests") == "Requests: 0 of 0\n  No open tickets\n"
    assert shell.answers("requests") == {"rows": [], "total": 0, "capped": False}


def test_the_dashboard_says_what_is_due(shell: Shell) -> None:
    assert "Answers due           1 overdue\n" in shell.says("show", "/")
    shell.says(*ASK)
    assert "Answers due           1 overdue · 1 later\n" in shell.says("show", "/")
    assert shell.answers("show", "/")["answers_due"] == {"overdue": 1, "today": 0, "later": 1}


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "agent", "viewer", "newadmin"])
def test_anybody_asks(shell: Shell, who: str) -> None:
    said = shell.says("--as", f"{who}@small.example", *ASK)
    assert said == "T-1002 is recorded. An answer is due by 4 Mar 2026.\nThe ticket: subtui show /requests/1002\n"
    request = shell.answers("show", "/requests/1002")
    assert (request["kind"], request["topic"], request["subject"]) == ("question", "refund", "A second charge")
    assert (request["email"], request["comment"]) == (f"{who}@small.example", "Is it refunded?")


def test_asking_in_json(shell: Shell) -> None:
    more = ("--email", "", "--phone", "602 555 0110", "--prefer", "phone")
    filed = shell.answers(*ASK, *more)["filed"]
    assert (filed["request"]["ticket"], filed["existing"]) == ("T-1002", False)
    assert (filed["request"]["phone"], filed["request"]["email"]) == ("+1 602-555-0110", "")
    assert filed["request"]["preferred"] == "phone"


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        (["--subject", " ", "--text", "T"], ["subject"]),
        (["--subject", "x" * 121, "--text", "T"], ["subject"]),
        (["--subject", "S", "--text", ""], ["text"]),
        (["--subject", "S", "--text", "x" * 2001], ["text"]),
        (["--subject", "S", "--text", "T", "--email", "x"], ["email"]),
        (["--subject", "S", "--text", "T", "--prefer", "phone"], ["phone"]),
        (["--subject", "", "--text", "", "--email", ""], ["subject", "text", "email"]),
    ],
)
def test_questions_that_cannot_be_sent(shell: Shell, options: list[str], fields: list[str]) -> None:
    rows = shell.rows()
    error = shell.answers("ask", "--topic", "other", *options, exit_code=1)["error"]
    assert (error["kind"], [problem["field"] for problem in error["fields"]]) == ("invalid", fields)
    assert shell.rows() == rows


@pytest.mark.parametrize(
    "args",
    [
        ("ask", "--subject", "S", "--text", "T"),
        ("ask", "--topic", "weather", "--subject", "S", "--text", "T"),
        ("ask", "--topic", "other", "--text", "T"),
        ("ask", "--topic", "other", "--subject", "S"),
        ("ask", "--topic", "other", "--subject", "S", "--text", "\udcff"),
        ("requests", "1001"),
        ("requests", "--open"),
        ("account",),
        ("account", "nonsense"),
        ("account", "withdraw"),
    ],
)
def test_wrong_usage(shell: Shell, args: tuple[str, ...]) -> None:
    rows = shell.rows()
    result = shell.run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert shell.rows() == rows


# --- the screens as text ----------------------------------------------------------------------------------------------


def test_show_a_question(shell: Shell) -> None:
    said = shell.says("show", f"/requests/{QUESTION}")
    for part in (
        "T-1001  Two charges for one order\n",
        "Type          Question\n",
        "Topic         A refund\n",
        "From          Vic Viewer (viewer)\n",
        "Recorded      25 Feb 2026 11:00 by Vic Viewer\n",
        "Comment\n  Which of them is refunded?\n",
        "Correspondence\n  26 Feb 2026 11:00  Incoming  Vic Viewer\n  Soon?\n  Please.\n",
    ):
        assert part in said
    assert "Result" not in said
    own = shell.says("--as", "viewer", "show", f"/requests/{QUESTION}")
    assert "Withdraw  subtui account withdraw T-1001\n" in own


def test_show_a_cancellation_and_its_letter(shell: Shell) -> None:
    shell.says(*SAVE)
    said = shell.says("show", "/requests/1002")
    for part in (
        "Reason        Unused\n",
        "Result\n  Plan          Max Classic\n",
        "Last invoice  No further invoices\n  Ends          18 Mar 2026\n",
        "Terms acknowledged\n  1. Notice is at least 10 days",
        "Letter 1: recorded, not sent.\n",
        "Letter    subtui show /letters/1\n",
    ):
        assert part in said
    letter = shell.says("show", "/letters/1")
    assert letter.startswith("To       Olga Owner <owner@small.example>\n")
    assert "About    ticket T-1002\n" in letter
    assert "Dear Olga Owner," in letter
    data = shell.answers("show", "/letters/1")
    assert (data["contact_id"], data["subscription_id"], data["request_id"]) == (None, None, 1002)


def test_a_letter_to_a_customer_names_no_ticket(shell: Shell) -> None:
    shell.says("cancel", "11", "--end-date", "eom", "--reason", "unused")
    assert "About    subscription 11\n" in shell.says("show", "/letters/1")


def test_show_what_has_been_decided(shell: Shell) -> None:
    shell.says("--as", "viewer", "account", "withdraw", str(QUESTION))
    said = shell.says("show", f"/requests/{QUESTION}")
    assert "\nwithdrawn by Vic Viewer on 2 Mar 2026 09:30\n" in said
    assert "Answer due    27 Feb 2026\n" in said


def test_show_my_account(shell: Shell) -> None:
    said = shell.says("--as", "viewer", "show", "/account")
    for part in (
        "Vic Viewer, Small Shop\nE-mail   viewer@small.example\nRole     viewer: view only\n",
        "Account  You can cancel it by phone only\nA viewer cannot cancel the account",
        "T-1001  Question  Two charges for one order",
    ):
        assert part in said
    assert "Identity  not verified\n" in shell.says("--as", "newadmin@small.example", "show", "/account")
    owner = shell.says("--as", "owner", "show", "/account")
    assert "Commands\n  Cancel  subtui account cancel --help\n" in owner
    assert "My tickets\n  No tickets yet\n" in owner
    assert shell.answers("--as", "viewer", "show", "/account")["person"]["role"] == "viewer"


def test_show_the_settings(shell: Shell) -> None:
    said = shell.says("--as", "owner", "show", "/admin/settings")
    for part in (
        "Fee           249.00 USD\n",
        "First bill    19 Feb 2025\n",
        "Minimum term  none\n",
        "Notice        10 days\n",
        "Answer        within 2 business days\n",
        "Time zone     Europe/Paris\n",
        "other             Other             needs a note\n",
    ):
        assert part in said
    assert shell.answers("--as", "owner", "show", "/admin/settings")["notice_days"] == 10


@pytest.mark.parametrize(
    ("route", "command"), [("/account/cancel", "account cancel --help"), ("/help/ticket", "ask --help")]
)
def test_forms_name_their_command(shell: Shell, route: str, command: str) -> None:
    assert shell.says("show", route).endswith(f"subtui {command}\n")
    assert shell.answers("show", route)["route"] == route
    assert shell.run(*command.split()).exit_code == 0


@pytest.mark.parametrize("route", ["/requests/99", "/requests/0"])
def test_show_a_ticket_that_is_not_there(shell: Shell, route: str) -> None:
    assert shell.answers("show", route, exit_code=2)["error"]["kind"] == "not_found"


# --- what is in the data ----------------------------------------------------------------------------------------------


@pytest.fixture
def hostile(bare: Shell) -> Shell:
    """A shell on an account of which every text tries to steer the terminal."""
    seed = small_seed()
    for name in ("name", "plan", "phone", "opening_hours"):
        seed["account"][name] = f"{HOSTILE_NAME}\n{name}"
    for user in seed["users"]:
        user["name"] += HOSTILE_NAME
    for name in ("subject", "comment", "phone", "email"):
        seed["requests"][0][name] = f"{HOSTILE_NAME}\n{name}"
    for name in ("author", "subject", "body"):
        seed["requests"][0]["correspondence"][0][name] = f"{HOSTILE_NAME}\n{name}"
    seed["account_invoices"][0]["number"] = HOSTILE_NAME
    folder = bare.folder / "made"
    folder.mkdir()
    Backend.open(str(folder / "subtui.db"), seed=write_seed(folder, seed)).close()
    shutil.copy(folder / "subtui.db", bare.db)
    return bare


HOSTILE_WORDS = ("--comment", f"{HOSTILE_NAME}\r\nmore", "--phone", "+1 602-555-0199")

EVERY_LOOK = [
    ("--as", "owner", "account", "show"),
    ("--as", "owner", "show", "/admin/settings"),
    ("requests", "--all"),
    ("show", "/requests"),
    ("show", f"/requests/{QUESTION}"),
    ("show", "/requests/1002"),
    ("show", "/letters/1"),
    ("show", "/account"),
    ("show", "/account/phone"),
    ("show", "/"),
    ("log", "show"),
    ("account", "cancel", "--reason", "unused"),
    (*SAVE, "--dry-run"),
    ("--as", "owner", "account", "cancel", "--reason", HOSTILE_NAME),
    ("account", "withdraw", HOSTILE_NAME),
    ("account", "withdraw", str(QUESTION)),
    ("account", "call", "--phone", HOSTILE_NAME),
    ("--as", "owner", "user", "verify", HOSTILE_NAME),
    ("--as", "owner", "user", "verify", "viewer@small.example", "--not"),
    ("ask", "--topic", HOSTILE_NAME, "--subject", "S", "--text", "T"),
    ("ask", "--topic", "other", "--subject", HOSTILE_NAME, "--text", HOSTILE_NAME),
]


def test_nothing_from_data_steers_the_terminal(hostile: Shell) -> None:
    assert hostile.run(*SAVE, *HOSTILE_WORDS).exit_code == 0
    for args in EVERY_LOOK:
        for more in ([], ["--json"]):
            result = hostile.run(*args, *more)
            said = result.stdout + result.stderr
            assert said
            assert "error in subtui" not in said
            assert [mark for mark in said if mark != "\n" and not mark.isprintable()] == [], args


def test_a_text_cannot_pretend_to_be_another_line(hostile: Shell) -> None:
    for args in EVERY_LOOK[:9]:
        lines = hostile.run(*args).stdout.splitlines()
        assert not {"name", "plan", "phone", "subject", "author"} & {line.strip() for line in lines}, args
