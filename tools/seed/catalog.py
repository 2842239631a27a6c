"""The demo's merchant, the people who sign in, and what is sold: a baking school with memberships and boxes."""

from datetime import date

from subtui.storage.seed_format import SeedPlan, SeedProduct, SeedTag, SeedUser

DAY = date(2026, 3, 2)
"""The day the demo stands on, a Monday."""

# The hash of "demo", made once with argon2-cffi's default parameters so that the file stays the same.
PASSWORD_HASH = "$argon2id$v=19$m=65536,t=3,p=4$GMxUNec8QLoLGhz7umjJxQ$yrQ6GPIeZvHArBOMmMIQjRBO1WXrAh63S6xcC0FKYY0"  # noqa: S105

DANA, SAM, THEO = 3, 6, 2
"""The agents, and the admin who helps out."""


def _user(number: int, email: str, name: str, role: str, *, verified: bool = True) -> SeedUser:
    assert role in {"owner", "admin", "agent", "viewer"}  # noqa: S101
    return SeedUser(
        id=number,
        email=f"{email}@demo.example",
        name=name,
        role=role,  # type: ignore[arg-type]
        password_hash=PASSWORD_HASH,
        verified=verified,
    )


USERS = [
    _user(1, "owner", "Ruth Hollis", "owner"),
    _user(2, "admin", "Theo Lindqvist", "admin"),
    _user(3, "agent", "Dana Reyes", "agent"),
    _user(4, "viewer", "Imani Brooks", "viewer"),
    _user(5, "newadmin", "Callum Frost", "admin", verified=False),
    _user(6, "agent2", "Sam Okonkwo", "agent"),
]
NAMES = {user.id: user.name for user in USERS}

TAGS = [
    SeedTag(id=1, name="Members", category="Membership"),
    SeedTag(id=2, name="Gold members", category="Membership"),
    SeedTag(id=3, name="Box customers", category="Membership"),
    SeedTag(id=4, name="Wholesale", category="Trade"),
    SeedTag(id=5, name="Europe", category="Region"),
    SeedTag(id=6, name="Spring fair 2025", category="Events"),
    SeedTag(id=7, name="Invoice by post", category="Billing"),
    SeedTag(id=8, name="Do not phone"),
]
MEMBERS, GOLD, BOX, WHOLESALE, EUROPE, FAIR, BY_POST, NO_PHONE = range(1, 9)

PRODUCTS = [
    SeedProduct(id=1, name="Membership", sku="MEM", price_minor=4900, currency="USD"),
    SeedProduct(id=2, name="Gold membership", sku="MEM-GOLD", price_minor=8500, currency="USD"),
    SeedProduct(id=3, name="Workshop", sku="WRK", price_minor=30000, currency="USD"),
    SeedProduct(id=4, name="Ingredient box", sku="BOX", price_minor=6800, currency="USD"),
    SeedProduct(id=5, name="Fresh yeast", sku="YST", price_minor=950, currency="USD"),
    SeedProduct(id=6, name="Kitchen bench", sku="BENCH", price_minor=1200, currency="USD"),
    SeedProduct(id=7, name="Crumb magazine", sku="MAG", price_minor=3900, currency="USD", active=False),
    SeedProduct(id=8, name="Membership Europe", sku="MEM-EU", price_minor=4500, currency="EUR"),
    SeedProduct(id=9, name="Ingredient box Europe", sku="BOX-EU", price_minor=9600, currency="EUR"),
    SeedProduct(id=10, name="Sourdough handbook", sku="BK-01", price_minor=2400, currency="USD"),
    SeedProduct(id=11, name="Proofing basket", sku="KIT-04", price_minor=3250, currency="USD"),
    SeedProduct(id=12, name="Sourdough handbook, EU edition", sku="BK-01-EU", price_minor=2200, currency="EUR"),
    SeedProduct(id=13, name="Reseller seat", sku="SEAT", price_minor=2900, currency="USD"),
]
PRODUCT = {product.id: product for product in PRODUCTS}
HANDBOOK, BASKET, HANDBOOK_EU, SEAT, WORKSHOP = 10, 11, 12, 13, 3

PLANS = [
    SeedPlan(id=1, product_id=1, name="Monthly plan", cycle="month", price_minor=4900, currency="USD"),
    SeedPlan(id=2, product_id=1, name="Quarterly plan", cycle="month", frequency=3, price_minor=13500, currency="USD"),
    SeedPlan(id=3, product_id=1, name="Yearly plan", cycle="year", price_minor=49000, currency="USD"),
    SeedPlan(id=4, product_id=2, name="Gold, yearly", cycle="year", price_minor=90000, currency="USD"),
    SeedPlan(id=5, product_id=2, name="Gold, monthly", cycle="month", price_minor=8500, currency="USD"),
    SeedPlan(id=6, product_id=3, name="Workshop, yearly", cycle="year", price_minor=30000, currency="USD"),
    SeedPlan(
        id=7, product_id=4, name="Box, every 2 weeks", cycle="week", frequency=2, price_minor=3600, currency="USD"
    ),
    SeedPlan(id=8, product_id=4, name="Box, monthly", cycle="month", price_minor=6800, currency="USD"),
    SeedPlan(id=9, product_id=5, name="Fresh yeast, weekly", cycle="week", price_minor=950, currency="USD"),
    SeedPlan(id=10, product_id=6, name="Kitchen bench, daily", cycle="day", price_minor=1200, currency="USD"),
    SeedPlan(
        id=11,
        product_id=7,
        name="Magazine, every 6 months",
        cycle="month",
        frequency=6,
        price_minor=3900,
        currency="USD",
        active=False,
    ),
    SeedPlan(id=12, product_id=8, name="Europe, monthly", cycle="month", price_minor=4500, currency="EUR"),
    SeedPlan(id=13, product_id=8, name="Europe, yearly", cycle="year", price_minor=45000, currency="EUR"),
    SeedPlan(
        id=14, product_id=9, name="Europe box, quarterly", cycle="month", frequency=3, price_minor=9600, currency="EUR"
    ),
    SeedPlan(id=15, product_id=13, name="Reseller seat, monthly", cycle="month", price_minor=2900, currency="USD"),
]
PLAN = {plan.id: plan for plan in PLANS}
MONTHLY, QUARTERLY, YEARLY, GOLD_YEARLY, GOLD_MONTHLY, WORKSHOP_YEARLY = range(1, 7)
BOX_FORTNIGHTLY, BOX_MONTHLY, YEAST, BENCH, MAGAZINE = range(7, 12)
EU_MONTHLY, EU_YEARLY, EU_BOX, SEAT_MONTHLY = range(12, 16)
