"""The account itself: who may sign in, its invoices, and the tickets of its cancellation team."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, String, false, text
from sqlmodel import Field, SQLModel, col

from subtui.storage.columns import UtcDateTime
from subtui.storage.tables.keys import key


class Account(SQLModel, table=True):
    """The merchant's own account: one row."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    currency: str
    time_zone: str = "UTC"
    country: str = "US"
    created_on: date | None = None
    demo_day: date | None = None  # set on demo data only: the day it plays on
    drill: bool = False  # a copy to practise on: it may be acted in on any day
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
    access_in_pause: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    own_holidays: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # ISO dates
    refund_limits: dict[str, dict[str, int]] = Field(  # role: currency: minor units, above which another must approve
        default_factory=dict, sa_column=Column(JSON, nullable=False)
    )
    batch_limits: dict[str, int] = Field(  # role: subscriptions of a batch, above which another user approves
        default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}")
    )
    version: int = 1
    cancel_reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    refund_reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class User(SQLModel, table=True):
    """A user who may sign in. Keap `User`."""

    id: int | None = Field(default=None, primary_key=True)
    email: str
    email_key: str = Field(sa_column=Column(String, unique=True, nullable=False))  # folded: one person, one row
    name: str
    role: str
    verified: bool = True
    active: bool = True
    password_hash: str  # empty while there is a one-time code to be exchanged for a password
    invite_hash: str = Field(default="", sa_column_kwargs={"server_default": ""})  # of the one-time code
    invited_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    password_changed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


class SignIn(SQLModel, table=True):
    """An attempt to sign in; one that signed in is the session, until it is ended."""

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int | None = key("user.id", optional=True)
    email_key: str = Field(index=True)  # as typed, folded: of a user or not
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    outcome: str  # signed_in, refused, locked
    program: str  # screens, command
    host: str = Field(default="", sa_column_kwargs={"server_default": ""})
    seen_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    route: str = Field(default="", sa_column_kwargs={"server_default": ""})
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    ended_by: str = Field(default="", sa_column_kwargs={"server_default": ""})  # empty: by the user


class SignInMiss(SQLModel, table=True):
    """Misses in a row for an e-mail typed at sign-in, known or not, so that the answer never tells which."""

    __tablename__ = "sign_in_miss"

    email_key: str = Field(primary_key=True)
    misses: int = 0
    wait_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))


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
    requested_by_id: int | None = key("user.id", optional=True)
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


# Each is looked for before it is written; two programs that look at the same moment are told apart by the database.
Index(
    "ix_cancellation_request_one_standing",
    col(CancellationRequest.kind),
    unique=True,
    sqlite_where=text("kind = 'cancellation' AND standing IN ('open', 'confirmed')"),
)
Index(
    "ix_cancellation_request_one_call",
    col(CancellationRequest.requested_by_id),
    unique=True,
    sqlite_where=text("kind = 'call' AND standing = 'open'"),
)


class Correspondence(SQLModel, table=True):
    """A piece of what was written or said about a ticket."""

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = key("cancellation_request.id")
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    direction: str  # outgoing, incoming, phone_note
    author: str
    subject: str = ""
    body: str
    letter_id: int | None = key("letter.id", optional=True)
