"""What has become in Keap of the changes of records and of entries of the log, for lists and forms.

Where the database is not connected, one small statement says so, and nothing else is asked.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from subtui.domain.outbox import OPEN_STATES, SendState
from subtui.storage.batches import batched
from subtui.storage.light_tables import KEAP_CONNECTION

_CONNECTED = select(KEAP_CONNECTION.c.id).where(KEAP_CONNECTION.c.connected)


def is_connected(session: Session) -> bool:
    """Whether the database is connected to Keap."""
    return session.execute(_CONNECTED).scalar() is not None


def of_subscriptions(session: Session, numbers: Iterable[int]) -> dict[int, SendState]:
    """What has become of the changes of subscriptions: the newest open one counts, else the newest."""
    return _states(session, "subscription_id", numbers)


def of_entries(session: Session, numbers: Iterable[int]) -> dict[int, SendState]:
    """What has become of the changes that entries of the log tell of."""
    return _states(session, "event_id", numbers)


def _states(session: Session, column: str, numbers: Iterable[int]) -> dict[int, SendState]:
    if not is_connected(session):
        return {}
    from subtui.storage.tables.core import KEAP_OUTBOX  # noqa: PLC0415  (few databases are connected)

    of: Any = KEAP_OUTBOX.c[column]
    found: dict[int, SendState] = {}
    for part in batched(numbers):
        rows = session.execute(select(of, KEAP_OUTBOX.c.state).where(of.in_(part)).order_by(KEAP_OUTBOX.c.id)).all()
        for number, stored in rows:
            state = SendState(stored)
            if state in OPEN_STATES or found.get(number) not in OPEN_STATES:
                found[number] = state
    return found
