"""The base of every screen: the top bar, the message line, the key bar, and the commands."""

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from inspect import isawaitable
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from subtui.acts.act import Act, Query
from subtui.app.backend_client import Refusal, Reopened
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope, command, of_scope
from subtui.app.commands.keymap import keys_in_force
from subtui.app.commands.keys import shown_key, textual_key
from subtui.app.kept_form import KeptForm, fill_in
from subtui.app.program import Program
from subtui.app.routes import Route
from subtui.app.widgets.key_bar import KeyBar, KeyHint
from subtui.app.widgets.message_line import MessageLine
from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.size_guard import SizeGuard, too_small
from subtui.app.widgets.top_bar import TopBar
from subtui.domain.errors import ConnectionLost, SessionEnded
from subtui.domain.permissions import why_not

if TYPE_CHECKING:
    from subtui.services.backend import Backend
    from subtui.views.live import ChangedRecord

T = TypeVar("T")

LEAST_ROOMY_HEIGHT = 18
"""Rows below which a screen shows only its main part."""


class BaseScreen(Screen[None]):
    """A screen with a route. Subclasses set the scope, compose the body, and run commands in `do_...` methods."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    SHOWS_MENU: ClassVar = False  # whether the key bar names the account menu; the top bar shows it everywhere
    BINDINGS = bindings(Scope.EVERYWHERE)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-medium"), (110, "-roomy"), (170, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    DEFAULT_CSS = """
    BaseScreen { layers: default guard; }
    """

    def __init__(self, route: Route) -> None:
        super().__init__()
        self.route = route
        self.busy = False  # whether a screen update is pending that is no answer of the backend
        self._was_below = False
        self.flash = ("", "done")  # the sentence to show first, and its kind
        self.kept: KeptForm | None = None  # the unsaved form from when the program ended
        self._to_be_said = ""  # a note to add to the next `done` sentence
        self.outdated: tuple[ChangedRecord, datetime] | None = None  # what another user changed here, and when noticed
        self._outdated_note = ""
        self._here: tuple[str, ...] = ()  # the other users who have the same record open

    @property
    def subtui(self) -> Program:
        """The app, with its own type."""
        return cast("Program", self.app)

    # --- layout -----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Compose the frame with the body of the subclass."""
        self._set_size_classes(self.app.size)
        yield TopBar()
        yield from self.compose_body()
        yield KeyBar()
        yield MessageLine()
        yield SizeGuard()

    def compose_body(self) -> ComposeResult:
        """Compose the widgets between the bars."""
        yield from ()

    def on_mount(self) -> None:
        """Draw the frame and follow the focus."""
        self.refresh_frame()
        self.watch(self, "focused", self._focus_moved, init=False)
        if self.flash[0]:
            self.say(*self.flash)

    def on_resize(self, event: events.Resize) -> None:
        """Set the size classes; below the least size only a sentence is shown."""
        self._set_size_classes(event.size)

    def _set_size_classes(self, size: Size) -> None:
        """Set the classes of a size before Textual lays the screen out, which it would otherwise do twice."""
        classes = {
            "-too-small": too_small(size.width, size.height),
            "-tiny": size.height < LEAST_ROOMY_HEIGHT,
        }
        for breakpoints, cells in ((self.HORIZONTAL_BREAKPOINTS, size.width), (self.VERTICAL_BREAKPOINTS, size.height)):
            for (least, name), (next_least, _) in pairwise([*breakpoints, (sys.maxsize, "")]):
                classes[name] = least <= cells < next_least
        self.update_classes(classes, animate=False)

    def on_screen_suspend(self) -> None:
        """Clear the message when another screen covers this one; below a dialog it stays."""
        self._was_below = True
        if isinstance(self.app.screen, BaseScreen) and self.query(MessageLine):
            self.say("")

    def on_screen_resume(self) -> None:
        """Reload when the screen is on top again, since its data may have changed."""
        if self._was_below:
            self._was_below = False
            self._up_to_date()
            self.refresh_frame()
            self.reload()

    def backend_opened(self) -> None:
        """Draw the account and its day, once the backend is open."""
        self.refresh_frame()

    def reload(self) -> None:
        """Load the shown data again. Called when the user returns to the screen."""

    # --- other users ------------------------------------------------------------------------------------------------

    def changed_elsewhere(self, changes: "Sequence[ChangedRecord]") -> None:
        """Take note of what other users have changed: a list follows it, a record says that it is out of date."""
        from subtui.app import live  # noqa: PLC0415  (not for the first frame)

        if self.route.screen in live.REFRESHING:
            if self.is_current:
                self.refresh_list()
            return
        newest = live.newest_of(self.route, changes)
        if newest is not None:
            self.outdated = newest, datetime.now(UTC)
            self._outdated_note = ""
            self.show_outdated(over=True)
            self.refresh_frame()

    @property
    def unsaved(self) -> bool:
        """Whether there are entries that leaving or loading again would lose."""
        return False

    def refresh_list(self) -> None:
        """Follow the change of another user. The mark stays where it is."""
        self.reload()

    def show_outdated(self, *, over: bool = False) -> None:
        """Say that the record is out of date, unless something else is being said; `over` it too."""
        if self.outdated is None or not self.is_current or not self.is_composed:
            return
        if over or self.query_one(MessageLine).sentence in ("", self._outdated_note):
            from subtui.app import live  # noqa: PLC0415  (not for the first frame)

            change, noticed = self.outdated
            unsaved = self.unsaved
            self._outdated_note = live.sentence(change, noticed=noticed, unsaved=unsaved)
            self.say(self._outdated_note)

    def show_who_is_here(self, names: tuple[str, ...]) -> None:
        """Say who else has come to the record, unless something else is being said; no longer once they have left."""
        if names == self._here or not self.is_composed:
            return
        from subtui.views.live import here_too  # noqa: PLC0415  (not for the first frame)

        said, self._here = here_too(self._here), names
        if self.query_one(MessageLine).sentence in ("", said):
            self.say(here_too(names))

    def _up_to_date(self) -> None:
        if not self.unsaved:
            self.outdated = None

    def do_app_reload(self) -> None:
        """Load the shown data again, unless there are unsaved entries: saving them shows both versions."""
        if self.unsaved:
            self.say("Your entries are kept. Saving them shows both versions.")
            return
        self.outdated = None
        self.refresh_frame()
        self.reload()

    def restore_kept(self) -> None:
        """Restore the unsaved form from when the program ended, if there is one, once the fields are shown."""
        kept, self.kept = self.kept, None
        if kept is not None:
            self.put_back(kept)
            self.subtui.forget_kept_form()
            self.say("Your entries are restored, but not saved yet.")

    def put_back(self, kept: KeptForm) -> None:
        """Fill in the fields from the kept form."""
        fill_in(self, kept.values)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, the current screen last."""
        return (self.route.pattern.title,)

    @property
    def is_composed(self) -> bool:
        """Whether the bars and the message line exist: not before the first layout, nor while the screen is closed."""
        return {TopBar, MessageLine, KeyBar} <= {type(part) for part in self.children}

    def refresh_frame(self) -> None:
        """Redraw the top bar and the key bar."""
        if not self.is_composed:
            return
        self.query_one(TopBar).show(self.breadcrumbs(), self.subtui.person_and_day())
        self.query_one(KeyBar).show(tuple(self._hints()))

    def say(self, sentence: str, kind: str = "note") -> None:
        """Show a sentence above the keys; its kind is `done`, `refused` or `note`."""
        if kind == "done" and self._to_be_said:
            # The note came with a query of this act, and would be replaced before the user has read it.
            sentence, self._to_be_said = f"{sentence} {self._to_be_said}", ""
        if self.is_composed:
            self.query_one(MessageLine).say(sentence, kind)

    # --- the backend ------------------------------------------------------------------------------------------------

    async def read(self, query: Query[T], *, is_cancelled: Callable[[], bool] | None = None) -> T:
        """Answer a query. Raises its errors."""
        route = str(self.route)
        return await self._request(lambda backend: backend.read(query, is_cancelled=is_cancelled, route=route))

    async def do(self, act: Act[T]) -> T:
        """Do an act, sent from this screen. Raises its errors."""
        route = str(self.route)
        return await self._request(lambda backend: backend.do(act, route=route))

    async def _request(self, request: "Callable[[Backend], T]") -> T:
        answer = await self.subtui.backend.run(request)
        if self.subtui.backend.was_reopened():
            self.post_message(Reopened())
        self._follow_the_user()
        return answer

    def _follow_the_user(self) -> None:
        """Show the role that the user has now: a colleague may have changed it."""
        stored, shown = self.subtui.backend.person, self.subtui.person
        if stored is not None and shown is not None and stored.id == shown.id and stored != shown:
            self.subtui.person = stored
            self.refresh_frame()

    @on(Refusal)
    def _refused(self, refusal: Refusal) -> None:
        refusal.stop()
        self.refused(refusal)
        if isinstance(refusal.error, ConnectionLost):
            self.subtui.lose_connection(str(refusal.error))
        if isinstance(refusal.error, SessionEnded):
            self.subtui.leave_ended_session(refusal.error)

    @on(Reopened)
    def _reopened(self, message: Reopened) -> None:
        message.stop()
        note = "The database file was replaced while it was open: this is in the new file."
        self.say(f"{self.query_one(MessageLine).sentence} {note}".strip())
        self._to_be_said = note

    def refused(self, refusal: Refusal) -> None:
        """Show why the backend refused."""
        self.say(str(refusal.error), "refused")

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command cannot be used now, in a sentence; None when it can."""
        person = self.subtui.person
        if wanted.writes and self.subtui.why_read_only:
            return self.subtui.why_read_only
        if wanted.needs is not None and person is not None:
            return why_not(person.role, wanted.needs, verified=person.verified)
        return None

    async def action_command(self, command_id: str) -> None:
        """Run a command by its id, or show why it cannot be run. Does nothing while the screen is closed."""
        if not self.is_composed:
            return
        wanted = command(command_id)
        reason = self.disabled_reason(wanted)
        if reason:
            self.say(reason, "refused")
            return
        self.say("")  # clear the message of the previous act
        if command_id == "app.back" and self._close_filter():
            return
        name = "do_" + command_id.replace(".", "_")
        done = (getattr(self, name, None) or getattr(self.subtui, name))()
        if isawaitable(done):
            await done

    def commands_in_force(self) -> tuple[Command, ...]:
        """The commands that can be run here, for the help and the palette."""
        focused = self.focused
        return of_scope(*self.SCOPES, *getattr(focused, "KEY_SCOPES", ()), Scope.EVERYWHERE)

    def _focus_moved(self) -> None:
        self._show_keys()

    def _show_keys(self) -> None:
        if self.is_composed:
            self.query_one(KeyBar).show(tuple(self._hints()))

    def _hints(self) -> Iterable[KeyHint]:
        keymap = self.subtui.app_config.display_config.keymap
        shown = sorted((known for known in self.commands_in_force() if known.footer), key=lambda known: known.footer)
        for known in shown:
            if self._is_hidden(known) or not self.is_offered(known):
                continue
            key = next((key for key in keys_in_force(keymap, known) if known.widget or not self._typed_away(key)), None)
            if key is not None:
                text = "↑↓" if known.keys[:2] == ("up", "down") else shown_key(key)
                yield KeyHint(text, known.title, self.disabled_reason(known) is None, press=textual_key(key))

    def is_offered(self, _known: Command) -> bool:
        """Whether the key bar shows a command; a shown but unavailable command is dimmed."""
        return True

    def _is_hidden(self, known: Command) -> bool:
        if known.id == "app.reload":
            return self.outdated is None
        if known.id == "app.search" and isinstance(self.focused, RecordTable):
            return True  # in a list its key filters
        return known.id == "app.menu" and not self.SHOWS_MENU

    def _typed_away(self, key: str) -> bool:
        """Whether the focused widget would take the key as text."""
        takes_letter = getattr(self.focused, "takes_letter", None)
        if takes_letter is not None:
            return len(key) == 1 and takes_letter(key)
        types = isinstance(self.focused, Input) or getattr(self.focused, "TAKES_TYPING", False)
        return types and len(key) == 1

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Move the focus. A list is not scrolled into view as a whole: only its marked row is."""
        super().set_focus(widget, scroll_visible and not isinstance(widget, RecordTable), from_app_focus)

    # --- filtering and sorting a list -------------------------------------------------------------------------------

    def filter_field(self, table: RecordTable) -> str:
        """The id of the field that filters a list in the database; empty where its loaded rows are to be filtered."""
        return ""

    def sort_list(self, table: RecordTable, at: int, *, reverse: bool) -> bool:
        """Sort a list by a column in the database; False where its loaded rows are to be sorted."""
        return False

    @on(RecordTable.Filtered)
    def _filtered(self, event: RecordTable.Filtered) -> None:
        event.stop()
        for each in self.query("ListFilter"):
            each.recount()  # type: ignore[attr-defined]

    def _close_filter(self) -> bool:
        """Close the filter of a list; False where there is none."""
        filters = list(self.query("ListFilter"))
        for each in filters:
            each.close()  # type: ignore[attr-defined]
        return bool(filters)

    # --- lists below each other -------------------------------------------------------------------------------------

    @on(RecordTable.EdgeReached)
    def _left_at_edge(self, event: RecordTable.EdgeReached) -> None:
        """Move the focus from the edge of one list into the next list."""
        event.stop()
        tables = [table for table in self.query(RecordTable) if table.display and table.rows and table.focusable]
        if event.table not in tables:
            return
        at = tables.index(event.table) + (1 if event.down else -1)
        if 0 <= at < len(tables):
            neighbour = tables[at]
            neighbour.move_to(0 if event.down else len(neighbour.rows) - 1)
            neighbour.focus()
