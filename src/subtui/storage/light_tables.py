"""A few columns of the tables, for the queries of the start and of the first search.

Making the table classes takes longer than drawing the first frame. A test compares these columns with theirs.
"""

from sqlalchemy import Boolean, Date, Integer, String, column, table

from subtui.storage.columns import UtcDateTime

ACCOUNT = table(
    "account",
    column("name", String),
    column("demo_day", Date),
    column("time_zone", String),
    column("drill", Boolean),
)
USER = table(
    "user",
    column("id", Integer),
    column("name", String),
    column("email", String),
    column("email_key", String),
    column("role", String),
    column("verified", Boolean),
    column("active", Boolean),
    column("invited_until", UtcDateTime),
)
SIGN_IN = table(
    "sign_in",
    column("id", Integer),
    column("user_id", Integer),
    column("email_key", String),
    column("at", UtcDateTime),
    column("outcome", String),
    column("program", String),
    column("host", String),
    column("seen_at", UtcDateTime),
    column("route", String),
    column("ended_at", UtcDateTime),
    column("ended_by", String),
)
EVENT = table(
    "event",
    column("id", Integer),
    column("at", UtcDateTime),
    column("actor", String),
    column("command", String),
    column("subject_type", String),
    column("subject_id", Integer),
    column("contact_id", Integer),
    column("hash", String),
)
CONTACT = table(
    "contact",
    column("id", Integer),
    column("first_name", String),
    column("last_name", String),
    column("company", String),
    column("email", String),
    column("phone1", String),
)
CONTACT_MERGED = table("contact", column("id", Integer), column("merged_into_id", Integer))
"""Which contacts were merged into which: apart from the columns of a row of the search."""

SUBSCRIPTION = table(
    "subscription",
    column("id", Integer),
    column("contact_id", Integer),
    column("status", String),
    column("end_date", Date),
    column("paused_from", Date),
    column("resumes_on", Date),
    column("imported_on", Date),
)
KEAP_CONNECTION = table(
    "keap_connection",
    column("id", Integer),
    column("connected", Boolean),
    column("writing_allowed", Boolean),
    column("sends_by_itself", Boolean),
)
KEAP_OUTBOX = table("keap_outbox", column("id", Integer), column("state", String), column("subscription_id", Integer))
ORDER = table("order", column("contact_id", Integer), column("ordered_on", Date))
RECENT_CONTACT = table(
    "recent_contact", column("user_id", Integer), column("contact_id", Integer), column("opened", Integer)
)

REVISION = table("alembic_version", column("version_num", String))
"""Alembic's own table: which revision the tables have."""

LIGHT_TABLES = (
    ACCOUNT,
    USER,
    SIGN_IN,
    EVENT,
    CONTACT,
    CONTACT_MERGED,
    SUBSCRIPTION,
    ORDER,
    RECENT_CONTACT,
    KEAP_CONNECTION,
    KEAP_OUTBOX,
)
