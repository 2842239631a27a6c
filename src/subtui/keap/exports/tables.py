"""Reads the rows of each kind for an export, with their columns, in the order of our ids."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, not_, null, select

from subtui.domain.reasons import Reason
from subtui.keap.addresses import ADDRESSES
from subtui.keap.columns import COLUMNS, Column
from subtui.keap.exports import contact_rows, sale_rows
from subtui.keap.exports.row_ids import RowIds, stored
from subtui.keap.ids import REST_OF_ORDER, WHOLE_ORDER
from subtui.storage.dialects import dialect_of
from subtui.storage.ledger import is_made
from subtui.storage.tables.core import (
    AUTOMATION,
    CONTACT,
    CONTACT_TAG,
    CREDIT_CARD,
    NOTE,
    ORDER,
    ORDER_ITEM,
    PAYMENT,
    PLAN,
    PRODUCT,
    SUBSCRIPTION,
    TAG,
    USER,
)
from subtui.views.imports import Kind

Row = tuple[Sequence[Any], Mapping[str, str]]
"""The values in the order of the columns, amounts in minor units; and the row's extra values, by header."""

Shape = Callable[[Sequence[Any], dict[str, str]], Sequence[Any]]

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one kind. `columns` are those that have a value; `others` are the headers of extra values, sorted."""

    kind: Kind
    columns: tuple[Column, ...]
    others: tuple[str, ...]
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class _Select:
    """The source of the fields of a kind.

    `of_contacts` makes the condition for the rows that belong to given contacts, or that these use. `more` is the
    column with a row's extra values; `own` are the headers in it that belong to a field.
    """

    fields: Mapping[str, ColumnElement[Any]]
    tables: FromClause
    key: ColumnElement[int]
    of_contacts: Callable[[Sequence[int]], ColumnElement[bool]]
    where: Sequence[ColumnElement[bool]] = ()
    more: ColumnElement[Any] | None = None
    own: frozenset[str] = field(default_factory=frozenset)


class Tables:
    """The tables of one export, read in the transaction of `connection`; only those of some contacts, if named."""

    def __init__(
        self, connection: Connection, reasons: Sequence[Reason], today: date, contacts: Sequence[int] = ()
    ) -> None:
        self.paused = 0
        """The number of subscriptions written so far that are paused: in a form that Keap has."""
        self._today = today
        self._connection = connection
        self._ids = RowIds(connection)
        self._reasons = {reason.code: reason for reason in reasons}
        self._contacts = tuple(contacts)
        self._selects = _selects(self._ids)

    def count(self, kind: Kind) -> int:
        """The number of rows of a kind."""
        source = self._selects[kind]
        rows = self._narrowed(select(func.count()).select_from(source.tables), source)
        return int(self._connection.execute(rows).scalar_one())

    def table(self, kind: Kind) -> Table:
        """The rows of a kind."""
        source = self._selects[kind]
        columns = tuple(column for column in COLUMNS[kind] if column.field in source.fields)
        wanted = [source.fields[column.field].label(column.field) for column in columns]
        extra = [source.key.label("key_of_row"), *([] if source.more is None else [source.more])]
        rows = select(*wanted, *extra).select_from(source.tables).order_by(source.key)
        found = self._run(self._narrowed(rows, source))
        width = len(columns)
        if source.more is None:
            return Table(kind, columns, (), ((row[:width], _NOTHING) for row in found))
        fields = [column.field for column in columns]
        rows_of = self._shaped(found, width, self._shape(kind, fields), kind)
        return Table(kind, columns, self._others(kind, source, source.more), rows_of)

    def _run(self, rows: Select[Any]) -> Iterator[Sequence[Any]]:
        return dialect_of(self._connection).stream(self._connection, rows)

    def _narrowed(self, rows: Select[Any], source: _Select) -> Select[Any]:
        rows = rows.where(*source.where)
        return rows.where(source.of_contacts(self._contacts)) if self._contacts else rows

    # --- extra values ---------------------------------------------------------------------------------------------

    def _others(self, kind: Kind, source: _Select, more: ColumnElement[Any]) -> tuple[str, ...]:
        """Every header under which a row has an extra value."""
        names: set[str] = set()
        for (packed,) in self._run(self._narrowed(select(more).select_from(source.tables).where(more != "{}"), source)):
            names.update(_decode(packed))
        return tuple(sorted({_apart(kind, name) for name in names - source.own}))

    def _shaped(self, found: Iterator[Sequence[Any]], width: int, shape: Shape, kind: Kind) -> Iterator[Row]:
        fields = _names_of_fields(kind)
        for row in found:
            packed = row[width + 1]
            more = _decode(packed) if packed != "{}" else {}
            values = shape(row[: width + 1], more)
            if not fields.isdisjoint(more):
                more = {_apart(kind, name): value for name, value in more.items()}
            yield values, more

    def _shape(self, kind: Kind, fields: Sequence[str]) -> Shape:
        if kind is Kind.CONTACT:
            users = self._run(select(USER.c.id, USER.c.name, USER.c.email))
            # An outer join keeps SQLite from reading by tag, and sorting.
            tags = (
                select(CONTACT_TAG.c.contact_id, self._ids.of(TAG), TAG.c.name)
                .select_from(CONTACT_TAG.outerjoin(TAG))
                .order_by(CONTACT_TAG.c.contact_id, CONTACT_TAG.c.tag_id)
            )
            tags_of = self._beside(tags, CONTACT_TAG.c.contact_id.in_)
            return contact_rows.shaped(fields, contact_rows.owner_names(users), tags_of)
        if kind is Kind.ORDER:
            lines = (
                select(ORDER_ITEM.c.order_id, self._ids.of(PRODUCT), ORDER_ITEM.c.name)
                .select_from(ORDER_ITEM.outerjoin(PRODUCT))
                .where(not_(is_made(REST_OF_ORDER)))
                .order_by(ORDER_ITEM.c.order_id, ORDER_ITEM.c.id)
            )
            return sale_rows.orders(
                fields, self._beside(lines, lambda contacts: ORDER_ITEM.c.order_id.in_(_orders_of(contacts)))
            )
        return sale_rows.subscriptions(fields, self._reasons, self._today, self._count_paused)

    def _count_paused(self) -> None:
        self.paused += 1

    def _beside(
        self, rows: Select[Any], of_contacts: Callable[[Sequence[int]], ColumnElement[bool]]
    ) -> Callable[[int], list[Sequence[Any]]]:
        """The dependent rows of a parent row, read in step with the parents: asked for by ascending number."""
        return _InStep(self._run(rows.where(of_contacts(self._contacts)) if self._contacts else rows)).of


def _orders_of(contacts: Sequence[int]) -> Select[Any]:
    return select(ORDER.c.id).where(ORDER.c.contact_id.in_(contacts))


class _InStep:
    """Groups of rows by their first value, by which they are sorted."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, number: int) -> list[Sequence[Any]]:
        """The rows of a number, which must be larger than the one before."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != number:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _names_of_fields(kind: Kind) -> frozenset[str]:
    return frozenset(column.names[0] for column in COLUMNS[kind])


def _apart(kind: Kind, name: str) -> str:
    """The header of an extra value: its own, unless one of our fields is exported under it."""
    return f"{name} (2)" if name in _names_of_fields(kind) else name


def _plain(table: FromClause, *names: str) -> dict[str, ColumnElement[Any]]:
    return {name: stored(table.c[name]) for name in names}


def _selects(ids: RowIds) -> dict[Kind, _Select]:
    contact, returned, refund = ids.of(CONTACT), PAYMENT.alias("returned"), PAYMENT.alias("refund")
    of_order, of_subscription = {"order": ids.of(ORDER)}, {"subscription": ids.of(SUBSCRIPTION)}
    bought = select(ORDER_ITEM.c.product_id).join(ORDER)
    subscribed = select(PLAN.c.product_id).join(SUBSCRIPTION)
    return {
        Kind.TAG: _Select(
            {"id": ids.of(TAG)} | _plain(TAG, "name", "category"),
            TAG,
            TAG.c.id,
            lambda ours: TAG.c.id.in_(select(CONTACT_TAG.c.tag_id).where(CONTACT_TAG.c.contact_id.in_(ours))),
        ),
        Kind.PRODUCT: _Select(
            {"id": ids.of(PRODUCT), "price": PRODUCT.c.price_minor}
            | _plain(PRODUCT, "name", "sku", "active", "currency"),
            PRODUCT,
            PRODUCT.c.id,
            lambda ours: PRODUCT.c.id.in_(
                bought.where(ORDER.c.contact_id.in_(ours)).union(subscribed.where(SUBSCRIPTION.c.contact_id.in_(ours)))
            ),
        ),
        Kind.PLAN: _Select(
            {"id": ids.of(PLAN), "product": ids.of(PRODUCT), "price": PLAN.c.price_minor}
            | _plain(PLAN, "name", "cycle", "frequency", "active", "currency"),
            PLAN.join(PRODUCT),
            PLAN.c.id,
            lambda ours: PLAN.c.id.in_(select(SUBSCRIPTION.c.plan_id).where(SUBSCRIPTION.c.contact_id.in_(ours))),
        ),
        Kind.CONTACT: _Select(
            {"id": contact, "owner": CONTACT.c.owner_id}
            | dict.fromkeys(("tag_ids", "tags", "whole_name"), null())
            | dict.fromkeys(chain.from_iterable(address.fields for address in ADDRESSES), null())
            # An address is in the place of its first part until it is split.
            | {address.fields[0]: stored(CONTACT.c[address.column]) for address in ADDRESSES}
            | _plain(CONTACT, *contact_rows.PLAIN_FIELDS),
            CONTACT,
            CONTACT.c.id,
            CONTACT.c.id.in_,
            where=(CONTACT.c.merged_into_id.is_(None),),
            more=stored(CONTACT.c.more),
            own=contact_rows.OWN_HEADERS,
        ),
        Kind.CARD: _Select(
            {"id": ids.of(CREDIT_CARD), "contact": contact}
            | _plain(CREDIT_CARD, "brand", "last4", "expires_month", "expires_year", "active"),
            CREDIT_CARD.join(CONTACT),
            CREDIT_CARD.c.id,
            CREDIT_CARD.c.contact_id.in_,
        ),
        Kind.NOTE: _Select(
            {"contact": contact} | of_subscription | of_order | _plain(NOTE, "at", "author", "text"),
            NOTE.join(CONTACT, CONTACT.c.id == NOTE.c.contact_id)
            .outerjoin(SUBSCRIPTION, SUBSCRIPTION.c.id == NOTE.c.subscription_id)
            .outerjoin(ORDER, ORDER.c.id == NOTE.c.order_id),
            NOTE.c.id,
            NOTE.c.contact_id.in_,
        ),
        Kind.AUTOMATION: _Select(
            {"contact": contact} | _plain(AUTOMATION, "name", "running"),
            AUTOMATION.join(CONTACT),
            AUTOMATION.c.id,
            AUTOMATION.c.contact_id.in_,
        ),
        Kind.SUBSCRIPTION: _Select(
            {
                "id": ids.of(SUBSCRIPTION),
                "contact": contact,
                "plan": ids.of(PLAN),
                "product": ids.of(PRODUCT),
                "plan_name": PLAN.c.name,
                "card": ids.of(CREDIT_CARD),
                "price": SUBSCRIPTION.c.price_minor,
            }
            | dict.fromkeys(("reason", "billed", "first_order", "charged_after_pause"), null())
            | _plain(SUBSCRIPTION, *sale_rows.PLAIN_FIELDS),
            SUBSCRIPTION.join(CONTACT)
            .join(PLAN, PLAN.c.id == SUBSCRIPTION.c.plan_id)
            .join(PRODUCT, PRODUCT.c.id == PLAN.c.product_id)
            .outerjoin(CREDIT_CARD, CREDIT_CARD.c.id == SUBSCRIPTION.c.credit_card_id),
            SUBSCRIPTION.c.id,
            SUBSCRIPTION.c.contact_id.in_,
            more=stored(SUBSCRIPTION.c.more),
            own=sale_rows.OWN_HEADERS[Kind.SUBSCRIPTION],
        ),
        Kind.ORDER: _Select(
            {
                "id": ids.of(ORDER),
                "contact": contact,
                "total": ORDER.c.total_minor,
                "invoice": ORDER.c.invoice_id,
                "products": null(),
                "product_names": null(),
            }
            | of_subscription
            | _plain(ORDER, "title", "ordered_on", "currency"),
            ORDER.join(CONTACT).outerjoin(SUBSCRIPTION, SUBSCRIPTION.c.id == ORDER.c.subscription_id),
            ORDER.c.id,
            ORDER.c.contact_id.in_,
            more=stored(ORDER.c.more),
            own=sale_rows.OWN_HEADERS[Kind.ORDER],
        ),
        Kind.ORDER_ITEM: _Select(
            {"id": ids.of(ORDER_ITEM), "product": ids.of(PRODUCT), "price": ORDER_ITEM.c.price_minor}
            | of_order
            | of_subscription
            | _plain(ORDER_ITEM, "name", "quantity")
            | _plain(ORDER, "currency"),
            ORDER_ITEM.join(ORDER)
            .outerjoin(PRODUCT, PRODUCT.c.id == ORDER_ITEM.c.product_id)
            .outerjoin(SUBSCRIPTION, SUBSCRIPTION.c.id == ORDER.c.subscription_id),
            ORDER_ITEM.c.id,
            ORDER.c.contact_id.in_,
            # An import makes these lines again.
            where=(not_(is_made(WHOLE_ORDER)), not_(is_made(REST_OF_ORDER))),
        ),
        Kind.PAYMENT: _Select(
            {
                "id": ids.of(PAYMENT),
                "invoice": ORDER.c.invoice_id,
                "amount": PAYMENT.c.amount_minor,
                "returns": ids.of(returned),
                "written_with": ids.of(refund),
                "reference": PAYMENT.c.gateway_reference,
            }
            | of_order
            | _plain(ORDER, "currency")
            | _plain(PAYMENT, *sale_rows.PAYMENT_FIELDS),
            PAYMENT.join(ORDER, ORDER.c.id == PAYMENT.c.order_id)
            .outerjoin(returned, returned.c.id == PAYMENT.c.returns_payment_id)
            .outerjoin(refund, refund.c.id == PAYMENT.c.refund_id),
            PAYMENT.c.id,
            ORDER.c.contact_id.in_,
        ),
    }
