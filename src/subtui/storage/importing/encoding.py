"""Reads a text once from end to end before anything is taken from it: is it text, in which encoding, is it whole?

The whole text is looked at because the first letter that is not ASCII may stand in the last row. The pass also finds a
wrong checksum and a bomb in an archive before the first row is handed out.
"""

import codecs
import io
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from subtui.domain.errors import FileProblem
from subtui.storage.importing.archives import is_packed
from subtui.storage.importing.shapes import problem
from subtui.storage.importing.sources import BLOCK, Pulse, Source, plainly

HEAD = 1_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLANKS = "\ufeff \t\r\n"
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")
_NOT_IN_WINDOWS_1252 = b"\x81\x8d\x8f\x90\x9d"


@dataclass(frozen=True, slots=True)
class Text:
    """How to read a source. `head`: up to 1,000 characters from the first that is not blank, the end cut off or not.

    `errors` is "surrogateescape" for UTF-8 with a few bytes in it that are not: rows with such bytes are unreadable.
    """

    encoding: str
    errors: str
    head: str
    head_is_all: bool

    @property
    def is_damaged(self) -> bool:
        return self.errors != "strict"


def examine(source: Source) -> Text:
    """How `source` is to be read. Raises FileProblem if it is empty, no text, cut off, damaged or too large."""
    with plainly(source.name), closing(_blocks(source)) as blocks:
        first = next(blocks, b"")
        source.unpacked.add(len(first))
        _refuse_what_is_no_text(first, source.name)
        encoding = next((name for mark, name in _MARKS if first.startswith(mark)), None) or _plain_utf_16(first)
        is_utf_16 = encoding is not None and encoding.startswith("utf-16")
        check = _Check(source.name, encoding or "utf-8", is_utf_16=is_utf_16)
        check.take(first)
        for block in blocks:
            source.unpacked.add(len(block))
            check.take(block)
        check.end()
    if not check.head:
        raise FileProblem(f"{source.name} is empty.")
    name, errors = check.encoding, "strict"
    if check.is_odd:
        with plainly(source.name):
            name, errors = _not_quite_utf_8(source, has_mark=name == "utf-8-sig")
    return Text(name, errors, check.head[:HEAD], len(check.head) <= HEAD)


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
    return io.BufferedReader(_Recoded(stream, text.encoding), BLOCK)


class _Recoded(io.RawIOBase):
    """Bytes of another encoding as UTF-8."""

    def __init__(self, inner: io.BufferedReader, encoding: str) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._ready:
            block = self._inner.read(BLOCK)
            self._ready = self._decoder.decode(block, final=not block).encode()
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
    """Looks at one block of bytes after the other. `is_odd`: not all of it is UTF-8."""

    def __init__(self, name: str, encoding: str, *, is_utf_16: bool) -> None:
        self.encoding = encoding
        self.is_odd = False
        self.head = ""
        self._name = name
        self._is_utf_16 = is_utf_16
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._line = 1

    def take(self, block: bytes) -> None:
        text = self._decoded(block)
        if "\0" in text:
            raise FileProblem(_no_text(self._name))
        if len(self.head) <= HEAD:
            self.head = (self.head + text).lstrip(_BLANKS)[: HEAD + 1]
        if self._is_utf_16:
            self._line += text.count("\n")

    def end(self) -> None:
        """Nothing follows. Raises FileProblem if half a letter is left over and the rest is UTF-16."""
        self.head = (self.head + self._decoded(b"", final=True)).lstrip(_BLANKS)

    def _decoded(self, block: bytes, *, final: bool = False) -> str:
        if self.is_odd:
            return block.decode("latin-1")
        try:
            return self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            if self._is_utf_16:
                line = self._line + error.object[: error.start].count(b"\n")
                raise problem(self._name, line, "the text is UTF-16, and is cut off or damaged here.") from None
            self.is_odd = True
            return block.decode("latin-1")


def _blocks(source: Source) -> Generator[bytes, None, None]:
    with source.opened() as stream:
        while block := stream.read(BLOCK):
            yield block


def _refuse_what_is_no_text(first: bytes, name: str) -> None:
    if is_packed(first):
        raise FileProblem(f"{name} is an archive inside an archive. Unpack it first, then import what is in it.")
    controls = len(first) - len(first.translate(None, _CONTROLS))
    # UTF-16 has NUL in every second byte, and is looked at as characters later on.
    controls -= first.count(b"\0")
    if first.startswith(b"%PDF-") or (controls > 10 and controls * 100 > len(first)):
        raise FileProblem(_no_text(name))


def _no_text(name: str) -> str:
    return f"{name} is not a text file. CSV and JSON can be imported, also as .gz or .zip."


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


def _not_quite_utf_8(source: Source, *, has_mark: bool) -> tuple[str, str]:
    """The encoding and the way with errors, for bytes that are not all UTF-8.

    An old Windows or Latin text with accents has hardly a letter that happens to be UTF-8; where most are, single
    bytes are broken, as by a programme that cut texts at a number of bytes.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    letters = broken = unknown = 0
    with closing(_blocks(source)) as blocks:
        for block in blocks:
            text = decoder.decode(block)
            letters += len(text) - len(text.encode("ascii", "ignore"))
            broken += len(block) - len(text.encode())
            unknown += len(block) - len(block.translate(None, _NOT_IN_WINDOWS_1252))
    if has_mark:
        return "utf-8-sig", "surrogateescape"
    if letters > broken:
        return "utf-8", "surrogateescape"
    return ("latin-1" if unknown else "cp1252"), "strict"
