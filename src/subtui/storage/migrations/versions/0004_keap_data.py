"""Data from Keap: where a row came from, what else Keap keeps of it, and the indexes that find a contact among many."""

import sqlalchemy as sa
from alembic import op

from subtui.storage.search import contact_keys

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FROM_KEAP = (
    "contact",
    "tag",
    "credit_card",
    "product",
    "subscription_plan",
    "subscription",
    "order",
    "order_item",
    "payment",
)
_READ = ("id", "first_name", "last_name", "company", "email", "email2", "email3", "phone1", "phone2")
_MADE = ("name_key", "rest_key", "phone_key", "sort_key")
_BATCH = 5000


def upgrade() -> None:
    for table in _FROM_KEAP:
        op.add_column(table, sa.Column("keap_id", sa.String(), nullable=True))
        op.create_index(f"ix_{table}_keap_id", table, ["keap_id"], unique=True)
    for table in ("contact", "subscription", "order"):
        op.add_column(table, sa.Column("more", sa.JSON(), nullable=False, server_default="{}"))
    for name in ("phone3", "phone4", "phone5", "name_key", "rest_key"):
        op.add_column("contact", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("subscription", sa.Column("imported_on", sa.Date(), nullable=True))
    op.add_column("subscription", sa.Column("imported_version", sa.Integer(), nullable=True))
    op.add_column("order", sa.Column("invoice_id", sa.String(), nullable=True))
    op.create_index("ix_order_invoice_id", "order", ["invoice_id"], unique=False)
    _fill_keys()
    op.drop_column("contact", "search_key")
    _add_indexes()
    _add_indexes_of_lists()


def _fill_keys() -> None:
    """The keys are made by the program: SQL folds no accents."""
    contact = sa.table(
        "contact",
        *(sa.column(name) for name in (*_READ, *_MADE)),
    )
    connection = op.get_bind()
    fill = (
        sa.update(contact)
        .where(contact.c.id == sa.bindparam("contact_id"))
        .values({name: sa.bindparam(f"new_{name}") for name in _MADE})
    )
    last = 0
    while rows := (
        connection.execute(sa.select(contact).where(contact.c.id > last).order_by(contact.c.id).limit(_BATCH))
        .mappings()
        .all()
    ):
        keys = [(row["id"], contact_keys(dict(row))) for row in rows]
        connection.execute(
            fill,
            [{"contact_id": number} | {f"new_{name}": key for name, key in made.items()} for number, made in keys],
        )
        last = rows[-1]["id"]


def _add_indexes() -> None:
    # Without a copy of the text: the contact has it. Prefixes of up to three signs have lists of their own.
    op.execute(
        "CREATE VIRTUAL TABLE contact_words USING fts5("
        "name_key, rest_key, content = 'contact', content_rowid = 'id', tokenize = 'ascii', prefix = '1 2 3')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE contact_parts USING fts5("
        "rest_key, phone_key, content = 'contact', content_rowid = 'id', tokenize = 'trigram', detail = 'column')"
    )
    op.execute("CREATE VIRTUAL TABLE contact_vocabulary USING fts5vocab(contact_words, 'row')")
    for index in ("contact_words", "contact_parts"):
        op.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    put = (
        "INSERT INTO contact_words(rowid, name_key, rest_key) VALUES (new.id, new.name_key, new.rest_key);"
        "INSERT INTO contact_parts(rowid, rest_key, phone_key) VALUES (new.id, new.rest_key, new.phone_key);"
    )
    take = (
        "INSERT INTO contact_words(contact_words, rowid, name_key, rest_key)"
        " VALUES ('delete', old.id, old.name_key, old.rest_key);"
        "INSERT INTO contact_parts(contact_parts, rowid, rest_key, phone_key)"
        " VALUES ('delete', old.id, old.rest_key, old.phone_key);"
    )
    changes = "name_key, rest_key, phone_key, id"
    op.execute(f"CREATE TRIGGER contact_indexed AFTER INSERT ON contact BEGIN {put} END")
    op.execute(f"CREATE TRIGGER contact_reindexed AFTER UPDATE OF {changes} ON contact BEGIN {take}{put} END")
    op.execute(f"CREATE TRIGGER contact_unindexed AFTER DELETE ON contact BEGIN {take} END")


def _add_indexes_of_lists() -> None:
    """What is left wrong is counted on every dashboard: the few that are, not a scan of all that are not."""


def downgrade() -> None:
    """What Keap keeps beside our columns would be lost."""
    raise NotImplementedError("imported data cannot be taken apart again; restore a backup instead")
