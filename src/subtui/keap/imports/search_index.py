"""Updates the search indexes in bulk during an import.

A full-text index updated row by row, by a trigger, takes six times as long as a bulk update. So the triggers are
dropped while an import runs, and the rows that it touched are indexed before it commits. All of this is part of its
transaction: a rollback restores the triggers.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

_KEYS = ("name_key", "rest_key", "phone_key")


class BulkIndex:
    """The contacts that an import has written and that are not yet indexed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def added(self, ids: Iterable[int]) -> None:
        """Add new contacts."""
        rows = [(number,) for number in ids]
        if rows:
            self._run("INSERT OR IGNORE INTO temp.index_new VALUES (?)", rows)

    def changed(self, number: int, before: Mapping[str, Any]) -> None:
        """Add a contact whose keys have changed, with the keys that the indexes hold."""
        self._run(
            "INSERT OR IGNORE INTO temp.index_old SELECT ?, ?, ?, ?"
            " WHERE NOT EXISTS (SELECT 1 FROM temp.index_new WHERE id = ?)",
            (number, *(before[key] for key in _KEYS), number),
        )

    def flush_index(self) -> None:
        """Update the indexes from the contacts."""
        for index, first, second in (
            ("contact_words", "name_key", "rest_key"),
            ("contact_parts", "rest_key", "phone_key"),
        ):
            self._run(
                f"INSERT INTO {index}({index}, rowid, {first}, {second})"
                f" SELECT 'delete', id, {first}, {second} FROM temp.index_old ORDER BY id"
            )
            self._run(
                f"INSERT INTO {index}(rowid, {first}, {second}) SELECT id, {first}, {second} FROM contact"
                " WHERE id IN (SELECT id FROM temp.index_new UNION SELECT id FROM temp.index_old) ORDER BY id"
            )

    def _run(self, sql: str, values: Any = ()) -> None:
        self._connection.exec_driver_sql(sql, values)


@contextmanager
def deferred_index(connection: Connection) -> Iterator[BulkIndex]:
    """Suspend the triggers of the indexes inside, and update the indexes at the end if there was no error."""
    found = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'contact'"
    ).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.index_new")
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.index_old")
    connection.exec_driver_sql("CREATE TEMP TABLE index_new (id INTEGER PRIMARY KEY)")
    connection.exec_driver_sql("CREATE TEMP TABLE index_old (id INTEGER PRIMARY KEY, name_key, rest_key, phone_key)")
    index = BulkIndex(connection)
    yield index
    index.flush_index()
    for _, sql in found:
        connection.exec_driver_sql(sql)
    connection.exec_driver_sql("DROP TABLE temp.index_new")
    connection.exec_driver_sql("DROP TABLE temp.index_old")
