"""What screens and plain commands are shown of the account itself and of its tickets: frozen, and raw data."""

from dataclasses import dataclass
from datetime import date, datetime

from subtui.domain.account import AccountInvoice, AccountPlan, Assessment
from subtui.domain.errors import Problem
from subtui.domain.people import Person
from subtui.domain.preview import Line
from subtui.domain.reasons import Reason
from subtui.domain.requests import Direction, Kind, Preferred, Standing


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who may sign in, as the account's own screens list them."""

    id: int
    name: str
    email: str
    role: str
    verified: bool


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A line of the queue. `ends_on` is there for cancellations only."""

    id: int
    ticket: str
    kind: Kind
    standing: Standing
    subject: str
    requested_by: str
    requested_on: date
    answer_due: date
    overdue: bool
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class BillingView:
    """Admin > Billing & Account at a glance.

    Without a `plan` nothing can be assessed: `now` and `later` are None. `now` is what asking today leads to, which
    holds until `holds_until`; `later` is what asking on the day after it leads to. `standing` is the cancellation in
    force.
    """

    account: str
    today: date
    plan: AccountPlan | None
    invoices: tuple[AccountInvoice, ...]
    owners: tuple[PersonRow, ...]
    admins: tuple[PersonRow, ...]
    phone: str
    hours: str
    clock: str = ""
    now: Assessment | None = None
    holds_until: date | None = None
    later: Assessment | None = None
    standing: RequestRow | None = None
    why_not_cancel: str = ""


@dataclass(frozen=True, slots=True)
class MyAccount:
    """My account: who is signed in, and where a cancellation stands. `why_not_cancel` is empty for whoever may."""

    account: str
    person: Person
    why_not_cancel: str
    standing: RequestRow | None = None
    tickets: tuple[RequestRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelForm:
    """The cancellation form as it opens. `call` is the ticket it is completed for, if it is.

    `why_not` is not empty where this person goes by phone; `standing` is the request in force, which is opened instead.
    """

    account: str
    person: Person
    reasons: tuple[Reason, ...]
    email: str
    phone: str
    why_not: str = ""
    plan: AccountPlan | None = None
    standing: RequestRow | None = None
    call: "RequestRecord | None" = None


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """What saving the cancellation form would lead to, the terms to acknowledge, and what stands in the way of it."""

    found: Assessment
    lines: tuple[Line, ...]
    statements: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of correspondence; `letter_id` where it is a letter that can be opened."""

    id: int
    at: datetime
    direction: Direction
    author: str
    subject: str
    body: str
    letter_id: int | None = None


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A ticket with everything its screen shows. The sentences say why an act is not possible; empty: it is."""

    id: int
    ticket: str
    version: int
    kind: Kind
    standing: Standing
    topic: str
    subject: str
    comment: str
    reason: str
    requested_by_id: int | None
    requested_by: str
    role: str
    verified: bool
    requested_on: date
    recorded_at: datetime
    recorded_by: str
    completed_by: str
    email: str
    phone: str
    preferred: Preferred
    answer_due: date
    overdue: bool
    next_invoice: date | None
    last_safe_day: date | None
    in_time: bool | None
    last_invoice: date | None
    ends_on: date | None
    plan: str
    acknowledged: tuple[str, ...]
    decided_at: datetime | None
    decided_by: str
    outcome_note: str
    thread: tuple[Entry, ...]
    letter_id: int | None
    why_not_withdraw: str
    why_not_decide: str
    why_not_complete: str
    next_open_id: int | None


@dataclass(frozen=True, slots=True)
class TicketResult:
    """What an act on a ticket did: the ticket as it is now, and the sentence that says so.

    `existing`: there was one already, and it is that one; nothing was written.
    """

    request: RequestRecord
    sentence: str
    event_id: int | None = None
    existing: bool = False


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The settings of the account as an owner may change them, and the version a save must name."""

    version: int
    name: str
    plan: str
    fee: str
    currency: str
    cycle: str
    frequency: int
    anchor: date | None
    began_on: date | None
    minimum_months: int | None
    notice_days: int
    answer_days: int
    phone: str
    hours: str
    country: str
    time_zone: str
    own_holidays: tuple[date, ...]
    limits: str
    reasons: tuple[Reason, ...]
