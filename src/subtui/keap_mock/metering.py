"""Counting calls against the limits, and the headers that tell how many are left."""

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum

from subtui.keap_mock.errors import Reply, error_reply
from subtui.keap_mock.switches import Limits, Switches

_DAY = 86_400
_MINUTE = 60
Headers = tuple[tuple[str, str], ...]


class Over(StrEnum):
    """Which limit a call went over."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"


_WORDS = {
    Over.SECOND: "Spike arrest violation",
    Over.MINUTE: "Throttle limit exceeded",
    Over.DAY: "Quota Exceeded",
}


class Meter:
    """Counts calls per second (sliding), minute and day (both from their beginning, in UTC).

    `ticks` answers seconds since 1970. A refused call is not counted as used.
    """

    def __init__(self, limits: Limits, ticks: Callable[[], float]) -> None:
        self.limits = limits
        self.ticks = ticks
        self.over_limit = 0
        """How many calls went over a limit."""
        self._lock = threading.Lock()
        self._last_second: deque[float] = deque()
        self._minute = (0, 0)
        self._day = (0, 0)

    @property
    def used(self) -> tuple[int, int]:
        """Calls of this minute and of this day."""
        with self._lock:
            return self._used(self.ticks())

    def count(self) -> Over | None:
        """Count one call; the limit that it went over, if one."""
        with self._lock:
            now = self.ticks()
            minute, day = self._used(now)
            while self._last_second and self._last_second[0] <= now - 1:
                self._last_second.popleft()
            over = None
            if day >= self.limits.day:
                over = Over.DAY
            elif minute >= self.limits.minute:
                over = Over.MINUTE
            elif len(self._last_second) >= self.limits.second:
                over = Over.SECOND
            if over is not None:
                self.over_limit += 1
                return over
            self._last_second.append(now)
            self._minute = (int(now // _MINUTE), minute + 1)
            self._day = (int(now // _DAY), day + 1)
            return None

    def use(self, *, minute: int = 0, day: int = 0) -> None:
        """Count calls that another program has made with the same key."""
        with self._lock:
            now = self.ticks()
            before = self._used(now)
            self._minute = (int(now // _MINUTE), before[0] + minute)
            self._day = (int(now // _DAY), before[1] + day)

    def seconds_left(self, over: Over) -> int:
        """Seconds until the limit allows calls again, at least 1."""
        now = self.ticks()
        length = {Over.SECOND: 1, Over.MINUTE: _MINUTE, Over.DAY: _DAY}[over]
        return 1 if over is Over.SECOND else max(1, int(length - now % length) + 1)

    def headers(self, tenant: str, style: str) -> Headers:
        """The header families: "full" with values, "blank" as on an answer without a key, "absent" none at all."""
        if style == "absent":
            return ()
        minute, day = self.used
        limits = self.limits
        ends = (int(self.ticks() // _DAY) + 1) * _DAY * 1000
        values = {
            **_family("product-quota", str(limits.day), "day", limits.day - day, str(day)),
            "product-quota-expiry-time": str(ends),
            **_family("product-throttle", str(limits.minute), "minute", limits.minute - minute, str(minute)),
            "product-spike-limit": str(limits.second),
            "tenant-id": tenant,
            "tenant-throttle-limit": f"{limits.account_minute}|{limits.account_day}",
            "tenant-throttle-time-unit": "minute|day",
            "tenant-throttle-interval": "1|1",
            "tenant-throttle-available": f"{limits.account_minute - minute}|{limits.account_day - day}",
            "tenant-throttle-used": f"{minute}|{day}",
        }
        if style == "blank":
            values = {name: "|" if name.startswith("tenant-throttle") else "" for name in values}
        return tuple((f"x-keap-{name}", value) for name, value in values.items())

    def refusal(self, over: Over, switches: Switches) -> Reply:
        """The answer to a call that went over a limit."""
        reply = error_reply(429, _WORDS[over], switches.limit_shape)
        seconds = self.seconds_left(over)
        headers: Headers = ()
        if switches.retry_after == "seconds":
            headers = (("Retry-After", str(seconds)),)
        elif switches.retry_after == "date":
            # One second later, because the date has no fraction.
            moment = datetime.fromtimestamp(int(self.ticks()) + seconds + 1, UTC)
            headers = (("Retry-After", format_datetime(moment, usegmt=True)),)
        return Reply(reply.status, reply.body, reply.content_type, headers)

    def _used(self, now: float) -> tuple[int, int]:
        minute = self._minute[1] if self._minute[0] == int(now // _MINUTE) else 0
        day = self._day[1] if self._day[0] == int(now // _DAY) else 0
        return minute, day


def _family(name: str, limit: str, unit: str, available: int, used: str) -> dict[str, str]:
    return {
        f"{name}-limit": limit,
        f"{name}-time-unit": unit,
        f"{name}-interval": "1",
        f"{name}-available": str(max(0, available)),
        f"{name}-used": used,
    }
