"""What both sides of a comparison share: the bare programs, and how a sample is taken."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BARE = Path(__file__).with_name("bare.py")
SIZE = (120, 40)


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement: how long it took, and in bytes the most memory of the process and what it wrote, if known."""

    seconds: float
    memory: int | None = None
    bytes_written: int | None = None


Round = Callable[[], list[Sample]]
"""One round of a side: one sample, or one for every key that was pressed."""

Of = Literal["median", "p95", "memory", "bytes"]
"""What is compared: the median or the 95th percentile of the times, the median of the memory or of what was written."""


@dataclass(frozen=True, slots=True)
class Row:
    """Ours against the other side, with a line of the table for each bar: of what, and the largest ratio that meets it.

    `rounds_for` divides the number of rounds where one takes long. `missing` says in a sentence why it cannot be
    measured here; empty where it can.
    """

    key: str
    what: str
    against: str
    bars: tuple[tuple[Of, float], ...]
    ours: Round
    other: Round
    rounds_for: int = 1
    missing: Callable[[], str] = str


def bare(*arguments: str) -> list[str]:
    """The bare program with these arguments."""
    return [sys.executable, str(BARE), *arguments]
