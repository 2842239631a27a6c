"""A server, and a transport to it whose waits take no time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from subtui.clock import Clock
from subtui.keap_api.calls import Answer
from subtui.keap_api.credentials import Credential
from subtui.keap_api.exchanges import Timeouts
from subtui.keap_api.limiter import Limiter
from subtui.keap_api.transport import Transport

from .server import Server, serving

KEY = "KeapAK-0123456789abcdef%/+x"
NOW = datetime(2026, 11, 30, 12, 0, 15, tzinfo=UTC)

PATIENT = Timeouts(connect=10.0, read=10.0)
BRIEF = Timeouts(connect=10.0, read=0.3)
"""For a server that does not answer; an answer that comes is never so slow."""

MakeTransport = Callable[..., Transport]


class Sleeps(list[float]):
    """The pauses that were asked for; none is made."""

    @property
    def total(self) -> float:
        return sum(self)

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def transport_to(sleeps: Sleeps) -> Iterator[MakeTransport]:
    """Makes transports, with fast limits; they are closed at the end."""
    made: list[Transport] = []

    def make(url: str, **options: object) -> Transport:
        given: dict[str, object] = {
            "credential": Credential(KEY),
            "limiter": Limiter(per_second=1e9, per_minute=100_000),
            "clock": Clock(NOW),
            "sleep": sleeps,
            "random": lambda: 1.0,
            "timeouts": PATIENT,
        }
        made.append(Transport(url, **{**given, **options}))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for transport in made:
        transport.close()


HTML = b"<!DOCTYPE html><html><head><title>Error</title></head></html>"
LIST = "/rest/v2/subscriptions"
ONE = "/rest/v2/subscriptions/9"


@pytest.fixture
def transport(server: Server, transport_to: MakeTransport) -> Transport:
    return transport_to(server.url)


def change(transport: Transport) -> Answer:
    """Change a subscription."""
    return transport.patch(ONE, [("update_mask", "active")], {"active": False})


class Passing:
    """A monotonic time that passes by sleeping only."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def monotonic(self) -> float:
        return self.seconds

    def limiter(self) -> Limiter:
        return Limiter(per_second=1e9, per_minute=100_000, monotonic=self.monotonic)
