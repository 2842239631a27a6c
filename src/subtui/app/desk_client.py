"""The way from the screens to the desk: one thread owns it, answers come back as messages, widgets stay untouched."""

import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from subtui.domain.errors import GivenUp, SubtuiError
from subtui.launch import Launch

if TYPE_CHECKING:
    from subtui.services.desk import Desk

T = TypeVar("T")


class Refusal(Message):
    """The desk refused what was asked; `about` is the name the asker gave it."""

    def __init__(self, error: SubtuiError, about: str) -> None:
        super().__init__()
        self.error, self.about = error, about


class Fault(Message):
    """Something went wrong that nobody foresaw."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class DeskClient:
    """Runs what screens ask of the desk, one after the other, in the thread that opened it."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._desk: Desk | None = None
        self._newest: dict[str, int] = {}
        self._asked = 0
        self.pending: set[Future[None]] = set()

    def ask(
        self,
        asker: MessagePump,
        act: "Callable[[Desk], T]",
        answer: Callable[[T], Message],
        *,
        about: str = "",
        only_newest: str | None = None,
    ) -> None:
        """Do `act` at the desk and post what `answer` makes of its result to `asker`.

        A SubtuiError comes back as Refusal. With `only_newest`, an act that waits in line is skipped once a newer one
        of the same name has been asked; so typing never queues up searches.
        """
        self._asked += 1
        number = self._asked
        if only_newest is not None:
            self._newest[only_newest] = number

        def run() -> None:
            if only_newest is not None and self._newest[only_newest] != number:
                return
            try:
                result = act(self._opened())
            except GivenUp:
                return
            except SubtuiError as error:
                asker.post_message(Refusal(error, about))
            except Exception as error:
                asker.post_message(Fault(error))
            else:
                asker.post_message(answer(result))
                if self._desk is not None:
                    self._desk.settle()

        future = self._thread.submit(run)
        self.pending.add(future)
        future.add_done_callback(self.pending.discard)

    def _opened(self) -> "Desk":
        if self._desk is None:
            # Imported here, in the thread that will use it: by now the first frame stands on the screen.
            from subtui.services.desk import Desk  # noqa: PLC0415

            launch = self._launch
            self._desk = Desk.open(
                launch.where,
                clock=launch.clock,
                seed=launch.seed,
                read_only=launch.read_only,
                date_format=launch.looks.date_format,
            )
            self._desk.answer_first()
            # What was loaded to start stays for good: a collection need not look at it again in the middle of a key.
            if not gc.isenabled():
                gc.freeze()
                gc.enable()
        return self._desk

    def close(self) -> None:
        """Finish what is under way, drop what waits, and let go of the database."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._desk is not None:
            self._desk.close()
