"""Follows the log: what others have written since the last look. Runs every few seconds, without a table class."""

from datetime import timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.outbox import SendState
from subtui.domain.people import Person
from subtui.services.unit_of_work import UnitOfWork
from subtui.storage.columns import UtcDateTime
from subtui.storage.light_tables import EVENT, KEAP_CONNECTION, KEAP_OUTBOX, REVISION, SIGN_IN, USER
from subtui.storage.revisions import HEAD
from subtui.views.live import ChangedRecord

MOST_AT_ONCE = 200
"""The most entries that are read at a look: after more, every screen is out of date anyway."""

NEWER = "This database was updated by a newer version of subtui. Close this program, and update it."

HERE = timedelta(seconds=90)
"""A session counts as being where it was last seen for so long: it is noted every 30 seconds."""

_AT_ROUTE = (
    select(USER.c.name)
    .join(SIGN_IN, SIGN_IN.c.user_id == USER.c.id)
    .where(
        SIGN_IN.c.route == bindparam("route"),
        SIGN_IN.c.ended_at.is_(None),
        SIGN_IN.c.seen_at >= bindparam("since", type_=UtcDateTime),
        USER.c.id != bindparam("user"),
    )
    .distinct()
    .order_by(USER.c.name)
)
_HEAD = select(func.coalesce(func.max(EVENT.c.id), 0), select(REVISION.c.version_num).scalar_subquery())
_SINCE = (
    select(EVENT.c.id, EVENT.c.at, EVENT.c.actor, EVENT.c.subject_type, EVENT.c.subject_id, EVENT.c.contact_id)
    # That Keap has a change is no change of the record.
    .where(EVENT.c.id > bindparam("seen"), EVENT.c.command != EventType.KEAP_SENT.value)
    .order_by(EVENT.c.id.desc())
    .limit(MOST_AT_ONCE)
)


_WAITING = select(KEAP_OUTBOX.c.id).where(
    KEAP_OUTBOX.c.state.in_((SendState.WAITING.value, SendState.UNKNOWN.value)),
    KEAP_OUTBOX.c.subscription_id.is_not(None),
)
_TO_SEND = select(KEAP_CONNECTION.c.id).where(
    KEAP_CONNECTION.c.connected,
    KEAP_CONNECTION.c.writing_allowed,
    KEAP_CONNECTION.c.sends_by_itself,
    _WAITING.exists(),
)


def waits_to_be_sent(work: UnitOfWork) -> bool:
    """Whether changes wait that are to be sent to Keap without being asked for."""
    with work.read() as session:
        return session.execute(_TO_SEND).scalar() is not None


def others_at(work: UnitOfWork, person: Person, route: str) -> tuple[str, ...]:
    """The names of the other users who were seen at a route just now, in sessions that have not ended; none without."""
    if not route:
        return ()
    since = work.now - HERE
    wanted = {"route": route, "user": person.id, "since": since}
    with work.read() as session:
        return tuple(session.execute(_AT_ROUTE, wanted).scalars())


class Follower:
    """Knows the newest entry of the log that a backend has seen."""

    def __init__(self) -> None:
        self._newest: int | None = None

    def forget(self) -> None:
        """Begin again: what is there at the next look is no news."""
        self._newest = None

    def look(self, work: UnitOfWork) -> tuple[tuple[ChangedRecord, ...], bool]:
        """What others have written since the last look, oldest first, and whether the tables are of a newer version."""
        found: tuple[ChangedRecord, ...] = ()
        with work.read() as session:
            newest, revision = session.execute(_HEAD).one()
            if self._newest is not None and newest > self._newest:
                found = _changed_since(session, self._newest)
        self._newest = newest
        own = {change.subject: change.entry_id for change in found if change.entry_id in work.own_entries}
        # What this user has saved since then was saved on top of it.
        others = tuple(
            change
            for change in found
            if change.entry_id not in work.own_entries and change.entry_id > own.get(change.subject, 0)
        )
        work.own_entries.difference_update(change.entry_id for change in found)
        return others, revision != HEAD


def _changed_since(session: Session, seen: int) -> tuple[ChangedRecord, ...]:
    rows = session.execute(_SINCE, {"seen": seen}).all()
    return tuple(
        ChangedRecord(row.id, row.at, row.actor, Subject(SubjectType(row.subject_type), row.subject_id), row.contact_id)
        for row in reversed(rows)
    )


class Unanswered:
    """Knows the log's entry of an act during whose commit the connection was lost."""

    def __init__(self) -> None:
        self._entry: tuple[int, str] | None = None

    def note(self, entry: tuple[int, str]) -> None:
        """Keep the id and hash of an entry that may have been committed."""
        self._entry = entry

    def find_out(self, work: UnitOfWork) -> tuple[str, bool]:
        """What became of the act, in a sentence, and whether it was saved. Raises OutcomeUnknown."""
        if self._entry is None:
            return "", False
        number, _ = self._entry
        saved = work.was_saved(self._entry)
        self._entry = None
        if not saved:
            return "Your last save was not saved.", False
        work.own_entries.add(number)
        return f"Your last save was saved (log entry {number}).", True
