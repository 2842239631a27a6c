"""A Keap for the flows: a mock that holds the business of the temporary data, and what happens there meanwhile."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from subtui.acts.keap import AllowKeapWriting, ConnectKeap, PullFromKeap
from subtui.clock import Clock
from subtui.domain.permissions import Role
from subtui.keap_api.calls import Caller
from subtui.keap_api.credentials import Credential
from subtui.keap_api.limiter import Limiter
from subtui.keap_mock import Limits, MockKeap
from subtui.services.backend import Backend
from subtui.services.keap.demo_account import account_of
from subtui.services.keap.line import require_library

_UNLIMITED = 1_000_000

ADDRESS = "http://localhost/crm"
"""The address under which a mock is shown and logged: its port differs with each start, and pictures must not."""


class MockLine:
    """Opens the line to a mock, as `acts.keap.OpenCalls`, without the waits that the real Keap needs."""

    def __init__(self, server: MockKeap) -> None:
        self.server = server

    @contextmanager
    def __call__(self, base_url: str, stop: Callable[[], bool]) -> Iterator[Caller]:
        """The line to the mock, whatever the address is."""
        require_library()
        from subtui.keap_api.transport import Transport  # noqa: PLC0415  (an extra; loaded with the first call)

        limiter = Limiter(per_second=_UNLIMITED, per_minute=_UNLIMITED)
        here = self.server.base_url
        with Transport(here, Credential(self.server.key), limiter=limiter, clock=Clock(), stop=stop) as transport:
            yield transport

    def change(self, change: Mapping[str, Any]) -> None:
        """Change a subscription there, as another user does: its id is `subscription`, the rest are its fields."""
        fields = dict(change)
        self.server.account.patch_subscription(fields.pop("subscription"), **fields)


class Keaps:
    """The mocks of some databases. They end together."""

    def __init__(self) -> None:
        self._served: list[MockKeap] = []

    def serve(self, database: Path, day: date | None) -> MockLine:
        """Serve the business of a database, connect it, and read it once; returns what opens the line.

        `day` None is that of the data.
        Raises NotAllowed for data without a day, whose owner cannot be signed in.
        """
        with Backend.open(str(database), clock=Clock(day)) as backend:
            today = Clock(backend.today)
            server = MockKeap(account_of(str(database), today.now), limits=Limits().times(_UNLIMITED)).__enter__()
            self._served.append(server)
            line = MockLine(server)
            backend.sign_in_demo(Role.OWNER.value)
            backend.do(ConnectKeap(ADDRESS, line))
            backend.do(AllowKeapWriting(True))
            backend.do(PullFromKeap(line))
        return line

    def close(self) -> None:
        """End all of them."""
        while self._served:
            self._served.pop().close()
