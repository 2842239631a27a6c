"""Routes: every screen has a readable address that a command can open.

Plain Python, without Textual, so that commands can read a route without drawing anything.
"""

import re
from dataclasses import dataclass

from subtui.domain.errors import WrongInput
from subtui.domain.outbox import SendState
from subtui.domain.suggestions import nearest


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of route: its name, its address with `{id}` for a number, its title, and the screen that it opens.

    `opens` is the module in `subtui.app.screens` and the class in it.
    """

    screen: str
    address: str
    title: str
    opens: str
    parent: str | None = None
    takes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Parameters by name, with the allowed values of each; none: it is an id."""


_STATES = ("all", "active", "paused", "ending", "inactive", "loose")
_CHANGES = ("open", "person", "all", *(state.value for state in SendState))
_BATCH_ACTIONS = ("cancel", "set_reason", "set_end_date", "auto_charge_off", "pause")
# Written out: the first frame needs the routes, and not the rules of the timeline. A test compares them.
_LINES = ("all", "orders", "payments", "refunds", "letters", "notes", "cancellations", "changes")
_REPORTS = ("refunds", "reasons", "months", "ending", "paused", "loose")

PATTERNS = (
    Pattern("sign_in", "/sign-in", "Sign in", "sign_in.SignIn"),
    Pattern("dashboard", "/", "Dashboard", "dashboard.Dashboard", takes=(("view", ()),)),
    Pattern("contact", "/contacts/{id}", "Contact", "contact.ContactScreen", "/"),
    Pattern("contact_orders", "/contacts/{id}/orders", "Orders", "contact.ContactScreen", "/contacts/{id}"),
    Pattern(
        "contact_activity",
        "/contacts/{id}/activity",
        "Activity",
        "contact.ContactScreen",
        "/contacts/{id}",
        (("kind", _LINES),),
    ),
    Pattern("contact_edit", "/contacts/{id}/edit", "Edit", "contact_edit.ContactEditForm", "/contacts/{id}"),
    Pattern(
        "contact_merge",
        "/contacts/{id}/merge",
        "Merge",
        "contact_merge.ContactMergeForm",
        "/contacts/{id}",
        (("with", ()),),
    ),
    Pattern(
        "subscriptions",
        "/subscriptions",
        "All subscriptions",
        "subscriptions.Subscriptions",
        "/",
        (("state", _STATES), ("view", ())),
    ),
    Pattern(
        "subscription",
        "/subscriptions/{id}",
        "Subscription",
        "subscription.SubscriptionForm",
        "/subscriptions",
        (("prepare", ("cancel", "fix")),),
    ),
    Pattern(
        "batch_form",
        "/subscriptions/batch",
        "Batch",
        "batch_form.BatchForm",
        "/subscriptions",
        (("action", _BATCH_ACTIONS), ("state", _STATES)),
    ),
    Pattern("batches", "/batches", "Batches", "batch_list.BatchList", "/"),
    Pattern("batch", "/batches/{id}", "Batch", "batch.BatchScreen", "/batches"),
    Pattern(
        "pause",
        "/subscriptions/{id}/pause",
        "Pause",
        "pause.PauseForm",
        "/subscriptions/{id}",
        (("prepare", ("resume",)),),
    ),
    Pattern("order", "/orders/{id}", "Order", "order.OrderScreen", "/"),
    Pattern("refund", "/orders/{id}/refund", "Refund", "refund.RefundScreen", "/orders/{id}", (("payment", ()),)),
    Pattern(
        "money",
        "/orders/{id}/payment",
        "Add payment",
        "payment.PaymentForm",
        "/orders/{id}",
        (("prepare", ("write-off",)),),
    ),
    Pattern("refunds", "/refunds", "Open refunds", "refunds.Refunds", "/"),
    Pattern("reports", "/reports", "Reports", "reports.Reports", "/", (("report", _REPORTS),)),
    Pattern("import", "/import", "Import", "import_screen.Import", "/"),
    Pattern("keap", "/keap", "Keap", "keap.KeapScreen", "/"),
    Pattern("keap_outbox", "/keap/outbox", "Outbox", "keap_outbox.Outbox", "/keap", (("state", _CHANGES),)),
    Pattern("keap_change", "/keap/outbox/{id}", "Change", "keap_change.ChangeScreen", "/keap/outbox"),
    Pattern("keap_left_out", "/keap/left-out", "Left out", "keap_left_out.LeftOutRows", "/keap"),
    Pattern("keap_checks", "/keap/checks", "Checks", "keap_checks.Checks", "/keap"),
    Pattern("letter", "/letters/{id}", "Letter", "letter.LetterScreen", "/"),
    Pattern("billing", "/admin/billing", "Billing & Account", "billing.Billing", "/"),
    Pattern("account_settings", "/admin/settings", "Settings", "account_settings.AccountSettings", "/admin/billing"),
    Pattern("users", "/users", "Users", "users.UserList", "/"),
    Pattern("user", "/users/{id}", "User", "user.UserScreen", "/users"),
    Pattern("account", "/account", "My account", "account.MyAccountScreen", "/"),
    Pattern(
        "account_cancel",
        "/account/cancel",
        "Cancel my subscription",
        "account_cancel.CancelAccount",
        "/account",
        (("call", ()),),
    ),
    Pattern("phone", "/account/phone", "By phone", "phone.PhoneScreen", "/account"),
    Pattern("requests", "/requests", "Requests", "tickets.TicketList", "/"),
    Pattern("request", "/requests/{id}", "Ticket", "ticket.TicketScreen", "/requests"),
    Pattern("help", "/help", "Help", "help.Help", "/"),
    Pattern("ticket", "/help/ticket", "Ask a question", "question.QuestionScreen", "/help"),
)

_ACTS = frozenset({"contact_edit", "contact_merge", "pause", "refund", "money", "account_cancel", "account_settings"})

OF_RECORDS = {
    "subscription": "subscription",
    "order": "order",
    "payment": "order",
    "ticket": "request",
    "letter": "letter",
    "card": "contact_orders",
}
"""The screen that opens a found record, by its kind."""

_LARGEST_ID = 2**53


@dataclass(frozen=True, slots=True)
class Route:
    """A valid address: the pattern, its id if it has one, and the parameters that prepare the screen.

    As a string it is the address alone, as in the log; `link` includes the parameters.
    """

    pattern: Pattern
    id: int | None = None
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def screen(self) -> str:
        """The name of the screen it opens."""
        return self.pattern.screen

    def __str__(self) -> str:
        return self.pattern.address.replace("{id}", str(self.id))

    @property
    def number(self) -> int:
        """The id; 0 where the address has none."""
        return self.id or 0

    @property
    def link(self) -> str:
        """The address with its parameters: `/subscriptions/9?prepare=cancel`."""
        return (
            f"{self}?{'&'.join(f'{name}={value}' for name, value in self.parameters)}" if self.parameters else str(self)
        )

    def parameter(self, name: str) -> str:
        """The value of a parameter; empty where it is not given."""
        return dict(self.parameters).get(name, "")

    @property
    def parent(self) -> "Route | None":
        """The parent route, to which Back leads when no screen is below."""
        if self.pattern.parent is None:
            return None
        return Route(by_address(self.pattern.parent), self.id if "{id}" in self.pattern.parent else None)


def by_address(address: str) -> Pattern:
    """The pattern with exactly this `address`."""
    return next(pattern for pattern in PATTERNS if pattern.address == address)


def _regex(pattern: Pattern) -> re.Pattern[str]:
    return re.compile("^" + pattern.address.replace("{id}", r"(?P<id>[0-9]{1,16})") + "$")


_REGEXES = tuple((pattern, _regex(pattern)) for pattern in PATTERNS)


def parse(text: str) -> Route:
    """Parse the route in `text`; a final slash is ignored. Raises WrongInput with a suggestion."""
    address, _, query = text.strip().partition("?")
    address = address.rstrip("/") or "/"
    for pattern, regex in _REGEXES:
        match = regex.match(address)
        if match:
            found = match.groupdict().get("id")
            number = int(found) if found else None
            if number is not None and number > _LARGEST_ID:
                break
            return Route(pattern, number, _parameters(pattern, query))
    shown = _plain(text)
    plain = re.sub("[0-9]+", "{id}", shown)
    near = nearest(plain, (pattern.address for pattern in PATTERNS), cutoff=0.4)
    hint = f" Did you mean {near}?" if near else " The dashboard is /."
    raise WrongInput(f"There is no screen at “{shown}”.{hint}")


def _parameters(pattern: Pattern, query: str) -> tuple[tuple[str, str], ...]:
    """Raise WrongInput for a parameter that the screen does not take, or a value that is not allowed."""
    found = tuple((name, value) for name, _, value in (part.partition("=") for part in query.split("&") if part))
    for name, value in found:
        takes = dict(pattern.takes)
        if name not in takes:
            known = f" It takes {', '.join(takes)}." if takes else ""
            raise WrongInput(f"{pattern.address} takes no “{_plain(name)}”.{known}")
        values = takes[name]
        if value not in values if values else not (value.isascii() and value.isdigit() and len(value) < 16):
            raise WrongInput(f"“{_plain(value)}” is no {name}: use {', '.join(values) or 'an id'}.")
    return found


def _plain(text: str) -> str:
    return re.sub(r"[^\x21-\x7e]", "?", text)[:60]


def after_saving(route: Route) -> Route:
    """Where a form leads once it is saved: a record to itself, an act on a record to the record."""
    return route.parent or route if route.screen in _ACTS else Route(route.pattern, route.id)


def to(screen: str, number: int | None = None, **parameters: str | int) -> Route:
    """The route to a screen by its name, prepared by its parameters."""
    given = tuple((name, str(value)) for name, value in parameters.items())
    return Route(next(pattern for pattern in PATTERNS if pattern.screen == screen), number, given)
