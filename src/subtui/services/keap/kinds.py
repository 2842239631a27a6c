"""Writes the rows of each kind that was read in Keap, in the transaction of their page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from subtui.keap import answers
from subtui.keap_api.calls import Caller
from subtui.keap_api.pages import page_of
from subtui.services.keap import charging_plans, mirror
from subtui.services.keap.adopting import adopt
from subtui.services.keap.merging import Merging
from subtui.services.keap.outbox import CARD_METHOD
from subtui.services.keap.page_import import Page, Rules, id_of, write_page
from subtui.services.keap.walks import CONTACTS, ORDERS, Listing
from subtui.services.unit_of_work import Transaction
from subtui.storage.batches import batched
from subtui.storage.tables.core import CONTACT, ORDER, PRODUCT
from subtui.views.imports import Kind

Objects = Sequence[Mapping[str, Any]]


METHOD_CARD = "method_card"
"""The kind of the stored objects that name the card of a payment method, by Keap's id of the method."""

_ASKED_AT_ONCE = 100


@dataclass
class Writing:
    """What the writers of one pull share."""

    rules: Rules
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    known_products: frozenset[str] = frozenset()

    def products(self, tx: Transaction) -> frozenset[str]:
        """The ids in Keap of the products that are here, read once a pull."""
        if not self.known_products:
            found = tx.session.execute(select(PRODUCT.c.keap_id).where(PRODUCT.c.keap_id.is_not(None))).scalars()
            self.known_products = frozenset(found)
        return self.known_products

    def named(self, tx: Transaction, kind: str, *fields: str) -> dict[str, str]:
        """The names of the stored objects of a kind, read once a pull."""
        if kind not in self.names:
            self.names[kind] = mirror.names(tx.session.connection(), kind, *fields)
        return self.names[kind]


Writer = Callable[[Transaction, Writing, Objects], Page]


def _keep(kind: str) -> Writer:
    def write(tx: Transaction, writing: Writing, rows: Objects) -> Page:
        writing.names.pop(kind, None)
        return Page(beside=mirror.keep(tx, kind, {id_of(found): found for found in rows if id_of(found)}))

    return write


def _users(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    writing.names.pop("user", None)
    named = {id_of(found): {**found, "email": _email(found)} for found in rows if id_of(found)}
    return Page(beside=mirror.keep(tx, "user", named))


def _email(found: Mapping[str, Any]) -> str:
    listed = found.get("email_addresses")
    entries = [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []
    return str(entries[0].get("email") or "") if entries else ""


def _products(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    plans = writing.named(tx, "plan", "subscription_plan_name")
    found = [answers.product(row, plans) for row in rows]
    return write_page(tx, "products", found, writing.rules, listed_as="products", raw=rows)


def _tags(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    categories = writing.named(tx, "tag category", "name")
    return write_page(tx, "tags", [answers.tag(row, categories) for row in rows], writing.rules, raw=rows)


def _contacts(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    owners = writing.named(tx, "user", "given_name", "family_name")
    found = [answers.contact(row, owners) for row in rows]
    return write_page(tx, "contacts", found, writing.rules, listed_as="contacts", raw=rows)


def _methods(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    pairs = [(row, card) for row in rows if (card := answers.card(row)) is not None]
    methods = {str(row["payment_method_id"]): row for row in rows if row.get("payment_method_id")}
    card_of = {method: str(row.get("credit_card_id") or method) for method, row in methods.items()}
    mirror.keep(tx, METHOD_CARD, {method: {"credit_card_id": card} for method, card in card_of.items()})
    mirror.keep(tx, CARD_METHOD, {card: {"payment_method_id": method} for method, card in card_of.items()})
    raw, cards = [row for row, _ in pairs], [card for _, card in pairs]
    return write_page(tx, "payment methods", cards, writing.rules, raw=raw)


def _subscriptions(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    return write_subscriptions(tx, writing, rows)


def write_subscriptions(
    tx: Transaction, writing: Writing, rows: Objects, *, forced: frozenset[str] = frozenset(), log: bool = True
) -> Page:
    """Write subscriptions; of those known here what has changed in Keap only, and the fields of `forced`."""
    cards = mirror.bodies(tx.session.connection(), METHOD_CARD, answers.ids_named(rows, "payment_method_id"))
    named = {method: str(body["credit_card_id"]) for method, body in cards.items()}
    merging = Merging.of(tx, rows, forced=forced)
    rows = [row for row in rows if id_of(row) not in merging.stale]
    found = [answers.subscription(row, named) for row in rows]
    return write_page(
        tx, "subscriptions", found, writing.rules, listed_as="subscriptions", merging=merging, raw=rows, log=log
    )


def _orders(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    plans = {id_of(row): answers.charging_plan(row) for row in rows if id_of(row)}
    mirror.keep(tx, charging_plans.KIND, {number: plan for number, plan in plans.items() if plan is not None})
    stopped = [number for number, plan in plans.items() if plan is None]
    mirror.forget(tx, charging_plans.KIND, stopped)
    charging_plans.settle_stopped(tx, stopped)
    found = [answers.order(row, writing.products(tx)) for row in rows]
    return write_page(tx, "orders", found, writing.rules, listed_as="orders", raw=rows)


def _payments(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    adopt(tx, rows)
    found = [answers.payment(row) for row in rows]
    return write_page(tx, "payments", found, writing.rules, listed_as="payments", raw=rows)


def _transactions(tx: Transaction, writing: Writing, rows: Objects) -> Page:
    return Page(beside=mirror.keep(tx, "transaction", {answers.transaction_key(row): row for row in rows}))


WRITERS: Mapping[str, Writer] = {
    "users": _users,
    "plans": _keep("plan"),
    "products": _products,
    "tag categories": _keep("tag category"),
    "tags": _tags,
    "companies": _keep("company"),
    "contacts": _contacts,
    "payment methods": _methods,
    "subscriptions": _subscriptions,
    "inactive subscriptions": _subscriptions,
    "orders": _orders,
    "payments": _payments,
    "transactions": _transactions,
}
"""The writer of each kind of `walks.LISTINGS`."""

MADE_OF: Mapping[str, Kind] = {
    "products": Kind.PRODUCT,
    "tags": Kind.TAG,
    "contacts": Kind.CONTACT,
    "payment methods": Kind.CARD,
    "subscriptions": Kind.SUBSCRIPTION,
    "inactive subscriptions": Kind.SUBSCRIPTION,
    "orders": Kind.ORDER,
    "payments": Kind.PAYMENT,
}
"""What the rows of a kind become in the record; the others are kept beside it."""

# --- rows that others name before they have been read -----------------------------------------------------------------

_NAMED: Mapping[str, tuple[str, str]] = {
    "payment methods": ("contacts", "contact_id"),
    "subscriptions": ("contacts", "contact_id"),
    "inactive subscriptions": ("contacts", "contact_id"),
    "orders": ("contacts", "contact"),
    "payments": ("orders", "order_ids"),
}
_ASKED_FOR: Mapping[str, tuple[Listing, str, Any]] = {
    "contacts": (CONTACTS, "contact_ids", CONTACT),
    "orders": (ORDERS, "ids", ORDER),
}
"""How rows are asked for by their ids, and the table that says which are here."""


def missing(connection: Connection, kind: str, rows: Objects) -> tuple[str, list[str]]:
    """The kind and the ids of rows that these name and that are not here: made since, or kept after a merge."""
    if kind not in _NAMED:
        return "", []
    other, name = _NAMED[kind]
    table = _ASKED_FOR[other][2]
    wanted = list(dict.fromkeys(answers.ids_named(rows, name)))
    known: set[str] = set()
    for part in batched(wanted):
        known.update(connection.execute(select(table.c.keap_id).where(table.c.keap_id.in_(part))).scalars())
    return other, [number for number in wanted if number not in known and number.isalnum()]


def read_by_ids(caller: Caller, kind: str, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """The rows of a kind with these ids. Raises the errors of `caller`."""
    listing, name, _ = _ASKED_FOR[kind]
    found: list[Mapping[str, Any]] = []
    for at in range(0, len(ids), _ASKED_AT_ONCE):
        part = ids[at : at + _ASKED_AT_ONCE]
        rows = page_of(caller.get(listing.path, listing.by_ids(name, part)), listing.key).rows
        # An ignored filter would answer with other rows.
        found += [row for row in rows if id_of(row) in part]
    return found
