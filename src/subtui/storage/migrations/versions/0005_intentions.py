"""Acts that a script repeats without doing them twice, who recorded money by their id, and databases for drills."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The entry about a refund names it, and who recorded it: the id of an actor outlives a change of name.
_FROM_THE_LOG = """
UPDATE payment SET recorded_by_id = (
    SELECT e.actor_id FROM event e
    WHERE e.subject = 'order:' || payment.order_id AND e.command IN ('order.refund', 'refund.approve')
        AND json_extract(e.after, '$.refund_id') = payment.id
    ORDER BY e.id LIMIT 1
) WHERE kind IN ('refund', 'void') AND recorded_at IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "intention",
        sa.Column("intent", sa.String(), primary_key=True),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("user.id"), nullable=False),
        sa.Column("arguments", sa.String(), nullable=False),
        sa.Column("event_id", sa.Integer(), sa.ForeignKey("event.id"), nullable=False),
    )
    op.create_index("ix_intention_actor_id", "intention", ["actor_id"])
    op.create_index("ix_intention_event_id", "intention", ["event_id"])
    op.add_column("payment", sa.Column("recorded_by_id", sa.Integer(), nullable=True))
    op.execute(_FROM_THE_LOG)
    op.add_column("account", sa.Column("drill", sa.Boolean(), nullable=False, server_default=sa.false()))
