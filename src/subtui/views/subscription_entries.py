"""A subscription as entries: one function for each section of its form."""

from collections.abc import Iterable

from subtui.domain.billing import cycle_words, per_words
from subtui.domain.subscription_fields import SUBSCRIPTION_LABELS as LABELS
from subtui.domain.subscriptions import DATA_ISSUE_LABELS
from subtui.views.customers import SubscriptionRecord
from subtui.views.entries import Entry, Heading, Paragraph, Term, table, yes
from subtui.views.format import Format
from subtui.views.keap_standing import standing_facts
from subtui.views.list_columns import ORDER_COLUMNS
from subtui.views.note_entries import note_section
from subtui.views.pause_words import pause_words


def setup_entries(record: SubscriptionRecord, fmt: Format) -> Iterable[Term]:
    """What is charged and since when."""
    terms, billing = record.terms, record.billing
    price = f"{terms.quantity} × {terms.price.format()} {per_words(billing.cycle, billing.frequency)}"
    yield Term(LABELS["contact"], f"{record.contact}  (contact {record.contact_id})")
    yield Term(LABELS["price"], price)
    yield from setup_facts(record, fmt)


def setup_facts(record: SubscriptionRecord, fmt: Format) -> Iterable[Term]:
    """What the form shows below its fields, because it cannot be changed there."""
    billing = record.billing
    yield Term(LABELS["plan"], record.plan)
    yield Term(LABELS["cycle"], cycle_words(billing.cycle, billing.frequency))
    yield Term(LABELS["start_date"], fmt.day(billing.start_date))
    yield Term(LABELS["paid_through"], fmt.day(billing.paid_through) or "not paid ahead")
    yield Term(LABELS["next_bill_date"], fmt.day(record.terms.ending.next_bill_date) or "none")
    yield Term(LABELS["credits"], str(record.credits or ""))


def status_entries(record: SubscriptionRecord, fmt: Format) -> Iterable[Term]:
    """Whether it is active and until when, why it ends, and what of the ending was recorded."""
    ending = record.terms.ending
    labels = {reason.code: reason.label for reason in record.reasons}
    yield Term(LABELS["status"], ending.status.value)
    if record.terms.pause is not None:
        yield Term("Paused", pause_words(record.terms.pause, fmt.day))
    yield Term(LABELS["end_date"], fmt.day(ending.end_date) or "none")
    yield Term(LABELS["reason_code"], labels.get(ending.reason_code or "", ending.reason_code or "") or "none")
    yield Term(LABELS["reason_note"], ending.reason_note)
    yield Term(LABELS["requested_on"], fmt.day(ending.requested_on))
    yield Term(LABELS["charging_stops_on"], fmt.day(ending.charging_stops_on))
    yield Term(
        LABELS["recorded_at"],
        f"{fmt.instant(ending.recorded_at)} by {ending.recorded_by}" if ending.recorded_at else "",
    )
    yield Term("Loose ends", "; ".join(DATA_ISSUE_LABELS[issue] for issue in record.loose), "warn")
    yield Term("Refund", "pending" if record.refund_noted else "")
    yield Term("Undo", "possible" if record.can_undo else record.why_not_undo)
    yield from standing_facts(record.keap)


def recharge_entries(record: SubscriptionRecord) -> Iterable[Term]:
    """Whether and from which card it is charged."""
    terms = record.terms
    yield Term(LABELS["auto_charge"], yes(terms.ending.auto_charge))
    yield Term(LABELS["card"], next((card.words for card in record.cards if card.id == terms.credit_card_id), "none"))
    yield Term(LABELS["max_attempts"], f"up to {record.max_attempts}")
    yield from recharge_facts(record)


def recharge_facts(record: SubscriptionRecord) -> Iterable[Term]:
    """What the form shows of the recharge below its fields."""
    yield Term(LABELS["days_between_attempts"], f"every {record.days_between_attempts} days")
    yield Term(LABELS["merchant_account"], record.merchant_account)


def subscription_entries(record: SubscriptionRecord, fmt: Format) -> Iterable[Entry]:
    """The subscription form, its sections one below the other."""
    yield Paragraph(f"{record.plan}  (subscription {record.id})", "strong")
    yield Heading("Subscription setup")
    yield from setup_entries(record, fmt)
    yield Heading("Current status")
    yield from status_entries(record, fmt)
    yield Heading("Recharge information")
    yield from recharge_entries(record)
    yield Heading("Invoices")
    yield table(ORDER_COLUMNS, record.invoices, fmt)
    yield from note_section(record.notes, fmt)
