"""Refunds: what a row of money belongs to, refunds over the lines of an order, approvals, and refunds still to do."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Written out: SQLite adds a column with its reference as it stands, but no constraint to a table that is there.
_REFERENCES = (
    ("payment", "refund_id", "payment"),
    ("letter", "order_id", '"order"'),
)


def upgrade() -> None:
    op.add_column("account", sa.Column("refund_limits", sa.JSON(), nullable=False, server_default="{}"))
    for table, column, target in _REFERENCES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES {target} (id)")
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    for added in (
        sa.Column("reason_code", sa.String(), nullable=False, server_default=""),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False, server_default=""),
    ):
        op.add_column("payment", added)
    op.create_index("ix_payment_intent", "payment", ["intent"], unique=True)
    op.create_table(
        "refund_line",
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("order_item_id", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_item_id"], ["order_item.id"]),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.PrimaryKeyConstraint("payment_id", "order_item_id"),
    )
    _add_requests()
    _add_tasks()


def _add_requests() -> None:
    op.create_table(
        "refund_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("owed_after_minor", sa.Integer(), nullable=False),
        sa.Column("order_item_id", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("gateway_reference", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"]),
        sa.ForeignKeyConstraint(["order_item_id"], ["order_item.id"]),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"]),
        sa.ForeignKeyConstraint(["refund_id"], ["payment.id"]),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("order_id", "order_item_id", "payment_id", "refund_id", "requested_by_id", "standing"):
        op.create_index(f"ix_refund_request_{name}", "refund_request", [name], unique=False)
    op.create_index("ix_refund_request_intent", "refund_request", ["intent"], unique=True)


def _add_tasks() -> None:
    op.create_table(
        "refund_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.ForeignKeyConstraint(["refund_id"], ["payment.id"]),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("contact_id", "refund_id", "subscription_id"):
        op.create_index(f"ix_refund_task_{name}", "refund_task", [name], unique=False)


def downgrade() -> None:
    """Money that has been recorded as returned cannot be taken out of the books."""
    raise NotImplementedError("refunds that have been recorded cannot be taken back; restore a backup instead")
