"""How a table names a row of another, and an index that holds few of its rows."""

from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Index
from sqlmodel import Field


def key(target: str, *, optional: bool = False) -> Any:
    """A foreign key with an index."""
    return Field(default=None if optional else ..., foreign_key=target, index=True, nullable=optional)


def keap_id() -> Any:
    """Keap's own id of a row, as text; one that begins with `~` was made from the row, where the file names none."""
    return Field(default=None, index=True, unique=True, nullable=True)


def more() -> Any:
    """What else Keap keeps of a row, by its header; kept so that it can go back."""
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))


def few(name: str, *columns: Any, where: ColumnElement[bool]) -> Index:
    """An index of the rows for which a condition holds; a server has all of them in it."""
    # Naming another kind of database here would load its library at every start.
    return Index(name, *columns, sqlite_where=where)
