"""Keeps the unsaved form when the program ends, and offers it to the same user at the next start."""

from contextlib import suppress

from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.kept_form import FormKeeper, KeptForm, filled_in
from subtui.app.program import Program
from subtui.app.routes import Route
from subtui.domain.errors import SubtuiError


class KeptForms:
    """Keeps, offers and restores the unsaved form of the program."""

    def __init__(self, app: Program) -> None:
        self._app = app
        self._keeper = FormKeeper(app.app_config.form_folder, app.app_config.where)

    def keep(self) -> bool:
        """Keep the unsaved form, because a signal or an error ends the program. Returns whether it is kept."""
        person = self._app.person
        if person is None or self._app.app_config.read_only:
            return False
        stack = list(self._app.screen_stack)
        for at in range(len(stack) - 1, 0, -1):
            with suppress(Exception):  # a screen may be in any state when the program fails
                screen = stack[at]
                below = next((each for each in reversed(stack[: at + 1]) if isinstance(each, BaseScreen)), None)
                if below is not None and getattr(screen, "unsaved", False):
                    form = KeptForm(below.route.link, filled_in(screen), getattr(screen, "purpose", ""))
                    return self._keeper.keep(person.email, form)
        return False

    def forget(self) -> None:
        """Delete the kept form, after it was restored or discarded."""
        if self._app.person is not None:
            self._keeper.forget(self._app.person.email)

    def offer(self) -> None:
        """Ask the user who has just signed in whether to restore their kept form, if there is one."""
        person = self._app.person
        if person is None or self._app.app_config.read_only:
            return
        kept = self._keeper.find(person.email)
        if kept is None:
            return
        try:
            route = routes.parse(kept.route)
        except SubtuiError:
            self.forget()
            return
        from subtui.app.screens.dialogs import KeptDialog  # noqa: PLC0415  (only when there is one)

        number = f" {route.id}" if route.id is not None else ""
        what = f"{route.pattern.title.lower()}{number}"
        self._app.push_screen(KeptDialog(what), lambda discard: self._answered(kept, route, discard=discard))

    def _answered(self, kept: KeptForm, route: Route, *, discard: bool | None) -> None:
        if discard:
            self.forget()
            return
        here = self._app.screen
        self._app.go(route, kept=kept, instead=isinstance(here, BaseScreen) and here.route == route)
