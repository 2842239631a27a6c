"""Withdrawing the account's cancellation from the command line: until when, and by whom."""

import pytest

from .cancelling import NEW, SAVE, WHY_NOT, request_of
from .conftest import Shell
from .small_seed import QUESTION


def test_withdraw_the_cancellation(shell: Shell) -> None:
    shell.says(*SAVE)
    said = shell.says("--as", "admin", "account", "withdraw", NEW)
    assert said == f"{NEW} is withdrawn. The account stays open.\n"
    assert request_of(shell)["standing"] == "withdrawn"
    assert shell.answers("show", "/letters/1")["undone"] is True
    assert "! This cancellation has since been withdrawn.\n" in shell.says("show", "/letters/1")
    assert "is recorded" in shell.says(*SAVE)


def test_withdraw_in_json(shell: Shell) -> None:
    shell.says(*SAVE)
    filed = shell.answers("--as", "owner", "account", "withdraw", "1002")["filed"]
    assert (filed["request"]["standing"], filed["request"]["decided_by"]) == ("withdrawn", "Olga Owner")


def test_withdraw_ends_with_the_account(shell: Shell) -> None:
    shell.says(*SAVE)
    result = shell.run("--at", "2026-03-19", "--as", "owner", "account", "withdraw", NEW)
    assert (result.exit_code, result.stderr) == (1, "Too late to withdraw: the account ended on 18 Mar 2026.\n")
    assert shell.run("--at", "2026-03-18", "--as", "owner", "account", "withdraw", NEW).exit_code == 0


def test_who_withdraws_what(shell: Shell) -> None:
    shell.says(*SAVE)
    rows = shell.rows()
    for who in WHY_NOT:
        result = shell.run("--as", who, "account", "withdraw", NEW)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "withdraw the account cancellation" in result.stderr
    assert shell.answers("account", "withdraw", str(QUESTION), exit_code=1)["error"]["kind"] == "not_allowed"
    assert shell.rows() == rows
    assert shell.says("--as", "viewer", "account", "withdraw", str(QUESTION)) == f"T-{QUESTION} is withdrawn.\n"
    result = shell.run("--as", "viewer", "account", "withdraw", str(QUESTION))
    assert (result.exit_code, result.stderr) == (
        1,
        "This ticket is already withdrawn.\n",
    )


@pytest.mark.parametrize(("ticket", "kind"), [("T-99", "not_found"), ("x", "usage"), ("0", "usage")])
def test_a_ticket_that_is_not_there(shell: Shell, ticket: str, kind: str) -> None:
    assert shell.answers("account", "withdraw", ticket, exit_code=2)["error"]["kind"] == kind
