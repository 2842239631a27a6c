"""The account's own plan, and the assessment of a cancellation request received on a given day."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from subtui.domain.billing import Cycle, add_months, cycle_words, next_bill_date, per_words
from subtui.domain.errors import Refused
from subtui.domain.money import Money
from subtui.domain.notice import ANSWER_DAYS, NOTICE_DAYS, answer_due, assess, last_safe_day
from subtui.domain.subscriptions import Billing

Day = Callable[[date], str]

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """The account's own fee and cancellation terms. `minimum_months` is the length of the first term, if any."""

    name: str
    fee: Money
    cycle: Cycle
    frequency: int
    anchor: date
    began_on: date | None = None
    notice_days: int = NOTICE_DAYS
    answer_days: int = ANSWER_DAYS
    minimum_months: int | None = None

    @property
    def price_words(self) -> str:
        """`249.00 USD a month`."""
        return f"{self.fee.format()} {per_words(self.cycle, self.frequency)}"

    @property
    def cycle_words(self) -> str:
        """`monthly`."""
        return cycle_words(self.cycle, self.frequency)

    @property
    def term_ends_on(self) -> date | None:
        """The last day of the minimum term; None without one."""
        if self.minimum_months is None or self.began_on is None:
            return None
        return add_months(self.began_on, self.minimum_months) - ONE_DAY

    def next_invoice(self, on: date, invoiced: Sequence[date] = ()) -> date:
        """The day of the first invoice not yet issued, as of a day; `invoiced` are the days of the issued invoices."""
        made = max((day for day in invoiced if day <= on), default=date.min)
        return next_bill_date(self.anchor, self.cycle, self.frequency, after=max(made, on - ONE_DAY))

    def last_safe_day(self, next_invoice: date) -> date:
        """The last day on which a request prevents that invoice; the invoice day itself is too late at any notice."""
        return last_safe_day(next_invoice, max(self.notice_days, 1))


@dataclass(frozen=True, slots=True)
class AccountInvoice:
    """An invoice to the account itself; `paid_on` None means open."""

    id: int
    number: str
    issued_on: date
    amount: Money
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The effects of an account cancellation requested on `received_on`. Amounts are in the fee's currency.

    `invoices` is the number still to be issued, the last on `last_invoice`, `to_pay` in total. `term_ends_on` is set
    when the minimum term, not the notice, decides the end. `still_open` sums the open invoices, one amount per
    currency. `made_since` were issued after the end date, and are not owed.
    """

    received_on: date
    next_invoice: date
    last_safe_day: date
    in_time: bool
    invoices: int
    last_invoice: date | None
    to_pay: Money
    ends_on: date
    refund: Money
    answer_due: date
    still_open: tuple[Money, ...] = ()
    term_ends_on: date | None = None
    made_since: tuple[AccountInvoice, ...] = ()


class Reassessed(Refused):
    """The assessment has changed since the user saw it. Nothing was saved; `found` is the current assessment."""

    def __init__(self, found: Assessment) -> None:
        super().__init__(
            "An invoice, the terms or the date changed after you opened this form. Nothing was saved: check the new "
            "result, then save again."
        )
        self.found = found


def assess_account(
    plan: AccountPlan,
    received_on: date,
    *,
    invoices: Sequence[AccountInvoice] = (),
    holidays: Container[date] = frozenset(),
) -> Assessment:
    """Assess a cancellation request received on a day. An earlier request never means more invoices or a later end.

    Raises ValueError when a date is out of the calendar's range.
    """
    upcoming = plan.next_invoice(received_on, [invoice.issued_on for invoice in invoices])
    notice = assess(
        received_on,
        upcoming,
        notice_days=plan.notice_days,
        cycle=plan.cycle,
        frequency=plan.frequency,
        anchor=plan.anchor,
        currency=plan.fee.currency,
    )
    ends_on, term = notice.ends_on, plan.term_ends_on
    decides = term is not None and term > ends_on
    if decides and term is not None:
        ends_on = next_bill_date(plan.anchor, plan.cycle, plan.frequency, after=term) - ONE_DAY
    billing = Billing(plan.anchor, plan.cycle, plan.frequency, plan.began_on or plan.anchor)
    # Count no invoice after the end date, even where the notice is longer than a cycle.
    count, last = billing.bills_between(upcoming, ends_on)
    earlier = [invoice for invoice in invoices if invoice.issued_on < upcoming]
    still_open = [invoice.amount for invoice in earlier if invoice.paid_on is None]
    return Assessment(
        received_on=received_on,
        next_invoice=upcoming,
        last_safe_day=plan.last_safe_day(upcoming),
        in_time=notice.in_time,
        invoices=count,
        last_invoice=last,
        to_pay=plan.fee.times(count),
        ends_on=ends_on,
        refund=notice.refund,
        answer_due=answer_due(received_on, plan.answer_days, holidays),
        still_open=_by_currency(still_open),
        term_ends_on=term if decides else None,
        made_since=tuple(invoice for invoice in invoices if invoice.issued_on > ends_on),
    )


def _by_currency(amounts: Sequence[Money]) -> tuple[Money, ...]:
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()) if minor)


def seen_from_today(plan: AccountPlan, now: Assessment, later: Assessment) -> Assessment:
    """`later` with all invoices from today on, including those issued before the later day of the request."""
    billing = Billing(plan.anchor, plan.cycle, plan.frequency, plan.began_on or plan.anchor)
    count, _ = billing.bills_between(now.next_invoice, later.ends_on)
    return replace(later, invoices=count, to_pay=plan.fee.times(count))


def holds_until(
    plan: AccountPlan,
    found: Assessment,
    *,
    invoices: Sequence[AccountInvoice] = (),
    holidays: Container[date] = frozenset(),
) -> tuple[date, Assessment]:
    """The last day on which a request has the same end date as `found`, and the assessment of the day after."""
    upcoming = found.next_invoice
    while True:
        # The end date can move only after a last safe day, or after an invoice day.
        for day in sorted((plan.last_safe_day(upcoming), upcoming)):
            if day >= found.received_on:
                later = assess_account(plan, day + ONE_DAY, invoices=invoices, holidays=holidays)
                if later.ends_on > found.ends_on:
                    return day, later
        upcoming = next_bill_date(plan.anchor, plan.cycle, plan.frequency, after=upcoming)
