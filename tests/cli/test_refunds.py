"""Refunds from the command line: what goes back, what a dry run shows, and nothing twice."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from subtui.acts.orders import PreviewRefund
from subtui.services.backend import Backend
from tests.services.database import everything

from .conftest import Shell
from .refunding import BIG, DRY, REFUND, newest, order_of
from .small_seed import BOUGHT, ENDING, IN_FAVOUR, LIMIT, ODD, TODAYS, UNPAID

DONE_BEFORE = "Already done by Ann Agent (log entry 2, order.refund). Nothing was repeated.\n"


# --- recording --------------------------------------------------------------------------------------------------------


def test_the_newest_payment_goes_back_whole(shop: Shell) -> None:
    said = shop.says(*REFUND)
    assert said.startswith("Refund   -40.00 USD of the payment on 25 Feb 2026 (Credit Card)\nCredit   +40.00 USD")
    for line in ("Balance  nothing due (unchanged)\n", "Left     0.00 USD of this payment\n"):
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
    assert said.startswith("Refund   -60.00 USD of the payment on 20 Feb 2026")
    result = shop.run(*REFUND)
    assert (result.exit_code, result.stderr) == (1, "This payment has already been refunded in full.\n")
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
    said = shop.says("order", "show", str(BOUGHT))
    assert "bank 7     Manual refund · Other · A tin was dented · recorded by Ann Agent\n" in said


def test_a_void_on_the_day_of_the_payment(shop: Shell) -> None:
    void = ("refund", str(TODAYS), "--reason", "duplicate", "--kind", "void")
    assert shop.says(*void).startswith("Void     -45.00 USD of the payment on 2 Mar 2026")
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
    before = everything(shop.db)
    said = shop.says(*REFUND, "--dry-run")
    answer = shop.answers(*REFUND, "--dry-run")
    assert said.startswith("Refund   -40.00 USD")
    assert said.endswith(f"\n{DRY}")
    assert answer["booked"] is None
    assert everything(shop.db) == before
    assert shop.answers(*REFUND)["preview"] == answer["preview"]


def test_a_dry_run_says_that_it_would_wait(shop: Shell) -> None:
    rows = shop.rows()
    assert f"Approval  needed from another user (above {LIMIT})\n" in shop.says(*BIG, "--dry-run")
    assert shop.answers(*BIG, "--dry-run")["preview"]["needs_approval"] is True
    assert "Approval" not in shop.says("--as", "admin", *BIG, "--dry-run")
    assert shop.rows() == rows


# --- once -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["ticket 7", " ticket 7 "])
def test_with_the_same_key_nothing_goes_back_twice(shop: Shell, key: str) -> None:
    once = (*REFUND, "--amount", "5")
    shop.says(*once, "--key", "ticket 7")
    rows = shop.rows()
    assert shop.says(*once, "--key", key) == DONE_BEFORE
    done = shop.answers(*once, "--intention", key)["already_done"]
    assert (done["command"], done["subject"], done["actor"]) == ("order.refund", f"order:{BOUGHT}", "Ann Agent")
    assert shop.rows() == rows


def test_the_same_key_says_so_also_when_nothing_is_left(shop: Shell) -> None:
    for number in ("21", str(ODD)):
        refund = ("refund", number, "--reason", "duplicate", "--key", number)
        shop.says(*refund)
        assert "Nothing was repeated.\n" in shop.says(*refund)


def test_without_a_key_each_is_another_refund(shop: Shell) -> None:
    shop.says(*REFUND, "--amount", "5")
    shop.says(*REFUND, "--amount", "5")
    assert order_of(shop)["refunded"]["minor"] == 1000


def test_with_the_same_key_it_is_asked_for_once(shop: Shell) -> None:
    shop.says(*BIG, "--key", "k")
    rows = shop.rows()
    assert shop.answers(*BIG, "--key", "k")["already_done"]["command"] == "refund.ask"
    assert shop.rows() == rows


def test_an_order_that_changes_meanwhile(shop: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Backend.read

    def and_somebody_refunds(backend: Backend, query: Any, **more: Any) -> Any:
        found = real(backend, query, **more)
        if isinstance(query, PreviewRefund):
            monkeypatch.setattr(Backend, "read", real)
            shop.says("--as", "admin", *REFUND, "--amount", "30")
        return found

    monkeypatch.setattr(Backend, "read", and_somebody_refunds)
    error = shop.answers(*REFUND, "--amount", "30", exit_code=1)["error"]
    assert (error["kind"], error["version"]) == ("stale", 2)
    assert error["message"] == "Ada Admin changed this order after you opened it. Nothing was saved."
    assert error["differences"] == [{"label": "Left to refund", "mine": "40.00 USD", "theirs": "10.00 USD"}]
    assert order_of(shop)["refunded"]["minor"] == 3000


# --- all of them ------------------------------------------------------------------------------------------------------


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
            assert "error in subtui" not in said
            assert [mark for mark in said if mark != "\n" and not mark.isprintable()] == [], args
    assert order_of(shop, ODD)["refunded"]["minor"] == 3000
