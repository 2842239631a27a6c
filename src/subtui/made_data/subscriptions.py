"""Makes subscriptions, and the orders of their bills."""

from collections.abc import Sequence

from subtui.domain.subscriptions import Status
from subtui.made_data.cancellations import INACTIVE, Ending, Endings
from subtui.made_data.catalogue import Catalogue
from subtui.made_data.days import Calendar
from subtui.made_data.orders import Draft, Line
from subtui.made_data.payments import CARD, OPEN, Paid, PaymentHistory
from subtui.made_data.rng import Rng, weighted
from subtui.made_data.sheet_writer import Sheets
from subtui.storage.seed_format import SeedPlan

_SPAN = {"day": 150, "week": 2 * 365, "month": 8 * 365, "year": 10 * 365}
"""The greatest age of a subscription in days, by its cycle."""
_KEPT = weighted(
    ((0, 485), (1, 262), (2, 105), (3, 52), (4, 32), (6, 28), (9, 20), (13, 11), (24, 4), (48, 1)),
)
"""The number of orders kept per subscription, by shares in a thousand: most accounts lack the oldest orders."""
_QUANTITIES = weighted(((1, 92), (2, 4), (3, 2), (5, 1), (12, 1)))
_CREDITS = weighted(((0, 97), (1, 2), (2, 1)))
_IN_THE_FUTURE = 0.004
_MONTH_END = 0.07
_LEAP_DAY = 0.03
_LATER_ANCHOR = 0.04
_OWN_PRICE = 0.1
_NOT_KNOWN_PAID = 0.12


class Subscriptions:
    """Makes subscriptions one after the other."""

    def __init__(
        self,
        chance: Rng,
        calendar: Calendar,
        catalogue: Catalogue,
        endings: Endings,
        till: PaymentHistory,
        sheets: Sheets,
    ) -> None:
        self._chance = chance
        self._calendar = calendar
        self._catalogue = catalogue
        self._endings = endings
        self._till = till
        self._sheets = sheets

    def make(
        self, contact_id: int, currency: str, cards: Sequence[int], drafts: list[Draft], *, kept: int | None = None
    ) -> int:
        """Write a subscription of a contact and add its orders to `drafts`; returns the day that it began.

        `kept` is the number of its newest orders; None is random.
        """
        chance, calendar = self._chance, self._calendar
        plan = chance.of(self._catalogue.plans[currency])
        inactive = chance.happens(INACTIVE)
        start = self._start(plan, inactive=inactive)
        anchor = start
        if chance.happens(_LATER_ANCHOR):
            anchor = start + 1 + chance.below(20)
        bills = calendar.bills(anchor, plan.cycle, plan.frequency)
        charged = bool(cards) and chance.happens(0.95)
        if inactive and len(bills) > 1:
            ending = self._endings.over(start, bills, charged=charged)
        else:
            ending = self._endings.going_on(start, bills, charged=charged)
        if ending.requested is not None:
            ending.requested = max(ending.requested, start)
        card = chance.of(cards) if cards else None
        price, quantity = self._terms(plan)
        number = self._sheets.next_id("subscription")
        stories = self._stories(ending, bills, kept)
        paid_through = self._paid_through(ending, bills, stories)
        self._write(contact_id, plan, start, anchor, card, price, quantity, ending, paid_through)
        self._endings.log(ending, number, contact_id, charged=charged, upcoming=bills[ending.bills])
        method = CARD if charged else "Bank transfer" if currency != self._catalogue.home else "Check"
        line = Line(plan.product_id, plan.name, quantity, price)
        for back, paid in enumerate(stories, 1):
            drafts.append(
                Draft(bills[ending.bills - back], plan.name, currency, (line,), paid, method, subscription_id=number)
            )
        return start

    def _start(self, plan: SeedPlan, *, inactive: bool) -> int:
        chance, calendar = self._chance, self._calendar
        unit, today, span = chance.unit, calendar.today, _SPAN[plan.cycle]
        if not inactive and unit() < _IN_THE_FUTURE:
            return today + 1 + chance.below(30)
        if plan.cycle == "year" and unit() < _LEAP_DAY:
            day = chance.of(calendar.leap_days)
            return day if day >= today - span else calendar.leap_days[-1]
        if plan.cycle == "month" and unit() < _MONTH_END:
            ends = calendar.month_ends
            return ends[-1 - int(unit() * unit() * len(ends) * 0.7)]
        # An ended subscription began some time ago, an active one is rather new.
        share = unit() if inactive else unit() * unit()
        return today - int(share * span)

    def _terms(self, plan: SeedPlan) -> tuple[int, int]:
        chance = self._chance
        price = plan.price_minor
        if chance.happens(_OWN_PRICE):
            price = max(100, price * (70 + chance.below(45)) // 100 // 50 * 50)
        return price, chance.of(_QUANTITIES)

    def _stories(self, ending: Ending, bills: Sequence[int], kept: int | None) -> list[Paid]:
        """The payment states of the newest orders, the newest first."""
        many = min(ending.bills, self._chance.about(self._chance.of(_KEPT)) if kept is None else kept)
        return [self._till.story(bills[ending.bills - back], newest=back == 1) for back in range(1, many + 1)]

    def _paid_through(self, ending: Ending, bills: Sequence[int], stories: Sequence[Paid]) -> int | None:
        """The day before the first unpaid bill, counted back over the open orders from the newest."""
        unpaid = 0
        while unpaid < len(stories) and stories[unpaid] in OPEN:
            unpaid += 1
        if unpaid == ending.bills or (not stories and self._chance.happens(_NOT_KNOWN_PAID)):
            return None
        return bills[ending.bills - unpaid] - 1

    def _write(
        self,
        contact_id: int,
        plan: SeedPlan,
        start: int,
        anchor: int,
        card: int | None,
        price: int,
        quantity: int,
        ending: Ending,
        paid_through: int | None,
    ) -> None:
        calendar = self._calendar
        day = calendar.on_or_none
        recorded = None if ending.recorded is None else calendar.instant(ending.recorded, ending.minute)
        self._sheets.add(
            "subscription",
            contact_id,
            plan.id,
            quantity,
            price,
            plan.currency,
            plan.cycle,
            plan.frequency,
            calendar.on(start),
            calendar.on(anchor),
            card,
            self._chance.of(_CREDITS) if ending.status is Status.ACTIVE else 0,
            ending.status.value,
            ending.auto_charge,
            day(paid_through),
            day(ending.next_bill),
            day(ending.end),
            ending.reason,
            ending.note,
            day(ending.requested),
            day(ending.stops),
            recorded,
            None if ending.by is None else ending.by.name,
        )
