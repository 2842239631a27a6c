"""Keeps this program's calls well below Keap's limits, which are shared with all other programs of the account."""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from subtui.keap_api.errors import LimitReached
from subtui.keap_api.quota import Quota
from subtui.keap_api.retries import day_used_up, to_next_minute


class Limiter:
    """Says how long the next call has to wait. For one thread at a time.

    Calls are spread evenly over a second, since Keap counts in slices of it, and counted over any 60 s, so that no
    minute of Keap's can hold more. What Keap says is left lowers both. With `insist` the last 5 % of the day's calls
    are used too, which otherwise are left to the other programs of the account.
    """

    def __init__(
        self,
        *,
        per_second: float = 4.0,
        per_minute: int = 200,
        insist: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.monotonic = monotonic
        self._gap = 1.0 / per_second
        self._insist = insist
        self._calls: deque[float] = deque(maxlen=per_minute)
        self._held_until = float("-inf")
        self._quota = Quota()
        self._quota_at: datetime | None = None

    def turn(self, now: datetime) -> float:
        """Seconds until the next call may be made; 0: it is to be made now, and is counted. `now` is in UTC.

        Raises LimitReached where the day's calls are used up, or nearly.
        """
        self._refuse_at_the_end_of_the_day(now)
        at = self.monotonic()
        wait = self._held_until - at
        if self._calls:
            wait = max(wait, self._calls[-1] + self._gap - at)
            if len(self._calls) == self._calls.maxlen:
                wait = max(wait, self._calls[0] + 60.0 - at)
        if wait > 0:
            return wait
        self._calls.append(at)
        return 0.0

    def learn(self, quota: Quota, now: datetime) -> None:
        """Take in what the headers of an answer say. `now` is in UTC."""
        if quota.day_left is not None or quota.account_day_left is not None:
            self._quota, self._quota_at = quota, now
        if quota.per_second is not None:
            self._gap = max(self._gap, 1.0 / quota.per_second)
        left = quota.least_left_in_minute
        if left is None:
            return
        to_go = to_next_minute(now)
        # Other programs of the account use the same minute: what is left is spread over the rest of it.
        if left <= 0:
            self._held_until = max(self._held_until, self.monotonic() + to_go)
        elif left < to_go / self._gap:
            self._held_until = max(self._held_until, self.monotonic() + min(to_go / left, to_go))

    def _refuse_at_the_end_of_the_day(self, now: datetime) -> None:
        if self._quota_at is None:
            return
        end = day_used_up(self._quota.day_ends, self._quota_at)
        if end.until is not None and now >= end.until:
            self._quota, self._quota_at = Quota(), None
            return
        if self._quota.day_is_used_up:
            raise end
        if self._quota.day_is_nearly_used_up() and not self._insist:
            until = f"{end.until:%Y-%m-%d %H:%M} UTC" if end.until is not None else "tomorrow"
            raise LimitReached(
                f"Less than 5 % of the calls that Keap allows in a day are left until {until}; they are left to the "
                "other programs of the account. Nothing was done.",
                until=end.until,
            )
