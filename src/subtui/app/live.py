"""Which changes of other users concern which screen, and how a screen says so."""

from collections.abc import Iterable
from datetime import UTC, datetime

from subtui.app.routes import Route
from subtui.domain.event_types import Subject, SubjectType
from subtui.views.live import ChangedRecord, seconds_ago

REFRESHING = frozenset({"dashboard", "subscriptions", "requests", "refunds", "users", "keap", "keap_outbox"})
"""The screens of lists: they follow a change by themselves, with their mark where it is."""

_RECORDS = {
    "contact_edit": SubjectType.CONTACT,
    "contact_merge": SubjectType.CONTACT,
    "subscription": SubjectType.SUBSCRIPTION,
    "pause": SubjectType.SUBSCRIPTION,
    "order": SubjectType.ORDER,
    "refund": SubjectType.ORDER,
    "money": SubjectType.ORDER,
    "request": SubjectType.REQUEST,
    "user": SubjectType.USER,
}
_ACCOUNT = {
    "billing": (SubjectType.ACCOUNT, SubjectType.REQUEST),
    "account": (SubjectType.ACCOUNT, SubjectType.REQUEST),
    "account_cancel": (SubjectType.ACCOUNT, SubjectType.REQUEST),
    "account_settings": (SubjectType.ACCOUNT,),
}


def concerns(route: Route, change: ChangedRecord) -> bool:
    """Whether a change is one of what the screen at `route` shows."""
    if route.screen.startswith("contact") and route.screen not in _RECORDS:
        return change.contact_id == route.id
    if route.screen in _RECORDS:
        return change.subject == Subject(_RECORDS[route.screen], route.id)
    return change.subject.type in _ACCOUNT.get(route.screen, ())


def newest_of(route: Route, changes: Iterable[ChangedRecord]) -> ChangedRecord | None:
    """The newest of the changes that concern a screen."""
    return next((change for change in reversed(tuple(changes)) if concerns(route, change)), None)


def sentence(change: ChangedRecord, *, noticed: datetime, unsaved: bool) -> str:
    """What the screen says: who changed what it shows, how long ago it was noticed, and what to do."""
    ago = seconds_ago((datetime.now(UTC) - noticed).total_seconds())
    next_step = "saving shows both versions" if unsaved else "ctrl+r reloads"
    return f"{change.actor} changed this {ago} · {next_step}"
