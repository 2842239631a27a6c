"""What has been recorded: the log, and the letters."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from subtui.storage.columns import UtcDateTime
from subtui.storage.tables.keys import key


def subject_text(kind: str, number: int | None) -> str:
    """The subject of an entry as its hash covers it: `subscription:1042`."""
    return kind if number is None else f"{kind}:{number}"


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
    subject_type: str
    subject_id: int | None = None
    contact_id: int | None = Field(default=None, index=True)
    undoes_id: int | None = Field(default=None, index=True)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    previous_hash: str
    hash: str

    @property
    def about(self) -> str:
        """The subject as text: `subscription:1042`."""
        return subject_text(self.subject_type, self.subject_id)


class Intention(SQLModel, table=True):
    """An act that a script has named with a key of its own: with the same key it is done once."""

    intent: str = Field(primary_key=True)
    actor_id: int = key("user.id")
    arguments: str  # a digest of the command and what it was given
    event_id: int = key("event.id")


class Letter(SQLModel, table=True):
    """A letter to a customer, or about the account itself, kept as it was written.

    It holds the hash of the log entry it confirms, and names a contact or a request; one about a refund its order.
    """

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int | None = key("contact.id", optional=True)
    subscription_id: int | None = key("subscription.id", optional=True)
    request_id: int | None = key("cancellation_request.id", optional=True)
    order_id: int | None = key("order.id", optional=True)
    event_id: int = key("event.id")
    written_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    subject: str
    body: str
    log_hash: str


Index("ix_event_subject", Event.subject_type, Event.subject_id)  # type: ignore[arg-type]
