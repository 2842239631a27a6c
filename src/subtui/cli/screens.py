"""Each screen as text and as data: its query to the backend, the entries of its record, and the commands from there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from subtui.acts.account import GetBilling, GetMyAccount, GetSettings
from subtui.acts.batches import GetBatch, ListBatches
from subtui.acts.contacts import CountRecords, GetContact, GetContactOrders, GetOverview
from subtui.acts.keap import GetKeapStatus, GetOutboxEntry, ListFindings, ListOutbox, ListRemarks
from subtui.acts.log import GetLetter
from subtui.acts.orders import GetOrder, ListPendingRefunds, ListWaitingRefunds
from subtui.acts.subscriptions import GetSubscription, ListSubscriptions
from subtui.acts.tickets import GetPhoneInstructions, GetTicket, ListTickets
from subtui.acts.timeline import GetTimeline
from subtui.acts.users import GetUser, ListUsers
from subtui.app import routes
from subtui.app.routes import Route
from subtui.cli import next_commands as commands
from subtui.cli.context import CliContext, signed_in
from subtui.cli.jsonify import jsonify
from subtui.cli.layout import text_of
from subtui.cli.output import say, say_json
from subtui.domain.outbox import states_named
from subtui.domain.timeline import Filter, filter_named
from subtui.views.account import RequestRow
from subtui.views.account_entries import account_entries, billing_entries, phone_entries, settings_entries
from subtui.views.batch_entries import batch_entries, list_entries
from subtui.views.contact_entries import contact_entries, orders_tab_entries, page_head
from subtui.views.customers import EventView, LetterView, Overview, Page, SubscriptionFilter, SubscriptionRow, Totals
from subtui.views.dashboard_entries import dashboard_entries
from subtui.views.entries import Entry, Heading, Paragraph, Prose, Term, table
from subtui.views.format import Format
from subtui.views.keap_entries import findings_entries, remarks_entries, status_entries
from subtui.views.list_columns import ALL_SUBSCRIPTIONS_COLUMNS
from subtui.views.log_entries import change_entries, letter_head
from subtui.views.order_entries import order_entries, pending_entries
from subtui.views.orders import PendingRefund, WaitingRefund
from subtui.views.outbox_entries import keap_change_entries, outbox_entries
from subtui.views.subscription_entries import subscription_entries
from subtui.views.ticket_entries import TICKET_COLUMNS, ticket_entries
from subtui.views.timeline import Timeline
from subtui.views.timeline_entries import timeline_entries
from subtui.views.user_entries import USER_COLUMNS, user_entries, users_line
from subtui.views.users import UserRow

if TYPE_CHECKING:
    from subtui.services.backend import Backend

SUBSCRIPTIONS_SHOWN = 500
LINES_SHOWN = 200


def _no_commands(_view: Any) -> Iterable[Term]:
    return ()


@dataclass(frozen=True, slots=True)
class Screen:
    """The text of a screen: `read` queries the backend about a route, with its id and its parameters.

    `entries`, `commands` and `data` are of the answer.
    """

    read: Callable[["Backend", Route], Any]
    entries: Callable[[Any, Format], Iterable[Entry]]
    commands: Callable[[Any], Iterable[Term]] = _no_commands
    data: Callable[[Any], Any] = field(default=jsonify)

    def say(self, view: Any, fmt: Format, *, as_json: bool) -> None:
        """Print the view as JSON or as text."""
        if as_json:
            say_json(self.data(view))
        else:
            say(text_of([*self.entries(view, fmt), *commands.commands_section(self.commands(view))]))


def say_screen(context: CliContext, name: str, number: int | None = None, *, as_json: bool) -> None:
    """Print what the screen of that name shows, of the record with that id."""
    say_route(context, routes.to(name, number), as_json=as_json)


def say_route(context: CliContext, route: Route, *, as_json: bool) -> None:
    """Print what the screen at a route shows."""
    screen = SHOWN[route.screen]
    with signed_in(context) as backend:
        view, fmt = screen.read(backend, route), context.format(backend)
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
    yield table(ALL_SUBSCRIPTIONS_COLUMNS, page.rows, fmt, empty="No subscriptions yet")


def _tickets(page: Page[RequestRow], fmt: Format) -> Iterable[Entry]:
    yield Heading(page_head("Requests", page))
    yield table(TICKET_COLUMNS, page.rows, fmt, empty="No open tickets")


def _users(rows: tuple[UserRow, ...], fmt: Format) -> Iterable[Entry]:
    yield Heading(users_line(rows))
    yield table(USER_COLUMNS, rows, fmt, empty="No users yet")


def _letter(view: LetterView, fmt: Format) -> Iterable[Entry]:
    return (*letter_head(view, fmt), Prose(f"\n{view.body}"))


@dataclass(frozen=True, slots=True)
class Activity:
    """A contact's timeline with the filter of its route."""

    chosen: Filter
    timeline: Timeline


def _read_activity(backend: "Backend", route: Route) -> Activity:
    chosen = filter_named(route.parameter("kind"))
    return Activity(chosen, backend.read(GetTimeline(route.number, kinds=chosen.kinds, limit=LINES_SHOWN)))


def _entries_of(view: Activity) -> tuple[EventView, ...]:
    """The log entries of the lines, each once: a refund and its credit have one together."""
    return tuple({line.event.id: line.event for line in view.timeline.lines if line.event is not None}.values())


def _activity(view: Activity, fmt: Format) -> Iterable[Entry]:
    yield from timeline_entries(view.timeline, view.chosen, fmt)
    events = _entries_of(view)
    if events:
        yield Heading("Log entries")
    for event in events:
        yield from _event(event, fmt)


def _activity_data(view: Activity) -> Any:
    """The lines, which name their log entries by id, and these."""
    timeline = view.timeline
    lines = [
        jsonify(replace(line, event=None))
        | {"at": line.position.at.isoformat(), "id": line.position.id, "event": line.event.id if line.event else None}
        for line in timeline.lines
    ]
    for line in lines:
        del line["position"]
    return {
        "contact_id": timeline.contact_id,
        "contact": timeline.contact,
        "kind": view.chosen.name,
        "lines": lines,
        "more": timeline.after is not None,
        "events": jsonify(_entries_of(view)),
    }


def say_events(events: tuple[EventView, ...], fmt: Format, *, as_json: bool) -> None:
    """Print entries of the log."""
    if as_json:
        say_json({"events": jsonify(events)})
    else:
        say(text_of(_events(events, fmt)))


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


def _read_refunds(backend: "Backend", _route: Route) -> RefundList:
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
    "batches": Screen(
        lambda backend, _: backend.read(ListBatches()), list_entries, data=lambda rows: {"batches": jsonify(rows)}
    ),
    "batch": Screen(lambda backend, route: backend.read(GetBatch(route.number)), batch_entries),
    "contact": Screen(lambda backend, route: backend.read(GetContact(route.number)), contact_entries),
    "contact_orders": Screen(lambda backend, route: backend.read(GetContactOrders(route.number)), orders_tab_entries),
    "contact_activity": Screen(_read_activity, _activity, data=_activity_data),
    "subscriptions": Screen(
        lambda backend, route: backend.read(
            ListSubscriptions(SubscriptionFilter(state=route.parameter("state") or "all"), limit=SUBSCRIPTIONS_SHOWN)
        ),
        _subscriptions,
    ),
    "subscription": Screen(
        lambda backend, route: backend.read(GetSubscription(route.number)),
        subscription_entries,
        commands.subscription_commands,
    ),
    "order": Screen(
        lambda backend, route: backend.read(GetOrder(route.number)), order_entries, commands.order_commands
    ),
    "refunds": Screen(
        _read_refunds,
        _refunds,
        lambda view: [Term("Decide", commands.DECIDE)] if view.waiting else [],
    ),
    "letter": Screen(lambda backend, route: backend.read(GetLetter(route.number)), _letter),
    "billing": Screen(lambda backend, _: backend.read(GetBilling()), billing_entries, commands.cancellation_commands),
    "account": Screen(lambda backend, _: backend.read(GetMyAccount()), account_entries, commands.cancellation_commands),
    "phone": Screen(
        lambda backend, _: backend.read(GetPhoneInstructions()),
        lambda way, _: phone_entries(way),
        commands.phone_commands,
    ),
    "requests": Screen(lambda backend, _: backend.read(ListTickets()), _tickets),
    "request": Screen(
        lambda backend, route: backend.read(GetTicket(route.number)), ticket_entries, commands.ticket_commands
    ),
    "users": Screen(lambda backend, _: backend.read(ListUsers()), _users, data=lambda rows: {"users": jsonify(rows)}),
    "user": Screen(lambda backend, route: backend.read(GetUser(route.number)), user_entries, commands.user_commands),
    "keap": Screen(lambda backend, _: backend.read(GetKeapStatus()), status_entries),
    "keap_outbox": Screen(
        lambda backend, route: backend.read(ListOutbox(states_named(route.parameter("state") or "open"))),
        outbox_entries,
        data=lambda rows: {"changes": jsonify(rows)},
    ),
    "keap_change": Screen(lambda backend, route: backend.read(GetOutboxEntry(route.number)), keap_change_entries),
    "keap_left_out": Screen(
        lambda backend, _: backend.read(ListRemarks()), remarks_entries, data=lambda rows: {"rows": jsonify(rows)}
    ),
    "keap_checks": Screen(
        lambda backend, _: backend.read(ListFindings()), findings_entries, data=lambda rows: {"findings": jsonify(rows)}
    ),
    "account_settings": Screen(lambda backend, _: backend.read(GetSettings()), settings_entries),
}
"""The screens that show data, by the name of their route."""
