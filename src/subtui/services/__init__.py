"""What a person can do. Each act is one transaction, asks for permission here, and writes the log in it.

The backend reaches the subjects that the first screens do not need through this package, as `services.filing`: each is
imported when somebody first asks for it, since whatever is loaded before the first search keeps everybody waiting.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subtui.services import (
        account,
        account_cancellation,
        approvals,
        audit,
        contacts,
        data_export,
        data_import,
        order_queries,
        payments,
        refunds,
        reports,
        sign_in,
        subscription_queries,
        subscriptions,
        ticket_creation,
        ticket_resolution,
        tickets,
    )

__all__ = [
    "account",
    "account_cancellation",
    "approvals",
    "audit",
    "contacts",
    "data_export",
    "data_import",
    "order_queries",
    "payments",
    "refunds",
    "reports",
    "sign_in",
    "subscription_queries",
    "subscriptions",
    "ticket_creation",
    "ticket_resolution",
    "tickets",
]


def __getattr__(name: str) -> ModuleType:
    """The module of that name, imported now."""
    if name in __all__:
        return import_module(f"subtui.services.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
