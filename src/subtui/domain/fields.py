"""The fields of records: what one is called here, on the screens and in Keap's files, and what its values are."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """The types of values that a field can have."""

    TEXT = "text"
    ID = "id"
    NUMBER = "number"
    DAY = "day"
    INSTANT = "instant"
    MONEY = "money"
    FLAG = "flag"
    STATUS = "status"
    CYCLE = "cycle"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a record. The one place that names it: import, export, log, conflicts and screens read it from here.

    `label` is what users read; without one the field is shown nowhere. `headers` are the names of its column in Keap's
    files, the first of them in our exports. `also` are those of other programs; no kind of row is told by them.
    `column` is the column of the table where it has another name; empty where none stores it.
    """

    name: str
    type: FieldType = FieldType.TEXT
    label: str = ""
    headers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    column: str = ""
    logged: bool = False


def field(
    name: str,
    kind: FieldType,
    headers: str,
    label: str = "",
    *,
    column: str | None = None,
    logged: bool = False,
    also: str = "",
) -> Field:
    """A field whose headers are written with bars between them. `column` is its name, if it is not given."""
    return Field(
        name=name,
        type=kind,
        label=label,
        headers=tuple(headers.split("|")),
        also=tuple(filter(None, also.split("|"))),
        column=name if column is None else column,
        logged=logged,
    )


def labels(fields: Iterable[Field]) -> dict[str, str]:
    """The labels of fields, by their names and by the names of their columns."""
    return {name: known.label for known in fields if known.label for name in (known.column, known.name) if name}
