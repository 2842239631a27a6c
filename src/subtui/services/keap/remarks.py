"""What is kept of rows of Keap that are not here, or not there any more: one remark for each, with the reason."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from subtui.storage.dialects import dialect_of
from subtui.storage.tables.core import KEAP_REMARK

LEFT_OUT = "left_out"
"""A row that could not be taken; its body is kept, to be tried again."""

GONE = "gone"
"""A row that is here and that Keap has no longer."""


def keep(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Store remarks, each in the place of an earlier one of the same row."""
    if rows:
        new = dialect_of(connection).insert(KEAP_REMARK)
        latest = {name: new.excluded[name] for name in ("what", "reason", "body", "at")}
        connection.execute(new.on_conflict_do_update(index_elements=("kind", "keap_id"), set_=latest), rows)


def keap_ids(connection: Connection, kind: str, what: str) -> set[str]:
    """Keap's ids of the rows of a kind with such a remark."""
    return set(connection.execute(select(KEAP_REMARK.c.keap_id).where(*_of(kind, what))).scalars())


def forget(connection: Connection, kind: str, what: str, ids: Iterable[str]) -> None:
    """Remove the remarks of rows of which they are true no longer."""
    connection.execute(delete(KEAP_REMARK).where(*_of(kind, what), KEAP_REMARK.c.keap_id.in_(list(ids))))


def _of(kind: str, what: str) -> tuple[Any, Any]:
    return KEAP_REMARK.c.kind == kind, KEAP_REMARK.c.what == what


def counts(session: Session) -> Mapping[str, int]:
    """How many remarks there are of each sort."""
    found = session.execute(select(KEAP_REMARK.c.what, func.count()).group_by(KEAP_REMARK.c.what))
    return {row[0]: row[1] for row in found}
