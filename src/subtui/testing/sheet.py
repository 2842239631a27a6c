"""Records one screen at several sizes as one record: the texts one below the other, and one picture."""

import re
from dataclasses import dataclass, field

from subtui.testing.protocols import Shown

_WIDTH = 60
# `git diff` shows a line that begins with a letter after the numbers of a hunk.
HEADING = re.compile(r"^Size (\d+x\d+) ─+$")
"""The line above the text of each size."""


@dataclass
class Sheet:
    """Collects a screen at several sizes, which are compared together. `pictured` is the size of the picture."""

    pictured: str
    route: str = ""
    svg: str = ""
    picture_at: int = 0
    """The number of lines of the text above those of the picture."""
    _lines: list[str] = field(default_factory=list)

    def add(self, size: str, shown: Shown) -> None:
        """Add the current screen."""
        self._lines.append(f"Size {size} ".ljust(_WIDTH, "─"))
        if size == self.pictured:
            self.route, self.svg = str(getattr(shown, "route", "")), shown.svg
            self.picture_at = len(self._lines)
        self._lines.extend(shown.text.split("\n"))

    @property
    def text(self) -> str:
        """All sizes, each below a heading."""
        return "\n".join(self._lines)


def size_at(lines: list[str], number: int) -> str:
    """The size of a line, counted from 0; empty in the text of a single screen."""
    for line in reversed(lines[: number + 1]):
        heading = HEADING.match(line)
        if heading:
            return heading[1]
    return ""
