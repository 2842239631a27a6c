"""What every import does with the rows that it changes: an entry of the log for each subscription, owners by name."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from subtui.domain.contact_fields import ADDRESSES, TAGS
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
        elif kind is Kind.CONTACT and outcome.row.overwrites:
            _log_overwritten(tx, outcome)

    return changed


def _log_overwritten(tx: Transaction, outcome: Outcome) -> None:
    """Log that an import has overwritten what was corrected here: it is no correction any more."""

    def logged(values: Mapping[str, Any], name: str) -> object:
        value = values.get(name, "")
        return "\n".join(value) if name in ADDRESSES else value

    names = sorted(outcome.row.overwrites - {TAGS})
    after: dict[str, Any] = {name: logged(outcome.row.values, name) for name in names}
    if TAGS in outcome.row.overwrites:
        after[TAGS] = sorted(outcome.row.source.fields.get("tags", ()))
    tx.log(
        EventType.IMPORT_ROW,
        subject=Subject(SubjectType.CONTACT, outcome.id),
        contact_id=outcome.id,
        before={name: logged(outcome.before, name) for name in names},
        after=after,
    )


def owners(tx: Transaction) -> dict[str, int]:
    """The ids of users by their folded names and e-mails, for the owner that a row of a contact names."""
    users = tx.session.execute(select(USER.c.id, USER.c.name, USER.c.email)).all()
    return {normalize(name): user.id for user in users for name in (user.name, user.email)}
