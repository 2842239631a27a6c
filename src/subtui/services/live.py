"""Follows the log: what others have written since the last look. Runs every few seconds, without a table class."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from subtui.domain.event_types import Subject, SubjectType
from subtui.storage.light_tables import EVENT, REVISION
from subtui.views.live import ChangedRecord

MOST_AT_ONCE = 200
"""The most entries that are read at a look: after more, every screen is out of date anyway."""

_HEAD = select(func.coalesce(func.max(EVENT.c.id), 0), select(REVISION.c.version_num).scalar_subquery())
_SINCE = (
    select(EVENT.c.id, EVENT.c.at, EVENT.c.actor, EVENT.c.subject_type, EVENT.c.subject_id, EVENT.c.contact_id)
    .where(EVENT.c.id > bindparam("seen"))
    .order_by(EVENT.c.id.desc())
    .limit(MOST_AT_ONCE)
)


def head(session: Session) -> tuple[int, str]:
    """The id of the newest entry of the log, 0 for an empty one, and the revision of the tables."""
    newest, revision = session.execute(_HEAD).one()
    return int(newest), str(revision)


def changed_since(session: Session, seen: int) -> tuple[ChangedRecord, ...]:
    """The newest entries after the one with the id `seen`, oldest first."""
    rows = session.execute(_SINCE, {"seen": seen}).all()
    return tuple(
        ChangedRecord(row.id, row.at, row.actor, Subject(SubjectType(row.subject_type), row.subject_id), row.contact_id)
        for row in reversed(rows)
    )
