"""An order: its lines, its ledger, the refunds that await approval, and the balance."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from subtui.acts.act import Act
from subtui.acts.orders import ApproveRefund, CorrectRefund, DeclineRefund, GetOrder, SetReference
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, safe
from subtui.app.kept_form import KeptForm
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.note_writing import NoteWriting
from subtui.app.screens.text_dialog import DraftStore, Written
from subtui.app.widgets.description_list import STYLES, DescriptionList
from subtui.app.widgets.notes_pane import NotesPane
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.domain.errors import Invalid
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.ledger import ROW_WORDS
from subtui.views.entries import Paragraph
from subtui.views.keap_standing import standing_facts
from subtui.views.order_entries import (
    ITEM_COLUMNS,
    LEDGER_COLUMNS,
    balance_entries,
    ledger_note,
    order_origin,
    waiting_entries,
)
from subtui.views.orders import LedgerRow, OrderRecord, RefundResult, WaitingRefund
from subtui.views.refund_preview import owed_words

WAY_BACK = "Escape goes back; / searches."


class OrderScreen(NoteWriting):
    """One order."""

    CSS_PATH = "order.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.ORDER,)
    BINDINGS = bindings(Scope.ORDER)
    AUTO_FOCUS = ""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: OrderRecord | None = None
        self._unsent = DraftStore()

    @property
    def order_id(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def compose_body(self) -> ComposeResult:
        """Compose the headline, the waiting refunds, the ledger, the lines and the sums."""
        with VerticalScroll(id="order", can_focus=False):
            yield Static(safe("Loading …", "$muted"), id="headline", markup=False)
            yield DescriptionList(id="waiting")
            yield Static("Payments", classes="section", markup=False)
            yield RecordTable(LEDGER_COLUMNS, id="rows", empty="no payments yet")
            yield DescriptionList(id="marked")
            yield Static("Lines", classes="section", markup=False)
            yield RecordTable(ITEM_COLUMNS, id="items", empty="no lines")
            yield DescriptionList(id="sums")
            yield NotesPane()

    def on_mount(self) -> None:
        """Load the record."""
        self.query_one("#waiting").display = False
        self.reload()

    @asks("load")
    async def reload(self) -> None:
        """Reload the order."""
        record = await self.read(GetOrder(self.order_id))
        first = self.record is None
        self._show(record)
        if first:
            table = self.query_one("#rows", RecordTable)
            newest = next((at for at, row in enumerate(record.rows) if not row.why_not_return), 0)
            table.move_to(newest)
            table.focus()
            self.restore_kept()

    def _show(self, record: OrderRecord) -> None:
        self.record = record
        fmt = self.subtui.format
        self.query_one("#headline", Static).update(self._headline(record))
        waiting = self.query_one("#waiting", DescriptionList)
        waiting.display = bool(record.waiting)
        waiting.show(waiting_entries(record.waiting, fmt))
        self.query_one("#rows", RecordTable).show(rows_of(LEDGER_COLUMNS, record.rows, fmt))
        self.query_one("#items", RecordTable).show(rows_of(ITEM_COLUMNS, record.items, fmt))
        self.query_one("#sums", DescriptionList).show(balance_entries(record))
        self.query_one(NotesPane).show(record.notes, fmt)
        self._show_marked()
        self.refresh_frame()

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _headline(self, record: OrderRecord) -> Content:
        owes = record.owed.minor > 0
        there = [safe(f"{fact.label}: {fact.text}", STYLES[fact.tone]) for fact in standing_facts(record.keap)]
        return concat(
            safe(record.title, "bold"),
            safe(f"   {record.contact}", "$muted"),
            Content("\n"),
            safe(owed_words(record.owed), "bold $warning" if owes else "bold $success"),
            safe(f" · {order_origin(record, self.subtui.format)}", "$muted"),
            *(concat(Content("\n"), line) for line in there),
        )

    def marked(self) -> LedgerRow | None:
        """The marked ledger row."""
        key = self.query_one("#rows", RecordTable).marked_key
        return next((row for row in (self.record.rows if self.record else ()) if row.id == key), None)

    @on(RecordTable.Marked, "#rows")
    @on(RecordTable.ColumnsChanged, "#rows")
    def _show_marked(self) -> None:
        """Show the dropped columns of the marked row."""
        row = self.marked()
        if row is None:
            self.query_one("#marked").display = False
            return
        table = self.query_one("#rows", RecordTable)
        words = ledger_note(row, [LEDGER_COLUMNS[at].label for at in table.dropped_columns()])
        why = row.why_not_return if row.left is not None else ""
        sheet = self.query_one("#marked", DescriptionList)
        sheet.display = bool(words or why)
        sheet.show([*([Paragraph(words, "muted")] if words else []), *([Paragraph(f"! {why}", "warn")] if why else [])])
        self.refresh_frame()

    @on(RecordTable.Marked)
    def _in_view(self, event: RecordTable.Marked) -> None:
        if event.table.has_focus:
            region = event.table.marked_region().translate(event.table.virtual_region.offset).grow((1, 0, 2, 0))
            self.query_one("#order", VerticalScroll).scroll_to_region(region, animate=False, force=True)

    # --- acts -------------------------------------------------------------------------------------------------------

    @on(RecordTable.Opened, "#rows")
    async def _open_row(self) -> None:
        await self.action_command("order.refund")

    @on(RecordTable.Opened, "#items")
    def _open_item(self) -> None:
        self.say("There are no more details for this line. r refunds the order or one of its lines.")

    def do_order_refund(self) -> None:
        """Open the refund form, for the marked payment if some of it is refundable."""
        row = self.marked()
        marked = {"payment": row.id} if row is not None and not row.why_not_return else {}
        self.subtui.go(routes.to("refund", self.order_id, **marked))

    def do_order_money(self) -> None:
        """Open the form for a payment, a credit or an adjustment."""
        self.subtui.go(routes.to("money", self.order_id))

    def do_order_correct(self) -> None:
        """Ask for confirmation, then correct the marked refund."""
        record, row = self.record, self.marked()
        if record is None or row is None:
            return
        lines = [
            safe(f"{ROW_WORDS[row.kind]} of {(-row.amount).format()} for {record.contact}, {record.title}."),
            safe("This adds a reversal for it and for its credit. The log keeps all entries.", "$muted"),
        ]
        question = ConfirmDialog("Reverse this refund?", lines, safe_answer="Keep", other_answer="Reverse", key="y")
        number, row_id, version = record.id, row.id, record.version

        def correct(wanted: bool | None) -> None:
            # The row of the question, even if the screen has changed since.
            if wanted:
                self._do(CorrectRefund(number, row_id, version=version))

        self.app.push_screen(question, correct)

    def do_order_reference(self) -> None:
        """Ask for the gateway's reference, and save it."""
        record, row = self.record, self.marked()
        if record is None or row is None:
            return
        number, row_id, version = record.id, row.id, record.version
        purpose = f"reference {row_id}"

        def note(written: Written | None) -> None:
            self._unsent.keep(purpose, written)
            if written is not None:
                self._do(SetReference(number, row_id, written.text, version=version))

        title = "Change the reference" if row.reference else "Reference"
        dialog = self._unsent.dialog(
            purpose,
            f"{title} of the {ROW_WORDS[row.kind].lower()} of {(-row.amount).format()}",
            (("reference", "Reference"),),
            placeholder="gateway reference",
            one_line=True,
            begin=row.reference,
        )
        self.app.push_screen(dialog, note)

    def _first_waiting(self) -> WaitingRefund | None:
        return self.record.waiting[0] if self.record and self.record.waiting else None

    def do_order_approve(self) -> None:
        """Ask for confirmation, then approve."""
        record, row = self.record, self._first_waiting()
        if record is None or row is None:
            return
        lines = [
            safe(f"{row.amount.format()} back to {record.contact}, for {record.title}."),
            safe(f"Requested by {row.requested_by}: {row.reason}{', ' + row.note if row.note else ''}."),
            safe("It is recorded, not sent. Refund it at the gateway too.", "$muted"),
        ]
        question = ConfirmDialog("Approve this refund?", lines, safe_answer="Not now", other_answer="Approve", key="y")
        number, version = row.id, row.version

        def approve(wanted: bool | None) -> None:
            # The refund of the question, even if another waits here by now.
            if wanted:
                self._do(ApproveRefund(number, version=version))

        self.app.push_screen(question, approve)

    def do_order_decline(self) -> None:
        """Ask for the reason, then decline."""
        row = self._first_waiting()
        if row is None:
            return
        number, version = row.id, row.version
        purpose = f"decline {number}"

        def decline(written: Written | None) -> None:
            self._unsent.keep(purpose, written)
            if written is not None:
                self._do(DeclineRefund(number, written.text, version=version))

        dialog = self._unsent.dialog(
            purpose,
            f"Decline the refund of {row.amount.format()}",
            (("declined", "Declined"),),
            placeholder="Reason for declining",
        )
        self.app.push_screen(dialog, decline)

    @asks("act")
    async def _do(self, act: Act[RefundResult]) -> None:
        done = await self.do(act)
        self._unsent.recorded()
        self._show(done.order)
        self.say(done.sentence, "refused" if done.waiting else "done")

    def refused(self, refusal: Refusal) -> None:
        """Keep the text of a refused dialog for the next time it is opened."""
        self._unsent.refused()
        if refusal.about == "load":
            self.query_one("#headline", Static).update(concat(str(refusal.error), "\n", safe(WAY_BACK, "$muted")))
            for part in self.query("#order > *").exclude("#headline"):
                part.display = self.record is not None
        super().refused(refusal)
        if refusal.about != "load" and not isinstance(refusal.error, Invalid):
            self.reload()

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: it depends on the order and on the marked row."""
        reason = super().disabled_reason(wanted)
        if reason or not wanted.id.startswith("order."):
            return reason
        record, row = self.record, self.marked()
        if record is None:
            return "There is no order here."
        waiting = self._first_waiting()
        no_refund = "Select a refund or a void first."
        return {
            "order.refund": record.why_not_refund,
            "order.correct": row.why_not_correct if row else no_refund,
            "order.reference": row.why_not_reference if row else no_refund,
            "order.approve": waiting.why_not_approve if waiting else "No refund is awaiting approval here.",
            "order.decline": waiting.why_not_approve if waiting else "No refund is awaiting approval here.",
            "order.letter": "" if record.letter_id is not None else "There is no letter for this order.",
            "order.subscription": "" if record.subscription_id else "This order is not from a subscription.",
        }.get(wanted.id) or None

    def is_offered(self, known: Command) -> bool:
        """Hide unavailable commands from the key bar where they would displace available ones."""
        if known.id == "order.reference" and (row := self.marked()) is not None and row.reference:
            return False  # the reference can be corrected, but need not be
        if known.id.startswith("order."):
            return self.disabled_reason(known) is None
        return known.id not in ("app.quit", "list.open")

    def do_order_letter(self) -> None:
        """Open the letter."""
        if self.record is not None and self.record.letter_id is not None:
            self.subtui.go(routes.to("letter", self.record.letter_id))

    def do_order_subscription(self) -> None:
        """Open the subscription of the order."""
        if self.record is not None and self.record.subscription_id:
            self.subtui.go(routes.to("subscription", self.record.subscription_id))

    def do_order_note(self) -> None:
        """Write a note about the order."""
        if self.record is not None:
            self.write_note(Subject(SubjectType.ORDER, self.order_id), f"order {self.order_id}, {self.record.title}")

    def do_order_note_undo(self) -> None:
        """Take the newest note about the order back."""
        self.undo_note(Subject(SubjectType.ORDER, self.order_id))

    def do_order_contact(self) -> None:
        """Open the contact record."""
        if self.record is not None:
            self.subtui.go(routes.to("contact_orders", self.record.contact_id))

    def put_back(self, kept: KeptForm) -> None:
        """Restore the kept text of a dialog."""
        super().put_back(kept)
        self._unsent.keep(kept.dialog, Written(kept.values.get("choice", ""), kept.values.get("text", "")))
        self._unsent.refused()

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the contact."""
        if self.record is None:
            return ("Dashboard", f"Order {self.order_id}")
        return ("Dashboard", self.record.contact, "Orders", f"Order {self.order_id}")
