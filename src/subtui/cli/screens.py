"""Each screen as plain text and as data: its query to the backend, and its formatters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from subtui.acts.account import GetBilling, GetMyAccount, GetSettings
from subtui.acts.contacts import CountRecords, GetContact, GetContactOrders, GetOverview
from subtui.acts.log import GetLetter, ListEvents
from subtui.acts.orders import GetOrder
from subtui.acts.subscriptions import GetSubscription, ListSubscriptions
from subtui.acts.tickets import GetPhoneInstructions, GetTicket, ListTickets
from subtui.cli import account_screens as account
from subtui.cli import order_screens as orders
from subtui.cli import request_screens as tickets
from subtui.cli.jsonify import jsonify
from subtui.cli.layout import counted, indented, parts, section, yes
from subtui.cli.output import pairs, table
from subtui.domain.billing import cycle_words, per_words
from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.domain.subscriptions import DATA_ISSUE_LABELS, DataIssue
from subtui.views.customers import (
    ContactRecord,
    EventView,
    LetterView,
    OrderRow,
    OrdersTab,
    Overview,
    Page,
    SubscriptionRecord,
    SubscriptionRow,
    Totals,
)

if TYPE_CHECKING:
    from subtui.cli.context import CliContext
    from subtui.services.backend import Backend

SUBSCRIPTIONS_SHOWN = 500
EVENTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Screen:
    """The plain form of a screen: `read` queries the backend, `words` and `data` format the answer."""

    read: Callable[["Backend", int], Any]
    words: Callable[[Any, "CliContext"], str]
    data: Callable[[Any], Any] = jsonify


def without_data(screen: str) -> str:
    """The sentence for a screen that shows no data."""
    return _SAID_OF.get(screen, "On the screens, ? shows the keys in force. List all keys with: subtui keys")


_SAID_OF = {
    "sign_in": "Plain commands sign in by themselves: with --as E-MAIL, and SUBTUI_PASSWORD where it takes one.",
    "account_cancel": "Fill in this form with the options of: subtui account cancel --help",
    "ticket": "Fill in this form with the options of: subtui ask --help",
    "refund": "Fill in this form with the options of: subtui refund --help",
    "money": "Fill in this form with the options of: subtui order pay --help",
}


# --- dashboard --------------------------------------------------------------------------------------------------------


def dashboard(both: tuple[Overview, Totals], context: "CliContext") -> str:
    """The dashboard below its search field."""
    view, totals = both
    facts = pairs(
        (
            ("Contacts", str(totals.contacts)),
            ("Active subscriptions", str(totals.subscriptions_active)),
            ("Answers due", view.answers_due.words),
            ("Open refunds", str(view.refunds_to_finish or "")),
        )
    )
    ending = [(context.day(row.end_date), str(row.subscription_id), row.plan, row.contact) for row in view.ending_soon]
    loose = [(str(count), DATA_ISSUE_LABELS[end]) for end, count in view.loose_ends]
    if view.refunds_owing:
        loose.append((str(view.refunds_owing), "balance left by a refund"))
    recent = [(str(row.id), row.name, row.company or "-", row.email or "-") for row in view.recent]
    return parts(
        facts,
        section("Ending soon", table(("End date", "Id", "Subscription", "Contact"), ending) if ending else "none"),
        section("Loose ends", table(("How many", "What"), loose, right=("How many",)) if loose else "none"),
        section("Recently opened", table(("Id", "Name", "Company", "E-mail"), recent) if recent else "none yet"),
    )


def _dashboard_data(both: tuple[Overview, Totals]) -> Any:
    view, totals = both
    return (
        jsonify(view)
        | jsonify(totals)
        | {"loose_ends": [{"kind": end.value, "count": count} for end, count in view.loose_ends]}
    )


# --- contact ----------------------------------------------------------------------------------------------------------


def contact(view: ContactRecord, context: "CliContext") -> str:
    """The General tab."""
    facts = pairs(
        (
            ("Company", view.company),
            ("Job title", view.job_title),
            ("E-mail", ", ".join(view.emails)),
            ("Phone", ", ".join(view.phones)),
            ("Website", view.website),
            *((address.kind, ", ".join(address.lines)) for address in view.addresses),
            ("Tags", ", ".join(view.tags)),
            ("Automations", ", ".join(view.automations)),
            ("Owner", view.owner),
            ("Customer since", context.day(view.created_on)),
            ("Still owed", ", ".join(amount.format() for amount in view.balance) or "nothing"),
            ("Subscriptions", f"{view.active} active"),
            ("Keap id", view.keap_id),
        )
    )
    notes = "\n".join(
        f"{context.instant(note.at)}  {sanitize(note.author)}: {indented(note.text, '    ')}" for note in view.notes
    )
    return parts(
        f"{sanitize(view.name)}  (contact {view.id})",
        facts,
        section("About", sanitize_lines(view.person_notes)) if view.person_notes else "",
        section("Notes", notes) if notes else "",
        section("From Keap", pairs(tuple((label, indented(text, "  ")) for label, text in view.more)))
        if view.more
        else "",
    )


def contact_orders(view: OrdersTab, context: "CliContext") -> str:
    """The Orders tab, its sections one below the other."""
    cards = table(
        ("Id", "Card", ""),
        [(str(card.id), card.words, "usable" if card.usable else "not usable") for card in view.cards],
        right=("Id",),
    )
    return parts(
        f"{sanitize(view.contact)}  (contact {view.contact_id})",
        section(counted("Recent orders", view.orders), _order_table(view.orders.rows, context)),
        section(
            counted("Subscriptions", view.subscriptions),
            subscription_table(view.subscriptions.rows, context, who=False),
        ),
        section("Credit cards", cards if view.cards else "none"),
        section(counted("Recent recurring charges", view.charges), _order_table(view.charges.rows, context)),
    )


def _order_table(rows: tuple[OrderRow, ...], context: "CliContext") -> str:
    if not rows:
        return "none"
    lines = [(str(row.id), context.day(row.ordered_on), row.title, row.total.format(), row.state) for row in rows]
    return table(("Id", "Date", "Order", "Total", "State"), lines, right=("Id", "Total"))


# --- subscriptions ----------------------------------------------------------------------------------------------------


def subscriptions(view: Page[SubscriptionRow], context: "CliContext") -> str:
    """All subscriptions."""
    return parts(counted("All subscriptions", view), subscription_table(view.rows, context, who=True))


def subscription_table(rows: tuple[SubscriptionRow, ...], context: "CliContext", *, who: bool) -> str:
    """A list of subscriptions, its columns in Keap's order; `who` adds the contact as first column."""
    if not rows:
        return "none"
    headers = ["Id", "View", "QTY", "Start Date", "Bill Amt", "Auto$", "Status", "Cycle", "Next Bill", "End Date"]
    lines = [
        [
            str(row.id),
            row.plan,
            str(row.quantity),
            context.day(row.start_date),
            row.bill_amount.format(),
            yes(row.auto_charge),
            row.status.value,
            cycle_words(row.cycle, row.frequency),
            context.day(row.next_bill_date) or "-",
            context.day(row.end_date) or "-",
        ]
        for row in rows
    ]
    if who:
        headers.insert(1, "Contact")
        for line, row in zip(lines, rows, strict=True):
            line.insert(1, row.contact)
    return table(headers, lines, right=("Id", "QTY", "Bill Amt"))


def subscription(view: SubscriptionRecord, context: "CliContext") -> str:
    """The subscription form."""
    terms, billing, ending = view.terms, view.billing, view.terms.ending
    labels = {reason.code: reason.label for reason in view.reasons}
    card = next((card.words for card in view.cards if card.id == terms.credit_card_id), "none")
    recorded = f"{context.instant(ending.recorded_at)} by {ending.recorded_by}" if ending.recorded_at else ""
    setup = (
        ("Contact", f"{view.contact}  (contact {view.contact_id})"),
        ("Price", f"{terms.quantity} × {terms.price.format()} {per_words(billing.cycle, billing.frequency)}"),
        ("Start date", context.day(billing.start_date)),
        ("Paid through", context.day(billing.paid_through) or "not paid ahead"),
        ("Next bill", context.day(ending.next_bill_date) or "none"),
        ("Credits", str(view.credits) if view.credits else ""),
    )
    status = (
        ("Status", ending.status.value),
        ("End date", context.day(ending.end_date) or "none"),
        ("Reason", labels.get(ending.reason_code or "", ending.reason_code or "") or "none"),
        ("Note", ending.reason_note),
        ("Requested", context.day(ending.requested_on)),
        ("Charging stops", context.day(ending.charging_stops_on)),
        ("Recorded", recorded),
        ("Loose ends", _loose(view.loose)),
        ("Refund", "pending" if view.refund_noted else ""),
        ("Undo", "possible" if view.can_undo else view.why_not_undo),
        ("Letter", f"/letters/{view.letter_id}" if view.letter_id else "none"),
        ("Version", str(view.version)),
    )
    recharge = (
        ("Auto Charge", yes(ending.auto_charge)),
        ("Card", card),
        ("Attempts", f"{view.max_attempts}, {view.days_between_attempts} days apart"),
    )
    return parts(
        f"{sanitize(view.plan)}  (subscription {view.id})",
        section("Subscription setup", pairs(setup)),
        section("Current status", pairs(status)),
        section("Recharge information", pairs(recharge)),
        section("Invoices", _order_table(view.invoices, context)),
    )


def _loose(ends: tuple[DataIssue, ...]) -> str:
    return "; ".join(DATA_ISSUE_LABELS[end] for end in ends)


# --- letters and the log ----------------------------------------------------------------------------------------------


def letter(view: LetterView, context: "CliContext") -> str:
    """A letter as it was written."""
    head = pairs(
        (
            ("To", f"{view.to} <{view.email}>" if view.email else view.to),
            ("Subject", view.subject),
            ("Written", context.instant(view.written_at)),
            ("Record", view.log_hash),
            ("Request", f"/requests/{view.request_id}" if view.request_id else ""),
            ("Order", f"/orders/{view.order_id}" if view.order_id else ""),
            ("Undone", "This has since been undone." if view.undone else ""),
        )
    )
    return parts(head, sanitize_lines(view.body))


def events(view: tuple[EventView, ...], context: "CliContext") -> str:
    """Log entries, newest first, each with its changes."""
    if not view:
        return "The log has no entries here."
    return "\n".join(_event(event, context) for event in view)


def _event(event: EventView, context: "CliContext") -> str:
    who = event.actor if event.actor == event.role else f"{event.actor} ({event.role})"
    facts = (context.instant(event.at), who, event.title, event.subject, event.reason, "undone" if event.undone else "")
    head = f"{event.id:>5}  " + "  ".join(sanitize(fact) for fact in facts if fact)
    changes = (
        f"{sanitize(change.field)}: {sanitize(change.before)} → {sanitize(change.after)}" for change in event.changes
    )
    return "\n       ".join((head, *changes, f"hash {sanitize(event.hash)}"))


def events_data(view: tuple[EventView, ...]) -> Any:
    """Entries of the log as data."""
    return {"events": jsonify(view)}


SHOWN = {
    "dashboard": Screen(
        lambda backend, _: (backend.read(GetOverview()), backend.read(CountRecords())), dashboard, _dashboard_data
    ),
    "contact": Screen(lambda backend, number: backend.read(GetContact(number)), contact),
    "contact_orders": Screen(lambda backend, number: backend.read(GetContactOrders(number)), contact_orders),
    "contact_activity": Screen(
        lambda backend, number: backend.read(ListEvents(contact_id=number, limit=EVENTS_SHOWN)), events, events_data
    ),
    "subscriptions": Screen(
        lambda backend, _: backend.read(ListSubscriptions(limit=SUBSCRIPTIONS_SHOWN)), subscriptions
    ),
    "subscription": Screen(lambda backend, number: backend.read(GetSubscription(number)), subscription),
    "order": Screen(lambda backend, number: backend.read(GetOrder(number)), orders.order),
    "refunds": Screen(lambda backend, _: orders.refund_list(backend), orders.refunds),
    "letter": Screen(lambda backend, number: backend.read(GetLetter(number)), letter),
    "billing": Screen(lambda backend, _: backend.read(GetBilling()), account.billing),
    "account": Screen(lambda backend, _: backend.read(GetMyAccount()), account.my_account),
    "phone": Screen(lambda backend, _: backend.read(GetPhoneInstructions()), account.phone_instructions),
    "requests": Screen(lambda backend, _: backend.read(ListTickets()), tickets.requests),
    "request": Screen(lambda backend, number: backend.read(GetTicket(number)), tickets.request),
    "account_settings": Screen(lambda backend, _: backend.read(GetSettings()), account.settings),
}
"""The screens that show data, by the name of their route."""
