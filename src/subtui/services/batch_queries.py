"""Handlers of queries about batches: the dry run, the list, the record with its rows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import col

from subtui.acts.batches import CountWaitingBatches, GetBatch, ListBatches, MatchingIds, PreviewBatch
from subtui.domain.batches import (
    MOST_ROWS,
    BatchAction,
    BatchDraft,
    BatchStanding,
    RowPlan,
    RowState,
    draft_problems,
    from_stored,
    needs_approval,
    plan_row,
    sums,
)
from subtui.domain.errors import NotFound, Refused
from subtui.domain.names import list_name
from subtui.domain.people import Person
from subtui.domain.permissions import Permission, why_not
from subtui.services.account_repository import load_account, reasons_of
from subtui.services.audit_snapshots import billing_of, terms_of
from subtui.services.registry import answers
from subtui.services.subscription_queries import matching_ids
from subtui.services.unit_of_work import Reader
from subtui.storage.batches import batched
from subtui.storage.tables import Batch, BatchRow, Contact, Subscription, SubscriptionPlan
from subtui.views.batch_words import outcome_words
from subtui.views.batches import BatchPreview, BatchRecord, BatchRowView, BatchSummary, PlannedRow, Selection

GONE = "There is no such subscription."

_TABLE = Subscription.__table__  # type: ignore[attr-defined]


@answers(MatchingIds)
def ids_of(reader: Reader, query: MatchingIds) -> tuple[int, ...]:
    """Handle `MatchingIds`."""
    found = matching_ids(reader.session, query.wanted, reader.today, limit=MOST_ROWS + 1)
    _require_few(len(found))
    return found


def _require_few(count: int) -> None:
    if count > MOST_ROWS:
        raise Refused(f"More than {MOST_ROWS:,} subscriptions match: narrow the filter, and do it in parts.")


# --- the dry run ------------------------------------------------------------------------------------------------------


def stored_rows(reader: Reader, ids: Iterable[int]) -> Iterator[Any]:
    """The rows of subscriptions as they are stored, in the order of the ids."""
    for some in batched(ids):
        # Plain rows: objects of the session would take four times as long.
        found = {row.id: row for row in reader.session.execute(select(_TABLE).where(_TABLE.c.id.in_(some)))}
        yield from (found[number] for number in some if number in found)


def planned(reader: Reader, draft: BatchDraft, ids: Iterable[int]) -> Iterator[tuple[Any, RowPlan]]:
    """Each stored row with what the batch does with it."""
    reasons = reasons_of(load_account(reader.session))
    for row in stored_rows(reader, ids):
        yield (
            row,
            plan_row(draft, terms_of(row), billing_of(row), reasons=reasons, today=reader.today, day=reader.day),
        )


def _ids(reader: Reader, selection: Selection) -> tuple[int, ...]:
    _require_few(len(selection.ids))
    if selection.wanted is None:
        return selection.ids
    return ids_of(reader, MatchingIds(selection.wanted))


@answers(PreviewBatch)
def preview(reader: Reader, query: PreviewBatch) -> BatchPreview:
    """Handle `PreviewBatch`."""
    ids, draft = _ids(reader, query.selection), query.draft
    account = load_account(reader.session)
    reasons = reasons_of(account)
    problems = draft_problems(draft, reasons)
    if problems:
        return BatchPreview((), (), 0, problems=problems, reasons=reasons)
    every = list(planned(reader, draft, ids))
    done = [(row, plan) for row, plan in every if plan.draft is not None]
    refused = [(row, plan) for row, plan in every if plan.draft is None]
    counts = Counter(plan.why_not for _, plan in refused)
    there = {row.id for row, _ in every}
    missing = [number for number in ids if number not in there]
    if missing:
        counts[GONE] = len(missing)
    role = reader.who.role.value
    # Those that are done come first; a few of the refused ones are listed in any case.
    listed = [*done[: query.limit - min(len(refused), query.limit // 5)], *refused][: query.limit]
    return BatchPreview(
        rows=_listed(reader, listed, draft.action),
        versions=tuple((row.id, row.version) for row, _ in every),
        done=len(done),
        refusals=tuple(counts.most_common()),
        stops=sums(plan.stops for _, plan in done if plan.stops is not None),
        limit=needs_approval(account.batch_limits, role, len(done)),
        reasons=reasons,
    )


def _listed(reader: Reader, rows: list[tuple[Any, RowPlan]], action: BatchAction) -> tuple[PlannedRow, ...]:
    names = _names(reader, [row for row, _ in rows])
    return tuple(
        PlannedRow(
            row.id,
            *names[row.id],
            plan.why_not or outcome_words(action, plan, row.cycle, row.frequency, reader.today, reader.day),
            refused=plan.draft is None,
        )
        for row, plan in rows
    )


def _names(reader: Reader, rows: Iterable[Any]) -> dict[int, tuple[str, str]]:
    """The customer and the plan of subscriptions, by id."""
    found: dict[int, tuple[str, str]] = {}
    for some in batched(row.id for row in rows):
        wanted = (
            select(col(Subscription.id), Contact, col(SubscriptionPlan.name))
            .join(Contact, col(Contact.id) == col(Subscription.contact_id))
            .join(SubscriptionPlan, col(SubscriptionPlan.id) == col(Subscription.plan_id))
            .where(col(Subscription.id).in_(some))
        )
        for number, who, plan in reader.session.execute(wanted):
            name = list_name(who.first_name, who.last_name, who.company, who.email, who.id or 0)
            found[number or 0] = (name, plan)
    return found


# --- batches ----------------------------------------------------------------------------------------------------------


@answers(ListBatches)
def batches(reader: Reader, query: ListBatches) -> tuple[BatchSummary, ...]:
    """Handle `ListBatches`."""
    newest = select(Batch).order_by(col(Batch.id).desc()).limit(query.limit)
    return _summaries(reader, list(reader.session.execute(newest).scalars()))


@answers(CountWaitingBatches)
def count_waiting(reader: Reader, _query: CountWaitingBatches) -> int:
    """Handle `CountWaitingBatches`."""
    waiting = select(func.count()).where(col(Batch.standing) == BatchStanding.WAITING.value)
    return int(reader.session.execute(waiting).scalar_one())


def _summaries(reader: Reader, rows: list[Batch]) -> tuple[BatchSummary, ...]:
    counts = _counts(reader, [row.id or 0 for row in rows])
    return tuple(
        BatchSummary(
            row.id or 0,
            BatchAction(row.action),
            row.selection,
            BatchStanding(row.standing),
            row.made_by,
            row.made_at,
            counts.get(row.id or 0, {}),
        )
        for row in rows
    )


def _counts(reader: Reader, ids: Iterable[int]) -> dict[int, dict[RowState, int]]:
    """The rows of batches by their state."""
    found: dict[int, dict[RowState, int]] = {}
    for some in batched(ids):
        counted = (
            select(col(BatchRow.batch_id), col(BatchRow.state), func.count())
            .where(col(BatchRow.batch_id).in_(some))
            .group_by(col(BatchRow.batch_id), col(BatchRow.state))
        )
        for number, state, count in reader.session.execute(counted):
            found.setdefault(number, {})[RowState(state)] = count
    return found


def load_batch(reader: Reader, batch_id: int) -> Batch:
    """The stored batch; in an act it is locked, before the subscriptions. Raises NotFound."""
    row = reader.load(Batch, batch_id)
    if row is None:
        raise NotFound(f"There is no batch {batch_id}.")
    return row


def why_not_approve(row: Batch, person: Person) -> str:
    """Why the user cannot approve or decline a batch; empty if they can."""
    if row.standing != BatchStanding.WAITING:
        return "This batch is not awaiting approval."
    if row.made_by_id == person.id:
        return "You requested this batch: another user has to approve it."
    return why_not(person.role, Permission.APPROVE_BATCH, verified=person.verified) or ""


@answers(GetBatch)
def batch(reader: Reader, query: GetBatch) -> BatchRecord:
    """Handle `GetBatch`."""
    return record(reader, load_batch(reader, query.batch_id), limit=query.limit)


_ORDER = {RowState.REFUSED: 0, RowState.PLANNED: 1, RowState.DONE: 2, RowState.UNDONE: 3}


def record(reader: Reader, row: Batch, *, limit: int = 1000) -> BatchRecord:
    """The view of a batch."""
    session = reader.session
    session.flush()
    (summary,) = _summaries(reader, [row])
    draft = from_stored(row.draft)
    order = case({state.value: place for state, place in _ORDER.items()}, value=col(BatchRow.state), else_=9)
    first: Any = (
        select(
            col(BatchRow.subscription_id).label("id"), col(BatchRow.state), col(BatchRow.reason), col(BatchRow.event_id)
        )
        .where(col(BatchRow.batch_id) == row.id)
        .order_by(order, col(BatchRow.subscription_id))
        .limit(limit)
    )
    rows = session.execute(first).all()
    names = _names(reader, rows)
    reasons = {reason.code: reason.label for reason in reasons_of(load_account(session))}
    return BatchRecord(
        summary=summary,
        draft=draft,
        reason=reasons.get(draft.reason_code or "", draft.reason_code or ""),
        version=row.version,
        made_by_role=row.made_by_role,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        rows=tuple(BatchRowView(each.id, *names[each.id], RowState(each.state), each.reason) for each in rows),
        why_not_approve=why_not_approve(row, reader.person) if reader.person else "",
    )
