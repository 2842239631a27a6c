"""The states by which lists of subscriptions are filtered, as SQL."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from subtui.domain.subscriptions import DataIssue, Status
from subtui.storage.tables import Subscription
from subtui.storage.tables.sales import ENDING, NO_END_DATE, NO_REASON, PAUSED, STILL_CHARGING

ACTIVE = col(Subscription.status) == Status.ACTIVE.value
INACTIVE = col(Subscription.status) == Status.INACTIVE.value


def with_issue(today: date) -> dict[DataIssue, ColumnElement[bool]]:
    """The subscriptions that something is left wrong with, by what it is."""
    return {
        DataIssue.STILL_CHARGING: and_(STILL_CHARGING),
        DataIssue.NO_END_DATE: and_(NO_END_DATE),
        DataIssue.NO_REASON: and_(NO_REASON),
        DataIssue.PAST_END_DATE: and_(ENDING, col(Subscription.end_date) < today),
    }


def in_state(state: str, today: date) -> ColumnElement[bool]:
    """The subscriptions in a state: `active`, `paused`, `ending`, `inactive` or `loose`. Raises KeyError for others."""
    return {
        "active": ACTIVE,
        "paused": PAUSED,
        "ending": and_(ACTIVE, col(Subscription.end_date).is_not(None)),
        "inactive": INACTIVE,
        "loose": or_(*with_issue(today).values()),
    }[state]
