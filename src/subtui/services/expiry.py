"""Finds subscriptions to expire. Runs at every start, so it loads no table class; usually it finds none."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from subtui.services.unit_of_work import UnitOfWork

# A subscription imported as active past its end date is left to the agent: Keap may still be charging it.
_DUE = """
SELECT id FROM subscription WHERE status = 'Active' AND end_date IS NOT NULL AND end_date < :today
    AND (imported_on IS NULL OR end_date >= imported_on)
"""


def anything_due(work: UnitOfWork) -> bool:
    """Whether a subscription has passed its end date and is still Active."""
    with work.read() as session:
        return session.execute(text(_DUE), {"today": work.today.isoformat()}).first() is not None


def due(session: Session, today: date) -> list[int]:
    """The ids of the subscriptions that have passed their end date on that day and are still Active, in order."""
    return sorted(session.execute(text(_DUE), {"today": today.isoformat()}).scalars())
