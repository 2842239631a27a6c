"""Give the screens access to the backend: one thread owns it, answers come back as messages, widgets stay untouched."""

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from textual.message import Message

from subtui.app_config import AppConfig
from subtui.domain.errors import FileReplaced, SubtuiError

if TYPE_CHECKING:
    from subtui.services.backend import Backend

T = TypeVar("T")


class Refusal(Message):
    """The backend refused what was asked; `about` is the name the asker gave it."""

    def __init__(self, error: SubtuiError, about: str) -> None:
        super().__init__()
        self.error, self.about = error, about


class Reopened(Message):
    """The file of the database had been replaced; what was asked was done in the new one."""


class Fault(Message):
    """Something went wrong that nobody foresaw."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class BackendClient:
    """Runs what screens ask of the backend, one after the other, in the thread that opened it."""

    def __init__(self, app_config: AppConfig) -> None:
        self._app_config = app_config
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backend")
        self._backend: Backend | None = None
        self._replaced: FileReplaced | None = None
        self._reopened = False
        self.pending: set[Future[Any]] = set()

    async def run(self, act: "Callable[[Backend], T]") -> T:
        """Do `act` in the backend's thread; returns its answer.

        Raises what `act` raises. Cancelled while it waits in line, it is never begun.
        """
        answered = await asyncio.wrap_future(self._submit(lambda: self._run(act)))
        # Once it is answered, nothing of what was saved stays beside the file of the database.
        self._submit(self._settle)
        return answered

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
        """Whether another file of the same business was taken up since this was last asked."""
        reopened, self._reopened = self._reopened, False
        return reopened

    def _settle(self) -> None:
        if self._backend is not None:
            self._backend.settle()

    def _take_up_the_new_file(self, replaced: FileReplaced) -> None:
        """Go on with the file that stands there now, if it is of the same business and the person is in it.

        Raises `replaced` otherwise, now and at every later question: data of another business is not opened unasked.
        """
        before = self._backend
        if before is None or self._replaced is not None:
            raise replaced
        self._replaced = replaced
        # Let go of the old file first: what lies beside it has the names that the new one uses.
        before.close()
        try:
            # Looked at first, so that a file which is not taken up stays as it was put there.
            with self._open(must_exist=True, read_only=True) as found:
                if not before.lineage or found.lineage != before.lineage:
                    raise replaced
                if before.person is not None:
                    found.resume(before.person)
            self._backend = self._open(must_exist=True)
        except SubtuiError:
            raise replaced from None
        self._backend.person = before.person
        self._replaced = None

    def _opened(self) -> "Backend":
        if self._replaced is not None:
            raise self._replaced
        if self._backend is None:
            self._backend = self._open()
            # What was loaded to start stays for good: a collection need not look at it again in the middle of a key.
            if not gc.isenabled():
                gc.freeze()
                gc.enable()
        return self._backend

    def _open(self, *, must_exist: bool = False, read_only: bool = False) -> "Backend":
        # Imported here, in the thread that will use it: by now the first frame stands on the screen.
        from subtui.services.backend import Backend  # noqa: PLC0415

        app_config = self._app_config
        backend = Backend.open(
            app_config.where,
            clock=app_config.clock,
            seed=app_config.seed,
            read_only=read_only or app_config.read_only,
            date_format=app_config.display_config.date_format,
            must_exist=must_exist,
        )
        backend.answer_first()
        return backend

    def close(self) -> None:
        """Finish what is under way, drop what waits, and let go of the database."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._backend is not None:
            self._backend.close()
