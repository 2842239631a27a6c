"""How a table names a row of another."""

from typing import Any

from sqlmodel import Field


def key(target: str, *, optional: bool = False) -> Any:
    """A foreign key with an index."""
    return Field(default=None if optional else ..., foreign_key=target, index=True, nullable=optional)
