"""Sends changes to Keap as soon as they are saved, where the owner has set it so: in a thread, behind the screens."""

from datetime import datetime, timedelta
from typing import Any

from textual.message_pump import MessagePump

from subtui.acts.keap import PushToKeap
from subtui.app.background_job import BackgroundJob
from subtui.app.messages import SENDING
from subtui.app_config import AppConfig
from subtui.domain.outbox import FOR_A_PERSON, SendState
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, allowed
from subtui.views.keap import PushReport
from subtui.views.keap_entries import push_line

AGAIN_AFTER = timedelta(minutes=1)
"""How long it is left alone after a sending that failed, or that left something waiting."""


class KeapSender:
    """At most one sending at a time, which ends in the background. Used from the event loop."""

    def __init__(self, app_config: AppConfig) -> None:
        self._app_config = app_config
        self._job: BackgroundJob[Any] | None = None
        self._not_before: datetime | None = None

    def consider(self, person: Person, session_id: int | None, asker: MessagePump) -> None:
        """Begin a sending, unless one is under way or has just failed; its end is posted to `asker`."""
        open_calls, now = self._app_config.open_calls, self._app_config.clock.ticking()
        if self._job is not None or open_calls is None or self._app_config.read_only:
            return
        if not allowed(person.role, Permission.SYNC_KEAP) or (self._not_before and now < self._not_before):
            return
        self._job = BackgroundJob(
            self._app_config,
            person,
            lambda tell, stop: PushToKeap(open_calls, tell=tell, stop=stop),
            about=SENDING,
            session_id=session_id,
        )
        self._job.start(asker, "")

    def has_begun(self, job: BackgroundJob[Any]) -> bool:
        """Whether a job is the one that was begun here."""
        return job is self._job

    def done(self, report: PushReport) -> str:
        """Note the end of a sending; returns what is to be said of it, if a person has to decide something."""
        self._ended(well=not report.stopped and not report.by_state.get(SendState.WAITING))
        for_a_person = any(report.by_state.get(state) for state in FOR_A_PERSON)
        return f"Keap: {push_line(report)} K shows it." if for_a_person else ""

    def failed(self) -> None:
        """Note that a sending has failed."""
        self._ended(well=False)

    def _ended(self, *, well: bool) -> None:
        self._job = None
        self._not_before = None if well else self._app_config.clock.ticking() + AGAIN_AFTER

    def close(self) -> None:
        """Stop it, because the program ends."""
        if self._job is not None:
            self._job.close()
