"""One Textual program within another: what runs apart, and how what it tells comes back.

Textual keeps the program that is running in a context variable. The inner one gets a context in which no program runs
yet; whatever it tells is done in the context of the outer one, or widgets would take one program for the other.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context


class EmbeddedApp:
    """A coroutine in a context of its own. `alive` tells whether there still is somebody to be told."""

    def __init__(self, alive: Callable[[], bool]) -> None:
        self._alive = alive
        self._outer = copy_context()
        self.task: asyncio.Task[None] | None = None

    def begin(self, run: Callable[[], Coroutine[None, None, None]]) -> None:
        """Begin; to be called within the outer program, once it runs."""
        self._outer = copy_context()
        self.task = Context().run(lambda: asyncio.ensure_future(run()))

    def tell(self, act: Callable[[], None]) -> None:
        """Do something in the outer program: soon, and not at all if it is gone by then."""
        asyncio.get_running_loop().call_soon(self._do, act, context=self._outer)

    def _do(self, act: Callable[[], None]) -> None:
        if self._alive():
            act()

    async def stop(self) -> None:
        """End what runs, and wait until it has let go of everything."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.wait([self.task])
