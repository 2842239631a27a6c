"""The exported id of a row, and of every reference to it.

It is Keap's id where the row has one. An id that an import made from a row is kept, so that an import of the same file
recognizes it. A row that was not imported has our own number: a plain number in a database without imported rows, such
as the demo; otherwise with a prefix, since a plain number is Keap's: a refund recorded here as row 5001 is
`subtui-5001`, and never taken for Keap's payment 5001.
"""

from itertools import count

from sqlalchemy import Connection

from subtui.keap.ids import OURS

_TABLES = (
    "tag",
    "product",
    "subscription_plan",
    "contact",
    "credit_card",
    "subscription",
    "order",
    "order_item",
    "payment",
)


class RowIds:
    """The form of the ids of one export."""

    def __init__(self, connection: Connection) -> None:
        self.mark = _mark(connection)

    def of(self, alias: str) -> str:
        """The SQL for the id of a row; NULL where there is no row."""
        ours = f"'{self.mark}' || {alias}.id" if self.mark else f"CAST({alias}.id AS TEXT)"
        return f"coalesce({alias}.keap_id, {ours})"


def _mark(connection: Connection) -> str:
    if not any(_holds(connection, table, "keap_id IS NOT NULL") for table in _TABLES):
        return ""
    # An id with our prefix may have been imported from another database.
    for number in count(1):
        mark = OURS if number == 1 else f"{OURS}{number}-"
        theirs = f"SELECT keap_id FROM {{table}} WHERE keap_id > '{OURS}' AND keap_id < '{OURS}~'"
        clash = f"keap_id IS NULL AND '{mark}' || id IN ({theirs})"
        if not any(_holds(connection, table, clash.format(table=f'"{table}"')) for table in _TABLES):
            return mark
    raise AssertionError("there is always another number")


def _holds(connection: Connection, table: str, condition: str) -> bool:
    sql = f'SELECT 1 FROM "{table}" WHERE {condition} LIMIT 1'
    return connection.exec_driver_sql(sql).first() is not None
