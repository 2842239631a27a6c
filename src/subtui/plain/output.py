"""Everything that plain commands print goes through here: cleaned for the terminal, aligned by what it takes up."""

import json
import re
import sys
from collections.abc import Collection, Sequence
from unicodedata import category, east_asian_width

import click

from subtui.domain.plain_text import visible, visible_lines

LONGEST_CELL = 48
"""A longer text is cut in a table, where it would push every other column away; JSON has all of it."""

_HARMFUL = re.compile(r"[^\n\x20-\x7e]")


def say(text: str) -> None:
    """Print lines for people on standard output."""
    click.echo(visible_lines(text))


def complain(sentence: str) -> None:
    """Print one sentence on standard error."""
    click.echo(visible(sentence), err=True)


def complain_lines(text: str) -> None:
    """Print lines on standard error."""
    click.echo(visible_lines(text), err=True)


def say_json(data: object) -> None:
    """Print JSON on standard output: exact, readable, and harmless to a terminal."""
    unicode = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    text = json.dumps(data, ensure_ascii=not unicode, indent=2)
    click.echo(_HARMFUL.sub(_escaped, text))


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    if visible(character) == character:
        return character
    return json.dumps(character)[1:-1] if ord(character) != 0x7F else "\\u007f"


def width(text: str) -> int:
    """How many columns of a terminal the cleaned text takes."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def cell(text: str, longest: int = LONGEST_CELL) -> str:
    """The text on one line, cleaned, cut with an ellipsis when it is too long."""
    cleaned = visible(text)
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
    """Aligned columns under their headers, two spaces apart; those named in `right` are set to the right."""
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
    """Labels and what they are, aligned; those with nothing to say are left out."""
    told = [(label, text) for label, text in facts if text]
    room = max((width(label) for label, _ in told), default=0)
    return "\n".join(f"{indent}{_set(label, room, right=False)}  {visible(text)}" for label, text in told)


def _set(text: str, room: int, *, right: bool) -> str:
    padding = " " * (room - width(text))
    return padding + text if right else text + padding
