"""The words of a batch: what it does with a subscription, and its counts and sums."""

from collections.abc import Sequence
from datetime import date

from subtui.domain.batches import BatchAction, BatchDraft, RowPlan, RowState
from subtui.domain.billing import Cycle, per_words
from subtui.domain.days import Day, format_day
from subtui.domain.money import Money
from subtui.domain.pauses import PauseDraft, PauseStart
from subtui.domain.plain_text import counted
from subtui.views.batches import BatchPreview, BatchSummary


def outcome_words(action: BatchAction, plan: RowPlan, cycle: str, frequency: int, today: date, day: Day) -> str:
    """What is done with a subscription: `Inactive, access until 14 Apr 2026, 49.00 USD a month stops`."""
    draft = plan.draft
    stops = f"{plan.stops.format()} {per_words(Cycle(cycle), frequency)} stops" if plan.stops else ""
    if isinstance(draft, PauseDraft):
        return pause_draft_words(draft, today, day)
    if draft is None:
        return plan.why_not
    end = f"access until {day(draft.end_date)}" if draft.end_date else ""
    if action is BatchAction.CANCEL:
        return ", ".join(filter(None, ("Inactive", end, stops)))
    return ", ".join(filter(None, ("Corrected", end, f"reason {draft.reason_code}", "Auto Charge off", stops)))


def pause_draft_words(draft: PauseDraft | BatchDraft, today: date, day: Day = format_day) -> str:
    """`Paused from 2 Mar 2026 until it is resumed`."""
    begins = {
        PauseStart.TODAY: f"from {day(today)}",
        PauseStart.NEXT_BILL: "from the next bill",
        PauseStart.DATE: f"from {day(draft.paused_from)}" if draft.paused_from else "",
    }[draft.start]
    until = f"until {day(draft.resumes_on)}" if draft.resumes_on else "until it is resumed"
    return f"Paused {begins} {until}"


def draft_words(draft: BatchDraft, reason: str, today: date, day: Day = format_day) -> str:
    """What the batch was asked to do, without its action: `end date 14 Apr 2026 · reason Too expensive`."""
    if draft.action is BatchAction.PAUSE:
        return pause_draft_words(draft, today, day)
    end = "each its own paid-through day" if draft.paid_through else day(draft.end_date) if draft.end_date else ""
    parts = (
        f"end date: {end}" if end else "",
        f"reason: {reason}" if reason else "",
        f"note: {draft.reason_note}" if draft.reason_note else "",
    )
    return " · ".join(filter(None, parts))


def sums_words(stops: Sequence[Money], *, action: BatchAction) -> str:
    """The sums that stop: `539.00 USD and 20.00 EUR per billing stop`; empty where no bill stops."""
    if not stops or action is BatchAction.PAUSE:
        return ""
    return " and ".join(amount.format() for amount in stops) + " per billing stop" + ("s" if len(stops) == 1 else "")


def preview_line(preview: BatchPreview, action: BatchAction) -> str:
    """The counts of a dry run: `12 will be done, 3 refused; 539.00 USD per billing stops`."""
    line = f"{preview.done:,} will be done, {preview.refused:,} refused"
    money = sums_words(preview.stops, action=action)
    return f"{line}; {money}" if money else line


def limit_words(preview: BatchPreview) -> str:
    """What a batch above the user's limit leads to; empty below it."""
    if preview.limit is None:
        return ""
    return f"Above your limit of {preview.limit:,}: another user has to approve it before anything is done."


_COUNTED = ((RowState.DONE, "done"), (RowState.UNDONE, "undone"), (RowState.REFUSED, "refused"))


def counts_words(summary: BatchSummary) -> str:
    """`9,998 done, 2 refused, 40 to do`."""
    parts = [f"{summary.count(state):,} {word}" for state, word in _COUNTED if summary.count(state)]
    planned = summary.count(RowState.PLANNED)
    if planned:
        parts.append(f"{planned:,} to do")
    return ", ".join(parts) or "no rows"


def marked_words(count: int) -> str:
    """`12 marked subscriptions`."""
    return counted(count, "marked subscription")
