"""The kinds of rows that are read in Keap: where they are listed, and how a walk over them goes on where it stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from subtui.keap.answers import instant
from subtui.keap_api.calls import Query
from subtui.keap_api.params import Condition, filter_text, instant_text

OVERLAP = timedelta(minutes=5)
"""How far a walk over changes reaches back before the last one: Keap rounds times, and clocks differ."""

PAGE = 500
"""Rows of a page. Larger ones take Keap up to a minute."""

SMALLEST_PAGE = 25


@dataclass(frozen=True, slots=True)
class Listing:
    """How a kind is listed.

    With `id_filter` a whole walk asks for the rows behind the last id, so that it can go on after any interruption;
    without it the list is short, and read from its beginning each time. `since` is the filter of a walk over what has
    changed, in the order of `since_order`; `changed` is the field that says when a row was changed.
    """

    kind: str
    path: str
    key: str
    id_filter: str = ""
    id_order: str = "id asc"
    since: str = ""
    since_order: str = ""
    changed: str = ""
    whole_every: timedelta | None = None  # also without a reason
    is_by_time: bool = False  # the first walk too: the rows have no ids to go by
    largest_page: int = PAGE
    fields: tuple[str, ...] = ()
    only: tuple[Condition, ...] = ()

    @property
    def is_newest_first(self) -> bool:
        """Whether what has changed is read from the newest change backwards: no filter goes by the time."""
        return bool(self.changed and self.id_filter and not self.since)

    def after(self, last: str, size: int) -> Query:
        """The parameters of the page behind an id."""
        return (*self._filtered(size, (self.id_filter, ">", last or "0")), ("order_by", self.id_order))

    def since_when(self, begin: datetime, size: int, token: str | None) -> Query:
        """The parameters of a page of what has changed since."""
        query = self._filtered(size, (self.since, "==", instant_text(begin)))
        return self._paged((*query, *((("order_by", self.since_order),) if self.since_order else ())), token)

    def newest_first(self, size: int, token: str | None) -> Query:
        """The parameters of a page of the rows that were changed last."""
        return self._paged((*self._filtered(size), ("order_by", f"{self.changed} desc")), token)

    def from_the_start(self, size: int, token: str | None) -> Query:
        """The parameters of a page of the whole list."""
        return self._paged(self._filtered(size), token)

    def by_ids(self, name: str, ids: Sequence[str]) -> Query:
        """The parameters that ask for some rows."""
        size = min(self.largest_page, max(len(ids), 1))
        return self._filtered(size, (name, "==", ",".join(ids)))

    def _filtered(self, size: int, *more: Condition) -> Query:
        chosen = (("fields", ",".join(self.fields)),) if self.fields else ()
        conditions = (*self.only, *more)
        wanted = (("filter", filter_text(conditions)),) if conditions else ()
        return (("page_size", str(min(size, self.largest_page))), *chosen, *wanted)

    @staticmethod
    def _paged(query: Query, token: str | None) -> Query:
        return (*query, ("page_token", token)) if token else query

    def changed_at(self, row: Mapping[str, Any]) -> datetime | None:
        """When a row was changed, where it says so."""
        return instant(row.get(self.changed)) if self.changed else None


_CONTACT_FIELDS = (
    *("id", "given_name", "middle_name", "family_name", "company", "job_title", "email_addresses", "phone_numbers"),
    *("addresses", "website", "owner_id", "tag_ids", "custom_fields", "create_time", "update_time", "time_zone"),
    *("contact_type", "leadsource_id"),
)

USERS = Listing("users", "/rest/v2/users", "users", largest_page=100)
PLANS = Listing("plans", "/rest/v2/products/-/subscriptions", "subscriptions")
PRODUCTS = Listing("products", "/rest/v2/products", "products")
CATEGORIES = Listing("tag categories", "/rest/v2/tags/categories", "tag_categories")
TAGS = Listing("tags", "/rest/v2/tags", "tags")
COMPANIES = Listing(
    *("companies", "/rest/v2/companies", "companies"), since="since_time", whole_every=timedelta(days=30)
)
CONTACTS = Listing(
    "contacts",
    "/rest/v2/contacts",
    "contacts",
    id_filter="contact_id",
    since="start_update_time",
    since_order="update_time asc",
    changed="update_time",
    fields=_CONTACT_FIELDS,
)
METHODS = Listing(
    *("payment methods", "/rest/v2/paymentMethods", "payment_methods"),
    since="since_time",
    since_order="created_time asc",
    changed="created_time",
    is_by_time=True,
)
SUBSCRIPTIONS = Listing(
    "subscriptions",
    "/rest/v2/subscriptions",
    "subscriptions",
    id_filter="id",
    changed="modification_time",
    # Billing moves the next bill, maybe without a word in the time of the last change.
    whole_every=timedelta(days=1),
)
INACTIVE = replace(SUBSCRIPTIONS, kind="inactive subscriptions", only=(("status", "==", "Inactive"),))
"""Where the list of subscriptions holds the active ones only: whether it does is not said."""

ORDERS = Listing(
    "orders",
    "/rest/v2/orders",
    "orders",
    id_filter="id",
    since="modified_since_time",
    since_order="modification_time asc",
    changed="modification_time",
)
PAYMENTS = Listing(
    "payments",
    "/rest/v2/sales/payments",
    "payments",
    id_filter="id",
    since="since_time",
    since_order="payment_time asc",
    # Which time the filter goes by is not said, and none sorts by the change: an old payment is refunded later.
    whole_every=timedelta(days=7),
)
TRANSACTIONS = Listing(
    *("transactions", "/rest/v2/sales/transactions", "transactions"),
    since="since_time",
    since_order="transaction_time asc",
    changed="transaction_time",
    is_by_time=True,
)

LISTINGS = (
    *(USERS, PLANS, PRODUCTS, CATEGORIES, TAGS, COMPANIES, CONTACTS),
    *(METHODS, SUBSCRIPTIONS, INACTIVE, ORDERS, PAYMENTS, TRANSACTIONS),
)
"""Every kind, each after those that its rows name."""
