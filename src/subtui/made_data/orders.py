"""Makes orders from drafts, with their lines and payments; and the orders that no subscription made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from subtui.made_data.catalogue import Catalogue
from subtui.made_data.days import Calendar
from subtui.made_data.payments import CARD, Paid, PaymentHistory
from subtui.made_data.rng import Rng, weighted
from subtui.made_data.sheet_writer import Sheets
from subtui.storage.seed_format import SeedProduct

_LINES = weighted(((1, 62), (2, 27), (3, 8), (5, 3)))
_QUANTITIES = weighted(((1, 70), (2, 15), (3, 6), (5, 4), (10, 3), (25, 2)))
_METHODS = weighted(((CARD, 82), ("Check", 8), ("Cash", 6), ("Bank transfer", 4)))
_YEARS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order before it has an id."""

    product_id: int
    name: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An order before it has an id; the day is an ordinal."""

    day: int
    title: str
    currency: str
    lines: tuple[Line, ...]
    paid: Paid
    method: str
    subscription_id: int | None = None


class Orders:
    """Makes orders one after the other."""

    def __init__(
        self, chance: Rng, calendar: Calendar, catalogue: Catalogue, till: PaymentHistory, sheets: Sheets
    ) -> None:
        self._chance = chance
        self._calendar = calendar
        self._catalogue = catalogue
        self._till = till
        self._sheets = sheets

    def bought(self, currency: str) -> Draft:
        """An order for products."""
        chance = self._chance
        day = self._calendar.today - int(chance.unit() * chance.unit() * _YEARS * 365)
        products = {product.id: product for product in self._basket(currency)}
        lines = tuple(
            Line(product.id, product.name, chance.of(_QUANTITIES), product.price_minor) for product in products.values()
        )
        title = lines[0].name if len(lines) == 1 else f"{lines[0].name} and more"
        return Draft(day, title, currency, lines, self._till.story(day), chance.of(_METHODS))

    def _basket(self, currency: str) -> Iterator[SeedProduct]:
        sold = self._catalogue.products[currency]
        for _ in range(self._chance.of(_LINES)):
            yield self._chance.of(sold)

    def write(self, contact_id: int, drafts: Iterable[Draft]) -> None:
        """Write the orders of a contact, numbered in the order of their days."""
        sheets = self._sheets
        for draft in sorted(drafts, key=attrgetter("day")):
            total = 0
            order_id = sheets.next_id("order")
            items: list[tuple[int, int]] = []
            for line in draft.lines:
                amount = line.price * line.quantity
                total += amount
                item = sheets.add("order_item", order_id, line.product_id, line.name, line.quantity, line.price)
                items.append((item, amount))
            received, refunded = self._till.take(draft.paid, order_id, items, total, draft.day, draft.method)
            day, subscription_id = self._calendar.on(draft.day), draft.subscription_id
            sums = (total, received, refunded)
            sheets.add("order", contact_id, subscription_id, draft.title, day, draft.currency, *sums)
