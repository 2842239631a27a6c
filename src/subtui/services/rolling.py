"""Whether the day has anything to roll. Asked at every start, and nearly always answered with no."""

from sqlalchemy import text

from subtui.services.work import UnitOfWork

_DUE = """
SELECT 1 FROM subscription WHERE status = 'Active' AND end_date IS NOT NULL AND end_date < :today
    AND (imported_on IS NULL OR end_date >= imported_on) LIMIT 1
"""


def anything_due(work: UnitOfWork) -> bool:
    """Whether a subscription has passed its end date and is still Active."""
    with work.reading() as session:
        return session.execute(text(_DUE), {"today": work.today.isoformat()}).first() is not None
