"""Ending the account as a person does it: in a real terminal, from an empty home, with the plain commands beside it."""

import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.app.test_in_a_terminal import plain, started
from tests.terminal import Terminal

TERMS = (
    "Notice is at least 10 days before the next invoice: cancel by 9 Mar 2026 to avoid the 19 Mar 2026 invoice.",
    "There are no further invoices, and the account ends on 18 Mar 2026.",
    "Fees are not prorated: there is no refund for unused time.",
    "Open invoices (249.00 USD) are still due.",
)
SAVED = "T-1005 is recorded. The account ends on 18 Mar 2026"
SEEDED = (1003, 1004)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A home folder with nothing in it."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {"HOME": str(tmp_path), **folders}


def answers(home: dict[str, str], *words: str) -> Any:
    """What a plain command answers in JSON."""
    said = plain(home, *words, "--json")
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def log_is_whole(home: dict[str, str]) -> bool:
    """Whether the log is as it was written."""
    return plain(home, "log", "verify").returncode == 0


def signed_in(terminal: Terminal, who: str) -> None:
    """Choose a demo account by its name on the list."""
    terminal.wait_for("Demo accounts")
    terminal.wait_for(re.compile(r"› agent +Dana Reyes"))
    names = [line for line in terminal.screen().splitlines() if re.search(r"(owner|admin|agent|viewer) +\w+ \w+", line)]
    at = next(number for number, line in enumerate(names) if who in line)
    terminal.press(*["down"] * at)
    terminal.wait_for(re.compile(rf"› \w+ +{who}"))
    terminal.press("enter")
    terminal.wait_for("Ending soon")
    terminal.wait_quiet()


def to_the_form(terminal: Terminal) -> None:
    """From the dashboard by the menu and Billing & Account."""
    terminal.press("ctrl+o")
    terminal.wait_for("› My account")
    terminal.send("B")
    terminal.wait_for("last safe day 9 Mar 2026")
    terminal.wait_for("Start cancellation")
    terminal.wait_quiet()
    terminal.send("x")
    terminal.wait_for("Result")
    terminal.wait_for("› Reason")
    terminal.wait_for("Choose a reason.")


def filled_in(terminal: Terminal) -> None:
    """The reason by its letter, tab to the terms, the tick."""
    terminal.send("t")
    terminal.wait_for("Too expensive")
    terminal.wait_for("→ Read and acknowledge the terms")
    for mark in ("› Comment", "› E-mail", "› Phone", "› Contact by", "› Requested", "[ ] I acknowledge"):
        terminal.press("tab")
        terminal.wait_for(mark)
    terminal.wait_for("space Check")
    terminal.press("space")
    terminal.wait_gone("Read and acknowledge the terms")


def test_by_billing_and_account_from_an_empty_home(home: dict[str, str], tmp_path: Path) -> None:
    with started(home, size=(100, 30)) as terminal:
        signed_in(terminal, "Ruth Hollis")
        to_the_form(terminal)
        filled_in(terminal)
        terminal.press("ctrl+s")
        terminal.wait_for(SAVED)
        terminal.wait_for("T-1005  Cancel the account")
        terminal.wait_quiet()
        terminal.send("l")
        terminal.wait_for("Dear Ruth Hollis,")
        terminal.wait_for("recorded, not sent")
        terminal.wait_quiet()
        terminal.send("w")
        terminal.wait_for("Save the letter to a new file")
        terminal.wait_for("letter-1.txt")
        terminal.press("enter")
        terminal.wait_for("✓ Saved to")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    asked = answers(home, "requests")["rows"][-1]
    assert (asked["id"], asked["kind"], asked["standing"]) == (1005, "cancellation", "open")
    assert (asked["requested_by"], asked["ends_on"]) == ("Ruth Hollis", "2026-03-18")
    letter = plain(home, "show", "/letters/1").stdout
    assert all(term in letter for term in TERMS)
    assert all(term in (tmp_path / "letter-1.txt").read_text(encoding="utf-8") for term in TERMS)
    assert log_is_whole(home)


def test_by_my_account_from_an_empty_home(home: dict[str, str]) -> None:
    with started(home) as terminal:
        signed_in(terminal, "Theo Lindqvist")
        terminal.press("ctrl+o")
        terminal.wait_for("› My account")
        terminal.press("enter")
        terminal.wait_for("You can cancel it online")
        terminal.wait_quiet()
        terminal.press("enter")
        terminal.wait_for("Choose a reason.")
        terminal.wait_quiet()
        terminal.press("enter")
        terminal.wait_for("▲")
        terminal.press("enter")
        terminal.wait_gone("▲")
        terminal.wait_for("→ Read and acknowledge the terms")
        terminal.press("shift+tab", "shift+tab", "shift+tab")
        terminal.wait_for("space Check")
        terminal.press("space")
        terminal.wait_gone("Read and acknowledge the terms")
        terminal.press("ctrl+s")
        terminal.wait_for(SAVED)
        terminal.wait_quiet()
        terminal.send("w")
        terminal.wait_for("Withdraw T-1005?")
        terminal.wait_for("new notice period")
        terminal.press("enter")
        terminal.wait_gone("Withdraw T-1005?")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert answers(home, "show", "/requests/1005")["requested_by"] == "Theo Lindqvist"
    assert "Dear Theo Lindqvist," in plain(home, "show", "/letters/1").stdout
    assert log_is_whole(home)
    with started(home, "--as", "owner", "open", "/requests/1005") as terminal:
        terminal.wait_for("Theo Lindqvist (admin, verified)")
        terminal.wait_quiet()
        terminal.send("w")
        terminal.wait_for("new notice period")
        terminal.send("y")
        terminal.wait_for("T-1005 is withdrawn. The account stays open.")
    assert [row["id"] for row in answers(home, "requests")["rows"]] == list(SEEDED)
    assert log_is_whole(home)


def test_the_agent_by_phone_and_the_admin_who_finishes_it(home: dict[str, str]) -> None:
    with started(home, "--as", "agent", "open", "/account", size=(100, 44)) as terminal:
        terminal.wait_for("You can cancel it by phone only")
        terminal.wait_quiet()
        terminal.send("x")
        terminal.wait_for("› Call back")
        terminal.wait_for("+1 602-555-0142")
        terminal.wait_for("“My name is Dana Reyes, and I am calling for the account Juniper & Rye.”")
        terminal.wait_quiet()
        terminal.send("602 555 0163")
        terminal.wait_for("602 555 0163")
        terminal.press("ctrl+s")
        terminal.wait_for("T-1005 is recorded. An answer is due by 4 Mar 2026.")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    call = answers(home, "requests")["rows"][-1]
    assert (call["ticket"], call["kind"], call["requested_by"]) == ("T-1005", "call", "Dana Reyes")
    with started(home, "--as", "admin", "open", "/requests", size=(100, 30)) as terminal:
        terminal.wait_for("3 of 3 open tickets")
        terminal.press("end")
        terminal.wait_for("› T-1005")
        terminal.press("enter")
        terminal.wait_for("c Complete form")
        terminal.wait_quiet()
        terminal.send("c")
        terminal.wait_for("For Dana Reyes, who phoned: T-1005")
        terminal.wait_for("Choose a reason.")
        filled_in(terminal)
        terminal.press("ctrl+s")
        terminal.wait_for(SAVED)
        terminal.wait_for("Completed by  Theo Lindqvist")
    shown = answers(home, "show", "/requests/1005")
    assert (shown["kind"], shown["requested_by"], shown["completed_by"]) == (
        "cancellation",
        "Dana Reyes",
        "Theo Lindqvist",
    )
    assert log_is_whole(home)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM], ids=lambda number: number.name)
def test_killed_right_after_save_leaves_the_old_or_the_new_state_whole(home: dict[str, str], number: int) -> None:
    with started(home, "--as", "owner", "open", "/account/cancel", size=(100, 30)) as terminal:
        terminal.wait_for("› Reason")
        terminal.wait_for("Choose a reason.")
        filled_in(terminal)
        terminal.press("ctrl+s")
        terminal.kill(number)
        terminal.wait_exit()
    numbers = [row["id"] for row in answers(home, "requests")["rows"]]
    letter = plain(home, "show", "/letters/1")
    if numbers == [*SEEDED, 1005]:
        shown = answers(home, "show", "/requests/1005")
        assert (shown["ends_on"], shown["acknowledged"], shown["letter_id"]) == ("2026-03-18", list(TERMS), 1)
        assert [entry["letter_id"] for entry in shown["thread"]] == [1]
        assert all(term in letter.stdout for term in TERMS)
    else:
        assert numbers == list(SEEDED)
        assert "There is no letter 1." in letter.stderr
    assert log_is_whole(home)
    asked_again = plain(home, "--as", "owner", "account", "cancel", "--reason", "unused", "--acknowledge")
    assert "T-1005" in asked_again.stdout + asked_again.stderr, "it is that one, or takes its number"
    assert len(answers(home, "requests")["rows"]) == 3


def test_a_form_that_is_resized_all_the_time_loses_nothing(home: dict[str, str]) -> None:
    with started(home, "--as", "owner", "open", "/account/cancel", size=(100, 30)) as terminal:
        terminal.wait_for("Choose a reason.")
        terminal.send("t")
        terminal.wait_for("Too expensive")
        terminal.press("tab")
        terminal.wait_for("› Comment")
        terminal.send("We bake less.")
        for size in ((40, 12), (200, 60), (20, 5), (61, 20), (120, 36), (60, 20), (80, 24)):
            terminal.resize(*size)
        terminal.wait_for("› Comment")
        terminal.wait_for("We bake less.")
        terminal.wait_for("Result")
        terminal.wait_quiet()
        terminal.send(" Now.")
        terminal.wait_for("We bake less. Now.")
        terminal.press("tab", "tab", "tab", "tab", "tab")
        terminal.wait_for("space Check")
        terminal.resize(100, 44)
        terminal.wait_for("→ Read and acknowledge the terms")
        terminal.press("space")
        terminal.wait_gone("Read and acknowledge the terms")
        terminal.press("ctrl+s")
        terminal.wait_for(SAVED)
    shown = answers(home, "show", "/requests/1005")
    assert (shown["comment"], shown["reason"]) == ("We bake less. Now.", "Too expensive")
    assert log_is_whole(home)


def test_a_mouse_opens_the_menu_at_the_top_right_and_closes_it_elsewhere(home: dict[str, str]) -> None:
    def click(column: int, row: int) -> None:
        terminal.send(f"\x1b[<0;{column};{row}M")
        terminal.send(f"\x1b[<0;{column};{row}m")

    with started(home, "--as", "owner", "open", "/requests") as terminal:
        terminal.wait_for("› T-1003")
        terminal.wait_quiet()
        for _ in range(2):
            click(74, 1)
            terminal.wait_for("› My account")
            terminal.wait_for("Ruth Hollis")
            click(5, 20)
            terminal.wait_gone("› My account")
        terminal.send("B")
        terminal.wait_for("Start cancellation")
        terminal.wait_quiet()
        row = next(at for at, line in enumerate(terminal.screen().splitlines(), 1) if "Start cancellation " in line)
        click(8, row)
        terminal.wait_for("Choose a reason.")


def test_the_form_typed_blind_in_one_go(home: dict[str, str]) -> None:
    """Whoever knows the way types it without looking: every key lands where it is meant."""
    with started(home, "--as", "owner", "open", "/account", size=(100, 30)) as terminal:
        terminal.wait_for("You can cancel it online")
        terminal.wait_quiet()
        terminal.send("x")
        terminal.wait_for("Choose a reason.")
        terminal.send("m\tWe bake less.\t\t602 555 0163\t\t\t \x13")
        terminal.wait_for(SAVED)
    shown = answers(home, "show", "/requests/1005")
    assert (shown["reason"], shown["comment"], shown["phone"]) == (
        "Missing features",
        "We bake less.",
        "+1 602-555-0163",
    )
    assert shown["acknowledged"] == list(TERMS)
