"""The handler of the query about a customer's timeline: orders, ledger rows, letters, notes, log entries as one list.

One fact is one line:

- Money is shown by its ledger rows, wherever they come from. The log entries of the acts that write such rows (a
  refund, an approved one, a reversal, an added payment) are no lines: a row is bound to its entry by the row's id in
  the entry, and shows it as its detail. So a refund from Keap, or from a file that brings no log, is a line as well.
- A letter is a line beside the entry that it confirms, since both can be opened.
- Tickets are about the account itself and name no contact: none of them is part of a contact's timeline.

Each source is read newest first along the index of its contact (ledger rows by that of the contact's orders), in
batches that grow, and the sources are merged until the page is full. So a page costs about its own length, and a filter
that few lines pass costs one reading of what the contact has. Words are compared here: SQL knows no accents.

Money recorded here stands at the instant of its recording, as in the log, and names its day if that is another; money
from elsewhere stands on its day.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from heapq import merge
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Select, select
from sqlalchemy.orm import Session

from subtui.acts.timeline import GetTimeline
from subtui.domain.event_types import EventType, SubjectType
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.normalization import normalize, words
from subtui.domain.refunds import PaymentState
from subtui.domain.timeline import (
    ENTRY_KINDS,
    KIND_WORDS,
    SHOWN_BY_ITS_ROW,
    LineKind,
    Source,
    first_instant,
    kind_of_entry,
    kind_of_row,
    last_begun,
    position,
    row_kinds_of,
)
from subtui.services.audit import event_views, unreadable_refused
from subtui.services.contacts import duplicates_of, name_of, staying_contact
from subtui.services.registry import answers
from subtui.services.unit_of_work import Reader
from subtui.storage.batches import batched
from subtui.storage.tables.core import EVENT, LETTER, NOTE, ORDER, PAYMENT
from subtui.views.customers import EventView
from subtui.views.format import Format
from subtui.views.timeline import Timeline, TimelineLine

_GROWTH = 4
"""The factor by which each batch of a source is longer than the one before: few queries, few rows read in vain."""

_SHOWN_BY_ITS_ROW = [kind.value for kind in SHOWN_BY_ITS_ROW]

_ORDERS = select(
    *(ORDER.c.id, ORDER.c.title, ORDER.c.ordered_on, ORDER.c.currency, ORDER.c.total_minor, ORDER.c.received_minor)
).order_by(ORDER.c.ordered_on.desc(), ORDER.c.id.desc())
_ROWS = select(PAYMENT, ORDER.c.title, ORDER.c.currency).join(ORDER, ORDER.c.id == PAYMENT.c.order_id)
_ROWS_OF_A_DAY = _ROWS.where(PAYMENT.c.recorded_at.is_(None)).order_by(
    PAYMENT.c.paid_on.desc(), PAYMENT.c.order_id.desc(), PAYMENT.c.id.desc()
)
_ROWS_RECORDED = _ROWS.where(PAYMENT.c.recorded_at.is_not(None)).order_by(
    PAYMENT.c.recorded_at.desc(), PAYMENT.c.order_id.desc(), PAYMENT.c.id.desc()
)
_NOTES = select(NOTE).order_by(NOTE.c.at.desc(), NOTE.c.id.desc())
_ENTRIES = (
    select(EVENT)
    .where(EVENT.c.command.not_in([*_SHOWN_BY_ITS_ROW, EventType.ADD_NOTE.value]))
    .order_by(EVENT.c.at.desc(), EVENT.c.id.desc())
)
_LETTERS = (
    select(LETTER.c.id, LETTER.c.event_id, LETTER.c.written_at, LETTER.c.subject, EVENT.c.actor)
    .join(EVENT, EVENT.c.id == LETTER.c.event_id)
    .order_by(LETTER.c.written_at.desc(), LETTER.c.event_id.desc(), LETTER.c.id.desc())
)


@answers(GetTimeline)
def timeline(reader: Reader, query: GetTimeline) -> Timeline:
    """Handle `GetTimeline`."""
    contact = staying_contact(reader.session, query.contact_id)
    query = replace(query, contact_id=contact.id or 0)
    wanted = words(query.text)
    passing = (line for line in _Lines(reader, query).newest_first() if _passes(line, query.kinds, wanted))
    found = list(islice(passing, query.limit + 1))
    shown = found[: query.limit]
    after = shown[-1].position if len(found) > len(shown) else None
    return Timeline(query.contact_id, name_of(contact), _with_entries(reader.session, shown), after)


def _passes(line: TimelineLine, kinds: frozenset[LineKind], wanted: Sequence[str]) -> bool:
    """Whether a line is of one of the kinds, and every word that is wanted is in what it says."""
    if kinds and line.kind not in kinds:
        return False
    if not wanted:
        return True
    said = (
        *(KIND_WORDS[line.kind], line.title, line.about, line.who, line.method, line.state, line.reference, line.text),
        *(Format.code(line.reason), line.amount.format() if line.amount else ""),
    )
    haystack = normalize(" ".join(said))
    return all(word in haystack for word in wanted)


class _Lines:
    """The lines of a contact behind a position, newest first; only the sources that can have wanted kinds are read."""

    def __init__(self, reader: Reader, query: GetTimeline) -> None:
        self._session, self._query = reader.session, query
        self._zone = ZoneInfo(reader.time_zone)

    def newest_first(self) -> Iterator[TimelineLine]:
        """All sources, merged."""
        return merge(*self._sources(), key=lambda line: line.position, reverse=True)

    def _sources(self) -> Iterator[Iterator[TimelineLine]]:
        wanted = self._query.kinds or frozenset(LineKind)
        contact_id, rows = self._query.contact_id, row_kinds_of(wanted)
        if LineKind.ORDER in wanted:
            yield self._read(_ORDERS.where(ORDER.c.contact_id == contact_id), ORDER.c.ordered_on, self._orders)
        if rows:
            of_contact = ORDER.c.contact_id == contact_id, PAYMENT.c.kind.in_(sorted(rows))
            yield self._read(_ROWS_OF_A_DAY.where(*of_contact), PAYMENT.c.paid_on, self._ledger_rows)
            yield self._read(_ROWS_RECORDED.where(*of_contact), PAYMENT.c.recorded_at, self._ledger_rows)
        if LineKind.NOTE in wanted:
            yield self._read(_NOTES.where(NOTE.c.contact_id == contact_id), NOTE.c.at, self._notes)
        if ENTRY_KINDS & wanted:
            both = (contact_id, *duplicates_of(self._session, contact_id))  # the log is not changed by a merge
            yield self._read(_ENTRIES.where(EVENT.c.contact_id.in_(both)), EVENT.c.at, self._entries)
        if LineKind.LETTER in wanted:
            yield self._read(_LETTERS.where(LETTER.c.contact_id == contact_id), LETTER.c.written_at, self._letters)

    def _read(
        self, rows: Select[Any], moment: ColumnElement[Any], lines: Callable[[Sequence[Any]], list[TimelineLine]]
    ) -> Iterator[TimelineLine]:
        """The lines of one source behind the position, in batches.

        The database goes on from the instant, or the day, of the position; what stands before it in the same one is
        left out here, so that the rules of the order are in one place.
        """
        after = self._query.after
        if after is not None:
            of_days = isinstance(moment.type, Date)
            rows = rows.where(moment <= (last_begun(after.at, self._zone) if of_days else after.at))
        begin, size = 0, self._query.limit + 1
        while True:
            with unreadable_refused() if moment is EVENT.c.at else nullcontext():
                found = self._session.execute(rows.limit(size).offset(begin)).all()
            yield from (line for line in lines(found) if after is None or line.position < after)
            if len(found) < size:
                return
            begin, size = begin + size, size * _GROWTH

    # --- the sources --------------------------------------------------------------------------------------------------

    def _orders(self, rows: Sequence[Any]) -> list[TimelineLine]:
        return [
            TimelineLine(
                position(first_instant(row.ordered_on, self._zone), Source.ORDER, row.id, step=row.id, of_day=True),
                LineKind.ORDER,
                title=row.title,
                about=f"Order {row.id}",
                route=f"/orders/{row.id}",
                day=row.ordered_on,
                amount=Money(row.total_minor, row.currency),
                due=Money(row.total_minor - row.received_minor, row.currency),
            )
            for row in rows
        ]

    def _ledger_rows(self, rows: Sequence[Any]) -> list[TimelineLine]:
        return [self._ledger_row(row) for row in rows]

    def _ledger_row(self, row: Any) -> TimelineLine:
        at = row.recorded_at or first_instant(row.paid_on, self._zone)
        other_day = row.recorded_at is not None and at.astimezone(self._zone).date() != row.paid_on
        return TimelineLine(
            position(at, Source.PAYMENT, row.id, step=row.order_id, of_day=row.recorded_at is None),
            kind_of_row(RowKind(row.kind), PaymentState(row.state)),
            title=row.title,
            about=f"Order {row.order_id}",
            route=f"/orders/{row.order_id}",
            day=None if row.recorded_at else row.paid_on,
            paid_on=row.paid_on if other_day else None,
            amount=Money(row.amount_minor, row.currency),
            who=row.recorded_by,
            method=row.method,
            state=row.state,
            reason=row.reason_code,
            reference=row.gateway_reference,
            text=row.note,
        )

    @staticmethod
    def _notes(rows: Sequence[Any]) -> list[TimelineLine]:
        return [
            TimelineLine(
                position(row.at, Source.NOTE, row.id),
                LineKind.NOTE,
                about=_noted(row)[0],
                route=_noted(row)[1],
                who=row.author,
                text=row.text,
            )
            for row in rows
        ]

    def _entries(self, rows: Sequence[Any]) -> list[TimelineLine]:
        return [
            TimelineLine(
                position(event.at, Source.ENTRY, event.id, step=event.id),
                kind_of_entry(row.command, row.before, row.after),
                title=event.title,
                about=event.subject,
                route=_route_of(row),
                who=event.actor,
                reason=event.reason,
                event=event,
            )
            for row, event in zip(rows, event_views(self._session, rows), strict=True)
        ]

    @staticmethod
    def _letters(rows: Sequence[Any]) -> list[TimelineLine]:
        return [
            TimelineLine(
                position(row.written_at, Source.LETTER, row.id, step=row.event_id),
                LineKind.LETTER,
                title=row.subject,
                about=f"Letter {row.id}",
                route=f"/letters/{row.id}",
                who=row.actor,
            )
            for row in rows
        ]


def _noted(row: Any) -> tuple[str, str]:
    """What a note is about other than its contact, in words and as a route; empty where it is the contact."""
    if row.order_id:
        return f"Order {row.order_id}", f"/orders/{row.order_id}"
    if row.subscription_id:
        return f"Subscription {row.subscription_id}", f"/subscriptions/{row.subscription_id}"
    return "", ""


def _route_of(row: Any) -> str:
    """The record that an entry is about."""
    places = {
        SubjectType.SUBSCRIPTION: "/subscriptions",
        SubjectType.ORDER: "/orders",
        SubjectType.REQUEST: "/requests",
    }
    return f"{places[row.subject_type]}/{row.subject_id}" if row.subject_type in places and row.subject_id else ""


# --- ledger rows and their entries ------------------------------------------------------------------------------------


def _with_entries(session: Session, lines: Sequence[TimelineLine]) -> tuple[TimelineLine, ...]:
    """The lines, each ledger row that was recorded here with its entry."""
    ids = [line.position.id for line in lines if line.position.source is Source.PAYMENT and line.day is None]
    if not ids:
        return tuple(lines)
    found = _entries_of_rows(session, ids)
    return tuple(
        replace(line, event=found.get(line.position.id)) if line.position.source is Source.PAYMENT else line
        for line in lines
    )


def _entries_of_rows(session: Session, ids: Sequence[int]) -> dict[int, EventView]:
    """The entries that ledger rows were written with, by the ids of the rows.

    An entry names its payment or refund; a credit names the refund that it was written with, a reversal the row that it
    takes back.
    """
    returned = PAYMENT.alias("returned")
    named = select(
        *(PAYMENT.c.id, PAYMENT.c.kind, PAYMENT.c.order_id, PAYMENT.c.refund_id, PAYMENT.c.returns_payment_id),
        returned.c.refund_id.label("refund_of_returned"),
    ).outerjoin(returned, returned.c.id == PAYMENT.c.returns_payment_id)
    rows = [row for some in batched(ids) for row in session.execute(named.where(PAYMENT.c.id.in_(some)))]
    events: list[Any] = []
    for orders in batched(row.order_id for row in rows):
        of_orders = EVENT.c.subject_type == SubjectType.ORDER.value, EVENT.c.subject_id.in_(orders)
        with unreadable_refused():
            events += session.execute(select(EVENT).where(*of_orders, EVENT.c.command.in_(_SHOWN_BY_ITS_ROW)))
    views = dict(zip((event.id for event in events), event_views(session, events), strict=True))
    written: dict[tuple[str, Any], EventView] = {}
    for event in events:
        for name in ("refund_id", "payment_id", "corrects"):
            if name in event.after and not (name == "payment_id" and "refund_id" in event.after):
                written[name, event.after[name]] = views[event.id]
    named_by = ((row.id, next((name for name in _names(row) if name in written), None)) for row in rows)
    return {number: written[name] for number, name in named_by if name is not None}


def _names(row: Any) -> tuple[tuple[str, int], ...]:
    """How an entry can name a ledger row: the field of the entry, and the id in it."""
    if row.kind in (RowKind.REFUND_CORRECTION.value, RowKind.CREDIT_CORRECTION.value):
        return (("corrects", row.refund_of_returned or row.returns_payment_id),)
    return ("refund_id", row.refund_id or row.id), ("payment_id", row.id)
