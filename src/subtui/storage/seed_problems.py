"""Checks the consistency of a seed: duplicate rows, references to missing rows, and doubtful rows.

A field that could not be read is None here: the check of the whole file has reported it already.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from subtui.domain.event_types import Subject
from subtui.domain.normalization import normalize
from subtui.domain.reasons import CANCELLING, REFUNDING
from subtui.domain.requests import STANDING_CANCELLATIONS
from subtui.storage.seed_format import Seed, SeedEvent, SeedOrder, SeedPayment


@dataclass(frozen=True, slots=True)
class SeedProblem:
    """A problem of a seed, and its path: `$.orders[3].items[0].id`."""

    path: str
    said: str

    def __str__(self) -> str:
        return f"{self.path}: {self.said}."


def problems(seed: Seed) -> Iterator[SeedProblem]:
    """The problems for which a well-formed seed is refused: time zone, duplicates, references."""
    zone: str | None = seed.account.time_zone
    if zone is not None and not _is_zone(zone):
        yield SeedProblem("$.account.time_zone", "unknown time zone; use a name such as Europe/Paris")
    seen: dict[str, set[object]] = defaultdict(set)
    for path, kind, key in _keys(seed):
        if key is not None and key in seen[kind]:
            yield SeedProblem(path, f"{key} appears twice")
        seen[kind].add(key)
    for path, kind, wanted in _references(seed):
        # An id that could not be read may be the one that is referenced.
        if wanted is not None and wanted not in seen[kind] and None not in seen[kind]:
            yield SeedProblem(path, f"there is no {kind[:-1]} {wanted}")
    yield from _standing_twice(seed)


def _standing_twice(seed: Seed) -> Iterator[SeedProblem]:
    """The tickets that stand beside another of their kind: one cancellation, and one open call of each user."""
    seen: set[object] = set()
    for at, row in enumerate(seed.requests):
        if row.kind == "cancellation" and row.standing in STANDING_CANCELLATIONS:
            one: tuple[object, ...] = ("cancellation",)
        elif row.kind == "call" and row.standing == "open" and row.requested_by_id is not None:
            one = ("call", row.requested_by_id)
        else:
            continue
        if one in seen:
            yield SeedProblem(f"$.requests[{at}].standing", f"another {one[0]} is {row.standing} already")
        seen.add(one)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _keys(seed: Seed) -> Iterable[tuple[str, str, object]]:
    """The values that must be unique: the ids by kind, and the e-mail of a user."""
    for name in (
        "account_invoices",
        "users",
        "requests",
        "tags",
        "products",
        "plans",
        "contacts",
        "subscriptions",
        "orders",
    ):
        for at, row in enumerate(getattr(seed, name)):
            yield f"$.{name}[{at}].id", name, row.id
    for at, user in enumerate(seed.users):
        yield f"$.users[{at}].email", "e-mails", normalize(user.email) if user.email else None
    for at, contact in enumerate(seed.contacts):
        for n, card in enumerate(contact.cards):
            yield f"$.contacts[{at}].cards[{n}].id", "cards", card.id
    for at, order in enumerate(seed.orders):
        for n, item in enumerate(order.items):
            yield f"$.orders[{at}].items[{n}].id", "items", item.id
        for n, payment in enumerate(order.payments):
            yield f"$.orders[{at}].payments[{n}].id", "payments", payment.id


def _references(seed: Seed) -> Iterable[tuple[str, str, int | None]]:
    for at, plan in enumerate(seed.plans):
        yield f"$.plans[{at}].product_id", "products", plan.product_id
    for at, request in enumerate(seed.requests):
        yield f"$.requests[{at}].requested_by_id", "users", request.requested_by_id
    for at, contact in enumerate(seed.contacts):
        yield f"$.contacts[{at}].owner_id", "users", contact.owner_id
        for tag in contact.tags:
            yield f"$.contacts[{at}].tags", "tags", tag
    for at, row in enumerate(seed.subscriptions):
        yield f"$.subscriptions[{at}].contact_id", "contacts", row.contact_id
        yield f"$.subscriptions[{at}].plan_id", "plans", row.plan_id
        yield f"$.subscriptions[{at}].credit_card_id", "cards", row.credit_card_id
    for at, order in enumerate(seed.orders):
        yield f"$.orders[{at}].contact_id", "contacts", order.contact_id
        yield f"$.orders[{at}].subscription_id", "subscriptions", order.subscription_id
        for n, item in enumerate(order.items):
            yield f"$.orders[{at}].items[{n}].product_id", "products", item.product_id
        for n, payment in enumerate(order.payments):
            yield f"$.orders[{at}].payments[{n}].returns_payment_id", "payments", payment.returns_payment_id
    for at, event in enumerate(seed.history):
        yield f"$.history[{at}].subject", "subscriptions", _subject(event)
        yield f"$.history[{at}].actor_id", "users", event.actor_id
        yield f"$.history[{at}].contact_id", "contacts", event.contact_id


def _subject(event: SeedEvent) -> int | None:
    return Subject.read(event.subject).id if event.subject else None


def doubts(seed: Seed) -> Iterator[SeedProblem]:
    """The doubts: a seed is accepted with them, but its screens show rows of another contact or impossible amounts."""
    owner_of_card: dict[int | None, int] = {card.id: contact.id for contact in seed.contacts for card in contact.cards}
    owner: dict[int | None, int] = {row.id: row.contact_id for row in seed.subscriptions}
    cancelling = {reason.code for reason in CANCELLING}
    for at, row in enumerate(seed.subscriptions):
        path = f"$.subscriptions[{at}]"
        if _differ(owner_of_card.get(row.credit_card_id), row.contact_id):
            yield SeedProblem(f"{path}.credit_card_id", f"card {row.credit_card_id} does not belong to the contact")
        if row.reason_code and row.reason_code not in cancelling:
            yield SeedProblem(f"{path}.reason_code", f"unknown reason; use one of {', '.join(sorted(cancelling))}")
    for at, order in enumerate(seed.orders):
        path = f"$.orders[{at}]"
        if _differ(owner.get(order.subscription_id), order.contact_id):
            said = f"subscription {order.subscription_id} does not belong to the contact"
            yield SeedProblem(f"{path}.subscription_id", said)
        yield from _money_doubts(path, order)
    for at, event in enumerate(seed.history):
        if _differ(owner.get(_subject(event)), event.contact_id):
            said = f"{event.subject} does not belong to the contact"
            yield SeedProblem(f"$.history[{at}].contact_id", said)


def _differ(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one != other


def _amount(row: SeedPayment) -> int | None:
    return row.amount_minor


_RETURNING = ("refund", "void", "chargeback")


def _money_doubts(path: str, order: SeedOrder) -> Iterator[SeedProblem]:
    rows: dict[int | None, SeedPayment] = {row.id: row for row in order.payments}
    returned: dict[int, int] = defaultdict(int)
    refunding = {reason.code for reason in REFUNDING}
    for n, row in enumerate(order.payments):
        where = f"{path}.payments[{n}]"
        amount = _amount(row)
        if row.kind == "charge" and amount is not None and amount < 0:
            yield SeedProblem(f"{where}.amount_minor", "a charge cannot be negative; money paid back is a refund")
        if row.kind in _RETURNING and amount is not None and amount > 0:
            yield SeedProblem(f"{where}.amount_minor", f"a {row.kind} must be negative, since money is paid back")
        if row.kind == "refund" and row.reason_code and row.reason_code not in refunding:
            yield SeedProblem(f"{where}.reason_code", f"unknown reason; use one of {', '.join(sorted(refunding))}")
        yield from _returned_doubts(where, row, rows, returned)


def _returned_doubts(
    where: str, row: SeedPayment, rows: dict[int | None, SeedPayment], returned: dict[int, int]
) -> Iterator[SeedProblem]:
    number = row.returns_payment_id
    if number is None:
        return
    if number not in rows:
        yield SeedProblem(f"{where}.returns_payment_id", f"payment {number} does not belong to this order")
        return
    paid, back = _amount(rows[number]), _amount(row)
    if row.state == "failed" or back is None or paid is None:
        return
    returned[number] -= back
    if returned[number] > paid:
        yield SeedProblem(f"{where}.amount_minor", f"more of payment {number} is refunded than was paid")
