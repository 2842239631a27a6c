"""Exit codes 1 and 2 promise that nothing was written, whatever becomes of the answer."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from subtui.acts.log import VerifyLog
from subtui.cli import output
from subtui.cli.errors import guarded
from subtui.cli.output import AnswerLost, say, say_json
from subtui.domain.errors import FileProblem
from subtui.services.backend import Backend
from subtui.storage.dialects import sqlite

from .conftest import Shell
from .refunding import REFUND
from .small_seed import ACTIVE, ENDING

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")

WRITING: dict[str, tuple[str, ...]] = {
    "refund": ("refund", "1790", "--amount", "5", "--reason", "duplicate"),
    "cancel": ("cancel", "1042", "--end-date", "paid", "--reason", "unused"),
    "undo": ("undo", "1047"),
    "a refund for later": ("refunds", "later", "1042"),
    "user add": ("--as", "admin", "user", "add", "new@baker.example", "--name", "New", "--role", "agent"),
    "db reset": ("db", "reset", "--yes"),
}
READING: dict[str, tuple[str, ...]] = {
    "find": ("find", "lop"),
    "show": ("show", "/subscriptions/1042"),
    "reasons": ("reasons",),
    "keys": ("keys",),
    "db info": ("db", "info"),
    "log verify": ("log", "verify"),
    "help": ("--help",),
    "version": ("--version",),
}
LOST = {
    "output on a full disk": ">/dev/full",
    "output closed": ">&-",
    "output and errors on a full disk": ">/dev/full 2>&1",
    "output and errors closed": ">&- 2>&-",
    "everything closed": "<&- >&- 2>&-",
    "a reader that has gone": "| (exec <&-; sleep 0)",
}


def run(db: Path, words: tuple[str, ...], where: str) -> subprocess.CompletedProcess[str]:
    who = () if "--as" in words else ("--as", "agent")
    command = [sys.executable, "-m", "subtui", "--db", str(db), *who, *words]
    env = os.environ | {"SUBTUI_PASSWORD": "long-enough-1", "SUBTUI_NOW": "2026-03-02"}
    script = f'"$@" {where}; echo CODE ${{PIPESTATUS[0]}} >&3'
    read_end, write_end = os.pipe()
    done = subprocess.run(
        ["bash", "-c", script.replace(">&3", f">&{write_end}"), "bash", *command],
        check=False,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        pass_fds=(write_end,),
        timeout=120,
    )
    os.close(write_end)
    with os.fdopen(read_end) as told:
        code = int(told.read().split()[-1])
    return subprocess.CompletedProcess(command, code, "", done.stderr)


def entries(db: Path) -> int:
    with Backend.open(str(db), read_only=True) as backend:
        return backend.read(VerifyLog()).entries


@pytest.mark.parametrize("where", ["output on a full disk", "output closed", "everything closed"])
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["in words", "in JSON"])
@pytest.mark.parametrize("name", WRITING)
def test_what_cannot_be_answered_is_done_never_or_once(
    name: str, form: tuple[str, ...], where: str, demo_db: Path
) -> None:
    if name in ("db reset",) and form:
        form = ()
    before = (entries(demo_db), demo_db.stat().st_ino)
    done = run(demo_db, WRITING[name] + form, LOST[where])
    wrote = (entries(demo_db), demo_db.stat().st_ino) != before
    assert done.returncode == (3 if wrote else 2)
    assert done.stderr.count("\n") <= 1
    assert "Traceback" not in done.stderr
    if where != "everything closed":
        assert "could not be printed" in done.stderr


@pytest.mark.parametrize("where", LOST)
@pytest.mark.parametrize("name", ["find", "db info", "help"])
def test_a_question_whose_answer_is_lost_has_not_succeeded(name: str, where: str, demo_db: Path) -> None:
    done = run(demo_db, READING[name], LOST[where])
    assert done.returncode in ((0, 141) if where == "a reader that has gone" else (2,))
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


@pytest.mark.parametrize("name", READING)
def test_errors_that_cannot_be_told_take_nothing_from_the_answer(name: str, demo_db: Path) -> None:
    for where in ("2>/dev/full", "2>&-"):
        assert run(demo_db, READING[name], f">/dev/null {where}").returncode == 0


@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-", ">/dev/full 2>&-"])
def test_a_refusal_that_cannot_be_told_stays_one(where: str, demo_db: Path) -> None:
    assert run(demo_db, ("show", "/contacts/999999"), where).returncode == 2
    assert run(demo_db, ("undo", "1042"), where).returncode in (1, 2)


# --- lost after it was done -------------------------------------------------------------------------------------------


def breaking(error: BaseException) -> Callable[..., None]:
    def broken(*_words: Any, **_more: Any) -> None:
        raise error

    return broken


AFTERWARDS: dict[str, tuple[BaseException, str]] = {
    "a disk that is full by then": (OSError(28, "No space left on device"), "No space left on device"),
    "a reader that has gone by then": (BrokenPipeError(32, "Broken pipe"), "stopped reading"),
    "a terminal that is gone by then": (OSError(5, "Input/output error"), "Input/output error"),
    "ctrl+c": (KeyboardInterrupt(), "interrupted"),
}


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["in words", "in JSON"])
@pytest.mark.parametrize("how", AFTERWARDS)
@pytest.mark.parametrize("name", ["cancel", "undo", "refund", "user add"])
def test_what_was_done_is_said_to_be_done(
    name: str, how: str, form: tuple[str, ...], shop: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    error, _ = AFTERWARDS[how]
    commands = {
        "cancel": ("cancel", str(ACTIVE), "--end-date", "eom", "--reason", "unused"),
        "undo": ("undo", str(ENDING)),
        "refund": (*REFUND, "--amount", "5"),
        "user add": ("--as", "admin", "user", "add", "n@small.example", "--name", "N", "--role", "agent"),
    }
    monkeypatch.setattr(sqlite, "settle", lambda _connection: monkeypatch.setattr(click, "echo", _only_errors(error)))
    result = shop.run(*commands[name], *form, SUBTUI_PASSWORD="long-enough-1")
    if result.exit_code in (1, 2):
        pytest.fail(f"the command itself was refused: {result.output}")
    assert result.exit_code == 3
    assert result.stdout == ""


def _only_errors(error: BaseException) -> Callable[..., None]:
    echo = click.echo

    def echoed(message: object = None, **more: Any) -> None:
        if not more.get("err"):
            raise error
        echo(message, **more)

    return echoed


def test_how_the_end_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    from subtui import written  # noqa: PLC0415

    def done_and(error: BaseException) -> Callable[[], None]:
        def act() -> None:
            written.note()
            raise error

        return act

    for error, said in (
        (AnswerLost(OSError(28, "No space left on device")), "but the answer could not be printed: No space left"),
        (AnswerLost(BrokenPipeError()), "the reader closed the output"),
        (KeyboardInterrupt(), "but interrupted before the answer was printed"),
        (FileProblem("The list cannot be written."), "then: The list cannot be written. Do not run it again."),
        (KeyError("maria@small.example"), "then: This is an error in subtui"),
    ):
        assert guarded(done_and(error), as_json=False) == 3
        told = capsys.readouterr().err
        assert told.startswith("Done and saved, but ")
        assert said in told
        assert "maria" not in told
    assert guarded(done_and(FileProblem("x.")), as_json=True) == 3
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "done"


_ENDED = """
import os, sqlite3, sys
from subtui.storage.dialects import sqlite
real, number, before = sqlite.settle, int(sys.argv.pop()), 12
def ended(engine):
    real(engine)
    # Not behind the commit of the sign-in, but behind that of the act.
    if sqlite3.connect(engine.url.database).execute("SELECT count(*) FROM event").fetchone()[0] > before:
        os.kill(os.getpid(), number)
sqlite.settle = ended
from subtui.cli.main import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT], ids=str)
def test_the_system_ends_a_command_right_after_its_commit(number: signal.Signals, demo_db: Path) -> None:
    words = ("--db", str(demo_db), "--as", "agent", "undo", "1047", str(int(number)))
    done = subprocess.run([sys.executable, "-c", _ENDED, *words], check=False, capture_output=True, text=True)
    assert done.returncode == 3
    assert (done.stdout, done.stderr.strip().count("\n")) == ("", 0)
    assert "but interrupted before the answer was printed" in done.stderr
    assert entries(demo_db) == 13


def test_a_stream_that_is_no_file_is_answered_on(capsys: pytest.CaptureFixture[str]) -> None:
    output.require_output()
    say("words")
    say_json({"a": 1})
    assert capsys.readouterr().out == 'words\n{\n  "a": 1\n}\n'
