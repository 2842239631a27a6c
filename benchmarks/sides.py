"""What both sides of a comparison share: the bare programs, and how a sample is taken."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BARE = Path(__file__).with_name("bare.py")
SIZE = (120, 40)


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: how long it took, and the most memory the process had, in bytes (None: not known)."""

    seconds: float
    memory: int | None = None


Round = Callable[[], list[Sample]]
"""One round of a side: one sample, or one for every key that was pressed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ours against the other side, the largest ratio that meets the bar, and of what.

    `of` is `median`, `p95` or `memory`; `rounds_for` divides the number of rounds where one takes long.
    """

    key: str
    what: str
    against: str
    bar: float
    ours: Round
    other: Round
    of: tuple[tuple[str, float], ...] = ()
    rounds_for: int = 1


def bare(*arguments: str) -> list[str]:
    """The bare program with these arguments."""
    return [sys.executable, str(BARE), *arguments]
