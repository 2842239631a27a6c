"""Searches contacts and keeps the recently opened ones: at every key and at the start."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from subtui.acts.contacts import FindContacts, RememberOpened
from subtui.domain.names import list_name
from subtui.domain.permissions import Permission
from subtui.services.registry import Job, answers, runs
from subtui.services.unit_of_work import Reader, require
from subtui.storage.dialects import dialect_of
from subtui.storage.light_tables import CONTACT, CONTACT_MERGED, ORDER, RECENT_CONTACT, SUBSCRIPTION
from subtui.storage.search import find_contact_ids
from subtui.views.customers import ContactRow, Found

KEPT_RECENT = 12

_ACTIVE = select(func.count()).where(SUBSCRIPTION.c.contact_id == CONTACT.c.id, SUBSCRIPTION.c.status == "Active")
_LAST_ORDER = select(func.max(ORDER.c.ordered_on)).where(ORDER.c.contact_id == CONTACT.c.id)
_ROWS = select(CONTACT, _ACTIVE.scalar_subquery(), _LAST_ORDER.scalar_subquery()).where(
    CONTACT.c.id.in_(bindparam("ids", expanding=True))
)
_OPENED = (
    select(RECENT_CONTACT.c.contact_id)
    .join(CONTACT_MERGED, CONTACT_MERGED.c.id == RECENT_CONTACT.c.contact_id)
    .where(RECENT_CONTACT.c.user_id == bindparam("user"), CONTACT_MERGED.c.merged_into_id.is_(None))
    .order_by(RECENT_CONTACT.c.opened.desc())
    .limit(bindparam("most"))
)


_MERGED = select(CONTACT_MERGED.c.id, CONTACT_MERGED.c.merged_into_id).where(
    CONTACT_MERGED.c.id.in_(bindparam("ids", expanding=True)), CONTACT_MERGED.c.merged_into_id.is_not(None)
)


@answers(FindContacts)
def find(reader: Reader, query: FindContacts) -> Found:
    """Handle `FindContacts`."""
    session, recent = reader.session, _recent_ids(reader.session, reader.who.id, KEPT_RECENT)
    hits = find_contact_ids(session, query.text, limit=query.limit, recent=recent, after=query.after)
    rows = contact_rows(session, _staying(session, query.text, hits.ids))
    return Found(query.text, rows, hits.total, hits.capped, hits.similar, hits.after)


def _staying(session: Session, text: str, ids: Sequence[int]) -> Sequence[int]:
    """The ids with that of the contact that stays in place of one that was merged: it is found by its number only."""
    if not any(map(str.isdigit, text)) or not ids:
        return ids
    into = {row.id: row.merged_into_id for row in session.execute(_MERGED, {"ids": ids})}
    return list(dict.fromkeys(into.get(number, number) for number in ids)) if into else ids


def contact_rows(session: Session, ids: Sequence[int]) -> tuple[ContactRow, ...]:
    """The rows for contact ids, in their order."""
    if not ids:
        return ()
    rows = {row[0]: _row(*row) for row in session.execute(_ROWS, {"ids": ids})}
    return tuple(rows[number] for number in ids if number in rows)


def _row(
    number: int, first: str, last: str, company: str, email: str, phone: str, active: int, last_order: date | None
) -> ContactRow:
    return ContactRow(
        id=number,
        name=list_name(first, last, company, email, number),
        company=company,
        email=email,
        phone=phone,
        active=active,
        last_order=last_order,
    )


def recent(session: Session, user_id: int, *, limit: int) -> tuple[ContactRow, ...]:
    """The contacts the user opened last, newest first."""
    return contact_rows(session, _recent_ids(session, user_id, limit))


def _recent_ids(session: Session, user_id: int, limit: int) -> list[int]:
    return list(session.execute(_OPENED, {"user": user_id, "most": limit}).scalars())


@runs(RememberOpened)
def remember_opened(job: Job, act: RememberOpened) -> None:
    """Handle `RememberOpened`."""
    person = require(job.person, Permission.VIEW)
    if not job.work.read_only:
        with job.work.untracked_write() as session:
            put_first(session, person.id, act.contact_id)


def put_first(session: Session, user_id: int, contact_id: int) -> None:
    """Put the contact first among the user's recently opened ones."""
    connection, table = session.connection(), RECENT_CONTACT
    newest = select(func.coalesce(func.max(table.c.opened), 0)).where(table.c.user_id == user_id)
    last = connection.execute(newest).scalar_one()
    opened = dialect_of(connection).insert(table).values(user_id=user_id, contact_id=contact_id, opened=last + 1)
    connection.execute(
        opened.on_conflict_do_update(
            index_elements=("user_id", "contact_id"),
            set_={"opened": opened.excluded.opened},
            where=table.c.opened < last,
        )
    )
    connection.execute(delete(table).where(table.c.user_id == user_id, table.c.opened <= last - KEPT_RECENT))


def count(session: Session) -> int:
    """The number of contacts, without those that were merged into another one."""
    merged = select(func.count()).select_from(CONTACT_MERGED).where(CONTACT_MERGED.c.merged_into_id.is_not(None))
    every = session.execute(select(func.count()).select_from(CONTACT)).scalar_one()
    return int(every - session.execute(merged).scalar_one())
