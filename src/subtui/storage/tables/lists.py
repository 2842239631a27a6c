"""Lists that are kept, and acts on many of their rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from subtui.storage.columns import UtcDateTime
from subtui.storage.tables.keys import key


class SavedView(SQLModel, table=True):
    """A list with its filter, order and columns under a name: of one user, or shared by the team."""

    __tablename__ = "saved_view"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str = Field(index=True)  # folded: the name is looked up by it
    listing: str  # contacts, subscriptions
    user_id: int | None = key("user.id", optional=True)  # empty: shared
    made_by: str
    made_by_id: int | None = key("user.id", optional=True)  # the name may be that of another user too
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    query: str = ""
    sort: str = ""
    reverse: bool = False
    columns: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # empty: all of them
    version: int = 1


class Batch(SQLModel, table=True):
    """One act on many subscriptions, done row by row; above the limit of a role another user approves it."""

    id: int | None = Field(default=None, primary_key=True)
    action: str  # cancel, set_reason, set_end_date, auto_charge_off, pause
    draft: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    selection: str = ""  # in words: the marked rows, or the filter that they passed
    standing: str = Field(index=True)  # waiting, running, stopped, done, dropped, declined, undone
    made_by_id: int | None = key("user.id", optional=True)
    made_by: str
    made_by_role: str
    made_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime, nullable=True))
    decision_note: str = ""
    event_id: int | None = key("event.id", optional=True)  # the entry that began it
    version: int = 1


class BatchRow(SQLModel, table=True):
    """A subscription of a batch: the version that its dry run saw, and what has become of it."""

    __tablename__ = "batch_row"

    batch_id: int = Field(foreign_key="batch.id", primary_key=True)
    subscription_id: int = Field(foreign_key="subscription.id", primary_key=True, index=True)
    seen_version: int
    state: str  # planned, done, refused, undone
    reason: str = ""  # why it was refused
    event_id: int | None = key("event.id", optional=True)


Index("ix_batch_row_state", BatchRow.batch_id, BatchRow.state)  # type: ignore[arg-type]
