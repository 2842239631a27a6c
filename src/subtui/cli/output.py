"""Prints the output of all plain commands: sanitized for the terminal, aligned by cell width."""

import errno
import json
import os
import re
import select
import stat
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from unicodedata import category, east_asian_width

import click

from subtui.domain.plain_text import sanitize, sanitize_lines

LONGEST_CELL = 48
"""The longest text in a table cell; a longer one is cut, but complete in JSON."""

_HARMFUL = re.compile(r"[^\n\x20-\x7e]")


class AnswerLost(Exception):
    """The answer of a command could not be written. `gone`: the reader has closed the pipe."""

    def __init__(self, error: OSError) -> None:
        closed = error.errno == errno.EBADF
        super().__init__("standard output is closed" if closed else error.strerror or type(error).__name__)
        self.gone = isinstance(error, BrokenPipeError)


def say(text: str) -> None:
    """Print text lines on standard output. Raises AnswerLost."""
    _answer(sanitize_lines(text))


def complain(sentence: str) -> None:
    """Print one sentence on standard error, if it can be written: the exit code does not depend on it."""
    complain_lines(sanitize(sentence))


def complain_lines(text: str) -> None:
    """Print lines on standard error, if it can be written."""
    with suppress(OSError, ValueError):
        click.echo(sanitize_lines(text), err=True)


def _answer(text: str) -> None:
    try:
        click.echo(text)
    except OSError as error:
        raise AnswerLost(error) from error


def require_output() -> None:
    """Check, before the act, that an answer can be given: the output is not closed and its disk is not full.

    Raises AnswerLost. Output that is no system file, or a disk that fills up later, cannot be checked.
    """
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        return
    try:
        os.write(number, b"")
        if os.name == "posix":
            _require_room(number)
    except OSError as error:
        raise AnswerLost(error) from error


def _require_room(number: int) -> None:
    kind = os.fstat(number).st_mode
    if stat.S_ISREG(kind) and not os.fstatvfs(number).f_bavail:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if stat.S_ISFIFO(kind):
        waiting = select.poll()
        waiting.register(number, 0)
        if any(event & select.POLLERR for _, event in waiting.poll(0)):
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def finish_output() -> None:
    """Flush the output. Raises AnswerLost."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise AnswerLost(error) from error


def drop_output() -> None:
    """Discard output that cannot be written, about which Python would complain at exit."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        try:
            stream.flush()
        except (OSError, ValueError):
            nothing = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  (open until the process ends)
            with suppress(OSError, ValueError, AttributeError):
                os.dup2(nothing.fileno(), stream.fileno())
            setattr(sys, name, nothing)


def open_streams() -> None:
    """Open missing standard streams, in a process started without some of them, as by a scheduler.

    A file opened later must not get the descriptor of one of them. Writing to a closed standard output fails, as on a
    full disk; output to a closed standard error is lost.
    """
    if os.name != "posix":
        return
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                os.fstat(number)
                continue
            opened = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            mode = "r" if name == "stdin" else "w"
            stream = open(number, mode, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)


def say_json(data: object) -> None:
    """Print JSON on standard output: exact, readable, and without control characters. Raises AnswerLost."""
    unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    text = json.dumps(data, ensure_ascii=not unicode, indent=2)
    _answer(_HARMFUL.sub(_escaped, text))


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if sanitize(character) == character:
        return character
    return json.dumps(character)[1:-1] if ord(character) != 0x7F else "\\u007f"


def width(text: str) -> int:
    """The width of the sanitized text in terminal cells."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def cell(text: str, longest: int = LONGEST_CELL) -> str:
    """The sanitized text on one line, cut with an ellipsis if too long."""
    cleaned = sanitize(text)
    if width(cleaned) <= longest:
        return cleaned
    kept, used = [], 1
    for character in cleaned:
        used += _columns(character)
        if used > longest:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[str] = (),
    longest: int = LONGEST_CELL,
) -> str:
    """Aligned columns under their headers, two spaces apart; those in `right` are right-aligned."""
    lines = [list(headers), *([cell(text, longest) for text in row] for row in rows)]
    widths = [max(width(line[at]) for line in lines) for at in range(len(headers))]
    to_right = [header in right for header in headers]
    return "\n".join(
        "  ".join(
            _set(text, room, right=side) for text, room, side in zip(line, widths, to_right, strict=True)
        ).rstrip()
        for line in lines
    )


def pairs(facts: Sequence[tuple[str, str]], *, indent: str = "") -> str:
    """Aligned labels and values; empty values are left out."""
    told = [(label, text) for label, text in facts if text]
    room = max((width(label) for label, _ in told), default=0)
    return "\n".join(f"{indent}{_set(label, room, right=False)}  {sanitize(text)}" for label, text in told)


def _set(text: str, room: int, *, right: bool) -> str:
    padding = " " * (room - width(text))
    return padding + text if right else text + padding
