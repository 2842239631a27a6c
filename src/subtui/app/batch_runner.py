"""Does a batch or undoes it in a thread, behind the screens: it goes on while other screens are used."""

from collections.abc import Callable
from typing import Any

from textual.message_pump import MessagePump

from subtui.acts.act import Act
from subtui.acts.batches import RunBatch, UndoBatch
from subtui.acts.data import Stop, Tell
from subtui.app.background_job import BackgroundJob
from subtui.app.messages import BATCH
from subtui.app_config import AppConfig
from subtui.domain.people import Person
from subtui.domain.progress import Progress


class BatchRunner:
    """At most one batch at a time. Used from the event loop."""

    def __init__(self, app_config: AppConfig) -> None:
        self._app_config = app_config
        self._job: BackgroundJob[Any] | None = None
        self.batch_id = 0

    def begin(
        self, batch_id: int, person: Person, session_id: int | None, asker: MessagePump, *, undo: bool = False
    ) -> bool:
        """Do a batch, or undo it; its end is posted to `asker`. False where another one is under way."""
        if self.is_running:
            return False
        self.batch_id = batch_id
        kind: Callable[..., Act[Any]] = UndoBatch if undo else RunBatch

        def make(tell: Tell, stop: Stop) -> Act[Any]:
            return kind(batch_id, tell=tell, stop=stop)

        self._job = BackgroundJob(self._app_config, person, make, about=BATCH, session_id=session_id)
        self._job.start(asker, f"/batches/{batch_id}")
        return True

    @property
    def is_running(self) -> bool:
        """Whether a batch is being done or undone here."""
        return self._job is not None and self._job.alive

    def progress_of(self, batch_id: int) -> Progress | None:
        """How far a batch is that is being done here; None for another one."""
        return self._job.progress if self._job is not None and self.is_running and batch_id == self.batch_id else None

    @property
    def stopping(self) -> bool:
        """Whether the batch was asked to stop."""
        return self._job is not None and self._job.stopping

    def has_begun(self, job: BackgroundJob[Any]) -> bool:
        """Whether a job is the one that was begun here."""
        return job is self._job

    def stop(self) -> None:
        """Ask the batch to stop after the rows under way."""
        if self._job is not None:
            self._job.stop()

    def close(self) -> None:
        """Stop it, and wait for the rows under way, because the program ends."""
        if self._job is not None:
            self._job.close()
            self._job.join()
