"""The tickets of the account's cancellation team: account cancellations, calls and questions.

All are in one queue, each with the day on which its answer is due, and an outcome.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from subtui.domain.contact_details import LONGEST_EMAIL, LONGEST_PHONE, why_not_email, why_not_phone
from subtui.domain.days import days_words, format_day
from subtui.domain.errors import Problem
from subtui.domain.reasons import Reason, no_such_reason

LONGEST_COMMENT = 500
LONGEST_TEXT = 2000
LONGEST_SUBJECT = 120

Day = Callable[[date], str]


class Kind(StrEnum):
    """The kinds of tickets."""

    CANCELLATION = "cancellation"
    CALL = "call"
    QUESTION = "question"


class Standing(StrEnum):
    """The statuses of a ticket."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    ANSWERED = "answered"


class Preferred(StrEnum):
    """The channel on which a user wants the answer."""

    EMAIL = "email"
    PHONE = "phone"


class Direction(StrEnum):
    """The directions of correspondence."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    PHONE_NOTE = "phone_note"


class Topic(StrEnum):
    """The topics of a question."""

    REFUND = "refund"
    CANCELLATION = "cancellation"
    OTHER = "other"


KIND_WORDS = {Kind.CANCELLATION: "Cancellation", Kind.CALL: "Phone call", Kind.QUESTION: "Question"}
DIRECTION_WORDS = {
    Direction.OUTGOING: "Outgoing",
    Direction.INCOMING: "Incoming",
    Direction.PHONE_NOTE: "Phone note",
}
TOPIC_WORDS = {Topic.REFUND: "A refund", Topic.CANCELLATION: "A cancellation", Topic.OTHER: "Something else"}

STANDING_CANCELLATIONS = (Standing.OPEN, Standing.CONFIRMED)
"""A cancellation with one of these statuses runs to its end date; until then no second one can be requested."""


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """The contact details for an answer. The preferred channel must be filled in; the other may be empty."""

    email: str = ""
    phone: str = ""
    preferred: Preferred = Preferred.EMAIL


@dataclass(frozen=True, slots=True)
class CancellationDraft:
    """The account cancellation form as filled in, not yet validated. `requested_on` None means today."""

    reach: ContactDetails
    reason_code: str | None = None
    comment: str = ""
    requested_on: date | None = None
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class CallDraft:
    """A call to be filed for the cancellation team: where to call back, and what the caller wants them to know."""

    phone: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """An online ticket: a question about a refund or a cancellation."""

    reach: ContactDetails
    topic: Topic
    subject: str
    text: str


def ticket_number(request_id: int) -> str:
    """The ticket number that users see: `T-1005`."""
    return f"T-{request_id:04d}"


# --- what is wrong with a form ----------------------------------------------------------------------------------------


def find_problems(
    draft: CancellationDraft,
    *,
    reasons: Sequence[Reason],
    today: date,
    began_on: date | None,
    country: str,
    day: Day = format_day,
) -> tuple[Problem, ...]:
    """The problems of the cancellation form, in the order of its fields; empty when it can be saved."""
    found = [
        *_reason_problems(draft, reasons),
        *reach_problems(draft.reach, country),
        _requested_problem(draft.requested_on, today, began_on, day),
        None if draft.acknowledged else Problem("acknowledged", "Read and acknowledge the terms to save."),
    ]
    return tuple(problem for problem in found if problem)


def _reason_problems(draft: CancellationDraft, reasons: Sequence[Reason]) -> list[Problem]:
    found: list[Problem] = []
    reason = next((known for known in reasons if known.code == draft.reason_code), None)
    if not draft.reason_code:
        found.append(Problem("reason", "Choose a reason."))
    elif reason is None:
        found.append(Problem("reason", no_such_reason(draft.reason_code, reasons)))
    elif reason.needs_note and not draft.comment.strip():
        found.append(Problem("comment", f"“{reason.label}” needs a comment: explain the reason."))
    if len(draft.comment) > LONGEST_COMMENT:
        found.append(Problem("comment", _too_long("A comment", LONGEST_COMMENT, draft.comment)))
    return found


def _too_long(what: str, most: int, text: str) -> str:
    return f"{what} can have at most {most:,} characters; this one has {len(text):,}."


def reach_problems(reach: ContactDetails, country: str) -> list[Problem]:
    """The problems of the contact details."""
    found: list[Problem] = []
    wanted = reach.preferred
    if reach.email.strip():
        found += [Problem("email", sentence)] if (sentence := why_not_email(reach.email)) else []
    elif wanted is Preferred.EMAIL:
        found.append(Problem("email", "Enter an e-mail address, or choose to be contacted by phone."))
    if reach.phone.strip():
        found += [Problem("phone", sentence)] if (sentence := why_not_phone(reach.phone, country)) else []
    elif wanted is Preferred.PHONE:
        found.append(Problem("phone", "Enter a phone number, or choose to be contacted by e-mail."))
    for name, text, most in (("email", reach.email, LONGEST_EMAIL), ("phone", reach.phone, LONGEST_PHONE)):
        if len(text) > most:
            found = [problem for problem in found if problem.field != name]
            found.append(Problem(name, f"Enter at most {most} characters."))
    return found


def _requested_problem(requested_on: date | None, today: date, began_on: date | None, day: Day) -> Problem | None:
    if requested_on is None:
        return None
    if requested_on > today:
        return Problem("requested_on", f"The request date can't be after today ({day(today)}).")
    if began_on is not None and requested_on < began_on:
        return Problem("requested_on", f"The request date can't be before the account began ({day(began_on)}).")
    return None


def call_problems(draft: CallDraft, country: str) -> tuple[Problem, ...]:
    """The problems of a call ticket; empty when it can be filed."""
    if draft.phone.strip():
        found = reach_problems(ContactDetails(phone=draft.phone, preferred=Preferred.PHONE), country)
    else:
        found = [Problem("phone", "Enter the number to call back.")]
    if len(draft.note) > LONGEST_COMMENT:
        found.append(Problem("note", _too_long("A note", LONGEST_COMMENT, draft.note)))
    return tuple(found)


def question_problems(draft: QuestionDraft, country: str) -> tuple[Problem, ...]:
    """The problems of a question; empty when it can be sent."""
    found: list[Problem] = []
    if not draft.subject.strip():
        found.append(Problem("subject", "Enter a subject."))
    elif len(draft.subject) > LONGEST_SUBJECT:
        found.append(Problem("subject", _too_long("A subject", LONGEST_SUBJECT, draft.subject)))
    found += text_problems(draft.text, "text", "Enter your question.")
    return (*found, *reach_problems(draft.reach, country))


def text_problems(text: str, field: str, empty: str) -> list[Problem]:
    """The problems of a longer text; `empty` is the sentence for a missing one."""
    if not text.strip():
        return [Problem(field, empty)]
    return [Problem(field, _too_long("A text", LONGEST_TEXT, text))] if len(text) > LONGEST_TEXT else []


# --- what may happen to a ticket --------------------------------------------------------------------------------------


def why_not_withdraw(standing: Standing, ends_on: date | None, *, today: date, day: Day = format_day) -> str | None:
    """Why a ticket cannot be withdrawn, or None: a cancellation can be until its end date, that day included."""
    if standing not in STANDING_CANCELLATIONS:
        return f"This ticket is already {standing.value}."
    if ends_on is not None and ends_on < today:
        return f"Too late to withdraw: the account ended on {day(ends_on)}."
    return None


def why_not_decide(standing: Standing) -> str | None:
    """Why a ticket cannot be given an outcome, or None."""
    return None if standing is Standing.OPEN else f"This ticket is already {standing.value}."


def outcomes_of(kind: Kind) -> tuple[Standing, ...]:
    """The outcomes that a ticket of this kind can be given: a call is confirmed by completing the form for it."""
    if kind is Kind.CANCELLATION:
        return (Standing.CONFIRMED, Standing.REFUSED)
    return (Standing.ANSWERED, Standing.REFUSED)


def due_words(answer_due: date, *, today: date, day: Day = format_day) -> str:
    """The due day of an open ticket in words: `overdue by 3 days`, `today`, or the day."""
    late = (today - answer_due).days
    if late > 0:
        return f"overdue by {days_words(late)}"
    return "today" if late == 0 else day(answer_due)
