"""Runs a long act in its own thread with its own backend, so that the screens' backend stays responsive."""

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from subtui.acts.act import Act
from subtui.acts.data import Stop, Tell
from subtui.app.backend_client import Fault, Refusal
from subtui.app_config import AppConfig
from subtui.domain.errors import SubtuiError
from subtui.domain.people import Person
from subtui.domain.progress import Progress

T = TypeVar("T")

OPENING = "opening"
"""What a job does before its act reports any progress."""


class BackgroundJob(Generic[T]):
    """One act under way. `progress` is written by its thread and may be read at any time."""

    class Finished(Message):
        """The act has been done; `answer` is its answer."""

        def __init__(self, job: "BackgroundJob[Any]", answer: Any) -> None:
            super().__init__()
            self.job, self.answer = job, answer

    def __init__(
        self,
        app_config: AppConfig,
        person: Person,
        make: Callable[[Tell, Stop], Act[T]],
        *,
        about: str,
        session_id: int | None = None,
    ) -> None:
        """`make` makes the act in the thread, with what it reports its progress to, and what it asks whether to stop.

        `about` is the screen's name for a refusal; `session_id` is the session of `person`, in which the act is done.
        """
        self.progress = Progress(0, 0, 0, OPENING)
        self._app_config, self._make, self._about = app_config, make, about
        self._person, self._session_id = person, session_id
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, asker: MessagePump, route: str) -> None:
        """Start the act; its end is posted to `asker` as Finished, Refusal or Fault."""
        self._thread = threading.Thread(target=self._run, args=(asker.post_message, route), name="job", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the act to stop."""
        self._stopped.set()

    def close(self) -> None:
        """Stop the act, because the screen is closed."""
        self.stop()

    @property
    def stopping(self) -> bool:
        """Whether the act was asked to stop."""
        return self._stopped.is_set()

    @property
    def alive(self) -> bool:
        """Whether the act is still being done."""
        return self._thread is not None and self._thread.is_alive()

    def join(self) -> None:
        """Wait until the thread has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, post: Callable[[Message], bool], route: str) -> None:
        from subtui.services.backend import Backend  # noqa: PLC0415  (not needed for the first frame)

        app_config = self._app_config
        try:
            act = self._make(self._told, self._stopped.is_set)
            with Backend.open(
                app_config.where, clock=app_config.clock, seed=app_config.seed, read_only=app_config.read_only
            ) as backend:
                backend.share(self._person, self._session_id)
                answer = backend.do(act, route=route)
        except SubtuiError as error:
            post(Refusal(error, self._about))
        except Exception as error:
            post(Fault(error))
        else:
            post(self.Finished(self, answer))

    def _told(self, progress: Progress) -> None:
        self.progress = progress
