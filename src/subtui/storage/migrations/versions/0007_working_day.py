"""Finding records of every kind, notes about a subscription or an order, merged contacts, saved views, batches."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from subtui.storage.search import city_key

revision = "working_day"
down_revision = "keap"
branch_labels = None
depends_on = None

_AT_ONCE = 2000
_INDEXES = (
    ("ix_contact_city", "contact", ["city_key"], "city_key != ''"),
    ("ix_contact_tag_tag", "contact_tag", ["tag_id", "contact_id"], None),
    ("ix_credit_card_last4", "credit_card", ["last4"], None),
    (
        "ix_order_due",
        "order",
        ["contact_id", "currency", "total_minor", "received_minor"],
        "total_minor > received_minor",
    ),
    ("ix_payment_reference", "payment", ["gateway_reference"], "gateway_reference != ''"),
    ("ix_subscription_reason", "subscription", ["reason_code"], "reason_code IS NOT NULL"),
    ("ix_subscription_recorded_by", "subscription", ["recorded_by"], "recorded_by IS NOT NULL"),
)

_KEYS = (
    ("note", "subscription_id", "subscription"),
    ("note", "order_id", '"order"'),
    ("note", "author_id", '"user"'),
    ("contact", "merged_into_id", "contact"),
)


def upgrade() -> None:
    _make_lists()
    for table, column, target in _KEYS:
        # Written out: Alembic adds the key by a statement of its own, which a file cannot do.
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES {target} (id)")
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.add_column("contact", sa.Column("city_key", sa.String(), nullable=False, server_default=""))
    contact = sa.table("contact", sa.column("id"), sa.column("city_key"))
    name = sa.update(contact).where(contact.c.id == sa.bindparam("number")).values(city_key=sa.bindparam("city"))
    connection = op.get_bind()
    for part in _parts(connection):
        connection.execute(name, part)
    for index, table, columns, condition in _INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(index, table, columns, sqlite_where=where)


def _make_lists() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("name", "name_key", "listing"),
        sa.Column("user_id", sa.Integer(), nullable=True),
        *_texts("made_by"),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        *_texts("query", "sort"),
        sa.Column("reverse", sa.Boolean(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"]),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("action"),
        sa.Column("draft", sa.JSON(), nullable=False),
        *_texts("selection", "standing"),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        *_texts("made_by", "made_by_role"),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        *_texts("decided_by"),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        *_texts("decision_note"),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"]),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "batch_row",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        *_texts("state", "reason"),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"]),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"]),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.PrimaryKeyConstraint("batch_id", "subscription_id"),
    )
    for table, column in (
        ("saved_view", "name_key"),
        ("saved_view", "user_id"),
        ("saved_view", "made_by_id"),
        ("batch", "standing"),
        ("batch", "made_by_id"),
        ("batch", "event_id"),
        ("batch_row", "subscription_id"),
        ("batch_row", "event_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("ix_batch_row_state", "batch_row", ["batch_id", "state"])
    op.add_column("account", sa.Column("batch_limits", sa.JSON(), nullable=False, server_default="{}"))


def _texts(*names: str) -> Iterator[sa.Column[str]]:
    for name in names:
        yield sa.Column(name, sa.String(), nullable=False)


def _parts(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """Yield the cities of some contacts at a time, by rising ids."""
    contact = sa.table("contact", sa.column("id"), sa.column("billing_address", sa.JSON), sa.column("more", sa.JSON))
    last = 0
    while True:
        some = sa.select(contact).where(contact.c.id > last).order_by(contact.c.id).limit(_AT_ONCE)
        rows = connection.execute(some).all()
        if not rows:
            return
        last = rows[-1].id
        cities = ((row.id, city_key(row.billing_address, (row.more or {}).get("City", ""))) for row in rows)
        named = [{"number": number, "city": city} for number, city in cities if city]
        if named:
            yield named


def downgrade() -> None:
    """A merge and a note cannot be forgotten."""
    raise NotImplementedError("notes and merges that have been recorded cannot be taken back; restore a backup instead")
