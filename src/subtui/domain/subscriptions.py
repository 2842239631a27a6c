"""The rules' view of a subscription: its billing, the terms that a save can change, and its data issues.

Statuses are Keap's two, `Active` and `Inactive`. A pause is no status: an active one that is paused has its days.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from subtui.domain.billing import Cycle, bill_date, bills_until
from subtui.domain.money import Money


class Status(StrEnum):
    """Keap's `RecurringOrder.Status`."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"


@dataclass(frozen=True, slots=True)
class Billing:
    """The part that a save of the form does not change: the billing cycle, and the day through which it is paid."""

    anchor: date
    cycle: Cycle
    frequency: int
    start_date: date
    paid_through: date | None = None

    def bills_between(self, first: date, until: date) -> tuple[int, date | None]:
        """The number of bill dates from `first` to `until`, both days included, and the last of them."""
        passed = bills_until(self.anchor, self.cycle, self.frequency, until)
        count = passed - bills_until(self.anchor, self.cycle, self.frequency, first - timedelta(days=1))
        return (count, bill_date(self.anchor, self.cycle, self.frequency, passed - 1)) if count > 0 else (0, None)


@dataclass(frozen=True, slots=True)
class Ending:
    """All fields that ending a subscription writes and undoing it restores. Keap has only the first five."""

    status: Status
    auto_charge: bool
    next_bill_date: date | None
    end_date: date | None = None
    reason_code: str | None = None
    reason_note: str = ""
    requested_on: date | None = None
    charging_stops_on: date | None = None
    recorded_at: datetime | None = None
    recorded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause: its first day, the first day after it (None: until resumed), and what both sides agreed for it.

    `restarts_cycle`: the bills after it are counted from its end, instead of keeping their day. `access_in_pause` is
    the account's setting when the pause was recorded. Each field is a column of the same name.
    """

    paused_from: date
    resumes_on: date | None = None
    restarts_cycle: bool = False
    access_in_pause: bool = False

    def covers(self, day: date) -> bool:
        """Whether a day is one of the pause."""
        return self.paused_from <= day and (self.resumes_on is None or day < self.resumes_on)


@dataclass(frozen=True, slots=True)
class Terms:
    """The part that an act can change: the ending, the commercial terms, the pause.

    `anchor` is the first bill date, from which the others are counted; None where the caller does not change it.
    """

    ending: Ending
    quantity: int
    price: Money
    credit_card_id: int | None = None
    pause: Pause | None = None
    anchor: date | None = None
    max_attempts: int = 3

    @property
    def bill_amount(self) -> Money:
        """The charge of one cycle: the price of one, times the quantity."""
        return self.price.times(self.quantity)

    def state(self, today: date) -> str:
        """The state in a word, as lists and headlines show it: `Active`, `Paused` or `Inactive`."""
        return state_word(self.ending.status, self.pause, today)


PAUSED = "Paused"


def state_word(status: Status, pause: Pause | None, today: date) -> str:
    """The word for the state of a subscription on a day."""
    if status is Status.ACTIVE and pause is not None and pause.covers(today):
        return PAUSED
    return status.value


class DataIssue(StrEnum):
    """The data issues of a subscription, each found in thousands of rows of real accounts."""

    STILL_CHARGING = "still_charging"
    NO_END_DATE = "no_end_date"
    NO_REASON = "no_reason"
    PAST_END_DATE = "past_end_date"


DATA_ISSUE_LABELS = {
    DataIssue.STILL_CHARGING: "inactive, but Auto Charge is on",
    DataIssue.NO_END_DATE: "inactive without an end date",
    DataIssue.NO_REASON: "inactive without a reason",
    DataIssue.PAST_END_DATE: "active past its end date",
}


def data_issues(ending: Ending, today: date) -> tuple[DataIssue, ...]:
    """The data issues, worst first; empty when there are none."""
    found: list[DataIssue] = []
    if ending.status is Status.ACTIVE:
        if ending.end_date is not None and ending.end_date < today:
            found.append(DataIssue.PAST_END_DATE)
        return tuple(found)
    if ending.auto_charge:
        found.append(DataIssue.STILL_CHARGING)
    if ending.end_date is None:
        found.append(DataIssue.NO_END_DATE)
    if not ending.reason_code:
        found.append(DataIssue.NO_REASON)
    return tuple(found)
