"""The shape of a seed file, decoded strictly: an unknown key or a wrong type is refused with its path.

Amounts are integers of minor units. Ids are those of the tables, so that routes and snapshots stay the same.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

Id = Annotated[int, Meta(gt=0, le=2**53)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Frequency = Annotated[int, Meta(ge=1, le=366)]
Amount = Annotated[int, Meta(ge=-(10**15), le=10**15)]
Instant = Annotated[datetime, Meta(tz=True)]
Fee = Annotated[int, Meta(ge=0, le=10**15)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
LastFour = Annotated[str, Meta(pattern="^[0-9]{4}$")]
CycleName = Literal["day", "week", "month", "year"]


class SeedAccount(Struct, forbid_unknown_fields=True, kw_only=True):
    """The merchant's account, and what it pays for itself: the plan, its fee and the terms of ending it.

    `fee_currency` defaults to the account's. Without a plan and an anchor its end cannot be requested. `refund_limits`:
    by role and currency, above which another person must approve.
    """

    name: str
    currency: Currency
    time_zone: str = "UTC"
    country: Country = "US"
    created_on: date | None = None
    plan: str = ""
    fee_minor: Fee = 0
    fee_currency: Currency | None = None
    cycle: CycleName = "month"
    frequency: Frequency = 1
    anchor: date | None = None
    notice_days: Annotated[int, Meta(ge=0, le=366)] = 10
    answer_days: Annotated[int, Meta(ge=0, le=60)] = 2
    minimum_months: Annotated[int, Meta(ge=1, le=120)] | None = None
    phone: str = ""
    opening_hours: str = ""
    own_holidays: list[date] = []
    refund_limits: dict[Literal["owner", "admin", "agent"], dict[Currency, Fee]] = {}


class SeedAccountInvoice(Struct, forbid_unknown_fields=True, kw_only=True):
    """An invoice for the account's own fee, in the fee's currency; open while `paid_on` is missing."""

    id: Id
    number: str
    issued_on: date
    amount_minor: Amount
    paid_on: date | None = None


class SeedCorrespondence(Struct, forbid_unknown_fields=True, kw_only=True):
    """A piece of what was written or said about a ticket."""

    at: Instant
    direction: Literal["outgoing", "incoming", "phone_note"]
    author: str
    body: str
    subject: str = ""


class SeedRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """A ticket of the cancellation team from before the file was made; `requested_by_id` is one of the users."""

    id: Id
    kind: Literal["cancellation", "call", "question"]
    standing: Literal["open", "confirmed", "withdrawn", "refused", "answered"]
    requested_by_id: Id
    requested_on: date
    recorded_at: Instant
    answer_due: date
    subject: str
    topic: Literal["", "refund", "cancellation", "other"] = ""
    comment: str = ""
    reason_code: str | None = None
    email: str = ""
    phone: str = ""
    preferred: Literal["email", "phone"] = "email"
    next_invoice: date | None = None
    last_safe_day: date | None = None
    in_time: bool | None = None
    last_invoice: date | None = None
    ends_on: date | None = None
    acknowledged: list[str] = []
    decided_at: Instant | None = None
    decided_by: str = ""
    outcome_note: str = ""
    correspondence: list[SeedCorrespondence] = []


class SeedUser(Struct, forbid_unknown_fields=True, kw_only=True):
    """A person who may sign in; `password_hash` is an argon2 hash."""

    id: Id
    email: str
    name: str
    role: Literal["owner", "admin", "agent", "viewer"]
    password_hash: str
    verified: bool = True


class SeedTag(Struct, forbid_unknown_fields=True, kw_only=True):
    """A label on contacts."""

    id: Id
    name: str
    category: str = ""


class SeedProduct(Struct, forbid_unknown_fields=True, kw_only=True):
    """Something sold."""

    id: Id
    name: str
    currency: Currency
    sku: str = ""
    price_minor: Amount = 0
    active: bool = True


class SeedPlan(Struct, forbid_unknown_fields=True, kw_only=True):
    """A product sold by the cycle."""

    id: Id
    product_id: Id
    name: str
    cycle: CycleName
    price_minor: Amount
    currency: Currency
    frequency: Frequency = 1
    active: bool = True


class SeedNote(Struct, forbid_unknown_fields=True, kw_only=True):
    """A dated note about the contact."""

    at: Instant
    text: str
    author: str = ""


class SeedCard(Struct, forbid_unknown_fields=True, kw_only=True):
    """A card on file."""

    id: Id
    brand: str
    last4: LastFour
    expires_month: Annotated[int, Meta(ge=1, le=12)]
    expires_year: Annotated[int, Meta(ge=2000, le=2100)]
    active: bool = True


class SeedContact(Struct, forbid_unknown_fields=True, kw_only=True):
    """A customer with what hangs on them; tags are ids of the file's tags."""

    id: Id
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    job_title: str = ""
    email: str = ""
    email2: str = ""
    email3: str = ""
    phone1: str = ""
    phone2: str = ""
    website: str = ""
    billing_address: list[str] = []
    shipping_address: list[str] = []
    owner_id: Id | None = None
    person_notes: str = ""
    created_on: date | None = None
    tags: list[Id] = []
    automations: list[str] = []
    cards: list[SeedCard] = []
    notes: list[SeedNote] = []


class SeedSubscription(Struct, forbid_unknown_fields=True, kw_only=True):
    """A subscription. Price, currency, cycle and frequency default to the plan's, the anchor to the start date."""

    id: Id
    contact_id: Id
    plan_id: Id
    start_date: date
    status: Literal["Active", "Inactive"]
    auto_charge: bool = True
    quantity: Count = 1
    price_minor: Amount | None = None
    anchor: date | None = None
    credit_card_id: Id | None = None
    paid_through: date | None = None
    next_bill_date: date | None = None
    credits: Amount = 0
    end_date: date | None = None
    reason_code: str | None = None
    reason_note: str = ""
    requested_on: date | None = None
    charging_stops_on: date | None = None
    recorded_at: Instant | None = None
    recorded_by: str | None = None
    paused_from: date | None = None
    resumes_on: date | None = None
    restarts_cycle: bool = False
    access_in_pause: bool = False


class SeedItem(Struct, forbid_unknown_fields=True, kw_only=True):
    """A line of an order."""

    id: Id
    name: str
    price_minor: Amount
    quantity: Count = 1
    product_id: Id | None = None


class SeedPayment(Struct, forbid_unknown_fields=True, kw_only=True):
    """Money on an order: refunds and voids are negative and name the payment they return."""

    id: Id
    paid_on: date
    amount_minor: Amount
    kind: Literal["charge", "refund", "void", "credit", "adjustment", "chargeback", "chargeback_reversed"] = "charge"
    state: Literal["approved", "failed", "pending"] = "approved"
    method: str = "Credit Card"
    returns_payment_id: Id | None = None
    gateway_reference: str = ""
    note: str = ""
    reason_code: str = ""


class SeedOrder(Struct, forbid_unknown_fields=True, kw_only=True):
    """An order with its lines and payments; the total is the sum of the lines."""

    id: Id
    contact_id: Id
    title: str
    ordered_on: date
    currency: Currency
    items: list[SeedItem]
    payments: list[SeedPayment] = []
    subscription_id: Id | None = None


class SeedEvent(Struct, forbid_unknown_fields=True, kw_only=True):
    """An entry of the log from before the file was made; written to the chain in the order of the file.

    `before` and `after` use the keys of the log: status, auto_charge, next_bill_date, end_date, reason_code, ...
    """

    at: Instant
    actor_id: Id
    command: Literal["subscription.save", "subscription.undo", "subscription.roll"]
    subject: Annotated[str, Meta(pattern="^subscription:[0-9]{1,15}$")]
    contact_id: Id
    reason: str = ""
    route: str = ""
    before: dict[str, str | int | bool | None] = {}
    after: dict[str, str | int | bool | None] = {}


class Seed(Struct, forbid_unknown_fields=True, kw_only=True):
    """A whole seed file. `day` is the day its dates were made for; the demo stands on it.

    `$schema` may name the schema of this format, for editors that check while one types; it is not looked at.
    """

    schema: str | UnsetType = field(default=UNSET, name="$schema")
    format: Literal[1]
    account: SeedAccount
    day: date | None = None
    account_invoices: list[SeedAccountInvoice] = []
    users: list[SeedUser] = []
    requests: list[SeedRequest] = []
    tags: list[SeedTag] = []
    products: list[SeedProduct] = []
    plans: list[SeedPlan] = []
    contacts: list[SeedContact] = []
    subscriptions: list[SeedSubscription] = []
    orders: list[SeedOrder] = []
    history: list[SeedEvent] = []


def decode(data: bytes) -> Seed:
    """A seed from JSON. Raises msgspec.DecodeError, whose text names the path."""
    return msgspec.json.decode(data, type=Seed)
