"""The customers, and what hangs on them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, literal_column
from sqlmodel import Field, SQLModel, col

from subtui.storage.columns import UtcDateTime
from subtui.storage.tables.keys import few, keap_id, key, more


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
    phone3: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone4: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone5: str = Field(default="", sa_column_kwargs={"server_default": ""})
    website: str = ""
    billing_address: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    shipping_address: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    owner_id: int | None = key("user.id", optional=True)
    person_notes: str = ""  # Keap ContactNotes
    created_on: date | None = None
    # What is searched: written by storage.search whenever the row is, indexed by triggers.
    name_key: str = Field(default="", sa_column_kwargs={"server_default": ""})  # folded "last first"
    rest_key: str = Field(default="", sa_column_kwargs={"server_default": ""})  # folded company and e-mails
    phone_key: str = ""  # the digits of every phone, separated by spaces
    sort_key: str = Field(default="", index=True)  # the words of the name, else of the rest
    city_key: str = Field(default="", sa_column_kwargs={"server_default": ""})  # the folded city of the billing address
    merged_into_id: int | None = key("contact.id", optional=True)  # the contact that has taken over its records
    keap_id: str | None = keap_id()
    more: dict[str, Any] = more()
    version: int = 1


class Tag(SQLModel, table=True):
    """A label on contacts. Keap `ContactGroup`."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    category: str = ""
    keap_id: str | None = keap_id()


class ContactTag(SQLModel, table=True):
    """A tag on a contact. Keap `ContactGroupAssign`."""

    __tablename__ = "contact_tag"

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    tag_id: int = Field(foreign_key="tag.id", primary_key=True)


class Automation(SQLModel, table=True):
    """A follow-up sequence that runs for a contact; cancelling does not stop it."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = key("contact.id")
    name: str
    running: bool = True


class CreditCard(SQLModel, table=True):
    """A card on file: brand, last four digits, expiry. The full number is never stored. Keap `CreditCard`."""

    __tablename__ = "credit_card"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = key("contact.id")
    brand: str
    last4: str
    expires_month: int
    expires_year: int
    active: bool = True
    keap_id: str | None = keap_id()


class Note(SQLModel, table=True):
    """A dated note about a contact, perhaps about one subscription or order of it. Keap `ContactAction`."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = key("contact.id")
    subscription_id: int | None = key("subscription.id", optional=True)
    order_id: int | None = key("order.id", optional=True)
    author_id: int | None = key("user.id", optional=True)  # empty: it was imported
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    author: str = ""
    text: str


class RecentContact(SQLModel, table=True):
    """Which contacts a user opened last: a convenience for the dashboard, not part of the record."""

    __tablename__ = "recent_contact"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    opened: int  # counts up; the largest is the newest


HAS_CITY = col(Contact.city_key) != literal_column("''")

few("ix_contact_city", Contact.city_key, where=HAS_CITY)
Index("ix_contact_tag_tag", ContactTag.tag_id, ContactTag.contact_id)  # type: ignore[arg-type]
Index("ix_credit_card_last4", CreditCard.last4)
