"""How the rows of a made account hang together, as arithmetic: nothing is kept, everything follows from numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from subtui.domain.billing import add_months

_MASK = (1 << 64) - 1
_MONTH = 30.4375
"""Days between two orders of a subscription."""
FAILED_EVERY, FAILED_AT = 50, 11
REFUNDED_EVERY, REFUNDED_AT = 40, 7
PRICES = (1900, 2950, 4999, 9900, 12500, 700, 24900, 3333)
"""The monthly price of each product in minor units."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Sizes, seed and time of a made account, and which row belongs to which.

    Order number o belongs to subscription (o - 1) % subscriptions + 1, unless that has ended or bills yearly; so the
    orders of a subscription, and the subscriptions of a contact, are found without a look at any row. Times grow with
    the number: a list by time needs no sorting.
    """

    contacts: int
    subscriptions: int
    orders: int
    seed: int
    now: datetime

    @property
    def end(self) -> datetime:
        """Everything has happened before: the beginning of the day, in UTC."""
        return datetime(self.now.year, self.now.month, self.now.day, tzinfo=UTC)

    @property
    def customers(self) -> int:
        """The first so many contacts have subscriptions."""
        return max(1, self.contacts * 3 // 5)

    @property
    def refunds(self) -> int:
        """How many orders are refunded."""
        return len(range(REFUNDED_AT, self.orders + 1, REFUNDED_EVERY))

    @property
    def failures(self) -> int:
        """How many orders could not be charged."""
        return len(range(FAILED_AT, self.orders + 1, FAILED_EVERY))

    def mixed(self, salt: int, number: int) -> int:
        """A number that looks random and is always the same (the finalizer of splitmix64)."""
        x = (number * 0x9E3779B97F4A7C15 + salt * 0xD1B54A32D192ED03 + self.seed * 0x8CB92BA72F3D8DD7) & _MASK
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
        return x ^ (x >> 31)

    def spread(self, number: int, count: int, days: float) -> datetime:
        """An instant that grows with the number: `count` of them in the days before the end."""
        return self.end - timedelta(seconds=86_400 * days * (count + 1 - number) / max(1, count))

    def order_time(self, order: int) -> datetime:
        """When an order was made."""
        return self.spread(order, self.orders, self._order_days)

    def refund_time(self, order: int) -> datetime:
        """When an order was refunded: before the next order, so that times keep growing."""
        return self.order_time(order) + timedelta(seconds=43_200 * self._order_days / max(1, self.orders))

    def is_failed(self, order: int) -> bool:
        """Whether the charge of an order failed."""
        return order % FAILED_EVERY == FAILED_AT

    def is_refunded(self, order: int) -> bool:
        """Whether an order was refunded."""
        return order % REFUNDED_EVERY == REFUNDED_AT

    def contact_of_subscription(self, subscription: int) -> int:
        """Whose subscription it is."""
        return (subscription - 1) % self.customers + 1

    def contact_of_order(self, order: int) -> int:
        """Whose order it is."""
        if not self.subscriptions:
            return (order - 1) % self.contacts + 1
        return self.contact_of_subscription((order - 1) % self.subscriptions + 1)

    def is_yearly(self, subscription: int) -> bool:
        """Whether it bills once a year, not once a month."""
        return self.mixed(1, subscription) % 6 == 0

    def is_active(self, subscription: int) -> bool:
        """Whether it goes on."""
        return self.mixed(2, subscription) % 100 < 62

    def product_of_subscription(self, subscription: int) -> int:
        """The number of its product."""
        return self.mixed(3, subscription) % len(PRICES) + 1

    def price_of_subscription(self, subscription: int) -> int:
        """What it bills at a time, in minor units."""
        monthly = PRICES[self.product_of_subscription(subscription) - 1]
        return monthly * 10 if self.is_yearly(subscription) else monthly

    def last_cycle(self, subscription: int) -> int:
        """The number of its last order that was made, counted from 0 in orders of the round; -1: it has none."""
        if subscription > self.orders:
            return -1
        rounds = (self.orders - subscription) // self.subscriptions
        if not self.is_active(subscription):
            rounds = self.mixed(4, subscription) % (rounds + 1)
        return rounds // 12 * 12 if self.is_yearly(subscription) else rounds

    def subscription_of_order(self, order: int) -> int:
        """The subscription that made an order; 0: none did."""
        if not self.subscriptions:
            return 0
        cycle, rest = divmod(order - 1, self.subscriptions)
        subscription = rest + 1
        if cycle > self.last_cycle(subscription) or (cycle % 12 and self.is_yearly(subscription)):
            return 0
        return subscription

    def started(self, subscription: int) -> date:
        """The day it began: up to three years before its first order here, as in an account that was moved to Keap."""
        first = self.order_time(min(subscription, self.orders) or 1).date()
        months = self.mixed(7, subscription) % 36
        return add_months(first, -(months // 12 * 12 if self.is_yearly(subscription) else months))

    def last_billed(self, subscription: int) -> date | None:
        """The day of its last order."""
        cycle = self.last_cycle(subscription)
        return self.order_time(subscription + cycle * self.subscriptions).date() if cycle >= 0 else None

    def subscriptions_of(self, contact: int) -> range:
        """The subscriptions of a contact."""
        if not 0 < contact <= self.customers:
            return range(0)
        return range(contact, self.subscriptions + 1, self.customers)

    def orders_of(self, contact: int) -> Iterator[int]:
        """The orders of a contact."""
        if not self.subscriptions:
            yield from range(contact, self.orders + 1, self.contacts) if contact > 0 else ()
        for subscription in self.subscriptions_of(contact):
            yield from range(subscription, self.orders + 1, self.subscriptions)

    @property
    def _order_days(self) -> float:
        return _MONTH * max(1.0, self.orders / max(1, self.subscriptions))
