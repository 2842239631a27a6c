"""The record of one command, and where it is in force."""

from dataclasses import dataclass
from enum import StrEnum

from subtui.domain.permissions import Permission


class Scope(StrEnum):
    """Where a command is in force."""

    EVERYWHERE = "Everywhere"
    LISTS = "In lists"
    SIGN_IN = "Sign in"
    DASHBOARD = "Dashboard"
    CONTACT = "Contact record"
    SUBSCRIPTIONS = "All subscriptions"
    SUBSCRIPTION = "Subscription form"
    ORDER = "Order"
    REFUND = "Refund"
    MONEY = "Add payment"
    REPORTS = "Reports"
    IMPORT = "Import"
    LETTER = "Letter"
    BILLING = "Billing & Account"
    SETTINGS = "Account settings"
    ACCOUNT = "My account"
    CANCELLATION = "Cancellation form"
    PHONE = "By phone"
    REQUESTS = "Requests"
    REQUEST = "Ticket"
    TICKET = "Ask a question"
    HELP = "Help"
    DATES = "In a date"
    DROPDOWNS = "In a dropdown"
    TICKS = "In a checkbox"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    `footer` orders it in the key bar, 0 keeps it out. `needs` is the permission it takes. `writes` is what read-only
    mode refuses. `confirms`: it asks on a screen of its own before it acts. `widget`: the key is the focused widget's
    own, listed here so that it is found, and cannot be changed.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    help: str
    scope: Scope
    footer: int = 0
    needs: Permission | None = None
    writes: bool = False
    confirms: bool = False
    widget: bool = False
