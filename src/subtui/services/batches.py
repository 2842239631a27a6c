"""Handlers that store a batch and decide about it: start, stop, drop, approve, decline."""

from typing import Any

from sqlalchemy import insert

from subtui.acts.batches import ApproveBatch, DeclineBatch, DropBatch, StartBatch, StopBatch
from subtui.domain.batches import (
    ACTION_WORDS,
    GOES_ON,
    MOST_ROWS,
    BatchAction,
    BatchStanding,
    RowState,
    draft_problems,
    needs_approval,
    to_stored,
)
from subtui.domain.errors import Invalid, Problem, Refused
from subtui.domain.event_types import EventType, Subject, SubjectType
from subtui.domain.permissions import Permission
from subtui.domain.plain_text import counted
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.batch_queries import GONE, load_batch, planned, record, why_not_approve
from subtui.services.registry import handles
from subtui.services.unit_of_work import Transaction, require
from subtui.storage.tables import Batch, BatchRow
from subtui.views.batches import BatchResult

LONGEST_SELECTION = 300
LONGEST_NOTE = 500
CHANGED_SINCE = "Changed by another act after the dry run."


@handles(StartBatch)
def start(tx: Transaction, act: StartBatch) -> BatchResult:
    """Handle `StartBatch`."""
    draft, account = act.draft, load_account(tx.session)
    if draft.action is BatchAction.CANCEL:
        require(tx.person, Permission.CANCEL_SUBSCRIPTION)
    problems = draft_problems(draft, reasons_of(account))
    if problems:
        raise Invalid(problems)
    if len(act.versions) > MOST_ROWS:
        raise Refused(f"A batch can have at most {MOST_ROWS:,} subscriptions.")
    rows = _rows(tx, act)
    count = sum(row["state"] == RowState.PLANNED for row in rows)
    if not count:
        raise Refused("None of these subscriptions can be done: the dry run says why.")
    if count > act.count:
        raise Refused(f"{counted(count, 'subscription')} would be done, not {act.count:,}: see the dry run again.")
    limit = needs_approval(account.batch_limits, tx.who.role.value, count)
    standing = BatchStanding.RUNNING if limit is None else BatchStanding.WAITING
    batch = Batch(
        action=draft.action.value,
        draft=to_stored(draft),
        selection=act.selection[:LONGEST_SELECTION],
        standing=standing.value,
        made_by_id=tx.actor_id,
        made_by=tx.name,
        made_by_role=tx.who.role.value,
        made_at=tx.now,
    )
    tx.session.add(batch)
    tx.session.flush()
    tx.session.connection().execute(insert(BatchRow), [{**row, "batch_id": batch.id} for row in rows])
    event_id, _ = tx.log(
        EventType.BATCH_BEGIN if limit is None else EventType.BATCH_ASK,
        subject=Subject(SubjectType.BATCH, batch.id),
        reason=draft.reason_code or "",
        before={},
        after={
            **{name: value for name, value in to_stored(draft).items() if value not in (None, "", False)},
            "selection": batch.selection,
            "standing": standing.value,
            "subscriptions": count,
        },
    )
    batch.event_id = event_id
    words = f"{ACTION_WORDS[draft.action]}: {counted(count, 'subscription')}"
    if limit is None:
        return BatchResult(record(tx, batch), f"Batch {batch.id} begun. {words}.")
    sentence = f"{words}. That is above {limit:,}, so another user has to approve it. Nothing has been done yet."
    return BatchResult(record(tx, batch), sentence)


def _rows(tx: Transaction, act: StartBatch) -> list[dict[str, Any]]:
    """The rows to store: planned, or refused with the reason that the dry run gave too."""
    seen = dict(act.versions)
    rows: dict[int, dict[str, Any]] = {}
    for stored, plan in planned(tx, act.draft, seen):
        stale = stored.version != seen[stored.id]
        why_not = CHANGED_SINCE if stale else plan.why_not
        rows[stored.id] = {
            "subscription_id": stored.id,
            "seen_version": seen[stored.id],
            "state": (RowState.REFUSED if why_not else RowState.PLANNED).value,
            "reason": why_not,
        }
    if len(rows) < len(seen):
        raise Refused(GONE)
    return list(rows.values())


def note_standing(
    tx: Transaction, row: Batch, standing: BatchStanding, event: EventType, *, note: str = "", **facts: Any
) -> None:
    """Store what has become of a batch, with its entry in the log; `facts` are kept there too."""
    before = row.standing
    row.standing = standing.value
    row.version += 1
    tx.session.add(row)
    tx.log(
        event,
        subject=Subject(SubjectType.BATCH, row.id),
        reason=note,
        before={"standing": before},
        after={"standing": standing.value, **facts},
    )


@handles(StopBatch)
def stop(tx: Transaction, act: StopBatch) -> BatchResult:
    """Handle `StopBatch`."""
    row = load_batch(tx, act.batch_id)
    if row.standing != BatchStanding.RUNNING:
        raise Refused("This batch is not under way.")
    note_standing(tx, row, BatchStanding.STOPPED, EventType.BATCH_STOP)
    return BatchResult(record(tx, row), "Stopped. What is done stays; the rest can go on, or be dropped.")


@handles(DropBatch)
def drop(tx: Transaction, act: DropBatch) -> BatchResult:
    """Handle `DropBatch`."""
    row = load_batch(tx, act.batch_id)
    own_request = row.standing == BatchStanding.WAITING and row.made_by_id == tx.actor_id
    if row.standing == BatchStanding.WAITING and not own_request:
        raise Refused(f"{row.made_by} requested this batch: decline it, or ask them to drop it.")
    if not own_request and row.standing not in GOES_ON:
        raise Refused("This batch has nothing left to do.")
    note_standing(tx, row, BatchStanding.DROPPED, EventType.BATCH_DROP)
    return BatchResult(record(tx, row), "Dropped. What is done stays; the rest is left as it was.")


def _load_waiting(tx: Transaction, batch_id: int, version: int) -> Batch:
    row = load_batch(tx, batch_id)
    if row.version != version:
        raise Refused("This batch was changed after you opened it. Nothing was saved. Open it again.")
    why = why_not_approve(row, tx.who)
    if why:
        raise Refused(why)
    return row


@handles(ApproveBatch)
def approve(tx: Transaction, act: ApproveBatch) -> BatchResult:
    """Handle `ApproveBatch`."""
    row = _load_waiting(tx, act.batch_id, act.version)
    row.decided_by, row.decided_at = tx.name, tx.now
    note_standing(tx, row, BatchStanding.RUNNING, EventType.BATCH_APPROVE, asked_by=row.made_by)
    return BatchResult(record(tx, row), "Approved. Every subscription is still checked as it is done.")


@handles(DeclineBatch)
def decline(tx: Transaction, act: DeclineBatch) -> BatchResult:
    """Handle `DeclineBatch`."""
    row, note = _load_waiting(tx, act.batch_id, act.version), act.note.strip()
    if not note:
        raise Invalid((Problem("text", "Enter the reason for declining."),))
    if len(note) > LONGEST_NOTE:
        raise Invalid((Problem("text", f"At most {LONGEST_NOTE} characters."),))
    row.decided_by, row.decided_at, row.decision_note = tx.name, tx.now, note
    note_standing(tx, row, BatchStanding.DECLINED, EventType.BATCH_DECLINE, note=note, asked_by=row.made_by)
    return BatchResult(record(tx, row), "Declined. Nothing was done.")
