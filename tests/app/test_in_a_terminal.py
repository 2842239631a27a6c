"""The program as a person has it: in a real terminal, from the first start with an empty home to the undo."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal import Terminal

CliContext = Callable[..., Terminal]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A home folder with nothing in it."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {"HOME": str(tmp_path), **folders}


def started(home: dict[str, str], *options: str, size: tuple[int, int] = (80, 24)) -> Terminal:
    return Terminal([sys.executable, "-m", "subtui", "--at", "2026-03-02", *options], size=size, env=home)


def plain(home: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "subtui", "--at", "2026-03-02", *words]
    return subprocess.run(command, env=os.environ | home, capture_output=True, text=True, check=False, timeout=60)


def saved_ending(home: dict[str, str]) -> dict[str, object]:
    shown = json.loads(plain(home, "show", "/subscriptions/1042", "--json").stdout)
    ending: dict[str, object] = shown["terms"]["ending"]
    return ending


def to_the_form(terminal: Terminal) -> None:
    """Sign in as the demo agent, search, open, Orders, Subscriptions, open."""
    terminal.wait_for("Demo accounts")
    terminal.press("enter")
    terminal.wait_for("Ending soon")
    terminal.send("lop mar")
    terminal.wait_for("2 of 2 contacts")
    terminal.press("enter")
    terminal.wait_for("Blue Door Bakery")
    terminal.send("o")
    terminal.wait_for("Recent orders")
    terminal.send("s")
    terminal.wait_for("›   1042")
    terminal.press("enter")
    terminal.wait_for("What Save will do")


def test_the_documented_path_from_an_empty_home(home: dict[str, str]) -> None:
    with started(home) as terminal:
        to_the_form(terminal)
        terminal.wait_for("› Status")
        terminal.press("enter")
        terminal.wait_for("▲")
        terminal.press("down")
        terminal.wait_quiet()
        terminal.press("enter")
        terminal.wait_for("Active → Inactive")
        terminal.press("tab")
        terminal.wait_for("› End date")
        terminal.send("31 mar")
        terminal.wait_for("until 31 Mar 2026")
        terminal.press("tab")
        terminal.wait_for("› Reason")
        terminal.send("t")
        terminal.wait_for("Too expensive")
        terminal.send("\x13")
        terminal.wait_for("Saved. Monthly plan is Inactive, access until 31 Mar 2026, no more charges.")
        terminal.wait_for("Done")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    ending = saved_ending(home)
    assert (ending["status"], ending["end_date"], ending["reason_code"]) == ("Inactive", "2026-03-31", "too_expensive")
    assert ending["auto_charge"] is False
    assert plain(home, "log", "verify").returncode == 0
    with started(home, "--as", "agent", "open", "/contacts/1007/activity") as terminal:
        terminal.wait_for("Subscription set Inactive")
        terminal.wait_for("Dana Reyes")
    with started(home, "--as", "agent", "open", "/subscriptions/1042") as terminal:
        terminal.wait_for("access until 31 Mar 2026")
        terminal.wait_quiet()
        terminal.send("u")
        terminal.wait_for("Undone. Monthly plan is Active again; next bill 15 Mar 2026.")
    assert saved_ending(home)["status"] == "Active"
    assert plain(home, "log", "verify").returncode == 0


def test_the_plain_twin_previews_what_the_panel_shows(home: dict[str, str]) -> None:
    words = ("cancel", "1042", "--end-date", "paid", "--reason", "too_expensive", "--dry-run", "--json")
    preview = json.loads(plain(home, *words).stdout)["preview"]["lines"]
    with started(home, "--as", "agent", "open", "/subscriptions/1042", size=(120, 36)) as terminal:
        terminal.wait_for("What Save will do")
        terminal.wait_quiet()
        terminal.send("x")
        terminal.wait_for("→ Choose a reason.")
        terminal.send("t")
        terminal.wait_gone("→ Choose a reason.")
        terminal.wait_quiet()
        screen = terminal.screen()
    for line in preview:
        assert line["label"] in screen
        # A text that is wrapped stands on several lines, beside the fields.
        assert [word for word in line["text"].split() if word not in screen] == []
    assert saved_ending(home)["status"] == "Active"


def test_ctrl_c_asks_before_it_throws_anything_away(home: dict[str, str]) -> None:
    with started(home, "--as", "agent", "open", "/subscriptions/1042") as terminal:
        terminal.wait_for("What Save will do")
        terminal.wait_quiet()
        terminal.send("i")
        terminal.wait_for("Active → Inactive")
        terminal.send("\x03")
        terminal.wait_for("Leave without saving?")
        terminal.send("y")
        assert terminal.wait_exit() == 0
    assert saved_ending(home)["status"] == "Active"


def test_a_terminal_that_is_resized_all_the_time(home: dict[str, str]) -> None:
    with started(home, "--as", "agent", "open", "/contacts/1007/orders") as terminal:
        terminal.wait_for("Subscriptions")
        for size in ((40, 12), (200, 60), (20, 5), (61, 13), (120, 36), (80, 24)):
            terminal.resize(*size)
        terminal.wait_for("Subscriptions")
        terminal.wait_for("›   1042")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM], ids=lambda number: number.name)
def test_killed_right_after_save_leaves_the_old_or_the_new_state_whole(home: dict[str, str], number: int) -> None:
    with started(home, "--as", "agent", "open", "/subscriptions/1042") as terminal:
        terminal.wait_for("What Save will do")
        terminal.wait_quiet()
        terminal.send("x")
        terminal.wait_for("Active → Inactive")
        terminal.send("t")
        terminal.wait_for("Too expensive")
        terminal.send("\x13")
        terminal.kill(number)
        terminal.wait_exit()
    ending = saved_ending(home)
    old = {"status": "Active", "auto_charge": True, "end_date": None, "reason_code": None}
    new = {"status": "Inactive", "auto_charge": False, "end_date": "2026-03-14", "reason_code": "too_expensive"}
    assert {name: ending[name] for name in old} in (old, new)
    assert plain(home, "log", "verify").returncode == 0


def test_without_colour_it_can_still_be_read(home: dict[str, str]) -> None:
    with started(home | {"NO_COLOR": "1"}, "--as", "agent", "open", "/contacts/1007/orders") as terminal:
        terminal.wait_for("›   1042")
        assert "Active" in terminal.screen()


def test_a_locked_database_is_one_sentence_and_untouched(home: dict[str, str], demo_db: Path) -> None:
    with sqlite3.connect(demo_db) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with started(home, "--db", str(demo_db)) as terminal:
            terminal.wait_for("is locked: another program is writing to it")
            assert terminal.wait_exit() == 2
        other.rollback()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM], ids=lambda number: number.name)
def test_a_form_is_offered_again_after_its_window_was_closed(home: dict[str, str], number: signal.Signals) -> None:
    form = ("--as", "agent", "open", "/subscriptions/1042")
    with started(home, *form) as terminal:
        terminal.wait_for("What Save will do")
        terminal.send("x")
        terminal.wait_for("Active → Inactive")
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
    with started(home, *form) as terminal:
        terminal.wait_for("Restore your unsaved form?")
        terminal.press("enter")
        terminal.wait_for("Your entries are restored")
        terminal.wait_for("Active → Inactive")
