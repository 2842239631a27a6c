"""The calls of the program answered by the mock of Keap in this process: no sockets, and a clock that waits move.

All of the transport is the real one but for the line: limits, repetitions, errors. What a fault does to a line is done
here as a socket would show it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from subtui.clock import Clock
from subtui.domain.billing import local_day
from subtui.keap_api.credentials import Credential
from subtui.keap_api.exchanges import Received
from subtui.keap_api.failures import Cause, Failure
from subtui.keap_api.limiter import Limiter
from subtui.keap_api.transport import Transport
from subtui.keap_mock import MockKeap
from subtui.keap_mock.faults import Break
from subtui.keap_mock.requests import Request

STARTS_AT = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process has ended here: nothing that it would still have done is done."""


@dataclass
class Hands:
    """The hands of a clock, which move when a wait is over."""

    at: datetime = STARTS_AT

    def move(self, seconds: float) -> None:
        """Let so many seconds pass, and a little more: what is left of a wait may be less than a clock can show."""
        self.at += timedelta(seconds=seconds, milliseconds=1)

    def now(self) -> datetime:
        """The instant."""
        return self.at

    def ticks(self) -> float:
        """Seconds since 1970."""
        return self.at.timestamp()


@dataclass(frozen=True, slots=True)
class MovingClock(Clock):
    """A clock of the program with these hands."""

    hands: Hands | None = None

    def now(self, time_zone: str = "UTC") -> datetime:
        """The instant, in UTC."""
        del time_zone
        assert self.hands is not None
        return self.hands.at.replace(microsecond=0)

    def today(self, time_zone: str = "UTC") -> Any:
        """The account's local date."""
        return local_day(self.now(), time_zone)

    def ticking(self) -> datetime:
        """The instant, too."""
        return self.now()


class Kill:
    """Ends the process at one of the points at which it passes here: `at` counts down, and nothing passes after it."""

    def __init__(self) -> None:
        self.at: int | None = None
        self.passed = 0
        self.dead = False

    def point(self) -> None:
        """One point at which the process may end."""
        self.passed += 1
        if self.dead or (self.at is not None and self.passed >= self.at):
            self.dead = True
            raise Killed

    def arm(self, at: int | None) -> None:
        """A new process, which ends at this point; None: it does not."""
        self.at, self.passed, self.dead = at, 0, False


class DirectLine:
    """In the place of `connections.Line`: hands each call to the mock, and does to the answer what its fault says."""

    def __init__(self, mock: MockKeap, kill: Kill, page: int | None = None) -> None:
        self._mock, self._kill, self._page = mock, kill, page
        self.late: list[Callable[[], object]] = []

    def send(
        self, method: str, target: str, body: bytes | None, headers: Mapping[str, str], stop: Callable[[], bool]
    ) -> Received | Failure:
        """Send one call."""
        del stop
        self._kill.point()
        if self._page is not None:
            target = re.sub(
                r"page_size=(\d+)", lambda found: f"page_size={min(int(found[1]), self._page or 0)}", target
            )
        mock = self._mock
        named = (*((name.lower(), value) for name, value in headers.items()), ("authorization", f"Bearer {mock.key}"))
        request = Request.of(method, target, headers=named, body=body or b"", base=mock.host_url)
        call = mock.record.begin(request)
        fault = mock.faults.for_call(call.number, request)
        call.fault, call.raw = fault.name if fault is not None else "", body or b""
        if fault is None:
            reply = mock.handle(request, call, None)
            call.status = reply.status
            self._kill.point()
            return _received(reply)
        if fault.broken is Break.UNREAD:
            return Failure(Cause.CUT, "ConnectionResetError")
        if fault.wait_before > 0:
            self.late.append(lambda: mock.handle(request, call, None))
            return Failure(Cause.TIMEOUT, "ReadTimeoutError")
        if fault.before is not None:
            fault.before()
        reply = mock.handle(request, call, fault)
        if fault.after is not None:
            fault.after()
        call.status = reply.status
        self._kill.point()
        if fault.wait_after > 0:
            return Failure(Cause.TIMEOUT, "ReadTimeoutError")
        if fault.broken in (Break.UNANSWERED, Break.CUT):
            return Failure(Cause.CUT, "ConnectionResetError")
        return _received(reply, half=fault.broken is Break.TRUNCATED)

    def arrive(self) -> None:
        """Let what has been on its way for longer than its caller waited take effect."""
        for apply in self.late:
            apply()
        self.late.clear()

    def close(self) -> None:
        """Nothing is open."""


def _received(reply: Any, *, half: bool = False) -> Received:
    content = reply.body[: len(reply.body) // 2] if half else reply.body
    headers = {name.lower(): value for name, value in reply.headers}
    headers |= {"content-type": reply.content_type, "content-length": str(len(content))}
    return Received(reply.status, headers, content)


class _Direct(Transport):
    def __init__(self, line: DirectLine, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._line = line  # type: ignore[assignment]


@dataclass
class Directly:
    """Opens the line to a mock: an `OpenCalls`. `page`: no page is larger."""

    mock: MockKeap
    hands: Hands
    kill: Kill
    page: int | None = None
    gate: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        self.line = DirectLine(self.mock, self.kill, self.page)
        # One limiter for all that is opened: two programs one after another must not go over the limits either.
        self._limiter = Limiter(monotonic=self.hands.ticks)

    @contextmanager
    def __call__(self, base_url: str, stop: Callable[[], bool]) -> Iterator[Transport]:
        """Open it."""
        yield _Direct(
            self.line,
            base_url,
            Credential(self.mock.key),
            limiter=self._limiter,
            clock=MovingClock(hands=self.hands),
            sleep=self.hands.move,
            stop=stop,
            random=Random(1).random,  # noqa: S311
        )
