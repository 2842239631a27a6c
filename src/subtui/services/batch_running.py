"""Handlers that do a batch and undo it: some rows in a transaction, each by the handler of the single act.

Every transaction locks the batch first and looks at its standing, so that two programs that do the same batch take
turns, and one that is stopped or dropped elsewhere ends with the transaction under way.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select, update
from sqlmodel import col

from subtui.acts.batches import RunBatch, UndoBatch
from subtui.acts.data import Tell
from subtui.acts.subscriptions import SavePause, SaveSubscription, UndoCancellation
from subtui.domain.batches import (
    GOES_ON,
    UNDOABLE,
    BatchDraft,
    BatchStanding,
    RowState,
    from_stored,
    plan_row,
)
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import NotAllowed, Refused, Stale
from subtui.domain.event_types import EventType
from subtui.domain.pauses import PauseDraft
from subtui.domain.permissions import Permission
from subtui.domain.plain_text import counted
from subtui.domain.progress import Progress
from subtui.services import pauses, subscriptions
from subtui.services.audit_snapshots import billing_of, terms_of
from subtui.services.batch_queries import load_batch, record
from subtui.services.batches import note_standing
from subtui.services.registry import Job, runs
from subtui.services.subscription_record import last_ending, load_row, reasons_in, stale, undoable_pause
from subtui.services.unit_of_work import Transaction
from subtui.storage.database import Collided
from subtui.storage.tables import Batch, BatchRow, Subscription
from subtui.views.batch_words import counts_words
from subtui.views.batches import BatchResult

ROWS_AT_ONCE = 25
"""The most rows of one transaction."""

LONGEST_HOLD = 0.2
"""Seconds after which a transaction takes no further row: other users wait for it."""

PAUSE = 0.03
"""Seconds between two transactions, in which another user's act gets its turn."""

_COLLISIONS_BORNE = 5

T = TypeVar("T")
One = Callable[[Transaction, Batch, BatchRow], tuple[RowState, str, int | None]]


def _in_transaction(job: Job, permission: Permission, do: Callable[[Transaction], T]) -> T:
    """Do it in one transaction, again where it met another user's act of the same moment."""
    for tries in range(_COLLISIONS_BORNE + 1):
        try:
            with job.transaction(permission) as tx:
                return do(tx)
        except Collided:
            if tries == _COLLISIONS_BORNE:
                raise
    raise AssertionError("unreachable")


@runs(RunBatch)
def run(job: Job, act: RunBatch) -> BatchResult:
    """Handle `RunBatch`."""
    permission = Permission.CHANGE_SUBSCRIPTION

    def begin(tx: Transaction) -> None:
        row = load_batch(tx, act.batch_id)
        if row.standing not in GOES_ON:
            raise Refused("This batch has nothing left to do, or awaits approval.")
        if row.standing == BatchStanding.STOPPED:
            note_standing(tx, row, BatchStanding.RUNNING, EventType.BATCH_BEGIN)

    def end(tx: Transaction) -> BatchResult:
        row = load_batch(tx, act.batch_id)
        left = record(tx, row, limit=0).summary.count(RowState.PLANNED)
        words = counts_words(record(tx, row, limit=0).summary)
        if row.standing != BatchStanding.RUNNING:
            return BatchResult(record(tx, row), f"Stopped: {words}.")
        if left:
            note_standing(tx, row, BatchStanding.STOPPED, EventType.BATCH_STOP)
            return BatchResult(record(tx, row), f"Stopped: {words}.")
        note_standing(tx, row, BatchStanding.DONE, EventType.BATCH_END, outcome=words)
        return BatchResult(record(tx, row), f"Batch {row.id}: {words}.")

    _in_transaction(job, permission, begin)
    _through(job, act, permission, RowState.PLANNED, _do_one, "doing", lambda row: row.standing == "running")
    return _in_transaction(job, permission, end)


@runs(UndoBatch)
def undo(job: Job, act: UndoBatch) -> BatchResult:
    """Handle `UndoBatch`."""

    def begin(tx: Transaction) -> int:
        row = load_batch(tx, act.batch_id)
        summary = record(tx, row, limit=0).summary
        if row.standing not in UNDOABLE or not summary.count(RowState.DONE):
            raise Refused("This batch has nothing to undo.")
        return summary.count(RowState.UNDONE)

    def end(tx: Transaction) -> BatchResult:
        row = load_batch(tx, act.batch_id)
        summary = record(tx, row, limit=0).summary
        undone, left = summary.count(RowState.UNDONE) - before, summary.count(RowState.DONE)
        # Stopped half way it stays as it was, and can be gone on with; what cannot be undone is named at each row.
        whole = tried >= undone + left and summary.count(RowState.UNDONE)
        standing = BatchStanding.UNDONE if whole else BatchStanding(row.standing)
        note_standing(tx, row, standing, EventType.BATCH_UNDO, outcome=counts_words(summary))
        not_undone = f" {counted(left, 'row')} could not be undone." if left else ""
        return BatchResult(record(tx, row), f"Undone: {counted(undone, 'subscription')}.{not_undone}")

    before = _in_transaction(job, Permission.UNDO, begin)
    tried = _through(job, act, Permission.UNDO, RowState.DONE, _undo_one, "undoing", lambda row: True)
    return _in_transaction(job, Permission.UNDO, end)


def _through(
    job: Job,
    act: RunBatch | UndoBatch,
    permission: Permission,
    state: RowState,
    one: One,
    doing: str,
    goes_on: Callable[[Batch], bool],
) -> int:
    """Do `one` with each row in a state, in the order of their ids; returns how many were tried."""
    tell: Tell = act.tell or (lambda _: None)
    with job.work.read() as session:
        wanted = select(col(BatchRow.subscription_id)).where(
            col(BatchRow.batch_id) == act.batch_id, col(BatchRow.state) == state.value
        )
        ids = sorted(session.execute(wanted).scalars())
    done = 0

    def some(tx: Transaction) -> int | None:
        row = load_batch(tx, act.batch_id)
        if not goes_on(row):
            return None
        until = time.monotonic() + LONGEST_HOLD
        at_once = ids[done : done + ROWS_AT_ONCE]
        for number in at_once:  # before the log, which every act locks last
            tx.load(Subscription, number)
        tx.batch_id = row.id
        for count, number in enumerate(at_once, 1):
            line = tx.session.get_one(BatchRow, (act.batch_id, number))
            if line.state == state:
                _note(tx, line, *one(tx, row, line))
            if time.monotonic() >= until:
                return count
        return len(at_once)

    while done < len(ids) and not act.stop():
        tell(Progress(done, len(ids), done, doing))
        count = _in_transaction(job, permission, some)
        if count is None:
            break
        done += count
        time.sleep(PAUSE)
    tell(Progress(done, len(ids), done, doing))
    return done


def _note(tx: Transaction, line: BatchRow, state: RowState, reason: str, event_id: int | None) -> None:
    tx.session.connection().execute(
        update(BatchRow)
        .where(col(BatchRow.batch_id) == line.batch_id, col(BatchRow.subscription_id) == line.subscription_id)
        .values(state=state.value, reason=reason, event_id=event_id)
    )


def _do_one(tx: Transaction, batch: Batch, line: BatchRow) -> tuple[RowState, str, int | None]:
    """Do the act on one subscription, or refuse it with its reason: nothing is written of it then."""
    draft: BatchDraft = from_stored(batch.draft)
    row = load_row(tx, line.subscription_id)
    terms, billing = terms_of(row), billing_of(row)
    plan = plan_row(draft, terms, billing, reasons=reasons_in(tx.session), today=tx.today, day=tx.day)
    if row.version != line.seen_version:
        return RowState.REFUSED, f"{stale(tx.session, row, draft_of(terms), tx.day).changed_by} changed it.", None
    if plan.draft is None:
        return RowState.REFUSED, plan.why_not, None
    try:
        if isinstance(plan.draft, PauseDraft):
            saved = pauses.save(tx, SavePause(line.subscription_id, plan.draft, version=line.seen_version))
        else:
            act = SaveSubscription(line.subscription_id, plan.draft, version=line.seen_version)
            saved = subscriptions.save(tx, act)
    except (NotAllowed, Stale):
        raise
    except Refused as error:
        return RowState.REFUSED, str(error), None
    return RowState.DONE, "", saved.event_id


def _undo_one(tx: Transaction, _batch: Batch, line: BatchRow) -> tuple[RowState, str, int | None]:
    """Undo what the batch did with one subscription, or say why it stays."""
    row = load_row(tx, line.subscription_id)
    now = terms_of(row)
    newest = undoable_pause(tx.session, row, now, tx.today) or last_ending(tx.session, line.subscription_id)
    if newest is None or newest.id != line.event_id:
        why_not = "A correction, or followed by another act: it can't be undone with the batch."
        return RowState.DONE, why_not, line.event_id
    try:
        saved = subscriptions.undo(tx, UndoCancellation(line.subscription_id, version=row.version))
    except NotAllowed:
        raise
    except Refused as error:
        return RowState.DONE, str(error), line.event_id
    return RowState.UNDONE, "", saved.event_id
