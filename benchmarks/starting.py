"""Rows about the start of the program, and about saving."""

import shutil
from pathlib import Path

from tests.terminal import Terminal

from benchmarks.data import Data, subtui
from benchmarks.sides import SIZE, Row, Sample, bare


class Starting:
    """Starts both programs, and saves with both."""

    def __init__(self, data: Data) -> None:
        self._demo = data.demo()
        self._folder = data.scratch
        self._copies = 0

    def rows(self) -> tuple[Row, ...]:
        """The rows of the table."""
        return (
            Row(
                "sign-in",
                "Start to the sign-in screen",
                "bare app",
                (("median", 1.3),),
                self._sign_in,
                self._bare_screen,
            ),
            Row(
                "dashboard",
                "Start to the dashboard, `--as agent`",
                "bare app",
                (("median", 1.3),),
                self._dashboard,
                self._bare_screen,
            ),
            Row(
                "search",
                "Start to the first search answered, typed blind",
                "bare app + `import sqlmodel`, echo",
                (("median", 1.15),),
                self._search,
                self._bare_search,
            ),
            Row(
                "save",
                "Save to the painted confirmation",
                "bare echo + one commit",
                (("median", 2),),
                self._save,
                self._bare_save,
            ),
        )

    def _sign_in(self) -> list[Sample]:
        with Terminal(subtui(self._demo), SIZE) as terminal:
            seconds = terminal.wait_for("Password")
            terminal.wait_for("Demo accounts")
            return [Sample(seconds, terminal.peak_memory())]

    def _dashboard(self) -> list[Sample]:
        with Terminal([*subtui(self._demo), "--as", "agent"], SIZE) as terminal:
            seconds = terminal.wait_for("a name, e-mail, phone, company")
            terminal.wait_for("active subscriptions")
            return [Sample(seconds, terminal.peak_memory())]

    def _search(self) -> list[Sample]:
        with Terminal([*subtui(self._demo), "--as", "agent"], SIZE) as terminal:
            terminal.send("lop")
            return [Sample(terminal.wait_for("López"))]

    def _save(self) -> list[Sample]:
        with Terminal([*subtui(self._copy()), "--as", "agent", "open", "/subscriptions/1042"], SIZE) as terminal:
            terminal.wait_for("no changes yet")
            terminal.press("i")
            terminal.wait_for("Active → Inactive")
            terminal.press("tab")
            terminal.press("tab")
            terminal.wait_for("› Reason")
            terminal.press("t")
            terminal.wait_gone("Choose a reason.")
            terminal.wait_quiet()
            terminal.press("ctrl+s")
            return [Sample(terminal.wait_for("Saved. "))]

    def _copy(self) -> Path:
        """The demo data as a file that one round may change."""
        self._copies += 1
        return Path(shutil.copy(self._demo, self._folder / f"copy{self._copies}.db"))

    def _bare_screen(self) -> list[Sample]:
        with Terminal(bare("screen"), SIZE) as terminal:
            seconds = terminal.wait_for("Marlow, Lopa")
            return [Sample(seconds, terminal.peak_memory())]

    def _bare_search(self) -> list[Sample]:
        with Terminal(bare("search"), SIZE) as terminal:
            terminal.send("lop")
            return [Sample(terminal.wait_for("echo lop."))]

    def _bare_save(self) -> list[Sample]:
        with Terminal(bare("save", str(self._folder / "bare.db")), SIZE) as terminal:
            terminal.wait_for("Marlow, Lopa")
            terminal.press("x")
            terminal.wait_for("echo x.")
            terminal.wait_quiet()
            terminal.press("ctrl+s")
            return [Sample(terminal.wait_for("Saved 1."))]
