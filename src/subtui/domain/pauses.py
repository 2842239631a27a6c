"""The rules of pausing a subscription and of resuming it.

Keap has no such state. The choices are those of Stripe (`pause_collection` with `resumes_at`), Recurly, Chargebee and
WooCommerce: a pause begins today, with the next bill or on a date; it ends on a date or by hand; and the bills that
follow keep their day, or begin a new cycle.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from subtui.domain.billing import next_bill_date
from subtui.domain.days import Day, format_day
from subtui.domain.errors import Problem, Refused
from subtui.domain.subscriptions import Billing, Pause, Status, Terms

_ONE_DAY = timedelta(days=1)


class PauseStart(StrEnum):
    """When a pause begins."""

    TODAY = "today"
    NEXT_BILL = "next-bill"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseDraft:
    """The pause form as filled in, not yet validated; its fields in the order of the form.

    `resume_now` ends a pause today; of the rest it takes `restarts_cycle` only. `resumes_on` is the first day after the
    pause; None pauses until it is resumed by hand.
    """

    resume_now: bool = False
    start: PauseStart = PauseStart.TODAY
    paused_from: date | None = None
    resumes_on: date | None = None
    restarts_cycle: bool = False


def draft_of_pause(terms: Terms) -> PauseDraft:
    """The form as it opens: the stored pause, else one from today."""
    pause = terms.pause
    if pause is None:
        return PauseDraft()
    return PauseDraft(
        start=PauseStart.DATE,
        paused_from=pause.paused_from,
        resumes_on=pause.resumes_on,
        restarts_cycle=pause.restarts_cycle,
    )


def upcoming_bill(terms: Terms, billing: Billing, today: date) -> date:
    """The next bill if there were no pause: the stored one, else the first that is not paid, today included."""
    stored = terms.ending.next_bill_date
    if stored is not None and terms.pause is None:
        return stored
    return _first_bill(billing, today)


def _first_bill(billing: Billing, day: date) -> date:
    """The first bill date on or after a day that is not paid already."""
    paid = billing.paid_through
    begin = max(day, paid + _ONE_DAY) if paid is not None else day
    return next_bill_date(billing.anchor, billing.cycle, billing.frequency, after=begin - _ONE_DAY)


def start_of(terms: Terms, draft: PauseDraft, billing: Billing, today: date) -> date:
    """The first day of the pause that a draft asks for."""
    if draft.start is PauseStart.TODAY:
        return today
    if draft.start is PauseStart.NEXT_BILL:
        return max(today, upcoming_bill(terms, billing, today))
    return draft.paused_from or today


def why_not_pause(terms: Terms) -> str | None:
    """Why a subscription cannot be paused, or None."""
    if terms.ending.status is not Status.ACTIVE:
        return "Only an active subscription can be paused; this one is Inactive."
    return None


def find_pause_problems(
    terms: Terms, draft: PauseDraft, billing: Billing, *, today: date, day: Day = format_day
) -> tuple[Problem, ...]:
    """The problems of the draft, in the order of the form; empty when it can be saved."""
    if draft.resume_now:
        return () if terms.pause else (Problem("resume_now", "This subscription is not paused."),)
    found: list[Problem] = []
    why_not = why_not_pause(terms)
    if why_not:
        found.append(Problem("start", why_not))
    if draft.start is PauseStart.DATE and draft.paused_from is None:
        found.append(Problem("paused_from", "Enter the day on which the pause begins."))
    begin, end = start_of(terms, draft, billing, today), terms.ending.end_date
    began = terms.pause is not None and begin == terms.pause.paused_from
    if begin < today and not began:
        found.append(Problem("paused_from", f"The pause can't begin before today ({day(today)})."))
    elif end is not None and begin > end:
        found.append(Problem("paused_from", f"The subscription ends before that, on {day(end)}."))
    if draft.resumes_on is not None and draft.resumes_on <= max(begin, today):
        latest = day(max(begin, today))
        found.append(Problem("resumes_on", f"It can resume on a day after {latest} only; empty: until resumed."))
    return tuple(found)


def apply_pause(terms: Terms, draft: PauseDraft, billing: Billing, *, today: date, access_in_pause: bool) -> Terms:
    """The terms with the pause of a draft that has no problems. `access_in_pause` is the account's setting.

    The bills of the paused days are not made. A bill that is due before the pause begins still is.
    """
    pause = Pause(start_of(terms, draft, billing, today), draft.resumes_on, draft.restarts_cycle, access_in_pause)
    upcoming = upcoming_bill(terms, billing, today)
    bill = upcoming if upcoming < pause.paused_from else bill_after(pause, billing)
    return replace(terms, pause=pause, ending=replace(terms.ending, next_bill_date=bill))


def after_draft(terms: Terms, draft: PauseDraft, billing: Billing, *, today: date, access_in_pause: bool) -> Terms:
    """The terms after saving a draft that has no problems: paused, or resumed today."""
    if draft.resume_now:
        return resume(terms, billing, on=today, new_cycle=draft.restarts_cycle)
    return apply_pause(terms, draft, billing, today=today, access_in_pause=access_in_pause)


def bill_after(pause: Pause, billing: Billing) -> date | None:
    """The first bill after a pause, or None while it has no last day. Days that are paid already are not billed again.

    It keeps the day of the bills before; or, in a new cycle, it falls on the first day that is not paid.
    """
    if pause.resumes_on is None:
        return None
    if not pause.restarts_cycle:
        return _first_bill(billing, pause.resumes_on)
    paid = billing.paid_through
    return max(pause.resumes_on, paid + _ONE_DAY) if paid is not None else pause.resumes_on


def skipped_bills(terms: Terms, pause: Pause, billing: Billing) -> int | None:
    """The number of bills that fall into the paused days; None while the pause has no last day."""
    last = pause.resumes_on
    ending = terms.ending.end_date
    if ending is not None and (last is None or ending < last):
        last = ending + _ONE_DAY
    if last is None:
        return None
    paid = billing.paid_through
    first = max(pause.paused_from, paid + _ONE_DAY) if paid is not None else pause.paused_from
    return billing.bills_between(first, last - _ONE_DAY)[0]


def paid_days_lost(pause: Pause, billing: Billing) -> int:
    """The number of days within a pause that are paid already, if there is no access meanwhile."""
    paid = billing.paid_through
    if pause.access_in_pause or paid is None:
        return 0
    last = paid if pause.resumes_on is None else min(paid, pause.resumes_on - _ONE_DAY)
    return max(0, (last - pause.paused_from).days + 1)


def resume(terms: Terms, billing: Billing, *, on: date, new_cycle: bool) -> Terms:
    """The terms without the pause, from a day on. Raises Refused without one.

    A pause that has not begun leaves the bills as they were. Anew, the bills are counted from the first one after it.
    """
    pause = terms.pause
    if pause is None:
        raise Refused("This subscription is not paused.")
    if pause.paused_from >= on:
        bill: date | None = _first_bill(billing, on)
        return replace(terms, pause=None, ending=replace(terms.ending, next_bill_date=bill))
    bill = bill_after(replace(pause, resumes_on=on, restarts_cycle=new_cycle), billing)
    anchor = bill if new_cycle else terms.anchor
    return replace(terms, pause=None, anchor=anchor, ending=replace(terms.ending, next_bill_date=bill))


def resume_due(terms: Terms, billing: Billing, today: date) -> Terms | None:
    """The terms of a subscription whose pause is over, without it; None if it is not due.

    An end date before that day comes first: the subscription ends within its pause.
    """
    pause, ending = terms.pause, terms.ending
    if pause is None or pause.resumes_on is None or pause.resumes_on > today or ending.status is not Status.ACTIVE:
        return None
    if ending.end_date is not None and ending.end_date < pause.resumes_on:
        return None
    return resume(terms, billing, on=pause.resumes_on, new_cycle=pause.restarts_cycle)
