"""What must be true of the demo data, checked every time it is made."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from seed.build import MARIAS_PLAN, PINNED_ORDERS
from seed.catalog import DAY
from seed.people import LOPA, MARIA, RESELLER
from subtui.domain.billing import Cycle, next_bill_date
from subtui.domain.reasons import CANCELLING
from subtui.storage.seed_format import Seed, SeedOrder, SeedPlan, SeedSubscription, decode

LARGEST_FILE = 250_000
CODES = {reason.code for reason in CANCELLING}
NEEDS_NOTE = {reason.code for reason in CANCELLING if reason.needs_note}


class WrongDataError(Exception):
    """Something in the demo data contradicts itself; the text says what."""


def check(data: bytes) -> Seed:
    """The seed in a file's bytes. Raises WrongDataError or msgspec.DecodeError with a sentence."""
    _require(len(data) <= LARGEST_FILE, f"The file has {len(data)} bytes; at most {LARGEST_FILE} are wanted.")
    seed = decode(data)
    _check_ids(seed)
    _check_references(seed)
    plans = {plan.id: plan for plan in seed.plans}
    for subscription in seed.subscriptions:
        _check_subscription(subscription, plans[subscription.plan_id])
    subscriptions = {subscription.id: subscription for subscription in seed.subscriptions}
    for order in seed.orders:
        _check_payments(order)
        if order.subscription_id is not None:
            made_by = subscriptions[order.subscription_id]
            _check_bill(order, made_by, plans[made_by.plan_id])
    _check_history(seed)
    _check_counts(seed)
    _check_variety(seed)
    _check_promised(seed)
    return seed


def due(order: SeedOrder) -> int:
    """What an order still owes, in minor units."""
    total = sum(item.price_minor * item.quantity for item in order.items)
    return total - sum(payment.amount_minor for payment in order.payments if payment.state == "approved")


def _require(true: bool, sentence: str) -> None:
    if not true:
        raise WrongDataError(sentence)


def _check_ids(seed: Seed) -> None:
    lists: dict[str, Iterable[int]] = {
        "users": (row.id for row in seed.users),
        "tags": (row.id for row in seed.tags),
        "products": (row.id for row in seed.products),
        "plans": (row.id for row in seed.plans),
        "contacts": (row.id for row in seed.contacts),
        "cards": (card.id for row in seed.contacts for card in row.cards),
        "subscriptions": (row.id for row in seed.subscriptions),
        "orders": (row.id for row in seed.orders),
        "items": (item.id for row in seed.orders for item in row.items),
        "payments": (payment.id for row in seed.orders for payment in row.payments),
    }
    for name, ids in lists.items():
        twice = [number for number, times in Counter(ids).items() if times > 1]
        _require(not twice, f"The {name} have ids that occur twice: {twice}.")
    emails = Counter(user.email for user in seed.users)
    _require(max(emails.values()) == 1, "Two users have the same e-mail address.")


def _check_references(seed: Seed) -> None:
    users, tags = {user.id for user in seed.users}, {tag.id for tag in seed.tags}
    products, plans = {product.id for product in seed.products}, {plan.id for plan in seed.plans}
    cards = {contact.id: {card.id for card in contact.cards} for contact in seed.contacts}
    owners = {subscription.id: subscription.contact_id for subscription in seed.subscriptions}
    for plan in seed.plans:
        _require(plan.product_id in products, f"Plan {plan.id} names no product.")
    for contact in seed.contacts:
        _require(contact.owner_id is None or contact.owner_id in users, f"Contact {contact.id} has no such owner.")
        _require(tags >= set(contact.tags), f"Contact {contact.id} has a tag that does not exist.")
    for subscription in seed.subscriptions:
        number = subscription.id
        _require(subscription.contact_id in cards, f"Subscription {number} names no contact.")
        _require(subscription.plan_id in plans, f"Subscription {number} names no plan.")
        card = subscription.credit_card_id
        _require(
            card is None or card in cards[subscription.contact_id],
            f"Subscription {number} is charged to a card of another contact.",
        )
    for order in seed.orders:
        _require(order.contact_id in cards, f"Order {order.id} names no contact.")
        _require(
            order.subscription_id is None or owners.get(order.subscription_id) == order.contact_id,
            f"Order {order.id} was made by a subscription of another contact.",
        )
        for item in order.items:
            _require(item.product_id is None or item.product_id in products, f"Order {order.id} sells no product.")


def _check_subscription(row: SeedSubscription, plan: SeedPlan) -> None:
    name = f"Subscription {row.id}"
    anchor, cycle = row.anchor or row.start_date, Cycle(plan.cycle)
    _require(anchor >= row.start_date, f"{name} bills before it starts.")
    _require(row.end_date is None or row.end_date >= row.start_date, f"{name} ends before it starts.")
    _require(row.reason_code is None or row.reason_code in CODES, f"{name} has a reason that is not on the list.")
    _require(row.reason_code not in NEEDS_NOTE or bool(row.reason_note), f"{name} has a reason that needs a note.")
    if row.status == "Inactive":
        _require(row.next_bill_date is None, f"{name} is inactive but has a next bill.")
    else:
        upcoming = next_bill_date(anchor, cycle, plan.frequency, after=DAY - timedelta(days=1))
        _require(row.next_bill_date == upcoming, f"{name} bills next on {upcoming}, not on {row.next_bill_date}.")
        _require(row.paid_through is None or row.paid_through < upcoming, f"{name} is paid beyond its next bill.")
        _require(row.end_date is None or row.end_date >= DAY, f"{name} is active past its end date.")
        _require(not row.auto_charge or row.credit_card_id is not None, f"{name} is charged without a card.")
    recorded = (row.recorded_at, row.recorded_by, row.requested_on, row.charging_stops_on)
    _require(len({part is None for part in recorded}) == 1, f"{name} records only part of its end.")
    if row.recorded_at is not None and row.requested_on is not None:
        _require(row.end_date is not None and row.reason_code is not None, f"{name} records an end without its data.")
        _require(row.requested_on <= row.recorded_at.date() <= DAY, f"{name} was recorded before it was asked for.")


def _check_bill(order: SeedOrder, row: SeedSubscription, plan: SeedPlan) -> None:
    price = plan.price_minor if row.price_minor is None else row.price_minor
    anchor = row.anchor or row.start_date
    day = next_bill_date(anchor, Cycle(plan.cycle), plan.frequency, after=order.ordered_on - timedelta(days=1))
    _require(day == order.ordered_on, f"Order {order.id} is not of a bill date of subscription {row.id}.")
    _require(
        order.currency == plan.currency and _total(order) == price * row.quantity,
        f"Order {order.id} does not cost what subscription {row.id} bills.",
    )


def _total(order: SeedOrder) -> int:
    return sum(item.price_minor * item.quantity for item in order.items)


def _check_payments(order: SeedOrder) -> None:
    name = f"Order {order.id}"
    _require(order.ordered_on <= DAY, f"{name} lies in the future.")
    charges = {payment.id: payment for payment in order.payments if payment.kind == "charge"}
    returned: dict[int, int] = defaultdict(int)
    for payment in order.payments:
        _require(order.ordered_on <= payment.paid_on <= DAY, f"{name} has a payment outside its days.")
        if payment.kind in ("refund", "void"):
            original = charges.get(payment.returns_payment_id or 0)
            if original is None:
                raise WrongDataError(f"{name} returns a payment that is not on it.")
            _require(payment.amount_minor < 0, f"{name} has a refund that is not negative.")
            _require(original.state == "approved", f"{name} returns a payment that was not approved.")
            _require(payment.kind == "refund" or payment.paid_on == original.paid_on, f"{name} has a late void.")
            returned[original.id] -= payment.amount_minor
        else:
            _require(payment.amount_minor > 0, f"{name} has a payment that is not positive.")
    for number, amount in returned.items():
        _require(amount <= charges[number].amount_minor, f"{name} returns more of payment {number} than was paid.")
    _require(0 <= due(order) <= _total(order), f"{name} is paid more than once, or less than nothing.")


def _check_history(seed: Seed) -> None:
    rows = {f"subscription:{row.id}": row for row in seed.subscriptions}
    latest = None
    for event in seed.history:
        _require(latest is None or event.at >= latest, "The history is not in the order of time.")
        latest = event.at
        row = rows.get(event.subject)
        if row is None:
            raise WrongDataError(f"The history tells of {event.subject}, which does not exist.")
        _require(set(event.before) == set(event.after), f"The entry of {event.subject} has one-sided changes.")
        _require(
            {"auto_charge", "next_bill_date", "end_date"} <= set(event.before),
            f"The entry of {event.subject} lacks what its undo would restore.",
        )
        for key, value in event.after.items():
            stored = getattr(row, key)
            plain = stored.isoformat() if isinstance(stored, date) else stored
            _require(plain == value, f"The history has another {key} for {event.subject} than the subscription.")


def _check_counts(seed: Seed) -> None:
    held = Counter(row.contact_id for row in seed.subscriptions)
    least = {
        "contacts": (len(seed.contacts), 64),
        "products and plans": (len(seed.products) + len(seed.plans), 22),
        "subscriptions besides the reseller's": (len(seed.subscriptions) - held[RESELLER], 60),
        "subscriptions of the reseller": (held[RESELLER], 200),
        "orders": (len(seed.orders), 150),
        "entries of the history": (len(seed.history), 12),
        "contacts without a subscription": (len(seed.contacts) - len(held), 3),
        "currencies": (len({order.currency for order in seed.orders}), 2),
    }
    for what, (there, wanted) in least.items():
        _require(there >= wanted, f"There are {there} {what}; at least {wanted} are wanted.")


def _check_variety(seed: Seed) -> None:
    plans = {plan.id: plan for plan in seed.plans}
    cycles = {(plan.cycle, plan.frequency) for plan in seed.plans}
    for status in ("Active", "Inactive"):
        seen = {
            (plans[row.plan_id].cycle, plans[row.plan_id].frequency)
            for row in seed.subscriptions
            if row.status == status
        }
        _require(seen == cycles, f"No subscription is {status} with the cycles {sorted(cycles - seen)}.")
    monthly = {
        (row.anchor or row.start_date).day
        for row in seed.subscriptions
        if row.status == "Active" and plans[row.plan_id].cycle == "month"
    }
    _require(monthly >= {29, 30, 31}, "A month-end anchor is missing.")
    leap = [
        row
        for row in seed.subscriptions
        if row.start_date == date(2024, 2, 29) and plans[row.plan_id].cycle == "year" and row.status == "Active"
    ]
    _require(bool(leap), "No yearly subscription is anchored on 29 February.")
    kinds = {(payment.kind, payment.state) for order in seed.orders for payment in order.payments}
    for wanted in (("charge", "failed"), ("charge", "pending"), ("refund", "approved"), ("void", "approved")):
        _require(wanted in kinds, f"No payment is a {wanted[0]} that is {wanted[1]}.")
    inactive = [row for row in seed.subscriptions if row.status == "Inactive"]
    _require(sum(row.auto_charge for row in inactive) == 4, "Four inactive subscriptions are to have Auto Charge on.")
    _require(sum(row.end_date is None for row in inactive) == 3, "Three inactive ones are to have no end date.")
    ending = [row for row in seed.subscriptions if row.status == "Active" and row.end_date]
    _require(3 <= len(ending) <= 5, "Three to five active subscriptions are to have an end date ahead.")


def _check_promised(seed: Seed) -> None:
    """What documents and tests name."""
    maria = next(contact for contact in seed.contacts if contact.id == MARIA)
    _require((maria.first_name, maria.last_name) == ("María", "López"), f"Contact {MARIA} is not María López.")
    plan = next(row for row in seed.subscriptions if row.id == MARIAS_PLAN)
    _require(plan.contact_id == MARIA, f"Subscription {MARIAS_PLAN} is not María's.")
    _require(
        (plan.status, plan.auto_charge, plan.paid_through, plan.next_bill_date)
        == ("Active", True, date(2026, 3, 14), date(2026, 3, 15)),
        f"Subscription {MARIAS_PLAN} does not stand as promised.",
    )
    orders = {order.id: order for order in seed.orders}
    for (_, day), number in PINNED_ORDERS.items():
        order = orders.get(number)
        _require(order is not None and order.ordered_on == day, f"Order {number} is not María's of {day}.")
    debts = [due(orders[number]) for number in (1702, 1790, 1881)]
    _require(debts == [4900, 0, 0], "María's latest orders do not owe what they should.")
    latest = max(order.ordered_on for order in seed.orders if order.contact_id == LOPA)
    _require(latest == date(2025, 11, 3), "Lopa Marlow's last order is of another day.")
