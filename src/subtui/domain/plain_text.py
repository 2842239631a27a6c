"""Sanitizes text from data: nothing in it can control a terminal or reorder the visible text.

Escape sequences, C0 and C1 controls and DEL could reach a terminal's clipboard or title; bidirectional overrides could
make an amount read backwards. Each is replaced by a mark of the same width, so that it is not overlooked. Line breaks
and tabs are no danger: they are kept where there are lines, and are blanks where there is one.
"""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

T = TypeVar("T")

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_INVISIBLE = (0x00AD, 0x180E, 0x200B, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF, 0x2028, 0x2029)
_CONTROL_PICTURES = 0x2400
_MARK = "�"
_TAB, _BREAK = 0x09, 0x0A

_MARKS: dict[int, str] = (
    {code: chr(_CONTROL_PICTURES + code) for code in range(0x20)}
    | {0x7F: "␡"}
    | dict.fromkeys(range(0x80, 0xA0), _MARK)
    | dict.fromkeys((*_BIDI, *_INVISIBLE), _MARK)
    | dict.fromkeys(range(0xD800, 0xE000), _MARK)
    | dict.fromkeys(range(0xE0000, 0xE0080), _MARK)
)
_VISIBLE = _MARKS | {_TAB: " ", _BREAK: " "}
_VISIBLE_LINES = {code: mark for code, mark in _MARKS.items() if code != _BREAK}
_PASTED = {code: mark for code, mark in _MARKS.items() if code not in (_TAB, _BREAK)}

_UNSTORABLE = {code: _MARKS[code] for code in (0, *range(0xD800, 0xE000))}
_FOUND_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_AROUND_A_BREAK = re.compile(r"[ \t]*\n\s*|\t")


def sanitize(text: str) -> str:
    """`text` on one line, every control, bidi and invisible character replaced by a visible mark."""
    return text.replace("\r\n", "\n").translate(_VISIBLE)


def sanitize_lines(text: str) -> str:
    """Sanitize `text`, keeping line breaks: for letters and notes."""
    return text.replace("\r\n", "\n").replace("\t", "    ").translate(_VISIBLE_LINES)


def storable(value: T) -> T:
    """A text, or a dataclass with all texts in it, as every database can store it.

    PostgreSQL takes no NUL, and no driver half a character; both become visible marks.
    """
    changed: Any = value
    if isinstance(value, str):
        changed = value.translate(_UNSTORABLE) if _FOUND_UNSTORABLE.search(value) else value
    elif is_dataclass(value) and not isinstance(value, type):
        found = {field.name: getattr(value, field.name) for field in fields(value)}
        different = {name: after for name, before in found.items() if (after := storable(before)) is not before}
        changed = replace(value, **different) if different else value
    return cast("T", changed)


def counted(count: int, noun: str) -> str:
    """A number with its noun: `1 contact`, `1,204 contacts`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def pasted(text: str) -> str:
    """A pasted text, sanitized: every kind of line break becomes LF, tabs are kept."""
    return _BREAKS.sub("\n", text).translate(_PASTED)


def one_line(text: str) -> str:
    """A text of several lines on one line: each break and tab becomes a blank; those at the ends are left out."""
    return sanitize(_AROUND_A_BREAK.sub(" ", pasted(text).strip("\n\t")))
