"""Where the migrations start: a new database is made whole from the tables, by `storage.schema`."""

revision = "first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing comes before it."""


def downgrade() -> None:
    """There is no schema before the first."""
    raise NotImplementedError("the first schema cannot be taken back; remove the database instead")
