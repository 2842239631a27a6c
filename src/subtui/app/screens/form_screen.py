"""The base of forms: shows problems at their fields, saves once, and stays open until the answer."""

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeVar

from textual import on
from textual.css.query import NoMatches
from textual.widgets import Input, TextArea

from subtui.acts.act import Act
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.catalog import Command
from subtui.app.routes import Route
from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.leave_button import LeaveButton
from subtui.app.workers import asks
from subtui.domain.errors import Invalid, Problem

T = TypeVar("T")

SLOW_SAVE = 0.3
"""Seconds after which a message says that a save is under way."""


class FormScreen(BaseScreen):
    """A form that is saved once. Its fields are `FormField`s called `field-NAME`."""

    SAVE: ClassVar[str] = ""
    """The id of the command that saves."""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self._saving = False
        self._tried = False

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Dropdown.Changed)
    @on(DateInput.Dated)
    @on(Checkbox.Changed)
    def _name_leaving(self) -> None:
        # Not a query, which matches every widget: this is asked at each key.
        buttons = list(self.walk_children(LeaveButton))
        if buttons:
            unsaved = self.unsaved
            for button in buttons:
                button.follow(unsaved=unsaved)

    def do_once(self, act: Act[T], done: Callable[[T], None]) -> None:
        """Do the act that saves the form, then call `done` with its answer; further keys meanwhile have no effect."""
        if not self._saving:
            self._saving = True
            self._do(act, done)

    @asks("save")
    async def _do(self, act: Act[T], done: Callable[[T], None]) -> None:
        patience = self.set_timer(SLOW_SAVE, lambda: self.say("Saving …"))
        try:
            answer = await self.do(act)
        finally:
            patience.stop()
        done(answer)

    async def action_command(self, command_id: str) -> None:
        """Run a command. A second press of Save during a save has no effect, and replaces no message.

        Back gives up on a server that does not answer; the form stays, and what became of the save is said.
        """
        if self._saving and command_id == "app.back" and self.subtui.backend.break_off():
            self.say("Giving up on the server …")
            return
        if not (self._saving and command_id == self.SAVE):
            await super().action_command(command_id)

    def disabled_reason(self, wanted: Command) -> str | None:
        """Refuse every command during a save, so that its answer is shown on this screen."""
        return "Please wait: this is being saved." if self._saving else super().disabled_reason(wanted)

    def refused(self, refusal: Refusal) -> None:
        """Show the problems at the fields, which keep their entries."""
        self._saving = False
        if isinstance(refusal.error, Invalid):
            self.show_wrong(refusal.error.problems)
        else:
            super().refused(refusal)

    def show_wrong(self, problems: Iterable[Problem]) -> None:
        """Show each problem below its field, and focus the first."""
        found = tuple(problems)
        self.show_problems(found)
        if found:
            self.say(f"Not saved. {found[0].sentence}", "refused")
            self.focus_on(found[0].field)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show each problem below its field, and clear the other fields."""
        by_field = {problem.field: problem.sentence for problem in reversed(tuple(problems))}
        for field in self.query(FormField):
            field.set_problem(by_field.get((field.id or "").removeprefix("field-"), ""))

    def focus_on(self, name: str) -> None:
        """Focus a field by its name."""
        try:
            control = self.query_one(f"#field-{name}", FormField).control
        except NoMatches:
            return
        control.focus()
        self.call_after_refresh(control.scroll_visible, animate=False)

    def typed(self, name: str) -> str:
        """The text of an input, or of a box of several lines."""
        control = self.query_one(f"#{name}")
        if isinstance(control, TextArea):
            return control.text
        assert isinstance(control, Input)  # noqa: S101  (an unknown name is a bug of the form)
        return control.value
