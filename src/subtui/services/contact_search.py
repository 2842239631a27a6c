"""Searches contacts and keeps the recently opened ones. In plain SQL, because it runs at every key and at the start."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from subtui.acts.contacts import FindContacts, RememberOpened
from subtui.domain.names import list_name
from subtui.domain.permissions import Permission
from subtui.services.registry import Job, answers, runs
from subtui.services.unit_of_work import Reader, require
from subtui.storage.search import find_contact_ids
from subtui.views.customers import ContactRow, Found

KEPT_RECENT = 12

_ROWS = """
SELECT id, first_name, last_name, company, email, phone1,
    (SELECT count(*) FROM subscription s WHERE s.contact_id = c.id AND s.status = 'Active'),
    (SELECT max(ordered_on) FROM "order" o WHERE o.contact_id = c.id)
FROM contact c WHERE id IN ({})
"""


@answers(FindContacts)
def find(reader: Reader, query: FindContacts) -> Found:
    """Handle `FindContacts`."""
    session, recent = reader.session, _recent_ids(reader.session, reader.who.id, KEPT_RECENT)
    hits = find_contact_ids(session, query.text, limit=query.limit, recent=recent, after=query.after)
    return Found(query.text, contact_rows(session, hits.ids), hits.total, hits.capped, hits.similar, hits.after)


def contact_rows(session: Session, ids: Sequence[int]) -> tuple[ContactRow, ...]:
    """The rows for contact ids, in their order."""
    if not ids:
        return ()
    placeholders = ", ".join("?" * len(ids))
    found = session.connection().exec_driver_sql(_ROWS.format(placeholders), tuple(ids))
    rows = {row[0]: _row(*row) for row in found}
    return tuple(rows[number] for number in ids if number in rows)


def _row(
    number: int, first: str, last: str, company: str, email: str, phone: str, active: int, last_order: str | None
) -> ContactRow:
    return ContactRow(
        id=number,
        name=list_name(first, last, company, email, number),
        company=company,
        email=email,
        phone=phone,
        active=active,
        last_order=date.fromisoformat(last_order) if last_order else None,
    )


def recent(session: Session, user_id: int, *, limit: int) -> tuple[ContactRow, ...]:
    """The contacts the user opened last, newest first."""
    return contact_rows(session, _recent_ids(session, user_id, limit))


def _recent_ids(session: Session, user_id: int, limit: int) -> list[int]:
    opened = "SELECT contact_id FROM recent_contact WHERE user_id = ? ORDER BY opened DESC LIMIT ?"
    return list(session.connection().exec_driver_sql(opened, (user_id, limit)).scalars())


@runs(RememberOpened)
def remember_opened(job: Job, act: RememberOpened) -> None:
    """Handle `RememberOpened`."""
    person = require(job.person, Permission.VIEW)
    if not job.work.read_only:
        with job.work.untracked_write() as session:
            put_first(session, person.id, act.contact_id)


def put_first(session: Session, user_id: int, contact_id: int) -> None:
    """Put the contact first among the user's recently opened ones."""
    connection = session.connection()
    newest = "SELECT coalesce(max(opened), 0) FROM recent_contact WHERE user_id = ?"
    last = connection.exec_driver_sql(newest, (user_id,)).scalar_one()
    connection.exec_driver_sql(
        "INSERT INTO recent_contact (user_id, contact_id, opened) VALUES (?, ?, ?)"
        " ON CONFLICT (user_id, contact_id) DO UPDATE SET opened = excluded.opened WHERE opened < ?",
        (user_id, contact_id, last + 1, last),
    )
    old = "DELETE FROM recent_contact WHERE user_id = ? AND opened <= ?"
    connection.exec_driver_sql(old, (user_id, last - KEPT_RECENT))


def count(session: Session) -> int:
    """The number of contacts."""
    return int(session.connection().exec_driver_sql("SELECT count(*) FROM contact").scalar_one())
