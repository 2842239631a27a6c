"""One cancellation of the account stands at a time, and one open call of a user: by the database itself."""

import sqlalchemy as sa
from alembic import op

revision = "one_standing"
down_revision = "sign_ins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, column, condition in (
        ("ix_cancellation_request_one_standing", "kind", "kind = 'cancellation' AND standing IN ('open', 'confirmed')"),
        ("ix_cancellation_request_one_call", "requested_by_id", "kind = 'call' AND standing = 'open'"),
    ):
        op.create_index(name, "cancellation_request", [column], unique=True, sqlite_where=sa.text(condition))


def downgrade() -> None:
    for name in ("ix_cancellation_request_one_standing", "ix_cancellation_request_one_call"):
        op.drop_index(name, "cancellation_request")
