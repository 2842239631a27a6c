"""Runs one Textual app inside another, each in its own context.

Textual keeps the running app in a context variable. The inner app gets a context without a running app; its callbacks
run in the context of the outer one, or widgets would take one app for the other.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context


class EmbeddedApp:
    """A coroutine in its own context. `alive` tells whether the outer app still takes callbacks."""

    def __init__(self, alive: Callable[[], bool]) -> None:
        self._alive = alive
        self._outer = copy_context()
        self.task: asyncio.Task[None] | None = None

    def begin(self, run: Callable[[], Coroutine[None, None, None]]) -> None:
        """Start the coroutine; to be called in the outer app, once it runs."""
        self._outer = copy_context()
        self.task = Context().run(lambda: asyncio.ensure_future(run()))

    def tell(self, act: Callable[[], None]) -> None:
        """Call a function in the outer app soon; not if the app has ended by then."""
        asyncio.get_running_loop().call_soon(self._do, act, context=self._outer)

    def _do(self, act: Callable[[], None]) -> None:
        if self._alive():
            act()

    async def stop(self) -> None:
        """Cancel the coroutine, and wait until it has cleaned up."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait([self.task])
