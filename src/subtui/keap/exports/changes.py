"""Reads changes from the log: entry by entry for a table, and by subscription for requests to Keap."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, select

from subtui.domain.errors import StorageProblem
from subtui.domain.event_types import EventType, SubjectType
from subtui.keap.exports.row_ids import RowIds, stored
from subtui.storage.tables.core import CONTACT, EVENT, ORDER, PAYMENT, SUBSCRIPTION

OF_SUBSCRIPTIONS = (
    *(EventType.SAVE_SUBSCRIPTION, EventType.UNDO, EventType.ROLL),
    *(EventType.PAUSE, EventType.RESUME, EventType.IMPORT_ROW),
)
REFUNDED = (EventType.REFUND, EventType.APPROVE_REFUND)
OF_ORDERS = (*REFUNDED, EventType.CORRECT_REFUND, EventType.ADD_MONEY, EventType.SET_REFERENCE)

_SUBSCRIPTION_OF = and_(EVENT.c.subject_type == SubjectType.SUBSCRIPTION.value, SUBSCRIPTION.c.id == EVENT.c.subject_id)
_ORDER_OF = and_(EVENT.c.subject_type == SubjectType.ORDER.value, ORDER.c.id == EVENT.c.subject_id)
_CONTACT_OF = CONTACT.c.id == func.coalesce(SUBSCRIPTION.c.contact_id, ORDER.c.contact_id, EVENT.c.contact_id)
_OF_ENTRIES = (
    EVENT.outerjoin(SUBSCRIPTION, _SUBSCRIPTION_OF).outerjoin(ORDER, _ORDER_OF).outerjoin(CONTACT, _CONTACT_OF)
)
_ENTRY = ("id", "at", "actor", "role", "command", "reason", "before", "after", "hash")
_NOW = (
    *("status", "auto_charge", "end_date", "next_bill_date", "reason_code", "reason_note", "quantity"),
    *("price_minor", "currency", "paused_from", "resumes_on"),
)
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
    return int(connection.execute(select(func.coalesce(func.max(EVENT.c.id), 0))).scalar_one())


def last_before(connection: Connection, at: datetime) -> int:
    """The number of the last entry before the first that was written at that instant or later."""
    first = connection.execute(select(func.min(EVENT.c.id)).where(EVENT.c.at >= at)).scalar()
    return newest(connection) if first is None else int(first) - 1


def entries(
    connection: Connection, after: int, acts: Sequence[EventType], *, by_subscription: bool = False
) -> Generator[Entry, None, None]:
    """The entries about subscriptions and orders after a given one."""
    ids = RowIds(connection)
    found = (
        select(
            *(stored(EVENT.c[name]) for name in _ENTRY),
            *(ids.of(table) for table in (SUBSCRIPTION, ORDER, CONTACT)),
            *(CONTACT.c[name] for name in ("first_name", "last_name", "company", "email")),
            func.coalesce(SUBSCRIPTION.c.currency, ORDER.c.currency, ""),
            func.coalesce(SUBSCRIPTION.c.keap_id, ORDER.c.keap_id),
            CONTACT.c.keap_id,
        )
        .select_from(_OF_ENTRIES)
        .where(EVENT.c.command.in_([act.value for act in acts]), EVENT.c.id > after)
        .order_by(*([SUBSCRIPTION.c.id] if by_subscription else []), EVENT.c.id)
    )
    for row in connection.execute(found):
        first, last, company, email = (text or "" for text in row[12:16])
        images, name = (_image(row[6]), _image(row[7])), f"{first} {last}".strip() or company or email
        values: list[Any] = [*row[:6], *images, *row[8:12], name, *row[16:]]
        yield Entry(*values)


def changed_subscriptions(connection: Connection, after: int) -> Generator[Changed, None, None]:
    """Every subscription with a log entry after a given one, with all its entries."""
    found = entries(connection, after, OF_SUBSCRIPTIONS, by_subscription=True)
    for subscription, mine in groupby(found, key=attrgetter("subscription")):
        if subscription is None:
            continue
        together = list(mine)
        yield Changed(_as_it_is(connection, together[0]), together)


def _as_it_is(connection: Connection, entry: Entry) -> dict[str, Any]:
    """The columns of the subscription that an entry is about."""
    now = select(*(stored(SUBSCRIPTION.c[name]) for name in _NOW)).join(EVENT, _SUBSCRIPTION_OF)
    return dict(zip(_NOW, connection.execute(now.where(EVENT.c.id == entry.id)).one(), strict=True))


def payment_of(connection: Connection, payment_id: int) -> tuple[str, str, str, str] | None:
    """A ledger row: its exported id, its day, its method and its reference."""
    columns = (stored(PAYMENT.c[name]) for name in ("paid_on", "method", "gateway_reference"))
    found = select(RowIds(connection).of(PAYMENT), *columns).where(PAYMENT.c.id == payment_id)
    row = connection.execute(found).first()
    return None if row is None else (row[0], row[1], row[2], row[3])


def _image(text: str) -> dict[str, Any]:
    try:
        return _decode(text)
    except (msgspec.DecodeError, TypeError):
        raise StorageProblem("An entry of the log cannot be read. To see which: subtui log verify") from None
