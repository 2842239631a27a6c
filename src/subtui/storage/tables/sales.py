"""What is sold, subscribed to, ordered, paid and returned."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, and_, false, func, literal_column, true
from sqlmodel import Field, SQLModel, col

from subtui.storage.columns import UtcDateTime
from subtui.storage.tables.keys import few, keap_id, key, more


class Product(SQLModel, table=True):
    """Keap `Product`."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    sku: str = ""
    price_minor: int = 0
    currency: str
    active: bool = True
    keap_id: str | None = keap_id()


class SubscriptionPlan(SQLModel, table=True):
    """A product sold by the cycle. Keap `SubscriptionPlan`."""

    __tablename__ = "subscription_plan"

    id: int | None = Field(default=None, primary_key=True)
    product_id: int = key("product.id")
    name: str
    cycle: str
    frequency: int = 1
    price_minor: int
    currency: str
    active: bool = True
    keap_id: str | None = keap_id()


class Subscription(SQLModel, table=True):
    """Keap `RecurringOrder`."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = key("contact.id")
    plan_id: int = key("subscription_plan.id")
    quantity: int = 1  # Qty
    price_minor: int  # BillingAmt, for one
    currency: str
    cycle: str  # BillingCycle
    frequency: int = 1
    start_date: date
    anchor: date  # the first bill date; later ones are counted from it
    status: str = Field(index=True)
    auto_charge: bool = True
    credit_card_id: int | None = key("credit_card.id", optional=True)  # CC1
    max_attempts: int = 3  # MaxRetry
    days_between_attempts: int = 2  # NumDaysBetweenRetry
    merchant_account: str = Field(default="", sa_column_kwargs={"server_default": ""})  # MerchantAccountId
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
    paused_from: date | None = None
    resumes_on: date | None = None  # the first day after the pause; empty while it has no last day
    restarts_cycle: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    access_in_pause: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    version: int = 1
    keap_id: str | None = keap_id()
    more: dict[str, Any] = more()
    imported_on: date | None = None  # an end date that had passed by then is left for a person to look at
    imported_version: int | None = None  # a version above it was changed here since


class Order(SQLModel, table=True):
    """An order with its one invoice. Keap `Job` and `Invoice`."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = key("contact.id")
    subscription_id: int | None = key("subscription.id", optional=True)
    title: str
    ordered_on: date
    currency: str
    total_minor: int
    # Kept by `storage.ledger`, so that what is owed is known without reading the payments.
    received_minor: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    refunded_minor: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # corrected refunds taken out
    version: int = 1
    keap_id: str | None = keap_id()
    invoice_id: str | None = Field(default=None, index=True)  # Keap's id of the order's one invoice
    more: dict[str, Any] = more()


class OrderItem(SQLModel, table=True):
    """A line of an order. Keap `OrderItem`."""

    __tablename__ = "order_item"

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = key("order.id")
    product_id: int | None = key("product.id", optional=True)
    name: str
    quantity: int = 1
    price_minor: int
    keap_id: str | None = keap_id()


class Payment(SQLModel, table=True):
    """Money on an order. Refunds and voids are negative rows that point at the payment they return; credits positive.

    Keap `Payment`. A charge that failed keeps the amount that was tried and counts for nothing. A correction points at
    the refund or credit it takes back, a credit that was written with a refund names that refund.
    """

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = key("order.id")
    returns_payment_id: int | None = key("payment.id", optional=True)
    refund_id: int | None = key("payment.id", optional=True)
    kind: str  # charge, refund, void, credit, adjustment, chargeback(_reversed), refund_correction, credit_correction
    method: str = ""  # PayType
    state: str = "approved"  # approved, failed, pending
    paid_on: date
    amount_minor: int
    gateway_reference: str = ""
    note: str = ""
    reason_code: str = Field(default="", sa_column_kwargs={"server_default": ""})
    intent: str | None = Field(default=None, index=True, unique=True)  # the idempotency key
    recorded_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    recorded_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    recorded_by_id: int | None = None  # of the user; the name may change, or be that of another user too
    keap_id: str | None = keap_id()


class RefundLine(SQLModel, table=True):
    """How much of a refund falls on a line of its order."""

    __tablename__ = "refund_line"

    payment_id: int = Field(foreign_key="payment.id", primary_key=True)
    order_item_id: int = Field(foreign_key="order_item.id", primary_key=True, index=True)
    amount_minor: int


class RefundRequest(SQLModel, table=True):
    """A refund above its requester's limit, awaiting approval; it lapses when the order changes meanwhile."""

    __tablename__ = "refund_request"

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = key("order.id")
    payment_id: int = key("payment.id")
    order_version: int
    kind: str
    amount_minor: int
    currency: str
    owed_after_minor: int
    order_item_id: int | None = key("order_item.id", optional=True)
    reason_code: str
    note: str = ""
    gateway_reference: str = ""
    intent: str = Field(index=True, unique=True)
    standing: str = Field(index=True)  # waiting, approved, declined, died
    requested_by_id: int | None = key("user.id", optional=True)
    requested_by: str
    requested_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    decision_note: str = ""
    refund_id: int | None = key("payment.id", optional=True)
    version: int = 1


class RefundTask(SQLModel, table=True):
    """A refund that was promised with a cancellation and is still to be done."""

    __tablename__ = "refund_task"

    id: int | None = Field(default=None, primary_key=True)
    subscription_id: int = key("subscription.id")
    contact_id: int = key("contact.id")
    noted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    noted_by: str
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    done_by: str = ""
    refund_id: int | None = key("payment.id", optional=True)


# A contact's subscriptions in their order, newest first within the standing.
Index(
    "ix_subscription_contact_standing",
    col(Subscription.contact_id),
    col(Subscription.status),
    col(Subscription.start_date).desc(),
)
Index("ix_order_contact_day", Order.contact_id, Order.ordered_on)  # type: ignore[arg-type]
Index("ix_subscription_next_bill_date", Subscription.next_bill_date)  # type: ignore[arg-type]

OWED = col(Order.total_minor) - col(Order.received_minor)
"""What is owed on an order, in minor units; below zero it is in the customer's favour."""

_NOTHING: ColumnElement[int] = literal_column("0")

# The few that something is left wrong with, or to do: found without looking at all that nothing is. The values are
# written into the statements: a database uses a partial index only where it sees the very condition of the index.
_INACTIVE = col(Subscription.status) == literal_column("'Inactive'")
STILL_CHARGING = and_(_INACTIVE, col(Subscription.auto_charge).is_(true()))
NO_END_DATE = and_(_INACTIVE, col(Subscription.end_date).is_(None))
NO_REASON = and_(_INACTIVE, func.coalesce(col(Subscription.reason_code), literal_column("''")) == literal_column("''"))
ENDING = and_(col(Subscription.status) == literal_column("'Active'"), col(Subscription.end_date).is_not(None))
OWING_AGAIN = and_(col(Order.refunded_minor) >= OWED, OWED > _NOTHING)
UNCONFIRMED = and_(
    col(Payment.kind).in_((literal_column("'refund'"), literal_column("'void'"))),
    col(Payment.gateway_reference) == literal_column("''"),
    col(Payment.recorded_at).is_not(None),
)
HAS_REFERENCE = col(Payment.gateway_reference) != literal_column("''")
DUE = col(Order.total_minor) > col(Order.received_minor)
PAUSED = col(Subscription.paused_from).is_not(None)
IS_CORRECTION: ColumnElement[str] = literal_column("'refund_correction'")


few("ix_subscription_still_charging", Subscription.id, where=STILL_CHARGING)
few("ix_subscription_no_end_date", Subscription.id, where=NO_END_DATE)
few("ix_subscription_no_reason", Subscription.id, where=NO_REASON)
few("ix_subscription_ending", Subscription.end_date, where=ENDING)
few("ix_subscription_paused", Subscription.resumes_on, where=PAUSED)
few("ix_order_owing_again", Order.ordered_on, where=OWING_AGAIN)
few("ix_order_due", Order.contact_id, Order.currency, Order.total_minor, Order.received_minor, where=DUE)
few("ix_subscription_reason", Subscription.reason_code, where=col(Subscription.reason_code).is_not(None))
few("ix_subscription_recorded_by", Subscription.recorded_by, where=col(Subscription.recorded_by).is_not(None))
few("ix_payment_reference", Payment.gateway_reference, where=HAS_REFERENCE)
few("ix_payment_unconfirmed", Payment.id, where=UNCONFIRMED)
few("ix_payment_correction", Payment.returns_payment_id, where=col(Payment.kind) == IS_CORRECTION)
