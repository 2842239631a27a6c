"""What the day has to roll. Asked at every start, before any class of a table, and nearly always answered with no."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from subtui.services.unit_of_work import UnitOfWork

# What Keap left active past its end date is for a person to look at: it may still be charged there.
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
