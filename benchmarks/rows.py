"""What is measured: for each row our side, the other side, and the bar that the design sets."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.terminal import Terminal

BARE = Path(__file__).with_name("bare.py")
SIZE = (120, 40)


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: how long it took, and the most memory the process had, in bytes (None: not known)."""

    seconds: float
    memory: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ours` and `other` each do one round; `bar` is the largest ratio that meets it."""

    key: str
    what: str
    against: str
    bar: float
    ours: Callable[[], Sample]
    other: Callable[[], Sample]


class Bench:
    """The programs that are measured, on a database of their own in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._demo = folder / "demo.db"
        self._copies = 0
        names = [name for name in os.environ if name.startswith(("SUBTUI_", "TEXTUAL"))]
        for name in names:
            del os.environ[name]
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
        subprocess.run([*_subtui(self._demo), "db", "init"], check=True, capture_output=True)

    def rows(self) -> tuple[Row, ...]:
        """Everything that is measured, in the order of the table."""
        bare_screen = self._bare_screen
        return (
            Row("sign-in", "Start to the sign-in screen", "bare app", 1.3, self._sign_in, bare_screen),
            Row("dashboard", "Start to the dashboard, `--as agent`", "bare app", 1.3, self._dashboard, bare_screen),
            Row(
                "search",
                "Start to the first search answered, typed blind",
                "bare app + `import sqlmodel`, echo",
                1.15,
                self._search,
                self._bare_search,
            ),
            Row("save", "Save to the painted confirmation", "bare echo + one commit", 2, self._save, self._bare_save),
        )

    # --- the program ------------------------------------------------------------------------------------------------

    def _sign_in(self) -> Sample:
        with Terminal(_subtui(self._demo), SIZE) as terminal:
            seconds = terminal.wait_for("Password")
            terminal.wait_for("Demo accounts")
            return Sample(seconds, terminal.peak_memory())

    def _dashboard(self) -> Sample:
        with Terminal([*_subtui(self._demo), "--as", "agent"], SIZE) as terminal:
            seconds = terminal.wait_for("a name, e-mail, phone, company or id")
            terminal.wait_for("active subscriptions")
            return Sample(seconds, terminal.peak_memory())

    def _search(self) -> Sample:
        with Terminal([*_subtui(self._demo), "--as", "agent"], SIZE) as terminal:
            terminal.send("lop")
            return Sample(terminal.wait_for("López"))

    def _save(self) -> Sample:
        with Terminal([*_subtui(self._copy()), "--as", "agent", "open", "/subscriptions/1042"], SIZE) as terminal:
            terminal.wait_for("nothing to save yet")
            terminal.press("i")
            terminal.wait_for("Active → Inactive")
            terminal.press("tab")
            terminal.press("tab")
            terminal.wait_for("› Reason")
            terminal.press("t")
            terminal.wait_gone("still to choose")
            terminal.wait_quiet()
            terminal.press("ctrl+s")
            return Sample(terminal.wait_for("Saved. "))

    def _copy(self) -> Path:
        """The demo data as a file that one round may change."""
        self._copies += 1
        return Path(shutil.copy(self._demo, self._folder / f"copy{self._copies}.db"))

    # --- what it is measured against --------------------------------------------------------------------------------

    def _bare_screen(self) -> Sample:
        with Terminal(_bare("screen"), SIZE) as terminal:
            seconds = terminal.wait_for("Marlow, Lopa")
            return Sample(seconds, terminal.peak_memory())

    def _bare_search(self) -> Sample:
        with Terminal(_bare("search"), SIZE) as terminal:
            terminal.send("lop")
            return Sample(terminal.wait_for("echo lop."))

    def _bare_save(self) -> Sample:
        with Terminal(_bare("save", str(self._folder / "bare.db")), SIZE) as terminal:
            terminal.wait_for("Marlow, Lopa")
            terminal.press("x")
            terminal.wait_for("echo x.")
            terminal.wait_quiet()
            terminal.press("ctrl+s")
            return Sample(terminal.wait_for("Saved 1."))


def _subtui(database: Path) -> list[str]:
    """The command as it is installed beside this Python."""
    return [str(Path(sys.executable).with_name("subtui")), "--db", str(database)]


def _bare(*arguments: str) -> list[str]:
    return [sys.executable, str(BARE), *arguments]
