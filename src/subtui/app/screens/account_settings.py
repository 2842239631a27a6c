"""The account settings, for the owner: the plan, the cancellation terms, the calendar and the reasons."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from subtui.acts.account import CheckSettings, GetSettings, SaveSettings
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope, command
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.form_screen import FormScreen
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.leave_button import LeaveButton
from subtui.app.widgets.text_box import TextBox
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.account_settings import LONGEST, SETTINGS, SettingsDraft, reasons_text
from subtui.domain.billing import Cycle
from subtui.domain.errors import Problem
from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.views.account import SettingsView

_CYCLES = tuple((cycle.value, f"{cycle.value}s") for cycle in Cycle)
_YES, _NO = "yes", "no"
_ACCESS = ((_NO, "access stops"), (_YES, "access goes on"))
_LONGEST_LIST = 4000

_DATES = ("anchor", "began_on")


class AccountSettings(FormScreen):
    """The form of all settings."""

    CSS_PATH = "account_settings.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SETTINGS,)
    BINDINGS = bindings(Scope.SETTINGS)
    AUTO_FOCUS = ""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.view: SettingsView | None = None
        self._begun: SettingsDraft | None = None

    @property
    def unsaved(self) -> bool:
        """Whether there are unsaved changes."""
        return self._begun is not None and self.draft() != self._begun

    def compose_body(self) -> ComposeResult:
        """Compose the fields by section."""
        with Vertical(id="settings"):
            yield Static(safe("Loading …", "$muted"), id="headline", markup=False)
            with VerticalScroll(id="scroll", can_focus=False):
                yield from self._compose_fields()
            with Horizontal(id="buttons"):
                yield Static("", id="spacer", markup=False)
                yield LeaveButton()
                yield Button("Save", id="save", variant="primary", compact=True)

    def _compose_fields(self) -> Iterable[Widget]:
        for setting in SETTINGS:
            if setting.section:
                first = " first" if setting is SETTINGS[0] else ""
                yield Static(setting.section, classes=f"section{first}", markup=False)
            control = self._control(setting.name)
            yield FormField(setting.label, control, hint=setting.hint, id=f"field-{setting.name}")

    def _control(self, name: str) -> Widget:
        if name in _DATES:
            return DateInput(id=name, display_config=self.subtui.app_config.display_config, past=True)
        if name == "cycle":
            return Dropdown(_CYCLES, value=Cycle.MONTH.value, id=name)
        if name == "access_in_pause":
            return Dropdown(_ACCESS, value=_NO, id=name)
        if name == "reasons":
            return TextBox(id=name, most=_LONGEST_LIST)
        long = name in ("own_holidays", "limits", "batch_limits")
        placeholder = {
            "own_holidays": "2026-12-24, 2026-12-31 (besides public holidays)",
            "limits": "agent 200.00 USD (higher refunds need approval)",
            "batch_limits": "agent 50 (larger batches need approval)",
        }.get(name, "")
        return TextField(id=name, most=_LONGEST_LIST if long else LONGEST, placeholder=placeholder)

    def on_mount(self) -> None:
        """Load the list."""
        self._show_form(shown=False)
        self._load()

    def _show_form(self, *, shown: bool) -> None:
        self.query_one("#scroll").display = shown
        self.query_one("#buttons").display = shown

    @asks("load")
    async def _load(self) -> None:
        view = self.view = await self.read(GetSettings())
        for name in _DATES:
            date_field = self.query_one(f"#{name}", DateInput)
            date_field.today = self.subtui.today
            date_field.put(getattr(view, name))
        self.query_one("#cycle", Dropdown).choose(view.cycle)
        self.query_one("#access_in_pause", Dropdown).choose(_YES if view.access_in_pause else _NO)
        self.query_one("#reasons", TextBox).text = sanitize_lines(reasons_text(view.reasons))
        texts = {
            "own_holidays": ", ".join(day.isoformat() for day in view.own_holidays),
            "minimum_months": str(view.minimum_months or ""),
        }
        for field in self.query(Input):
            name = field.id or ""
            if name not in _DATES:
                field.value = sanitize(texts.get(name, str(getattr(view, name))))
        words = "Your plan and its cancellation terms. Every change is logged."
        self.query_one("#headline", Static).update(
            safe(super().disabled_reason(command("settings.save")) or words, "$muted")
        )
        self._name_the_cycle()
        self._show_form(shown=True)
        self._begun = self.draft()
        self._tried = False
        if self.focused is None:
            self.focus_on("plan")
        self.restore_kept()
        self.refresh_frame()

    # --- reading and checking ---------------------------------------------------------------------------------------

    def draft(self) -> SettingsDraft:
        """The draft from the form."""
        chosen: dict[str, Any] = {
            "cycle": Cycle(self.query_one("#cycle", Dropdown).chosen or Cycle.MONTH),
            "access_in_pause": self.query_one("#access_in_pause", Dropdown).chosen == _YES,
            **{name: self.query_one(f"#{name}", DateInput).day for name in _DATES},
        }
        typed = {setting.name: self.typed(setting.name) for setting in SETTINGS if setting.name not in chosen}
        return SettingsDraft(**(chosen | typed))

    def _unreadable(self) -> tuple[Problem, ...]:
        fields = ((name, self.query_one(f"#{name}", DateInput)) for name in _DATES)
        return tuple(Problem(name, field.problem) for name, field in fields if field.problem)

    def _name_the_cycle(self) -> None:
        """Show the chosen cycle as the unit of the frequency: `Every 3 (months)`."""
        cycle = self.query_one("#cycle", Dropdown).chosen or Cycle.MONTH.value
        self.query_one("#field-frequency", FormField).set_hint(f"({cycle}s)")

    @on(Dropdown.Changed)
    @on(Input.Changed)
    @on(DateInput.Dated)
    @on(TextBox.Changed)
    def _edited(self, event: Message) -> None:
        event.stop()
        self._name_the_cycle()
        if self._tried:
            self._check()

    @asks("check", newest=True)
    async def _check(self) -> None:
        draft = self.draft()
        problems = await self.read(CheckSettings(draft))
        if draft == self.draft():
            self.show_problems((*self._unreadable(), *problems))

    # --- saving -----------------------------------------------------------------------------------------------------

    def do_settings_save(self) -> None:
        """Save the settings."""
        view = self.view
        if view is None or self._saving:
            return
        self._tried = True
        unreadable = self._unreadable()
        if unreadable:
            self.show_wrong(unreadable)
            return
        self.do_once(SaveSettings(self.draft(), version=view.version), self._saved)

    def _saved(self, sentence: str) -> None:
        self._saving = False
        self.say(sentence, "done")
        self.subtui.ask_for_the_day()
        self._load()
        leave = self.query_one("#leave", Button)
        leave.label = "Back"
        leave.focus()

    def refused(self, refusal: Refusal) -> None:
        """Show a refusal to load in place of the form."""
        if refusal.about == "load" and self.view is None:
            self.query_one("#headline", Static).update(safe(str(refusal.error)))
        super().refused(refusal)

    @on(Button.Pressed, "#save")
    async def _save_pressed(self) -> None:
        await self.action_command("settings.save")

    @on(Button.Pressed, "#leave")
    async def _leave_pressed(self) -> None:
        await self.action_command("app.back")

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: without a form there is nothing to save."""
        if wanted.id == "settings.save" and self._begun is None:
            return super().disabled_reason(wanted) or "There is nothing to save here."
        return super().disabled_reason(wanted)

    def is_offered(self, known: Command) -> bool:
        """Show the keys of the focused field, and Save, in the key bar."""
        if known.id == "dropdown.open":
            return isinstance(self.focused, Dropdown)
        if known.id == "date.move":
            return isinstance(self.focused, DateInput)
        return known.id != "app.quit"

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below Billing & Account."""
        return ("Admin", "Billing & Account", "Settings")
