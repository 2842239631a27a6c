"""The terminal as a person has it: whatever it sends, and whatever ends the program, it is usable afterwards."""

import os
import re
import shlex
import signal
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal import Terminal

if sys.platform == "win32":
    pytest.skip("there is no such terminal", allow_module_level=True)

from subtui.app.terminal import Reading

SUBTUI = [sys.executable, "-m", "subtui"]
MODES = {"1049": "screen", "1000": "mouse", "1003": "mouse", "1006": "mouse", "2004": "pasting", "1004": "focus"}


class Watched(Terminal):
    """A terminal that keeps what was written to it."""

    def __init__(self, *arguments: object, **options: object) -> None:
        self.shown = b""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def _feed(self) -> None:
        self.shown += b"".join(data for _, data in tuple(self._came))
        super()._feed()

    def left_on(self) -> set[str]:
        """What was switched on and not off again."""
        self._feed()
        on = {
            name
            for mode, name in MODES.items()
            if self.shown.rfind(f"\x1b[?{mode}h".encode()) > self.shown.rfind(f"\x1b[?{mode}l".encode())
        }
        hidden = self.shown.rfind(b"\x1b[?25l") > self.shown.rfind(b"\x1b[?25h")
        keys = len(re.findall(rb"\x1b\[>\d+u", self.shown)) > self.shown.count(b"\x1b[<u")
        raw = not termios.tcgetattr(self._fd)[3] & termios.ICANON if self._exit is None else False
        return (
            on | ({"hidden cursor"} if hidden else set()) | ({"keys"} if keys else set()) | ({"raw"} if raw else set())
        )


def form(db: Path, **more: str) -> Watched:
    terminal = Watched([*SUBTUI, "--db", str(db), "--as", "agent", "open", "/subscriptions/1042"], env=more)
    terminal.wait_for("What Save will do")
    terminal.wait_quiet()
    return terminal


def send_bytes(terminal: Terminal, data: bytes) -> None:
    os.write(terminal._fd, data)


# --- what it sends ----------------------------------------------------------------------------------------------------

NOT_TEXT = {
    "a letter of Latin-1": b"\xe4",
    "half a letter": b"\xc3",
    "a letter cut by another": b"\xe2\x82a",
    "control codes of 8 bits": b"\x9b\x90\x9c",
    "what no encoding has": b"\xff\xfe\xc0\x80",
    "surrogates": b"\xed\xa0\x80",
    "the mouse of old": b"\x1b[M\xa0\xff\xc8",
    "the mouse of old, as letters": b"\x1b[M\xc3\xa9!\x1b[M#\xe9\xe9",
    "a key beyond all characters": b"\x1b[9999999999u",
    "a key that is half a character": b"\x1b[55296u",
    "a window beyond all sizes": b"\x1b[48;99999999;99999999;9;9t",
    "a window of no size": b"\x1b[48;0;0;0;0t",
}


def test_what_is_no_text_leaves_the_form_as_it_is(demo_db: Path) -> None:
    with form(demo_db) as terminal:
        terminal.send("i")
        terminal.wait_for("Active → Inactive")
        terminal.press("tab", "tab")
        terminal.wait_for("› Reason")
        terminal.send("t")
        terminal.wait_for("Too expensive")
        terminal.press("tab")
        terminal.send("Gespr")
        terminal.wait_for("Gespr")
        for data in NOT_TEXT.values():
            send_bytes(terminal, data)
        terminal.send("END")
        terminal.wait_for("END")
        terminal.wait_for("Gespr")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 143


def typed(data: bytes, *, step: int = 1 << 16) -> str:
    reading = Reading()
    messages = [each for at in range(0, len(data), step) for each in reading.feed(data[at : at + step])]
    return "".join(getattr(message, "character", None) or "" for message in messages)


@pytest.mark.parametrize("step", [1, 2, 1 << 16], ids=["byte by byte", "two by two", "at once"])
@pytest.mark.parametrize("name", NOT_TEXT)
def test_each_is_read_over(name: str, step: int) -> None:
    read = typed(b"<" + NOT_TEXT[name] + b"ok>", step=step)
    assert read.startswith("<")
    assert read.endswith("k>")
    assert not any("\ud800" <= character <= "\udfff" for character in read)


@pytest.mark.parametrize("step", [1, 3, 1 << 16])
def test_text_is_read_as_it_is(step: int) -> None:
    text = "Gespräch 王 €10 — 🙂"
    assert typed(text.encode(), step=step) == text


def test_the_mouse_of_old_types_nothing() -> None:
    assert typed(b"a\x1b[M !!b\x1b[M\xff\xff\xffc", step=1) == "abc"


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_nothing_breaks_the_reading(pieces: list[bytes]) -> None:
    reading = Reading()
    for piece in pieces:
        reading.feed(piece)
        reading.tick()
    reading.feed(b"\x1b[201~\x1b\x1b")  # out of whatever was begun
    assert isinstance(reading.feed(b"x"), list)


# --- what ends the program --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP], ids=lambda number: number.name
)
def test_a_signal_gives_the_terminal_back(number: signal.Signals, demo_db: Path) -> None:
    with form(demo_db) as terminal:
        assert terminal.left_on() >= {"screen", "mouse", "pasting", "keys", "raw"}
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.left_on() == set()


_BREAKS = """
import sys
from subtui.app.app import SubtuiApp
from subtui.cli.main import main
def broken(self):
    {how}
SubtuiApp.do_app_theme = broken
sys.argv = ["subtui", *{words!r}]
main()
"""

ENDS: dict[str, tuple[str, Callable[[int], bool]]] = {
    "an error": ("raise KeyError('x')", lambda code: code in (1, 2)),
    "an error with a look of its own": (
        "error = ValueError('x'); error.__rich__ = lambda: 'x'; raise error",
        lambda code: code in (1, 2),
    ),
    "sys.exit": ("sys.exit(7)", lambda code: code != 0),
    "an error at the backend": (
        "self.backend.run = None; self.ask_for_the_day()",
        lambda code: code in (1, 2),
    ),
    "an error in a worker": ("self.run_worker(lambda: 1 / 0, thread=True)", lambda code: code in (1, 2)),
    "an error in a task": (
        "import asyncio; self._loop.call_soon(lambda: self._handle_exception(OSError(5, 'x')))",
        lambda code: code in (1, 2),
    ),
    "a panic": ("self.panic('x')", lambda code: code in (1, 2)),
    "an error while reading": (
        "self._driver.process_message = None; self.screen.say('deaf')",
        lambda code: code in (1, 2),
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_crash_gives_the_terminal_back_and_is_no_success(name: str, demo_db: Path, tmp_path: Path) -> None:
    how, right = ENDS[name]
    words = ["--db", str(demo_db), "--as", "agent", "open", "/subscriptions"]
    script = tmp_path / "breaks.py"
    script.write_text(_BREAKS.format(how=how, words=words))
    with Watched([sys.executable, str(script)], env={"XDG_STATE_HOME": str(tmp_path)}) as terminal:
        terminal.wait_for("All subscriptions")
        terminal.wait_quiet()
        terminal.send("T")
        if name == "an error while reading":
            terminal.wait_for("deaf")
            terminal.send("x")
        assert right(terminal.wait_exit())
        assert terminal.left_on() == set()
        assert "Traceback" not in terminal.screen()


def test_a_second_signal_ends_what_the_first_did_not(demo_db: Path, tmp_path: Path) -> None:
    words = ["--db", str(demo_db), "--as", "agent"]
    script = tmp_path / "hangs.py"
    how = "import time; self.bell(); self.notify('stuck'); time.sleep(600)"
    script.write_text(_BREAKS.format(how=how, words=words))
    with Watched([sys.executable, str(script)]) as terminal:
        terminal.wait_for("Ending soon")
        terminal.wait_quiet()
        terminal.send("\t")
        terminal.wait_quiet()
        terminal.send("T")
        terminal.wait_quiet()
        terminal.kill(signal.SIGTERM)
        for _ in range(200):
            terminal.wait_quiet()
            terminal.kill(signal.SIGTERM)
            if terminal._ended.is_set():
                break
        assert terminal.wait_exit() in (-signal.SIGTERM, 143)
        assert terminal.left_on() == set()


# --- what it is -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [("40", "10"), ("1000", "1"), ("x", ""), ("0", "0")])
def test_the_size_is_that_of_the_terminal(size: tuple[str, str], demo_db: Path) -> None:
    with form(demo_db, COLUMNS=size[0], LINES=size[1]) as terminal:
        assert "too small" not in terminal.screen()
        terminal.resize(44, 14)
        terminal.wait_quiet()
        terminal.resize(120, 36)
        terminal.wait_for("What Save will do")


@pytest.mark.parametrize("kind", ["dumb", "DUMB", "", "unknown"])
@pytest.mark.parametrize("words", [(), ("open", "/subscriptions"), ("demo", "cancel")], ids=str)
def test_a_terminal_for_lines_only(kind: str, words: tuple[str, ...], demo_db: Path) -> None:
    with Watched([*SUBTUI, "--db", str(demo_db), "--as", "agent", *words], env={"TERM": kind}) as terminal:
        assert terminal.wait_exit() == 2
        assert "needs a terminal" in terminal.screen() or "The screens need a terminal." in terminal.screen()
        assert b"\x1b" not in terminal.shown


REDIRECTED = {
    "errors to a file": ("2>errors.txt", True),
    "errors to a full disk": ("2>/dev/full", True),
    "errors closed": ("2>&-", True),
    "output to a file": (">out.txt", True),
    "output to a program": ("| cat", True),
    "both to files": (">out.txt 2>errors.txt", False),
    "input from a file": ("</dev/null", False),
}


@pytest.mark.parametrize("name", REDIRECTED)
def test_streams_that_go_elsewhere(name: str, demo_db: Path, tmp_path: Path) -> None:
    where, drawn = REDIRECTED[name]
    line = f"{shlex.join([*SUBTUI, '--db', str(demo_db), '--as', 'agent', 'open', '/subscriptions'])} {where}"
    with Watched(["sh", "-c", f"{line}; echo CODE $?"], cwd=tmp_path) as terminal:
        if drawn:
            terminal.wait_for("All subscriptions")
            terminal.wait_quiet()
            terminal.send("q")
        terminal.wait_for("CODE 0" if drawn else "CODE 2")
        assert terminal.left_on() <= {"raw"}
    for file in ("out.txt", "errors.txt"):
        text = (tmp_path / file).read_text() if (tmp_path / file).exists() else ""
        assert "\x1b" not in text
        if not drawn and file == "errors.txt" and text:
            assert "Neither standard output nor standard error is one." in text


# --- the shell and back -----------------------------------------------------------------------------------------------


def in_a_shell(db: Path, *words: str) -> Watched:
    line = shlex.join([*SUBTUI, "--db", str(db), "--as", "agent", *words])
    script = f"set -m; {line} & fg >/dev/null; echo SHELL-HERE; read -r x; fg >/dev/null; echo DONE $?"
    return Watched(["bash", "-c", script])


@pytest.mark.parametrize("where", ["on a list", "in a field", "in the search field", "in a dialog"])
def test_ctrl_z_goes_to_the_shell_and_back(where: str, demo_db: Path) -> None:
    words = ("open", "/subscriptions/1042") if where in ("in a field", "in a dialog") else ("open", "/subscriptions")
    with in_a_shell(demo_db, *(() if where == "in the search field" else words)) as terminal:
        seen = {
            "on a list": "All subscriptions",
            "in the search field": "Ending soon",
            "in a field": "What Save will do",
            "in a dialog": "What Save will do",
        }[where]
        terminal.wait_for(seen)
        terminal.wait_quiet()
        if where in ("in a field", "in a dialog"):
            terminal.send("i")
            terminal.wait_for("Active → Inactive")
            terminal.press("tab")
            terminal.wait_for("› End date")
        if where == "in the search field":
            terminal.send("zz")
            terminal.wait_for("zz")
        if where == "in a dialog":
            terminal.press("escape")
            terminal.wait_for("Leave without saving?")
        terminal.send("\x1a")
        terminal.wait_for("SHELL-HERE")
        assert terminal.left_on() <= {"raw"}
        terminal.send("\r")
        while not terminal.left_on() >= {"screen", "mouse", "pasting"}:
            terminal.wait_painted()
        terminal.wait_for(seen if where != "in a dialog" else "Leave without saving?")


def test_ctrl_z_where_there_is_no_shell_is_said(demo_db: Path) -> None:
    with form(demo_db) as terminal:
        terminal.send("\x1a")
        terminal.wait_for("There is no shell here to go back to.")


def test_a_stop_without_notice_is_gone_over(demo_db: Path) -> None:
    with form(demo_db) as terminal:
        for _ in range(2):
            terminal.kill(signal.SIGSTOP)
            terminal.kill(signal.SIGCONT)
            terminal.wait_quiet()
        terminal.send("i")
        terminal.wait_for("Active → Inactive")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        assert terminal.left_on() == set()


def test_stops_that_fall_into_each_other_leave_nothing_on(demo_db: Path) -> None:
    with form(demo_db) as terminal:
        for _ in range(8):
            terminal.kill(signal.SIGSTOP)
            terminal.kill(signal.SIGCONT)
            # Not a wait: without a distance the system merges them, and none falls into the one before it.
            time.sleep(0.003)
        terminal.wait_quiet()
        terminal.send("i")
        terminal.wait_for("Active → Inactive")
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        assert terminal.left_on() == set()
