"""The exported id of a row, and of every reference to it.

It is Keap's id where the row has one. An id that an import made from a row is kept, so that an import of the same file
recognizes it. A row that was not imported has our own number: a plain number in a database without imported rows, such
as the demo; otherwise with a prefix, since a plain number is Keap's: a refund recorded here as row 5001 is
`subtui-5001`, and never taken for Keap's payment 5001.
"""

from itertools import count
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    String,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from subtui.keap.ids import OURS
from subtui.storage.columns import UtcDateTime
from subtui.storage.tables.core import (
    CONTACT,
    CREDIT_CARD,
    ORDER,
    ORDER_ITEM,
    PAYMENT,
    PLAN,
    PRODUCT,
    SUBSCRIPTION,
    TAG,
)

_TABLES = (TAG, PRODUCT, PLAN, CONTACT, CREDIT_CARD, SUBSCRIPTION, ORDER, ORDER_ITEM, PAYMENT)


class RowIds:
    """The form of the ids of one export."""

    def __init__(self, connection: Connection) -> None:
        self.mark = _mark(connection)

    def of(self, table: FromClause) -> ColumnElement[str]:
        """The id of a row of a table; NULL where there is no row."""
        return func.coalesce(table.c.keap_id, _marked(self.mark, table))


def stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as it is written into a file: days, instants and JSON as text, made by the database."""
    if isinstance(column.type, Date | JSON | UtcDateTime):
        return cast(column, String)
    return type_coerce(column, NullType())


def _marked(mark: str, table: FromClause) -> ColumnElement[str]:
    number = cast(table.c.id, String)
    return literal(mark) + number if mark else number


def _mark(connection: Connection) -> str:
    if not any(_holds(connection, table, table.c.keap_id.is_not(None)) for table in _TABLES):
        return ""
    # An id with our prefix may have been imported from another database.
    for number in count(1):
        mark = OURS if number == 1 else f"{OURS}{number}-"
        if not any(_clashes(connection, table, mark) for table in _TABLES):
            return mark
    raise AssertionError("there is always another number")


def _clashes(connection: Connection, table: FromClause, mark: str) -> bool:
    other = table.alias()
    theirs = select(other.c.keap_id).where(other.c.keap_id > OURS, other.c.keap_id < f"{OURS}~")
    return _holds(connection, table, table.c.keap_id.is_(None), _marked(mark, table).in_(theirs))


def _holds(connection: Connection, table: FromClause, *conditions: ColumnElement[bool]) -> bool:
    return connection.execute(select(table.c.id).where(*conditions).limit(1)).first() is not None
