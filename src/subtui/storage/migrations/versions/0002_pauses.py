"""Pauses of subscriptions, and whether an account gives access meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "pauses"
down_revision = "first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("paused_from", "resumes_on"):
        op.add_column("subscription", sa.Column(name, sa.Date(), nullable=True))
    for table, name in (
        ("subscription", "restarts_cycle"),
        ("subscription", "access_in_pause"),
        ("account", "access_in_pause"),
    ):
        op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_subscription_paused", "subscription", ["resumes_on"], sqlite_where=sa.text("paused_from IS NOT NULL")
    )


def downgrade() -> None:
    """A pause that was agreed on cannot be forgotten."""
    raise NotImplementedError("pauses that have been recorded cannot be taken back; restore a backup instead")
