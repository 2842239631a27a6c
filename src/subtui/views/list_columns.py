"""The columns of the lists of a contact and of all subscriptions, for screens and text: declared once each."""

from subtui.domain.billing import cycle_words
from subtui.domain.outbox import SHORT_WORDS, STATE_TONES
from subtui.domain.subscriptions import PAUSED, DataIssue, Status
from subtui.views.customers import CardRow, EventView, OrderRow, SubscriptionRow
from subtui.views.entries import ListColumn, amount_column, day_column, instant_column, number_column, yes
from subtui.views.format import Format


def _end_date(row: SubscriptionRow, fmt: Format) -> str:
    missing = row.end_date is None and DataIssue.NO_END_DATE in row.loose
    return "missing" if missing else fmt.day(row.end_date) or "-"


def _end_tone(row: SubscriptionRow, _fmt: Format) -> str:
    return "warn" if {DataIssue.NO_END_DATE, DataIssue.PAST_END_DATE} & set(row.loose) else ""


SUBSCRIPTION_ID: ListColumn[SubscriptionRow] = number_column("Id", 6, lambda row: row.id)
CONTACT_OF_SUBSCRIPTION: ListColumn[SubscriptionRow] = ListColumn(
    "Contact", 14, share=3, most=34, text=lambda row, _: row.contact
)
# The columns of Keap's list, by their exact names, and the end date that its list lacks.
SUBSCRIPTION_COLUMNS: tuple[ListColumn[SubscriptionRow], ...] = (
    ListColumn("View", 12, share=3, most=34, text=lambda row, _: row.plan),
    number_column("QTY", 3, lambda row: row.quantity, drop=3),
    day_column("Start Date", lambda row: row.start_date, drop=4),
    amount_column("Bill Amt", lambda row: row.bill_amount, width=11),
    ListColumn(
        "Auto$",
        5,
        text=lambda row, _: yes(row.auto_charge),
        tone=lambda row, _: "warn" if row.status is Status.INACTIVE and row.auto_charge else "",
    ),
    ListColumn(
        "Status",
        8,
        text=lambda row, _: row.state,
        tone=lambda row, _: "warn" if row.state == PAUSED else "good" if row.status is Status.ACTIVE else "muted",
    ),
    ListColumn("Cycle", 9, share=1, most=15, drop=2, text=lambda row, _: cycle_words(row.cycle, row.frequency)),
    day_column("Next Bill", lambda row: row.next_bill_date, drop=1, empty="-"),
    number_column("Credits", 7, lambda row: row.credits, drop=5, empty="-"),
    ListColumn("End Date", 11, right=True, text=_end_date, tone=_end_tone, value=lambda row: row.end_date),
    ListColumn(
        "Keap",
        16,
        drop=1,
        optional=True,
        text=lambda row, _: SHORT_WORDS[row.keap] if row.keap else "",
        tone=lambda row, _: STATE_TONES[row.keap] if row.keap else "",
    ),
)
CONTACT_SUBSCRIPTION_COLUMNS = (SUBSCRIPTION_ID, *SUBSCRIPTION_COLUMNS)
"""The columns of a contact's subscriptions."""
ALL_SUBSCRIPTIONS_COLUMNS = (SUBSCRIPTION_ID, CONTACT_OF_SUBSCRIPTION, *SUBSCRIPTION_COLUMNS)
"""The columns of a list of subscriptions of several contacts."""


def _order_tone(order: OrderRow, _fmt: Format) -> str:
    return "warn" if order.due.minor > 0 else ("muted" if order.refunded.minor else "")


ORDER_COLUMNS: tuple[ListColumn[OrderRow], ...] = (
    number_column("Order", 6, lambda order: order.id),
    day_column("Date", lambda order: order.ordered_on),
    ListColumn("Title", 14, share=3, most=40, text=lambda order, _: order.title),
    amount_column("Total", lambda order: order.total),
    ListColumn("State", 14, share=2, most=40, text=lambda order, _: order.state, tone=_order_tone),
)

CARD_COLUMNS: tuple[ListColumn[CardRow], ...] = (
    ListColumn("Card", 24, share=1, most=34, text=lambda card, _: card.words),
    ListColumn(
        "Status",
        12,
        share=1,
        most=24,
        text=lambda card, _: "usable" if card.usable else "expired or inactive",
        tone=lambda card, _: "" if card.usable else "warn",
    ),
)

EVENT_COLUMNS: tuple[ListColumn[EventView], ...] = (
    instant_column("When", lambda event: event.at),
    ListColumn("Who", 12, share=1, most=24, text=lambda event, _: event.actor),
    ListColumn(
        "What",
        20,
        share=2,
        most=40,
        text=lambda event, _: f"{event.title} (undone)" if event.undone else event.title,
        tone=lambda event, _: "muted" if event.undone else "",
    ),
    ListColumn("About", 16, share=2, most=40, drop=2, text=lambda event, _: event.subject),
    ListColumn("Reason", 14, share=1, most=24, drop=1, text=lambda event, fmt: fmt.code(event.reason) or "-"),
    ListColumn(
        "Keap",
        16,
        drop=3,
        optional=True,
        text=lambda event, _: SHORT_WORDS[event.keap] if event.keap else "",
        tone=lambda event, _: STATE_TONES[event.keap] if event.keap else "",
    ),
)
