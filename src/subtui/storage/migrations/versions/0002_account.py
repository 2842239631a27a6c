"""The account's own subscription: its plan and invoices, and the tickets of its cancellation team."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("plan", sa.String(), nullable=False, server_default=""),
        sa.Column("fee_minor", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("fee_currency", sa.String(), nullable=False, server_default=""),
        sa.Column("cycle", sa.String(), nullable=False, server_default="month"),
        sa.Column("frequency", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("anchor", sa.Date(), nullable=True),
        sa.Column("notice_days", sa.Integer(), nullable=False, server_default="10"),
        sa.Column("answer_days", sa.Integer(), nullable=False, server_default="2"),
        sa.Column("minimum_months", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(), nullable=False, server_default=""),
        sa.Column("opening_hours", sa.String(), nullable=False, server_default=""),
        sa.Column("own_holidays", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    ):
        op.add_column("account", column)
    op.create_table(
        "account_invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_account_invoice_issued_on", "account_invoice", ["issued_on"], unique=False)
    op.create_table(
        "cancellation_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("requester_role", sa.String(), nullable=False),
        sa.Column("requester_verified", sa.Boolean(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("completed_at", sa.DateTime(), nullable=True),
        sa.Column("completed_by", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("preferred", sa.String(), nullable=False),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.Column("next_invoice", sa.Date(), nullable=True),
        sa.Column("last_safe_day", sa.Date(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("last_invoice", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("acknowledged", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("outcome_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name in ("answer_due", "requested_by_id", "standing"):
        op.create_index(f"ix_cancellation_request_{name}", "cancellation_request", [name], unique=False)
    # Nothing refers to a letter before this revision, so it can be made again around what it holds.
    with op.batch_alter_table("letter") as batch:
        batch.alter_column("contact_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_letter_request", "cancellation_request", ["request_id"], ["id"])
    op.create_index("ix_letter_request_id", "letter", ["request_id"], unique=False)
    op.create_table(
        "correspondence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"]),
        sa.ForeignKeyConstraint(["request_id"], ["cancellation_request.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_correspondence_letter_id", "correspondence", ["letter_id"], unique=False)
    op.create_index("ix_correspondence_request_id", "correspondence", ["request_id"], unique=False)


def downgrade() -> None:
    """A ticket that has been given cannot be taken back."""
    raise NotImplementedError("tickets that have been given cannot be taken back; restore a backup instead")
