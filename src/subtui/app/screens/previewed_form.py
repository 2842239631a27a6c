"""The base of forms with a preview panel: its layout, previews, conflicts. Only a previewed draft is saved."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from subtui.acts.act import Query
from subtui.app.backend_client import Refusal
from subtui.app.commands.catalog import Command
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.dialogs import StaleDialog
from subtui.app.screens.form_screen import FormScreen
from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.leave_button import LeaveButton
from subtui.app.widgets.preview_panel import PREVIEW_HEADING, PreviewPanel
from subtui.app.workers import asks
from subtui.domain.errors import Problem, Stale
from subtui.views.preview import Line, Preview


class PreviewedForm(FormScreen):
    """A form that requests a preview at every change. Subclasses give the draft, its preview query, and the save."""

    CONFLICT: ClassVar[tuple[str, str]] = ("Keep my changes", "Start over")
    """The answers in the dialog about a newer version: keep the entries on top of it, or not."""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.begun: Any = None  # the draft when the form opened; None until then
        self._previewed: tuple[Any, Any] | None = None
        self._save_when_previewed = False

    # --- layout -----------------------------------------------------------------------------------------------------

    def compose_form(
        self, fields: Iterable[Widget], *, panel: str = PREVIEW_HEADING, buttons: Iterable[Widget] = ()
    ) -> ComposeResult:
        """Compose the headline, the fields with the panel beside them, and the buttons, Save last."""
        with Vertical(id="form"):
            yield Static(safe("Loading …", "$muted"), id="headline", markup=False)
            with Horizontal(id="columns"):
                with VerticalScroll(id="scroll", can_focus=False):
                    yield from fields
                with VerticalScroll(id="side", can_focus=False):
                    yield PreviewPanel(panel)
            with Horizontal(id="buttons"):
                yield from buttons
                yield Static("", id="spacer", markup=False)
                yield LeaveButton()
                yield Button("Save", id="save", variant="primary", compact=True)

    def show_form(self, *, shown: bool) -> None:
        """Show the fields, or hide them until the record is loaded."""
        self.query_one("#columns").display = shown
        self.query_one("#buttons").display = shown

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
        if self.begun is None:
            return
        self.edited(event)
        if self._previewed is not None and self._previewed[0] == self.draft():
            self._show_preview()
        else:
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
        self._show_preview()
        if self._save_when_previewed:
            self._save_when_previewed = False
            self.try_to_save()

    def _show_preview(self) -> None:
        if self._previewed is None:
            return
        preview = self._previewed[1]
        problems = self._problems(preview)
        self.query_one(PreviewPanel).show(Preview(tuple(self.lines_of(preview))), problems)
        self.show_more(preview)
        if self._tried:
            self.show_problems(problems)

    def forget_preview(self) -> None:
        """Forget the shown preview, because the record under it has changed."""
        self._previewed = None
        self._save_when_previewed = False

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
        """Show a refusal and keep the entries; offer both versions of a record that has changed."""
        self._save_when_previewed = False
        error = refusal.error
        if refusal.about == "load":
            self.query_one("#headline", Static).update(safe(str(error), "$warning"))
        if isinstance(error, Stale):
            self._saving = False
            self.outdated = None
            self.say(str(error), "refused")
            keep, take = self.CONFLICT
            self.app.push_screen(StaleDialog(error, keep=keep, take=take), self.after_stale)
        else:
            super().refused(refusal)

    def after_stale(self, take_theirs: bool | None) -> None:
        """Go on with the entries on the current record, or with the record alone if `take_theirs`."""

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
