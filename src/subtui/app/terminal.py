"""The terminal itself: how it is read, drawn on and given back, where Textual's own driver trusts it too much.

A byte that is no UTF-8, a variable with a size of long ago, a window that is gone, a process that was stopped: none of
them may end the program, or leave a terminal in which nothing can be typed.
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

# All that was switched on, in the order in which it is switched off: pasting, wrapping, sizes and mouse, keys, screen.
_GIVE_BACK = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l"
    b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)

# How terminals of old report the mouse: three bytes that are no text. What is asked for is another way of reporting.
_OLD_MOUSE = re.compile(rb"\x1b\[M[\x20-\xff]{3}")
_OLD_MOUSE_BEGUN = re.compile(rb"\x1b\[M[\x20-\xff]{0,2}\Z")
_SEQUENCE = re.compile("^.[^A-Za-z~]*[A-Za-z~]?", re.DOTALL)
_AT_ONCE = 4096
_LONGEST_SIDE = 4000
_LOOKS_UP = 0.1
"""Seconds after which the reading thread looks whether it is still wanted."""


class Drawing:
    """What is drawn on. A terminal that is gone takes what is written to it, as nothing else would let the rest end."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.gone = False

    def write(self, text: str) -> int:
        """Write text, if there still is a terminal."""
        self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        self._try(self._stream.flush)

    def fileno(self) -> int:
        """The number of the terminal's file."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream.isatty()

    def _try(self, act: Callable[[], object]) -> None:
        if not self.gone:
            try:
                act()
            except (OSError, ValueError):
                self.gone = True


def drawn_on() -> TextIO | None:
    """The standard stream that is drawn on: standard error, else standard output, whichever is a terminal."""
    streams = (sys.__stderr__, sys.__stdout__)
    return next((stream for stream in streams if stream is not None and stream.isatty()), None)


class TerminalDriver(LinuxDriver):
    """Textual's driver for a terminal that may send anything, be another one than standard error, and go away."""

    def __init__(
        self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._drawing = Drawing(drawn_on() or sys.stderr)
        self._file = cast("Any", self._drawing)
        self._on = False
        self._changing = False  # being taken or given back
        self._stopped_meanwhile = False

    # --- size -------------------------------------------------------------------------------------------------------

    def _get_terminal_size(self) -> tuple[int, int]:
        """The size of this terminal, whatever the variables COLUMNS and LINES said when the program was started."""
        for number in (self._drawing.fileno(), self.fileno):
            with suppress(OSError):
                width, height = os.get_terminal_size(number)
                if width and height:
                    return width, height
        return super()._get_terminal_size()

    # --- beginning, stopping, ending --------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal, unless this process is in the background."""
        with self._change():
            super().start_application_mode()  # type: ignore[no-untyped-call]
            self._on = self._writer_thread is not None and self._writer_thread.is_alive()
        if self._stopped_meanwhile:
            self._sigcont_application()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        with self._change():
            self._on = False
            if self._mouse_pixels:
                self.write("\x1b[?1016l")
            super().stop_application_mode()

    @contextmanager
    def _change(self) -> Iterator[None]:
        """While the terminal is taken or given back: a stop that falls into it must not begin the same again inside."""
        self._changing, self._stopped_meanwhile = True, False
        try:
            yield
        finally:
            self._changing = False

    def give_back(self) -> None:
        """Give the terminal back at once, past everything that may be stuck. Nothing happens where it was already."""
        if not self._on:
            return
        self._on = False
        with suppress(OSError, ValueError):
            os.write(self._drawing.fileno(), _GIVE_BACK)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _sigcont_application(self, *_: Any) -> None:
        """Go on after a stop; one by SIGSTOP gave no notice, and what the shell did to the terminal is put right."""
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
        """Read until the program ends; a fault in it ends the program as any other does."""
        try:
            self.run_input_thread()
        except Exception as error:
            asyncio.run_coroutine_threadsafe(self._fail(error), loop=self._loop)

    async def _fail(self, error: Exception) -> None:
        self._app._handle_exception(error)

    def run_input_thread(self) -> None:
        """Read what is typed, one piece after the other."""
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
        """The terminal is gone, and no signal said so: `nohup` keeps it away."""
        self._drawing.gone = True
        code = 128 + signal.SIGHUP
        self._loop.call_soon_threadsafe(lambda: self._app.exit(code, return_code=code))


class Reading:
    """Makes messages of bytes. Those that are no text show as �, and none of them breaks it."""

    def __init__(self, debug: bool = False) -> None:
        self._debug = debug
        self._parser = XTermParser(debug)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._rest = b""

    def feed(self, data: bytes) -> list[Any]:
        """The messages of some bytes more."""
        data = _OLD_MOUSE.sub(b"", self._rest + data)
        begun = _OLD_MOUSE_BEGUN.search(data)
        end = begun.start() if begun else len(data)
        self._rest = data[end:]
        # In pieces that begin with an escape: what goes wrong takes no more with it than its own sequence.
        pieces = re.split("(?=\x1b)", self._decode(data[:end]))
        return [message for piece in pieces for message in self._messages(piece)]

    def _messages(self, piece: str) -> list[Any]:
        messages: list[Any] = []
        # Nothing at all would be taken for the end of everything.
        if piece and not self._parsed(self._parser.feed(piece), messages):
            messages += self._messages(_SEQUENCE.sub("", piece))
        return messages

    def tick(self) -> list[Any]:
        """The messages that come of nothing more being typed, such as that of a lone escape."""
        messages: list[Any] = []
        self._parsed(self._parser.tick(), messages)
        return messages

    def _parsed(self, read: Iterable[Any], messages: list[Any]) -> bool:
        """Put what is read into `messages`. Returns False for a sequence that no terminal sends."""
        try:
            messages.extend(message for message in read if _known(message))
        except Exception:  # such as for a key whose number is beyond all characters
            self._parser = XTermParser(self._debug)
            return False
        return True


def _known(message: object) -> bool:
    """Whether a terminal can mean a message: some sizes are none, and some numbers of characters are none."""
    if isinstance(message, events.Resize):
        return all(0 < side <= _LONGEST_SIDE for side in message.size)
    if isinstance(message, events.Key):
        return not any("\ud800" <= character <= "\udfff" for character in message.character or "")
    return True
