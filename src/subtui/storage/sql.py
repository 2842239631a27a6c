"""Helpers for plain SQL: values in the form of the columns, and lists that fit into one statement."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

BATCH = 500
"""Rows that are looked up and written at once."""


def literal(value: Any) -> Any:
    """A value in the stored form of its column; instants in UTC."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def batched(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """Distinct values in lists that fit into one statement."""
    distinct = list(dict.fromkeys(ids))
    for at in range(0, len(distinct), BATCH):
        yield distinct[at : at + BATCH]


def placeholders(values: Sequence[Any]) -> str:
    """As many question marks as there are values."""
    return ", ".join("?" * len(values))
