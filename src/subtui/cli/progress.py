"""Prints the progress of a long task on the terminal."""

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
    """Yield a progress line on the terminal, or None where standard error is no terminal.

    `of` names the counted things.
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
    """A line on the terminal that is overwritten at each update."""

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
        """Clear the line."""
        self._draw("")

    @staticmethod
    def _draw(text: str) -> None:
        # A closed terminal does not stop the task.
        with suppress(OSError):
            click.echo(f"\r\x1b[K{text}", err=True, nl=False)
