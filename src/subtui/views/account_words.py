"""The terms of ending the account, in words."""

from collections.abc import Callable, Sequence
from datetime import date

from subtui.domain.account import AccountPlan, Assessment
from subtui.domain.days import days_words, format_day
from subtui.domain.money import Money
from subtui.views.preview import Line

Day = Callable[[date], str]

NO_INVOICES = "No further invoices"
NO_REFUND = "No refund for unused time"


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
