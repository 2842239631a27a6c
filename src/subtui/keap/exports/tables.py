"""Reads the rows of each kind for an export, with their columns, in the order of our ids."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection

from subtui.domain.reasons import Reason
from subtui.keap.addresses import ADDRESSES
from subtui.keap.columns import COLUMNS, Column
from subtui.keap.exports import contact_rows, sale_rows
from subtui.keap.exports.row_ids import RowIds
from subtui.keap.ids import REST_OF_ORDER, WHOLE_ORDER
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

    `of_contacts` finds the rows that belong to given contacts, or that these use. `more` is the column with a row's
    extra values; `own` are the headers in it that belong to a field.
    """

    fields: Mapping[str, str]
    tables: str
    key: str
    of_contacts: str
    where: str = ""
    more: str = ""
    own: frozenset[str] = field(default_factory=frozenset)


class Tables:
    """The tables of one export, read in the transaction of `connection`; only those of some contacts, if named."""

    def __init__(self, connection: Connection, reasons: Sequence[Reason], contacts: Sequence[int] = ()) -> None:
        self._connection = connection
        self._ids = RowIds(connection)
        self._reasons = {reason.code: reason for reason in reasons}
        self._contacts = tuple(contacts)
        self._named = f"IN ({', '.join(str(int(number)) for number in contacts)})"
        self._selects = _selects(self._ids)

    def count(self, kind: Kind) -> int:
        """The number of rows of a kind."""
        select = self._selects[kind]
        found = self._connection.exec_driver_sql(f"SELECT count(*) FROM {select.tables}{self._where(select)}")
        return int(found.scalar_one())

    def table(self, kind: Kind) -> Table:
        """The rows of a kind."""
        select = self._selects[kind]
        columns = tuple(column for column in COLUMNS[kind] if column.field in select.fields)
        others = self._others(kind, select)
        wanted = [select.fields[column.field] for column in columns]
        extra = [f"{select.key} AS key_of_row", *([select.more] if select.more else [])]
        sql = f"SELECT {', '.join((*wanted, *extra))} FROM {select.tables}{self._where(select)} ORDER BY {select.key}"
        found = self._run(sql)
        width = len(columns)
        if not select.more:
            return Table(kind, columns, (), ((row[:width], _NOTHING) for row in found))
        fields = [column.field for column in columns]
        rows = self._shaped(found, width, self._shape(kind, fields), kind)
        return Table(kind, columns, others, rows)

    def _run(self, sql: str) -> Iterator[tuple[Any, ...]]:
        # Plain rows of the driver: there may be tens of millions, and they are only indexed.
        driver: Any = self._connection.connection.dbapi_connection
        rows: Iterator[tuple[Any, ...]] = driver.execute(sql)
        return rows

    def _where(self, select: _Select) -> str:
        conditions = [select.where] if select.where else []
        if self._contacts:
            conditions.append(select.of_contacts.format(self._named))
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    # --- extra values ---------------------------------------------------------------------------------------------

    def _others(self, kind: Kind, select: _Select) -> tuple[str, ...]:
        """Every header under which a row has an extra value."""
        if not select.more:
            return ()
        names: set[str] = set()
        some = f" {'AND' if self._where(select) else 'WHERE'} {select.more} != '{{}}'"
        for (more,) in self._run(f"SELECT {select.more} FROM {select.tables}{self._where(select)}{some}"):
            names.update(_decode(more))
        return tuple(sorted({_apart(kind, name) for name in names - select.own}))

    def _shaped(self, found: Iterator[tuple[Any, ...]], width: int, shape: Shape, kind: Kind) -> Iterator[Row]:
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
            users = self._run("SELECT id, name, email FROM user")
            tags = self._beside(
                f"SELECT x.contact_id, {self._ids.of('t')}, t.name"
                " FROM contact_tag x CROSS JOIN tag t ON t.id = x.tag_id WHERE true",
                "x.contact_id {0}",
                "x.contact_id, x.tag_id",
            )
            return contact_rows.shaped(fields, contact_rows.owner_names(users), tags)
        if kind is Kind.ORDER:
            lines = self._beside(
                f"SELECT i.order_id, {self._ids.of('p')}, i.name FROM order_item i LEFT JOIN product p"
                f" ON p.id = i.product_id WHERE coalesce(i.keap_id, '') NOT LIKE '{REST_OF_ORDER}%'",
                'i.order_id IN (SELECT o.id FROM "order" o WHERE o.contact_id {0})',
                "i.order_id, i.id",
            )
            return sale_rows.orders(fields, lines)
        return sale_rows.subscriptions(fields, self._reasons)

    def _beside(self, sql: str, contact: str, order: str) -> Callable[[int], list[tuple[Any, ...]]]:
        """The dependent rows of a parent row, read in step with the parents: asked for by ascending number."""
        condition = f" AND {contact.format(self._named)}" if self._contacts else ""
        return _InStep(self._run(f"{sql}{condition} ORDER BY {order}")).of


class _InStep:
    """Groups of rows by their first value, by which they are sorted."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, number: int) -> list[tuple[Any, ...]]:
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


def _selects(ids: RowIds) -> dict[Kind, _Select]:
    def plain(alias: str, *names: str) -> dict[str, str]:
        return {name: f"{alias}.{name}" for name in names}

    contact = ids.of("c")
    no_derived_line = (
        f"coalesce(i.keap_id, '') NOT LIKE '{WHOLE_ORDER}%' AND coalesce(i.keap_id, '') NOT LIKE '{REST_OF_ORDER}%'"
    )
    return {
        Kind.TAG: _Select(
            {"id": ids.of("t")} | plain("t", "name", "category"),
            "tag t",
            "t.id",
            "t.id IN (SELECT tag_id FROM contact_tag WHERE contact_id {0})",
        ),
        Kind.PRODUCT: _Select(
            {"id": ids.of("p"), "price": "p.price_minor"} | plain("p", "name", "sku", "active", "currency"),
            "product p",
            "p.id",
            (
                'p.id IN (SELECT i.product_id FROM order_item i JOIN "order" o ON o.id = i.order_id'
                " WHERE o.contact_id {0} UNION SELECT n.product_id FROM subscription s"
                " JOIN subscription_plan n ON n.id = s.plan_id WHERE s.contact_id {0})"
            ),
        ),
        Kind.PLAN: _Select(
            {"id": ids.of("n"), "product": ids.of("p"), "price": "n.price_minor"}
            | plain("n", "name", "cycle", "frequency", "active", "currency"),
            "subscription_plan n JOIN product p ON p.id = n.product_id",
            "n.id",
            "n.id IN (SELECT plan_id FROM subscription WHERE contact_id {0})",
        ),
        Kind.CONTACT: _Select(
            {"id": contact, "tag_ids": "NULL", "tags": "NULL", "whole_name": "NULL", "owner": "c.owner_id"}
            | dict.fromkeys(chain.from_iterable(address.fields for address in ADDRESSES), "NULL")
            # An address is in the place of its first part until it is split.
            | {address.fields[0]: f"c.{address.column}" for address in ADDRESSES}
            | plain("c", *contact_rows.PLAIN_FIELDS),
            "contact c",
            "c.id",
            "c.id {0}",
            more="c.more",
            own=contact_rows.OWN_HEADERS,
        ),
        Kind.CARD: _Select(
            {"id": ids.of("d"), "contact": contact}
            | plain("d", "brand", "last4", "expires_month", "expires_year", "active"),
            "credit_card d JOIN contact c ON c.id = d.contact_id",
            "d.id",
            "d.contact_id {0}",
        ),
        Kind.NOTE: _Select(
            {"contact": contact} | plain("n", "at", "author", "text"),
            "note n JOIN contact c ON c.id = n.contact_id",
            "n.id",
            "n.contact_id {0}",
        ),
        Kind.AUTOMATION: _Select(
            {"contact": contact} | plain("a", "name", "running"),
            "automation a JOIN contact c ON c.id = a.contact_id",
            "a.id",
            "a.contact_id {0}",
        ),
        Kind.SUBSCRIPTION: _Select(
            {
                "id": ids.of("s"),
                "contact": contact,
                "plan": ids.of("n"),
                "product": ids.of("p"),
                "plan_name": "n.name",
                "card": ids.of("d"),
                "price": "s.price_minor",
                "reason": "NULL",
                "billed": "NULL",
                "first_order": "NULL",
            }
            | plain("s", *sale_rows.PLAIN_FIELDS),
            "subscription s JOIN contact c ON c.id = s.contact_id JOIN subscription_plan n ON n.id = s.plan_id"
            " JOIN product p ON p.id = n.product_id LEFT JOIN credit_card d ON d.id = s.credit_card_id",
            "s.id",
            "s.contact_id {0}",
            more="s.more",
            own=sale_rows.OWN_HEADERS[Kind.SUBSCRIPTION],
        ),
        Kind.ORDER: _Select(
            {
                "id": ids.of("o"),
                "contact": contact,
                "title": "o.title",
                "ordered_on": "o.ordered_on",
                "total": "o.total_minor",
                "subscription": ids.of("s"),
                "products": "NULL",
                "product_names": "NULL",
                "invoice": "o.invoice_id",
                "currency": "o.currency",
            },
            '"order" o JOIN contact c ON c.id = o.contact_id LEFT JOIN subscription s ON s.id = o.subscription_id',
            "o.id",
            "o.contact_id {0}",
            more="o.more",
            own=sale_rows.OWN_HEADERS[Kind.ORDER],
        ),
        Kind.ORDER_ITEM: _Select(
            {
                "id": ids.of("i"),
                "order": ids.of("o"),
                "product": ids.of("p"),
                "name": "i.name",
                "quantity": "i.quantity",
                "price": "i.price_minor",
                "subscription": ids.of("s"),
                "currency": "o.currency",
            },
            'order_item i JOIN "order" o ON o.id = i.order_id LEFT JOIN product p ON p.id = i.product_id'
            " LEFT JOIN subscription s ON s.id = o.subscription_id",
            "i.id",
            "o.contact_id {0}",
            # Leave out the lines that an import makes for orders without lines: it makes them again.
            where=no_derived_line,
        ),
        Kind.PAYMENT: _Select(
            {
                "id": ids.of("m"),
                "order": ids.of("o"),
                "invoice": "o.invoice_id",
                "amount": "m.amount_minor",
                "returns": ids.of("r"),
                "written_with": ids.of("w"),
                "reference": "m.gateway_reference",
                "currency": "o.currency",
            }
            | plain("m", "paid_on", "method", "note", "state", "kind", "reason_code", "recorded_at", "recorded_by"),
            'payment m JOIN "order" o ON o.id = m.order_id LEFT JOIN payment r ON r.id = m.returns_payment_id'
            " LEFT JOIN payment w ON w.id = m.refund_id",
            "m.id",
            "o.contact_id {0}",
        ),
    }
