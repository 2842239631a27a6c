"""Each screen as text and as data: its query to the backend, the entries of its record, and the commands from there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from subtui.acts.account import GetBilling, GetMyAccount, GetSettings
from subtui.acts.contacts import CountRecords, GetContact, GetContactOrders, GetOverview
from subtui.acts.keap import GetKeapStatus, GetOutboxEntry, ListFindings, ListOutbox, ListRemarks
from subtui.acts.log import GetLetter, ListEvents
from subtui.acts.orders import GetOrder, ListPendingRefunds, ListWaitingRefunds
from subtui.acts.subscriptions import GetSubscription, ListSubscriptions
from subtui.acts.tickets import GetPhoneInstructions, GetTicket, ListTickets
from subtui.acts.users import GetUser, ListUsers
from subtui.cli import next_commands as commands
from subtui.cli.context import CliContext, signed_in
from subtui.cli.jsonify import jsonify
from subtui.cli.layout import text_of
from subtui.cli.output import say, say_json
from subtui.views.account import RequestRow
from subtui.views.account_entries import account_entries, billing_entries, phone_entries, settings_entries
from subtui.views.contact_entries import contact_entries, orders_tab_entries, page_head
from subtui.views.customers import EventView, LetterView, Overview, Page, SubscriptionRow, Totals
from subtui.views.dashboard_entries import dashboard_entries
from subtui.views.entries import Entry, Heading, Paragraph, Prose, Term, table
from subtui.views.format import Format
from subtui.views.keap_entries import findings_entries, remarks_entries, status_entries
from subtui.views.list_columns import CONTACT_OF_SUBSCRIPTION, SUBSCRIPTION_COLUMNS, SUBSCRIPTION_ID
from subtui.views.log_entries import change_entries, letter_head
from subtui.views.order_entries import order_entries, pending_entries
from subtui.views.orders import PendingRefund, WaitingRefund
from subtui.views.outbox_entries import keap_change_entries, outbox_entries
from subtui.views.subscription_entries import subscription_entries
from subtui.views.ticket_entries import TICKET_COLUMNS, ticket_entries
from subtui.views.user_entries import USER_COLUMNS, user_entries, users_line
from subtui.views.users import UserRow

if TYPE_CHECKING:
    from subtui.services.backend import Backend

SUBSCRIPTIONS_SHOWN = 500
EVENTS_SHOWN = 200


def _no_commands(_view: Any) -> Iterable[Term]:
    return ()


@dataclass(frozen=True, slots=True)
class Screen:
    """The text of a screen: `read` queries the backend, `entries` and `commands` are of the answer, as is `data`."""

    read: Callable[["Backend", int], Any]
    entries: Callable[[Any, Format], Iterable[Entry]]
    commands: Callable[[Any], Iterable[Term]] = _no_commands
    data: Callable[[Any], Any] = field(default=jsonify)

    def say(self, view: Any, fmt: Format, *, as_json: bool) -> None:
        """Print the view as JSON or as text."""
        if as_json:
            say_json(self.data(view))
        else:
            say(text_of([*self.entries(view, fmt), *commands.commands_section(self.commands(view))]))


def say_screen(context: CliContext, name: str, number: int = 0, *, as_json: bool) -> None:
    """Print what the screen of that name shows, of the record with that id."""
    screen = SHOWN[name]
    with signed_in(context) as backend:
        view, fmt = screen.read(backend, number), context.format(backend)
    screen.say(view, fmt, as_json=as_json)


def without_data(screen: str) -> str:
    """The sentence for a screen that shows no data."""
    return _SAID_OF.get(screen, "On the screens, ? shows the keys in force. List all keys with: subtui keys")


_SAID_OF = {
    "sign_in": "Plain commands sign in by themselves: with --as E-MAIL, and SUBTUI_PASSWORD where it takes one.",
    "account_cancel": "Fill in this form with the options of: subtui account cancel --help",
    "ticket": "Fill in this form with the options of: subtui ask --help",
    "contact_edit": "Fill in this form with the options of: subtui contact edit --help",
    "contact_merge": "Merge with: subtui contact merge KEEP DUPLICATE",
    "refund": "Fill in this form with the options of: subtui refund --help",
    "money": "Fill in this form with the options of: subtui order pay --help",
}


# --- entries that only a text has -------------------------------------------------------------------------------------


def _dashboard_data(both: tuple[Overview, Totals]) -> Any:
    view, totals = both
    loose = [{"kind": issue.value, "count": count} for issue, count in view.loose_ends]
    return jsonify(view) | jsonify(totals) | {"loose_ends": loose}


def _subscriptions(page: Page[SubscriptionRow], fmt: Format) -> Iterable[Entry]:
    yield Heading(page_head("All subscriptions", page))
    columns = (SUBSCRIPTION_ID, CONTACT_OF_SUBSCRIPTION, *SUBSCRIPTION_COLUMNS)
    yield table(columns, page.rows, fmt, empty="No subscriptions yet")


def _tickets(page: Page[RequestRow], fmt: Format) -> Iterable[Entry]:
    yield Heading(page_head("Requests", page))
    yield table(TICKET_COLUMNS, page.rows, fmt, empty="No open tickets")


def _users(rows: tuple[UserRow, ...], fmt: Format) -> Iterable[Entry]:
    yield Heading(users_line(rows))
    yield table(USER_COLUMNS, rows, fmt, empty="No users yet")


def _letter(view: LetterView, fmt: Format) -> Iterable[Entry]:
    return (*letter_head(view, fmt), Prose(f"\n{view.body}"))


def _events(events: tuple[EventView, ...], fmt: Format) -> Iterable[Entry]:
    if not events:
        yield Paragraph("The log has no entries here.")
    for event in events:
        yield from _event(event, fmt)


def _event(event: EventView, fmt: Format) -> Iterable[Entry]:
    who = event.actor if event.actor == event.role else f"{event.actor} ({event.role})"
    reason, undone = fmt.code(event.reason), "undone" if event.undone else ""
    facts = (fmt.instant(event.at), who, event.title, event.subject, reason, undone)
    yield Paragraph(f"{event.id:>5}  " + "  ".join(fact for fact in facts if fact))
    changes = (f"       {change.label}: {change.text}" for change in change_entries(event, fmt))
    yield from map(Paragraph, (*changes, f"       hash {event.hash}"))


@dataclass(frozen=True, slots=True)
class RefundList:
    """The pending refunds, the oldest first, their total number, and those that await approval by id."""

    rows: tuple[PendingRefund, ...]
    total: int
    waiting: tuple[WaitingRefund, ...]


def _read_refunds(backend: "Backend", _number: int) -> RefundList:
    rows, waiting = backend.read(ListPendingRefunds()), backend.read(ListWaitingRefunds())
    return RefundList(rows, backend.read(GetOverview()).refunds_to_finish, waiting)


def _refunds(view: RefundList, fmt: Format) -> Iterable[Entry]:
    yield Heading(page_head("Open refunds", Page(view.rows, view.total)))
    yield from pending_entries(view.rows, view.waiting, fmt)


SHOWN = {
    "dashboard": Screen(
        lambda backend, _: (backend.read(GetOverview()), backend.read(CountRecords())),
        lambda both, fmt: dashboard_entries(both[0], both[1], fmt),
        data=_dashboard_data,
    ),
    "contact": Screen(lambda backend, number: backend.read(GetContact(number)), contact_entries),
    "contact_orders": Screen(lambda backend, number: backend.read(GetContactOrders(number)), orders_tab_entries),
    "contact_activity": Screen(
        lambda backend, number: backend.read(ListEvents(contact_id=number, limit=EVENTS_SHOWN)),
        _events,
        data=lambda events: {"events": jsonify(events)},
    ),
    "subscriptions": Screen(
        lambda backend, _: backend.read(ListSubscriptions(limit=SUBSCRIPTIONS_SHOWN)), _subscriptions
    ),
    "subscription": Screen(
        lambda backend, number: backend.read(GetSubscription(number)),
        subscription_entries,
        commands.subscription_commands,
    ),
    "order": Screen(lambda backend, number: backend.read(GetOrder(number)), order_entries, commands.order_commands),
    "refunds": Screen(
        _read_refunds,
        _refunds,
        lambda view: [Term("Decide", commands.DECIDE)] if view.waiting else [],
    ),
    "letter": Screen(lambda backend, number: backend.read(GetLetter(number)), _letter),
    "billing": Screen(lambda backend, _: backend.read(GetBilling()), billing_entries, commands.cancellation_commands),
    "account": Screen(lambda backend, _: backend.read(GetMyAccount()), account_entries, commands.cancellation_commands),
    "phone": Screen(
        lambda backend, _: backend.read(GetPhoneInstructions()),
        lambda way, _: phone_entries(way),
        commands.phone_commands,
    ),
    "requests": Screen(lambda backend, _: backend.read(ListTickets()), _tickets),
    "request": Screen(
        lambda backend, number: backend.read(GetTicket(number)), ticket_entries, commands.ticket_commands
    ),
    "users": Screen(lambda backend, _: backend.read(ListUsers()), _users, data=lambda rows: {"users": jsonify(rows)}),
    "user": Screen(lambda backend, number: backend.read(GetUser(number)), user_entries, commands.user_commands),
    "keap": Screen(lambda backend, _: backend.read(GetKeapStatus()), status_entries),
    "keap_outbox": Screen(
        lambda backend, _: backend.read(ListOutbox()), outbox_entries, data=lambda rows: {"changes": jsonify(rows)}
    ),
    "keap_change": Screen(lambda backend, number: backend.read(GetOutboxEntry(number)), keap_change_entries),
    "keap_left_out": Screen(
        lambda backend, _: backend.read(ListRemarks()), remarks_entries, data=lambda rows: {"rows": jsonify(rows)}
    ),
    "keap_checks": Screen(
        lambda backend, _: backend.read(ListFindings()), findings_entries, data=lambda rows: {"findings": jsonify(rows)}
    ),
    "account_settings": Screen(lambda backend, _: backend.read(GetSettings()), settings_entries),
}
"""The screens that show data, by the name of their route."""
