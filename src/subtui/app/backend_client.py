"""Gives the screens access to the backend, which one thread owns; answers and errors come back to the screen."""

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from textual.message import Message

from subtui.app_config import AppConfig
from subtui.domain.errors import FileReplaced, SubtuiError
from subtui.domain.people import Person
from subtui.domain.sessions import Front, Origin

if TYPE_CHECKING:
    from subtui.services.backend import Backend

T = TypeVar("T")


class Refusal(Message):
    """The backend refused a request; `about` is the screen's name for the request."""

    def __init__(self, error: SubtuiError, about: str) -> None:
        super().__init__()
        self.error, self.about = error, about


class Reopened(Message):
    """The database file was replaced; the request was done in the new file."""


class Fault(Message):
    """An unexpected error occurred in the backend."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class BackendClient:
    """Runs the requests of screens to the backend, one after the other, in the thread that opened it."""

    def __init__(self, app_config: AppConfig) -> None:
        self._app_config = app_config
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backend")
        self._backend: Backend | None = None
        self._replaced: FileReplaced | None = None
        self._reopened = False
        self.pending: set[Future[Any]] = set()
        self.announced: Callable[[], object] | None = None  # called in another thread, when others may have written

    async def run(self, act: "Callable[[Backend], T]") -> T:
        """Do `act` in the backend's thread; returns its answer.

        Raises the errors of `act`. A request that is cancelled while it waits is never begun.
        """
        answer = self._submit(lambda: self._run(act))
        # In line behind it, also where the screen is gone by then: no change stays beside the database file.
        self._submit(self._settle)
        return await asyncio.wrap_future(answer)

    def begin(self) -> None:
        """Open the database ahead of the first request, which raises what stands in the way."""

        def opened() -> None:
            with suppress(Exception):
                self._opened()

        self._submit(opened)

    def _submit(self, run: "Callable[[], T]") -> "Future[T]":
        future = self._thread.submit(run)
        self.pending.add(future)
        future.add_done_callback(self.pending.discard)
        return future

    def _run(self, act: "Callable[[Backend], T]") -> T:
        try:
            return act(self._opened())
        except FileReplaced as replaced:
            self._take_up_the_new_file(replaced)
            self._reopened = True
            return act(self._opened())

    def was_reopened(self) -> bool:
        """Whether another file of the same business was opened since the last call."""
        reopened, self._reopened = self._reopened, False
        return reopened

    def break_off(self) -> bool:
        """Give up waiting for a server that does not answer; the request fails then. False where there is none."""
        return self._backend is not None and self._backend.break_off()

    @property
    def person(self) -> Person | None:
        """The signed-in user as the newest answer found them: a role may have changed since the sign-in."""
        return self._backend.person if self._backend is not None else None

    @property
    def session_id(self) -> int | None:
        """The recorded session of the signed-in user."""
        return self._backend.session_id if self._backend is not None else None

    def _settle(self) -> None:
        if self._backend is not None:
            self._backend.settle()

    def _take_up_the_new_file(self, replaced: FileReplaced) -> None:
        """Open the file that replaced the database, if it is of the same business and has the same user.

        Raises `replaced` otherwise, now and at every later request: data of another business are not opened unasked.
        """
        before = self._backend
        if before is None or self._replaced is not None:
            raise replaced
        self._replaced = replaced
        person = before.person
        # Close the old file first: the files beside it have the names that the new one uses.
        before.close()
        try:
            # Opened read-only first, so that a file of another business is not changed.
            with self._open(must_exist=True, read_only=True) as found:
                if not before.lineage or found.lineage != before.lineage:
                    raise replaced
                if person is not None:
                    found.resume(person)
            self._backend = self._open(must_exist=True)
            if person is not None:
                self._backend.resume(person)
        except SubtuiError:
            raise replaced from None
        self._replaced = None

    def _opened(self) -> "Backend":
        if self._replaced is not None:
            raise self._replaced
        if self._backend is None:
            self._backend = self._open()
            # Exclude the objects of the start from garbage collection, to avoid a delay during a key.
            if not gc.isenabled():
                gc.freeze()
                gc.enable()
        return self._backend

    def _open(self, *, must_exist: bool = False, read_only: bool = False) -> "Backend":
        # Imported here, in the thread that uses it, after the first frame is drawn.
        from subtui.services.backend import Backend  # noqa: PLC0415

        app_config = self._app_config
        backend = Backend.open(
            app_config.where,
            clock=app_config.clock,
            seed=app_config.seed,
            read_only=read_only or app_config.read_only,
            date_format=app_config.display_config.date_format,
            must_exist=must_exist,
            origin=Origin(Front.SCREENS, app_config.host),
        )
        backend.answer_first()
        if self.announced is not None and not read_only:
            backend.listen(self.announced)
        return backend

    def close(self) -> None:
        """Finish the request under way, drop the waiting ones, and close the database."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._backend is not None:
            self._backend.close()
