"""Finds subscriptions to expire or to resume. Runs at every start, so it loads no table class."""

from datetime import date

from sqlalchemy import bindparam, literal_column, or_, select
from sqlalchemy.orm import Session

from subtui.services.unit_of_work import UnitOfWork
from subtui.storage.light_tables import SUBSCRIPTION

# A subscription imported as active past its end date is left to the agent: Keap may still be charging it.
_DUE = select(SUBSCRIPTION.c.id).where(
    SUBSCRIPTION.c.status == literal_column("'Active'"),  # as in the condition of the index of these rows
    SUBSCRIPTION.c.end_date.is_not(None),
    SUBSCRIPTION.c.end_date < bindparam("today"),
    or_(SUBSCRIPTION.c.imported_on.is_(None), SUBSCRIPTION.c.end_date >= SUBSCRIPTION.c.imported_on),
)

_RESUMING = select(SUBSCRIPTION.c.id).where(
    SUBSCRIPTION.c.paused_from.is_not(None), SUBSCRIPTION.c.resumes_on <= bindparam("today")
)


def anything_due(work: UnitOfWork) -> bool:
    """Whether a subscription has passed its end date and is still Active, or the end of its pause and is paused."""
    with work.read() as session:
        return any(session.execute(wanted, {"today": work.today}).first() for wanted in (_DUE, _RESUMING))


def due(session: Session, today: date) -> list[int]:
    """The ids of the subscriptions that have passed their end date on that day and are still Active, in order."""
    return sorted(session.execute(_DUE, {"today": today}).scalars())


def resuming(session: Session, today: date) -> list[int]:
    """The ids of the subscriptions whose pause is over by that day, in order."""
    return sorted(session.execute(_RESUMING, {"today": today}).scalars())
