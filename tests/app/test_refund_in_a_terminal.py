"""A cancellation and its refund in a real terminal, from an empty home; and killed in the middle of it."""

import json
import signal
from pathlib import Path

import pytest

from tests.app.test_in_a_terminal import plain, started


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A home folder with nothing in it."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {"HOME": str(tmp_path), **folders}


def refunded(home: dict[str, str]) -> int:
    shown = json.loads(plain(home, "order", "show", "1881", "--json").stdout)
    amount: int = shown["refunded"]["minor"]
    return amount


def test_cancelled_and_then_refunded(home: dict[str, str]) -> None:
    with started(home, "--as", "agent", "open", "/subscriptions/1042") as terminal:
        terminal.wait_for("What Save will do")
        terminal.wait_quiet()
        terminal.send("x")
        terminal.wait_for("Active → Inactive")
        terminal.send("t")
        terminal.wait_for("Too expensive")
        terminal.press("ctrl+s")
        terminal.wait_for("Saved. Monthly plan is Inactive")
        terminal.wait_for("Done")
        terminal.send("r")
        terminal.wait_for("What Save will do")
        terminal.wait_for("→ Choose a reason.")
        terminal.send("r")
        terminal.wait_gone("→ Choose a reason.")
        terminal.press("ctrl+s")
        terminal.wait_for("Record this refund?")
        terminal.send("y")
        terminal.wait_for("Recorded, not sent: 49.00 USD back to López, María; nothing due.")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert refunded(home) == 4900
    letter = plain(home, "show", "/letters/2").stdout
    assert "recorded, not sent" in letter
    assert plain(home, "log", "verify").returncode == 0
    again = plain(home, "refund", "1881", "--reason", "duplicate")
    assert again.returncode == 1
    assert refunded(home) == 4900


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_killed_right_after_the_answer_leaves_all_of_it_or_nothing(home: dict[str, str], number: int) -> None:
    with started(home, "--as", "agent", "open", "/orders/1881/refund") as terminal:
        terminal.wait_for("→ Choose a reason.")
        terminal.wait_quiet()
        terminal.send("d")
        terminal.wait_gone("→ Choose a reason.")
        terminal.press("ctrl+s")
        terminal.wait_for("Record this refund?")
        terminal.send("y")
        terminal.kill(number)
        terminal.wait_exit()
    order = json.loads(plain(home, "order", "show", "1881", "--json").stdout)
    rows = [row["kind"] for row in order["rows"]]
    assert rows in (["charge"], ["charge", "refund", "credit"])
    assert order["owed"]["minor"] == 0
    assert plain(home, "log", "verify").returncode == 0
