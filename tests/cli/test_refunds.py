"""Refunds from the command line: what goes back, what waits for another person, what is half done."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from subtui.domain.order_views import MoneyPreview, RefundDraft
from subtui.services.desk import Desk

from .conftest import Shell
from .small_seed import ACTIVE, BOUGHT, ENDING, IN_FAVOUR, LIMIT, ODD, TODAYS, UNPAID

REFUND = ("refund", str(BOUGHT), "--reason", "duplicate")
BIG = (*REFUND, "--payment", "2")
"""Above the limit of an agent."""
APPROVE, DECLINE = ("refunds", "approve", "1"), ("refunds", "decline", "1", "--note", "Ask her first.")
CODES = "requested_by_customer, duplicate, not_delivered, unsatisfactory, fraudulent, other"
DRY = "Nothing was saved: this was a dry run.\n"
VIEWER = "A viewer cannot refund an order: ask an agent, an admin or the owner.\n"
ASKED = f"60.00 USD is above {LIMIT}: it waits for another person. Nothing was returned yet."
TWICE = "This refund has been recorded already, by Ann Agent. It was not done again."


def order_of(shell: Shell, number: int = BOUGHT) -> dict[str, Any]:
    """An order as it is stored."""
    found: dict[str, Any] = shell.answers("order", "show", str(number))
    return found


def newest(shell: Shell) -> dict[str, Any]:
    """The newest entry of the log."""
    event: dict[str, Any] = shell.answers("log", "show", "--limit", "1")["events"][0]
    return event


def fields(answer: dict[str, Any]) -> list[str]:
    """Where the problems of a preview or an error are."""
    return [problem["field"] for problem in answer["problems" if "problems" in answer else "fields"]]


def dying(shop: Shell) -> None:
    """Ask for a refund above the limit, and change its order meanwhile."""
    shop.says(*BIG)
    shop.says(*REFUND, "--payment", "3", "--amount", "1")


# --- recording --------------------------------------------------------------------------------------------------------


def test_the_newest_payment_goes_back_whole(shop: Shell) -> None:
    said = shop.says(*REFUND)
    assert said.startswith("Refund   -40.00 USD of the payment of 25 Feb 2026 by Credit Card\nCredit   +40.00 USD")
    for line in ("Balance  nothing due, as before\n", "Left     0.00 USD of this payment\n"):
        assert line in said
    assert said.endswith(
        "\nRecorded, not sent: 40.00 USD back to López, María; nothing due.\n"
        "The letter to the customer: subtui show /letters/1\n"
    )
    order = order_of(shop)
    assert [row["left"] and row["left"]["minor"] for row in order["rows"]] == [6000, 0, None, None]
    refund = order["rows"][2]
    assert (refund["amount"]["minor"], refund["method"], refund["reason"]) == (-4000, "Refund", "Duplicate")
    event = newest(shop)
    assert (event["title"], event["reason"], event["route"]) == (
        "Refund recorded",
        "duplicate",
        f"/orders/{BOUGHT}/refund",
    )
    assert "Amount       40.00 USD\n" in shop.says("show", "/letters/1")


def test_the_next_one_is_the_newest_with_something_left(shop: Shell) -> None:
    shop.says(*REFUND)
    said = shop.says("--as", "admin", *REFUND)
    assert said.startswith("Refund   -60.00 USD of the payment of 20 Feb 2026")
    result = shop.run(*REFUND)
    assert (result.exit_code, result.stderr) == (1, "All of this payment has been returned already.\n")
    assert order_of(shop)["why_not_refund"]


def test_a_refund_in_json(shop: Shell) -> None:
    answer = shop.answers(*REFUND)
    assert set(answer) == {"preview", "booked", "waiting"}
    line = answer["preview"]["lines"][0]
    assert (set(line), line["label"], line["changed"]) == ({"label", "text", "changed"}, "Refund", True)
    assert (answer["preview"]["amount"]["minor"], answer["preview"]["needs_approval"]) == (4000, False)
    assert (answer["waiting"], answer["booked"]["waiting"], answer["booked"]["letter_id"]) == (False, False, 1)
    assert answer["booked"]["order"] == order_of(shop)
    letter = shop.answers("show", "/letters/1")
    assert letter["log_hash"] == shop.answers("log", "verify")["newest"]
    assert answer["booked"]["event_id"] == newest(shop)["id"]


def test_everything_that_can_be_said(shop: Shell) -> None:
    shop.says(
        *("refund", str(BOUGHT), "--reason", "other", "--payment", "2", "--amount", "USD 12.50", "--kind", "manual"),
        *("--owed-after", "2.5", "--note", "A tin was dented", "--reference", "bank 7", "--line", "3"),
    )
    order = order_of(shop)
    refund = order["rows"][1]
    assert (refund["amount"]["minor"], refund["method"], refund["reference"]) == (-1250, "Manual refund", "bank 7")
    assert (refund["reason"], refund["note"]) == ("Other", "A tin was dented")
    assert (order["owed"]["minor"], order["credited"]["minor"]) == (250, 1000)
    assert [item["left"]["minor"] for item in order["items"]] == [6000, 2750]
    assert "-12.50 USD                  Manual refund · Other · A tin was dented · reference bank 7 · by" in shop.says(
        "order", "show", str(BOUGHT)
    )


def test_a_void_on_the_day_of_the_payment(shop: Shell) -> None:
    void = ("refund", str(TODAYS), "--reason", "duplicate", "--kind", "void")
    assert shop.says(*void).startswith("Void     -45.00 USD of the payment of 2 Mar 2026")
    assert order_of(shop, TODAYS)["rows"][1]["kind"] == "void"


def test_what_was_paid_too_much_goes_back_without_a_credit(shop: Shell) -> None:
    shop.says("refund", str(IN_FAVOUR), "--reason", "duplicate", "--amount", "10")
    order = order_of(shop, IN_FAVOUR)
    assert (order["owed"]["minor"], order["credited"]["minor"]) == (0, 0)


def test_amounts_in_the_currency_of_the_order(shop: Shell) -> None:
    shop.says("order", "pay", str(UNPAID), "--amount", "5,000")
    command = ("refund", str(UNPAID), "--reason", "duplicate", "--amount")
    assert shop.run(*command, "1.50").stderr == "--amount: An amount in JPY has no decimals: write it like 1,234.\n"
    assert shop.answers(*command, "1,500 JPY")["preview"]["amount"]["text"] == "1,500 JPY"


def test_a_dry_run_shows_the_same_and_writes_nothing(shop: Shell) -> None:
    shop.says("show", "/")
    before, rows = shop.db.read_bytes(), shop.rows()
    said = shop.says(*REFUND, "--dry-run")
    answer = shop.answers(*REFUND, "--dry-run")
    assert said.startswith("Refund   -40.00 USD")
    assert said.endswith(f"\n{DRY}")
    assert answer["booked"] is None
    assert (shop.db.read_bytes(), shop.rows()) == (before, rows)
    assert shop.answers(*REFUND)["preview"] == answer["preview"]


def test_a_dry_run_says_that_it_would_wait(shop: Shell) -> None:
    rows = shop.rows()
    assert f"Approval  waits for another person: above {LIMIT}\n" in shop.says(*BIG, "--dry-run")
    assert shop.answers(*BIG, "--dry-run")["preview"]["needs_approval"] is True
    assert "Approval" not in shop.says("--as", "admin", *BIG, "--dry-run")
    assert shop.rows() == rows


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
    assert "nothing has been paid yet" in shop.says("order", "show", str(UNPAID))
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
    (["--reason", "duplicate", "--payment", "1"], "--payment: 1 is no payment of order 22. Its payments are: 2, 3.\n"),
    (["--reason", "duplicate", "--payment", "99"], "--payment: 99 is no payment of order 22."),
    (["--reason", "duplicate", "--line", "1"], "--line: 1 is no line of order 22. Its lines are: 2, 3.\n"),
    (["--reason", "duplicate", "--key", " "], "--key: a key has 1 to 100 characters.\n"),
    (["--reason", "duplicate", "--key", "x" * 101], "--key: a key has 1 to 100 characters.\n"),
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
        "message": "--payment: 8 is no payment of order 22. Its payments are: 2, 3.",
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
        (APPROVE, "There is no refund 1 that waits for approval."),
        (DECLINE, "There is no refund 1 that waits for approval."),
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


# --- once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["ticket 7", " ticket 7 "])
def test_with_the_same_key_nothing_goes_back_twice(shop: Shell, key: str) -> None:
    once = (*REFUND, "--amount", "5")
    shop.says(*once, "--key", "ticket 7")
    rows = shop.rows()
    result = shop.run(*once, "--key", key)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{TWICE}\n")
    assert shop.answers(*once, "--key", key, exit_code=1)["error"] == {
        "kind": "refused",
        "message": TWICE,
        "fields": [],
    }
    assert shop.rows() == rows


def test_the_same_key_says_so_also_when_nothing_is_left(shop: Shell) -> None:
    for number in ("21", str(ODD)):
        shop.says("refund", number, "--reason", "duplicate", "--key", number)
        result = shop.run("refund", number, "--reason", "duplicate", "--key", number)
        assert (result.exit_code, result.stderr) == (1, f"{TWICE}\n")


def test_without_a_key_each_is_another_refund(shop: Shell) -> None:
    shop.says(*REFUND, "--amount", "5")
    shop.says(*REFUND, "--amount", "5")
    assert order_of(shop)["refunded"]["minor"] == 1000


def test_with_the_same_key_it_is_asked_for_once(shop: Shell) -> None:
    shop.says(*BIG, "--key", "k")
    rows = shop.rows()
    result = shop.run(*BIG, "--key", "k")
    assert result.exit_code == 1
    assert result.stderr == "This refund has been asked for already, and is waiting. It was not asked for again.\n"
    assert shop.rows() == rows


def test_an_order_that_changes_meanwhile(shop: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Desk.preview_refund

    def and_somebody_refunds(desk: Desk, order_id: int, draft: RefundDraft) -> MoneyPreview:
        monkeypatch.setattr(Desk, "preview_refund", real)
        found = desk.preview_refund(order_id, draft)
        shop.says("--as", "admin", *REFUND, "--amount", "30")
        return found

    monkeypatch.setattr(Desk, "preview_refund", and_somebody_refunds)
    error = shop.answers(*REFUND, "--amount", "30", exit_code=1)["error"]
    assert (error["kind"], error["version"]) == ("stale", 2)
    assert error["message"] == "Ada Admin changed this order after you opened it. Nothing was saved."
    assert error["differences"] == [{"label": "Left to return", "mine": "40.00 USD", "theirs": "10.00 USD"}]
    assert order_of(shop)["refunded"]["minor"] == 3000


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


# --- four eyes --------------------------------------------------------------------------------------------------------


def test_above_the_limit_it_waits(shop: Shell) -> None:
    before = order_of(shop)
    said = shop.says(*BIG)
    assert f"Approval  waits for another person: above {LIMIT}\n" in said
    assert said.endswith(f"\n{ASKED}\nIt waits for an owner or admin other than you: subtui refunds approve 1\n")
    assert "/letters/" not in said
    after = order_of(shop)
    assert (after["rows"], after["version"], after["owed"]) == (before["rows"], 1, before["owed"])
    assert [row["amount"]["minor"] for row in after["waiting"]] == [6000]
    assert newest(shop)["title"] == "Refund waits for approval"


def test_above_the_limit_in_json(shop: Shell) -> None:
    answer = shop.answers(*BIG)
    assert (answer["waiting"], answer["booked"]["waiting"], answer["booked"]["letter_id"]) == (True, True, None)
    assert answer["booked"]["sentence"] == ASKED
    assert answer["preview"]["needs_approval"] is True
    waiting = answer["booked"]["order"]["waiting"][0]
    assert (waiting["id"], waiting["standing"], waiting["requested_by"]) == (1, "waiting", "Ann Agent")


@pytest.mark.parametrize(("amount", "waits"), [("50.00", False), ("50.01", True)])
def test_the_limit_itself_is_not_above_it(shop: Shell, amount: str, waits: bool) -> None:
    assert shop.answers(*BIG, "--amount", amount)["waiting"] is waits


def test_the_newest_that_waits_is_the_one_that_is_named(shop: Shell) -> None:
    shop.says(*BIG)
    assert "subtui refunds approve 2\n" in shop.says(*BIG)


@pytest.mark.parametrize(("who", "name"), [("admin", "Ada Admin"), ("owner", "Olga Owner")])
def test_another_person_approves(shop: Shell, who: str, name: str) -> None:
    shop.says(*BIG, "--note", "Twice")
    assert shop.says("--as", who, *APPROVE) == (
        "Recorded, not sent: 60.00 USD back to López, María; nothing due.\n"
        "The letter to the customer: subtui show /letters/1\n"
    )
    order = order_of(shop)
    assert (order["waiting"], order["rows"][1]["note"], order["rows"][1]["recorded_by"]) == ([], "Twice", name)
    event = newest(shop)
    assert (event["title"], event["actor"], event["route"]) == ("Refund approved", name, f"/orders/{BOUGHT}")
    rows = shop.rows()
    result = shop.run("--as", who, *APPROVE)
    assert (result.exit_code, result.stderr) == (1, "This refund is approved already.\n")
    assert shop.rows() == rows


def test_an_approval_in_json(shop: Shell) -> None:
    shop.says(*BIG)
    answer = shop.answers("--as", "admin", *APPROVE)
    assert set(answer) == {"booked"}
    assert (answer["booked"]["waiting"], answer["booked"]["letter_id"]) == (False, 1)
    assert answer["booked"]["order"] == order_of(shop) | {"rows": answer["booked"]["order"]["rows"]}


def test_nobody_approves_their_own(shop: Shell) -> None:
    with closing(sqlite3.connect(shop.db)) as connection:
        connection.execute("UPDATE account SET refund_limits = ?", ('{"admin": {"USD": 0}}',))
        connection.commit()
    said = shop.says("--as", "admin@small.example", *BIG)
    assert "It waits for an owner or admin other than you" in said
    rows = shop.rows()
    for command in (APPROVE, DECLINE):
        result = shop.run("--as", "admin@small.example", *command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "You asked for this refund yourself: another person has to approve it.\n"
    assert shop.rows() == rows
    shop.says("--as", "newadmin@small.example", *APPROVE)


@pytest.mark.parametrize("command", [APPROVE, DECLINE])
@pytest.mark.parametrize("who", ["agent", "viewer"])
def test_who_may_not_decide(shop: Shell, who: str, command: tuple[str, ...]) -> None:
    shop.says(*BIG)
    rows = shop.rows()
    result = shop.run("--as", who, *command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith(" cannot approve a refund: ask an admin or the owner.\n")
    assert shop.answers("--as", who, *command, exit_code=1)["error"]["kind"] == "not_allowed"
    assert shop.rows() == rows


def test_a_refund_is_declined(shop: Shell) -> None:
    shop.says(*BIG)
    assert shop.says("--as", "admin", *DECLINE) == "Not approved. Nothing was returned.\n"
    assert order_of(shop)["waiting"] == []
    assert (newest(shop)["title"], newest(shop)["reason"]) == ("Refund not approved", "Ask her first.")
    for command in (APPROVE, DECLINE):
        result = shop.run("--as", "admin", *command)
        assert (result.exit_code, result.stderr) == (1, "This refund is declined already.\n")


def test_declining_in_json_and_without_a_reason(shop: Shell) -> None:
    shop.says(*BIG)
    rows = shop.rows()
    error = shop.answers("--as", "admin", *DECLINE[:-1], "  ", exit_code=1)["error"]
    assert (error["kind"], error["message"]) == ("invalid", "Say why it is not approved.")
    assert shop.rows() == rows
    booked = shop.answers("--as", "admin", *DECLINE)["booked"]
    assert (booked["order"]["waiting"], booked["letter_id"]) == ([], None)


def test_what_waits_dies_when_its_order_changes(shop: Shell) -> None:
    dying(shop)
    refunded = order_of(shop)["refunded"]
    result = shop.run("--as", "admin", *APPROVE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Not done: the order has changed since it was asked for. Ask for the refund again on the order as it is now.\n"
    )
    order = order_of(shop)
    assert (order["refunded"], order["waiting"]) == (refunded, [])
    rows = shop.rows()
    result = shop.run("--as", "admin", *APPROVE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert shop.rows() == rows


def test_what_died_in_json(shop: Shell) -> None:
    dying(shop)
    error = shop.answers("--as", "admin", *APPROVE, exit_code=1)["error"]
    assert (error["kind"], error["booked"]["order"]["waiting"]) == ("refused", [])
    assert error["message"] == error["booked"]["sentence"]


# --- what is half done ------------------------------------------------------------------------------------------------


def test_nothing_is_half_done(shop: Shell) -> None:
    assert shop.says("refunds", "list") == "Refunds to finish: 0 of 0\n\nnone\n"
    assert shop.answers("refunds", "list") == {"rows": [], "total": 0, "waiting": []}
    assert "Refunds  " not in shop.says("show", "/")


def test_what_is_half_done(shop: Shell) -> None:
    shop.says("refunds", "later", str(ENDING))
    shop.says(*BIG)
    shop.says("refund", "21", "--reason", "duplicate")
    said = shop.says("refunds", "list")
    assert said.splitlines() == [
        "Refunds to finish: 3 of 3",
        "",
        "Since       Contact          Amount  What is left to do                         Where",
        "2 Mar 2026  López, María          -  cancelled, refund still to do              /subscriptions/13",
        "2 Mar 2026  López, María  60.00 USD  waits for approval, asked by Ann Agent     /orders/22",
        "2 Mar 2026  López, María  49.00 USD  recorded, waits for the gateway reference  /orders/21",
        "",
        "Waiting for approval",
        "  Id  Order  Contact          Amount  How                Asked by   Asked             You may  Reason",
        "   1     22  López, María  60.00 USD  Refund by gateway  Ann Agent  2 Mar 2026 09:30  No       Duplicate",
        "  To decide: subtui refunds approve ID, or subtui refunds decline ID --note WHY",
    ]
    assert shop.says("show", "/refunds") == said
    assert "Refunds               3 to finish\n" in shop.says("show", "/")
    assert shop.answers("show", "/")["refunds_to_finish"] == 3


def test_what_is_half_done_in_json(shop: Shell) -> None:
    shop.says(*BIG)
    shop.says(*BIG, "--amount", "55")
    answer = shop.answers("refunds", "list")
    assert (set(answer), answer["total"]) == ({"rows", "total", "waiting"}, 2)
    assert [(row["kind"], row["route"]) for row in answer["rows"]] == [("approval", f"/orders/{BOUGHT}")] * 2
    assert [(row["id"], row["amount"]["minor"]) for row in answer["waiting"]] == [(1, 6000), (2, 5500)]
    assert answer["waiting"][0]["why_not_approve"].startswith("You asked for this refund yourself")
    assert shop.answers("show", "/refunds") == answer
    assert shop.answers("--as", "admin", "refunds", "list")["waiting"][0]["why_not_approve"] == ""


def test_what_is_finished_is_no_longer_listed(shop: Shell) -> None:
    shop.says("cancel", str(ACTIVE), "--end-date", "eom", "--reason", "unused")
    shop.says("refunds", "later", str(ACTIVE))
    assert "/orders/21\n" in shop.says("refunds", "list")
    shop.says("refund", "21", "--reason", "duplicate")
    shop.says(*BIG)
    assert [row["kind"] for row in shop.answers("refunds", "list")["rows"]] == ["approval", "reference"]
    shop.says("order", "reference", "21", "--row", "8", "--reference", "re_1")
    shop.says("--as", "admin", *DECLINE)
    assert shop.answers("refunds", "list")["total"] == 0


def test_a_refund_is_noted_for_later(shop: Shell) -> None:
    later = ("refunds", "later", str(ENDING))
    sentence = "Noted: the refund is still to do. F lists it until it is recorded."
    assert shop.says(*later) == f"{sentence}\n"
    assert "Refund    still to do\n" in shop.says("show", f"/subscriptions/{ENDING}")
    assert (newest(shop)["title"], newest(shop)["route"]) == (
        "Refund noted as still to do",
        f"/subscriptions/{ENDING}",
    )
    rows = shop.rows()
    result = shop.run(*later)
    assert (result.exit_code, result.stderr) == (1, "It is noted already that a refund is still to do.\n")
    result = shop.run("refunds", "later", str(ACTIVE))
    assert (result.exit_code, result.stderr) == (
        1,
        "This subscription has not been cancelled: refund one of its orders instead.\n",
    )
    assert shop.rows() == rows


def test_a_note_for_later_in_json(shop: Shell) -> None:
    noted = shop.answers("refunds", "later", str(ENDING))["noted"]
    assert noted["subscription_id"] == ENDING
    assert noted["sentence"].startswith("Noted: ")
    error = shop.answers("--as", "viewer", "refunds", "later", str(ENDING), exit_code=1)["error"]
    assert (error["kind"], f"{error['message']}\n") == ("not_allowed", VIEWER)


# --- all of them ------------------------------------------------------------------------------------------------------


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


def test_nothing_from_data_steers_the_terminal(shop: Shell) -> None:
    evil = "\x1b[31mred\r\nRefund\u202e\x9b"
    with closing(sqlite3.connect(shop.db)) as connection:
        connection.execute("UPDATE user SET name = name || ?", (evil,))
        connection.execute("UPDATE account SET refund_limits = ?", ('{"agent": {"USD": 2000}}',))
        connection.commit()
    refund = ("refund", str(ODD), "--reason", "other", "--note", evil, "--reference", evil, "--key", evil)
    commands: list[tuple[str, ...]] = [
        (*refund, "--dry-run"),
        refund,
        refund,
        ("refunds", "list"),
        ("show", "/refunds"),
        ("order", "show", str(ODD)),
        ("refund", str(ODD), "--reason", evil),
        ("refund", str(ODD), "--reason", "other", "--note", evil, "--amount", evil),
        ("refund", str(ODD), "--reason", "other", "--note", evil, "--amount", "1", "--kind", evil),
        ("refunds", "approve", evil),
        ("--as", "admin", "refunds", "decline", "2", "--note", evil),
        ("--as", "admin", "refunds", "approve", "1"),
        ("show", "/letters/1"),
        ("log", "show"),
        ("refunds", "later", str(ENDING)),
        ("show", "/"),
    ]
    for args in commands:
        for more in ([], ["--json"]):
            result = shop.run(*args, *more)
            said = result.stdout + result.stderr
            assert said
            assert "fault in subtui" not in said
            assert [mark for mark in said if mark != "\n" and not mark.isprintable()] == [], args
    assert order_of(shop, ODD)["refunded"]["minor"] == 3000


def test_the_settings_tell_the_limits(shop: Shell) -> None:
    assert f"Refund limit  agent {LIMIT}\n" in shop.says("--as", "owner", "show", "/admin/settings")
