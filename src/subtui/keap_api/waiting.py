"""Waits that the user can stop."""

from collections.abc import Callable

from subtui.keap_api.errors import CallStopped

STEP = 0.1
"""Seconds between two questions whether to stop."""


def wait(seconds: float, sleep: Callable[[float], None], stop: Callable[[], bool]) -> None:
    """Sleep for `seconds`, asking `stop` at least ten times a second. Raises CallStopped."""
    left = seconds
    while not stop():
        if left <= 0:
            return
        step = min(STEP, left)
        sleep(step)
        left -= step
    raise CallStopped
