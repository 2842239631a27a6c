"""Whether this process has written what it was asked to: how a command ends depends on it.

A command whose answer is lost after its commit has still done its work, and must not be taken for one that was refused.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENDS = ("SIGINT", "SIGHUP", "SIGTERM", "SIGQUIT")
_HELD_BACK = tuple(getattr(signal, name) for name in _ENDS if hasattr(signal, name))
_acts: list[bool] = []
_hearing: list[Callable[[], object]] = []


def note() -> None:
    """Note that something was written for good, and call every listener."""
    _acts.append(True)
    for hear in _hearing:
        hear()


@contextmanager
def heard(hear: Callable[[], object]) -> Iterator[None]:
    """Inside, `hear` is called when something was written, before any signal is let through."""
    _hearing.append(hear)
    try:
        yield
    finally:
        _hearing.remove(hear)


def happened() -> bool:
    """Whether anything was written, in the innermost `apart` that is open."""
    return bool(_acts)


@contextmanager
def apart() -> Iterator[None]:
    """Inside, only what is written inside counts."""
    before = _acts.copy()
    _acts.clear()
    try:
        yield
    finally:
        _acts[:] = before


@contextmanager
def committing(*, noted: bool = True) -> Iterator[None]:
    """Commit inside; that it was done is noted before any signal can come between."""
    mask = getattr(signal, "pthread_sigmask", None)
    before = mask(signal.SIG_BLOCK, _HELD_BACK) if mask else None
    try:
        yield
        if noted:
            note()
    finally:
        if mask:
            mask(signal.SIG_SETMASK, before)
