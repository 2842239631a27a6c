"""Runs driven and shown programs, and cleans up when a signal ends them.

A closed window or a shutdown sends a signal that would end the process at once: the temporary data would stay, and a
flow recorded by hand would be lost.
"""

import asyncio
import os
import signal
import warnings
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar, cast

from subtui.app.terminal_app import TerminalApp
from subtui.flows.streams import kept_streams
from subtui.signals import at_the_last, ended_by

T = TypeVar("T")


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end; returns its result. Raises KeyboardInterrupt when it is interrupted."""
    try:
        return asyncio.run(_or_broken_off(work))
    except (KeyboardInterrupt, asyncio.CancelledError):
        # Textual may leave a coroutine that was never awaited; the process ends, so the warning is of no use.
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        raise KeyboardInterrupt from None


async def _or_broken_off(work: Coroutine[Any, Any, T]) -> T:
    task = cast("asyncio.Task[object]", asyncio.current_task())
    try:
        with ended_by(task.cancel):
            return await work
    except Exception:
        # An interrupted program may fail on widgets that are already removed: that is no error.
        if task.cancelling():
            raise asyncio.CancelledError from None
        raise


def run_here(app: TerminalApp) -> int | None:
    """Run the app until the user leaves or a signal ends it. Returns its exit value."""
    with kept_streams(), at_the_last(app.give_back):
        try:
            return asyncio.run(_until_it_ends(app))
        finally:
            app.give_back()


async def _until_it_ends(app: TerminalApp) -> int | None:
    leave = partial(app.exit, 0)
    if os.name == "posix":
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, leave)
    with ended_by(leave):
        return await app.run_async()
