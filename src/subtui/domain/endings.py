"""When a subscription can end: the choices beside a typed date, and what of the paid term is left unused."""

from dataclasses import dataclass
from datetime import date, timedelta

from subtui.domain.billing import bill_date, bills_until
from subtui.domain.money import Money
from subtui.domain.subscriptions import Billing

MOST_BILLS = 120
"""The most further bills after which an end can be chosen."""

UNUSED = "unused"
"""The word for the unused amount, in place of an amount that is to be refunded."""

OFFERED_BILLS = (1, 2, 3)
"""The numbers of further bills that are offered."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unused:
    """The part of the paid term behind an end date: its days, those of the whole term, and its share of the price.

    The share is counted by day and rounded down to a whole minor unit.
    """

    days: int
    of_days: int
    amount: Money


def paid_term(billing: Billing) -> tuple[date, date] | None:
    """The first and the last day of the term that was paid last; None where nothing is known to be paid."""
    last = billing.paid_through
    if last is None:
        return None
    # The day after the term is a bill date, unless a payment or an import has set another day.
    number = bills_until(billing.anchor, billing.cycle, billing.frequency, last)
    first = bill_date(billing.anchor, billing.cycle, billing.frequency, number - 1)
    return min(max(first, billing.start_date), last), last


def unused(billing: Billing, price: Money, end: date) -> Unused | None:
    """What of the paid term is left unused when access ends on a day, that day still used; None where nothing is.

    Keap prorates nothing: this is worked out for a refund that an agent decides on.
    """
    term = paid_term(billing)
    if term is None or end >= term[1]:
        return None
    first, last = term
    whole, left = (last - first).days + 1, (last - max(end, first - _DAY)).days
    return Unused(left, whole, Money(price.minor * left // whole, price.currency))


def end_after_bills(billing: Billing, count: int, *, today: date) -> date:
    """The last day that is paid for after so many further bills, none of them today or earlier.

    No further bill: the day that is paid through, or today where none is. Raises ValueError, worded for the user, for a
    number that is not from 0 to 120.
    """
    if not 0 <= count <= MOST_BILLS:
        raise ValueError(f"Choose from 0 to {MOST_BILLS} more bills.")
    made = bills_until(billing.anchor, billing.cycle, billing.frequency, max(today, billing.paid_through or today))
    end = bill_date(billing.anchor, billing.cycle, billing.frequency, made + count) - _DAY
    return end if count else max(billing.paid_through or today, today)
