"""The driver of the terminal: reads, draws and restores it, and handles the failures that Textual's driver does not.

None of these may end the program or leave the terminal unusable: a byte that is no UTF-8, an outdated size in a
variable, a closed window, a stopped process.
"""

import asyncio
import os
import re
import selectors
import signal
import sys
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

# Switches off all terminal modes in use, in this order: pasting, wrapping, sizes and mouse, keys, screen.
_GIVE_BACK = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l"
    b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)

# The mouse report of old terminals: three bytes that are no text. The driver requests another form of report.
_OLD_MOUSE = re.compile(rb"\x1b\[M[\x20-\xff]{3}")
_OLD_MOUSE_BEGUN = re.compile(rb"\x1b\[M[\x20-\xff]{0,2}\Z")
_SEQUENCE = re.compile("^.[^A-Za-z~]*[A-Za-z~]?", re.DOTALL)
_AT_ONCE = 4096
_LONGEST_SIDE = 4000
_LOOKS_UP = 0.1
"""Seconds between two checks of the reading thread whether to stop."""


class Drawing:
    """The output stream. It accepts writes to a closed terminal, so that the program can end in order."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.gone = False

    def write(self, text: str) -> int:
        """Write text, if the terminal still exists."""
        self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self._try(self._stream.flush)

    def fileno(self) -> int:
        """The file descriptor of the terminal."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self._stream.isatty()

    def _try(self, act: Callable[[], object]) -> None:
        if not self.gone:
            try:
                act()
            except (OSError, ValueError):
                self.gone = True


def drawn_on() -> TextIO | None:
    """The standard stream to draw on, which must be a terminal: standard error, else standard output."""
    streams = (sys.__stderr__, sys.__stdout__)
    return next((stream for stream in streams if stream is not None and stream.isatty()), None)


class TerminalDriver(LinuxDriver):
    """Textual's driver for a terminal that may send any bytes, may not be standard error, and may be closed."""

    def __init__(
        self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._drawing = Drawing(drawn_on() or sys.stderr)
        self._file = cast("Any", self._drawing)
        self._on = False
        self._changing = False  # whether the terminal is being set up or restored
        self._stopped_meanwhile = False

    # --- size -------------------------------------------------------------------------------------------------------

    def _get_terminal_size(self) -> tuple[int, int]:
        """The size of this terminal, ignoring the variables COLUMNS and LINES."""
        for number in (self._drawing.fileno(), self.fileno):
            with suppress(OSError):
                width, height = os.get_terminal_size(number)
                if width and height:
                    return width, height
        return super()._get_terminal_size()

    # --- beginning, stopping, ending --------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Set up the terminal, unless this process is in the background."""
        with self._change():
            super().start_application_mode()  # type: ignore[no-untyped-call]
            self._on = self._writer_thread is not None and self._writer_thread.is_alive()
        if self._stopped_meanwhile:
            self._sigcont_application()

    def stop_application_mode(self) -> None:
        """Restore the terminal."""
        with self._change():
            self._on = False
            if self._mouse_pixels:
                self.write("\x1b[?1016l")
            super().stop_application_mode()

    @contextmanager
    def _change(self) -> Iterator[None]:
        """Mark the set-up or restoring of the terminal, so that a stop signal during it does not start it again."""
        self._changing, self._stopped_meanwhile = True, False
        try:
            yield
        finally:
            self._changing = False

    def give_back(self) -> None:
        """Restore the terminal at once, without waiting for threads. Does nothing if it is restored already."""
        if not self._on:
            return
        self._on = False
        with suppress(OSError, ValueError):
            os.write(self._drawing.fileno(), _GIVE_BACK)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _sigcont_application(self, *_: Any) -> None:
        """Continue after a stop: set up the terminal again, which the shell may have changed."""
        if not self._auto_restart:
            return
        if self._changing:
            self._stopped_meanwhile = True
            return
        if self._on:
            self.suspend_application_mode()
            self._must_signal_resume = True
        self.resume_application_mode()

    # --- reading ----------------------------------------------------------------------------------------------------

    def _run_input_thread(self) -> None:
        """Read until the program ends; an error in it ends the program like any other."""
        try:
            self.run_input_thread()
        except Exception as error:
            asyncio.run_coroutine_threadsafe(self._fail(error), loop=self._loop)

    async def _fail(self, error: Exception) -> None:
        self._app._handle_exception(error)

    def run_input_thread(self) -> None:
        """Read the input, one piece after the other."""
        reading = Reading(self._debug)
        with selectors.SelectSelector() as waiting:
            waiting.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if waiting.select(_LOOKS_UP):
                    try:
                        data = os.read(self.fileno, _AT_ONCE)
                    except OSError:
                        data = b""
                    if not data:
                        self._hung_up()
                        return
                    for message in reading.feed(data):
                        self.process_message(message)
                for message in reading.tick():
                    self.process_message(message)

    def _hung_up(self) -> None:
        """End the program when the terminal is closed without a signal, as under `nohup`."""
        self._drawing.gone = True
        code = 128 + signal.SIGHUP
        self._loop.call_soon_threadsafe(lambda: self._app.exit(code, return_code=code))


class Reading:
    """Parses bytes into messages. Bytes that are no text become �, and never raise an error."""

    def __init__(self, debug: bool = False) -> None:
        self._debug = debug
        self._parser = XTermParser(debug)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._rest = b""

    def feed(self, data: bytes) -> list[Any]:
        """The messages of further bytes."""
        data = _OLD_MOUSE.sub(b"", self._rest + data)
        begun = _OLD_MOUSE_BEGUN.search(data)
        end = begun.start() if begun else len(data)
        self._rest = data[end:]
        # In pieces that begin with an escape: an error loses no more than its own sequence.
        pieces = re.split("(?=\x1b)", self._decode(data[:end]))
        return [message for piece in pieces for message in self._messages(piece)]

    def _messages(self, piece: str) -> list[Any]:
        messages: list[Any] = []
        # An empty text would be taken for the end of the input.
        if piece and not self._parsed(self._parser.feed(piece), messages):
            messages += self._messages(_SEQUENCE.sub("", piece))
        return messages

    def tick(self) -> list[Any]:
        """The messages that are complete once no more input follows, such as a lone escape."""
        messages: list[Any] = []
        self._parsed(self._parser.tick(), messages)
        return messages

    def _parsed(self, read: Iterable[Any], messages: list[Any]) -> bool:
        """Parse a sequence into `messages`. Returns False for a sequence that no terminal sends."""
        try:
            messages.extend(message for message in read if _known(message))
        except Exception:  # for example a key whose number is out of the range of characters
            self._parser = XTermParser(self._debug)
            return False
        return True


def _known(message: object) -> bool:
    """Whether a message is valid: some sizes and some character numbers are not."""
    if isinstance(message, events.Resize):
        return all(0 < side <= _LONGEST_SIDE for side in message.size)
    if isinstance(message, events.Key):
        return not any("\ud800" <= character <= "\udfff" for character in message.character or "")
    return True
