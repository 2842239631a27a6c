"""The subscription form: the fields on the left, the preview of Save on the right, Save at the bottom."""

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from subtui.acts.act import Query
from subtui.acts.keap import StopPlans
from subtui.acts.subscriptions import (
    GetSubscription,
    NoteRefund,
    PreviewSubscription,
    SaveSubscription,
    UndoCancellation,
)
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.note_writing import NoteWriting
from subtui.app.screens.previewed_form import PreviewedForm
from subtui.app.screens.subscription_fields import SubscriptionFields
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.description_list import STYLES
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.leave_button import LeaveButton
from subtui.app.widgets.notes_pane import NotesPane
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.domain.billing import per_words
from subtui.domain.cancellation import Draft, draft_of
from subtui.domain.errors import Problem
from subtui.domain.event_types import Subject, SubjectType
from subtui.domain.pauses import why_not_pause
from subtui.domain.subscriptions import DATA_ISSUE_LABELS, Status
from subtui.views.customers import SaveResult, SubscriptionRecord
from subtui.views.endings import EndingChoice
from subtui.views.keap_standing import standing_facts
from subtui.views.list_columns import ORDER_COLUMNS
from subtui.views.notes import NoteView
from subtui.views.pause_words import pause_words
from subtui.views.preview import Preview

NEXT_FRAME = 1 / 30
"""Seconds after which a change has been drawn."""


class SubscriptionForm(NoteWriting, PreviewedForm):
    """One subscription. With `prepare=cancel` it opens filled in for a cancellation, the focus on the reason.

    With `prepare=fix` it opens with its data issues corrected, the focus on the field that the user must fill in.
    """

    CSS_PATH = "subscription.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SUBSCRIPTION,)
    BINDINGS = bindings(Scope.SUBSCRIPTION)
    SAVE = "form.save"
    CONFLICT = ("Keep my changes", "Use theirs")

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: SubscriptionRecord | None = None
        self._missing = ""  # why there is no record

    @property
    def subscription_id(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    @property
    def fields(self) -> SubscriptionFields:
        """The fields of the form."""
        return self.query_one(SubscriptionFields)

    def compose_body(self) -> ComposeResult:
        """Compose the fields and the invoices, with the preview panel beside them."""
        own = (Button("Undo", id="undo", compact=True), Button("Letter", id="letter", compact=True))
        yield from self.compose_form(self._parts(), buttons=own)

    def _parts(self) -> ComposeResult:
        yield SubscriptionFields(display_config=self.subtui.app_config.display_config)
        yield Static("", id="invoices-head", classes="section", markup=False)
        yield RecordTable(ORDER_COLUMNS, id="invoices", empty="no invoices yet")
        yield NotesPane()

    def on_mount(self) -> None:
        """Load the record."""
        self.show_form(shown=False)
        self.reload()

    @asks("load")
    async def reload(self) -> None:
        """Reload the record, unless there are unsaved changes."""
        if self.unsaved or self._saving:
            return
        record = await self.read(GetSubscription(self.subscription_id))
        if not self.unsaved:
            self._loaded(record)

    # --- showing ----------------------------------------------------------------------------------------------------

    def _loaded(self, record: SubscriptionRecord) -> None:
        first = self.record is None
        self._show(record)
        if not first:
            return
        self.show_form(shown=True)
        prepare = self.route.parameter("prepare")
        if prepare == "cancel" and record.terms.ending.status is Status.ACTIVE:
            self.fields.propose_ending()
            self.focus_on("reason")
        elif prepare == "fix" and record.loose:
            self.focus_on(self.fields.propose_fix())
        else:
            self.focus_on("status")
        self.restore_kept()

    def _show(self, record: SubscriptionRecord) -> None:
        self.record = record
        self._tried = False
        self.begun = None  # so that filling the fields in is no change
        self.fields.show(record, self.subtui.today, self.subtui.format)
        self.show_problems(())
        self._show_headline(record)
        self.query_one("#invoices-head", Static).update(
            f"Invoices, newest first ({len(record.invoices)} shown)" if record.invoices else "Invoices"
        )
        self.query_one("#invoices", RecordTable).show(rows_of(ORDER_COLUMNS, record.invoices, self.subtui.format))
        self.query_one(NotesPane).show(record.notes, self.subtui.format)
        self.query_one("#undo").display = record.can_undo
        self.query_one("#letter").display = record.letter_id is not None
        self.forget_preview()
        self.begun = draft_of(record.terms)  # not what the fields say: they correct an inactive one that still charges
        self.query_one(LeaveButton).follow(unsaved=self.unsaved)
        self.refresh_frame()
        self.ask_preview()

    def _show_headline(self, record: SubscriptionRecord) -> None:
        terms, billing, day = record.terms, record.billing, self.subtui.day
        per = per_words(billing.cycle, billing.frequency)
        what = f"{record.plan}, {terms.quantity} × {terms.price.format()} {per}"
        ending = terms.ending
        active, state = ending.status is Status.ACTIVE, terms.state(self.subtui.today)
        standing = [f"paid through {day(billing.paid_through)}"] if billing.paid_through else []
        if ending.end_date:
            standing.append(f"{'ends' if active else 'access until'} {day(ending.end_date)}")
        if terms.pause is not None:
            standing.append(f"paused {pause_words(terms.pause, day)}")
        if active and ending.next_bill_date:
            standing.append(f"next bill {day(ending.next_bill_date)}")
        line = concat(
            safe(state, "bold $success" if state == Status.ACTIVE else "bold $warning"),
            *(safe(f" · {part}", "$muted") for part in standing),
        )
        if record.loose:
            line = concat(
                line, Content("\n"), safe("! " + ", ".join(DATA_ISSUE_LABELS[end] for end in record.loose), "$warning")
            )
        whole = concat(safe(what, "bold"), safe(f"   {record.contact}", "$muted"))
        lines = [line, *(safe(f"{fact.label}: {fact.text}", STYLES[fact.tone]) for fact in standing_facts(record.keap))]
        self.query_one("#headline", Static).update(Content("\n").join([whole, *lines]))

    # --- draft and preview ------------------------------------------------------------------------------------------

    def draft(self) -> Draft | None:
        """The draft from the form; None before a record is shown."""
        return self.fields.draft()

    def unreadable(self) -> tuple[Problem, ...]:
        return self.fields.problems()

    def previewing(self, draft: Draft) -> Query[Preview]:
        """The query that previews the draft."""
        return PreviewSubscription(self.subscription_id, draft)

    # --- saving -----------------------------------------------------------------------------------------------------

    def do_form_save(self) -> None:
        """Save the previewed draft."""
        self.try_to_save()

    def save(self, draft: Draft, _preview: Preview) -> None:
        """Save the draft on the version that was shown."""
        if self.record is not None:
            self.do_once(SaveSubscription(self.subscription_id, draft, version=self.record.version), self._saved)

    def do_form_undo(self) -> None:
        """Undo the cancellation."""
        if self.record is not None:
            self.do_once(UndoCancellation(self.subscription_id, version=self.record.version), self._saved)

    def _saved(self, saved: SaveResult) -> None:
        self.say(saved.sentence, "done")
        # Laying out the form takes longer than drawing the confirmation, so the form is shown a frame later.
        self.busy = True
        self.set_timer(NEXT_FRAME, partial(self._show_done, saved.record))

    def _show_done(self, record: SubscriptionRecord) -> None:
        self.busy = self._saving = False
        self._show(record)
        # Focus away from the fields, so that a repeated letter or Enter changes nothing.
        leave = self.query_one("#leave", Button)
        leave.label = "Done"
        leave.focus()

    def refused(self, refusal: Refusal) -> None:
        """Show the refusal; without a record, every command of the form answers with it."""
        if refusal.about == "load":
            self._missing = str(refusal.error)
            self.refresh_frame()
        super().refused(refusal)

    @asks("load")
    async def after_stale(self, take_theirs: bool | None) -> None:
        """Keep the entries on top of the newer version, or take the newer version."""
        record = await self.read(GetSubscription(self.subscription_id))
        if take_theirs:
            self._show(record)
            self.say("This is the newer version. Your changes were discarded.")
            self.focus_on("status")
            return
        self.record = record
        self.begun = self.fields.rebase(record)
        self._show_headline(record)
        self.ask_preview()
        self.say("Your changes are kept, on top of the newer version. Check the panel, then save.")

    # --- buttons ----------------------------------------------------------------------------------------------------

    @on(Button.Pressed, "#undo")
    async def _undo_pressed(self) -> None:
        await self.action_command("form.undo")

    @on(Button.Pressed, "#letter")
    async def _letter_pressed(self) -> None:
        await self.action_command("form.letter")

    @on(RecordTable.Opened, "#invoices")
    def _open_invoice(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("order", event.key))

    @on(RecordTable.Marked, "#invoices")
    def _invoice_marked(self) -> None:
        table, scroll = self.query_one("#invoices", RecordTable), self.query_one("#scroll", VerticalScroll)
        scroll.scroll_to_region(table.marked_region().translate(table.virtual_region.offset), animate=False, force=True)

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: Undo and Letter depend on the state of the subscription."""
        reason = super().disabled_reason(wanted)
        record = self.record
        if record is None and self._missing and wanted.id.startswith("form."):
            return self._missing
        if reason or record is None:
            return reason
        reasons = {
            "form.undo": record.why_not_undo or None,
            "form.letter": None if record.letter_id else "There is no letter yet. Saving a cancellation creates one.",
            "form.refund": None if record.refundable_order_id else "None of the newest invoices can be refunded.",
            "form.refund_later": self._why_not_later(record),
            "form.pause": why_not_pause(record.terms),
            "form.stop_plans": self._why_not_stop(record),
            "form.cancel": "This subscription is already Inactive." if not _is_active(record) else None,
        }
        return reasons.get(wanted.id)

    @staticmethod
    def _why_not_later(record: SubscriptionRecord) -> str | None:
        ending = record.terms.ending
        if ending.status is Status.ACTIVE and ending.end_date is None:
            return "This subscription has not been cancelled: r refunds one of its invoices."
        return "A refund is already noted as pending." if record.refund_noted else None

    @staticmethod
    def _why_not_stop(record: SubscriptionRecord) -> str | None:
        plans = record.keap.plans if record.keap else ()
        if not plans:
            return "No payment plan of this subscription's orders is known to charge."
        return "They are on the list of what is to be done in Keap." if all(plan.asked for plan in plans) else None

    def is_offered(self, known: Command) -> bool:
        """Hide unavailable commands from the key bar where they would displace available ones."""
        if self._missing and self.record is None and known.id.startswith("form."):
            return False
        if known.id in ("form.undo", "form.letter", "form.cancel", "form.stop_plans"):
            return self.disabled_reason(known) is None
        if known.id in ("form.refund", "form.refund_later"):
            # Shown once the cancellation is saved.
            record = self.record
            return record is not None and self._why_not_later(record) is None and self.disabled_reason(known) is None
        if known.id == "dropdown.open":
            return isinstance(self.focused, Dropdown)
        if known.id == "date.move":
            return isinstance(self.focused, DateInput)
        return known.id != "app.quit"

    def do_form_cancel(self) -> None:
        """Fill in a cancellation, and focus the reason."""
        self.fields.propose_ending()
        self.focus_on("reason")

    def do_form_ends(self) -> None:
        """Offer the ends of the paid term, of today, and after some more bills."""
        record = self.record
        if record is not None:
            from subtui.app.screens.ending_dialog import EndingDialog  # noqa: PLC0415  (only when asked for)
            from subtui.views.endings import ending_choices  # noqa: PLC0415

            choices = tuple(ending_choices(record.terms, record.billing, self.subtui.today))
            self.app.push_screen(EndingDialog(choices, self.subtui.format), self._choose_ending)

    def _choose_ending(self, choice: "EndingChoice | None") -> None:
        if choice is not None:
            self.fields.choose_ending(choice.status, choice.day)
            self.focus_on("reason" if choice.status is Status.INACTIVE else "end_date")

    def do_form_letter(self) -> None:
        """Open the letter."""
        if self.record is not None and self.record.letter_id is not None:
            self.subtui.go(routes.to("letter", self.record.letter_id))

    def do_form_refund(self) -> None:
        """Open the refund form of the newest refundable invoice."""
        if self.record is not None and self.record.refundable_order_id is not None:
            self.subtui.go(routes.to("refund", self.record.refundable_order_id))

    @asks("note")
    async def do_form_refund_later(self) -> None:
        """Note that a refund is pending."""
        self.say(await self.do(NoteRefund(self.subscription_id)), "done")
        self.reload()

    @asks("note")
    async def do_form_stop_plans(self) -> None:
        """List the payment plans that would still charge, to be stopped in Keap."""
        self.say(await self.do(StopPlans(self.subscription_id)), "done")
        self.reload()

    def do_form_pause(self) -> None:
        """Open the pause form."""
        self.subtui.go(routes.to("pause", self.subscription_id))

    def do_form_note(self) -> None:
        """Write a note about the subscription."""
        if self.record is not None:
            about = f"subscription {self.subscription_id}, {self.record.plan}"
            self.write_note(Subject(SubjectType.SUBSCRIPTION, self.subscription_id), about)

    def do_form_note_undo(self) -> None:
        """Take the newest note about the subscription back."""
        self.undo_note(Subject(SubjectType.SUBSCRIPTION, self.subscription_id))

    def note_taken_back(self, note: NoteView) -> None:
        """Show the others, without loading the form again."""
        if self.record is not None:
            self.record = replace(self.record, notes=tuple(each for each in self.record.notes if each.id != note.id))
            self.query_one(NotesPane).show(self.record.notes, self.subtui.format)

    def note_added(self, note: NoteView) -> None:
        """Show the note, without loading the form again: it may have unsaved entries."""
        if self.record is not None:
            self.record = replace(self.record, notes=(note, *self.record.notes))
            self.query_one(NotesPane).show(self.record.notes, self.subtui.format)

    def do_form_activity(self) -> None:
        """Open the Activity tab of the contact."""
        if self.record is not None:
            self.subtui.go(routes.to("contact_activity", self.record.contact_id))

    def do_form_contact(self) -> None:
        """Open the contact record."""
        if self.record is not None:
            self.subtui.go(routes.to("contact", self.record.contact_id))

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the contact."""
        if self.record is None:
            return ("Dashboard", f"Subscription {self.subscription_id}")
        return ("Dashboard", self.record.contact, "Orders", f"Subscription {self.subscription_id}")


def _is_active(record: SubscriptionRecord) -> bool:
    return record.terms.ending.status is Status.ACTIVE
