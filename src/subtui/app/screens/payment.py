"""The form that adds a payment, a credit or an adjustment to an order."""

import secrets
from typing import ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from subtui.acts.act import Query
from subtui.acts.orders import AddPayment, PreviewPayment
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.order_form import LONGEST_AMOUNT, OrderForm
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.text_box import NoteBox
from subtui.app.widgets.text_field import TextField
from subtui.domain.errors import Problem
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.refunds import LONGEST_REFERENCE
from subtui.views.orders import OrderRecord, PaymentDraft, PaymentPreview
from subtui.views.refund_preview import LONGEST_NOTE

_KINDS = (
    (RowKind.CHARGE.value, "Payment"),
    (RowKind.CREDIT.value, "Credit"),
    (RowKind.ADJUSTMENT.value, "Adjustment"),
)
# The types of the classic product's payment form that record a payment without charging a card.
_METHODS = tuple((name, name) for name in ("Check", "Cash", "Money Order", "Credit Card (Manual)", "Bank transfer"))


class PaymentForm(OrderForm):
    """The form of one ledger row."""

    CSS_PATH = "money.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.MONEY,)
    BINDINGS = bindings(Scope.MONEY)
    AUTO_FOCUS = ""
    SAVE = "money.save"

    def __init__(self, route: Route) -> None:
        """The parameter `prepare=write-off` prepares a credit for all that is due."""
        super().__init__(route)
        self._intent = secrets.token_hex(16)

    def compose_body(self) -> ComposeResult:
        """Compose the fields, with the preview panel beside them."""
        yield from self.compose_form(self._fields())

    def _fields(self) -> ComposeResult:
        display_config = self.subtui.app_config.display_config
        yield FormField("What", Dropdown(_KINDS, value=RowKind.CHARGE.value, id="kind"), id="field-kind")
        yield FormField("Amount", TextField(id="amount", most=LONGEST_AMOUNT), id="field-amount")
        yield FormField(
            "Date",
            DateInput(id="paid-on", placeholder="today", display_config=display_config, past=True),
            id="field-paid_on",
        )
        yield FormField("Type", Dropdown(_METHODS, value="Check", id="method"), id="field-method")
        yield FormField("Note", NoteBox(id="note", most=LONGEST_NOTE), id="field-note")
        yield FormField(
            "Reference",
            TextField(id="reference", most=LONGEST_REFERENCE, placeholder="optional"),
            id="field-reference",
        )

    def loaded(self, record: OrderRecord) -> None:
        """Fill the form in for the order."""
        self.record = record
        self.show_headline(record)
        self.query_one("#paid-on", DateInput).today = self.subtui.today
        self.show_form(shown=True)
        if self.begun is None:
            if record.owed.minor < 0:
                self.query_one("#kind", Dropdown).choose(RowKind.ADJUSTMENT.value)
            elif self.route.parameter("prepare") == "write-off":
                self.query_one("#kind", Dropdown).choose(RowKind.CREDIT.value)
            self.query_one("#amount", Input).value = record.owed.format_amount() if record.owed.minor else ""
            self.focus_on("kind")
        self.begin()
        self.refresh_frame()

    def draft(self) -> PaymentDraft:
        """The draft from the form; an unreadable amount counts as zero."""
        amount = self.money("amount")
        kind = RowKind(self.query_one("#kind", Dropdown).chosen or RowKind.CHARGE)
        nothing = Money.zero(self.record.total.currency if self.record else "USD")
        return PaymentDraft(
            kind=kind,
            intent=self._intent,
            amount=amount if isinstance(amount, Money) else nothing,
            paid_on=self.query_one("#paid-on", DateInput).day,
            method=(self.query_one("#method", Dropdown).chosen or "") if kind is RowKind.CHARGE else "",
            note=self.typed("note"),
            reference=self.typed("reference"),
        )

    def unreadable(self) -> tuple[Problem, ...]:
        amount, day = self.money("amount"), self.query_one("#paid-on", DateInput).problem
        found = [Problem("amount", amount)] if isinstance(amount, str) else []
        return (*found, *([Problem("paid_on", day)] if day else []))

    def edited(self, _event: Message) -> None:
        """Show the type for a payment only."""
        kind = self.query_one("#kind", Dropdown).chosen
        self.query_one("#field-method").display = kind == RowKind.CHARGE.value

    def previewing(self, draft: PaymentDraft) -> Query[PaymentPreview]:
        """The query that previews the draft."""
        return PreviewPayment(self.order_id, draft)

    def do_money_save(self) -> None:
        """Preview the draft, ask for confirmation, then record it."""
        self.try_to_save()

    def save(self, draft: PaymentDraft, preview: PaymentPreview) -> None:
        """Ask for confirmation with the details of the preview."""
        record = self.record
        if record is None:
            return
        what, balance = preview.lines[0], preview.lines[1]
        when = self.subtui.day(draft.paid_on or self.subtui.today)
        lines = [
            safe(f"{what.label}, {what.text}", "bold"),
            safe(f"{record.contact}, {record.title}, order {record.id}, {when}"),
            safe(f"Balance: {balance.text}"),
        ]
        self.confirm(
            f"Record this {what.label.lower()}?",
            lines,
            AddPayment(self.order_id, draft, version=record.version),
        )

    def why_no_form(self) -> str:
        """Why there is no form."""
        return "There is no order here."
