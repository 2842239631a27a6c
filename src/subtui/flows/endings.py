"""How a process is ended from outside: as by ctrl+c, so that what it leaves lying about is taken away first."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

_ENDS = ("SIGHUP", "SIGTERM")
_running: "list[asyncio.Task[object]]" = []


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
def as_a_task(task: "asyncio.Task[object]") -> Iterator[None]:
    """While this task is the work of the process, it is cancelled, so that all in its loop is taken down in order."""
    _running.append(task)
    try:
        yield
    finally:
        _running.remove(task)


def _break_off(_number: int, _frame: FrameType | None) -> None:
    if not _running:
        raise KeyboardInterrupt
    task = _running[-1]
    task.get_loop().call_soon_threadsafe(task.cancel)
