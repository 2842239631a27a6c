"""Proving the log from the command line."""

import sqlite3
from contextlib import closing

import pytest

from .conftest import Shell
from .small_seed import ACTIVE, PASSWORD

CANCEL = ("cancel", str(ACTIVE), "--end-date", "eom", "--reason", "unused")


def tamper(shell: Shell, sql: str) -> None:
    """What somebody with the file and no scruples can do."""
    with closing(sqlite3.connect(shell.db)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            if name.startswith("event"):
                connection.execute(f"DROP TRIGGER {name}")
        connection.execute(sql)
        connection.commit()


def test_a_whole_log(shell: Shell) -> None:
    shell.says(*CANCEL)
    assert shell.says("log", "verify").startswith("Log verified: 2 entries, newest hash ")
    answer = shell.answers("log", "verify")
    assert (answer["intact"], answer["entries"], answer["broken"]) == (True, 2, None)
    assert len(answer["newest"]) == 64


def test_nobody_need_sign_in(own: Shell) -> None:
    assert own.says("log", "verify").startswith("Log verified: 1 entry")
    assert own.run("log", "show").exit_code == 2
    assert own.run("--as", "viewer@small.example", "log", "show", SUBTUI_PASSWORD=PASSWORD).exit_code == 0


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE event SET reason = 'other' WHERE id = 2", 2),
        ("UPDATE event SET actor = 'Somebody' WHERE id = 1", 1),
        ("DELETE FROM event WHERE id = 1", 2),
        ("UPDATE event SET before = '{}' WHERE id = 2", 2),
        ("UPDATE event SET hash = 'x' WHERE id = 1", 1),
    ],
)
def test_a_changed_log(shell: Shell, sql: str, broken: int) -> None:
    shell.says(*CANCEL)
    tamper(shell, sql)
    result = shell.run("log", "verify")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"ntry {broken}" in result.stderr
    answer = shell.answers("log", "verify", exit_code=1)
    assert (answer["intact"], answer["broken"]["id"]) == (False, broken)
    assert "missing" in shell.says("db", "info") or "changed" in shell.says("db", "info")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE event SET before = '{' WHERE id = 1",
        "UPDATE event SET at = 'yesterday' WHERE id = 1",
        "UPDATE event SET actor = x'ff' WHERE id = 1",
    ],
)
def test_a_log_that_cannot_even_be_read(shell: Shell, sql: str) -> None:
    tamper(shell, sql)
    answer = shell.answers("log", "verify", exit_code=1)
    assert answer["broken"]["id"] == 1


def test_a_letter_is_proved_by_its_record(shell: Shell) -> None:
    shell.says(*CANCEL)
    whole = shell.answers("show", "/letters/1")["log_hash"]
    for given in (whole, whole[:16], whole.upper()):
        assert "Entry 2 has the hash" in shell.says("log", "verify", "--contains", given)
        assert shell.answers("log", "verify", "--contains", given)["contains"]["entry"] == 2
    result = shell.run("log", "verify", "--contains", "0" * 64)
    assert (result.exit_code, result.stdout) == (1, "")
    assert shell.answers("log", "verify", "--contains", "0" * 64, exit_code=1)["contains"]["entry"] is None


@pytest.mark.parametrize("given", ["", "abc", "g" * 16, "0" * 65, "%" * 16])
def test_a_hash_that_is_none(shell: Shell, given: str) -> None:
    assert shell.run("log", "verify", "--contains", given).exit_code == 2
