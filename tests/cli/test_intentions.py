"""A command that is repeated with its `--intention` is done once, and says that it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import Shell
from .refunding import APPROVE, BIG, DECLINE, REFUND
from .small_seed import BOUGHT, QUESTION, UNPAID

KEY = ("--intention", "monday-17")
FILE = "contacts.csv"
ACTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "subscription.save": (("cancel", "11", "--end-date", "paid", "--reason", "unused"),),
    "subscription.undo": (("cancel", "11", "--end-date", "paid", "--reason", "unused"), ("undo", "11")),
    "order.refund": ((*REFUND, "--amount", "5"),),
    "refund.ask": (BIG,),
    "refund.approve": (BIG, ("--as", "admin", *APPROVE)),
    "refund.decline": (BIG, ("--as", "admin", *DECLINE)),
    "refund.to_do": (
        ("cancel", "11", "--end-date", "paid", "--reason", "unused"),
        ("refunds", "later", "11"),
    ),
    "order.money": (("order", "pay", str(UNPAID), "--amount", "1"),),
    "order.reference": (REFUND, ("order", "reference", str(BOUGHT), "--row", "8", "--reference", "re_77")),
    "order.correct": (REFUND, ("order", "correct", str(BOUGHT), "--row", "8")),
    "account.cancel": (("--as", "owner", "account", "cancel", "--reason", "unused", "--acknowledge"),),
    "request.call": (("account", "call", "--phone", "+1 602-555-0199"),),
    "request.withdraw": (("--as", "viewer", "account", "withdraw", str(QUESTION)),),
    "request.question": (("ask", "--topic", "refund", "--subject", "May I?", "--text", "When?"),),
    "data.import": (("--as", "admin", "import", FILE),),
}


@pytest.fixture
def shop_with_file(shop: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    (shop.folder / FILE).write_text("Id,First Name\n901,Pia\n")
    monkeypatch.chdir(shop.folder)
    return shop


@pytest.mark.parametrize("command", ACTS)
def test_an_act_is_done_once_for_its_key(shop_with_file: Shell, command: str) -> None:
    shop = shop_with_file
    *before, act = ACTS[command]
    for line in before:
        shop.says(*line)
    assert shop.run(*act, *KEY).exit_code == 0
    rows = shop.rows()
    assert rows["event"]
    again = shop.says(*act, *KEY)
    assert again.endswith(f", {command}). Nothing was repeated.\n")
    done = shop.answers(*act, *KEY)["already_done"]
    newest = shop.answers("log", "show", "--limit", "1")["events"][0]
    assert (done["command"], done["event_id"]) == (command, newest["id"])
    assert shop.rows() == rows


def test_a_key_stands_for_one_command_with_its_arguments(shop: Shell) -> None:
    shop.says(*REFUND, "--amount", "5", *KEY)
    rows = shop.rows()
    for other in (
        (*REFUND, "--amount", "6"),
        ("cancel", "11", "--end-date", "paid", "--reason", "unused"),
        ("--as", "admin", *REFUND, "--amount", "5"),
    ):
        result = shop.run(*other, *KEY)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(
            "The key “monday-17” was already used for another request by Ann Agent (log entry "
        )
    assert shop.rows() == rows


def test_a_refused_act_leaves_its_key_free(shop: Shell) -> None:
    assert shop.run("undo", "11", *KEY).exit_code == 1
    shop.says(*REFUND, "--amount", "5", *KEY)
    assert "Nothing was repeated." in shop.says(*REFUND, "--amount", "5", *KEY)


def test_a_dry_run_uses_no_key(shop: Shell) -> None:
    shop.says(*REFUND, "--dry-run", *KEY)
    shop.says(*REFUND, "--amount", "5", *KEY)
    shop.says(*REFUND, "--dry-run", *KEY)


def test_an_approval_that_came_too_late_is_not_told_as_done(shop: Shell) -> None:
    shop.says(*BIG)
    shop.says(*REFUND, "--amount", "1")
    approve = ("--as", "admin", *APPROVE, *KEY)
    assert shop.run(*approve).exit_code == 1
    rows = shop.rows()
    result = shop.run(*approve)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Not recorded: the order had changed (log entry ")
    assert shop.rows() == rows


@pytest.mark.parametrize("key", ["", "  ", "x" * 101])
def test_a_key_that_is_none(shop: Shell, key: str) -> None:
    result = shop.run(*REFUND, "--intention", key)
    assert (result.exit_code, result.stderr) == (2, "--intention: a key needs 1 to 100 characters.\n")


def test_an_entry_is_named_by_what_was_carried_out(shop: Shell) -> None:
    shop.says(*REFUND, "--amount", "5", *KEY)
    with closing(sqlite3.connect(Path(shop.db))) as connection:
        (row,) = connection.execute(
            "SELECT i.intent, e.command FROM intention i JOIN event e ON e.id = i.event_id"
        ).fetchall()
    assert row == ("monday-17", "order.refund")
