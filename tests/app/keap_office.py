"""A demo office that works on top of a mock of Keap: connected, read, with changes in every state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from subtui.acts.data import Stop, never
from subtui.acts.keap import (
    AllowKeapWriting,
    ConnectKeap,
    GetKeapStatus,
    ListOutbox,
    OpenCalls,
    PullFromKeap,
    PushToKeap,
)
from subtui.acts.orders import GetOrder, RecordRefund
from subtui.acts.subscriptions import GetSubscription, SaveSubscription
from subtui.clock import Clock
from subtui.domain.cancellation import draft_of
from subtui.domain.outbox import SendState
from subtui.domain.subscriptions import Status
from subtui.keap_api.calls import Caller
from subtui.keap_api.credentials import Credential
from subtui.keap_api.limiter import Limiter
from subtui.keap_api.transport import Transport
from subtui.keap_mock import Account, Limits, MockKeap, Switches
from subtui.services.backend import Backend
from subtui.views.keap import KeapStatus, OutboxRow
from subtui.views.orders import RefundDraft

NOW = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
"""Half past nine of the demo's day."""
ADDRESS = "http://127.0.0.1:8080/crm"
"""The address in the database: always the same one, wherever the mock listens."""


class Office:
    """A mock of Keap, a database that is connected to it, and the line between the two."""

    def __init__(self, server: MockKeap, db: Path) -> None:
        self.server, self.db = server, db
        self.calls = calls_to(server)

    @contextmanager
    def backend(self, who: str = "owner") -> Iterator[Backend]:
        """A backend of its own, as another program would open it."""
        with Backend.open(str(self.db), clock=Clock(NOW)) as backend:
            backend.sign_in_demo(who)
            yield backend

    def connect(self, *, writing: bool = True) -> None:
        """Connect the database, and allow sending."""
        with self.backend() as backend:
            backend.do(ConnectKeap(ADDRESS, self.calls))
            if writing:
                backend.do(AllowKeapWriting(True))

    def pull(self) -> None:
        """Read from Keap beside the screens."""
        with self.backend() as backend:
            backend.do(PullFromKeap(self.calls))

    def push(self) -> None:
        """Send to Keap beside the screens."""
        with self.backend() as backend:
            backend.do(PushToKeap(self.calls))

    def status(self) -> KeapStatus:
        """The state of the connection."""
        with self.backend() as backend:
            return backend.read(GetKeapStatus())

    def changes(self) -> tuple[OutboxRow, ...]:
        """Every change, the newest first."""
        with self.backend() as backend:
            return backend.read(ListOutbox(tuple(SendState)))

    def subscription(self, keap_id: str) -> int:
        """Our id of a subscription of Keap's."""
        import sqlite3  # noqa: PLC0415

        with sqlite3.connect(self.db) as connection:
            return int(connection.execute("SELECT id FROM subscription WHERE keap_id = ?", [keap_id]).fetchone()[0])

    def there(self, keap_id: str) -> dict[str, Any]:
        """A subscription as Keap has it."""
        row = self.server.account.row("subscriptions", keap_id)
        assert row is not None
        return dict(row)

    def order(self, keap_id: str) -> int:
        """Our id of an order of Keap's."""
        import sqlite3  # noqa: PLC0415

        with sqlite3.connect(self.db) as connection:
            return int(connection.execute('SELECT id FROM "order" WHERE keap_id = ?', [keap_id]).fetchone()[0])

    def cancel(self, keap_id: str, *, in_days: int = 20) -> int:
        """Cancel a subscription here; the id of the change for Keap."""
        number = self.subscription(keap_id)
        with self.backend("agent") as backend:
            record = backend.read(GetSubscription(number))
            draft = replace(
                draft_of(record.terms),
                status=Status.INACTIVE,
                end_date=backend.today + timedelta(days=in_days),
                reason_code="too_expensive",
            )
            backend.do(SaveSubscription(number, draft, version=record.version))
        return self.changes()[0].id

    def refund(self, keap_id: str) -> int:
        """Refund an order here, which is to be done by hand in Keap; the id of the change."""
        number = self.order(keap_id)
        with self.backend("agent") as backend:
            record = backend.read(GetOrder(number))
            payment = next(row.id for row in record.rows if row.left)
            backend.do(
                RecordRefund(number, RefundDraft(payment, "a key", reason_code="duplicate"), version=record.version)
            )
        return self.changes()[0].id


def calls_to(server: MockKeap) -> OpenCalls:
    """The line to a mock, whatever address is asked for."""

    @contextmanager
    def open_calls(_address: str, stop: Stop = never) -> Iterator[Caller]:
        limiter = Limiter(per_second=1e9, per_minute=10**6)
        with Transport(server.base_url, Credential(server.key), limiter=limiter, clock=Clock(), stop=stop) as line:
            yield line

    return open_calls


@contextmanager
def office(db: Path, *, switches: Switches | None = None, connect: bool = True, read: bool = True) -> Iterator[Office]:
    """A small account in Keap and the demo's database on top of it."""
    account = Account.made(contacts=8, subscriptions=9, orders=14, seed=4, clock=lambda: NOW)
    with MockKeap(account, switches=switches, limits=Limits().times(100_000)) as server:
        made = Office(server, db)
        if connect:
            made.connect()
        if read:
            made.pull()
        yield made
