"""The views of the account and its tickets, for screens and plain commands: frozen, and raw data."""

from dataclasses import dataclass
from datetime import date, datetime

from subtui.domain.account import AccountInvoice, AccountPlan, Assessment
from subtui.domain.errors import Problem
from subtui.domain.people import Person
from subtui.domain.reasons import Reason
from subtui.domain.requests import Direction, Kind, Preferred, Standing
from subtui.views.preview import Line


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A user of the account, as its account screens list them."""

    id: int
    name: str
    email: str
    role: str
    verified: bool


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A row of the ticket queue. `ends_on` is set for cancellations only."""

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
    """The screen Admin > Billing & Account.

    Without a `plan`, `now` and `later` are None. `now` is the assessment of a request made today, valid until
    `holds_until`; `later` is that of a request made on the day after. `standing` is the cancellation in force.
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
    """The "My account" screen: the user and their cancellation. `why_not_cancel` is empty for a user who may cancel."""

    account: str
    person: Person
    why_not_cancel: str
    standing: RequestRow | None = None
    tickets: tuple[RequestRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelForm:
    """The cancellation form as it opens. `call` is the call ticket that it completes, if any.

    `why_not` is not empty where the user must phone; `standing` is the cancellation in force, which is opened instead.
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
    """The effects of saving the cancellation form, the terms to acknowledge, and the problems that prevent a save."""

    found: Assessment
    lines: tuple[Line, ...]
    statements: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of correspondence; `letter_id` is set where it is a letter that can be opened."""

    id: int
    at: datetime
    direction: Direction
    author: str
    subject: str
    body: str
    letter_id: int | None = None


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A ticket with everything its screen shows. Each sentence says why an act is not possible; empty when it is."""

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
    """The result of an act on a ticket: the ticket after it, and the sentence that describes it.

    `existing`: the ticket existed before, and nothing was written.
    """

    request: RequestRecord
    sentence: str
    event_id: int | None = None
    existing: bool = False


@dataclass(frozen=True, slots=True)
class SettingsView:
    """The account settings that an owner can change, and the version that a save must name."""

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
    batch_limits: str
    reasons: tuple[Reason, ...]
    access_in_pause: bool = False
