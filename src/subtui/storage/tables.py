"""The tables, in the field's words. Keap's name for a thing stands in its docstring or beside the column.

Money is an integer of minor units with the currency beside it. Dates are the account's local days, instants UTC.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, String
from sqlmodel import Field, SQLModel

from subtui.storage.columns import UtcDateTime


def _key(target: str, *, optional: bool = False) -> Any:
    return Field(default=None if optional else ..., foreign_key=target, index=True, nullable=optional)


class Account(SQLModel, table=True):
    """The merchant's own account: one row."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    currency: str
    time_zone: str = "UTC"
    country: str = "US"
    created_on: date | None = None
    demo_day: date | None = None  # set on demo data only: the day it plays on
    plan: str = ""  # what the account itself is subscribed to; empty until an owner records it
    fee_minor: int = 0
    fee_currency: str = ""
    cycle: str = "month"
    frequency: int = 1
    anchor: date | None = None  # the first bill date of the fee; later ones are counted from it
    notice_days: int = 10
    answer_days: int = 2  # business days
    minimum_months: int | None = None
    phone: str = ""  # of the cancellation team
    opening_hours: str = ""
    own_holidays: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # ISO dates
    version: int = 1
    cancel_reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    refund_reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class User(SQLModel, table=True):
    """Somebody who may sign in. Keap `User`."""

    id: int | None = Field(default=None, primary_key=True)
    email: str
    email_key: str = Field(sa_column=Column(String, unique=True, nullable=False))  # folded: one person, one row
    name: str
    role: str
    verified: bool = True
    active: bool = True
    password_hash: str


class SignInMiss(SQLModel, table=True):
    """Misses in a row for an e-mail typed at sign-in, known or not, so that the answer never tells which."""

    __tablename__ = "sign_in_miss"

    email_key: str = Field(primary_key=True)
    misses: int = 0
    wait_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class Contact(SQLModel, table=True):
    """A customer. Keap `Contact`."""

    id: int | None = Field(default=None, primary_key=True)
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
    billing_address: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    shipping_address: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    owner_id: int | None = _key("user.id", optional=True)
    person_notes: str = ""  # Keap ContactNotes
    created_on: date | None = None
    search_key: str = ""  # folded words, written by storage.search whenever the row is
    phone_key: str = ""  # the digits of every phone, separated by spaces
    sort_key: str = Field(default="", index=True)  # folded "last first"
    version: int = 1


class Tag(SQLModel, table=True):
    """A label on contacts. Keap `ContactGroup`."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    category: str = ""


class ContactTag(SQLModel, table=True):
    """A tag on a contact. Keap `ContactGroupAssign`."""

    __tablename__ = "contact_tag"

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    tag_id: int = Field(foreign_key="tag.id", primary_key=True)


class Automation(SQLModel, table=True):
    """A follow-up sequence that runs for a contact; cancelling does not stop it."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = _key("contact.id")
    name: str
    running: bool = True


class Product(SQLModel, table=True):
    """Keap `Product`."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    sku: str = ""
    price_minor: int = 0
    currency: str
    active: bool = True


class SubscriptionPlan(SQLModel, table=True):
    """A product sold by the cycle. Keap `SubscriptionPlan`."""

    __tablename__ = "subscription_plan"

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = _key("product.id")
    name: str
    cycle: str
    frequency: int = 1
    price_minor: int
    currency: str
    active: bool = True


class CreditCard(SQLModel, table=True):
    """A card on file: brand, last four digits, expiry. The full number is never stored. Keap `CreditCard`."""

    __tablename__ = "credit_card"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = _key("contact.id")
    brand: str
    last4: str
    expires_month: int
    expires_year: int
    active: bool = True


class Subscription(SQLModel, table=True):
    """Keap `RecurringOrder`."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = _key("contact.id")
    plan_id: int = _key("subscription_plan.id")
    quantity: int = 1  # Qty
    price_minor: int  # BillingAmt, for one
    currency: str
    cycle: str  # BillingCycle
    frequency: int = 1
    start_date: date
    anchor: date  # the first bill date; later ones are counted from it
    status: str = Field(index=True)
    auto_charge: bool = True
    credit_card_id: int | None = _key("credit_card.id", optional=True)  # CC1
    max_attempts: int = 3  # MaxRetry
    days_between_attempts: int = 2  # NumDaysBetweenRetry
    paid_through: date | None = None  # PaidThruDate
    next_bill_date: date | None = None
    credits: int = 0
    end_date: date | None = Field(default=None, index=True)
    reason_code: str | None = None
    reason_note: str = ""  # ReasonStopped
    requested_on: date | None = None
    charging_stops_on: date | None = None
    recorded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    recorded_by: str | None = None
    version: int = 1


class Order(SQLModel, table=True):
    """An order with its one invoice. Keap `Job` and `Invoice`."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = _key("contact.id")
    subscription_id: int | None = _key("subscription.id", optional=True)
    title: str
    ordered_on: date
    currency: str
    total_minor: int
    version: int = 1


class OrderItem(SQLModel, table=True):
    """A line of an order. Keap `OrderItem`."""

    __tablename__ = "order_item"

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = _key("order.id")
    product_id: int | None = _key("product.id", optional=True)
    name: str
    quantity: int = 1
    price_minor: int


class Payment(SQLModel, table=True):
    """Money on an order. Refunds and voids are negative rows that point at the payment they return; credits positive.

    Keap `Payment`. A charge that failed keeps the amount that was tried and counts for nothing.
    """

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = _key("order.id")
    returns_payment_id: int | None = _key("payment.id", optional=True)
    kind: str  # charge, refund, void, credit
    method: str = ""  # PayType
    state: str = "approved"  # approved, failed, pending
    paid_on: date
    amount_minor: int
    gateway_reference: str = ""
    note: str = ""


class Note(SQLModel, table=True):
    """A dated note about a contact. Keap `ContactAction`."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = _key("contact.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    author: str = ""
    text: str


class Event(SQLModel, table=True):
    """The log: one row for every write, sealed to the row before it. Triggers refuse updates and deletes."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    actor_id: int | None = None
    actor: str
    role: str
    command: str
    route: str = ""
    reason: str = ""
    subject: str = Field(index=True)  # "subscription:1042"
    contact_id: int | None = Field(default=None, index=True)
    undoes_id: int | None = Field(default=None, index=True)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    previous_hash: str
    hash: str


class Letter(SQLModel, table=True):
    """A letter to a customer, or about the account itself, kept as it was written.

    It holds the hash of the log entry it confirms, and names a contact or a request.
    """

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int | None = _key("contact.id", optional=True)
    subscription_id: int | None = _key("subscription.id", optional=True)
    request_id: int | None = _key("cancellation_request.id", optional=True)
    event_id: int = _key("event.id")
    written_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    subject: str
    body: str
    log_hash: str


class RecentContact(SQLModel, table=True):
    """Which contacts a user opened last: a convenience for the dashboard, not part of the record."""

    __tablename__ = "recent_contact"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    opened: int  # counts up; the largest is the newest


class AccountInvoice(SQLModel, table=True):
    """An invoice for the account's own fee; open while `paid_on` is empty."""

    __tablename__ = "account_invoice"

    id: int | None = Field(default=None, primary_key=True)
    number: str
    issued_on: date = Field(index=True)
    amount_minor: int
    currency: str
    paid_on: date | None = None


class CancellationRequest(SQLModel, table=True):
    """A ticket: a request to end the account with its terms as they stood, a call to be finished, or a question."""

    __tablename__ = "cancellation_request"

    id: int | None = Field(default=None, primary_key=True)
    kind: str  # cancellation, call, question
    standing: str = Field(index=True)  # open, confirmed, withdrawn, refused, answered
    topic: str = ""  # of a question
    subject: str = ""
    comment: str = ""  # what was written: the comment, the note of a call, the question
    reason_code: str | None = None
    requested_by_id: int | None = _key("user.id", optional=True)
    requested_by: str
    requester_role: str
    requester_verified: bool
    requested_on: date
    recorded_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    recorded_by: str
    completed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    completed_by: str = ""  # who completed the form for a caller
    email: str = ""
    phone: str = ""
    preferred: str = "email"
    answer_due: date = Field(index=True)
    next_invoice: date | None = None
    last_safe_day: date | None = None
    in_time: bool | None = None
    last_invoice: date | None = None
    ends_on: date | None = None
    terms: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    acknowledged: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    decided_by: str = ""
    outcome_note: str = ""
    version: int = 1


class Correspondence(SQLModel, table=True):
    """A piece of what was written or said about a ticket."""

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = _key("cancellation_request.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    direction: str  # outgoing, incoming, phone_note
    author: str
    subject: str = ""
    body: str
    letter_id: int | None = _key("letter.id", optional=True)


Index("ix_subscription_contact_status", Subscription.contact_id, Subscription.status)  # type: ignore[arg-type]
Index("ix_order_contact_day", Order.contact_id, Order.ordered_on)  # type: ignore[arg-type]
