"""A JSON text as it comes in, block by block: where values begin and end, and on which line. It decodes nothing.

Finding the ends first keeps memory bounded whatever the file holds: a value is built only when its size and its depth
are known to be within the limits. Whether a value is proper JSON, msgspec finds when it decodes it.
"""

import io
import re
from collections.abc import Iterator

import msgspec

from subtui.tabular.errors import TabularError, problem
from subtui.tabular.sources import BLOCK
from subtui.tabular.types import Limits

# The possessive marks (++, *+) keep the pattern engine from remembering ways back that are never taken.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_NO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
_SCALAR = re.compile(_STRING + rb'|[^\s",:\[\]{}]++', re.DOTALL)
_BLANK = re.compile(rb"[ \t\r\n]*+")
_MALFORMED = re.compile(r"JSON is malformed: (.*) \(byte (\d+)\)")


class JsonText:
    """A place in the text, moving forward. Every method raises TabularError where the text breaks off or a limit is."""

    def __init__(self, stream: io.BufferedReader, name: str, limits: Limits) -> None:
        self.line = 1
        self._stream = stream
        self._name = name
        self._limits = limits
        self._text = b""
        self._at = 0

    def peek(self) -> bytes:
        """The next byte that is no blank, still to be taken; empty at the end. `line` is then its line."""
        while True:
            mark = self._text[self._at : self._at + 1]
            if mark and mark not in b" \t\r\n":
                return mark
            blank = _BLANK.match(self._text, self._at)
            self._pass(blank.end() if blank else self._at)
            if self._at == len(self._text) and not self._more():
                return b""

    def take(self, wanted: bytes, before: str) -> bytes:
        """The next byte that is no blank, which must be one of `wanted`; `before` tells after what it is missing."""
        mark = self.peek()
        if not mark:
            raise self.cut_off()
        if mark not in wanted:
            names = " or ".join(f'"{chr(code)}"' for code in wanted)
            raise problem(self._name, self.line, f"this is not JSON: {names} is missing {before}.")
        self._at += 1
        return mark

    def value(self, depth: int) -> bytes:
        """Take the next value, as it is written; `depth` lists and objects are around it."""
        raw = self.look(depth)
        if raw is None:
            # A quote too many or too few makes everything after it look like one value: then that is what to tell.
            self._refuse_malformed(self._text[self._at :])
            raise self.too_long(self.line)
        self._pass(self._at + len(raw))
        return raw

    def look(self, depth: int) -> bytes | None:
        """The next value without taking it; None if it is longer than a record may be."""
        end = self._end_of_nest(depth) if self.peek() in (b"{", b"[") else self._end_of_scalar()
        return None if end is None else self._text[self._at : end]

    def name(self) -> str:
        """Take the name of a member and the colon after it."""
        if self.peek() not in (b'"', b""):
            raise problem(self._name, self.line, "this is not JSON: a name is missing.")
        raw = self.value(1)
        try:
            name = msgspec.json.decode(raw, type=str)
        except (UnicodeDecodeError, msgspec.DecodeError):
            # A broken letter in the name of a member that is not asked for must not stop an import.
            name = raw.decode("utf-8", "replace").strip('"')
        self.take(b":", "after the name of a member")
        return name

    def members(self, raw: bytes) -> Iterator[tuple[str, bytes]]:
        """Names and values, as they are written, of the object in `raw`."""
        inside = JsonText(io.BufferedReader(io.BytesIO(raw)), self._name, self._limits)
        inside.take(b"{", "where the object begins")
        more = True
        while more:
            yield inside.name(), inside.value(1)
            more = inside.take(b",}", "after a member of the object") == b","

    def too_long(self, line: int) -> TabularError:
        """The error for a single value, beginning on `line`, that is longer than a record may be."""
        return problem(self._name, line, f"one value is longer than {self._limits.record:,} bytes.")

    def cut_off(self) -> TabularError:
        """The error for a text that ends too early."""
        return problem(self._name, self.line, "the file is cut off. Download or copy it again.")

    def malformed(self, raw: bytes, error: msgspec.DecodeError, line: int) -> TabularError:
        """The error for `raw`, which begins on `line` and was not understood."""
        said, at = described(error, raw)
        return problem(self._name, line + raw.count(b"\n", 0, at), f"this is not JSON: {said}.")

    def _end_of_nest(self, depth: int) -> int | None:
        at, inside = self._at, 0
        while True:
            plain = _NO_BRACKET.match(self._text, at)
            at = plain.end() if plain else at
            mark = self._text[at : at + 1]
            if mark in (b"", b'"'):
                # What has been read so far ends here, perhaps within a string, whose beginning this is then.
                if len(self._text) - self._at > self._limits.record:
                    return None
                at -= self._at
                if not self._more():
                    self._refuse_malformed(self._text)
                    raise self._cut_off_at_end()
                continue
            inside += 1 if mark in (b"{", b"[") else -1
            if depth + inside > self._limits.depth:
                line = self.line + self._text.count(b"\n", self._at, at)
                most = self._limits.depth
                raise problem(self._name, line, f"more than {most} levels of nested lists and objects.")
            at += 1
            if inside == 0:
                return at if at - self._at <= self._limits.record else None

    def _end_of_scalar(self) -> int | None:
        while True:
            found = _SCALAR.match(self._text, self._at)
            if found and found.end() < len(self._text):
                break
            if len(self._text) - self._at > self._limits.record:
                return None
            if not self._more():
                if not found and self._text[self._at : self._at + 1] in (b"", b'"'):
                    raise self._cut_off_at_end()
                break
        if not found:
            raise problem(self._name, self.line, "this is not JSON: a value is missing.")
        return found.end()

    def _refuse_malformed(self, raw: bytes) -> None:
        """Raise TabularError if `raw`, the beginning of a value, is wrong before it breaks off."""
        try:
            msgspec.json.decode(raw)
        except (UnicodeDecodeError, RecursionError):
            return
        except msgspec.DecodeError as error:
            if _MALFORMED.match(str(error)) and "trailing" not in str(error):
                raise self.malformed(raw, error, self.line) from None

    def _cut_off_at_end(self) -> TabularError:
        self._pass(len(self._text))
        return self.cut_off()

    def _pass(self, end: int) -> None:
        self.line += self._text.count(b"\n", self._at, end)
        self._at = end

    def _more(self) -> bool:
        """Read on; what has been passed is forgotten, so that the place is the beginning of what is held."""
        block = self._stream.read(BLOCK)
        self._text = self._text[self._at :] + block
        self._at = 0
        return bool(block)


def described(error: msgspec.DecodeError, raw: bytes) -> tuple[str, int]:
    """What the decoder says is wrong with `raw`, in its words, and how many bytes into it."""
    found = _MALFORMED.match(str(error))
    return (found[1], int(found[2])) if found else ("it breaks off", len(raw))


def depth_of(raw: bytes) -> int:
    """How many lists and objects stand inside each other in `raw`, at most."""
    # Most have fewer brackets altogether than are allowed, which is quickly counted.
    deepest = raw.count(b"{") + raw.count(b"[")
    if deepest <= 10:
        return deepest
    deepest = inside = at = 0
    while True:
        plain = _NO_BRACKET.match(raw, at)
        at = plain.end() if plain else at
        if at >= len(raw) or raw[at : at + 1] == b'"':
            return deepest
        inside += 1 if raw[at : at + 1] in (b"{", b"[") else -1
        deepest = max(deepest, inside)
        at += 1
