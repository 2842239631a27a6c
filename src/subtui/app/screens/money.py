"""Add a payment, a credit or an adjustment to an order, so that its balance is put right."""

import secrets
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Button, Input, Static

from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.routes import Route
from subtui.app.screens.money_form import MoneyForm, plain_input
from subtui.app.text import safe
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.domain.books import RowKind
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.order_views import MoneyDraft, MoneyPreview
from subtui.domain.preview import Preview
from subtui.domain.refund_preview import LONGEST_NOTE
from subtui.domain.refunds import LONGEST_REFERENCE

_KINDS = (
    (RowKind.CHARGE.value, "Payment"),
    (RowKind.CREDIT.value, "Credit"),
    (RowKind.ADJUSTMENT.value, "Adjustment"),
)
# The types of the classic product's payment form that only record, and charge no card.
_METHODS = tuple((name, name) for name in ("Check", "Cash", "Money Order", "Credit Card (Manual)", "Bank transfer"))
LONGEST_AMOUNT = 24


class AddMoney(MoneyForm):
    """One row of money."""

    CSS_PATH = "money.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.MONEY,)
    BINDINGS = bindings(Scope.MONEY)
    AUTO_FOCUS = ""

    class Previewed(Message):
        """What recording the draft would do."""

        def __init__(self, draft: MoneyDraft, preview: MoneyPreview) -> None:
            super().__init__()
            self.draft, self.preview = draft, preview

    def __init__(self, route: Route, *, write_off: bool = False) -> None:
        """`write_off` prepares a credit for all that is due."""
        super().__init__(route)
        self._write_off = write_off
        self._intent = secrets.token_hex(16)
        self._begun: MoneyDraft | None = None
        self._problems: tuple[Problem, ...] = ()
        self._previewed: tuple[MoneyDraft, MoneyPreview] | None = None
        self._save_when_previewed = False

    @property
    def unsaved(self) -> bool:
        """Whether something was filled in that is not recorded."""
        return self._begun is not None and not self._saving and self.draft() != self._begun

    def compose_body(self) -> ComposeResult:
        """The headline, the fields and the panel, the buttons."""
        style = self.subtui.launch.looks.date_format
        with Vertical(id="form"):
            yield Static(safe("Loading …", "$muted"), id="headline", markup=False)
            with Horizontal(id="columns"):
                with VerticalScroll(id="scroll", can_focus=False):
                    yield FormField("What", Dropdown(_KINDS, value=RowKind.CHARGE.value, id="kind"), id="field-kind")
                    yield FormField("Amount", plain_input("amount", LONGEST_AMOUNT), id="field-amount")
                    yield FormField(
                        "Date", DateInput(id="paid-on", placeholder="today", style=style), id="field-paid_on"
                    )
                    yield FormField("Type", Dropdown(_METHODS, value="Check", id="method"), id="field-method")
                    yield FormField("Note", plain_input("note", LONGEST_NOTE + 1), id="field-note")
                    yield FormField(
                        "Reference", plain_input("reference", LONGEST_REFERENCE + 1, "optional"), id="field-reference"
                    )
                with VerticalScroll(id="side", can_focus=False):
                    yield PreviewPanel("What Save will write")
            yield from self.buttons()

    @on(MoneyForm.Loaded)
    def _loaded(self, message: MoneyForm.Loaded) -> None:
        record = self.record = message.record
        self.show_headline(record)
        self.query_one("#paid-on", DateInput).today = self.subtui.today
        self.show_form(shown=True)
        if self._begun is None:
            if record.owed.minor < 0:
                self.query_one("#kind", Dropdown).choose(RowKind.ADJUSTMENT.value)
            elif self._write_off:
                self.query_one("#kind", Dropdown).choose(RowKind.CREDIT.value)
            self.query_one("#amount", Input).value = record.owed.format_amount() if record.owed.minor else ""
            self._begun = self.draft()
            self.focus_on("kind")
        self.refresh_frame()
        self._ask_preview()

    def draft(self) -> MoneyDraft:
        """The form as it is filled in; what cannot be read counts as nothing."""
        amount = self.money("amount")
        kind = RowKind(self.query_one("#kind", Dropdown).chosen or RowKind.CHARGE)
        nothing = Money.zero(self.record.total.currency if self.record else "USD")
        return MoneyDraft(
            kind=kind,
            intent=self._intent,
            amount=amount if isinstance(amount, Money) else nothing,
            paid_on=self.query_one("#paid-on", DateInput).day,
            method=(self.query_one("#method", Dropdown).chosen or "") if kind is RowKind.CHARGE else "",
            note=self.typed("note"),
            reference=self.typed("reference"),
        )

    def _unreadable(self) -> tuple[Problem, ...]:
        amount, day = self.money("amount"), self.query_one("#paid-on", DateInput).problem
        found = [Problem("amount", amount)] if isinstance(amount, str) else []
        return (*found, *([Problem("paid_on", day)] if day else []))

    @on(Dropdown.Changed)
    @on(Input.Changed)
    @on(DateInput.Dated)
    def _edited(self, event: Message) -> None:
        event.stop()
        kind = self.query_one("#kind", Dropdown).chosen
        self.query_one("#field-method").display = kind == RowKind.CHARGE.value
        if self._begun is not None:
            self._ask_preview()

    def _ask_preview(self) -> None:
        draft, number = self.draft(), self.order_id
        self.ask(
            lambda desk: desk.preview_money(number, draft),
            lambda preview: self.Previewed(draft, preview),
            only_newest="preview",
        )

    @on(Previewed)
    def _show_preview(self, message: Previewed) -> None:
        if message.draft != self.draft():
            return
        self._previewed = (message.draft, message.preview)
        problems = (*self._unreadable(), *message.preview.problems)
        self.query_one(PreviewPanel).show(Preview(message.preview.lines), problems)
        if self._tried:
            self.show_problems(problems)
        if self._save_when_previewed:
            self._save_when_previewed = False
            self.do_money_save()

    def do_money_save(self) -> None:
        """Spell it out, ask, record it."""
        record = self.record
        if record is None or self._begun is None or self._saving:
            return
        self._tried = True
        draft = self.draft()
        if self._previewed is None or self._previewed[0] != draft:
            self._save_when_previewed = True
            self._ask_preview()
            return
        preview = self._previewed[1]
        problems = (*self._unreadable(), *preview.problems)
        if problems:
            self.show_wrong(problems)
            return
        what, balance = preview.lines[0], preview.lines[1]
        when = self.subtui.day(draft.paid_on or self.subtui.today)
        lines = [
            safe(f"{what.label}, {what.text}", "bold"),
            safe(f"{record.contact}, {record.title}, order {record.id}, {when}"),
            safe(f"Balance: {balance.text}"),
        ]
        number, version, route = self.order_id, record.version, str(self.route)
        self.confirm(
            f"Record this {what.label.lower()}?",
            lines,
            lambda desk: desk.add_money(number, draft, version=version, route=route),
        )

    @on(Button.Pressed, "#save")
    async def _save_pressed(self) -> None:
        await self.action_command("money.save")

    def why_not(self, wanted: Command) -> str | None:
        """Without an order there is nothing to save."""
        if wanted.id == "money.save" and self._begun is None:
            return "There is no order here."
        return super().why_not(wanted)
