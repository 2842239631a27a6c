"""Ending the account itself as the command line is asked for it, and the ticket that comes of it."""

from typing import Any

from .conftest import Shell

LAST_SAFE_DAY, DAY_AFTER = "2026-03-09", "2026-03-10"
CANCEL = ("--as", "owner", "account", "cancel", "--reason", "too_expensive")
SAVE = (*CANCEL, "--acknowledge")
CALL = ("account", "call", "--phone", "+1 602-555-0199", "--note", "We close in June.")
NEW = "T-1002"
WHY_NOT = {
    "agent": "An agent cannot cancel the account: ask an admin or the owner.\n",
    "viewer": "A viewer cannot cancel the account: ask an admin or the owner.\n",
    "newadmin@small.example": (
        "Only a verified owner or admin can cancel the account, and you are not verified yet.\n"
    ),
}


def request_of(shell: Shell, number: int = 1002) -> dict[str, Any]:
    """A ticket as it is stored."""
    found: dict[str, Any] = shell.answers("show", f"/requests/{number}")
    return found
