"""Orders from the command line: their books, payments and credits, corrections, references, and as screens."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.services.database import everything

from .conftest import Shell
from .refunding import DRY, REFUND, fields, order_of
from .small_seed import ACTIVE, BOUGHT, DAY, IN_FAVOUR, ODD, PASSWORD, TODAYS, UNPAID

PAY = ("order", "pay", str(UNPAID), "--amount", "2,000")
AGENT, VIEWER = "Ann Agent", "A viewer cannot {}: ask an agent, an admin or the owner.\n"
NEW_ROW = 8

# --- looking ----------------------------------------------------------------------------------------------------------


def test_an_order_with_its_books(shop: Shell) -> None:
    shop.says(*REFUND, "--amount", "15", "--note", "Broken", "--reference", "re_1")
    said = shop.says("order", "show", str(BOUGHT))
    assert said.splitlines() == [
        "Baking kit  (order 22)",
        "López, María  (contact 1)",
        "nothing due · ordered 20 Feb 2026",
        "",
        "Payments",
        "  Id         Date  What             Amount  Left to refund  State     Reference  Note",
        "   2  20 Feb 2026  Credit Card   60.00 USD       60.00 USD  approved  -",
        "   3  25 Feb 2026  Credit Card   40.00 USD       25.00 USD  approved  -",
        "   8   2 Mar 2026  └ Refund     -15.00 USD                  approved  re_1       "
        "Duplicate · Broken · recorded by Ann Agent",
        said.splitlines()[9],
        "",
        "Lines",
        "  Id  Line          QTY      Price     Amount       Left",
        "   2  Baking kit 2    1  60.00 USD  60.00 USD  51.00 USD",
        "   3  Baking kit 3    2  20.00 USD  40.00 USD  34.00 USD",
        "",
        "Balance",
        "  Total      100.00 USD",
        "  Paid      -100.00 USD",
        "  Refunded    15.00 USD",
        "  Credited   -15.00 USD",
        "  Owed         0.00 USD",
        "",
        "Commands",
        "  Refund   subtui refund 22 --reason CODE",
        "  Reverse  subtui order correct 22 --row 8 (today only)",
        "  Letter   subtui show /letters/1",
    ]
    assert said.splitlines()[9].startswith("   9   2 Mar 2026    └ Credit    15.00 USD  ")
    assert shop.says("show", f"/orders/{BOUGHT}") == said


def test_an_order_in_json(shop: Shell) -> None:
    shop.says(*REFUND, "--amount", "15")
    order = order_of(shop, BOUGHT)
    assert (order["id"], order["version"], order["letter_id"]) == (BOUGHT, 2, 1)
    assert [(row["kind"], row["depth"], row["amount"]["minor"]) for row in order["rows"]] == [
        ("charge", 0, 6000),
        ("charge", 0, 4000),
        ("refund", 1, -1500),
        ("credit", 2, 1500),
    ]
    assert [row["left"] and row["left"]["minor"] for row in order["rows"]] == [6000, 2500, None, None]
    assert (order["owed"]["minor"], order["refunded"]["text"], order["waiting"]) == (0, "15.00 USD", [])
    assert order["reasons"][0]["code"] == "requested_by_customer"
    assert shop.answers("show", f"/orders/{BOUGHT}") == order


def test_an_order_that_is_not_paid(shop: Shell) -> None:
    said = shop.says("order", "show", str(UNPAID))
    for part in (
        "\n5,000 JPY due · ordered 20 Feb 2026\n",
        "Refund  This payment failed, so there is nothing to refund.\n",
        "  Credit Card  5,000 JPY           0 JPY  failed  -\n",
        "  Owed      5,000 JPY\n",
    ):
        assert part in said
    assert "Letter" not in said
    assert "Reverse" not in said
    assert "\n10.00 USD in the customer's favour · " in shop.says("order", "show", str(IN_FAVOUR))


def test_an_order_of_a_subscription_names_it(shop: Shell) -> None:
    assert f" · from Monthly plan, {ACTIVE}\n" in shop.says("order", "show", "21")


def test_an_order_shows_what_waits(shop: Shell) -> None:
    shop.says(*REFUND, "--payment", "2", "--note", "Twice")
    said = shop.says("order", "show", str(BOUGHT))
    assert (
        "Awaiting approval\n"
        "  Refund 1      60.00 USD, refund by gateway\n"
        "  Requested by  Ann Agent, 2 Mar 2026 09:30\n"
        "  Reason        Duplicate: Twice\n"
        "  Approval      You requested this refund yourself, so another user has to approve it.\n"
    ) in said
    assert "  Decide  subtui refunds approve ID, or subtui refunds decline ID --note WHY\n" in said
    assert "Approval  " not in shop.says("--as", "admin", "order", "show", str(BOUGHT))


@pytest.mark.parametrize("args", [("order", "show", "99"), ("show", "/orders/99"), (*PAY[:2], "99", *PAY[3:])])
def test_an_order_that_is_not_there(shop: Shell, args: tuple[str, ...]) -> None:
    error = shop.answers(*args, exit_code=2)["error"]
    assert error == {"kind": "not_found", "message": "There is no order 99.", "fields": []}
    assert shop.run(*args).stderr == "There is no order 99.\n"


@pytest.mark.parametrize("number", ["0", "-1", "x", "9007199254740993"])
@pytest.mark.parametrize(
    "args",
    [
        ("order", "show"),
        ("order", "pay", "--amount", "1"),
        ("order", "correct", "--row", "1"),
        ("order", "reference", "--row", "1", "--reference", "R"),
    ],
)
def test_an_id_that_is_none(shop: Shell, args: tuple[str, ...], number: str) -> None:
    assert shop.answers(*args, "--json", "--", number, exit_code=2)["error"]["kind"] == "usage"


def test_a_viewer_looks(shop: Shell) -> None:
    assert shop.says("--as", "viewer", "order", "show", str(BOUGHT)) == shop.says("order", "show", str(BOUGHT))


@pytest.mark.parametrize(
    ("route", "command"), [("/orders/22/refund", "refund --help"), ("/orders/22/payment", "order pay --help")]
)
def test_forms_name_their_command(shop: Shell, route: str, command: str) -> None:
    assert shop.says("show", route).endswith(f"subtui {command}\n")
    assert shop.answers("show", route)["route"] == route
    assert shop.run(*command.split()).exit_code == 0


def test_a_letter_names_its_order(shop: Shell) -> None:
    shop.says(*REFUND)
    letter = shop.says("show", "/letters/1")
    assert letter.startswith("To       López, María <maria@small.example>\n")
    assert f"About    order {BOUGHT}\n" in letter
    assert shop.answers("show", "/letters/1")["order_id"] == BOUGHT
    shop.says("cancel", str(ACTIVE), "--end-date", "eom", "--reason", "unused")
    assert f"About    subscription {ACTIVE}\n" in shop.says("show", "/letters/2")


def test_every_order_of_the_demo_that_returned_something_can_be_printed(bare: Shell) -> None:
    bare.says("db", "init")
    with closing(sqlite3.connect(bare.db)) as connection:
        wanted = "SELECT DISTINCT order_id FROM payment WHERE kind <> 'charge' OR state <> 'approved'"
        numbers = [number for (number,) in connection.execute(wanted)]
    assert numbers
    for number in numbers:
        assert f"(order {number})" in bare.says("order", "show", str(number))
        assert bare.answers("order", "show", str(number))["id"] == number


# --- payments, credits, adjustments -----------------------------------------------------------------------------------


def test_a_payment_is_added(shop: Shell) -> None:
    said = shop.says(
        *PAY, "--date", "yesterday", "--type", " Cash ", "--note", "At the counter", "--reference", "No. 7"
    )
    assert said == (
        "Payment  +2,000 JPY\n"
        "Balance  5,000 JPY due → 3,000 JPY due\n"
        "Sent     nothing; no card is charged\n"
        "Payment recorded; 3,000 JPY due.\n"
    )
    order = order_of(shop, UNPAID)
    row = order["rows"][-1]
    assert (row["id"], row["kind"], row["amount"]["minor"], row["paid_on"]) == (NEW_ROW, "charge", 2000, "2026-03-01")
    assert (row["method"], row["note"], row["reference"]) == ("Cash", "At the counter", "No. 7")
    assert (row["recorded_by"], order["version"], order["owed"]["minor"]) == (AGENT, 2, 3000)
    event = shop.answers("log", "show", "--limit", "1")["events"][0]
    assert (event["title"], event["route"]) == ("Payment or credit added", f"/orders/{UNPAID}/payment")


def test_a_payment_in_json(shop: Shell) -> None:
    answer = shop.answers(*PAY)
    assert set(answer) == {"preview", "booked"}
    assert answer["preview"]["problems"] == []
    booked = answer["booked"]
    assert (booked["sentence"], booked["waiting"], booked["letter_id"]) == (
        "Payment recorded; 3,000 JPY due.",
        False,
        None,
    )
    assert booked["order"] == order_of(shop, UNPAID)
    assert booked["order"]["rows"][-1]["paid_on"] == DAY


def test_a_credit_and_an_adjustment(shop: Shell) -> None:
    assert shop.says(*PAY, "--kind", "credit").endswith("\nCredit recorded; 3,000 JPY due.\n")
    said = shop.says("order", "pay", str(IN_FAVOUR), "--amount", "-4.50", "--kind", "adjustment", "--note", "A gift")
    assert said.startswith("Adjustment  -4.50 USD\nBalance     10.00 USD in the customer's favour → 5.50 USD in ")
    assert order_of(shop, IN_FAVOUR)["rows"][-1]["kind"] == "adjustment"
    assert [row["kind"] for row in order_of(shop, UNPAID)["rows"]] == ["charge", "credit"]


def test_the_same_payment_again_is_another_payment(shop: Shell) -> None:
    shop.says(*PAY)
    shop.says(*PAY)
    assert order_of(shop, UNPAID)["owed"]["minor"] == 1000


def test_a_dry_run_shows_the_same_and_writes_nothing(shop: Shell) -> None:
    shop.says("show", "/")
    before = everything(shop.db)
    said = shop.says(*PAY, "--dry-run")
    answer = shop.answers(*PAY, "--dry-run")
    assert said.endswith(f"no card is charged\n{DRY}")
    assert answer["booked"] is None
    assert everything(shop.db) == before
    assert shop.answers(*PAY)["preview"] == answer["preview"]


REFUSED = [
    (UNPAID, ["--amount", "5001"], ["amount"]),
    (UNPAID, ["--amount", "0"], ["amount"]),
    (UNPAID, ["--amount=-1"], ["amount"]),
    (UNPAID, ["--amount", "1", "--date", "tomorrow"], ["paid_on"]),
    (UNPAID, ["--amount", "1", "--date", "2026-02-19"], ["paid_on"]),
    (UNPAID, ["--amount", "1", "--note", "x" * 501], ["note"]),
    (UNPAID, ["--amount", "1", "--reference", "x" * 101], ["reference"]),
    (UNPAID, ["--amount", "1", "--kind", "adjustment"], ["note"]),
    (IN_FAVOUR, ["--amount", "5"], ["amount"]),
    (IN_FAVOUR, ["--amount=-11", "--kind", "adjustment", "--note", "N"], ["amount"]),
    (BOUGHT, ["--amount", "1"], ["amount"]),
    (UNPAID, ["--amount", "0", "--date", "tomorrow", "--kind", "adjustment"], ["amount", "paid_on", "note"]),
]


@pytest.mark.parametrize(("number", "options", "wanted"), REFUSED)
def test_what_a_rule_refuses(shop: Shell, number: int, options: list[str], wanted: list[str]) -> None:
    rows = shop.rows()
    command = ("order", "pay", str(number), *options)
    error = shop.answers(*command, exit_code=1)["error"]
    assert (error["kind"], fields(error)) == ("invalid", wanted)
    assert shop.run(*command).stdout == ""
    dry = shop.answers(*command, "--dry-run", exit_code=1)
    assert ([problem["field"] for problem in dry["preview"]["problems"]], dry["booked"]) == (wanted, None)
    result = shop.run(*command, "--dry-run")
    assert (result.exit_code, result.stderr.count("\n")) == (1, len(wanted))
    assert DRY not in result.stdout
    assert shop.rows() == rows


WRONG = [
    ([], "Missing option '--amount'"),
    (["--amount", ""], "--amount: Enter an amount in JPY, such as 1,234."),
    (["--amount", "much"], "--amount: This is not an amount in JPY"),
    (["--amount", "12.50"], "--amount: An amount in JPY has no decimals"),
    (["--amount", "5 USD"], "--amount: This amount must be in JPY, not in USD."),
    (["--amount", "9" * 16], "--amount: This amount is too large"),
    (["--amount", "\u0661"], "--amount: This is not an amount in JPY"),
    (["--amount", "1", "--date", "soon"], "--date: "),
    (["--amount", "1", "--date", ""], "--date: Enter a date"),
    (["--amount", "1", "--kind", "gift"], "'--kind'"),
    (["--amount", "1", "--note", "\udcff"], "not text in your terminal's encoding"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_cannot_be_read(shop: Shell, options: list[str], said: str) -> None:
    rows = shop.rows()
    result = shop.run("order", "pay", str(UNPAID), *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert shop.rows() == rows


def test_a_viewer_adds_nothing(shop: Shell) -> None:
    rows, why = shop.rows(), VIEWER.format("record a payment")
    result = shop.run("--as", "viewer", *PAY)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", why)
    assert shop.answers("--as", "viewer", *PAY, exit_code=1)["error"]["kind"] == "not_allowed"
    result = shop.run("--as", "viewer", *PAY, "--dry-run")
    assert (result.exit_code, result.stderr) == (1, why)
    assert shop.answers("--as", "viewer", *PAY, "--dry-run", exit_code=1)["preview"]["problems"] == [
        {"field": "role", "sentence": why.strip()}
    ]
    assert shop.rows() == rows


# --- corrections and references ---------------------------------------------------------------------------------------

CORRECT = ("order", "correct", str(BOUGHT), "--row", str(NEW_ROW))
REFERENCE = ("order", "reference", str(BOUGHT), "--row", str(NEW_ROW), "--reference", " re_77 ")


def test_a_refund_of_today_is_corrected(shop: Shell) -> None:
    shop.says(*REFUND)
    assert shop.says(*CORRECT) == "Refund reversed; nothing due.\n"
    order = order_of(shop, BOUGHT)
    assert [(row["kind"], row["depth"]) for row in order["rows"]] == [
        ("charge", 0),
        ("charge", 0),
        ("refund", 1),
        ("credit", 2),
        ("credit_correction", 3),
        ("refund_correction", 2),
    ]
    assert (order["rows"][1]["left"]["minor"], order["refunded"]["minor"], order["credited"]["minor"]) == (4000, 0, 0)
    _, line = [line for line in shop.says("order", "show", str(BOUGHT)).splitlines() if "Reversal" in line]
    assert line.startswith("  10   2 Mar 2026    └ Reversal   40.00 USD  ")
    assert line.endswith("  Reverses refund 8 · recorded by Ann Agent")
    assert shop.answers("show", "/letters/1")["undone"] is True
    event = shop.answers("log", "show", "--limit", "1")["events"][0]
    assert (event["title"], event["route"]) == ("Refund reversed", f"/orders/{BOUGHT}")


def test_a_correction_in_json(shop: Shell) -> None:
    shop.says(*REFUND)
    booked = shop.answers(*CORRECT)["booked"]
    assert booked["order"] == order_of(shop, BOUGHT)
    assert booked["waiting"] is False


def test_what_is_not_corrected(shop: Shell) -> None:
    shop.says(*REFUND)
    rows = shop.rows()
    for day, row, why in (
        (DAY, "3", "Only a refund or a void can be reversed.\n"),
        (DAY, "9", "Only a refund or a void can be reversed.\n"),
        ("2026-03-03", str(NEW_ROW), "A refund can only be reversed on its own day. "),
    ):
        result = shop.run("--at", day, *CORRECT[:-1], row)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(why)
    assert shop.rows() == rows
    shop.says(*CORRECT)
    rows = shop.rows()
    assert shop.answers(*CORRECT, exit_code=1)["error"] == {
        "kind": "refused",
        "message": "This refund has already been reversed.",
        "fields": [],
    }
    assert shop.rows() == rows


def test_the_reference_is_noted_and_corrected(shop: Shell) -> None:
    shop.says(*REFUND)
    assert shop.says(*REFERENCE) == "Reference saved: re_77.\n"
    assert order_of(shop, BOUGHT)["rows"][2]["reference"] == "re_77"
    rows = shop.rows()
    result = shop.run(*REFERENCE)
    assert (result.exit_code, result.stderr) == (1, "The reference is already re_77.\n")
    assert shop.rows() == rows
    assert shop.says(*REFERENCE[:-1], "re_78") == "Reference changed from re_77 to re_78.\n"
    assert order_of(shop, BOUGHT)["rows"][2]["reference"] == "re_78"


def test_a_reference_in_json(shop: Shell) -> None:
    shop.says(*REFUND)
    booked = shop.answers(*REFERENCE)["booked"]
    assert (booked["sentence"], booked["order"]) == ("Reference saved: re_77.", order_of(shop, BOUGHT))


@pytest.mark.parametrize(
    ("row", "reference", "kind"),
    [
        ("2", "R", "refused"),
        (str(NEW_ROW), "", "invalid"),
        (str(NEW_ROW), "  ", "invalid"),
        ("8", "x" * 101, "invalid"),
    ],
)
def test_what_is_no_reference(shop: Shell, row: str, reference: str, kind: str) -> None:
    shop.says(*REFUND)
    rows = shop.rows()
    command = ("order", "reference", str(BOUGHT), "--row", row, "--reference", reference)
    assert shop.answers(*command, exit_code=1)["error"]["kind"] == kind
    assert shop.rows() == rows


@pytest.mark.parametrize("command", [CORRECT, REFERENCE])
@pytest.mark.parametrize("row", ["1", "99"])
def test_a_row_of_another_order(shop: Shell, command: tuple[str, ...], row: str) -> None:
    rows = shop.rows()
    args = (*command[:3], "--row", row, *command[5:])
    error = shop.answers(*args, exit_code=2)["error"]
    assert error["message"] == f"Order 22 has no row {row}. List its rows with: subtui order show 22"
    assert error["kind"] == "not_found"
    assert shop.rows() == rows


@pytest.mark.parametrize("command", [CORRECT, REFERENCE])
def test_a_viewer_corrects_nothing(shop: Shell, command: tuple[str, ...]) -> None:
    shop.says(*REFUND)
    rows = shop.rows()
    result = shop.run("--as", "viewer", *command)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", VIEWER.format("refund an order"))
    assert shop.answers("--as", "viewer", *command, exit_code=1)["error"]["kind"] == "not_allowed"
    assert shop.rows() == rows


# --- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "args",
    [
        ("order",),
        ("order", "nonsense"),
        ("order", "show"),
        ("order", "pay", "22"),
        ("order", "correct", "22"),
        ("order", "correct", "22", "--row", "x"),
        ("order", "reference", "22", "--row", "8"),
        ("order", "reference", "22", "--reference", "R"),
    ],
)
def test_wrong_usage(shop: Shell, args: tuple[str, ...]) -> None:
    rows = shop.rows()
    result = shop.run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert shop.rows() == rows


def test_read_only_changes_nothing(shop: Shell) -> None:
    shop.says(*REFUND)
    rows = shop.rows()
    for command in (PAY, CORRECT, REFERENCE):
        result = shop.run("--read-only", *command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "This is read-only mode: nothing can be changed.\n"
        assert shop.answers("--read-only", *command, exit_code=1)["error"]["kind"] == "refused"
    for looking in ((*PAY, "--dry-run"), ("order", "show", str(BOUGHT)), ("show", f"/orders/{BOUGHT}")):
        assert shop.run("--read-only", *looking).exit_code == 0
    assert shop.rows() == rows


def test_own_data_takes_a_password(own: Shell) -> None:
    show = ("--as", "agent@small.example", "order", "show", "21")
    assert own.run(*show, SUBTUI_PASSWORD="nonsense").exit_code == 1
    assert own.answers(*show, SUBTUI_PASSWORD=PASSWORD)["total"]["minor"] == 4900


def test_dates_in_the_format_of_the_settings(shop: Shell) -> None:
    said = shop.says("order", "show", str(TODAYS), SUBTUI_DATE_FORMAT="yyyy-MM-dd")
    assert " · ordered 2026-02-20\n" in said
    assert "   7  2026-03-02  Credit Card  45.00 USD" in said
    day_first = ("order", "pay", str(UNPAID), "--amount", "1", "--date", "02/03/2026")
    booked = shop.answers(*day_first, SUBTUI_DATE_ORDER="dmy")["booked"]
    assert booked["order"]["rows"][-1]["paid_on"] == "2026-03-02"
    # Whoever writes the month first means the third of February, which is before the order.
    assert shop.run(*day_first, SUBTUI_DATE_FORMAT="MM/dd/yyyy").exit_code == 1


def test_nothing_from_data_steers_the_terminal(shop: Shell) -> None:
    evil = "\x1b[31mred\r\nTotal\u202e\x9b"
    shop.says("refund", str(ODD), "--reason", "other", "--note", evil, "--amount", "5")
    shop.says("order", "reference", str(ODD), "--row", str(NEW_ROW), "--reference", evil)
    shop.says("refund", str(ODD), "--reason", "other", "--note", evil, "--amount", "5", "--owed-after", "5")
    display_config: list[tuple[str, ...]] = [
        ("order", "show", str(ODD)),
        ("show", f"/orders/{ODD}"),
        ("show", "/letters/1"),
        ("show", "/contacts/2/orders"),
        ("order", "reference", str(ODD), "--row", str(NEW_ROW), "--reference", evil),
        ("order", "pay", str(ODD), "--amount", "1", "--type", evil, "--note", evil, "--reference", evil, "--dry-run"),
        ("order", "pay", str(ODD), "--amount", "1", "--type", evil, "--note", evil, "--reference", evil),
        ("order", "pay", str(ODD), "--amount", evil),
        ("order", "pay", str(ODD), "--amount", "1", "--date", evil),
        ("order", "correct", str(ODD), "--row", evil),
        ("order", "correct", str(ODD), "--row", str(NEW_ROW)),
        ("log", "show"),
    ]
    for args in display_config:
        for more in ([], ["--json"]):
            result = shop.run(*args, *more)
            said = result.stdout + result.stderr
            assert said
            assert "error in subtui" not in said
            assert [mark for mark in said if mark != "\n" and not mark.isprintable()] == [], args
    lines = [line.split() for line in shop.says("order", "show", str(ODD)).splitlines()]
    assert [line[0] for line in lines if line and line[0].startswith("Total")] == ["Total"]
    note = json.loads(shop.says("order", "show", str(ODD), "--json"))["rows"][1]["note"]
    assert note == evil.strip()
