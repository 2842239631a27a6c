"""When a call is repeated, and after how long. Pure rules: the numbers in, a wait out.

What reads may be repeated at will. A change is repeated only if Keap cannot have heard of it: there is no mark by which
Keap would know the second sending of one change.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from subtui.keap_api.errors import LimitReached
from subtui.keap_api.failures import NOTHING_SENT, Cause, Failure
from subtui.keap_api.quota import next_day

MOST_TRIES = 5
LONGEST_PAUSE = 60.0
"""Seconds, of one pause."""

LONGEST_THROTTLE = 600.0
"""Seconds that the 429s of one call are waited for in all."""

_AGAIN = frozenset({Cause.NO_CONNECTION, Cause.TIMEOUT, Cause.CUT, Cause.UNREADABLE})
_FINAL_FAULTS = frozenset({501, 505})


def pause_after(method: str, failure: Failure, attempt: int, random: Callable[[], float]) -> float | None:
    """Seconds until the next try after try `attempt` (from 1) failed, or None: give up. Not for 429.

    `random` gives 0 to 1. The pause is anything up to 1, 2, 4, 8 s, so that programs cut off together do not come
    back together.
    """
    if attempt >= MOST_TRIES or not _may_repeat(method, failure):
        return None
    return random() * min(LONGEST_PAUSE, 2.0 ** (attempt - 1))


def _may_repeat(method: str, failure: Failure) -> bool:
    if method != "GET":
        return failure.cause in NOTHING_SENT and failure.cause in _AGAIN
    if failure.cause is Cause.STATUS:
        status = failure.status
        return status == 408 or (status >= 500 and status not in _FINAL_FAULTS)
    return failure.cause in _AGAIN


@dataclass(frozen=True, slots=True)
class Throttled:
    """The 429s of one call so far: how many, and the seconds waited for them."""

    count: int = 0
    waited: float = 0.0

    def and_waited(self, seconds: float) -> "Throttled":
        """With one more 429, after which `seconds` were waited."""
        return Throttled(self.count + 1, self.waited + seconds)


def pause_after_429(failure: Failure, before: Throttled, now: datetime, random: Callable[[], float]) -> float:
    """Seconds until a call that Keap throttled may be repeated; nothing of it was done.

    By the header Retry-After, else by the calls left in this minute, else growing. `now` is in UTC.
    Raises LimitReached if the day's calls are used up, or the waits would be too long in all.
    """
    quota = failure.quota
    if failure.retry_after is None and quota.day_is_used_up:
        raise day_used_up(quota.day_ends, now)
    if failure.retry_after is not None:
        seconds = max(1.0, failure.retry_after)
    elif quota.minute_is_used_up:
        seconds = to_next_minute(now)
    else:
        seconds = min(LONGEST_PAUSE, 2.0**before.count) * (0.5 + random() / 2)
    if before.waited + seconds > LONGEST_THROTTLE:
        until = now + timedelta(seconds=math.ceil(seconds)) if failure.retry_after is not None else None
        raise LimitReached(
            f"Keap takes no more calls at present{_until(until)}. Nothing was done. Try again later.", until=until
        )
    return seconds


def day_used_up(ends: datetime | None, now: datetime) -> LimitReached:
    """The error for a day without calls left. Keap counts days by UTC."""
    until = ends if ends is not None and now < ends <= now + timedelta(days=2) else next_day(now)
    return LimitReached(
        f"The calls that Keap allows this key in a day are used up{_until(until)}. Nothing was done.", until=until
    )


def to_next_minute(now: datetime) -> float:
    """Seconds to the next full minute, and one more for two clocks that differ."""
    return 61.0 - now.second


def retry_after(text: str, now: datetime) -> float | None:
    """The header Retry-After, seconds or a date, in seconds from `now` (UTC). None if it is absent or unreadable."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        at = parsedate_to_datetime(text)
        return max(0.0, ((at.replace(tzinfo=UTC) if at.tzinfo is None else at) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _until(until: datetime | None) -> str:
    return f" until {until:%Y-%m-%d %H:%M} UTC" if until is not None else ""
