"""The part of the app that follows other users and the connection to a server."""

from functools import cached_property
from typing import TYPE_CHECKING

from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.program import Program
from subtui.app.workers import asks

if TYPE_CHECKING:
    from subtui.app.background_job import BackgroundJob
    from subtui.app.keap_sender import KeapSender
    from subtui.views.live import News

LOOK_EVERY = 2.0
"""Seconds between two looks for changes, where the database does not announce them."""

LOOK_AGAIN = 0.1
"""Seconds after which an announcement is followed that came while the backend was busy."""


class LiveProgram(Program):
    """Looks every few seconds, and when the database announces it, for what others have written."""

    def look_for_changes(self) -> None:
        """Look for what other users have changed, unless the backend is busy or no user is signed in."""
        if self.person is not None and not self.backend.pending:
            self._look_for_changes()

    def on_announced(self) -> None:
        """Look at once, or as soon as the answer that the user waits for is there."""
        if self.backend.pending:
            self.set_timer(LOOK_AGAIN, self.look_for_changes)
        else:
            self.look_for_changes()

    @asks("changes")
    async def _look_for_changes(self) -> None:
        here = self.screen
        record = str(here.route) if isinstance(here, BaseScreen) and here.route.id is not None else ""
        news = await self.backend.run(lambda backend: backend.news(record=record))
        self._connected(news)
        if news.to_send and self.person is not None:
            self.keap_sender.consider(self.person, self.backend.session_id, self)
        if isinstance(here, BaseScreen) and here.is_current:
            here.show_who_is_here(news.here)
        for screen in self.screen_stack:
            if isinstance(screen, BaseScreen):
                if news.changes:
                    screen.changed_elsewhere(news.changes)
                screen.show_outdated()

    @cached_property
    def keap_sender(self) -> "KeapSender":
        """What sends to Keap without being asked, where the owner has set it so."""
        from subtui.app.keap_sender import KeapSender  # noqa: PLC0415  (few databases are connected)

        return KeapSender(self.app_config)

    def on_background_job_finished(self, message: "BackgroundJob.Finished") -> None:
        """Say what needs a decision after a sending, or how a batch ended, and show the open record again."""
        if "batch_runner" in vars(self) and self.batch_runner.has_begun(message.job):
            if isinstance(self.screen, BaseScreen):
                self.screen.say(message.answer.sentence, "done")
                if not self.screen.unsaved:
                    self.screen.reload()
            return
        if "keap_sender" not in vars(self) or not self.keap_sender.has_begun(message.job):
            return  # of a screen, which has handled it
        words, here = self.keap_sender.done(message.answer), self.screen
        if isinstance(here, BaseScreen):
            if words:
                here.say(words, "note")
            if not here.unsaved:
                here.reload()

    def on_unmount(self) -> None:
        """Stop a batch after the rows under way, because the program ends; it can go on the next time."""
        if "batch_runner" in vars(self):
            self.batch_runner.close()

    def lose_connection(self, sentence: str) -> None:
        """Show that the server does not answer; it is tried again every few seconds."""
        first, self.lost = not self.lost, sentence
        here = self.screen
        if first and isinstance(here, BaseScreen):
            here.refresh_frame()
            here.say(f"{sentence} Trying again every {LOOK_EVERY:.0f} s.", "refused")

    def _connected(self, news: "News") -> None:
        """Say that the server answers again. A form that was saved after all is opened again from its record."""
        again, self.lost = self.lost, ""
        here = self.screen
        if not (again or news.outcome) or not isinstance(here, BaseScreen):
            return
        words = f"Connected again. {news.outcome}".strip()
        here.refresh_frame()
        here.say(words, "done")
        if news.saved and here.unsaved:
            self.go(routes.after_saving(here.route), flash=words, instead=True)
