"""The catalogue as tables to pick from: plans by currency and cycle, and products that are no subscription."""

from subtui.made_data.rng import weighted
from subtui.storage.seed_format import Seed, SeedPlan, SeedProduct

_RHYTHMS = {("month", 1): 42, ("year", 1): 20, ("month", 3): 12, ("week", 2): 7, ("week", 1): 4, ("month", 6): 3}
"""The share of each cycle and frequency; in real accounts monthly is by far the most frequent."""
_RARE = 2


class Catalogue:
    """The plans and products of the demo's merchant."""

    def __init__(self, seed: Seed) -> None:
        currencies = sorted({plan.currency for plan in seed.plans})
        self.plans: dict[str, tuple[SeedPlan, ...]] = {
            currency: weighted(
                (plan, _RHYTHMS.get((plan.cycle, plan.frequency), _RARE))
                for plan in seed.plans
                if plan.currency == currency
            )
            for currency in currencies
        }
        by_the_cycle = {plan.product_id for plan in seed.plans}
        self.products: dict[str, tuple[SeedProduct, ...]] = {}
        for currency in currencies:
            sold = [product for product in seed.products if product.currency == currency and product.active]
            alone = [product for product in sold if product.id not in by_the_cycle]
            self.products[currency] = tuple(alone or sold)
        self.home = seed.account.currency
        self.abroad = next((currency for currency in currencies if currency != self.home), self.home)
