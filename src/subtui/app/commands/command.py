"""The record of one command, and the scopes of commands."""

from dataclasses import dataclass
from enum import StrEnum

from subtui.domain.permissions import Permission


class Scope(StrEnum):
    """The scopes in which a command is in force."""

    EVERYWHERE = "Everywhere"
    LISTS = "In lists"
    MARKS = "In lists with marks"
    SIGN_IN = "Sign in"
    DASHBOARD = "Dashboard"
    CONTACT = "Contact record"
    CONTACT_FORM = "Contact form"
    CONTACT_MERGE = "Merge contacts"
    SUBSCRIPTIONS = "All subscriptions"
    SUBSCRIPTION = "Subscription form"
    BATCH_FORM = "Batch form"
    BATCH = "Batch"
    PAUSE = "Pause form"
    ORDER = "Order"
    REFUND = "Refund"
    MONEY = "Add payment"
    REPORTS = "Reports"
    IMPORT = "Import"
    KEAP = "Keap"
    KEAP_JOB = "While Keap is read or sent to"
    OUTBOX = "Outbox"
    CHANGE = "Change for Keap"
    CHECKS = "Keap checks"
    LETTER = "Letter"
    BILLING = "Billing & Account"
    SETTINGS = "Account settings"
    ACCOUNT = "My account"
    CANCELLATION = "Cancellation form"
    PHONE = "By phone"
    USERS = "Users"
    USER = "User"
    REQUESTS = "Requests"
    REQUEST = "Ticket"
    TICKET = "Ask a question"
    HELP = "Help"
    DATES = "In a date"
    DROPDOWNS = "In a dropdown"
    TICKS = "In a checkbox"


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    `footer` is its rank in the key bar, 0 leaves it out. `needs` is the required permission. `writes`: refused in
    read-only mode. `confirms`: it asks for confirmation before it acts. `widget`: the key belongs to the focused
    widget; it is listed here for the help, and cannot be changed.
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
