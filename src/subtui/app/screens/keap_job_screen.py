"""The base of the screens that read from Keap or send to it: one job at a time, its progress, its outcome."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from textual import on
from textual.timer import Timer
from textual.widgets import Static

from subtui.acts.act import Act
from subtui.acts.data import Stop, Tell
from subtui.acts.keap import GetKeapStatus, OpenCalls
from subtui.app.backend_client import Refusal
from subtui.app.background_job import OPENING, BackgroundJob
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.catalog import Command
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.domain.progress import Progress
from subtui.views.keap import NOT_ALLOWED, NOT_CONNECTED, KeapStatus, PullReport, PushReport
from subtui.views.keap_entries import is_settled, pull_line, push_line

_LOOKS_PER_SECOND = 5
_JOB = "keap job"
NO_LINE = "No line to Keap is configured here, so nothing can be read or sent."
UNDER_WAY = "Keap is being read or sent to: x stops it."


class KeapJobScreen(BaseScreen):
    """A screen with a line of progress, `#progress`. The job runs in its own thread and ends with the screen."""

    LEAVING: ClassVar = (
        "Stop what is under way?",
        "If you leave, it stops. What was read or sent until then stays, and the next time goes on from there.",
    )
    JOBS: ClassVar[tuple[str, ...]] = ()  # the commands that start a job
    SENDS: ClassVar[tuple[str, ...]] = ()  # those of them that send to Keap

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.status: KeapStatus | None = None  # set by `read_status`
        self.job: BackgroundJob[Any] | None = None
        self.under_way = False
        self._verb = ""
        self._begun: datetime | None = None
        self._look_timer: Timer | None = None

    def on_unmount(self) -> None:
        """Stop the job when the screen is closed."""
        if self.job is not None:
            self.job.close()

    @property
    def unsaved(self) -> bool:
        """Whether a job is under way: leaving would stop it."""
        return self.under_way

    async def read_status(self) -> KeapStatus:
        """Read the state of the connection, by which the keys are dimmed."""
        status = self.status = await self.read(GetKeapStatus())
        return status

    # --- the job ----------------------------------------------------------------------------------------------------

    def start_job(self, verb: str, make: Callable[[OpenCalls, Tell, Stop], Act[Any]]) -> None:
        """Start an act that calls Keap, unless one is under way; `verb` is what the line of progress says it does."""
        app, person = self.subtui, self.subtui.person
        open_calls = app.app_config.open_calls
        if self.under_way or person is None or open_calls is None:
            return
        self.job = BackgroundJob(
            app.app_config,
            person,
            lambda tell, stop: make(open_calls, tell, stop),
            about=_JOB,
            session_id=app.backend.session_id,
        )
        self._verb, self._begun = verb, app.app_config.clock.ticking()
        self.under_way = self.busy = True
        self.job.start(self, str(self.route))
        self._look_timer = self.set_interval(1 / _LOOKS_PER_SECOND, self._look)
        self._look()
        self.refresh_frame()

    def do_job_stop(self) -> None:
        """Stop the job."""
        if self.job is not None and self.under_way:
            self.job.stop()
            self._look()

    def _look(self) -> None:
        """Show the progress that the thread has noted; the thread itself draws nothing."""
        job = self.job
        if job is None or self._begun is None or not self.under_way:
            return
        seconds = int((self.subtui.app_config.clock.ticking() - self._begun).total_seconds())
        words = "stopping" if job.stopping else progress_words(self._verb, job.progress)
        hint = "" if job.stopping else "   x stops; what was done stays"
        self.show_progress(f"{words} · {seconds:,} s", hint)

    def show_progress(self, words: str, hint: str = "") -> None:
        """Show the line of progress, or none."""
        line = self.query_one("#progress", Static)
        line.display = bool(words)
        line.update(concat(safe(words, "bold $primary"), safe(hint, "$muted")))

    def _end_job(self) -> None:
        self.under_way = self.busy = False
        if self._look_timer is not None:
            self._look_timer.stop()
        self.show_progress("")
        self.refresh_frame()

    @on(BackgroundJob.Finished)
    def _job_finished(self, message: BackgroundJob.Finished) -> None:
        self._end_job()
        answer = message.answer
        if isinstance(answer, PullReport | PushReport):
            line = pull_line(answer) if isinstance(answer, PullReport) else push_line(answer)
            self.say(line, "done" if is_settled(answer) else "note")
        else:
            self.say("Checked: nothing was changed in Keap.", "done")
        self.reload()

    def refused(self, refusal: Refusal) -> None:
        """Show why a job was refused or failed, and what it has done until then."""
        if refusal.about == _JOB:
            self._end_job()
            self.reload()
        super().refused(refusal)

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: one job at a time, and only with a connection and a line to Keap."""
        reason = super().disabled_reason(wanted)
        if reason:
            return reason
        if wanted.id == "job.stop":
            return None if self.under_way else "Nothing is being read or sent."
        return self._why_no_job(wanted) if wanted.id in self.JOBS else None

    def _why_no_job(self, wanted: Command) -> str | None:
        status = self.status
        if self.under_way:
            return UNDER_WAY
        if status is not None and not status.connected:
            return NOT_CONNECTED
        if status is not None and wanted.id in self.SENDS and not status.writing_allowed:
            return NOT_ALLOWED
        return None if self.subtui.app_config.open_calls is not None else NO_LINE

    def is_offered(self, known: Command) -> bool:
        """Show Stop while there is something to stop, and hide Quit, where it would displace others."""
        if known.id == "job.stop":
            return self.under_way
        return known.id != "app.quit" and not (known.id in self.JOBS and self.under_way)


def progress_words(verb: str, progress: Progress) -> str:
    """How far a job is: `reading contacts · 1,500 rows`, `sending 3 of 10`."""
    if progress.total:
        return f"{verb} {min(progress.done + 1, progress.total):,} of {progress.total:,}"
    return f"{verb} {progress.doing} · {progress.rows:,} rows" if progress.doing != OPENING else f"{verb}: {OPENING}"
