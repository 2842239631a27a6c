"""Compares the recorded screen with the current one, by text and by colours."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from itertools import groupby
from typing import Literal

from subtui.domain.plain_text import sanitize_lines
from subtui.testing.sheet import size_at

_HUNK = re.compile(r"^@@ -(\d+)[^+]*\+(\d+).*@@$")
_STYLE = re.compile(r"\.terminal-(r\d+) \{ (.*?) \}")
_WORDS = re.compile(
    r'<text class="terminal-(r\d+)" x="([\d.]+)" y="[\d.]+" textLength="([\d.]+)"'
    r' clip-path="url\(#terminal-line-(\d+)\)">(.*?)</text>',
    re.DOTALL,
)
_GROUND = re.compile(r'<rect fill="([^"]+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" [^>]*shape-rendering')
_TOP, _LINE_HEIGHT = 1.5, 24.4
"""The position of the first line of a picture, and the height of a line."""

Mark = Literal[" ", "-", "+", "~"]
"""The states of a line: unchanged, removed, added, or changed in its colours only."""


@dataclass(frozen=True)
class Picture:
    """A screen as text and as SVG."""

    text: str
    svg: str


@dataclass(frozen=True)
class Difference:
    """A screen that differs from its record; `before` None where there is no record."""

    before: Picture | None
    after: Picture
    route: str
    record: str
    """The recorded text file, relative to the folder where the tests were started."""
    picture_at: int = 0
    """The number of lines of the text above those of the picture, where the text has several sizes."""

    @property
    def summary(self) -> str:
        """The difference in one sentence."""
        if self.before is None:
            return f"There is no snapshot yet of the screen{self._at}."
        if self.before.text != self.after.text:
            return f"The screen{self._at} differs from its snapshot."
        lines = self.lines_of_other_colours
        where = f"in {numbers(lines)}" if lines else "around the lines"
        return f"The screen{self._at} has the same text as its snapshot, but other colours {where}."

    @property
    def _at(self) -> str:
        return f" at {self.route}" if self.route else ""

    @property
    def lines_of_other_colours(self) -> list[int]:
        """The lines, counted from 1, with the recorded text but other colours."""
        if self.before is None or self.before.text != self.after.text:
            return []
        before, after = painted_lines(self.before.svg), painted_lines(self.after.svg)
        differ = (at for at in before.keys() | after.keys() if before.get(at) != after.get(at))
        return sorted(self.picture_at + at + 1 for at in differ)

    def message(self, how: str) -> str:
        """The whole failure for the terminal; `how` is the command that records the screen."""
        after = self.after.text.split("\n")
        if self.before is None:
            shown = list(_without_runs_of_blanks(f"  {line}".rstrip() for line in after))
            closing = f"If this is right, record it:\n  {how}"
        elif self.before.text == self.after.text:
            shown = [f"~ {number:>3}  {after[number - 1]}".rstrip() for number in self.lines_of_other_colours[:40]]
            closing = f"If these colours are right, record them:\n  {how}"
        else:
            shown = list(_unified(self.before.text, self.after.text, self.record, self.route))
            closing = f"If this is right, record it:\n  {how}"
        return "\n".join([self.summary, "", *map(sanitize_lines, shown), "", closing])

    def marked_lines(self) -> Iterator[tuple[Mark, int, str]]:
        """The lines of the screen: state, number from 1, and text."""
        after = self.after.text.split("\n")
        if self.before is None:
            yield from (("+", number, line) for number, line in enumerate(after, 1))
            return
        colours = self.lines_of_other_colours
        before = self.before.text.split("\n")
        for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag == "equal":
                yield from (("~" if at + 1 in colours else " ", at + 1, after[at]) for at in range(c, d))
            else:
                yield from (("-", number, line) for number, line in enumerate(before[a:b], a + 1))
                yield from (("+", number, line) for number, line in enumerate(after[c:d], c + 1))


def _without_runs_of_blanks(lines: Iterable[str]) -> Iterator[str]:
    for blank, run in groupby(lines, key=lambda line: not line):
        count = len(held := list(run))
        yield from [f"  … {count} empty lines"] if blank and count > 3 else held


def _unified(before: str, after: str, record: str, route: str) -> Iterator[str]:
    new = after.split("\n")
    lines = unified_diff(before.split("\n"), new, f"snapshot: {record}", f"now: {route}".rstrip(": "), n=2, lineterm="")
    for line in lines:
        hunk = _HUNK.match(line)
        if hunk:
            size = size_at(new, int(hunk[2]) - 1)
            yield f"@@ from line {hunk[2]}, at {size} @@" if size else f"@@ from line {hunk[2]} @@"
        else:
            yield line.rstrip()


def numbers(lines: Sequence[int]) -> str:
    """`line 3`, or `lines 3, 7 to 9`."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    said = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
    return f"line {said}" if len(lines) == 1 else f"lines {said}"


def painted_lines(svg: str) -> dict[int, list[tuple[str, ...]]]:
    """The painted parts of each line of a picture, counted from 0: positions, colours and texts.

    The classes of a picture are numbered in order of use, so a new colour at the top renames all below: they are
    compared by their styles.
    """
    styles = dict(_STYLE.findall(svg))
    lines: dict[int, list[tuple[str, ...]]] = {}
    for fill, x, y, width in _GROUND.findall(svg):
        lines.setdefault(round((float(y) - _TOP) / _LINE_HEIGHT), []).append((fill, x, width))
    for style, x, length, line, words in _WORDS.findall(svg):
        lines.setdefault(int(line), []).append((styles.get(style, style), x, length, words))
    return lines
