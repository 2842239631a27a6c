"""What every import does with the rows that it changes: an entry of the log for each subscription, owners by name."""

from collections.abc import Callable

from sqlalchemy import select

from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.normalization import normalize
from subtui.keap.imports.upsert import Outcome
from subtui.services.audit_snapshots import import_snapshots
from subtui.services.unit_of_work import Transaction
from subtui.storage.tables.core import USER
from subtui.views.imports import Kind


def logged(tx: Transaction) -> Callable[[Kind, Outcome], None]:
    """What writes an entry of the log for a row of an import that was changed."""

    def changed(kind: Kind, outcome: Outcome) -> None:
        if kind is Kind.SUBSCRIPTION:
            was, now = import_snapshots(outcome.before, outcome.row.values)
            tx.log(
                EventType.IMPORT_ROW,
                subject=Subject(SubjectType.SUBSCRIPTION, outcome.id),
                contact_id=outcome.row.values.get("contact_id", outcome.before["contact_id"]),
                before=was,
                after=now,
            )

    return changed


def owners(tx: Transaction) -> dict[str, int]:
    """The ids of users by their folded names and e-mails, for the owner that a row of a contact names."""
    users = tx.session.execute(select(USER.c.id, USER.c.name, USER.c.email)).all()
    return {normalize(name): user.id for user in users for name in (user.name, user.email)}
