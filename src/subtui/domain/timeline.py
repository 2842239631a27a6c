"""The kinds of lines of a customer's timeline, the filters over them, and the kind of a log entry or a ledger row.

Ledger rows are the facts about money, so the log entries of the acts that wrote them are no lines of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from subtui.domain.event_types import EventType
from subtui.domain.ledger import RowKind
from subtui.domain.refunds import PaymentState


class LineKind(StrEnum):
    """The kinds of lines."""

    ORDER = "order"
    CHARGE = "charge"
    FAILED_CHARGE = "failed_charge"
    CREDIT = "credit"
    ADJUSTMENT = "adjustment"
    REFUND = "refund"
    VOID = "void"
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSED = "chargeback_reversed"
    REVERSAL = "reversal"
    REFUND_REQUEST = "refund_request"
    LETTER = "letter"
    NOTE = "note"
    CANCELLATION = "cancellation"
    UNDO = "undo"
    ENDED = "ended"
    PAUSE = "pause"
    RESUMPTION = "resumption"
    CHANGE = "change"


KIND_WORDS = {kind: kind.value.replace("_", " ").capitalize() for kind in LineKind}
"""The word for each kind."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the timeline: its name in a route, its title, and the kinds it shows; no kinds: all of them."""

    name: str
    title: str
    kinds: frozenset[LineKind] = frozenset()


ALL = Filter("all", "All")
FILTERS = (
    ALL,
    Filter("orders", "Orders", frozenset({LineKind.ORDER})),
    Filter(
        "payments",
        "Payments",
        frozenset({LineKind.CHARGE, LineKind.FAILED_CHARGE, LineKind.CREDIT, LineKind.ADJUSTMENT}),
    ),
    Filter(
        "refunds",
        "Refunds",
        frozenset(
            {
                *(LineKind.REFUND, LineKind.VOID, LineKind.REVERSAL, LineKind.REFUND_REQUEST),
                *(LineKind.CHARGEBACK, LineKind.CHARGEBACK_REVERSED),
            }
        ),
    ),
    Filter("letters", "Letters", frozenset({LineKind.LETTER})),
    Filter("notes", "Notes", frozenset({LineKind.NOTE})),
    Filter(
        "cancellations",
        "Cancellations and pauses",
        frozenset({LineKind.CANCELLATION, LineKind.UNDO, LineKind.ENDED, LineKind.PAUSE, LineKind.RESUMPTION}),
    ),
    Filter("changes", "Other changes", frozenset({LineKind.CHANGE})),
)
"""The filters, in the order of the list; each kind but `All` is in exactly one."""


def filter_named(name: str) -> Filter:
    """The filter with that name in a route; All for an empty name."""
    return next((each for each in FILTERS if each.name == name), ALL)


# --- log entries ------------------------------------------------------------------------------------------------------

SHOWN_BY_ITS_ROW = frozenset(
    {EventType.REFUND, EventType.APPROVE_REFUND, EventType.CORRECT_REFUND, EventType.ADD_MONEY}
)
"""The types of entries written together with ledger rows: the rows are shown, and their entry is their detail."""

ENTRY_KINDS = frozenset(
    {
        *(LineKind.CANCELLATION, LineKind.UNDO, LineKind.ENDED, LineKind.PAUSE, LineKind.RESUMPTION),
        *(LineKind.REFUND_REQUEST, LineKind.CHANGE),
    }
)
"""The kinds of lines that are log entries."""

_KINDS_OF_ENTRIES = {
    EventType.UNDO: LineKind.UNDO,
    EventType.ROLL: LineKind.ENDED,
    EventType.PAUSE: LineKind.PAUSE,
    EventType.RESUME: LineKind.RESUMPTION,
    EventType.ASK_APPROVAL: LineKind.REFUND_REQUEST,
    EventType.DECLINE_REFUND: LineKind.REFUND_REQUEST,
    EventType.DROP_REFUND: LineKind.REFUND_REQUEST,
    EventType.NOTE_REFUND: LineKind.REFUND_REQUEST,
}


def kind_of_entry(command: str, before: Mapping[str, object], after: Mapping[str, object]) -> LineKind:
    """The kind of a log entry: one that makes a subscription Inactive, or gives it an end date, is a cancellation."""
    known = _KINDS_OF_ENTRIES.get(command)  # type: ignore[call-overload]  # an EventType is its text
    if known is not None:
        return LineKind(known)
    ended = after.get("status") == "Inactive" and before.get("status") == "Active"
    to_end = bool(after.get("end_date")) and not before.get("end_date")
    return LineKind.CANCELLATION if ended or to_end else LineKind.CHANGE


# --- ledger rows ------------------------------------------------------------------------------------------------------

LEDGER_KINDS = {
    RowKind.CHARGE: LineKind.CHARGE,
    RowKind.REFUND: LineKind.REFUND,
    RowKind.VOID: LineKind.VOID,
    RowKind.CREDIT: LineKind.CREDIT,
    RowKind.ADJUSTMENT: LineKind.ADJUSTMENT,
    RowKind.CHARGEBACK: LineKind.CHARGEBACK,
    RowKind.CHARGEBACK_REVERSED: LineKind.CHARGEBACK_REVERSED,
    RowKind.REFUND_CORRECTION: LineKind.REVERSAL,
    RowKind.CREDIT_CORRECTION: LineKind.REVERSAL,
}
"""The kind of the line for each kind of ledger row; a failed charge has its own."""


def kind_of_row(kind: RowKind, state: PaymentState) -> LineKind:
    """The kind of a ledger row."""
    if kind is RowKind.CHARGE and state is PaymentState.FAILED:
        return LineKind.FAILED_CHARGE
    return LEDGER_KINDS[kind]


def row_kinds_of(kinds: frozenset[LineKind]) -> frozenset[RowKind]:
    """The kinds of ledger rows that can be lines of these kinds."""
    found = {row for row, line in LEDGER_KINDS.items() if line in kinds}
    return frozenset(found | ({RowKind.CHARGE} if LineKind.FAILED_CHARGE in kinds else set()))


# --- the order --------------------------------------------------------------------------------------------------------


class Source(IntEnum):
    """Where a line comes from, in the order in which lines of one step happened."""

    ORDER = 0
    PAYMENT = 1
    NOTE = 2
    LETTER = 3
    ENTRY = 4


_RANKS = {Source.ORDER: 0, Source.NOTE: 1, Source.LETTER: 2, Source.ENTRY: 2, Source.PAYMENT: 3}


class Position(NamedTuple):
    """The place of a line: the greatest is the newest. No two lines have the same.

    `at` is the instant; for a fact of which only the day is known it is the first instant of that day, so that what has
    a time is above it. In one instant what an act did is above the letter about it, an order is below its payments.
    `step` keeps together what belongs together: an order and its payments, an entry and its letter.
    """

    at: datetime
    rank: int
    step: int
    source: Source
    id: int


def position(at: datetime, source: Source, row_id: int, *, step: int = 0, of_day: bool = False) -> Position:
    """The place of a row; `of_day`: only its day is known, and `at` is the first instant of that."""
    return Position(at, 0 if of_day else _RANKS[source], step, source, row_id)


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC; every day has one of its own."""
    try:
        begin = datetime.combine(day, time.min, zone).astimezone(UTC)
        # A zone that crosses the date line leaves a day out: it is put right before the next one.
        return begin if begin.astimezone(zone).date() == day else begin - timedelta(microseconds=1)
    except OverflowError:  # the first or the last day that a date can be
        return datetime.combine(day, time.min, UTC)


def last_begun(at: datetime, zone: ZoneInfo) -> date:
    """The last local day that has begun at an instant."""
    try:
        day = at.astimezone(zone).date()
    except OverflowError:
        return at.date()
    # A day that is left out, or one that begins twice, begins beside the local date of the instant.
    day += timedelta(days=int(day < date.max))
    while first_instant(day, zone) > at:
        day -= timedelta(days=1)
    return day
