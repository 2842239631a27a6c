"""How a process is ended from outside: as by ctrl+c, so that what it leaves lying about is taken away first."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from types import FrameType

_ENDS = ("SIGHUP", "SIGTERM")
_ways: list[Callable[[], object]] = []


@contextmanager
def ended_in_order() -> Iterator[None]:
    """What the system sends when a window is closed or a machine is shut down breaks the work off, and no more.

    A signal that whoever started the program has it ignore, as `nohup` does, stays ignored.
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


@contextmanager
def ended_by(end: Callable[[], object]) -> Iterator[None]:
    """Within a loop: to end its work is to call this, in the loop, so that all in it is taken down in order."""
    # In the context of here: a signal may come while another program, shown by this one, has its turn.
    loop, here = asyncio.get_running_loop(), copy_context()
    _ways.append(lambda: loop.call_soon_threadsafe(end, context=here))
    try:
        yield
    finally:
        _ways.pop()


def _break_off(_number: int, _frame: FrameType | None) -> None:
    if not _ways:
        raise KeyboardInterrupt
    _ways[-1]()
