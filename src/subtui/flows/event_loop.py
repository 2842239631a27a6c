"""Runs what is shown or staged, to an end that leaves nothing lying about.

A window that is closed, or a machine that is shut down, sends a signal that would end the process at once: the data to
throw away would stay, and what was done by hand would be gone.
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
    """What comes of work on a stage, done to its end. Raises KeyboardInterrupt when it is broken off."""
    try:
        return asyncio.run(_or_broken_off(work))
    except (KeyboardInterrupt, asyncio.CancelledError):
        # Textual may have been about to await something; the process ends, and nobody needs to be told of that.
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        raise KeyboardInterrupt from None


async def _or_broken_off(work: Coroutine[Any, Any, T]) -> T:
    task = cast("asyncio.Task[object]", asyncio.current_task())
    try:
        with ended_by(task.cancel):
            return await work
    except Exception:
        # A program that is broken off somewhere may stumble over what is half taken down: that is no fault of it.
        if task.cancelling():
            raise asyncio.CancelledError from None
        raise


def run_here(app: TerminalApp) -> int | None:
    """Run it until somebody leaves or the system ends it. Returns what it leaves with."""
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
