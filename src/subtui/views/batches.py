"""The views of a batch: its dry run, its line in the list, and its record with the rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from subtui.domain.batches import (
    ACTION_WORDS,
    GOES_ON,
    UNDOABLE,
    BatchAction,
    BatchDraft,
    BatchStanding,
    RowState,
)
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.reasons import Reason
from subtui.views.customers import SubscriptionFilter


@dataclass(frozen=True, slots=True)
class Selection:
    """The subscriptions that a batch is about: their ids, or a filter that they pass; and both in words."""

    ids: tuple[int, ...] = ()
    wanted: SubscriptionFilter | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A subscription in the dry run: what will happen, or why it is refused."""

    id: int
    contact: str
    plan: str
    outcome: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class BatchPreview:
    """The dry run: the listed rows, those that are done first, the counts, and the sums that each bill loses.

    `versions` holds every subscription of the selection with the version that was looked at. `refusals` counts the
    refused rows by their reason, the most frequent first. `limit` is the user's limit, if the batch is above it.
    """

    rows: tuple[PlannedRow, ...]
    versions: tuple[tuple[int, int], ...]
    done: int
    refusals: tuple[tuple[str, int], ...] = ()
    stops: tuple[Money, ...] = ()
    limit: int | None = None
    problems: tuple[Problem, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def refused(self) -> int:
        """The number of refused rows."""
        return sum(count for _, count in self.refusals)


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """A line of the list of batches."""

    id: int
    action: BatchAction
    selection: str
    standing: BatchStanding
    made_by: str
    made_at: datetime
    counts: Mapping[RowState, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """`Cancel: 12 marked subscriptions`."""
        return f"{ACTION_WORDS[self.action]}: {self.selection}"

    def count(self, state: RowState) -> int:
        """The number of rows in a state."""
        return self.counts.get(state, 0)

    @property
    def total(self) -> int:
        """The number of all rows."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class BatchRowView:
    """A subscription of a batch, with what has become of it."""

    id: int
    contact: str
    plan: str
    state: RowState
    reason: str


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A batch in full, with its first rows: those that need attention before those that are done."""

    summary: BatchSummary
    draft: BatchDraft
    reason: str  # the label of the draft's reason
    version: int
    made_by_role: str
    decided_by: str
    decided_at: datetime | None
    decision_note: str
    rows: tuple[BatchRowView, ...]
    why_not_approve: str = ""

    @property
    def id(self) -> int:
        """The number of the batch."""
        return self.summary.id

    def goes_on(self) -> bool:
        """Whether the rest can be done, or dropped."""
        return self.summary.standing in GOES_ON

    def can_undo(self) -> bool:
        """Whether there are rows that an undo may be tried on."""
        return self.summary.standing in UNDOABLE and self.summary.count(RowState.DONE) > 0


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The batch after an act on it, and the sentence that describes the act."""

    batch: BatchRecord
    sentence: str
