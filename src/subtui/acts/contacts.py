"""Queries about contacts and the dashboard, and the list of recently opened contacts.

The first frame is drawn with this module, so it loads none of the views that it names.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.permissions import Permission

if TYPE_CHECKING:
    from subtui.views import customers as views

SEARCH_LIMIT = 50


@dataclass(frozen=True, slots=True)
class FindContacts(Query["views.Found"]):
    """The contacts that match a text: words in any order, part of an e-mail, a phone in any format, company, id.

    `after` is the cursor of the page before.
    """

    text: str
    _: KW_ONLY
    limit: int = SEARCH_LIMIT
    after: views.SearchCursor | None = None


@dataclass(frozen=True, slots=True)
class GetOverview(Query["views.Overview"]):
    """The dashboard below its search field."""


@dataclass(frozen=True, slots=True)
class CountRecords(Query["views.Totals"]):
    """The number of contacts and of active subscriptions: counting a million takes a moment."""


@dataclass(frozen=True, slots=True)
class GetContact(Query["views.ContactRecord"]):
    """The General tab of a contact. Raises NotFound."""

    contact_id: int


@dataclass(frozen=True, slots=True)
class GetContactOrders(Query["views.OrdersTab"]):
    """The Orders tab of a contact, with at most that many rows of each list. Raises NotFound."""

    contact_id: int
    _: KW_ONLY
    orders: int = 5
    subscriptions: int = 100
    charges: int = 5


@dataclass(frozen=True, slots=True)
class ListContactSubscriptions(Query["tuple[views.SubscriptionRow, ...]"]):
    """The contact's subscriptions behind the one with the id `after`, in the order of the Orders tab."""

    contact_id: int
    _: KW_ONLY
    after: int
    limit: int = 100


@dataclass(frozen=True, slots=True)
class ListContactOrders(Query["tuple[views.OrderRow, ...]"]):
    """The contact's orders, or recurring charges, behind the one with the id `after`, newest first."""

    contact_id: int
    _: KW_ONLY
    after: int
    recurring: bool
    limit: int = 20


@dataclass(frozen=True, slots=True)
class RememberOpened(Act[None]):
    """Put the contact first among the user's recently opened ones. Does nothing in read-only mode."""

    permission: ClassVar = Permission.VIEW
    spans_transactions: ClassVar = True  # it writes beside the record, without a log entry
    contact_id: int
