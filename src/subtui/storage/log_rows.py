"""Reading and writing the rows of the log as links of the chain."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from subtui.domain.chain import GENESIS, Link, seal
from subtui.storage.tables import Event

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
    "subject",
    "contact_id",
    "undoes_id",
    "before",
    "after",
)


def _entry(row: dict[str, Any]) -> dict[str, object]:
    entry = {name: row[name] for name in _SEALED}
    at: datetime = row["at"]
    entry["at"] = at.astimezone(UTC).isoformat()
    # Through JSON once, so that what is sealed is what a later read will see.
    for side in ("before", "after"):
        entry[side] = json.loads(json.dumps(row[side]))
    return entry


def append(connection: Connection, row: dict[str, Any]) -> tuple[int, str]:
    """Write one row at the end of the chain, in the caller's write transaction. Returns its id and hash."""
    last = connection.execute(select(_TABLE.c.id, _TABLE.c.hash).order_by(_TABLE.c.id.desc()).limit(1)).first()
    whole = {
        "id": (last.id if last else 0) + 1,
        "actor_id": None,
        "route": "",
        "reason": "",
        "contact_id": None,
        "undoes_id": None,
        "before": {},
        "after": {},
        **row,
    }
    whole["previous_hash"] = last.hash if last else GENESIS
    whole["hash"] = seal(whole["previous_hash"], _entry(whole))
    connection.execute(insert(_TABLE), [whole])
    return whole["id"], whole["hash"]


def links(connection: Connection) -> Iterator[Link]:
    """Every entry in order, as it is stored."""
    for row in connection.execute(select(_TABLE).order_by(_TABLE.c.id)).mappings():
        yield Link(row["id"], row["previous_hash"], row["hash"], _entry(dict(row)))
