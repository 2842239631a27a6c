"""The demo's business in the mock of Keap: what the tests of the connection read from and send to."""

from datetime import date
from pathlib import Path

from subtui.acts.keap import AllowKeapWriting, ConnectKeap
from subtui.clock import Clock
from subtui.flows.keap import MockLine
from subtui.keap_mock import Limits, MockKeap
from subtui.services.backend import Backend
from subtui.services.keap.demo_account import account_of

from .database import run

SUBSCRIPTION_THERE = "1042"
"""Keap's id of the demo's subscription 1042."""


def mock_of(path: Path, today: date) -> MockKeap:
    """A mock that serves the business of a database, whose rows get ids of Keap's; its orders too, which it has not."""
    run(path, "UPDATE 'order' SET keap_id = id")
    return MockKeap(account_of(str(path), Clock(today).now), limits=Limits().times(10_000))


def connect(backend: Backend, server: MockKeap, *, writing: bool = True) -> MockLine:
    """Connect the database of an owner's backend; returns what opens the line."""
    line = MockLine(server)
    backend.do(ConnectKeap(server.base_url, line))
    if writing:
        backend.do(AllowKeapWriting(True))
    return line
