"""Random numbers that are the same on every machine and Python version.

It uses only `Random.random` and whole numbers: the results of other methods of `random`, or of logarithms, may differ
between versions and platforms.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def weighted(entries: Iterable[tuple[T, int]]) -> tuple[T, ...]:
    """A table that repeats each entry by its weight, for `Chance.of`."""
    return tuple(entry for entry, weight in entries for _ in range(weight))


class Rng:
    """One random stream."""

    __slots__ = ("unit",)

    def __init__(self, seed: int) -> None:
        self.unit = Random(seed).random  # noqa: S311  (made-up data, no secrets)
        """The next number from 0 up to, but not including, 1."""

    def happens(self, share: float) -> bool:
        """True in this share of all calls."""
        return self.unit() < share

    def below(self, limit: int) -> int:
        """A whole number from 0 to below the limit, all equally likely."""
        return int(self.unit() * limit)

    def of(self, table: Sequence[T]) -> T:
        """An entry of a table, all equally likely."""
        return table[int(self.unit() * len(table))]

    def early(self, table: Sequence[T]) -> T:
        """An entry of a table, the first ones far more likely, as with names."""
        return table[int(self.unit() * self.unit() * len(table))]

    def about(self, number: int) -> int:
        """A random number around a large mean; small means are returned unchanged."""
        return number if number < 8 else number - number // 3 + self.below(2 * (number // 3) + 1)
