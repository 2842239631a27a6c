"""Lists of values that fit into one statement."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

BATCH = 500
"""Rows that are looked up and written at once."""


def batched(ids: Iterable[T]) -> Iterator[list[T]]:
    """Distinct values in lists that fit into one statement."""
    distinct = list(dict.fromkeys(ids))
    for at in range(0, len(distinct), BATCH):
        yield distinct[at : at + BATCH]
