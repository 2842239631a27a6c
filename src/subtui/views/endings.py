"""The choices of when a subscription ends, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from subtui.domain.endings import OFFERED_BILLS, Unused, end_after_bills, unused
from subtui.domain.plain_text import counted
from subtui.domain.subscriptions import Billing, Status, Terms
from subtui.views.entries import ListColumn


@dataclass(frozen=True, slots=True)
class EndingChoice:
    """A way to end: the status and the end date that the form gets, and what it means for the money."""

    label: str
    status: Status
    day: date
    detail: str


ENDING_COLUMNS: tuple[ListColumn[EndingChoice], ...] = (
    ListColumn("Ends", 20, text=lambda row, _: row.label),
    ListColumn("Access until", 12, right=True, text=lambda row, fmt: fmt.day(row.day)),
    ListColumn("Money", 24, share=1, most=60, text=lambda row, _: row.detail, tone=lambda _row, _fmt: "muted"),
)


def unused_words(left: Unused | None) -> str:
    """`12 of 28 days unused, 21.00 USD`; empty where nothing is."""
    return f"{left.days} of {counted(left.of_days, 'day')} unused, {left.amount.format()}" if left else ""


def ending_choices(terms: Terms, billing: Billing, today: date) -> Iterator[EndingChoice]:
    """Yield the end of the paid term, today, and the ends after some further bills."""
    paid, amount = billing.paid_through, terms.bill_amount
    if paid is not None and paid > today:
        yield EndingChoice("End of the paid term", Status.INACTIVE, paid, "no further bill")
    left = unused_words(unused(billing, amount, today))
    yield EndingChoice("Today", Status.INACTIVE, today, left or "no further bill")
    for count in OFFERED_BILLS:
        try:
            day = end_after_bills(billing, count, today=today)
        except ValueError:
            return  # beyond the calendar
        money = f"{count} × {amount.format()}, then Inactive"
        yield EndingChoice(f"After {counted(count, 'more bill')}", Status.ACTIVE, day, money)
