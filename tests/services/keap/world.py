"""A database, an account in Keap, and the calls between them: what every test of the connection works on."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from subtui.acts.keap import (
    AllowKeapWriting,
    ConnectKeap,
    DecideConflict,
    GetOutboxEntry,
    PullFromKeap,
    PushToKeap,
)
from subtui.acts.subscriptions import GetSubscription, SaveSubscription, UndoCancellation
from subtui.domain.cancellation import draft_of
from subtui.domain.outbox import OPEN_STATES
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import Status
from subtui.keap.wire import image_of
from subtui.keap_mock import Account, MockKeap
from subtui.services.backend import Backend
from subtui.views.customers import SubscriptionRecord
from subtui.views.keap import Choice, PullReport, PushReport
from tests.services.database import everything, rows
from tests.services.keap.direct import Directly, Hands, Kill, MovingClock

BASE = "http://127.0.0.1:9/crm"
"""Nothing is there: the calls do not leave this process."""


@dataclass
class World:
    """Both sides. `page` is the most rows of a page."""

    db: Path
    account: Account
    hands: Hands
    page: int | None = None
    kill: Kill = field(default_factory=Kill)
    backends: list[Backend] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mock = MockKeap(self.account, key="KeapAK-of-the-tests", ticks=self.hands.ticks)
        self.calls = Directly(self.mock, self.hands, self.kill, self.page)
        self.here = self.opened()

    def opened(self, role: Role = Role.OWNER) -> Backend:
        """One more program on the database."""
        backend = Backend.open(str(self.db), clock=MovingClock(self.hands.at, hands=self.hands))
        backend.sign_in_demo(role)
        # Each statement is a point at which the process may end; what it has not committed then is undone.
        engine = backend._work.engine
        event.listen(engine, "before_cursor_execute", lambda *_: self.kill.point())
        self.backends.append(backend)
        return backend

    def close(self) -> None:
        """Let go of everything. A call that must never be made, or one over the limits, fails the test."""
        for backend in self.backends:
            backend.close()
        self.mock.close()
        assert self.mock.crashes == []
        assert self.mock.forbidden_calls == []
        assert self.mock.over_limit == 0

    # --- what the program does ---------------------------------------------------------------------------------------

    def connect(self, *, writes: bool = True) -> None:
        """Bind the database to the account."""
        self.here.do(ConnectKeap(BASE, self.calls))
        if writes:
            self.here.do(AllowKeapWriting(True))

    def pull(self, backend: Backend | None = None, **how: Any) -> PullReport:
        """Read from Keap."""
        return (backend or self.here).do(PullFromKeap(self.calls, **how))

    def push(self, number: int | None = None, backend: Backend | None = None, **how: Any) -> PushReport:
        """Send to Keap."""
        return (backend or self.here).do(PushToKeap(self.calls, subscription_id=number, **how))

    def record(self, number: int) -> SubscriptionRecord:
        """A subscription here."""
        return self.here.read(GetSubscription(number))

    def save(self, number: int, **fields: Any) -> None:
        """Save the form of a subscription with some fields changed."""
        record = self.record(number)
        self.here.do(SaveSubscription(number, replace(draft_of(record.terms), **fields), version=record.version))

    def cancel(self, number: int, days: int = 20, **fields: Any) -> None:
        """Cancel a subscription with an end date in so many days."""
        ending = {"end_date": self.here.today + timedelta(days=days), "reason_code": "too_expensive"} | fields
        self.save(number, status=Status.INACTIVE, **ending)

    def undo(self, number: int) -> None:
        """Undo its cancellation."""
        self.here.do(UndoCancellation(number, version=self.record(number).version))

    def decide(self, outbox_id: int, choice: Choice) -> None:
        """Decide about a change."""
        version = self.here.read(GetOutboxEntry(outbox_id)).version
        self.here.do(DecideConflict(outbox_id, choice, version=version))

    def as_new_process(self, *, minutes: int = 3, at: int | None = None) -> None:
        """The next process, some minutes later, which ends at a point, or does not."""
        self.kill.arm(at)
        self.hands.move(60 * minutes)

    # --- what is there then ------------------------------------------------------------------------------------------

    def outbox(self, number: int | None = None) -> list[dict[str, Any]]:
        """The rows of the outbox, of one subscription or all."""
        found = rows(self.db, "SELECT * FROM keap_outbox ORDER BY id")
        return [
            row | {name: json.loads(row[name]) if isinstance(row[name], str) else row[name] for name in _JSON}
            for row in found
            if number in (None, row["subscription_id"])
        ]

    def open_rows(self, number: int | None = None) -> list[dict[str, Any]]:
        """Those of which it is not certain that Keap has them."""
        return [row for row in self.outbox(number) if row["state"] in OPEN_STATES]

    def states(self, number: int | None = None) -> list[str]:
        """The states of these rows."""
        return [row["state"] for row in self.outbox(number)]

    def there(self, number: int) -> dict[str, Any]:
        """A subscription in Keap, in the form that is compared."""
        found = self.account.row("subscriptions", number)
        assert found is not None
        return image_of(found)

    def stored(self, number: int) -> dict[str, Any]:
        """A subscription's row here."""
        (row,) = rows(self.db, "SELECT * FROM subscription WHERE id = ?", number)
        return row

    def active_ones(self) -> list[int]:
        """The subscriptions that are active on both sides, without an end."""
        found = rows(
            self.db, "SELECT id FROM subscription WHERE status = 'Active' AND end_date IS NULL AND paused_from IS NULL"
        )
        return sorted(row["id"] for row in found)


_JSON = ("wanted", "sent", "seen", "steps")
RECORD = (
    *("contact", "contact_tag", "tag", "product", "plan", "subscription", "order", "order_item", "payment"),
    *("credit_card", "tag_category"),
)
_OF_TIME = frozenset(
    (
        *("at", "hash", "previous_hash", "read_at", "recorded_at", "watermark", "whole_at", "began_at"),
        *("checked_at", "found_at"),
    )
)


def everything_but_times(path: Path) -> dict[str, list[Any]]:
    """Every row of every table but the sign-ins, without the times of reading, which no two readings share."""
    found = {}
    for table in everything(path):
        listed = rows(path, f'SELECT * FROM "{table}"')  # noqa: S608
        plain = [tuple((name, value) for name, value in row.items() if name not in _OF_TIME) for row in listed]
        found[table] = sorted(plain, key=str)
    return found


def unlike(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> dict[str, tuple[list[Any], list[Any]]]:
    """The tables that differ, with the rows that only one of the two has."""
    return {
        table: (
            [row for row in one[table] if row not in other[table]],
            [r for r in other[table] if r not in one[table]],
        )
        for table in one
        if one[table] != other[table]
    }
