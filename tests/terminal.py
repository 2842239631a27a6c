"""A terminal without a window: runs a program in a real pseudo-terminal and sees what a person would see.

with Terminal(["subtui", "--as", "agent"], size=(100, 30)) as terminal:
    terminal.wait_for("Dashboard")
    terminal.send("lop")
    terminal.wait_for("López")
    terminal.press("enter")
    print(terminal.screen())
"""

import fcntl
import os
import pty
import re
import signal
import struct
import termios
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "esc": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
}

# Requests and modes that pyte takes for text, or for something else: all that a `<`, `=` or `>` makes private, a `?`
# that does not end in h or l, whatever has an intermediate byte, and the strings (DCS, APC, PM).
_NOT_FOR_PYTE = re.compile(
    rb"\x1b\[(?:[<=>][0-?]*[ -/]*[@-~]|\?[0-?]*[ -/]*[@-gi-km-~]|[0-?]*[ -/]+[@-~])|\x1b[P^_][^\x1b]*\x1b\\", re.DOTALL
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[P^_][^\x1b]*\x1b?)?\Z", re.DOTALL)
_POLL = 0.002


class NotSeen(AssertionError):
    """What was waited for did not come; the message holds the screen."""


class Terminal:
    """A program on a screen of `size` (columns, rows). `env` is added to the environment of this process.

    A thread reads what the program writes, so that it is never held up, and notes when it came.
    """

    def __init__(
        self,
        argv: Sequence[str],
        size: tuple[int, int] = (100, 30),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        columns, rows = size
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._came: deque[tuple[float, bytes]] = deque()
        self._rest = b""
        self.bytes_written = 0  # by the program, since it was started
        self._seen = 0.0
        self._exit: int | None = None
        variables = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
        variables |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | dict(env or {})
        self._since = time.perf_counter()
        self.pid, self._fd = _fork(list(argv), size, variables, cwd)
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # --- what the person does ---------------------------------------------------------------------------------------

    def send(self, text: str) -> None:
        """Type text, in one write. What is waited for next is timed from here."""
        self._since = time.perf_counter()
        os.write(self._fd, text.encode())

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are, whether they are keys or not; to a program that has ended, none."""
        with suppress(OSError):
            os.write(self._fd, data)

    def press(self, *names: str) -> None:
        """Press keys by name (`enter`, `shift+tab`, `ctrl+s`, `x`), each a write of its own."""
        for name in names:
            if name in KEYS:
                self.send(KEYS[name])
            elif name.startswith("ctrl+"):
                self.send(chr(ord(name[-1].upper()) & 0x1F))
            else:
                self.send(name)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self._feed()
        self._screen.resize(rows, columns)
        self._since = time.perf_counter()
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send the program a signal."""
        if self._exit is None:
            os.kill(self.pid, number)

    @property
    def running(self) -> bool:
        """Whether the program has not ended yet."""
        return not self._ended.is_set()

    @property
    def written(self) -> float:
        """When the program painted something for the last time."""
        self._feed()
        return self._seen

    # --- what the person sees ---------------------------------------------------------------------------------------

    def screen(self) -> str:
        """The screen as text, its rows without the blanks at their ends."""
        self._feed()
        return "\n".join(row.rstrip() for row in self._screen.display)

    def wait_for(self, wanted: str | re.Pattern[str], timeout: float = 20) -> float:
        """Wait until a text, or a match of a pattern, is on the screen.

        Returns the seconds from the last thing done (at first: the start of the program) to the arrival of what
        painted it, 0 if it was there before. Raises NotSeen.
        """
        found = wanted.search if isinstance(wanted, re.Pattern) else lambda screen: wanted in screen
        return self._wait(lambda screen: bool(found(screen)), f"{_words(wanted)} is not", timeout)

    def wait_gone(self, unwanted: str | re.Pattern[str], timeout: float = 20) -> float:
        """Wait until a text is nowhere on the screen any more; as `wait_for`."""
        found = unwanted.search if isinstance(unwanted, re.Pattern) else lambda screen: unwanted in screen
        return self._wait(lambda screen: not found(screen), f"{_words(unwanted)} is still", timeout)

    def wait_quiet(self, seconds: float = 0.2, timeout: float = 20) -> None:
        """Wait until nothing has been painted for so long. Raises NotSeen."""
        until = time.perf_counter() + timeout
        self._feed()
        while time.perf_counter() - self._seen < seconds:
            if time.perf_counter() > until:
                raise NotSeen(f"After {timeout:g} s the screen still changes:\n{self.screen()}")
            time.sleep(_POLL)
            self._feed()

    def wait_painted(self, quiet: float = 0.15, timeout: float = 20) -> float:
        """Wait until something was painted and then nothing for so long.

        Returns the seconds from the last thing done to the last that was painted. Raises NotSeen.
        """
        since, until = self._since, time.perf_counter() + timeout
        while self._seen <= since or time.perf_counter() - self._seen < quiet:
            if time.perf_counter() > until:
                raise NotSeen(f"After {timeout:g} s nothing was painted, or it still changes:\n{self.screen()}")
            time.sleep(_POLL)
            self._feed()
        return self._seen - since

    def wait_exit(self, timeout: float = 20) -> int:
        """Wait for the program's end; its exit code, or minus the signal that ended it. Raises NotSeen."""
        until = time.perf_counter() + timeout
        while self._exit is None and time.perf_counter() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._exit = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(_POLL)
        if self._exit is None:
            raise NotSeen(f"The program has not ended after {timeout:g} s. The screen:\n{self.screen()}")
        self._reader.join(1)
        return self._exit

    def peak_memory(self) -> int | None:
        """The most memory the program has had so far, in bytes; None where the system does not tell (not Linux)."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        except OSError:
            return None
        most = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        return int(most[1]) * 1024 if most else None

    def close(self) -> None:
        """End the program, however it is."""
        if self._fd < 0:
            return
        if self._exit is None:
            self.kill()
            self.wait_exit()
        self._reader.join(1)
        os.close(self._fd)
        self._fd = -1

    # --- behind it --------------------------------------------------------------------------------------------------

    def _wait(self, there: Callable[[str], bool], complaint: str, timeout: float) -> float:
        until = time.perf_counter() + timeout
        ended = False
        while not there(self.screen()):
            # What was written last is read before the end is believed.
            if ended or time.perf_counter() > until:
                why = "The program has ended" if ended else f"After {timeout:g} s"
                raise NotSeen(f"{why}: {complaint} on the screen:\n{self.screen()}")
            ended = self._ended.is_set()
            while not self._came and not self._ended.is_set() and time.perf_counter() < until:
                time.sleep(_POLL)
        return max(0.0, self._seen - self._since)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:
                data = b""
            if not data:
                self._ended.set()
                return
            self._came.append((time.perf_counter(), data))
            self.bytes_written += len(data)

    def _feed(self) -> None:
        data = self._rest
        while self._came:
            self._seen, more = self._came.popleft()
            data += more
        cut = _UNFINISHED.search(data)
        end = cut.start() if cut else len(data)
        self._rest = data[end:]
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", data[:end]))


def _words(wanted: str | re.Pattern[str]) -> str:
    return f"“{wanted.pattern if isinstance(wanted, re.Pattern) else wanted}”"


def _fork(argv: list[str], size: tuple[int, int], variables: dict[str, str], cwd: Path | None) -> tuple[int, int]:
    columns, rows = size
    with warnings.catch_warnings():
        # Newer Pythons warn of forking beside other threads; the child does nothing here but become the program.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid, fd = pty.fork()
    if pid:
        return pid, fd
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if cwd:
            os.chdir(cwd)
        os.execvpe(argv[0], argv, variables)  # noqa: S606  (no shell is wanted)
    finally:
        os._exit(127)
