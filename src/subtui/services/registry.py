"""The registry of the handlers of acts and queries. Handlers are imported when they are first needed.

Loading every handler, with the table classes, takes longer than the first search may wait.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from subtui import acts
from subtui.acts.act import Act, Query
from subtui.domain.people import Person
from subtui.domain.permissions import Permission
from subtui.services.unit_of_work import Reader, Transaction, UnitOfWork

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
A = TypeVar("A", bound=Act[Any])
Q = TypeVar("Q", bound=Query[Any])

_MODULES = {
    "account": ("account", "account_cancellation"),
    "contacts": ("contact_search", "dashboard", "contacts", "contact_record"),
    "contact_edits": ("contact_edits",),
    "contact_merges": ("contact_merges",),
    "batches": ("batch_queries", "batches", "batch_running"),
    "data": ("data_import", "data_export", "change_export", "list_export"),
    "keap": (
        *("keap.queries", "keap.charging_plans", "keap.connection", "keap.pull"),
        *("keap.push", "keap.conflicts", "keap.doctor"),
    ),
    "log": ("audit",),
    "notes": ("notes",),
    "orders": ("order_queries", "refunds", "approvals", "payments"),
    "reports": ("reports",),
    "saved_views": ("saved_views",),
    "search": ("record_search", "contact_filter"),
    "subscriptions": ("subscriptions", "subscription_queries", "payments", "pauses"),
    "timeline": ("timeline",),
    "tickets": ("tickets", "ticket_creation", "ticket_resolution", "account_cancellation"),
    "users": ("sign_in", "user_queries", "users"),
}
"""The module of the handlers for each module of `subtui.acts`, the fastest to import first."""

_handlers: dict[type, Callable[..., Any]] = {}


def handles(kind: type[A]) -> Callable[[Callable[[Transaction, A], T]], Callable[[Transaction, A], T]]:
    """Register the handler of an act that is one transaction."""
    return _register(kind)


def runs(kind: type[A]) -> Callable[[Callable[["Job", A], T]], Callable[["Job", A], T]]:
    """Register the handler of an act that `spans_transactions`."""
    return _register(kind)


def answers(kind: type[Q]) -> Callable[[Callable[[Reader, Q], T]], Callable[[Reader, Q], T]]:
    """Register the handler of a query."""
    return _register(kind)


def _register(kind: type) -> Callable[[F], F]:
    def register(handler: F) -> F:
        _handlers[kind] = handler
        return handler

    return register


@dataclass(frozen=True, slots=True)
class Job:
    """The argument of a handler that opens its own transactions."""

    work: UnitOfWork
    person: Person | None
    route: str = ""
    repeatable: bool = False

    def transaction(self, permission: Permission | None) -> AbstractContextManager[Transaction]:
        """A transaction of the act's user. Raises as `UnitOfWork.transaction`."""
        return self.work.transaction(self.person, permission, route=self.route, noted=not self.repeatable)


def handler_of(kind: type) -> Callable[..., Any]:
    """The function that handles an act or query, imported now if it has not been. Raises LookupError."""
    subject = kind.__module__.rpartition(".")[2]
    for module in _MODULES[subject]:
        if kind in _handlers:
            break
        import_module(f"subtui.services.{module}")
    if kind not in _handlers:
        raise LookupError(f"{kind.__name__} has no handler")
    return _handlers[kind]


def every_request() -> Iterator[type[Act[Any]] | type[Query[Any]]]:
    """Every declared act and query, in the order of their modules."""
    from pkgutil import iter_modules  # noqa: PLC0415  (for tests and documents only)

    for found in iter_modules(acts.__path__):
        module = import_module(f"subtui.acts.{found.name}")
        for kind in vars(module).values():
            is_request = isinstance(kind, type) and issubclass(kind, Act | Query) and kind not in (Act, Query)
            if is_request and kind.__module__ == module.__name__:
                yield kind
