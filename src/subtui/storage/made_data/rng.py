"""Chance that falls the same way on every machine and Python.

Only `Random.random` is used, and whole numbers: what other methods of `random` draw, or what is computed with
logarithms, may differ between versions and platforms.
"""

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def weighted(entries: Iterable[tuple[T, int]]) -> tuple[T, ...]:
    """A table in which each entry stands as often as it weighs, for `Chance.of`."""
    return tuple(entry for entry, weight in entries for _ in range(weight))


class Rng:
    """One stream of chance."""

    __slots__ = ("unit",)

    def __init__(self, seed: int) -> None:
        self.unit = Random(seed).random  # noqa: S311  (made-up data, no secrets)
        """The next number from 0 to 1, without 1."""

    def happens(self, share: float) -> bool:
        """Whether something happens that happens in this share of all cases."""
        return self.unit() < share

    def below(self, limit: int) -> int:
        """A number from 0, each below the limit as often as the others."""
        return int(self.unit() * limit)

    def of(self, table: Sequence[T]) -> T:
        """An entry of a table, each as often as the others."""
        return table[int(self.unit() * len(table))]

    def early(self, table: Sequence[T]) -> T:
        """An entry of a table, the first ones far more often: so it is with names."""
        return table[int(self.unit() * self.unit() * len(table))]

    def about(self, number: int) -> int:
        """A number around a larger one, itself in the mean; smaller ones as they are."""
        return number if number < 8 else number - number // 3 + self.below(2 * (number // 3) + 1)
