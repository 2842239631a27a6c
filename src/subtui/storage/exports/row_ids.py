"""Under which id a row goes out, and with it every reference to it.

Keap's where the row has one; an id that an import made from a row stays as it is, so that the same file is known again.
Rows that never came out of a file have our own number. It stands alone as long as nothing here has come out of a file,
as in the demo; otherwise a number alone is Keap's, and ours has a mark before it: a refund recorded here as row 5001 is
`subtui-5001`, and never taken for the payment that Keap calls 5001.
"""

from itertools import count

from sqlalchemy import Connection

from subtui.domain.keap.ids import OURS

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
    """How the ids of one export are written."""

    def __init__(self, connection: Connection) -> None:
        self.mark = _mark(connection)

    def of(self, alias: str) -> str:
        """The SQL for the id of a row; NULL where there is no row."""
        ours = f"'{self.mark}' || {alias}.id" if self.mark else f"CAST({alias}.id AS TEXT)"
        return f"coalesce({alias}.keap_id, {ours})"


def _mark(connection: Connection) -> str:
    if not any(_holds(connection, table, "keap_id IS NOT NULL") for table in _TABLES):
        return ""
    # What another database has called so may have been brought in here.
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
