"""Routes: every screen has an address that can be read, shown as a breadcrumb, and opened.

Plain Python, without Textual, so that commands can read a route without drawing anything.
"""

import re
from dataclasses import dataclass

from subtui.domain.errors import WrongInput
from subtui.domain.suggestions import nearest


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of route: the screen it opens, its address with `{id}` where a number goes, and what it is called."""

    screen: str
    address: str
    title: str
    parent: str | None = None


PATTERNS = (
    Pattern("sign_in", "/sign-in", "Sign in"),
    Pattern("dashboard", "/", "Dashboard"),
    Pattern("contact", "/contacts/{id}", "Contact", "/"),
    Pattern("contact_orders", "/contacts/{id}/orders", "Orders", "/contacts/{id}"),
    Pattern("contact_activity", "/contacts/{id}/activity", "Activity", "/contacts/{id}"),
    Pattern("subscriptions", "/subscriptions", "All subscriptions", "/"),
    Pattern("subscription", "/subscriptions/{id}", "Subscription", "/subscriptions"),
    Pattern("order", "/orders/{id}", "Order", "/"),
    Pattern("refund", "/orders/{id}/refund", "Refund", "/orders/{id}"),
    Pattern("money", "/orders/{id}/payment", "Add payment", "/orders/{id}"),
    Pattern("refunds", "/refunds", "Open refunds", "/"),
    Pattern("reports", "/reports", "Reports", "/"),
    Pattern("import", "/import", "Import", "/"),
    Pattern("letter", "/letters/{id}", "Letter", "/"),
    Pattern("billing", "/admin/billing", "Billing & Account", "/"),
    Pattern("account_settings", "/admin/settings", "Settings", "/admin/billing"),
    Pattern("account", "/account", "My account", "/"),
    Pattern("account_cancel", "/account/cancel", "Cancel my subscription", "/account"),
    Pattern("phone", "/account/phone", "By phone", "/account"),
    Pattern("requests", "/requests", "Requests", "/"),
    Pattern("request", "/requests/{id}", "Ticket", "/requests"),
    Pattern("help", "/help", "Help", "/"),
    Pattern("ticket", "/help/ticket", "Ask a question", "/help"),
)

_LARGEST_ID = 2**53


@dataclass(frozen=True, slots=True)
class Route:
    """An address that leads somewhere: the pattern, and the id in it if it has one."""

    pattern: Pattern
    id: int | None = None

    @property
    def screen(self) -> str:
        """The name of the screen it opens."""
        return self.pattern.screen

    def __str__(self) -> str:
        return self.pattern.address.replace("{id}", str(self.id))

    @property
    def parent(self) -> "Route | None":
        """Where Back leads when there is nothing to go back to."""
        if self.pattern.parent is None:
            return None
        return Route(by_address(self.pattern.parent), self.id if "{id}" in self.pattern.parent else None)


def by_address(address: str) -> Pattern:
    """The pattern written exactly like `address`."""
    return next(pattern for pattern in PATTERNS if pattern.address == address)


def _regex(pattern: Pattern) -> re.Pattern[str]:
    return re.compile("^" + pattern.address.replace("{id}", r"(?P<id>[0-9]{1,16})") + "$")


_REGEXES = tuple((pattern, _regex(pattern)) for pattern in PATTERNS)


def parse(text: str) -> Route:
    """The route written as `text`; a closing slash does not matter. Raises WrongInput, naming one that may be meant."""
    address = text.strip().rstrip("/") or "/"
    for pattern, regex in _REGEXES:
        match = regex.match(address)
        if match:
            found = match.groupdict().get("id")
            number = int(found) if found else None
            if number is not None and number > _LARGEST_ID:
                break
            return Route(pattern, number)
    shown = re.sub(r"[^\x21-\x7e]", "?", text)[:60]
    plain = re.sub("[0-9]+", "{id}", shown)
    near = nearest(plain, (pattern.address for pattern in PATTERNS), cutoff=0.4)
    hint = f" Did you mean {near}?" if near else " The dashboard is /."
    raise WrongInput(f"There is no screen at “{shown}”.{hint}")


def to(screen: str, number: int | None = None) -> Route:
    """The route to a screen by its name."""
    return Route(next(pattern for pattern in PATTERNS if pattern.screen == screen), number)
