"""Turns what the ledger says into the rows of a seed file: bill dates, orders, payments and the log."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random

from seed.account import ACCOUNT, invoices, requests
from seed.catalog import DAY, NAMES, PLAN, PLANS, PRODUCT, PRODUCTS, SEAT, SEAT_MONTHLY, TAGS, THEO, USERS
from seed.ledger import Leftover, Purchase, Spec, Stop, purchases, subscriptions
from seed.payments import CARD, OPEN, Paid, PaymentHistory
from seed.people import MARIA, RESELLER, people
from subtui.domain.billing import Cycle, bill_date, next_bill_date
from subtui.storage.seed_format import (
    Seed,
    SeedContact,
    SeedEvent,
    SeedItem,
    SeedOrder,
    SeedSubscription,
)

MARIAS_PLAN = 1042
PINNED_ORDERS = {(MARIAS_PLAN, date(2025, 12, 15)): 1702, (MARIAS_PLAN, date(2026, 1, 15)): 1790}
PINNED_ORDERS[MARIAS_PLAN, date(2026, 2, 15)] = 1881
FIRST_ORDER, FIRST_SEAT, SEATS = 1001, 3001, 240
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Draft:
    """An order before it has an id."""

    contact_id: int
    title: str
    ordered_on: date
    currency: str
    lines: list[tuple[str, int, int, int | None]]
    paid: Paid
    method: str
    subscription_id: int | None = None

    @property
    def total(self) -> int:
        return sum(price * quantity for _, price, quantity, _ in self.lines)


@dataclass(slots=True)
class Book:
    """What has been built so far."""

    contacts: dict[int, SeedContact]
    subscriptions: list[SeedSubscription] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    history: list[SeedEvent] = field(default_factory=list)


def build() -> Seed:
    """The whole demo."""
    random = Random(20260302)
    contacts = people()
    book = Book({contact.id: contact for contact in contacts})
    specs = sorted(subscriptions(), key=lambda spec: (spec.start, spec.contact))
    first = MARIAS_PLAN - next(i for i, spec in enumerate(specs) if spec.contact == MARIA)
    for number, spec in enumerate(specs, first):
        _subscribe(book, number, spec, random)
    _seats(book, random)
    book.drafts += [_bought(purchase) for purchase in purchases()]
    orders = _numbered(book.drafts, random)
    _date_contacts(book, random)
    return Seed(
        format=1,
        account=ACCOUNT,
        day=DAY,
        account_invoices=invoices(),
        users=USERS,
        requests=requests(),
        tags=TAGS,
        products=PRODUCTS,
        plans=PLANS,
        contacts=contacts,
        subscriptions=book.subscriptions,
        orders=orders,
        history=sorted(book.history, key=lambda event: event.at),
    )


def _subscribe(book: Book, number: int, spec: Spec, random: Random) -> None:
    plan = PLAN[spec.plan]
    cycle, anchor = Cycle(plan.cycle), spec.anchor or spec.start
    cards = book.contacts[spec.contact].cards
    card = cards[spec.card] if cards else None
    price = plan.price_minor if spec.price is None else spec.price
    ending = spec.ending
    stopped = isinstance(ending, Leftover) or (ending is not None and not ending.ahead)

    # The first day that is no longer billed; a bill that falls on the day of the end is not made.
    limit = DAY
    if isinstance(ending, Stop) and stopped:
        limit = ending.on
    elif isinstance(ending, Leftover):
        limit = (ending.end or next_bill_date(anchor, cycle, plan.frequency, after=spec.start)) + ONE_DAY
    upcoming = next_bill_date(anchor, cycle, plan.frequency, after=limit - ONE_DAY)
    bills: list[date] = []
    while (day := bill_date(anchor, cycle, plan.frequency, len(bills))) < upcoming:
        bills.append(day)

    method = CARD if card else ("Bank transfer" if plan.currency == "EUR" else "Check")
    for back, day in enumerate(reversed(bills)):
        if back >= spec.keep:
            break
        book.drafts.append(
            Draft(
                contact_id=spec.contact,
                title=plan.name,
                ordered_on=day,
                currency=plan.currency,
                lines=[(plan.name, price, spec.quantity, plan.product_id)],
                paid=spec.paid.get(back, Paid.IN_FULL),
                method=method,
                subscription_id=number,
            )
        )
    paid_through = _paid_through(spec, bills, upcoming)
    made = SeedSubscription(
        id=number,
        contact_id=spec.contact,
        plan_id=spec.plan,
        start_date=spec.start,
        status="Inactive" if stopped else "Active",
        auto_charge=(card is not None) and not stopped,
        quantity=spec.quantity,
        price_minor=spec.price,
        anchor=spec.anchor,
        credit_card_id=card.id if card else None,
        paid_through=paid_through,
        next_bill_date=None if stopped else upcoming,
        credits=spec.credits,
    )
    book.subscriptions.append(made)
    if isinstance(ending, Leftover):
        made.end_date, made.reason_code, made.auto_charge = ending.end, ending.reason, ending.auto_charge
    elif ending is not None:
        at = datetime(ending.on.year, ending.on.month, ending.on.day, 16, 0, tzinfo=UTC)
        _end(made, ending, at + timedelta(minutes=random.randrange(7 * 60), seconds=random.randrange(60)))
        if ending.logged:
            book.history.append(_event(made, ending, was_charged=card is not None, upcoming=upcoming))


def _paid_through(spec: Spec, bills: list[date], upcoming: date) -> date | None:
    """The day before the first bill that is not paid: those still open at the newest end count back."""
    unpaid = 0
    while unpaid < len(bills) and spec.paid.get(unpaid, Paid.IN_FULL) in OPEN:
        unpaid += 1
    if len(bills) == unpaid:
        return None
    return (bills[-unpaid] if unpaid else upcoming) - ONE_DAY


def _end(made: SeedSubscription, ending: Stop, at: datetime) -> None:
    paid = made.paid_through
    made.end_date = ending.end or (paid if paid and paid > ending.on else ending.on)
    made.reason_code = ending.reason
    made.reason_note = ending.note
    made.requested_on = ending.asked or ending.on
    made.charging_stops_on = made.end_date if ending.ahead else ending.on
    made.recorded_at = at
    made.recorded_by = NAMES[ending.by]


def _event(made: SeedSubscription, ending: Stop, *, was_charged: bool, upcoming: date) -> SeedEvent:
    """The log's entry of an end: what changed, and beside it all that taking the end back has to restore."""
    if not (made.recorded_at and made.end_date and made.requested_on and made.charging_stops_on):
        raise ValueError(f"Subscription {made.id} has no complete end.")
    before: dict[str, str | int | bool | None] = {}
    after: dict[str, str | int | bool | None] = {}
    going_on: dict[str, str | int | bool | None] = {"auto_charge": was_charged, "next_bill_date": upcoming.isoformat()}
    if ending.ahead:
        before |= going_on
        after |= going_on
    else:
        before |= {"status": "Active", **going_on}
        after |= {"status": "Inactive", "auto_charge": False, "next_bill_date": None}
    before |= {"end_date": None, "reason_code": None}
    after |= {"end_date": made.end_date.isoformat(), "reason_code": made.reason_code}
    if made.reason_note:
        before["reason_note"], after["reason_note"] = "", made.reason_note
    before |= {"requested_on": None, "charging_stops_on": None, "recorded_at": None, "recorded_by": None}
    after |= {
        "requested_on": made.requested_on.isoformat(),
        "charging_stops_on": made.charging_stops_on.isoformat(),
        "recorded_at": made.recorded_at.isoformat(),
        "recorded_by": made.recorded_by,
    }
    return SeedEvent(
        at=made.recorded_at,
        actor_id=ending.by,
        command="subscription.save",
        subject=f"subscription:{made.id}",
        contact_id=made.contact_id,
        reason=ending.reason,
        route=f"/subscriptions/{made.id}",
        before=before,
        after=after,
    )


def _seats(book: Book, random: Random) -> None:
    """The reseller's hundreds, all billed on the first of the month and paid together with one order."""
    plan = PLAN[SEAT_MONTHLY]
    months = [date(year, month, 1) for year in (2023, 2024, 2025, 2026) for month in range(1, 13)]
    months = [month for month in months if month < DAY]
    starts = sorted(random.choice(months[:-2]) for _ in range(SEATS))
    upcoming = next_bill_date(months[0], Cycle.MONTH, 1, after=DAY - ONE_DAY)
    made = []
    for number, start in enumerate(starts, FIRST_SEAT):
        seat = SeedSubscription(
            id=number,
            contact_id=RESELLER,
            plan_id=plan.id,
            start_date=start,
            status="Active",
            auto_charge=False,
            quantity=random.choice((1, 1, 1, 1, 1, 1, 2, 3)),
            paid_through=upcoming - ONE_DAY,
            next_bill_date=upcoming,
        )
        later = [month for month in months if month >= date(2025, 4, 1) and month > start]
        if later and random.random() < 0.08:
            first_unpaid = random.choice(later)
            seat.status, seat.next_bill_date, seat.paid_through = "Inactive", None, first_unpaid - ONE_DAY
            on = first_unpaid - timedelta(days=random.randrange(3, 15))
            reason = random.choice(("unused", "unused", "too_expensive", "switched_service"))
            at = datetime(on.year, on.month, on.day, 17, random.randrange(60), tzinfo=UTC)
            _end(seat, Stop(on=on, reason=reason, by=THEO), at)
        made.append(seat)
    book.subscriptions += made
    for month in months[-8:]:
        seats = sum(
            seat.quantity
            for seat in made
            if seat.start_date <= month and (seat.paid_through is None or seat.paid_through >= month)
        )
        book.drafts.append(
            Draft(
                contact_id=RESELLER,
                title=f"Reseller seats, {month:%B %Y}",
                ordered_on=month,
                currency="USD",
                lines=[("Reseller seat", plan.price_minor, seats, SEAT)],
                paid=Paid.IN_FULL,
                method="Check",
            )
        )


def _bought(purchase: Purchase) -> Draft:
    products = [PRODUCT[product] for product, _ in purchase.items]
    title = products[0].name if len(products) == 1 else f"{products[0].name} and more"
    return Draft(
        contact_id=purchase.contact,
        title=title,
        ordered_on=purchase.on,
        currency=products[0].currency,
        lines=[(PRODUCT[key].name, PRODUCT[key].price_minor, quantity, key) for key, quantity in purchase.items],
        paid=purchase.paid,
        method=purchase.method,
    )


def _numbered(drafts: list[Draft], random: Random) -> list[SeedOrder]:
    """Orders in the order of their days, numbered with it; a few of María's have numbers that are known."""
    drafts = sorted(drafts, key=lambda draft: (draft.ordered_on, draft.subscription_id or 0, draft.contact_id))
    pins = [
        (place, PINNED_ORDERS[key])
        for place, draft in enumerate(drafts)
        if (key := (draft.subscription_id or 0, draft.ordered_on)) in PINNED_ORDERS
    ]
    numbers: list[int] = []
    place, number = -1, FIRST_ORDER - 1
    for next_place, next_number in pins:
        steps = next_place - place
        numbers += [number + (next_number - number) * step // steps for step in range(1, steps + 1)]
        place, number = next_place, next_number
    numbers += [number + 2 * step for step in range(1, len(drafts) - place)]
    items, till = count(20001), PaymentHistory(random)
    return [
        SeedOrder(
            id=order_id,
            contact_id=draft.contact_id,
            title=draft.title,
            ordered_on=draft.ordered_on,
            currency=draft.currency,
            subscription_id=draft.subscription_id,
            items=[
                SeedItem(id=next(items), name=name, price_minor=price, quantity=quantity, product_id=product)
                for name, price, quantity, product in draft.lines
            ],
            payments=till.take(draft.paid, draft.total, draft.ordered_on, draft.method),
        )
        for order_id, draft in zip(numbers, drafts, strict=True)
    ]


def _date_contacts(book: Book, random: Random) -> None:
    """Every contact was made some days before the first thing that is known of them."""
    first: dict[int, date] = {}
    for contact_id, day in [
        *((made.contact_id, made.start_date) for made in book.subscriptions),
        *((draft.contact_id, draft.ordered_on) for draft in book.drafts),
    ]:
        first[contact_id] = min(day, first.get(contact_id, day))
    for contact in book.contacts.values():
        known = min([first.get(contact.id, date(2025, 3, 29)), *(note.at.date() for note in contact.notes)])
        contact.created_on = known - timedelta(days=random.choice((0, 0, 1, 2, 3, 7, 12, 30)))
