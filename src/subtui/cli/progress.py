"""How far something long is, on the terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from subtui.domain.progress import Progress


@contextmanager
def progress_line(*, quiet: bool, of: str = "rows") -> Iterator["ProgressLine | None"]:
    """What to tell how far something long is: a line on the terminal, or None where there is nobody to read it.

    `of` is what it counts.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    line = ProgressLine(of)
    try:
        yield line
    finally:
        line.clear()


class ProgressLine:
    """One line that is written over again and again."""

    EVERY = 0.1

    def __init__(self, of: str = "rows") -> None:
        self._of = of
        self._last = 0.0

    def __call__(self, progress: "Progress") -> None:
        now = time.monotonic()
        if now - self._last >= self.EVERY:
            self._last = now
            percent = f" {100 * progress.done // progress.total} %" if progress.total else ""
            self._draw(f"{progress.doing}{percent} · {progress.rows:,} {self._of}")

    def clear(self) -> None:
        """Take the line away."""
        self._draw("")

    @staticmethod
    def _draw(text: str) -> None:
        # A terminal that is gone takes nothing away from the work itself.
        with suppress(OSError):
            click.echo(f"\r\x1b[K{text}", err=True, nl=False)
