"""Tracks the writes of a transaction to the tables of the record, so that none is committed without its log entry.

It watches the statements that the connection executes, not the session's objects: so it also sees a Core `update()`,
a delete, and a row that was flushed long before the commit.
"""

import re
from typing import Any

from sqlalchemy import Connection, event

BESIDE_THE_RECORD = frozenset(
    (
        *("recent_contact", "saved_view", "sign_in", "sign_in_miss"),
        "batch_row",  # why a row was refused; one that is done has its own entry
        *("keap_finding", "keap_walk", "keap_object", "keap_image", "keap_remark", "keap_outbox"),
        *(
            "touched_order",
            "whole_order",
            "contact_mail",
            "index_new",
            "index_old",
            "incoming",
        ),  # temporary, of imports
    )
)
"""Tables that hold conveniences, counters, or what is known of another program: written without a log entry."""

LOG = "event"
"""The table of the log itself: an entry needs no entry."""

_READS = re.compile(
    r"\s*(SELECT|VALUES|PRAGMA|EXPLAIN|ANALYZE|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|END)\b", re.IGNORECASE
)
_WRITES = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM"
    r"|CREATE\s+TEMP(?:ORARY)?\s+TABLE|DROP\s+TABLE(?:\s+IF\s+EXISTS)?)\s+"
    r"(?:\w+\.)?[\"`\[]?(\w+)",
    re.IGNORECASE,
)
_WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)
UNKNOWN = "(unknown)"
"""The table name for a statement that is not known to be a read and whose table is not recognized."""


def written_table(statement: str) -> str | None:
    """The table that a statement writes, in lower case; None for one that only reads.

    A statement that is not known to be a read counts as a write of `UNKNOWN`.
    """
    if _READS.match(statement):
        return None
    found = _WRITES.search(statement)
    if found:
        return found.group(1).lower()
    return None if _WITH.match(statement) else UNKNOWN


class WriteGuard:
    """Watches one connection. `tables` are the tables of the record that a statement has changed."""

    def __init__(self, connection: Connection) -> None:
        self.tables: set[str] = set()
        event.listen(connection, "after_cursor_execute", self._count)

    def _count(
        self, _connection: Connection, cursor: Any, statement: str, _values: Any, _context: Any, _many: bool
    ) -> None:
        table = written_table(statement)
        # -1: the driver does not know how many rows were changed.
        if table is not None and table != LOG and table not in BESIDE_THE_RECORD and cursor.rowcount != 0:
            self.tables.add(table)
