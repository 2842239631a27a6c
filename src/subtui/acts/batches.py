"""Acts and queries about many subscriptions at once."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.acts.data import Stop, Tell, never
from subtui.domain.batches import BatchDraft
from subtui.domain.permissions import Permission
from subtui.views.batches import BatchPreview, BatchRecord, BatchResult, BatchSummary, Selection
from subtui.views.customers import SubscriptionFilter


@dataclass(frozen=True, slots=True)
class StartBatch(Act[BatchResult]):
    """Store a batch with its rows; above the role's limit it awaits approval. `RunBatch` then does it.

    `versions` are the subscriptions with the versions that the dry run saw, `count` the number that was confirmed.
    Raises Invalid with the fields, Refused when none can be done or another number than confirmed.
    """

    permission: ClassVar = Permission.CHANGE_SUBSCRIPTION
    draft: BatchDraft
    versions: tuple[tuple[int, int], ...]
    selection: str
    count: int


@dataclass(frozen=True, slots=True)
class RunBatch(Act[BatchResult]):
    """Do the planned rows of a batch, some at a time in one transaction each; what is done stays when it is stopped.

    `tell` gets the progress, `stop` is asked between transactions. Raises Refused unless it is under way or stopped.
    """

    permission: ClassVar = Permission.CHANGE_SUBSCRIPTION
    spans_transactions: ClassVar = True
    batch_id: int
    _: KW_ONLY
    tell: Tell | None = None
    stop: Stop = never


@dataclass(frozen=True, slots=True)
class UndoBatch(Act[BatchResult]):
    """Undo every row of a batch that can be undone, by the rules of `UndoCancellation`. Raises Refused."""

    permission: ClassVar = Permission.UNDO
    spans_transactions: ClassVar = True
    batch_id: int
    _: KW_ONLY
    tell: Tell | None = None
    stop: Stop = never


@dataclass(frozen=True, slots=True)
class StopBatch(Act[BatchResult]):
    """Stop a batch that is under way, here or in another program. Raises Refused."""

    permission: ClassVar = Permission.CHANGE_SUBSCRIPTION
    batch_id: int


@dataclass(frozen=True, slots=True)
class DropBatch(Act[BatchResult]):
    """Leave undone what is planned: of a stopped batch, or of one's own that awaits approval. Raises Refused."""

    permission: ClassVar = Permission.CHANGE_SUBSCRIPTION
    batch_id: int


@dataclass(frozen=True, slots=True)
class ApproveBatch(Act[BatchResult]):
    """Approve a batch of another user; `RunBatch` then does it. Raises Refused."""

    permission: ClassVar = Permission.APPROVE_BATCH
    batch_id: int
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class DeclineBatch(Act[BatchResult]):
    """Decline a batch of another user, with a note. Raises Refused, Invalid."""

    permission: ClassVar = Permission.APPROVE_BATCH
    batch_id: int
    note: str
    _: KW_ONLY
    version: int


@dataclass(frozen=True, slots=True)
class PreviewBatch(Query[BatchPreview]):
    """The dry run of a batch, with the first `limit` rows. Raises Refused for more than one batch takes."""

    draft: BatchDraft
    selection: Selection
    _: KW_ONLY
    limit: int = 500


@dataclass(frozen=True, slots=True)
class MatchingIds(Query[tuple[int, ...]]):
    """The ids of all subscriptions that pass a filter. Raises Refused for more than one batch takes."""

    wanted: SubscriptionFilter


@dataclass(frozen=True, slots=True)
class ListBatches(Query[tuple[BatchSummary, ...]]):
    """The newest batches."""

    limit: int = 200


@dataclass(frozen=True, slots=True)
class CountWaitingBatches(Query[int]):
    """The number of batches that await approval."""


@dataclass(frozen=True, slots=True)
class GetBatch(Query[BatchRecord]):
    """A batch with its first `limit` rows. Raises NotFound."""

    batch_id: int
    _: KW_ONLY
    limit: int = 1000
