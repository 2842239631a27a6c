"""Another day is looked at and never acted on, except in a demo and in a drill; a log whose time runs back is told."""

import json

import pytest
from click.testing import Result

from .conftest import Shell
from .small_seed import ACTIVE, ENDING, PASSWORD

LATER = ("--at", "2030-01-01")
OWNER, AGENT, VIEWER = (f"{role}@small.example" for role in ("owner", "agent", "viewer"))
CANCEL = ("cancel", str(ACTIVE), "--end-date", "+10d", "--reason", "unused")
ON_DAY = {"SUBTUI_PASSWORD": PASSWORD, "SUBTUI_NOW": "2026-03-02"}


def at_own(shell: Shell, who: str, *args: str, **env: str) -> Result:
    """A command on data of one's own, on the day of the tests unless `args` name another."""
    return shell.run("--as", who, *args, **(ON_DAY | env))


@pytest.mark.parametrize(
    "command",
    [
        ("show", "/"),
        ("show", f"/subscriptions/{ENDING}"),
        ("show", "/contacts/1"),
        ("find", "lop"),
        ("log", "show"),
        ("report", "loose"),
        ("order", "show", "21"),
    ],
)
def test_looking_at_another_day_writes_nothing(own: Shell, command: tuple[str, ...]) -> None:
    rows = own.rows()
    assert at_own(own, VIEWER, *LATER, *command).exit_code == 0
    assert own.rows() == rows


@pytest.mark.parametrize(
    "act",
    [
        CANCEL,
        ("roll",),
        ("refund", "21", "--reason", "duplicate"),
        ("order", "pay", "21", "--amount", "1", "--kind", "credit"),
        ("ask", "--topic", "refund", "--subject", "s", "--text", "t"),
        ("user", "verify", "newadmin@small.example"),
        ("export", "out"),
    ],
)
def test_an_act_on_another_day_is_refused(own: Shell, act: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own.folder)
    rows = own.rows()
    result = at_own(own, OWNER, *LATER, *act)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("--at shows this data as on another day, and changes nothing.")
    assert own.rows() == rows


def test_a_demo_is_acted_in_on_any_day(shell: Shell) -> None:
    assert shell.says("--at", "2026-03-05", *CANCEL)


def test_a_drill_is_acted_in_on_any_day(own: Shell) -> None:
    result = at_own(own, AGENT, "db", "drill", "--yes")
    assert (result.exit_code, result.stderr) == (1, "An agent cannot change the account settings: ask the owner.\n")
    assert at_own(own, OWNER, "db", "drill", "--yes").stdout.startswith("Marked as a drill: ")
    assert at_own(own, AGENT, *LATER, *CANCEL).exit_code == 0
    assert own.answers("db", "info")["drill"] is True
    assert (
        at_own(own, OWNER, "db", "drill", "--yes").stderr == "This is already a drill: use --at to act on any date.\n"
    )
    assert at_own(own, AGENT, "undo", str(ACTIVE)).exit_code == 0
    # The day of a drill is set by hand, back and forth: its log is whole, and proves no time.
    assert own.says("log", "verify").startswith("Log verified")


def test_marking_a_drill_asks_first(own: Shell) -> None:
    result = own.run("--as", OWNER, "db", "drill", typed="n\n", **ON_DAY)
    assert result.exit_code != 0
    assert own.answers("db", "info")["drill"] is False


def test_a_demo_needs_no_mark(shell: Shell) -> None:
    result = shell.run("--as", "owner", "db", "drill", "--yes")
    assert (result.exit_code, result.stderr) == (1, "This is already a demo: use --at to act on any date.\n")


def test_a_log_whose_time_runs_back_is_told(own: Shell) -> None:
    assert at_own(own, AGENT, *CANCEL, SUBTUI_NOW="2027-01-01").exit_code == 0
    assert at_own(own, AGENT, "undo", str(ACTIVE)).exit_code == 0
    result = own.run("log", "verify", **ON_DAY)
    assert result.exit_code == 1
    assert "is dated 2026-03-02 08:30, before entry" in result.stderr
    answer = json.loads(own.run("log", "verify", "--json", **ON_DAY).stdout)
    assert answer["intact"] is True
    assert answer["backwards"]["id"] == answer["entries"]
