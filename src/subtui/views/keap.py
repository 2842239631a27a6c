"""What is shown of the connection to Keap: its state, what was read, what is to be sent, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from subtui.domain.outbox import SendState
from subtui.views.imports import Counts

NOT_CONNECTED = "This database is not connected to Keap. The owner connects it: subtui keap connect"
NOT_ALLOWED = "Sending to Keap is not allowed yet. The owner allows it: subtui keap allow-writing"


class Choice(StrEnum):
    """What is decided about a change that Keap has otherwise."""

    THEIRS = "theirs"
    OURS = "ours"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found out about this account's Keap. `answer` is `yes`, `no`, `unknown` or a value."""

    name: str
    question: str
    answer: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadKind:
    """How far a kind has been read. `refused` says why Keap does not give it."""

    kind: str
    read_at: datetime | None
    under_way: bool
    counts: Mapping[str, int]
    refused: str = ""


@dataclass(frozen=True, slots=True)
class KeapStatus:
    """The connection as a whole. `tenant` is Keap's id of the account, empty where there never was a connection.

    `seen_at` is the instant of this answer, from which ages are counted.
    """

    tenant: str = ""
    name: str = ""
    base_url: str = ""
    connected: bool = False
    connected_by: str = ""
    connected_at: datetime | None = None
    writing_allowed: bool = False
    sends_by_itself: bool = False
    read_at: datetime | None = None
    kinds: tuple[ReadKind, ...] = ()
    by_state: Mapping[SendState, int] = field(default_factory=dict)
    left_out: int = 0
    gone: int = 0
    checked_at: datetime | None = None
    notes: tuple[str, ...] = ()
    version: int = 0
    seen_at: datetime | None = None

    @property
    def open_changes(self) -> int:
        """The number of changes that Keap does not have for sure."""
        return sum(count for state, count in self.by_state.items() if state not in _SETTLED)


_SETTLED = (SendState.VERIFIED, SendState.REPLACED, SendState.LEFT)


@dataclass(frozen=True, slots=True)
class FieldSides:
    """A field of a change: its label, what Keap had, what was decided here, and what Keap has now, as words.

    `there` is empty where Keap has not been read since.
    """

    label: str
    base: str
    here: str
    there: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A change in the list."""

    id: int
    state: SendState
    what: str
    contact: str
    contact_id: int | None
    subscription_id: int | None
    order_id: int | None
    recorded_at: datetime
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A change with everything that is known of it."""

    row: OutboxRow
    keap_id: str
    event_id: int
    event_hash: str
    sides: tuple[FieldSides, ...]
    steps: tuple[str, ...]
    attempts: int
    sent_at: datetime | None
    checked_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    version: int


@dataclass(frozen=True, slots=True)
class KeapStanding:
    """What has become of the changes of one record, the newest first. Empty where there is no connection."""

    entries: tuple[OutboxRow, ...] = ()
    read_at: datetime | None = None
    plans: tuple["ChargingPlan", ...] = ()

    @property
    def newest(self) -> OutboxRow | None:
        """The change that counts: an open one before a settled one."""
        return next((row for row in self.entries if row.state not in _SETTLED), next(iter(self.entries), None))


@dataclass(frozen=True, slots=True)
class ChargingPlan:
    """An order whose payment plan would still charge."""

    order_id: int
    order_keap_id: str
    words: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """A row of Keap's that was not taken, or that Keap has no longer."""

    kind: str
    keap_id: str
    what: str
    reason: str
    at: datetime


@dataclass(slots=True)
class PullReport:
    """What a pull has brought. `stopped` says why it ended early; it goes on from there."""

    counts: dict[str, Counts] = field(default_factory=dict)
    pages: int = 0
    rows: int = 0
    left_out: int = 0
    gone: int = 0
    verified: int = 0
    conflicts: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    stopped: str = ""
    seconds: float = 0.0
    loose_ends: tuple[tuple[Any, int], ...] = ()

    @property
    def new(self) -> int:
        """The number of new rows."""
        return sum(counts.new for counts in self.counts.values())

    @property
    def changed(self) -> int:
        """The number of changed rows."""
        return sum(counts.changed for counts in self.counts.values())


@dataclass(slots=True)
class PushReport:
    """What a push has done: the number of changes by the state that they are in now."""

    by_state: dict[SendState, int] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    stopped: str = ""
    seconds: float = 0.0

    def count(self, state: SendState) -> None:
        """Count one change."""
        self.by_state[state] = self.by_state.get(state, 0) + 1


def age_words(read_at: datetime | None, now: datetime) -> str:
    """How old what was read is: `never read`, `read 5 min ago`, `read 3 days ago`."""
    if read_at is None:
        return "never read"
    minutes = max(int((now - read_at).total_seconds() // 60), 0)
    if minutes < 1:
        return "read just now"
    for size, word in ((60 * 24, "day"), (60, "h"), (1, "min")):
        if minutes >= size:
            count = minutes // size
            return f"read {count} {word}{'s' if word == 'day' and count != 1 else ''} ago"
    raise AssertionError(minutes)
