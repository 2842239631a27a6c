"""The refund form: payment, reason, amount, kind, balance afterwards; with a preview of the rows to be written."""

import secrets
from typing import ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input, Static

from subtui.acts.act import Query
from subtui.acts.orders import PreviewRefund, RecordRefund
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.order_form import LONGEST_AMOUNT, OrderForm
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.text_box import NoteBox
from subtui.app.widgets.text_field import TextField
from subtui.domain.endings import UNUSED
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.refunds import LONGEST_REFERENCE, REFUND_KIND_WORDS, RefundKind, usual_kind
from subtui.views.orders import LedgerRow, OrderRecord, PaymentPreview, RefundDraft
from subtui.views.refund_preview import LONGEST_NOTE, owed_words

_WHOLE_ORDER = "0"
_AMOUNTS = (("amount", "amount"), ("owed", "owed_after"))


class RefundScreen(OrderForm):
    """The form for a payment of an order: the one in the parameter `payment`, else the newest refundable one."""

    CSS_PATH = "refund.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.REFUND,)
    BINDINGS = bindings(Scope.REFUND)
    AUTO_FOCUS = ""
    SAVE = "refund.save"

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self._usual_kind = RefundKind.REFUND
        self._intent = secrets.token_hex(16)  # the same intention is recorded once, however often it is sent

    def compose_body(self) -> ComposeResult:
        """Compose the fields, with the preview panel beside them."""
        yield from self.compose_form(self._fields())

    def _fields(self) -> ComposeResult:
        kinds = tuple((kind.value, REFUND_KIND_WORDS[kind]) for kind in RefundKind)
        yield FormField("Payment", Dropdown((), id="payment"), id="field-payment")
        yield FormField("Reason", Dropdown((), id="reason"), id="field-reason")
        yield FormField("Note", NoteBox(id="note", most=LONGEST_NOTE, placeholder="optional"), id="field-note")
        yield FormField(
            "Amount",
            TextField(id="amount", most=LONGEST_AMOUNT, placeholder="all that is left"),
            id="field-amount",
        )
        yield FormField("How", Dropdown(kinds, value=RefundKind.REFUND.value, id="kind"), id="field-kind")
        yield FormField("Still owed", TextField(id="owed", most=LONGEST_AMOUNT), id="field-owed_after")
        yield FormField(
            "Line",
            Dropdown(((_WHOLE_ORDER, "the whole order"),), value=_WHOLE_ORDER, id="line"),
            id="field-line",
        )
        yield FormField(
            "Gateway ref",
            TextField(id="reference", most=LONGEST_REFERENCE, placeholder="can be added later"),
            id="field-reference",
        )

    # --- showing ----------------------------------------------------------------------------------------------------

    def loaded(self, record: OrderRecord) -> None:
        """Fill the form in for the order."""
        self.record = record
        self.show_headline(record)
        if record.why_not_refund:
            self.query_one("#headline", Static).update(safe(record.why_not_refund, "$warning"))
            self.refresh_frame()
            return
        self._offer(record)
        self.show_form(shown=True)
        if self.begun is None:
            self.focus_on("reason")
        self.begin()
        self.refresh_frame()

    def _offer(self, record: OrderRecord) -> None:
        payments = sorted((row for row in record.rows if row.left is not None), key=_newest, reverse=True)
        dropdown = self.query_one("#payment", Dropdown)
        dropdown.offer([(str(row.id), self._payment_words(row)) for row in payments])
        possible = [row.id for row in payments if not row.why_not_return]
        if dropdown.chosen is None:
            wanted = int(self.route.parameter("payment") or 0)
            dropdown.choose(str(wanted if wanted in possible else possible[0]))
        self._follow_payment()
        self.query_one("#reason", Dropdown).offer([(reason.code, reason.label) for reason in record.reasons])
        lines = [(str(item.id), f"{item.name}, {item.left.format()} left") for item in record.items]
        self.query_one("#line", Dropdown).offer([(_WHOLE_ORDER, "the whole order"), *lines])
        if record.unused is not None:
            self.query_one("#amount", Input).placeholder = f"all, or unused ({record.unused.amount.format()})"
        self.query_one("#owed", Input).placeholder = f"{owed_words(record.owed)} (unchanged)"

    def money(self, name: str) -> Money | str | None:
        """The value of an amount field; the word “unused” is what the ended subscription leaves unused."""
        record = self.record
        if name == "amount" and record is not None and record.unused and self.typed(name).strip().lower() == UNUSED:
            return record.unused.amount
        return super().money(name)

    def edited(self, event: Message) -> None:
        """Adapt the kind of refund to another payment."""
        if isinstance(event, Dropdown.Changed) and event.select.id == "payment":
            self._follow_payment()

    def _follow_payment(self) -> None:
        """Choose the payment's usual kind of refund, unless the user chose another."""
        record, kind = self.record, self.query_one("#kind", Dropdown)
        chosen = int(self.query_one("#payment", Dropdown).chosen or 0)
        row = next((row for row in record.rows if row.id == chosen), None) if record else None
        if row is not None and kind.chosen == self._usual_kind:
            self._usual_kind = usual_kind(row.method)
            kind.choose(self._usual_kind.value)

    def _payment_words(self, row: LedgerRow) -> str:
        left = f", {row.left.format()} left" if row.left is not None and row.left != row.amount else ""
        return f"{row.amount.format()} on {self.subtui.day(row.paid_on)}{left}"

    # --- reading ----------------------------------------------------------------------------------------------------

    def draft(self) -> RefundDraft:
        """The draft from the form; an unreadable amount counts as not given."""
        amount, owed = self.money("amount"), self.money("owed")
        line = self.query_one("#line", Dropdown).chosen
        return RefundDraft(
            payment_id=int(self.query_one("#payment", Dropdown).chosen or 0),
            intent=self._intent,
            amount=amount if isinstance(amount, Money) else None,
            kind=RefundKind(self.query_one("#kind", Dropdown).chosen or RefundKind.REFUND),
            owed_after=owed if isinstance(owed, Money) else None,
            reason_code=self.query_one("#reason", Dropdown).chosen,
            note=self.typed("note"),
            reference=self.typed("reference"),
            order_item_id=int(line) if line and line != _WHOLE_ORDER else None,
        )

    def unreadable(self) -> tuple[Problem, ...]:
        found = ((field, self.money(name)) for name, field in _AMOUNTS)
        return tuple(Problem(field, why) for field, why in found if isinstance(why, str))

    # --- saving -----------------------------------------------------------------------------------------------------

    def previewing(self, draft: RefundDraft) -> Query[PaymentPreview]:
        """The query that previews the draft."""
        return PreviewRefund(self.order_id, draft)

    def do_refund_save(self) -> None:
        """Preview the draft, ask for confirmation, then record it."""
        self.try_to_save()

    def save(self, draft: RefundDraft, preview: PaymentPreview) -> None:
        """Ask for confirmation with the details of the preview."""
        record = self.record
        if record is None or preview.amount is None:
            return
        row = next(row for row in record.rows if row.id == draft.payment_id)
        seen = (row.left or Money.zero(record.total.currency), record.owed)
        balance = next(line.text for line in preview.lines if line.label == "Balance")
        lines = [
            safe(f"{preview.amount.format()} back to {record.contact}", "bold"),
            safe(f"for {record.title}, order {record.id}"),
            safe(f"Payment on {self.subtui.day(row.paid_on)}, {row.amount.format()}, {row.method}"),
            safe(f"Balance: {balance}"),
            safe("Another user has to approve it." if preview.needs_approval else "Recorded, not sent.", "$warning"),
        ]
        title = "Request this refund?" if preview.needs_approval else "Record this refund?"
        self.confirm(
            title,
            lines,
            RecordRefund(self.order_id, draft, version=record.version, seen=seen),
            answer="Request" if preview.needs_approval else "Record",
        )

    def after_stale(self, start_over: bool | None) -> None:
        """Reload the order, and keep the entries or start over if `start_over`."""
        if start_over:
            self.begun = None
            self.query_one("#note", NoteBox).text = ""
            for name in ("amount", "owed", "reference"):
                self.query_one(f"#{name}", TextField).value = ""
        self.load()
        self.say("This is the current order. Check the panel, then save.")

    def why_no_form(self) -> str:
        """Why nothing of this order can be refunded."""
        return self.record.why_not_refund if self.record else "There is no order here."


def _newest(row: LedgerRow) -> tuple[bool, object, int]:
    return (not row.why_not_return, row.paid_on, row.id)
