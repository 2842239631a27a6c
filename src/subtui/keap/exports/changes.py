"""Reads changes from the log: entry by entry for a table, and by subscription for requests to Keap."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection

from subtui.domain.errors import StorageProblem
from subtui.domain.event_types import EventType
from subtui.keap.exports.row_ids import RowIds
from subtui.storage.sql import literal, placeholders

OF_SUBSCRIPTIONS = (EventType.SAVE_SUBSCRIPTION, EventType.UNDO, EventType.ROLL, EventType.IMPORT_ROW)
REFUNDED = (EventType.REFUND, EventType.APPROVE_REFUND)
OF_ORDERS = (*REFUNDED, EventType.CORRECT_REFUND, EventType.ADD_MONEY, EventType.SET_REFERENCE)

_SUBSCRIPTION_OF = "e.subject_type = 'subscription' AND s.id = e.subject_id"
_ORDER_OF = "e.subject_type = 'order' AND o.id = e.subject_id"
_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log, with the exported ids of its rows, and their Keap ids if they have any."""

    id: int
    at: str
    actor: str
    role: str
    command: str
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    hash: str
    subscription: str | None
    order: str | None
    contact: str | None
    contact_name: str
    currency: str
    keap_id: str | None
    contact_keap_id: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A subscription with its log entries and its current state."""

    now: dict[str, Any]
    entries: Sequence[Entry]


def newest(connection: Connection) -> int:
    """The number of the newest entry."""
    return int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM event").scalar_one())


def last_before(connection: Connection, at: datetime) -> int:
    """The number of the last entry before the first that was written at that instant or later."""
    first = connection.exec_driver_sql("SELECT min(id) FROM event WHERE at >= ?", (literal(at),)).scalar()
    return newest(connection) if first is None else int(first) - 1


def entries(
    connection: Connection, after: int, acts: Sequence[EventType], order: str = "e.id"
) -> Generator[Entry, None, None]:
    """The entries about subscriptions and orders after a given one."""
    ids = RowIds(connection)
    sql = (
        "SELECT e.id, e.at, e.actor, e.role, e.command, e.reason, e.before, e.after, e.hash,"
        f" {ids.of('s')}, {ids.of('o')}, {ids.of('c')}, c.first_name, c.last_name, c.company, c.email,"
        " coalesce(s.currency, o.currency, ''), coalesce(s.keap_id, o.keap_id), c.keap_id"
        f' FROM event e LEFT JOIN subscription s ON {_SUBSCRIPTION_OF} LEFT JOIN "order" o ON {_ORDER_OF}'
        " LEFT JOIN contact c ON c.id = coalesce(s.contact_id, o.contact_id, e.contact_id)"
        f" WHERE e.command IN ({placeholders(acts)}) AND e.id > {after:d} ORDER BY {order}"
    )
    for row in connection.exec_driver_sql(sql, tuple(act.value for act in acts)):
        first, last, company, email = (text or "" for text in row[12:16])
        images, name = (_image(row[6]), _image(row[7])), f"{first} {last}".strip() or company or email
        values: list[Any] = [*row[:6], *images, *row[8:12], name, *row[16:]]
        yield Entry(*values)


def changed_subscriptions(connection: Connection, after: int) -> Generator[Changed, None, None]:
    """Every subscription with a log entry after a given one, with all its entries."""
    found = entries(connection, after, OF_SUBSCRIPTIONS, "s.id, e.id")
    for subscription, mine in groupby(found, key=attrgetter("subscription")):
        if subscription is None:
            continue
        together = list(mine)
        yield Changed(_as_it_is(connection, together[0]), together)


def _as_it_is(connection: Connection, entry: Entry) -> dict[str, Any]:
    """The columns of the subscription that an entry is about."""
    names = (
        *("status", "auto_charge", "end_date", "next_bill_date", "reason_code", "reason_note", "quantity"),
        *("price_minor", "currency"),
    )
    sql = (
        f"SELECT {', '.join(f's.{name}' for name in names)} FROM event e JOIN subscription s ON {_SUBSCRIPTION_OF}"
        " WHERE e.id = ?"
    )
    return dict(zip(names, connection.exec_driver_sql(sql, (entry.id,)).one(), strict=True))


def payment_of(connection: Connection, payment_id: int) -> tuple[str, str, str, str] | None:
    """A ledger row: its exported id, its day, its method and its reference."""
    sql = f"SELECT {RowIds(connection).of('m')}, m.paid_on, m.method, m.gateway_reference FROM payment m WHERE m.id = ?"
    row = connection.exec_driver_sql(sql, (payment_id,)).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


def is_corrected(connection: Connection, payment_id: int) -> bool:
    """Whether a refund was corrected by a counter entry."""
    sql = "SELECT 1 FROM payment WHERE returns_payment_id = ? AND kind = 'refund_correction'"
    return connection.exec_driver_sql(sql, (payment_id,)).first() is not None


def _image(text: str) -> dict[str, Any]:
    try:
        return _decode(text)
    except (msgspec.DecodeError, TypeError):
        raise StorageProblem("An entry of the log cannot be read. To see which: subtui log verify") from None
