"""Tracks whether this process has committed data, on which the exit code of a command depends.

A command whose answer is lost after its commit has done its work, and must not be reported as refused.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENDS = ("SIGINT", "SIGHUP", "SIGTERM", "SIGQUIT")
_HELD_BACK = tuple(getattr(signal, name) for name in _ENDS if hasattr(signal, name))
_acts: list[bool] = []
_hearing: list[Callable[[], object]] = []


def note() -> None:
    """Note a commit, and call every listener."""
    _acts.append(True)
    for hear in _hearing:
        hear()


@contextmanager
def heard(hear: Callable[[], object]) -> Iterator[None]:
    """Call `hear` at every commit inside, before any signal is handled."""
    _hearing.append(hear)
    try:
        yield
    finally:
        _hearing.remove(hear)


def happened() -> bool:
    """Whether there was a commit in the innermost open `apart`."""
    return bool(_acts)


@contextmanager
def apart() -> Iterator[None]:
    """Count only the commits inside the block."""
    before = _acts.copy()
    _acts.clear()
    try:
        yield
    finally:
        _acts[:] = before


@contextmanager
def committing(*, noted: bool = True) -> Iterator[None]:
    """Hold back signals in the block, which commits, until the commit is noted."""
    mask = getattr(signal, "pthread_sigmask", None)
    before = mask(signal.SIG_BLOCK, _HELD_BACK) if mask else None
    try:
        yield
        if noted:
            note()
    finally:
        if mask:
            mask(signal.SIG_SETMASK, before)
