"""Four eyes from the command line: a refund above the limit waits, and another person decides."""

import sqlite3
from contextlib import closing

import pytest

from .conftest import Shell
from .refunding import APPROVE, BIG, DECLINE, REFUND, newest, order_of
from .small_seed import BOUGHT, LIMIT

ASKED = f"60.00 USD is above {LIMIT}, so another user has to approve it. Nothing has been refunded yet."


def dying(shop: Shell) -> None:
    """Ask for a refund above the limit, and change its order meanwhile."""
    shop.says(*BIG)
    shop.says(*REFUND, "--payment", "3", "--amount", "1")


def test_above_the_limit_it_waits(shop: Shell) -> None:
    before = order_of(shop)
    said = shop.says(*BIG)
    assert f"Approval  needed from another user (above {LIMIT})\n" in said
    assert said.endswith(f"\n{ASKED}\nAnother owner or admin has to approve it: subtui refunds approve 1\n")
    assert "/letters/" not in said
    after = order_of(shop)
    assert (after["rows"], after["version"], after["owed"]) == (before["rows"], 1, before["owed"])
    assert [row["amount"]["minor"] for row in after["waiting"]] == [6000]
    assert newest(shop)["title"] == "Refund approval requested"


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
    assert (result.exit_code, result.stderr) == (1, "This refund is already approved.\n")
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
    assert "Another owner or admin has to approve it" in said
    rows = shop.rows()
    for command in (APPROVE, DECLINE):
        result = shop.run("--as", "admin@small.example", *command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "You requested this refund yourself, so another user has to approve it.\n"
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
    assert shop.says("--as", "admin", *DECLINE) == "Declined. Nothing was refunded.\n"
    assert order_of(shop)["waiting"] == []
    assert (newest(shop)["title"], newest(shop)["reason"]) == ("Refund declined", "Ask her first.")
    for command in (APPROVE, DECLINE):
        result = shop.run("--as", "admin", *command)
        assert (result.exit_code, result.stderr) == (1, "This refund is already declined.\n")


def test_declining_in_json_and_without_a_reason(shop: Shell) -> None:
    shop.says(*BIG)
    rows = shop.rows()
    error = shop.answers("--as", "admin", *DECLINE[:-1], "  ", exit_code=1)["error"]
    assert (error["kind"], error["message"]) == ("invalid", "Enter the reason for declining.")
    assert shop.rows() == rows
    booked = shop.answers("--as", "admin", *DECLINE)["booked"]
    assert (booked["order"]["waiting"], booked["letter_id"]) == ([], None)


def test_what_waits_dies_when_its_order_changes(shop: Shell) -> None:
    dying(shop)
    refunded = order_of(shop)["refunded"]
    result = shop.run("--as", "admin", *APPROVE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Not recorded: the order has changed since the refund was requested. Request the refund again.\n"
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


def test_the_settings_tell_the_limits(shop: Shell) -> None:
    assert f"Refund limit  agent {LIMIT}\n" in shop.says("--as", "owner", "show", "/admin/settings")
