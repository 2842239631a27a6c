"""The base of forms with a preview panel. Only a draft whose preview was shown is saved."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on
from textual.message import Message
from textual.widgets import Button, Input, TextArea

from subtui.acts.act import Query
from subtui.app.backend_client import Refusal
from subtui.app.commands.catalog import Command
from subtui.app.routes import Route
from subtui.app.screens.form_screen import FormScreen
from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.app.workers import asks
from subtui.domain.errors import Problem
from subtui.views.preview import Line, Preview


class PreviewedForm(FormScreen):
    """A form that requests a preview at every change. Subclasses give the draft, its preview query, and the save."""

    SAVE: ClassVar[str]
    """The id of the command that saves."""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.begun: Any = None  # the draft when the form opened; None until then
        self._previewed: tuple[Any, Any] | None = None
        self._save_when_previewed = False

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def draft(self) -> Any:
        """The draft from the form."""
        raise NotImplementedError

    def previewing(self, draft: Any) -> Query[Any]:
        """The query that previews a draft."""
        raise NotImplementedError

    def unreadable(self) -> tuple[Problem, ...]:
        """The problems of unreadable fields."""
        return ()

    def lines_of(self, preview: Any) -> Sequence[Line]:
        """The lines for the panel."""
        lines: Sequence[Line] = preview.lines
        return lines

    def show_more(self, preview: Any) -> None:
        """Show further parts of a preview."""

    def save(self, draft: Any, preview: Any) -> None:
        """Save a draft that has been previewed without problems."""
        raise NotImplementedError

    # --- preview and save -------------------------------------------------------------------------------------------

    @property
    def unsaved(self) -> bool:
        """Whether there are unsaved changes."""
        if self.begun is None or self._saving:
            return False
        return self.draft() != self.begun or bool(self.unreadable())

    def begin(self) -> None:
        """Take the filled-in form as the initial draft, and start to preview changes."""
        self.begun = self.draft()
        self.restore_kept()
        self.ask_preview()

    @on(Dropdown.Changed)
    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(DateInput.Dated)
    @on(Checkbox.Changed)
    def _edited(self, event: Message) -> None:
        event.stop()
        if self.begun is not None:
            self.edited(event)
            self.ask_preview()

    def edited(self, _event: Message) -> None:
        """Adapt other fields to a change."""

    @asks("preview", newest=True)
    async def ask_preview(self) -> None:
        """Preview the current draft, unless it changes meanwhile; then save, if a save waits for the preview."""
        draft = self.draft()
        preview = await self.read(self.previewing(draft))
        if draft != self.draft():
            return
        self._previewed = (draft, preview)
        problems = self._problems(preview)
        self.query_one(PreviewPanel).show(Preview(tuple(self.lines_of(preview))), problems)
        self.show_more(preview)
        if self._tried:
            self.show_problems(problems)
        if self._save_when_previewed:
            self._save_when_previewed = False
            self.try_to_save()

    def _problems(self, preview: Any) -> tuple[Problem, ...]:
        return (*self.unreadable(), *preview.problems)

    def try_to_save(self) -> None:
        """Save the previewed draft; if the form has changed since, preview first. Does nothing during a save."""
        if self.begun is None or self._saving:
            return
        self._tried = True
        draft = self.draft()
        if self._previewed is None or self._previewed[0] != draft:
            self._save_when_previewed = True
            self.ask_preview()
            return
        preview = self._previewed[1]
        problems = self._problems(preview)
        if problems:
            self.show_wrong(problems)
        else:
            self.save(draft, preview)

    def refused(self, refusal: Refusal) -> None:
        """Cancel a waiting save, because its draft could not be previewed."""
        self._save_when_previewed = False
        super().refused(refusal)

    @on(Button.Pressed, "#save")
    async def _save_pressed(self) -> None:
        await self.action_command(self.SAVE)

    @on(Button.Pressed, "#leave")
    async def _leave_pressed(self) -> None:
        await self.action_command("app.back")

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: without a form there is nothing to save."""
        if wanted.id == self.SAVE and self.begun is None:
            return super().disabled_reason(wanted) or self.why_no_form()
        return super().disabled_reason(wanted)

    def why_no_form(self) -> str:
        """Why there is no form to save."""
        return "There is no form to save here."

    def is_offered(self, known: Command) -> bool:
        """Show the keys of the focused field, and Save, in the key bar."""
        if known.id == "dropdown.open":
            return isinstance(self.focused, Dropdown)
        if known.id == "date.move":
            return isinstance(self.focused, DateInput)
        return known.id != "app.quit"
