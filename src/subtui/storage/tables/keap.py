"""The connection to the account's Keap: what was read there, what is to be sent, and what became of it.

But for the connection itself these tables stand beside the record: they say what Keap has, not what was decided here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, false, literal_column
from sqlmodel import Field, SQLModel, col

from subtui.storage.columns import UtcDateTime
from subtui.storage.tables.keys import key


def _json() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))


def _texts() -> Any:
    return Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))


def _instant(*, optional: bool = True) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=optional))


class KeapConnection(SQLModel, table=True):
    """The Keap account that this database belongs to: one row, kept when the connection is ended."""

    __tablename__ = "keap_connection"

    id: int | None = Field(default=None, primary_key=True)
    tenant: str  # Keap's id of the account: another one is refused
    base_url: str
    name: str = ""
    currency: str = ""
    time_zone: str = ""
    connected: bool = True
    connected_at: datetime = _instant(optional=False)
    connected_by: str = ""
    writing_allowed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    sends_by_itself: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    version: int = 1


class KeapFinding(SQLModel, table=True):
    """What a check of the account has found out about Keap's answers."""

    __tablename__ = "keap_finding"

    name: str = Field(primary_key=True)
    answer: str
    detail: str = ""
    found_at: datetime = _instant(optional=False)


class KeapWalk(SQLModel, table=True):
    """How far the rows of a kind have been read. Written in the transaction of each page."""

    __tablename__ = "keap_walk"

    kind: str = Field(primary_key=True)
    walk: str = ""  # whole, since; empty while none is under way
    after_id: str = ""  # of a whole walk: the last id that was read
    began_at: datetime | None = _instant()  # Keap's time
    watermark: datetime | None = _instant()  # Keap's time: changes before it are here
    whole_at: datetime | None = _instant()  # Keap's time at the beginning of the last whole walk that ended
    read_at: datetime | None = _instant()  # the end of the last walk
    refused: str = ""  # why Keap does not give this kind
    counts: dict[str, Any] = _json()  # of the walk: new, changed, same, kept, refused


PULL = "(pull)"
"""The kind of the row that stands for a reading as a whole."""


class KeapObject(SQLModel, table=True):
    """A row of Keap's for which the record has no table, or more than its table holds."""

    __tablename__ = "keap_object"

    kind: str = Field(primary_key=True)
    keap_id: str = Field(primary_key=True)
    body: dict[str, Any] = _json()
    read_at: datetime = _instant(optional=False)


class KeapImage(SQLModel, table=True):
    """A subscription as it was last read in Keap, in the fields of `keap.wire`."""

    __tablename__ = "keap_image"

    subscription_id: int = Field(primary_key=True, foreign_key="subscription.id")
    there: dict[str, Any] = _json()
    read_at: datetime = _instant(optional=False)


class KeapRemark(SQLModel, table=True):
    """A row of Keap's that could not be taken, or that Keap has no longer."""

    __tablename__ = "keap_remark"

    kind: str = Field(primary_key=True)
    keap_id: str = Field(primary_key=True)
    what: str  # left_out, orphan, gone
    reason: str = ""
    body: dict[str, Any] = _json()
    at: datetime = _instant(optional=False)


class KeapOutbox(SQLModel, table=True):
    """A change that Keap does not have yet, or has got: one row for each entry of the log that Keap is to follow."""

    __tablename__ = "keap_outbox"

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = key("event.id")
    subscription_id: int | None = key("subscription.id", optional=True)
    order_id: int | None = key("order.id", optional=True)
    contact_id: int | None = key("contact.id", optional=True)
    keap_id: str  # of the subscription or the order
    state: str  # waiting, sending, unknown, verified, conflict, refused, manual, done, replaced, left
    wanted: dict[str, Any] = _json()  # Keap's fields: [what it had, what it is to have]
    sent: dict[str, Any] = _json()  # the body of the last request
    seen: dict[str, Any] = _json()  # of a conflict: field to base, here and there
    steps: list[str] = _texts()  # what is to be done by hand in Keap's own screens
    note: str = ""
    attempts: int = 0
    recorded_at: datetime = _instant(optional=False)
    sent_at: datetime | None = _instant()
    checked_at: datetime | None = _instant()
    settled_at: datetime | None = _instant()
    settled_by: str = ""
    claimed_until: datetime | None = _instant()
    version: int = 1


OPEN = ("waiting", "sending", "unknown", "conflict", "refused", "manual", "done")
"""The states in which Keap does not have the change for sure."""

# The values are written into the condition, as everywhere: see `sales`.
IS_OPEN = col(KeapOutbox.state).in_([literal_column(f"'{state}'") for state in OPEN])

Index("ix_keap_outbox_open", col(KeapOutbox.state), col(KeapOutbox.id), sqlite_where=IS_OPEN)
