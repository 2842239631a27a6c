"""Where the bytes come from: files, standard input and pipes, gzip and zip. Each text in them is one Source.

A file is opened once and each pass reads it at a position of its own, so that nothing can be exchanged between two
passes. What cannot be read twice is kept in a temporary file without a name, which goes away by itself.
"""

import gzip
import io
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from subtui.tabular.errors import TabularError
from subtui.tabular.types import Limits, SheetOrigin

BLOCK = 256 * 1024
_LONGEST_SHOWN = 200
STANDARD_INPUT = "standard input"
_Bytes = io.RawIOBase | io.BufferedIOBase


class RecordTooLong(Exception):
    """More bytes were read since the last row than a row may have."""


class BeforeTheBeginning(OSError):
    """A damaged archive points to a place before its beginning. zipfile expects an OSError then, as files raise it."""


class Pulse:
    """Bytes read since the last row. The reader of rows resets it at each; over `room`, RecordTooLong is raised.

    This bounds the memory of a line or a row that never ends, and costs next to nothing for each row.
    """

    __slots__ = ("room", "since")

    def __init__(self, room: int) -> None:
        self.room = room + 2 * BLOCK  # reading runs ahead of the rows by a block
        self.since = 0


class Progress:
    """Tells the caller how many of the bytes on disk have been read. It never goes back."""

    def __init__(self, report: Callable[[int, int], None] | None, total: int) -> None:
        self._report = report
        self._total = total
        self._done_files = 0
        self._told = 0

    def at(self, position: int) -> None:
        """The current file has been read up to `position`."""
        if self._report is None:
            return
        self._told = max(self._told, min(self._done_files + position, self._total))
        self._report(self._told, self._total)

    def finished(self, size: int) -> None:
        """The current file, of `size` bytes, has been read whole."""
        self.at(size)
        self._done_files += size


class View(io.RawIOBase):
    """A reading position of its own in a file that several passes share. Closing it leaves the file open."""

    def __init__(self, file: _Bytes) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence == io.SEEK_END:
            offset += self._file.seek(0, io.SEEK_END)
        if offset < 0:
            raise BeforeTheBeginning
        self._at = offset
        return offset

    def readinto(self, buffer: Any, /) -> int:
        self._file.seek(self._at)
        count = self._file.readinto(buffer) or 0
        self._at += count
        return count


class _Watched(io.RawIOBase):
    """Passes bytes on, and counts them for the progress and for the pulse of the rows."""

    def __init__(self, inner: _Bytes, at: Callable[[], int], progress: Progress | None, pulse: Pulse | None) -> None:
        self._inner = inner
        self._at = at
        self._progress = progress
        self._pulse = pulse

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        count = self._inner.readinto(buffer) or 0
        if self._progress is not None:
            self._progress.at(self._at())
        if self._pulse is not None:
            self._pulse.since += count
            if self._pulse.since > self._pulse.room:
                raise RecordTooLong
        return count

    def close(self) -> None:
        self._inner.close()
        super().close()


@dataclass
class Unpacked:
    """What came out of one file on disk so far. What the file itself says about its sizes is not believed."""

    name: str
    on_disk: int
    limits: Limits
    bytes: int = 0

    def add(self, count: int) -> None:
        """Count `count` more bytes. Raises TabularError over a limit."""
        self.bytes += count
        if self.bytes > self.limits.unpacked:
            raise TabularError(
                f"{self.name} is too large: at most {_size(self.limits.unpacked)} can be read from one file."
            )
        if self.bytes > self.limits.ratio_from and self.bytes > self.limits.ratio * self.on_disk:
            raise TabularError(
                f"{self.name} grows to more than {self.limits.ratio} times its size unpacked, so it is not an export."
            )


@dataclass
class Source:
    """One text: a file, or what is in an archive. It can be read any number of times until the next one is asked for.

    `begin` starts a new pass: it returns the bytes, and a function that tells the position in the file on disk.
    """

    name: str
    unpacked: Unpacked
    limits: Limits
    begin: Callable[[], tuple[_Bytes, Callable[[], int]]]
    progress: Progress
    member: str = ""  # what it is called in its archive
    origin: SheetOrigin | None = None  # the sheet of a workbook that was written as this text

    def opened(self, *, counted: bool = False, pulse: Pulse | None = None) -> io.BufferedReader:
        """The bytes from the beginning, buffered. `counted`: this pass moves the progress."""
        stream, at = self.begin()
        return io.BufferedReader(_Watched(stream, at, self.progress if counted else None, pulse), BLOCK)


@dataclass
class OnDisk:
    """One file that was named, or the temporary file with what came through a pipe. Its size is in bytes."""

    name: str
    size: int
    path: str = ""
    spool: io.BufferedIOBase | None = field(default=None, repr=False)

    def opened(self, stack: ExitStack) -> _Bytes:
        """The bytes of the file; `stack` closes it."""
        if self.spool is not None:
            return self.spool
        with plainly(self.path):
            return stack.enter_context(open(self.path, "rb", buffering=0))


@contextmanager
def plainly(name: str) -> Iterator[None]:
    """Turns whatever may go wrong while the file called `name` is read into a sentence: a TabularError."""
    try:
        yield
    except EOFError:
        raise TabularError(f"{name} is cut off: its end is missing. Download or copy it again.") from None
    except (gzip.BadGzipFile, zlib.error):
        raise TabularError(f"{name} is damaged and cannot be unpacked. Download or copy it again.") from None
    except OSError as error:
        raise TabularError(f"{name} cannot be read: {why(error)}.") from None
    except UnicodeDecodeError:
        raise TabularError(f"{name} changed while being read. Wait until it is complete, then try again.") from None


def why(error: OSError) -> str:
    """What the system says about a failure, to stand after a colon."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def on_disk(paths: Sequence[str | Path], stdin: BinaryIO | None, limits: Limits, stack: ExitStack) -> list[OnDisk]:
    """The files of `paths`, `-` being standard input. Raises TabularError if one of them cannot be there to be read.

    All are looked at first, so that a mistyped name is told before the first file is read.
    """
    texts = [str(path) for path in paths]
    if texts.count("-") > 1:
        raise TabularError("Standard input can be read only once.")
    short = [Path(text).name for text in texts]
    names = [text if short.count(Path(text).name) > 1 else Path(text).name or text for text in texts]
    return [_file(text, _as_text(name), stdin, limits, stack) for text, name in zip(texts, names, strict=True)]


def _as_text(path: str) -> str:
    """A path as it can be written down: its bytes need not be UTF-8, and it may be a pasted page."""
    text = path.encode("utf-8", "replace").decode()
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _file(path: str, name: str, stdin: BinaryIO | None, limits: Limits, stack: ExitStack) -> OnDisk:
    if path == "-":
        return _spooled(stdin or sys.stdin.buffer, STANDARD_INPUT, limits, stack)
    try:
        found = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise TabularError(f"There is no file {_as_text(path)}.") from None
    except OSError as error:
        raise TabularError(f"{_as_text(path)} cannot be read: {why(error)}.") from None
    if stat.S_ISDIR(found.st_mode):
        raise TabularError(f"{_as_text(path)} is a folder. Name the files in it.")
    if stat.S_ISFIFO(found.st_mode):
        with plainly(name), open(path, "rb") as pipe:
            return _spooled(pipe, name, limits, stack)
    if not stat.S_ISREG(found.st_mode):
        raise TabularError(f"{_as_text(path)} is not a file.")
    return OnDisk(name, found.st_size, path=path)


def _spooled(stream: BinaryIO, name: str, limits: Limits, stack: ExitStack) -> OnDisk:
    """A temporary file with all that comes through a pipe. It has no name, so that not even a kill leaves it behind."""
    with plainly(name):
        spool = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        size = 0
        while block := stream.read(BLOCK):
            size += len(block)
            if size > limits.unpacked:
                raise TabularError(f"{name} is too large: at most {_size(limits.unpacked)} can be read from one file.")
            spool.write(block)
        spool.flush()
    return OnDisk(name, size, spool=spool)


def _size(count: int) -> str:
    return f"{count // 1_000_000_000:,} GB" if count >= 1_000_000_000 else f"{count:,} bytes"
