"""Builds the exported rows of subscriptions and orders: joins values that Keap keeps in one text or one cell."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from subtui.domain.billing import Cycle, bill_date, bills_until
from subtui.domain.reasons import Reason
from subtui.domain.subscription_fields import SUBSCRIPTION_FIELDS
from subtui.domain.subscriptions import Status
from subtui.keap.paused import paused_words
from subtui.keap.written import reason_words
from subtui.views.imports import Kind

PLAIN_FIELDS = tuple(known.name for known in SUBSCRIPTION_FIELDS if known.column == known.name)
"""The fields of a subscription that are exported as they are stored."""

PAYMENT_FIELDS = ("paid_on", "method", "note", "state", "kind", "reason_code", "recorded_at", "recorded_by")
_CARD, _FIRST_ORDER, _SUBSCRIPTION = "CC1", "Originating Order Id", "Job Recurring Id"
OWN_HEADERS = {
    Kind.SUBSCRIPTION: frozenset((_CARD, _FIRST_ORDER)),
    Kind.ORDER: frozenset((_SUBSCRIPTION,)),
}
"""The headers of extra values that are exported in one of our fields."""

Shape = Callable[[Sequence[Any], dict[str, str]], list[Any]]


def subscriptions(
    fields: Sequence[str], reasons: Mapping[str, Reason], today: date, paused: Callable[[], None]
) -> Shape:
    """Builds the exported rows of subscriptions from the stored ones; calls `paused` for each that is paused today."""
    at = {name: place for place, name in enumerate(fields)}
    reason, code, note = at["reason"], at["reason_code"], at["reason_note"]
    card, first_order, billed = at["card"], at["first_order"], at["billed"]
    status, auto_charge, charged_after = at["status"], at["auto_charge"], at["charged_after_pause"]
    restarts, access = at["restarts_cycle"], at["access_in_pause"]
    first, last, day = at["paused_from"], at["resumes_on"], today.isoformat()
    rhythm = [at[name] for name in ("anchor", "cycle", "frequency", "paid_through")]

    def shape(row: Sequence[Any], more: dict[str, str]) -> list[Any]:
        values = list(row[:-1])
        values[reason] = reason_words(row[code], row[note], reasons)
        values[billed] = _last_bill(*(row[place] for place in rhythm))
        if more:
            values[first_order] = more.pop(_FIRST_ORDER, None)
            named = more.pop(_CARD, None)
            values[card] = values[card] or named
        if row[first] is None:
            values[restarts] = values[access] = None
        elif row[first] <= day and (row[last] is None or day < row[last]):
            paused()
            values[reason], values[charged_after] = paused_words(row[last]), row[auto_charge]
            values[status], values[auto_charge] = Status.INACTIVE.value, 0
        return values

    return shape


def _last_bill(anchor: str, cycle: str, frequency: int, paid_through: str | None) -> str | None:
    """Keap's `Paid Thru Date`, the day of the last bill: it pays until the day before the next bill."""
    if paid_through is None:
        return None
    begin, unit = date.fromisoformat(anchor), Cycle(cycle)
    bills = bills_until(begin, unit, frequency, date.fromisoformat(paid_through))
    return bill_date(begin, unit, frequency, bills - 1).isoformat() if bills else None


def orders(fields: Sequence[str], lines_of: Callable[[int], list[Sequence[Any]]]) -> Shape:
    """Builds the exported rows of orders from the stored ones; our own number follows the fields."""
    at = {name: place for place, name in enumerate(fields)}
    subscription, products, names = at["subscription"], at["products"], at["product_names"]

    def shape(row: Sequence[Any], more: dict[str, str]) -> list[Any]:
        values = list(row[:-1])
        if more:
            named = more.pop(_SUBSCRIPTION, None)
            values[subscription] = values[subscription] or named
        lines = lines_of(row[-1])
        values[products] = list(dict.fromkeys(line[1] for line in lines if line[1] is not None))
        values[names] = ", ".join(dict.fromkeys(line[2] for line in lines))
        return values

    return shape
