"""The interface of the app for its screens: the signed-in user, the account's day, and navigation."""

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from textual.screen import Screen

from subtui.app.backend_client import BackendClient
from subtui.app.kept_form import KeptForm
from subtui.app.routes import Route
from subtui.app.terminal_app import TerminalApp
from subtui.app_config import AppConfig
from subtui.domain.days import weekday_day
from subtui.domain.errors import SessionEnded
from subtui.domain.people import Person, SessionInfo
from subtui.views.format import Format

if TYPE_CHECKING:
    from subtui.app.batch_runner import BatchRunner
    from subtui.views.batches import Selection


class Program(TerminalApp):
    """The part of the app that screens use. The app itself imports the screens, so they cannot import it."""

    app_config: AppConfig
    backend: BackendClient
    session_info: SessionInfo | None
    person: Person | None
    batch_selection: "Selection | None" = None
    """The subscriptions that were marked for a batch, from the list to its form."""
    lost: str = ""
    """Why the server does not answer, while it does not."""

    def go(
        self, route: Route, *, flash: str = "", kind: str = "done", instead: bool = False, kept: KeptForm | None = None
    ) -> None:
        """Open the screen of a route on top of this one, or `instead` of it.

        `flash` is the first message there; a `kept` form is filled in again.
        """
        raise NotImplementedError

    def search_for(self, text: str) -> None:
        """Go back to the dashboard, and search for a text."""
        raise NotImplementedError

    @cached_property
    def batch_runner(self) -> "BatchRunner":
        """What does batches in the background."""
        from subtui.app.batch_runner import BatchRunner  # noqa: PLC0415  (not for the first frame)

        return BatchRunner(self.app_config)

    def begin_batch(self, batch_id: int, *, undo: bool = False) -> bool:
        """Do a batch in the background, or undo it; False where another one is under way."""
        if self.person is None:
            return False
        return self.batch_runner.begin(batch_id, self.person, self.backend.session_id, self, undo=undo)

    def ask_for_the_day(self) -> None:
        """Load the account and its day, which changes while the program is left open overnight."""
        raise NotImplementedError

    def lose_connection(self, sentence: str) -> None:
        """Show that the server does not answer, until it does again."""
        raise NotImplementedError

    def leave_ended_session(self, ended: SessionEnded) -> None:
        """Go to the sign-in screen, which says why the session ended; an unsaved form is kept for its user."""
        raise NotImplementedError

    def forget_kept_form(self) -> None:
        """Delete the kept form, after it was restored or discarded."""
        raise NotImplementedError

    def screen_below(self, screen: Screen[None]) -> Screen[None] | None:
        """The screen that `screen` was opened from."""
        stack = self.screen_stack
        return stack[stack.index(screen) - 1] if screen in stack[1:] else None

    # --- who and when -----------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The account's local day; the earliest possible date until the backend is open."""
        return self.session_info.today if self.session_info else date.min

    @property
    def format(self) -> Format:
        """How records are written: dates in the chosen format, instants in the account's time zone."""
        time_zone = self.session_info.time_zone if self.session_info else "UTC"
        return Format(self.app_config.display_config.date_format, time_zone, self.today)

    def day(self, day: date | None) -> str:
        """A date in the chosen format; a dash for none."""
        return self.format.day(day) or "-"

    @property
    def why_read_only(self) -> str:
        """The sentence that refuses every command that writes; empty where acts are possible."""
        if self.session_info is not None:
            return self.session_info.why_read_only
        return "This is read-only mode: nothing can be changed." if self.app_config.read_only else ""

    def person_and_day(self) -> str:
        """The right side of the top bar: `agent ▾ · demo · Mon 2 Mar 2026`; it opens the account menu."""
        if self.session_info is None:
            return ""
        parts = [f"{self.person.role.value} ▾"] if self.person else []
        if self.lost:
            parts.append("not connected")
        if self.why_read_only:
            parts.append("read-only")
        if self.session_info.demo or self.session_info.drill:
            parts.append("demo" if self.session_info.demo else "drill")
        return " · ".join((*parts, weekday_day(self.today, self.app_config.display_config.date_format)))
