"""What is kept of Keap beside the record, as it was answered: users, companies, plans, cards, transactions."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, select

from subtui.services.keap.page_import import plain
from subtui.services.unit_of_work import Transaction
from subtui.storage.batches import batched
from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import KEAP_OBJECT

_BODIES = select(KEAP_OBJECT.c.keap_id, KEAP_OBJECT.c.body)


def keep(tx: Transaction, kind: str, objects: Mapping[str, Mapping[str, Any]]) -> int:
    """Store objects by their Keap ids, where they differ from what is stored; returns how many did."""
    connection = tx.session.connection()
    known = bodies(connection, kind, objects)
    rows = [
        {"kind": kind, "keap_id": keap_id, "body": body, "read_at": tx.now}
        for keap_id, found in objects.items()
        if known.get(keap_id) != (body := plain(found))
    ]
    if rows:
        new = dialect_of(connection).insert(KEAP_OBJECT)
        latest = {"body": new.excluded.body, "read_at": new.excluded.read_at}
        connection.execute(new.on_conflict_do_update(index_elements=("kind", "keap_id"), set_=latest), rows)
    return len(rows)


def bodies(connection: Connection, kind: str, keap_ids: Iterable[str]) -> dict[str, Any]:
    """The stored objects of a kind with these ids."""
    found: dict[str, Any] = {}
    for part in batched(keap_ids):
        rows = connection.execute(_BODIES.where(KEAP_OBJECT.c.kind == kind, KEAP_OBJECT.c.keap_id.in_(part)))
        found.update((row[0], row[1]) for row in rows)
    return found


def names(connection: Connection, kind: str, *fields: str) -> dict[str, str]:
    """The names of all objects of a kind, by their ids: the first of the fields that has one, or two joined."""
    found: dict[str, str] = {}
    for keap_id, body in connection.execute(_BODIES.where(KEAP_OBJECT.c.kind == kind)):
        text = " ".join(str(body[name]) for name in fields if body.get(name)).strip()
        if text:
            found[keap_id] = text
    return found


def forget(tx: Transaction, kind: str, keap_ids: Iterable[str]) -> None:
    """Remove objects that are no more."""
    connection = tx.session.connection()
    for part in batched(keap_ids):
        connection.execute(delete(KEAP_OBJECT).where(KEAP_OBJECT.c.kind == kind, KEAP_OBJECT.c.keap_id.in_(part)))
