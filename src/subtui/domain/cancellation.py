"""The rules of setting a subscription Inactive, and of undoing it.

Source of the rules: the product's own cancelling procedure (Inactive, end date, reason, Auto Charge off), with its
gaps closed: one save does all four, the end date is inclusive, and the reason is a code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from subtui.domain.days import format_day
from subtui.domain.errors import Problem, Refused
from subtui.domain.money import Money
from subtui.domain.reasons import Reason, no_such_reason
from subtui.domain.subscriptions import Billing, Ending, Status, Terms

Day = Callable[[date], str]
"""A function that formats a date for a sentence."""

LONGEST_NOTE = 500
LARGEST_QUANTITY = 100_000
MOST_ATTEMPTS = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The subscription form as filled in, not yet validated; its fields in the order of the form."""

    status: Status
    end_date: date | None = None
    reason_code: str | None = None
    reason_note: str = ""
    requested_on: date | None = None
    auto_charge: bool
    credit_card_id: int | None = None
    max_attempts: int = 3
    quantity: int
    price: Money


def draft_of(terms: Terms) -> Draft:
    """The form as it opens, with the stored terms."""
    ending = terms.ending
    return Draft(
        status=ending.status,
        auto_charge=ending.auto_charge,
        quantity=terms.quantity,
        price=terms.price,
        end_date=ending.end_date,
        reason_code=ending.reason_code,
        reason_note=ending.reason_note,
        requested_on=ending.requested_on,
        credit_card_id=terms.credit_card_id,
        max_attempts=terms.max_attempts,
    )


def is_unchanged(terms: Terms, draft: Draft) -> bool:
    """Whether saving the draft writes nothing. Any save corrects an inactive row with Auto Charge on."""
    still_charging = terms.ending.status is Status.INACTIVE and terms.ending.auto_charge
    asked = draft.requested_on or terms.ending.requested_on  # a blank one keeps what is stored
    auto_charge = draft.auto_charge and draft.status is Status.ACTIVE  # Inactive never charges, whatever the draft says
    meant = replace(draft, requested_on=asked, auto_charge=auto_charge)
    return meant == draft_of(terms) and not still_charging


def default_end_date(billing: Billing, today: date) -> date:
    """The paid-through day, so that the customer loses no paid time; today when nothing is paid ahead."""
    paid = billing.paid_through
    return paid if paid is not None and paid >= today else today


def is_ending(terms: Terms, draft: Draft) -> bool:
    """Whether the draft ends an active subscription, at once or on a date."""
    if terms.ending.status is Status.INACTIVE:
        return False
    return draft.status is Status.INACTIVE or (draft.end_date is not None and draft.end_date != terms.ending.end_date)


def find_problems(
    terms: Terms,
    draft: Draft,
    billing: Billing,
    *,
    reasons: Sequence[Reason],
    cards: Sequence[int],
    today: date,
    day: Day = format_day,
) -> tuple[Problem, ...]:
    """The problems of the draft, in the order of the form; empty when it can be saved."""
    found = [
        _status_problem(terms, draft),
        _end_date_problem(terms, draft, billing, today, day),
        *_reason_problems(terms, draft, reasons),
        _requested_problem(terms, draft, today),
        *_terms_problems(terms, draft, cards),
    ]
    return tuple(problem for problem in found if problem)


def _status_problem(terms: Terms, draft: Draft) -> Problem | None:
    if terms.ending.status is Status.INACTIVE and draft.status is Status.ACTIVE:
        return Problem("status", "To reactivate it, use Undo until the end date; after that, start a new subscription.")
    return None


def _end_date_problem(terms: Terms, draft: Draft, billing: Billing, today: date, day: Day) -> Problem | None:
    stored = terms.ending
    if draft.end_date is None:
        if draft.status is Status.INACTIVE:
            return Problem("end_date", "Enter the end date: the last day of the customer's access.")
        return None
    if draft.end_date == stored.end_date and draft.status is stored.status:
        return None
    if stored.status is Status.INACTIVE and stored.end_date is None:
        # A correction of an old row: the true end date is in the past, so only the start bounds it.
        if draft.end_date < billing.start_date:
            return Problem("end_date", f"The end date can't be before the start date ({day(billing.start_date)}).")
        return None
    if draft.end_date < today:
        return Problem("end_date", f"The end date can't be before today ({day(today)}).")
    return None


def _reason_problems(terms: Terms, draft: Draft, reasons: Sequence[Reason]) -> list[Problem]:
    found: list[Problem] = []
    ends = draft.status is Status.INACTIVE or draft.end_date is not None
    known = {reason.code: reason for reason in reasons}
    changed = (draft.reason_code, draft.reason_note) != (terms.ending.reason_code, terms.ending.reason_note)
    if ends and not draft.reason_code:
        found.append(Problem("reason", "Choose a reason."))
    elif draft.reason_code and changed:
        reason = known.get(draft.reason_code)
        if reason is None:
            found.append(Problem("reason", no_such_reason(draft.reason_code, reasons)))
        elif reason.needs_note and not draft.reason_note.strip():
            found.append(Problem("note", f"Add a note: the reason “{reason.label}” needs one."))
    if len(draft.reason_note) > LONGEST_NOTE:
        found.append(
            Problem(
                "note", f"A note can have at most {LONGEST_NOTE} characters; this one has {len(draft.reason_note)}."
            )
        )
    return found


def _requested_problem(terms: Terms, draft: Draft, today: date) -> Problem | None:
    if draft.requested_on is None or draft.requested_on == terms.ending.requested_on:
        return None
    if draft.requested_on > today:
        return Problem("requested_on", "The day of the request can't be in the future.")
    return None


def _terms_problems(terms: Terms, draft: Draft, cards: Sequence[int]) -> list[Problem]:
    found: list[Problem] = []
    if not 1 <= draft.quantity <= LARGEST_QUANTITY:
        found.append(Problem("quantity", f"Enter a quantity from 1 to {LARGEST_QUANTITY:,}."))
    if draft.max_attempts != terms.max_attempts and not 1 <= draft.max_attempts <= MOST_ATTEMPTS:
        found.append(Problem("max_attempts", f"Enter 1 to {MOST_ATTEMPTS} attempts."))
    if draft.price.minor < 0:
        found.append(Problem("price", "The price can't be negative."))
    if draft.price.currency != terms.price.currency:
        found.append(Problem("price", f"Enter the price in {terms.price.currency}, this subscription's currency."))
    if draft.credit_card_id != terms.credit_card_id and draft.credit_card_id not in (None, *cards):
        found.append(Problem("card", "Choose one of this contact's valid cards."))
    return found


def apply(terms: Terms, draft: Draft, billing: Billing, *, today: date, at: datetime, by: str) -> Terms:
    """The terms after saving a draft that has no problems. `at` is UTC; `by` names who records it.

    Inactive stops charging today and switches Auto Charge off. Active with an end date is charged until then.
    """
    if is_unchanged(terms, draft):
        return terms
    old = terms.ending
    commercial = replace(
        terms,
        quantity=draft.quantity,
        price=draft.price,
        credit_card_id=draft.credit_card_id,
        max_attempts=draft.max_attempts,
    )
    if draft.status is Status.INACTIVE:
        first_time = old.status is Status.ACTIVE
        ending = replace(
            old,
            status=Status.INACTIVE,
            auto_charge=False,
            next_bill_date=None,
            end_date=draft.end_date,
            reason_code=draft.reason_code,
            reason_note=draft.reason_note.strip(),
            requested_on=draft.requested_on or old.requested_on or (today if first_time else None),
            charging_stops_on=today if first_time or old.auto_charge else old.charging_stops_on,
            recorded_at=at if first_time else old.recorded_at or at,
            recorded_by=by if first_time else old.recorded_by or by,
        )
        return replace(commercial, ending=ending, pause=None)
    if draft.end_date is not None:
        newly = draft.end_date != old.end_date
        ending = replace(
            old,
            auto_charge=draft.auto_charge,
            end_date=draft.end_date,
            reason_code=draft.reason_code,
            reason_note=draft.reason_note.strip(),
            requested_on=draft.requested_on or old.requested_on or today,
            charging_stops_on=draft.end_date,
            recorded_at=at if newly else old.recorded_at,
            recorded_by=by if newly else old.recorded_by,
        )
        return replace(commercial, ending=ending)
    return replace(commercial, ending=_going_on(old, auto_charge=draft.auto_charge))


def _going_on(old: Ending, *, auto_charge: bool) -> Ending:
    """The ending of an active subscription without an end date: all fields of a removed end date are cleared."""
    return Ending(status=Status.ACTIVE, auto_charge=auto_charge, next_bill_date=old.next_bill_date)


def undo(now: Terms, before: Terms) -> Terms:
    """The terms with the earlier ending and pause restored; a price, quantity or card changed since is kept."""
    return replace(now, ending=before.ending, pause=before.pause, anchor=before.anchor)


def why_not_undo(ending: Ending, today: date, day: Day = format_day) -> str | None:
    """Why an ending can no longer be undone, or None: it can be up to and including the end date."""
    if ending.status is Status.ACTIVE and ending.end_date is None:
        return "There is no cancellation to undo."
    if ending.end_date is not None and ending.end_date < today:
        return f"The end date, {day(ending.end_date)}, has passed: start a new subscription instead."
    return None


def require_undo(ending: Ending, today: date, day: Day = format_day) -> None:
    """Raise Refused with the sentence of `why_not_undo`, if there is one."""
    sentence = why_not_undo(ending, today, day)
    if sentence:
        raise Refused(sentence)


def expire(terms: Terms, *, today: date, at: datetime) -> Terms | None:
    """Expire a subscription: the terms of one active past its end date turn Inactive; None if it is not due."""
    ending = terms.ending
    if ending.status is not Status.ACTIVE or ending.end_date is None or ending.end_date >= today:
        return None
    rolled = replace(
        ending,
        status=Status.INACTIVE,
        auto_charge=False,
        next_bill_date=None,
        charging_stops_on=ending.charging_stops_on or ending.end_date,
        recorded_at=ending.recorded_at or at,
        recorded_by=ending.recorded_by or "system",
    )
    return replace(terms, ending=rolled, pause=None)
