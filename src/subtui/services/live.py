"""Follows the log: what others have written since the last look. Runs every few seconds, without a table class."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from subtui.domain.event_types import Subject, SubjectType
from subtui.storage.light_tables import EVENT
from subtui.views.live import ChangedRecord

MOST_AT_ONCE = 200
"""The most entries that are read at a look: after more, every screen is out of date anyway."""

_NEWEST = select(func.coalesce(func.max(EVENT.c.id), 0))
_SINCE = (
    select(EVENT.c.id, EVENT.c.at, EVENT.c.actor, EVENT.c.subject_type, EVENT.c.subject_id, EVENT.c.contact_id)
    .where(EVENT.c.id > bindparam("seen"))
    .order_by(EVENT.c.id.desc())
    .limit(MOST_AT_ONCE)
)


def newest_entry(session: Session) -> int:
    """The id of the newest entry of the log; 0 for an empty one."""
    return int(session.execute(_NEWEST).scalar_one())


def changed_since(session: Session, seen: int) -> tuple[ChangedRecord, ...]:
    """The newest entries after the one with the id `seen`, oldest first."""
    rows = session.execute(_SINCE, {"seen": seen}).all()
    return tuple(
        ChangedRecord(row.id, row.at, row.actor, Subject(SubjectType(row.subject_type), row.subject_id), row.contact_id)
        for row in reversed(rows)
    )
