"""The rules' view of a subscription: its billing, the terms that a save can change, and its data issues.

Statuses are Keap's two, `Active` and `Inactive`; there is no paused or cancelled state.
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
class Terms:
    """The part that a save can change: the ending and the commercial terms."""

    ending: Ending
    quantity: int
    price: Money
    credit_card_id: int | None = None

    @property
    def bill_amount(self) -> Money:
        """The charge of one cycle: the price of one, times the quantity."""
        return self.price.times(self.quantity)


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
