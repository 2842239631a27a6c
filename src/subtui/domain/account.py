"""The account's own plan, and the assessment of a cancellation request received on a given day."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from subtui.domain.billing import Cycle, add_months, cycle_words, next_bill_date, per_words
from subtui.domain.days import days_words, format_day
from subtui.domain.errors import Refused
from subtui.domain.money import Money
from subtui.domain.notice import ANSWER_DAYS, NOTICE_DAYS, answer_due, assess, last_safe_day
from subtui.domain.preview import Line
from subtui.domain.subscriptions import Billing

Day = Callable[[date], str]

ONE_DAY = timedelta(days=1)
NO_INVOICES = "No further invoices"
NO_REFUND = "No refund for unused time"


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


def amounts_words(amounts: Sequence[Money]) -> str:
    """`249.00 USD and 20.00 EUR`."""
    return " and ".join(amount.format() for amount in amounts)


def describe(plan: AccountPlan, found: Assessment, *, today: date, day: Day = format_day) -> tuple[Line, ...]:
    """The lines of the preview panel beside the cancellation form, in reading order."""
    lines = [
        Line("Notice", _notice_words(found, today, day), changed=found.in_time),
        Line("Invoices", last_invoice_words(plan, found, day), changed=True),
        Line("Ends", f"{day(found.ends_on)} (end of day)", changed=True),
        Line("Refund", NO_REFUND),
    ]
    if found.term_ends_on:
        lines.insert(1, Line("Term", f"Minimum term runs until {day(found.term_ends_on)}"))
    if found.still_open:
        lines.append(Line("Outstanding", f"{amounts_words(found.still_open)} still due"))
    for invoice in found.made_since:
        lines.append(Line("To reverse", f"{invoice.number} of {day(invoice.issued_on)}", changed=True))
    lines.append(Line("Answer due", day(found.answer_due)))
    past = found.ends_on < today
    lines.append(Line("Withdraw", "No longer possible" if past else f"Possible until {day(found.ends_on)}"))
    return tuple(lines)


def last_invoice_words(plan: AccountPlan, found: Assessment, day: Day = format_day) -> str:
    """The last invoice: `19 Mar 2026, 249.00 USD`, with the number and total of several; or that none is due."""
    if found.last_invoice is None:
        return NO_INVOICES
    if found.invoices == 1:
        return f"{day(found.last_invoice)}, {plan.fee.format()}"
    return f"{day(found.last_invoice)} ({found.invoices} more, {found.to_pay.format()} in total)"


def _notice_words(found: Assessment, today: date, day: Day) -> str:
    if found.in_time:
        left = (found.last_safe_day - today).days
        if found.received_on < today:
            return f"In time (requested on {day(found.received_on)})"
        return "In time (last safe day is today)" if left == 0 else f"In time ({days_words(left)} left)"
    return f"Too late for the {day(found.next_invoice)} invoice (last safe day was {day(found.last_safe_day)})"


def statements(plan: AccountPlan, found: Assessment, *, day: Day = format_day) -> tuple[str, ...]:
    """The terms that the requester must acknowledge, with the dates and amounts of this account."""
    said = [
        f"Notice is at least {days_words(plan.notice_days)} before the next invoice: cancel by "
        f"{day(found.last_safe_day)} to avoid the {day(found.next_invoice)} invoice.",
    ]
    if found.term_ends_on:
        said.append(f"The minimum term runs until {day(found.term_ends_on)} and must be paid in full.")
    if found.last_invoice is None:
        said.append(f"There are no further invoices, and the account ends on {day(found.ends_on)}.")
    elif found.invoices == 1:
        said.append(
            f"The {day(found.last_invoice)} invoice ({found.to_pay.format()}) is still charged, and the account ends "
            f"on {day(found.ends_on)}."
        )
    else:
        said.append(
            f"{found.invoices} more invoices ({found.to_pay.format()} in total) are still charged, and the account "
            f"ends on {day(found.ends_on)}."
        )
    said.append("Fees are not prorated: there is no refund for unused time.")
    if found.still_open:
        said.append(f"Open invoices ({amounts_words(found.still_open)}) are still due.")
    return tuple(said)


def clock_words(found: Assessment, *, today: date, day: Day = format_day) -> str:
    """The notice clock in a sentence, for a request made today: the last safe day, or the end of the minimum term."""
    if found.term_ends_on is not None:
        ends = day(found.ends_on)
        return f"The minimum term runs until {day(found.term_ends_on)}: the account ends on {ends}."
    upcoming, safe = (_short(one, today, day) for one in (found.next_invoice, found.last_safe_day))
    left = (found.last_safe_day - today).days
    if left > 1:
        return f"{left} days left: cancel by {safe} to avoid the {upcoming} invoice."
    if left == 1:
        return f"1 day left: cancel by tomorrow, {safe}, to avoid the {upcoming} invoice."
    if left == 0:
        return f"Last day: cancel today to avoid the {upcoming} invoice."
    return f"Too late for the {upcoming} invoice: the last safe day was {safe}, {days_words(-left)} ago."


def _short(one: date, today: date, day: Day) -> str:
    """A date without its year, if it is the current year and the date format writes the year last: `9 Mar`."""
    return day(one).removesuffix(f" {today.year:04d}")


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
