"""One valid act of each kind that concerns Keap, against a mock that ends with the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from subtui.acts.act import Act
from subtui.acts.keap import (
    AllowKeapWriting,
    CheckKeap,
    ConnectKeap,
    DecideConflict,
    DisconnectKeap,
    GetOutboxEntry,
    ListOutbox,
    PullFromKeap,
    PushToKeap,
    StopPlans,
    TickOff,
)
from subtui.flows.keap import MockLine
from subtui.keap_mock import MockKeap
from subtui.services.backend import Backend
from subtui.views.keap import Choice

from .asking import TODAY, desk_on
from .database import run
from .keap_account import SUBSCRIPTION_THERE, connect, mock_of
from .ordering import ADMIN, AGENT, OWNER, SUBSCRIPTION, refund
from .valid_acts import save_subscription

_SERVERS: list[MockKeap] = []


def end_servers() -> None:
    """End the mocks that were made."""
    while _SERVERS:
        _SERVERS.pop().close()


def keap_of(path: Path) -> MockKeap:
    """A Keap with the demo's business, which ends with the test."""
    server = mock_of(path, TODAY).__enter__()
    _SERVERS.append(server)
    return server


def connected(path: Path) -> MockKeap:
    server = keap_of(path)
    with desk_on(path, TODAY, OWNER) as owner:
        connect(owner, server)
    return server


def connect_keap(path: Path, _backend: Backend) -> Act[Any]:
    server = keap_of(path)
    return ConnectKeap(server.base_url, MockLine(server))


def disconnect_keap(path: Path, _backend: Backend) -> Act[Any]:
    connected(path)
    return DisconnectKeap()


def forbid_writing(path: Path, _backend: Backend) -> Act[Any]:
    connected(path)
    return AllowKeapWriting(False)


def check_keap(path: Path, _backend: Backend) -> Act[Any]:
    return CheckKeap(MockLine(connected(path)))


def pull(path: Path, _backend: Backend) -> Act[Any]:
    server = connected(path)
    server.account.patch_subscription(SUBSCRIPTION_THERE, quantity=3)
    return PullFromKeap(MockLine(server))


def push(path: Path, backend: Backend) -> Act[Any]:
    server = connected(path)
    backend.do(save_subscription(path, backend))
    return PushToKeap(MockLine(server))


def decide_conflict(path: Path, backend: Backend) -> Act[Any]:
    server = connected(path)
    calls = MockLine(server)
    backend.do(PullFromKeap(calls))
    backend.do(save_subscription(path, backend))
    server.account.patch_subscription(SUBSCRIPTION_THERE, quantity=3)
    backend.do(PullFromKeap(calls))
    row = backend.read(ListOutbox())[0]
    return DecideConflict(row.id, Choice.OURS, version=backend.read(GetOutboxEntry(row.id)).version)


def tick_off(path: Path, backend: Backend) -> Act[Any]:
    connected(path)
    refund(backend)
    row = backend.read(ListOutbox())[0]
    return TickOff(row.id, version=backend.read(GetOutboxEntry(row.id)).version)


def stop_plans(path: Path, _backend: Backend) -> Act[Any]:
    connected(path)
    run(
        path,
        "UPDATE 'order' SET subscription_id = 1042 WHERE id = 1881",
        "INSERT INTO keap_object (kind, keap_id, body, read_at) SELECT 'charging_plan', keap_id, '{\"due\": []}',"
        " '2026-03-02 09:00:00' FROM 'order' WHERE id = 1881",
    )
    return StopPlans(SUBSCRIPTION)


VALID_KEAP: dict[type, tuple[str, Callable[[Path, Backend], Act[Any]]]] = {
    ConnectKeap: (OWNER, connect_keap),
    DisconnectKeap: (OWNER, disconnect_keap),
    AllowKeapWriting: (OWNER, forbid_writing),
    CheckKeap: (ADMIN, check_keap),
    PullFromKeap: (AGENT, pull),
    PushToKeap: (AGENT, push),
    DecideConflict: (AGENT, decide_conflict),
    TickOff: (AGENT, tick_off),
    StopPlans: (AGENT, stop_plans),
}
