"""The rules of a batch: one act on many subscriptions, each decided by the same rules as when it is done alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from subtui.domain import cancellation, pauses
from subtui.domain.cancellation import Draft, default_end_date, draft_of, is_unchanged
from subtui.domain.days import Day, format_day
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.pauses import PauseDraft, PauseStart
from subtui.domain.reasons import Reason
from subtui.domain.subscriptions import Billing, Status, Terms

MOST_ROWS = 20_000
"""The most subscriptions of one batch."""


class BatchAction(StrEnum):
    """The acts that can be done on many subscriptions."""

    CANCEL = "cancel"
    SET_REASON = "set_reason"
    SET_END_DATE = "set_end_date"
    AUTO_CHARGE_OFF = "auto_charge_off"
    PAUSE = "pause"


ACTION_WORDS = {
    BatchAction.CANCEL: "Cancel",
    BatchAction.SET_REASON: "Set a reason",
    BatchAction.SET_END_DATE: "Set an end date",
    BatchAction.AUTO_CHARGE_OFF: "Auto Charge off",
    BatchAction.PAUSE: "Pause",
}
CORRECTIONS = (BatchAction.SET_REASON, BatchAction.SET_END_DATE, BatchAction.AUTO_CHARGE_OFF)
"""The actions for loose ends: they fill in what an Inactive subscription lacks, and change nothing else of it."""


class BatchStanding(StrEnum):
    """What has become of a batch."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    DROPPED = "dropped"
    DECLINED = "declined"
    UNDONE = "undone"


STANDING_WORDS = {
    BatchStanding.WAITING: "awaiting approval",
    BatchStanding.RUNNING: "under way",
    BatchStanding.STOPPED: "stopped",
    BatchStanding.DONE: "done",
    BatchStanding.DROPPED: "dropped",
    BatchStanding.DECLINED: "declined",
    BatchStanding.UNDONE: "undone",
}
GOES_ON = (BatchStanding.RUNNING, BatchStanding.STOPPED)
"""The standings from which a batch can go on, or be dropped: a killed program leaves it under way."""
UNDOABLE = (BatchStanding.STOPPED, BatchStanding.DONE, BatchStanding.DROPPED)


class RowState(StrEnum):
    """What has become of a subscription of a batch."""

    PLANNED = "planned"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDraft:
    """The form of a batch as filled in.

    `paid_through`: each subscription ends on its own paid-through day. A correction uses the end date and the reason
    where the subscription has none. The fields of a pause are those of `PauseDraft`.
    """

    action: BatchAction
    end_date: date | None = None
    paid_through: bool = False
    reason_code: str | None = None
    reason_note: str = ""
    start: PauseStart = PauseStart.TODAY
    paused_from: date | None = None
    resumes_on: date | None = None
    restarts_cycle: bool = False


_DAYS = frozenset(("end_date", "paused_from", "resumes_on"))


def to_stored(draft: BatchDraft) -> dict[str, Any]:
    """The draft as plain JSON values."""
    values = {field.name: getattr(draft, field.name) for field in fields(draft)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def from_stored(stored: dict[str, Any]) -> BatchDraft:
    """The draft of stored values."""
    read: dict[str, Any] = {name: date.fromisoformat(v) if name in _DAYS and v else v for name, v in stored.items()}
    read |= {"action": BatchAction(stored["action"]), "start": PauseStart(stored["start"])}
    return BatchDraft(**read)


@dataclass(frozen=True, slots=True)
class RowPlan:
    """The result of one subscription: the draft that its save gets, or why it is refused.

    `stops` is the amount that is not billed any more at each bill; None where the act stops no bills.
    """

    draft: Draft | PauseDraft | None
    why_not: str = ""
    stops: Money | None = None


def draft_problems(draft: BatchDraft, reasons: Sequence[Reason]) -> tuple[Problem, ...]:
    """The problems of the form itself: what no subscription could be done with."""
    found: list[Problem] = []
    wants_end = draft.action in (BatchAction.CANCEL, BatchAction.SET_END_DATE)
    if wants_end and draft.end_date is None and not draft.paid_through:
        found.append(Problem("end_date", "Enter the end date, or choose the paid-through day of each."))
    if draft.action in (BatchAction.CANCEL, BatchAction.SET_REASON) and not draft.reason_code:
        found.append(Problem("reason", "Choose a reason."))
    reason = next((each for each in reasons if each.code == draft.reason_code), None)
    if draft.reason_code and reason is None:
        found.append(Problem("reason", "Choose a reason from the list."))
    if reason is not None and reason.needs_note and not draft.reason_note.strip():
        found.append(Problem("note", f"Add a note: the reason “{reason.label}” needs one."))
    if len(draft.reason_note) > cancellation.LONGEST_NOTE:
        found.append(Problem("note", f"A note can have at most {cancellation.LONGEST_NOTE} characters."))
    if draft.action is BatchAction.PAUSE and draft.start is PauseStart.DATE and draft.paused_from is None:
        found.append(Problem("paused_from", "Enter the day on which the pause begins."))
    return tuple(found)


def plan_row(
    batch: BatchDraft,
    terms: Terms,
    billing: Billing,
    *,
    reasons: Sequence[Reason],
    today: date,
    day: Day = format_day,
) -> RowPlan:
    """What the batch does with one subscription. The dry run and the doing both ask here."""
    why_not = _why_not(batch.action, terms, day)
    if why_not:
        return RowPlan(None, why_not)
    if batch.action is BatchAction.PAUSE:
        pause = PauseDraft(
            start=batch.start,
            paused_from=batch.paused_from,
            resumes_on=batch.resumes_on,
            restarts_cycle=batch.restarts_cycle,
        )
        return _planned(pause, pauses.find_pause_problems(terms, pause, billing, today=today, day=day), None)
    draft = _cancelled(batch, terms, billing, today) if batch.action is BatchAction.CANCEL else None
    draft = draft or _corrected(batch, terms, billing)
    if is_unchanged(terms, draft):
        return RowPlan(None, "No changes to save.")
    # The card is never changed here, so that which cards are valid does not matter.
    found = cancellation.find_problems(terms, draft, billing, reasons=reasons, cards=(), today=today, day=day)
    stops = terms.bill_amount if batch.action in (BatchAction.CANCEL, BatchAction.AUTO_CHARGE_OFF) else None
    return _planned(draft, found, stops)


def _planned(draft: Draft | PauseDraft, problems: Iterable[Problem], stops: Money | None) -> RowPlan:
    sentence = " ".join(problem.sentence for problem in problems)
    return RowPlan(None, sentence) if sentence else RowPlan(draft, stops=stops)


def _why_not(action: BatchAction, terms: Terms, day: Day) -> str:
    """Why the action makes no sense for a subscription; empty where it does."""
    ending = terms.ending
    active = ending.status is Status.ACTIVE
    if action is BatchAction.CANCEL:
        return "" if active else "Already Inactive."
    if action is BatchAction.PAUSE:
        return "Already paused." if terms.pause is not None else pauses.why_not_pause(terms) or ""
    if active:
        return "Still Active: only Inactive subscriptions have loose ends of this kind."
    if action is BatchAction.SET_REASON and ending.reason_code:
        return "It has a reason already."
    if action is BatchAction.SET_END_DATE and ending.end_date is not None:
        return f"It has an end date already: {day(ending.end_date)}."
    if action is BatchAction.AUTO_CHARGE_OFF and not ending.auto_charge:
        return "Auto Charge is off already."
    return ""


def _cancelled(batch: BatchDraft, terms: Terms, billing: Billing, today: date) -> Draft:
    return replace(
        draft_of(terms),
        status=Status.INACTIVE,
        auto_charge=False,
        end_date=default_end_date(billing, today) if batch.paid_through else batch.end_date,
        reason_code=batch.reason_code,
        reason_note=batch.reason_note.strip(),
    )


def _corrected(batch: BatchDraft, terms: Terms, billing: Billing) -> Draft:
    """The Inactive subscription with what it lacks; an end date or a reason that is there stays."""
    draft = replace(draft_of(terms), auto_charge=False)
    if draft.end_date is None:
        draft = replace(draft, end_date=billing.paid_through if batch.paid_through else batch.end_date)
    if not draft.reason_code and batch.reason_code:
        draft = replace(draft, reason_code=batch.reason_code, reason_note=batch.reason_note.strip())
    return draft


def sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """The sum in each currency, in the order of the currencies' codes."""
    found: dict[str, int] = {}
    for amount in amounts:
        found[amount.currency] = found.get(amount.currency, 0) + amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(found.items()))


def needs_approval(limits: dict[str, int], role: str, count: int) -> int | None:
    """The limit of the role if a batch of so many subscriptions is above it; None where no approval is needed."""
    limit = limits.get(role)
    return limit if limit is not None and count > limit else None
