"""Finds records of every kind: by a number, a gateway reference, the last four digits of a card, or a name."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from subtui.acts.search import FindRecords
from subtui.domain.ledger import ROW_WORDS, RowKind
from subtui.domain.money import Money
from subtui.domain.names import list_name
from subtui.domain.record_numbers import RecordKind, Sought, sought
from subtui.domain.refunds import PaymentState
from subtui.domain.search_query import parse
from subtui.services.audit_snapshots import terms_of
from subtui.services.named_groups import named_groups
from subtui.services.registry import answers
from subtui.services.tickets import row_of
from subtui.services.unit_of_work import Reader
from subtui.storage.dialects.base import LAST_TEXT
from subtui.storage.tables import (
    CancellationRequest,
    Contact,
    CreditCard,
    Letter,
    Order,
    Payment,
    Subscription,
    SubscriptionPlan,
)
from subtui.storage.tables.sales import HAS_REFERENCE
from subtui.views.found_records import FoundRecord, FoundRecords


@answers(FindRecords)
def find_records(reader: Reader, query: FindRecords) -> FoundRecords:
    """Handle `FindRecords`."""
    asked = parse(query.text, today=reader.today)
    if asked.conditions or asked.problem or not asked.words:
        return FoundRecords(query.text)
    meant = sought(asked.words)
    ids = _numbered(reader.session, meant, query.limit + 1)
    rows: list[FoundRecord] = []
    more: list[RecordKind] = []
    for kind, show in _SHOWN.items():
        found = list(dict.fromkeys(ids[kind]))
        if found:
            rows += show(reader, found[: query.limit])
        if len(found) > query.limit:
            more.append(kind)
    named, more_named = named_groups(reader, meant, query.limit)
    return FoundRecords(query.text, (*rows, *named), (*more, *more_named))


# --- which records: one statement for all kinds -----------------------------------------------------------------------


def _numbered(session: Session, meant: Sought, most: int) -> Mapping[RecordKind, list[int]]:
    """The ids of the records of each kind with the number, the reference or the last four digits; the best first."""
    found: dict[RecordKind, list[int]] = defaultdict(list)
    parts = [part.limit(most).subquery().select() for part in _lookups(meant)]
    if parts:
        for kind, _, _, number in sorted(map(tuple, session.execute(union_all(*parts)))):
            found[RecordKind(kind)].append(number)
    return found


def _lookups(meant: Sought) -> Iterator[Select[Any]]:
    """Yield a statement for each way, along an index: the kind, how good the match is, a text to sort by, the id."""
    number = meant.number
    if number is not None and meant.wants(RecordKind.SUBSCRIPTION):
        yield _by(RecordKind.SUBSCRIPTION, 0, Subscription.id, col(Subscription.id) == number)
        yield _by(RecordKind.SUBSCRIPTION, 1, Subscription.id, col(Subscription.keap_id) == str(number))
    if number is not None and meant.wants(RecordKind.ORDER):
        yield _by(RecordKind.ORDER, 0, Order.id, col(Order.id) == number)
        yield _by(RecordKind.ORDER, 1, Order.id, col(Order.keap_id) == str(number))
        yield _by(RecordKind.ORDER, 2, Order.id, col(Order.invoice_id) == str(number))
    if meant.wants(RecordKind.PAYMENT):
        if number is not None:
            yield _by(RecordKind.PAYMENT, 1, Payment.id, col(Payment.id) == number)
            yield _by(RecordKind.PAYMENT, 2, Payment.id, col(Payment.keap_id) == str(number))
        reference = col(Payment.gateway_reference)
        for form in meant.references:
            yield _by(RecordKind.PAYMENT, 0, Payment.id, HAS_REFERENCE, reference == form)
            begins = reference > form, reference < form + LAST_TEXT
            yield _by(RecordKind.PAYMENT, 3, Payment.id, HAS_REFERENCE, *begins).order_by(reference)
    if meant.ticket is not None and meant.wants(RecordKind.TICKET):
        yield _by(RecordKind.TICKET, 0, CancellationRequest.id, col(CancellationRequest.id) == meant.ticket)
    if number is not None and meant.wants(RecordKind.LETTER):
        yield _by(RecordKind.LETTER, 0, Letter.id, col(Letter.id) == number)
    if meant.last4 and meant.wants(RecordKind.CARD):
        brand = [func.lower(col(CreditCard.brand)).startswith(meant.brand, autoescape=True)] if meant.brand else []
        cards = _by(RecordKind.CARD, 0, CreditCard.id, col(CreditCard.last4) == meant.last4, *brand)
        yield cards.order_by(col(CreditCard.id))


def _by(kind: RecordKind, rank: int, number: Any, *conditions: Any) -> Select[Any]:
    text = col(Payment.gateway_reference) if kind is RecordKind.PAYMENT else literal("")
    return select(literal(kind.value), literal(rank), text, col(number)).where(*conditions)


# --- what is shown of them --------------------------------------------------------------------------------------------


def _name(contact: Contact | None) -> str:
    if contact is None:
        return ""
    return list_name(contact.first_name, contact.last_name, contact.company, contact.email, contact.id or 0)


def _in_order(rows: Sequence[Any], ids: Sequence[int]) -> list[Any]:
    place = {number: at for at, number in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row[0].id])


def _subscriptions(reader: Reader, ids: Sequence[int]) -> Iterator[FoundRecord]:
    wanted = (
        select(Subscription, Contact, SubscriptionPlan)
        .join(Contact, col(Contact.id) == col(Subscription.contact_id))
        .join(SubscriptionPlan, col(SubscriptionPlan.id) == col(Subscription.plan_id))
        .where(col(Subscription.id).in_(ids))
    )
    for row, contact, plan in _in_order(reader.session.execute(wanted).all(), ids):
        yield FoundRecord(
            RecordKind.SUBSCRIPTION,
            row.id or 0,
            str(row.id),
            _name(contact),
            row.contact_id,
            plan.name,
            terms_of(row).state(reader.today),
            amount=Money(row.price_minor * row.quantity, row.currency),
        )


def _orders(reader: Reader, ids: Sequence[int]) -> Iterator[FoundRecord]:
    wanted = (
        select(Order, Contact).join(Contact, col(Contact.id) == col(Order.contact_id)).where(col(Order.id).in_(ids))
    )
    for row, contact in _in_order(reader.session.execute(wanted).all(), ids):
        yield FoundRecord(
            RecordKind.ORDER,
            row.id or 0,
            str(row.id),
            _name(contact),
            row.contact_id,
            row.title,
            day=row.ordered_on,
            amount=Money(row.total_minor, row.currency),
        )


def _payments(reader: Reader, ids: Sequence[int]) -> Iterator[FoundRecord]:
    wanted = (
        select(Payment, Order, Contact)
        .join(Order, col(Order.id) == col(Payment.order_id))
        .join(Contact, col(Contact.id) == col(Order.contact_id))
        .where(col(Payment.id).in_(ids))
    )
    for row, order, contact in _in_order(reader.session.execute(wanted).all(), ids):
        failed = row.state == PaymentState.FAILED.value
        yield FoundRecord(
            RecordKind.PAYMENT,
            row.order_id,
            row.gateway_reference or str(row.id),
            _name(contact),
            order.contact_id,
            f"{ROW_WORDS[RowKind(row.kind)]} on order {order.id}",
            "failed" if failed else "",
            row.paid_on,
            Money(row.amount_minor, order.currency),
        )


def _tickets(reader: Reader, ids: Sequence[int]) -> Iterator[FoundRecord]:
    wanted = select(CancellationRequest).where(col(CancellationRequest.id).in_(ids))
    for (row,) in _in_order(reader.session.execute(wanted).all(), ids):
        ticket = row_of(row, reader.today)
        yield FoundRecord(
            RecordKind.TICKET,
            ticket.id,
            ticket.ticket,
            ticket.requested_by,
            None,
            ticket.subject,
            ticket.standing.value,
            ticket.requested_on,
        )


def _letters(reader: Reader, ids: Sequence[int]) -> Iterator[FoundRecord]:
    wanted = (
        select(Letter, Contact)
        .outerjoin(Contact, col(Contact.id) == col(Letter.contact_id))
        .where(col(Letter.id).in_(ids))
    )
    for row, contact in _in_order(reader.session.execute(wanted).all(), ids):
        yield FoundRecord(RecordKind.LETTER, row.id or 0, str(row.id), _name(contact), row.contact_id, row.subject)


def _cards(reader: Reader, ids: Sequence[int]) -> Iterator[FoundRecord]:
    wanted = (
        select(CreditCard, Contact)
        .join(Contact, col(Contact.id) == col(CreditCard.contact_id))
        .where(col(CreditCard.id).in_(ids))
    )
    for row, contact in _in_order(reader.session.execute(wanted).all(), ids):
        until = f"valid until {row.expires_month:02d}/{row.expires_year % 100:02d}"
        yield FoundRecord(
            RecordKind.CARD,
            row.contact_id,
            f"{row.brand} ···· {row.last4}",
            _name(contact),
            row.contact_id,
            until,
            "" if row.active else "inactive",
        )


_SHOWN: dict[RecordKind, Callable[[Reader, Sequence[int]], Iterator[FoundRecord]]] = {
    RecordKind.SUBSCRIPTION: _subscriptions,
    RecordKind.ORDER: _orders,
    RecordKind.PAYMENT: _payments,
    RecordKind.TICKET: _tickets,
    RecordKind.LETTER: _letters,
    RecordKind.CARD: _cards,
}
