"""Refunds as the command line is asked for them, and what it answers."""

from typing import Any

from .conftest import Shell
from .small_seed import BOUGHT

REFUND = ("refund", str(BOUGHT), "--reason", "duplicate")
BIG = (*REFUND, "--payment", "2")
"""Above the limit of an agent."""
APPROVE, DECLINE = ("refunds", "approve", "1"), ("refunds", "decline", "1", "--note", "Ask her first.")
DRY = "Nothing was saved: this was a dry run.\n"
VIEWER = "A viewer cannot refund an order: ask an agent, an admin or the owner.\n"


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
