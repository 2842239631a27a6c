"""A demo, and a flow written by hand, as a person has them: in a real terminal, and nothing is left behind."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from subtui.flows.registry import find_flow
from tests.terminal import Terminal

FIRST = find_flow("express", Path()).passages[0].say.split(". ")[0]


class Machine:
    """Somebody's home and folder for passing things, to see what is left in them."""

    def __init__(self, folder: Path) -> None:
        self.home, self.passing = folder / "home", folder / "tmp"
        self.home.mkdir()
        self.passing.mkdir()

    def start(self, *words: str, size: tuple[int, int] = (100, 30), **more: str) -> Terminal:
        names = ("CONFIG", "DATA", "STATE", "CACHE")
        # Nothing may be looked for elsewhere: each folder of the user's is below the home that is named.
        home = more.get("HOME", str(self.home))
        folders = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in names}
        env = {"HOME": home, "TMPDIR": str(self.passing)} | folders | more
        return Terminal([sys.executable, "-m", "subtui", *words], size=size, env=env, cwd=self.home)

    @property
    def left(self) -> list[str]:
        """The files that are there now."""
        return sorted(file.name for place in (self.home, self.passing) for file in place.rglob("*"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_demo_plays_pauses_and_is_left(machine: Machine) -> None:
    with machine.start("demo", "express") as terminal:
        terminal.wait_for(FIRST[:40])
        terminal.press("space")
        terminal.wait_for("space Continue")
        terminal.wait_quiet(0.4)
        terminal.press("right")
        terminal.wait_for("›   1042")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert machine.left == []


@pytest.mark.parametrize("home", ["/nonexistent/home", "/dev/null"])
def test_a_demo_without_colour_or_a_home(machine: Machine, home: str) -> None:
    with machine.start("demo", "express", NO_COLOR="1", HOME=home) as terminal:
        terminal.wait_for(FIRST[:40])
        terminal.wait_for("López, María")
        terminal.press("ctrl+c")
        assert terminal.wait_exit() == 0
    assert machine.left == []


def test_a_demo_whose_window_is_closed_leaves_nothing_behind(machine: Machine) -> None:
    with machine.start("demo", "express") as terminal:
        terminal.wait_for(FIRST[:40])
        terminal.kill(signal.SIGHUP)
        assert terminal.wait_exit() == 0
    assert machine.left == []


@pytest.mark.parametrize("words", [("demo", "express"), ("flow", "new", "-o", "mine.toml")])
def test_a_terminal_that_is_too_small_is_refused(machine: Machine, words: tuple[str, ...]) -> None:
    with machine.start(*words, size=(30, 10)) as terminal:
        assert terminal.wait_exit() == 2
        assert "30x10" in terminal.screen()
        assert "at least 40x15" in terminal.screen().replace("\n", "")
    assert machine.left == []


def _window_closed(terminal: Terminal) -> None:
    os.close(terminal._fd)
    terminal._fd = -1


ENDS: dict[str, tuple[Callable[[Terminal], None], bool]] = {
    "ctrl+g": (lambda terminal: terminal.press("ctrl+g"), True),
    "ctrl+c": (lambda terminal: terminal.press("ctrl+c"), True),
    "the window is closed": (_window_closed, False),
}


@pytest.mark.parametrize("name", ENDS)
def test_what_was_done_by_hand_is_written_however_it_ends(machine: Machine, name: str) -> None:
    end, told = ENDS[name]
    with machine.start("flow", "new", "-o", "mine.toml") as terminal:
        terminal.wait_for("64 contacts")
        terminal.send("lop")
        terminal.wait_for("3 typed characters recorded")
        end(terminal)
        code = terminal.wait_exit()
        if told:
            assert code == 0
            terminal.wait_for("Wrote mine.toml: 1 step.")
    assert machine.left == ["mine.toml"]
    assert 'type = "lop"' in (machine.home / "mine.toml").read_text()


def test_what_was_done_by_hand_and_cannot_be_written_is_on_the_terminal(machine: Machine) -> None:
    folder = machine.home / "gone"
    folder.mkdir()
    with machine.start("flow", "new", "-o", "gone/mine.toml") as terminal:
        terminal.wait_for("64 contacts")
        terminal.send("lop")
        terminal.wait_for("3 typed characters")
        folder.rmdir()
        terminal.press("ctrl+g")
        terminal.wait_for("There is no folder")
        assert terminal.wait_exit() == 2
        assert 'type = "lop"' in terminal.screen()
    assert machine.left == []


def test_nothing_done_is_nothing_written(machine: Machine) -> None:
    with machine.start("flow", "new", "-o", "mine.toml") as terminal:
        terminal.wait_for("64 contacts")
        terminal.press("ctrl+g")
        terminal.wait_for("No keys were pressed, so nothing was saved.")
        assert terminal.wait_exit() == 1
    assert machine.left == []
