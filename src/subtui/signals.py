"""Handles signals that end the process like ctrl+c, so that it cleans up first."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from types import FrameType

_ENDS = ("SIGHUP", "SIGTERM", "SIGQUIT")
_ways: list[Callable[[], object]] = []
_last_acts: list[Callable[[], object]] = []
_came: list[int] = []


class Ended(KeyboardInterrupt):
    """A signal of the system, named by its `number`, ends the process."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def exit_code(end: KeyboardInterrupt | None = None) -> int:
    """The exit code of a process ended by `end`, else by the last signal: 128 plus its number."""
    came = _came[-1] if _came else signal.SIGINT
    return 128 + int(getattr(end, "number", signal.SIGINT) if end is not None else came)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let the signals of a closed window or a shutdown interrupt the work in order.

    A signal that the parent process set to be ignored, as `nohup` does, stays ignored.
    """
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield
        return
    ends = [number for name in _ENDS if signal.getsignal(number := getattr(signal, name)) is signal.SIG_DFL]
    for number in ends:
        signal.signal(number, _break_off)
    try:
        yield
    finally:
        for number in ends:
            signal.signal(number, signal.SIG_DFL)
        if ends:
            _came.clear()


@contextmanager
def ended_by(end: Callable[[], object]) -> Iterator[None]:
    """Let a signal call `end` in the running event loop, so that its tasks clean up in order."""
    import asyncio  # noqa: PLC0415  (most commands have no loop)

    # In the current context: a signal may come while an embedded app is running.
    loop, here = asyncio.get_running_loop(), copy_context()
    _ways.append(lambda: loop.call_soon_threadsafe(end, context=here))
    try:
        yield
    finally:
        _ways.pop()


@contextmanager
def at_the_last(act: Callable[[], object]) -> Iterator[None]:
    """Let a second signal call `act` before it ends a process that the first one has not ended."""
    _last_acts.append(act)
    try:
        yield
    finally:
        _last_acts.pop()


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Yield whether ctrl+c was pressed inside, for work that ends in order by itself; a second one interrupts it."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            signal.default_int_handler(number, frame)
        asked.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _break_off(number: int, _frame: FrameType | None) -> None:
    again = bool(_came)
    _came.append(number)
    if again and _last_acts:
        for name in _ENDS:
            # A third one inside would find the last act begun, and end the process before it is done.
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        for act in reversed(_last_acts):
            act()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
    if not _ways:
        raise Ended(number)
    _ways[-1]()
