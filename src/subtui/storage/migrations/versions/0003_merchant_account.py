"""The merchant account that charges a subscription."""

import sqlalchemy as sa
from alembic import op

revision = "merchant_account"
down_revision = "pauses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscription", sa.Column("merchant_account", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("subscription", "merchant_account")
