"""The Textual app: draws the first frame, opens the backend in its thread, and opens screens by route."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import ClassVar, cast

from textual import events
from textual._context import active_message_pump
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.screen import Screen

from subtui.app import routes, themes
from subtui.app.backend_client import BackendClient, Fault, Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.keymap import textual_keymap
from subtui.app.content import safe
from subtui.app.crash import CrashReport
from subtui.app.kept_form import KeptForm
from subtui.app.kept_forms import KeptForms
from subtui.app.list_program import ListProgram
from subtui.app.live_program import LOOK_EVERY, LiveProgram
from subtui.app.messages import SENDING, Announced, Opened, SignedIn
from subtui.app.routes import Route
from subtui.app.style_sheet import StyleSheet
from subtui.app.type_ahead import TypeAhead
from subtui.app.widgets.search_field import SearchField
from subtui.app.widgets.text_field import Shortened
from subtui.app.workers import asks
from subtui.app_config import THEMES, AppConfig
from subtui.domain.errors import ConnectionLost, SessionEnded, SubtuiError
from subtui.domain.people import Person, SessionInfo
from subtui.domain.plain_text import pasted

# Below the first screen is Textual's own empty one, which cannot be switched for another.
_BOTTOM = 2


def make_screen(route: Route) -> BaseScreen:
    """The screen that a route opens, imported now, because the first frame needs only one."""
    module, _, name = route.pattern.opens.partition(".")
    made = getattr(import_module(f"subtui.app.screens.{module}"), name)
    return cast("BaseScreen", made(route))


class SubtuiApp(LiveProgram, ListProgram):
    """The program."""

    TITLE = "subtui"
    ENABLE_COMMAND_PALETTE = False
    # These keys also work in fields and dialogs, where the commands of a screen are not in force.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "suspend_here", show=False, priority=True)]

    def __init__(self, app_config: AppConfig) -> None:
        # Textual loads the style sheet of every screen but the first.
        self._first = routes.to("dashboard" if app_config.sign_in_as else "sign_in")
        here = Path(__file__).parent
        super().__init__(css_path=[here / "app.tcss", here / f"screens/{self._first.screen}.tcss"])
        self.stylesheet = StyleSheet(variables=self.get_css_variables())
        self.app_config = app_config
        self.backend = BackendClient(app_config)
        self.backend.announced = lambda: self.post_message(Announced())
        self.session_info: SessionInfo | None = None
        self.person: Person | None = None
        self.failure: str | None = None
        self.kept_forms = KeptForms(self)
        self._type_ahead = TypeAhead(self, super().on_event)
        self._wanted: Route | None = routes.parse(app_config.route)
        self.animation_level = "none"
        for theme in themes.ALL:
            self.register_theme(theme)
        self.theme = app_config.display_config.theme
        self.set_keymap(textual_keymap(app_config.display_config.keymap))

    async def on_mount(self) -> None:
        """Show the dashboard for a user signed in by the command line, else the sign-in screen.

        The backend is opened after that first frame: importing the database takes longer than drawing it.
        """
        await self.push_screen(make_screen(self._first))
        self.call_after_refresh(self._open_backend)
        self.set_interval(LOOK_EVERY, self.look_for_changes)

    def _open_backend(self) -> None:
        # The database is opened, and both are in line, before either answer has to wait for the drawing.
        self.backend.begin()
        self._load_first_session()
        if self.app_config.sign_in_as:
            self._sign_in_as(self.app_config.sign_in_as)

    @asks("open")
    async def _load_first_session(self) -> None:
        await self._load_session()

    @asks("sign_in")
    async def _sign_in_as(self, who: str) -> None:
        self.post_message(SignedIn(await self.backend.run(lambda backend: backend.sign_in_demo(who))))

    @asks("day")
    async def ask_for_the_day(self) -> None:
        """Read the account and its day: the day changes while the program is left open overnight."""
        await self._load_session()

    async def _load_session(self) -> None:
        self.post_message(Opened(await self.backend.run(lambda backend: backend.session_info())))

    # --- who and when -----------------------------------------------------------------------------------------------

    def on_opened(self, message: Opened) -> None:
        """Store the day and tell the screens, once the backend is open."""
        self.session_info = message.session_info
        for screen in self.screen_stack:
            if isinstance(screen, BaseScreen):
                screen.backend_opened()

    def on_signed_in(self, message: SignedIn) -> None:
        """Open the requested route after a user has signed in."""
        self.person = message.person
        here = self.screen
        if isinstance(here, BaseScreen) and here.route.screen == "dashboard":
            here.refresh_frame()
            here.reload()
        else:
            self.switch_screen(make_screen(routes.to("dashboard")))
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted.screen not in ("dashboard", "sign_in"):
            self.go(wanted)
        self.kept_forms.offer()

    # --- going ------------------------------------------------------------------------------------------------------

    def go(
        self, route: Route, *, flash: str = "", kind: str = "done", instead: bool = False, kept: KeptForm | None = None
    ) -> None:
        """Open the screen of a route."""
        screen = make_screen(route)
        screen.flash, screen.kept = (flash, kind), kept
        if instead:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def forget_kept_form(self) -> None:
        """Delete the kept form."""
        self.kept_forms.forget()

    def leaving(self, screens: Sequence[Screen[object]], then: Callable[[], None]) -> None:
        """Do `then`, which closes these screens; if one of them has unsaved changes, ask first."""
        unsaved = next((screen for screen in screens if getattr(screen, "unsaved", False)), None)
        if unsaved is None:
            then()
            return
        from subtui.app.screens.dialogs import LeaveDialog  # noqa: PLC0415  (only when asked for)

        self.push_screen(LeaveDialog(*getattr(unsaved, "LEAVING", ())), lambda leave: then() if leave else None)

    def do_app_back(self) -> None:
        """Go back to the screen below; at the bottom, to the parent route."""
        self.leaving([self.screen], self._back)

    def _back(self) -> None:
        here = self.screen
        if len(self.screen_stack) > _BOTTOM:
            self.pop_screen()
        elif isinstance(here, BaseScreen) and here.route.parent is not None:
            self.switch_screen(make_screen(here.route.parent))

    def do_app_search(self) -> None:
        """Go back to the dashboard and focus its search field."""
        if self.person is not None:
            self.leaving(self.screen_stack, self._to_search)

    def _to_bottom(self) -> None:
        while len(self.screen_stack) > _BOTTOM:
            self.pop_screen()

    def search_for(self, text: str) -> None:
        """Go back to the dashboard, and search for a text."""

        def search() -> None:
            self._to_search()
            for field in self.screen.query(SearchField):
                field.value = text
                field.cursor_position = len(text)

        self.leaving(self.screen_stack, search)

    def _to_search(self) -> None:
        self._to_bottom()
        here = self.screen
        if isinstance(here, BaseScreen) and here.route.screen == "dashboard":
            search = here.query_one("#search", SearchField)
            here.set_focus(search)
            search.select_all()  # typing replaces the text
        else:
            self.switch_screen(make_screen(routes.to("dashboard")))

    def do_app_subscriptions(self) -> None:
        """List all subscriptions."""
        self._open_once("subscriptions")

    def do_app_account(self) -> None:
        """Open My account."""
        self._open_once("account")

    def do_app_billing(self) -> None:
        """Open Admin > Billing & Account."""
        self._open_once("billing")

    def do_app_users(self) -> None:
        """Open Admin > Users."""
        self._open_once("users")

    def do_app_requests(self) -> None:
        """List the tickets."""
        self._open_once("requests")

    def do_app_refunds(self) -> None:
        """List the pending refunds."""
        self._open_once("refunds")

    def do_app_batches(self) -> None:
        """List the batches."""
        self._open_once("batches")

    def do_app_reports(self) -> None:
        """Open the reports."""
        self._open_once("reports")

    def do_app_import(self) -> None:
        """Open the import."""
        self._open_once("import")

    def do_app_keap(self) -> None:
        """Open the connection to Keap."""
        self._open_once("keap")

    def _open_once(self, screen: str) -> None:
        if self.person is not None and not self._is_here(screen):
            self.go(routes.to(screen))

    def do_app_menu(self) -> None:
        """Open the account menu, at the top right."""
        from subtui.app.screens.menu import AccountMenu  # noqa: PLC0415  (only when asked for)

        here = self.screen
        if isinstance(here, BaseScreen) and self.person is not None:
            self.push_screen(AccountMenu(here))

    def do_app_help(self) -> None:
        """Show the keys in force."""
        if not self._is_here("help"):
            self.go(routes.to("help"))

    def _is_here(self, screen: str) -> bool:
        return isinstance(self.screen, BaseScreen) and self.screen.route.screen == screen

    def do_app_palette(self) -> None:
        """Find a command by its name."""
        from subtui.app.screens.palette import Palette  # noqa: PLC0415  (only when asked for)

        here = self.screen
        if isinstance(here, BaseScreen):
            self.push_screen(Palette(here))

    def do_app_theme(self) -> None:
        """Switch to the next of the three themes."""
        self.theme = THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]
        if isinstance(self.screen, BaseScreen):
            self.screen.say(f"Theme: {self.theme.replace('-', ' ')}.")

    def do_app_sign_out(self) -> None:
        """Sign the user out."""
        if self.person is not None:
            self.leaving(self.screen_stack, self._sign_out)

    def leave_ended_session(self, ended: SessionEnded) -> None:
        """Leave every screen of the former user; further refusals of the same session change nothing."""
        if self.person is not None:
            self.kept_forms.keep()
            self._sign_out((str(ended), "refused"))

    @asks("sign_out")
    async def _sign_out(self, flash: tuple[str, str] = ("", "done")) -> None:
        self.person = None
        self._to_bottom()
        screen = make_screen(routes.to("sign_in"))
        screen.flash = flash
        self.switch_screen(screen)
        self.post_message(Opened(await self.backend.run(lambda backend: backend.sign_out())))

    def action_suspend_here(self) -> None:
        """Suspend the program with Ctrl+Z, on any screen."""
        self.do_app_suspend()

    def do_app_suspend(self) -> None:
        """Suspend the program and return to the shell."""
        if not self.suspend_here() and isinstance(self.screen, BaseScreen):
            self.screen.say("There is no shell here to go back to.")

    def do_app_quit(self) -> None:
        """Leave the program."""
        self.leaving(self.screen_stack, lambda: self.exit(0))

    async def on_event(self, event: events.Event) -> None:
        """Sanitize pasted text before a field receives it, and queue typed keys."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            event = events.Paste(pasted(event.text))
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return  # no screen exists yet, or any more, that could take a key
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._type_ahead.typed(event)
        else:
            await super().on_event(event)

    def on_shortened(self, message: Shortened) -> None:
        """Show which part of a text a field left out, in the message line or in the dialog."""
        say = getattr(self.screen, "say", None)
        if say is not None:
            say(message.sentence, "refused")

    # --- faults -----------------------------------------------------------------------------------------------------

    def on_refusal(self, message: Refusal) -> None:
        """Handle a refusal that reached no screen: the backend could not be opened, or refused the sign-in."""
        if isinstance(message.error, SessionEnded):
            self.leave_ended_session(message.error)
        elif message.about == "open":
            self.fail(message.error)
        elif message.about == "sign_in":
            screen = make_screen(routes.to("sign_in"))
            self.switch_screen(screen)
            screen.call_after_refresh(screen.say, str(message.error), "refused")
        elif message.about == "changes":
            # Asked for by the program itself: any other problem is said at the user's next request.
            if isinstance(message.error, ConnectionLost):
                self.lose_connection(str(message.error))
        elif isinstance(self.screen, BaseScreen):
            if message.about == SENDING:
                self.keap_sender.failed()
            self.screen.say(str(message.error), "refused")

    def fail(self, error: SubtuiError) -> None:
        """Leave with the sentence of an error, which is printed once the terminal is restored."""
        self.failure = str(error)
        self.exit(error.exit_code, return_code=error.exit_code)

    def on_fault(self, message: Fault) -> None:
        """End the program for an unexpected error in the backend, as for one on a screen."""
        self._handle_exception(cast("Exception", message.error))

    def _handle_exception(self, error: Exception) -> None:
        """Ignore the missing widgets of a closed screen: the last answers may arrive after they are removed.

        The same applies to a dialog that is closed before it is composed.
        """
        sender = active_message_pump.get(None)
        gone = isinstance(sender, Screen) and (sender not in self.screen_stack or not sender.is_attached)
        if not self._exit and not (gone and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Write a report without locals; Textual would print a traceback with locals, which include customer data."""
        self.bell()
        error = sys.exc_info()[1] or self._exception
        report = CrashReport.of(error, folder=self.app_config.crash_folder)
        kept = " What you had typed is kept: start again, and it is offered to you." if self.kept_forms.keep() else ""
        self.failure = report.sentence + kept
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """End the program as for any other error, instead of Textual's own error panel."""
        self._return_code = self._return_code or 1
        self._fatal_error()

    def _leave(self, code: int) -> None:
        """Keep the unsaved form when the system ends the program: a closed window, a shutdown."""
        self.kept_forms.keep()
        super()._leave(code)

    def notify(self, message: str, **options: object) -> None:
        """Show a notice of Textual in the message line, never as markup."""
        if isinstance(self.screen, BaseScreen):
            self.screen.say(safe(message).plain)

    async def action_help_quit(self) -> None:  # type: ignore[override]
        """Handle Ctrl+C without a selection to copy: ask to leave, also from a dialog or the menu."""
        from subtui.app.screens.dialogs import LeaveDialog  # noqa: PLC0415  (only when asked for)

        if isinstance(self.screen, BaseScreen):
            await self.screen.action_command("app.quit")
        elif not isinstance(self.screen, LeaveDialog):
            self.do_app_quit()

    async def action_quit(self) -> None:
        """Ask to leave for Textual's own quit key too."""
        await self.action_help_quit()
