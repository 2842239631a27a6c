"""Reads a text once from end to end before anything is taken from it: is it text, in which encoding, is it whole?

The whole text is looked at because the first letter that is not ASCII may stand in the last row. The pass also finds a
wrong checksum and a bomb in an archive before the first row is handed out.
"""

import codecs
import io
import re
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from subtui.tabular.archives import is_packed
from subtui.tabular.code_pages import NAMES, WESTERN, looked_at, other_readings
from subtui.tabular.errors import EmptyFile, NoText, UnclearEncoding, problem
from subtui.tabular.sources import BLOCK, Pulse, Source, plainly

HEAD = 1_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLANKS = "\ufeff \t\r\n"
_PICTURES = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"SQLite format 3\0", b"\x7fELF", b"7z\xbc\xaf")
_FEW_NULS = 10
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")


@dataclass(frozen=True, slots=True)
class Text:
    """How to read a source. `head`: up to 1,000 characters from the first that is not blank, the end cut off or not.

    `errors` is "surrogateescape" for a text with a few bytes in it that are no letters: rows with such bytes are
    unreadable. `example` is how the first word reads whose letters a guess has settled.
    """

    encoding: str
    errors: str
    head: str
    head_is_all: bool
    example: str = ""

    @property
    def label(self) -> str:
        """What the encoding is called in a report."""
        return NAMES.get(self.encoding, self.encoding)

    @property
    def is_damaged(self) -> bool:
        return self.errors != "strict"


def examine(source: Source, wanted: str | None = None) -> Text:
    """How `source` is to be read: as `wanted`, unless its first bytes say that it is UTF-8 or UTF-16.

    Raises TabularError if it is empty, no text, cut off, damaged or too large, UnclearEncoding if its letters can be
    those of several encodings.
    """
    with plainly(source.name), closing(_blocks(source)) as blocks:
        first = next(blocks, b"")
        source.unpacked.add(len(first))
        _refuse_what_is_no_text(first, source.name)
        marked = next((name for mark, name in _MARKS if first.startswith(mark)), None)
        encoding = marked or wanted or _plain_utf_16(first) or "utf-8"
        check = _Check(source.name, encoding)
        check.take(first)
        for block in blocks:
            source.unpacked.add(len(block))
            check.take(block)
        check.end()
    if not check.head:
        raise EmptyFile(f"{source.name} is empty.")
    head, is_all = check.head[:HEAD], len(check.head) <= HEAD
    if not check.is_odd:
        return Text(encoding, "strict", head, is_all)
    if marked or wanted:
        return Text(encoding, "surrogateescape", head, is_all)
    with plainly(source.name):
        return _not_quite_utf_8(source, head, is_all)


def as_text(
    source: Source, text: Text, newline: str, *, counted: bool = False, pulse: Pulse | None = None
) -> io.TextIOWrapper:
    """The characters of `source` from the beginning; lines end as `newline` says, in the way of `open`."""
    stream = source.opened(counted=counted, pulse=pulse)
    return io.TextIOWrapper(stream, encoding=text.encoding, errors=text.errors, newline=newline)


def as_utf_8(source: Source, text: Text, *, counted: bool = False) -> io.BufferedReader:
    """The bytes of `source` as they would be in UTF-8 without a mark. Bytes that were damaged stay damaged."""
    stream = source.opened(counted=counted)
    if text.encoding == "utf-8":
        return stream
    if text.encoding == "utf-8-sig":
        stream.read(len(codecs.BOM_UTF8))
        return stream
    return io.BufferedReader(_Recoded(stream, text), BLOCK)


class _Recoded(io.RawIOBase):
    """Bytes of another encoding as UTF-8."""

    def __init__(self, inner: io.BufferedReader, text: Text) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder(text.encoding)(text.errors)
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._ready:
            block = self._inner.read(BLOCK)
            self._ready = self._decoder.decode(block, final=not block).encode("utf-8", "surrogateescape")
            if not block:
                break
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        self._inner.close()
        super().close()


class _Check:
    """Looks at one block of bytes after the other. `is_odd`: not all of it is in the encoding."""

    def __init__(self, name: str, encoding: str) -> None:
        self.is_odd = False
        self.head = ""
        self._name = name
        self._is_wide = encoding.replace("_", "-").startswith(("utf-16", "utf-32"))
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._lenient = codecs.getincrementaldecoder(encoding)("replace")
        self._line = 1
        self._bytes = self._nuls = 0

    def take(self, block: bytes) -> None:
        text = self._decoded(block)
        self._bytes += len(block)
        # One in a cell is a fault of its row. In a text of programs and pictures they are many.
        nuls = text.count("\0")
        if nuls:
            if "\0" in self._header(text):
                raise NoText(_no_text(self._name))
            self._nuls += nuls
        if len(self.head) <= HEAD:
            self.head = (self.head + text).lstrip(_BLANKS)[: HEAD + 1]
        if self._is_wide:
            self._line += text.count("\n")

    def _header(self, text: str) -> str:
        return "" if self.head else re.split("[\r\n]", text.lstrip(_BLANKS), maxsplit=1)[0]

    def end(self) -> None:
        """Nothing follows. Raises TabularError for half a letter at the end of UTF-16, and for what is no text."""
        self.head = (self.head + self._decoded(b"", final=True)).lstrip(_BLANKS)
        if self._nuls > _FEW_NULS and self._nuls * 100 > self._bytes:
            raise NoText(_no_text(self._name))

    def _decoded(self, block: bytes, *, final: bool = False) -> str:
        if self.is_odd:
            return self._lenient.decode(block, final)
        try:
            return self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            if self._is_wide:
                line = self._line + error.object[: error.start].count(b"\n")
                raise problem(self._name, line, "the text is UTF-16, and is cut off or damaged here.") from None
            self.is_odd = True
            return self._lenient.decode(block, final)


def _blocks(source: Source) -> Generator[bytes, None, None]:
    with source.opened() as stream:
        while block := stream.read(BLOCK):
            yield block


def _refuse_what_is_no_text(first: bytes, name: str) -> None:
    if is_packed(first):
        raise NoText(f"{name} is an archive inside an archive. Unpack it first, then import its contents.")
    controls = len(first) - len(first.translate(None, _CONTROLS))
    # UTF-16 has NUL in every second byte, and is looked at as characters later on.
    controls -= first.count(b"\0")
    if first.startswith((b"%PDF-", *_PICTURES)) or (controls > 10 and controls * 100 > len(first)):
        raise NoText(_no_text(name))


def _no_text(name: str) -> str:
    return f"{name} is not a text file. Import CSV or JSON, also packed as .gz or .zip, or .xlsx."


def _plain_utf_16(first: bytes) -> str | None:
    """UTF-16 without a mark: as good as every second byte of the beginning is NUL, as good as no other."""
    start = first[:HEAD]
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if odd * 10 >= half * 7 and even * 20 <= half and odd:
        return "utf-16-le"
    if even * 10 >= half * 7 and odd * 20 <= half and even:
        return "utf-16-be"
    return None


def _not_quite_utf_8(source: Source, head: str, is_all: bool) -> Text:
    """How to read bytes that are not all UTF-8.

    An old Windows text with accents has hardly a letter that happens to be UTF-8; where most are, single bytes are
    broken, as by a program that cut texts at a number of bytes.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    letters = broken = 0
    with closing(_blocks(source)) as blocks:
        for block in blocks:
            text = decoder.decode(block)
            letters += len(text) - len(text.encode("ascii", "ignore"))
            broken += len(block) - len(text.encode())
    if letters >= broken:
        return Text("utf-8", "surrogateescape", head, is_all)
    with closing(_blocks(source)) as blocks:
        reading = looked_at(blocks)
    if not reading.is_western:
        raise UnclearEncoding(source.name, reading.line, reading.example, tuple(other_readings(reading.word)))
    return Text(WESTERN, "surrogateescape" if reading.has_gaps else "strict", head, is_all, reading.example)
