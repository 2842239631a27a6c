"""The demo's business in the mock of Keap: what the tests of the connection read from and send to."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

from subtui.acts.keap import AllowKeapWriting, ConnectKeap, OpenCalls
from subtui.clock import Clock
from subtui.keap_api.calls import Caller
from subtui.keap_api.credentials import Credential
from subtui.keap_api.limiter import Limiter
from subtui.keap_api.transport import Transport
from subtui.keap_mock import Account, Limits, MockKeap
from subtui.services.backend import Backend

from .database import rows, run

SUBSCRIPTION_THERE = "701042"
"""Keap's id of the demo's subscription 1042."""


def known_to_keap(path: Path) -> None:
    """Give the demo's rows ids of Keap's."""
    run(
        path,
        "UPDATE subscription SET keap_id = 700000 + id",
        "UPDATE contact SET keap_id = 800000 + id",
        "UPDATE 'order' SET keap_id = 900000 + id",
    )


def account_of(path: Path, today: date) -> Account:
    """An account in Keap that has the active subscriptions and the contacts of the database."""
    contacts = rows(path, "SELECT keap_id, first_name, last_name, email FROM contact")
    subscriptions = rows(
        path,
        "SELECT s.keap_id, c.keap_id AS contact, s.status, s.auto_charge, s.quantity, s.price_minor, s.cycle,"
        " s.frequency, s.start_date, s.next_bill_date, s.end_date, s.paid_through, s.plan_id"
        " FROM subscription s JOIN contact c ON c.id = s.contact_id",
    )
    return Account.from_rows(
        {
            "contacts": [
                {
                    "id": str(row["keap_id"]),
                    "given_name": row["first_name"],
                    "family_name": row["last_name"],
                    "email_addresses": [{"email": row["email"], "field": "EMAIL1"}] if row["email"] else [],
                }
                for row in contacts
            ],
            "subscriptions": [
                {
                    "id": str(row["keap_id"]),
                    "contact_id": str(row["contact"]),
                    "active": row["status"] == "Active",
                    "auto_charge": bool(row["auto_charge"]),
                    "quantity": row["quantity"],
                    "billing_amount": row["price_minor"] / 100,
                    "billing_cycle": row["cycle"].upper(),
                    "billing_frequency": row["frequency"],
                    "start_date": row["start_date"],
                    "next_bill_date": row["next_bill_date"],
                    "end_date": row["end_date"],
                    "max_charge_attempts": 3,
                }
                for row in subscriptions
            ],
        },
        clock=Clock(today).now,
    )


def caller_of(server: MockKeap) -> OpenCalls:
    """What opens the line to a mock, without its waits."""

    @contextmanager
    def open_calls(base_url: str, stop: Callable[[], bool]) -> Iterator[Caller]:
        limiter = Limiter(per_second=1e9, per_minute=1_000_000)
        with Transport(base_url, Credential(server.key), limiter=limiter, clock=Clock(), stop=stop) as transport:
            yield transport

    return open_calls


def mock_of(path: Path, today: date) -> AbstractContextManager[MockKeap]:
    """A mock that serves the business of a database, whose rows get ids of Keap's."""
    known_to_keap(path)
    return MockKeap(account_of(path, today), limits=Limits().times(10_000))


def connect(backend: Backend, server: MockKeap, *, writing: bool = True) -> OpenCalls:
    """Connect the database of an owner's backend; returns what opens the line."""
    calls = caller_of(server)
    backend.do(ConnectKeap(server.base_url, calls))
    if writing:
        backend.do(AllowKeapWriting(True))
    return calls
