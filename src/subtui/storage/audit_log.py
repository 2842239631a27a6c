"""Reads and writes the rows of the log as links of the hash chain."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, type_coerce
from sqlalchemy.types import NullType

from subtui.domain.event_types import Subject
from subtui.domain.hash_chain import GENESIS, Link, entry_hash
from subtui.storage.dialects import dialect_of
from subtui.storage.tables import Event
from subtui.storage.tables.record import subject_text

_TABLE = Event.__table__  # type: ignore[attr-defined]
_SEALED = (
    "id",
    "at",
    "actor_id",
    "actor",
    "role",
    "command",
    "route",
    "reason",
    "contact_id",
    "undoes_id",
    "before",
    "after",
)


def _entry(row: dict[str, Any]) -> dict[str, object]:
    entry = {name: row[name] for name in _SEALED}
    entry["subject"] = subject_text(row["subject_type"], row["subject_id"])
    at: datetime = row["at"]
    entry["at"] = at.astimezone(UTC).isoformat()
    # Converted to JSON and back, so that the hash covers the values that a later read will see.
    for side in ("before", "after"):
        entry[side] = json.loads(json.dumps(row[side]))
    return entry


def about(subject: Subject) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the entries about one record."""
    return _TABLE.c.subject_type == subject.type.value, _TABLE.c.subject_id == subject.id


def append(connection: Connection, row: dict[str, Any]) -> tuple[int, str]:
    """Write one row at the end of the chain, in the caller's write transaction. Returns its id and hash."""
    dialect_of(connection).lock_log(connection)
    last = connection.execute(select(_TABLE.c.id, _TABLE.c.hash).order_by(_TABLE.c.id.desc()).limit(1)).first()
    whole = {
        "id": (last.id if last else 0) + 1,
        "actor_id": None,
        "route": "",
        "subject_id": None,
        "reason": "",
        "contact_id": None,
        "undoes_id": None,
        "before": {},
        "after": {},
        **row,
    }
    whole["previous_hash"] = last.hash if last else GENESIS
    whole["hash"] = entry_hash(whole["previous_hash"], _entry(whole))
    connection.execute(insert(_TABLE), [whole])
    return whole["id"], whole["hash"]


def links(connection: Connection) -> Iterator[Link]:
    """Every entry in order, untyped: a value that was tampered with may not fit its column's type."""
    columns = [type_coerce(column, NullType()).label(column.name) for column in _TABLE.c]
    for row in connection.execute(select(*columns).order_by(_TABLE.c.id)).mappings():
        yield Link(row["id"], row["previous_hash"], row["hash"], _stored_entry(dict(row)))


def _stored_entry(row: dict[str, Any]) -> dict[str, object]:
    """The entry in a row; where the row cannot be read, an entry that fits no hash."""
    try:
        read = {"at": _instant(row["at"]), "before": _parsed(row["before"]), "after": _parsed(row["after"])}
        entry = _entry(row | read)
        json.dumps(entry)
    except (TypeError, ValueError, AttributeError):
        return {"unreadable": row["id"]}
    return entry


def _instant(stored: Any) -> datetime:
    at: datetime = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _parsed(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str | bytes) else stored
