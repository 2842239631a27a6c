"""The fields of the subscription form: they show a record, and read back a draft."""

from collections.abc import Iterable
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from subtui.app.content import concat, safe
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.text_box import NoteBox
from subtui.app.widgets.text_field import TextField
from subtui.app_config import DisplayConfig
from subtui.domain.cancellation import LONGEST_NOTE, Draft, default_end_date, draft_of
from subtui.domain.days import far_words
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.plain_text import sanitize_lines
from subtui.domain.subscription_fields import SUBSCRIPTION_LABELS
from subtui.domain.subscriptions import Status
from subtui.views.customers import SubscriptionRecord
from subtui.views.entries import Term
from subtui.views.format import Format
from subtui.views.subscription_entries import recharge_facts, setup_facts

_LABELS = SUBSCRIPTION_LABELS
_STATUSES = ((Status.ACTIVE.value, "Active"), (Status.INACTIVE.value, "Inactive"))
_NO_CARD = "0"
_YES, _NO = "yes", "no"


class SubscriptionFields(Vertical):
    """The sections Current status, Recharge information and Subscription setup."""

    DEFAULT_CSS = "SubscriptionFields { height: auto; }"

    def __init__(self, *, display_config: DisplayConfig) -> None:
        super().__init__()
        self._looks = display_config
        self._record: SubscriptionRecord | None = None
        self._proposed_end: date | None = None
        self._today = date.min

    def compose(self) -> ComposeResult:
        """Compose the sections, one below the other."""
        note = NoteBox(id="note", most=LONGEST_NOTE, placeholder="optional")
        quantity = TextField(id="quantity", most=9, restrict="[0-9]*", takes="whole numbers")
        price = TextField(id="price", most=24)
        yield Static("Current status", classes="section first", markup=False)
        yield FormField(
            _LABELS["status"], Dropdown(_STATUSES, value=Status.ACTIVE.value, id="status"), id="field-status"
        )
        yield FormField(
            _LABELS["end_date"],
            DateInput(id="end-date", placeholder=DateInput.examples(self._looks), display_config=self._looks),
            id="field-end_date",
        )
        yield FormField(_LABELS["reason_code"], Dropdown((), id="reason"), id="field-reason")
        yield FormField(_LABELS["reason_note"], note, id="field-note")
        yield FormField(
            _LABELS["requested_on"],
            DateInput(id="requested", placeholder="today", display_config=self._looks, past=True),
            id="field-requested_on",
        )
        yield Static("Recharge information", classes="section", markup=False)
        yield FormField(
            _LABELS["auto_charge"],
            Dropdown(((_YES, "Yes"), (_NO, "No")), value=_YES, id="auto-charge"),
            id="field-auto_charge",
        )
        yield FormField(
            _LABELS["credit_card_id"], Dropdown(((_NO_CARD, "none"),), value=_NO_CARD, id="card"), id="field-card"
        )
        attempts = TextField(id="attempts-most", most=4, restrict="[0-9]*", takes="whole numbers")
        yield FormField(_LABELS["max_attempts"], attempts, id="field-max_attempts")
        yield Static("", id="attempts", classes="facts", markup=False)
        yield Static("Subscription setup", classes="section", markup=False)
        yield FormField(_LABELS["quantity"], quantity, id="field-quantity")
        yield FormField(_LABELS["price"], price, id="field-price")
        yield Static("", id="setup", classes="facts", markup=False)

    # --- showing ----------------------------------------------------------------------------------------------------

    def show(self, record: SubscriptionRecord, today: date, fmt: Format) -> None:
        """Show a record; unsaved entries are replaced."""
        self._record, self._today, self._proposed_end = record, today, None
        draft = draft_of(record.terms)
        for field in self.query(DateInput):
            field.today, field.paid_through = today, record.billing.paid_through
        self._date("end-date").default = lambda: default_end_date(record.billing, today)
        self._dropdown("reason").offer(self._reasons(record))
        self._dropdown("card").offer(self._cards(record))
        self._fill(draft)
        self.query_one("#attempts", Static).update(_facts(recharge_facts(record)))
        self.query_one("#setup", Static).update(_facts(setup_facts(record, fmt)))
        self._follow_status()

    def _fill(self, draft: Draft) -> None:
        self._dropdown("status").choose(draft.status.value)
        self._date("end-date").put(draft.end_date)
        self._dropdown("reason").choose(draft.reason_code)
        self._note.text = sanitize_lines(draft.reason_note)
        self._date("requested").put(draft.requested_on)
        self._dropdown("auto-charge").choose(_YES if draft.auto_charge else _NO)
        self._dropdown("card").choose(str(draft.credit_card_id or _NO_CARD))
        self._input("attempts-most").value = str(draft.max_attempts)
        self._input("quantity").value = str(draft.quantity)
        self._input("price").value = draft.price.format()

    def rebase(self, record: SubscriptionRecord) -> Draft:
        """Take a newer version of the record, keeping the entries; returns the draft of that version."""
        self._record = record
        return draft_of(record.terms)

    @staticmethod
    def _reasons(record: SubscriptionRecord) -> tuple[tuple[str, str], ...]:
        known = tuple((reason.code, reason.label) for reason in record.reasons)
        code = record.terms.ending.reason_code
        return known if not code or code in dict(known) else (*known, (code, code))

    @staticmethod
    def _cards(record: SubscriptionRecord) -> tuple[tuple[str, str], ...]:
        kept = [card for card in record.cards if card.usable or card.id == record.terms.credit_card_id]
        words = ((str(card.id), card.words + ("" if card.usable else ", not usable")) for card in kept)
        return ((_NO_CARD, "none"), *words)

    # --- reading ----------------------------------------------------------------------------------------------------

    def draft(self) -> Draft | None:
        """The draft from the form; unreadable fields count as unchanged. None before a record is shown."""
        record = self._record
        if record is None:
            return None
        terms = record.terms
        card = self._dropdown("card").chosen
        typed_note = self._note.text
        stored_note = terms.ending.reason_note
        return Draft(
            status=Status(self._dropdown("status").chosen or terms.ending.status),
            auto_charge=self._dropdown("auto-charge").chosen == _YES,
            max_attempts=int(self._input("attempts-most").value or 0),
            quantity=int(self._input("quantity").value or 0),
            price=self._price() or terms.price,
            end_date=self._date("end-date").day,
            reason_code=self._dropdown("reason").chosen,
            reason_note=stored_note if typed_note == sanitize_lines(stored_note) else typed_note,
            requested_on=self._date("requested").day,
            credit_card_id=int(card) if card and card != _NO_CARD else None,
        )

    def _price(self) -> Money | None:
        try:
            return Money.parse(self._input("price").value, self._currency())
        except ValueError:
            return None

    def _currency(self) -> str:
        return self._record.terms.price.currency if self._record else "USD"

    def problems(self) -> tuple[Problem, ...]:
        """The problems of unreadable fields, in the order of the form."""
        found = [
            Problem(name, sentence)
            for name, field in (("end_date", self._date("end-date")), ("requested_on", self._date("requested")))
            if (sentence := field.problem)
        ]
        try:
            Money.parse(self._input("price").value, self._currency())
        except ValueError as error:
            found.append(Problem("price", str(error)))
        return tuple(found)

    # --- editing ----------------------------------------------------------------------------------------------------

    @on(Dropdown.Changed, "#status")
    def _status_changed(self) -> None:
        self._follow_status()

    def _follow_status(self) -> None:
        """Set the end date and switch Auto Charge off for Inactive; restore both for Active."""
        record = self._record
        if record is None:
            return
        inactive = self._dropdown("status").chosen == Status.INACTIVE.value
        end = self._date("end-date")
        newly = inactive and record.terms.ending.status is Status.ACTIVE
        if newly and not end.value:
            self._proposed_end = default_end_date(record.billing, self._today)
            end.put(self._proposed_end)
        elif not inactive and self._proposed_end is not None:
            if end.day == self._proposed_end:
                end.put(record.terms.ending.end_date)
            self._proposed_end = None
        auto = self._dropdown("auto-charge")
        stored = _YES if record.terms.ending.auto_charge else _NO
        auto.choose(_NO if inactive else stored)
        auto.disabled = inactive
        paid = record.billing.paid_through
        self._field("end_date").set_hint("paid through" if inactive and end.day is not None and end.day == paid else "")
        self._field("auto_charge").set_hint("turned off when Inactive" if inactive else "")

    @on(DateInput.Dated, "#end-date")
    def _end_date_changed(self) -> None:
        record = self._record
        day = self._date("end-date").day
        paid = record.billing.paid_through if record else None
        hint = "" if day is None else "paid through" if day == paid else far_words(day, self._today)
        self._field("end_date").set_hint("today" if day == self._today else hint)

    def propose_ending(self) -> None:
        """Fill in a cancellation, except for the reason."""
        self._dropdown("status").choose(Status.INACTIVE.value)
        self._follow_status()

    def choose_ending(self, status: Status, day: date) -> None:
        """Fill in the status and the end date of a chosen ending."""
        self._dropdown("status").choose(status.value)
        self._follow_status()
        self._proposed_end = day if status is Status.INACTIVE else None
        self._date("end-date").put(day)

    def propose_fix(self) -> str:
        """Fill in the fix of a data issue, as far as it is known; returns the field that the user must fill in.

        Inactive switches Auto Charge off with any save. A missing end date becomes the paid-through day.
        """
        record = self._record
        if record is None:
            return "status"
        ending = record.terms.ending
        if ending.status is Status.ACTIVE:
            self.propose_ending()
            self._date("end-date").put(self._today)
            return "end_date"
        if ending.end_date is None:
            self._date("end-date").put(record.billing.paid_through or ending.charging_stops_on or self._today)
        return "note" if ending.reason_code else "reason"

    # --- widgets by name --------------------------------------------------------------------------------------------

    def _field(self, name: str) -> FormField:
        return self.query_one(f"#field-{name}", FormField)

    def _dropdown(self, name: str) -> Dropdown:
        return self.query_one(f"#{name}", Dropdown)

    def _date(self, name: str) -> DateInput:
        return self.query_one(f"#{name}", DateInput)

    def _input(self, name: str) -> TextField:
        return self.query_one(f"#{name}", TextField)

    @property
    def _note(self) -> NoteBox:
        return self.query_one("#note", NoteBox)


def _facts(facts: Iterable[Term]) -> Content:
    shown = (concat(safe(f"  {fact.label:<12} ", "$muted"), safe(fact.text)) for fact in facts if fact.text)
    return Content("\n").join(shown)
