"""One screen at several sizes, as one record: the texts one below the other, and the picture of one of them."""

import re
from dataclasses import dataclass, field

from subtui.testing.protocols import Shown

_WIDTH = 60
# A line that begins with a letter is also what `git diff` puts behind the numbers of a hunk.
HEADING = re.compile(r"^Size (\d+x\d+) ─+$")
"""The line above the text of each size."""


@dataclass
class Sheet:
    """Collects a screen size by size; it is compared as a whole. `pictured` is the size that a picture is kept of."""

    pictured: str
    route: str = ""
    svg: str = ""
    picture_at: int = 0
    """How many lines of the text stand above those of the picture."""
    _lines: list[str] = field(default_factory=list)

    def add(self, size: str, shown: Shown) -> None:
        """Add the screen as it is drawn now."""
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
    """The size that a line, counted from 0, belongs to; empty in the text of a single screen."""
    for line in reversed(lines[: number + 1]):
        heading = HEADING.match(line)
        if heading:
            return heading[1]
    return ""
