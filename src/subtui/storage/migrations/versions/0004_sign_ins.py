"""The attempts to sign in, the sessions, and the one-time codes of users without a password."""

import sqlalchemy as sa
from alembic import op

revision = "sign_ins"
down_revision = "merchant_account"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("invite_hash", sa.String(), nullable=False, server_default=""))
    for name in ("invited_until", "password_changed_at"):
        op.add_column("user", sa.Column(name, sa.DateTime(), nullable=True))
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False, server_default=""),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("route", sa.String(), nullable=False, server_default=""),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("email_key", "user_id"):
        op.create_index(f"ix_sign_in_{name}", "sign_in", [name])


def downgrade() -> None:
    op.drop_table("sign_in")
    for name in ("invite_hash", "invited_until", "password_changed_at"):
        op.drop_column("user", name)
