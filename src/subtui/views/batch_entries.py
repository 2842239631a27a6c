"""Batches as columns and entries: the list, the record with its rows, and the dry run."""

from collections.abc import Iterable, Sequence

from subtui.domain.batches import ACTION_WORDS, STANDING_WORDS, BatchAction, BatchStanding, RowState
from subtui.views.batch_words import counts_words, draft_words, limit_words, preview_line
from subtui.views.batches import BatchPreview, BatchRecord, BatchRowView, BatchSummary, PlannedRow
from subtui.views.entries import (
    Entry,
    Heading,
    ListColumn,
    Paragraph,
    Term,
    instant_column,
    number_column,
    table,
)
from subtui.views.format import Format

NO_BATCHES = "No batches yet: mark subscriptions in the list of all, then b."

_STANDING_TONES = {
    BatchStanding.WAITING: "warn",
    BatchStanding.RUNNING: "warn",
    BatchStanding.STOPPED: "warn",
    BatchStanding.DONE: "good",
}
_ROW_TONES = {RowState.DONE: "good", RowState.REFUSED: "warn"}
_ROW_WORDS = {RowState.PLANNED: "to do"}

BATCH_COLUMNS: tuple[ListColumn[BatchSummary], ...] = (
    number_column("Batch", 5, lambda row: row.id),
    ListColumn("What", 16, share=3, most=60, text=lambda row, _: row.title),
    ListColumn(
        "State",
        17,
        text=lambda row, _: STANDING_WORDS[row.standing],
        tone=lambda row, _: _STANDING_TONES.get(row.standing, "muted"),
    ),
    ListColumn("Rows", 14, share=2, most=40, text=lambda row, _: counts_words(row)),
    ListColumn("Who", 12, share=1, most=24, drop=1, text=lambda row, _: row.made_by),
    instant_column("When", lambda row: row.made_at, drop=2),
)
PLANNED_COLUMNS: tuple[ListColumn[PlannedRow], ...] = (
    number_column("Id", 6, lambda row: row.id),
    ListColumn("Contact", 12, share=2, most=30, text=lambda row, _: row.contact),
    ListColumn("Plan", 10, share=1, most=26, drop=1, text=lambda row, _: row.plan),
    ListColumn(
        "What will happen",
        28,
        share=5,
        most=90,
        text=lambda row, _: f"Refused: {row.outcome}" if row.refused else row.outcome,
        tone=lambda row, _: "warn" if row.refused else "",
    ),
)
ROW_COLUMNS: tuple[ListColumn[BatchRowView], ...] = (
    number_column("Id", 6, lambda row: row.id),
    ListColumn("Contact", 12, share=2, most=34, text=lambda row, _: row.contact),
    ListColumn("Plan", 10, share=1, most=30, drop=1, text=lambda row, _: row.plan),
    ListColumn(
        "State",
        8,
        text=lambda row, _: _ROW_WORDS.get(row.state, row.state.value),
        tone=lambda row, _: _ROW_TONES.get(row.state, "muted"),
    ),
    ListColumn("Why", 20, share=4, most=90, text=lambda row, _: row.reason or "-"),
)


def head_entries(view: BatchRecord, fmt: Format) -> Iterable[Entry]:
    """The facts of a batch above its rows."""
    summary, draft = view.summary, view.draft
    yield Paragraph(f"Batch {summary.id}: {summary.title}", "strong")
    yield Term("What", draft_words(draft, view.reason, fmt.today, fmt.day) or ACTION_WORDS[summary.action])
    tone = _STANDING_TONES.get(summary.standing, "")
    yield Term("State", f"{STANDING_WORDS[summary.standing]} · {counts_words(summary)}", tone)
    yield Term("Begun", f"{fmt.instant(summary.made_at)} by {summary.made_by} ({view.made_by_role})")
    if view.decided_by:
        verb = "Declined" if summary.standing is BatchStanding.DECLINED else "Approved"
        note = f": {view.decision_note}" if view.decision_note else ""
        yield Term(verb, f"{fmt.instant(view.decided_at)} by {view.decided_by}{note}")
    elif summary.standing is BatchStanding.WAITING:
        yield Term("Approval", view.why_not_approve or "You can approve or decline it.", "muted")


def batch_entries(view: BatchRecord, fmt: Format) -> Iterable[Entry]:
    """A batch with its first rows, as text."""
    yield from head_entries(view, fmt)
    total = view.summary.total
    more = f", the first {len(view.rows):,}" if len(view.rows) < total else ""
    yield Heading(f"Subscriptions: {total:,}{more}")
    yield table(ROW_COLUMNS, view.rows, fmt, empty="None")


def list_entries(rows: Sequence[BatchSummary], fmt: Format) -> Iterable[Entry]:
    """The list of batches, as text."""
    yield Heading("Batches")
    yield table(BATCH_COLUMNS, rows, fmt, empty=NO_BATCHES)


def preview_entries(preview: BatchPreview, action: BatchAction, fmt: Format) -> Iterable[Entry]:
    """A dry run, as text."""
    yield table(PLANNED_COLUMNS, preview.rows, fmt, empty="No subscriptions match.")
    hidden = preview.done + preview.refused - len(preview.rows)
    if hidden > 0:
        yield Paragraph(f"... and {hidden:,} more.")
    yield Paragraph(f"{preview_line(preview, action)}.", "strong")
    for reason, count in preview.refusals:
        yield Paragraph(f"{count:,} refused: {reason}")
    if preview.limit is not None:
        yield Paragraph(limit_words(preview), "warn")
