"""Runs a program of ours in the terminal, to an end that leaves nothing lying about.

A window that is closed, or a machine that is shut down, sends a signal that would end the process at once: the data to
throw away would stay, and what was done by hand would be gone.
"""

import asyncio
import os
import signal

from textual.app import App

from subtui.flows.streams import kept_streams

_ENDS = ("SIGHUP", "SIGTERM", "SIGINT")


def run_here(app: App[int]) -> int | None:
    """Run it until somebody leaves or the system ends it. Returns what it leaves with."""
    with kept_streams():
        return asyncio.run(_until_it_ends(app))


async def _until_it_ends(app: App[int]) -> int | None:
    loop = asyncio.get_running_loop()
    for name in _ENDS:
        if os.name == "posix":
            loop.add_signal_handler(getattr(signal, name), app.exit, 0)
    return await app.run_async()
