"""The connection to Keap: what was read there, and the outbox of what is to be sent."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "keap"
down_revision = "one_standing"
branch_labels = None
depends_on = None

_TABLES = ("keap_outbox", "keap_remark", "keap_image", "keap_object", "keap_walk", "keap_finding", "keap_connection")


def upgrade() -> None:
    op.create_table(
        "keap_connection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("base_url", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        _instant("connected_at", nullable=False),
        sa.Column("connected_by", sa.String(), nullable=False),
        sa.Column("writing_allowed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("sends_by_itself", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "keap_finding",
        *_texts("name", "answer", "detail"),
        _instant("found_at", nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "keap_walk",
        *_texts("kind", "walk", "after_id"),
        *(_instant(name) for name in ("began_at", "watermark", "whole_at", "read_at")),
        *_texts("refused"),
        _json("counts"),
        sa.PrimaryKeyConstraint("kind"),
    )
    op.create_table(
        "keap_object",
        *_texts("kind", "keap_id"),
        _json("body"),
        _instant("read_at", nullable=False),
        sa.PrimaryKeyConstraint("kind", "keap_id"),
    )
    op.create_table(
        "keap_image",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        _json("there"),
        _instant("read_at", nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"]),
        sa.PrimaryKeyConstraint("subscription_id"),
    )
    op.create_table(
        "keap_remark",
        *_texts("kind", "keap_id", "what", "reason"),
        _json("body"),
        _instant("at", nullable=False),
        sa.PrimaryKeyConstraint("kind", "keap_id"),
    )
    _outbox()


def _outbox() -> None:
    owners = ("subscription_id", "order_id", "contact_id")
    op.create_table(
        "keap_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in owners),
        *_texts("keap_id", "state"),
        *(_json(name) for name in ("wanted", "sent", "seen")),
        sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"),
        *_texts("note"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _instant("recorded_at", nullable=False),
        *(_instant(name) for name in ("sent_at", "checked_at", "settled_at")),
        *_texts("settled_by"),
        _instant("claimed_until"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        *(sa.ForeignKeyConstraint([name], [f"{name.removesuffix('_id')}.id"]) for name in owners),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("event_id", *owners):
        op.create_index(f"ix_keap_outbox_{name}", "keap_outbox", [name])
    states = ("waiting", "sending", "unknown", "conflict", "refused", "manual", "done")
    condition = f"state IN ({', '.join(repr(state) for state in states)})"
    op.create_index("ix_keap_outbox_open", "keap_outbox", ["state", "id"], sqlite_where=sa.text(condition))


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _instant(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default="{}")


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
