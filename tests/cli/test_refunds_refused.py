"""Refunds from the command line that are refused: by a rule, as wrong input, to a viewer, in read-only mode."""

import sqlite3
from contextlib import closing

import pytest

from .conftest import Shell
from .refunding import APPROVE, BIG, DECLINE, DRY, REFUND, VIEWER, fields
from .small_seed import BOUGHT, ENDING, TODAYS, UNPAID

CODES = "requested_by_customer, duplicate, not_delivered, unsatisfactory, fraudulent, other"
REFUSED = [
    (BOUGHT, ["--amount", "0"], ["amount"]),
    (BOUGHT, ["--amount=-1"], ["amount"]),
    (BOUGHT, ["--amount", "40.01"], ["amount"]),
    (BOUGHT, ["--kind", "void"], ["kind"]),
    (TODAYS, ["--kind", "void", "--amount", "1"], ["kind"]),
    (BOUGHT, ["--owed-after", "40.01"], ["owed_after"]),
    (BOUGHT, ["--owed-after", "-1"], ["owed_after"]),
    (BOUGHT, ["--note", "x" * 501], ["note"]),
    (BOUGHT, ["--reference", "x" * 101], ["reference"]),
    (BOUGHT, ["--reason", "other"], ["note"]),
    (BOUGHT, ["--reason", "other", "--note", "  "], ["note"]),
    (BOUGHT, ["--line", "3", "--payment", "2", "--amount", "60"], ["line"]),
    (UNPAID, [], ["payment"]),
    (UNPAID, ["--payment", "5"], ["payment"]),
    (BOUGHT, ["--amount", "99", "--reason", "other"], ["amount", "note"]),
]


@pytest.mark.parametrize(("number", "options", "wanted"), REFUSED)
def test_what_a_rule_refuses(shop: Shell, number: int, options: list[str], wanted: list[str]) -> None:
    rows = shop.rows()
    command = ("refund", str(number), "--reason", "duplicate", *options)
    dry = shop.answers(*command, "--dry-run", exit_code=1)
    assert (fields(dry["preview"]), dry["booked"]) == (wanted, None)
    result = shop.run(*command, "--dry-run")
    assert (result.exit_code, result.stderr.count("\n")) == (1, len(wanted))
    assert DRY not in result.stdout
    error = shop.answers(*command, exit_code=1)["error"]
    assert (error["kind"], fields(error)[0]) == ("invalid", wanted[0])
    result = shop.run(*command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert shop.rows() == rows


def test_an_order_on_which_nothing_was_paid(shop: Shell) -> None:
    with closing(sqlite3.connect(shop.db)) as connection:
        connection.execute("DELETE FROM payment WHERE order_id = ?", (UNPAID,))
        connection.commit()
    rows = shop.rows()
    for more in ([], ["--dry-run"]):
        result = shop.run("refund", str(UNPAID), "--reason", "duplicate", *more)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "Nothing has been paid on this order, so there is nothing to refund.\n"
    assert "no payments yet" in shop.says("order", "show", str(UNPAID))
    assert shop.rows() == rows


WRONG = [
    ([], "Missing option '--reason'"),
    (["--reason", "boredom"], f"There is no reason “boredom”. The codes are: {CODES}.\n"),
    (["--reason", ""], "There is no reason “”"),
    (
        ["--reason", "duplicate", "--amount", "much"],
        "--amount: This is not an amount in USD: write it like 1,234.50.\n",
    ),
    (["--reason", "duplicate", "--amount", ""], "--amount: Enter an amount in USD"),
    (["--reason", "duplicate", "--amount", "1.005"], "--amount: An amount in USD has at most 2 decimals"),
    (["--reason", "duplicate", "--amount", "1,5"], "--amount: Commas stand between groups of three"),
    (["--reason", "duplicate", "--amount", "€5"], "--amount: This amount must be in USD"),
    (["--reason", "duplicate", "--amount", "1e2"], "--amount: This is not an amount in USD"),
    (["--reason", "duplicate", "--owed-after", "some"], "--owed-after: This is not an amount in USD"),
    (["--reason", "duplicate", "--kind", "cash"], "'--kind'"),
    (["--reason", "duplicate", "--payment", "x"], "'--payment'"),
    (
        ["--reason", "duplicate", "--payment", "1"],
        "--payment: 1 is not a payment of order 22. Its payments are: 2, 3.\n",
    ),
    (["--reason", "duplicate", "--payment", "99"], "--payment: 99 is not a payment of order 22."),
    (["--reason", "duplicate", "--line", "1"], "--line: 1 is not a line of order 22. Its lines are: 2, 3.\n"),
    (["--reason", "duplicate", "--key", " "], "--intention: a key needs 1 to 100 characters.\n"),
    (["--reason", "duplicate", "--key", "x" * 101], "--intention: a key needs 1 to 100 characters.\n"),
    (["--reason", "duplicate", "--note", "\udcff"], "not text in your terminal's encoding"),
]


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_cannot_be_read(shop: Shell, options: list[str], said: str, more: list[str]) -> None:
    rows = shop.rows()
    result = shop.run("refund", str(BOUGHT), *options, *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert shop.rows() == rows


def test_a_refund_is_no_payment(shop: Shell) -> None:
    shop.says(*REFUND, "--amount", "1")
    assert shop.answers(*REFUND, "--payment", "8", exit_code=2)["error"] == {
        "kind": "wrong_input",
        "message": "--payment: 8 is not a payment of order 22. Its payments are: 2, 3.",
        "fields": [],
    }


@pytest.mark.parametrize("number", ["0", "-1", "x", "9007199254740993"])
@pytest.mark.parametrize(
    "args",
    [
        ("refund", "--reason", "duplicate"),
        ("refunds", "approve"),
        ("refunds", "decline", "--note", "N"),
        ("refunds", "later"),
    ],
)
def test_an_id_that_is_none(shop: Shell, args: tuple[str, ...], number: str) -> None:
    assert shop.answers(*args, "--json", "--", number, exit_code=2)["error"]["kind"] == "usage"


def test_what_is_not_there(shop: Shell) -> None:
    for args, sentence in (
        (("refund", "99", "--reason", "duplicate"), "There is no order 99."),
        (APPROVE, "There is no refund 1 awaiting approval."),
        (DECLINE, "There is no refund 1 awaiting approval."),
        (("refunds", "later", "99"), "There is no subscription 99."),
    ):
        error = shop.answers("--as", "admin", *args, exit_code=2)["error"]
        assert error == {"kind": "not_found", "message": sentence, "fields": []}


def test_the_codes_are_those_of_the_account(shop: Shell) -> None:
    with closing(sqlite3.connect(shop.db)) as connection:
        own = '[{"code": "burnt", "label": "Burnt", "needs_note": true}]'
        connection.execute("UPDATE account SET refund_reasons = ?", (own,))
        connection.commit()
    assert shop.run(*REFUND).stderr == "There is no reason “duplicate”. The codes are: burnt.\n"
    burnt = ("refund", str(BOUGHT), "--reason", "burnt")
    assert shop.answers(*burnt, exit_code=1)["error"]["fields"][0]["field"] == "note"
    assert shop.answers(*burnt, "--note", "All of it")["booked"]["order"]["rows"][2]["reason"] == "Burnt"


def test_a_viewer_refunds_nothing(shop: Shell) -> None:
    rows = shop.rows()
    result = shop.run("--as", "viewer", *REFUND)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", VIEWER)
    assert shop.answers("--as", "viewer", *REFUND, exit_code=1)["error"]["kind"] == "not_allowed"
    result = shop.run("--as", "viewer", *REFUND, "--dry-run")
    assert (result.exit_code, result.stderr) == (1, VIEWER)
    assert DRY not in result.stdout
    assert fields(shop.answers("--as", "viewer", *REFUND, "--dry-run", exit_code=1)["preview"]) == ["role"]
    assert shop.rows() == rows


@pytest.mark.parametrize(
    "args",
    [
        ("refund",),
        ("refund", "22"),
        ("refunds",),
        ("refunds", "nonsense"),
        ("refunds", "list", "1"),
        ("refunds", "approve"),
        ("refunds", "approve", "1", "--note", "N"),
        ("refunds", "decline", "1"),
        ("refunds", "later"),
    ],
)
def test_wrong_usage(shop: Shell, args: tuple[str, ...]) -> None:
    rows = shop.rows()
    result = shop.run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert shop.rows() == rows


def test_read_only_changes_nothing(shop: Shell) -> None:
    shop.says(*BIG)
    rows = shop.rows()
    changing: list[tuple[str, ...]] = [
        REFUND,
        BIG,
        ("--as", "admin", *APPROVE),
        ("--as", "admin", *DECLINE),
        ("refunds", "later", str(ENDING)),
    ]
    for command in changing:
        result = shop.run("--read-only", *command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "This is read-only mode: nothing can be changed.\n"
        assert shop.answers("--read-only", *command, exit_code=1)["error"]["kind"] == "refused"
    for looking in ((*REFUND, "--dry-run"), ("refunds", "list"), ("show", "/refunds")):
        assert shop.run("--read-only", *looking).exit_code == 0
    assert shop.rows() == rows
