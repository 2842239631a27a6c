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
    _add_sums()
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


_PARTIAL = (
    ("ix_subscription_still_charging", "subscription", "id", "status = 'Inactive' AND auto_charge IS 1"),
    ("ix_subscription_no_end_date", "subscription", "id", "status = 'Inactive' AND end_date IS NULL"),
    ("ix_subscription_no_reason", "subscription", "id", "status = 'Inactive' AND coalesce(reason_code, '') = ''"),
    ("ix_subscription_ending", "subscription", "end_date", "status = 'Active' AND end_date IS NOT NULL"),
    (
        "ix_order_owing_again",
        "order",
        "ordered_on",
        "refunded_minor >= total_minor - received_minor AND total_minor - received_minor > 0",
    ),
    (
        "ix_payment_unconfirmed",
        "payment",
        "id",
        "kind IN ('refund', 'void') AND gateway_reference = '' AND recorded_at IS NOT NULL",
    ),
    ("ix_payment_correction", "payment", "returns_payment_id", "kind = 'refund_correction'"),
)


def _add_indexes_of_lists() -> None:
    """What is left wrong is counted on every dashboard: the few that are, without looking at all that are not."""
    op.drop_index("ix_subscription_contact_status", "subscription")
    op.create_index(
        "ix_subscription_contact_standing", "subscription", ["contact_id", "status", sa.text("start_date DESC")]
    )
    op.create_index("ix_refund_line_order_item_id", "refund_line", ["order_item_id"])
    op.create_index("ix_subscription_next_bill_date", "subscription", ["next_bill_date"])
    for name, table, column, condition in _PARTIAL:
        op.create_index(name, table, [column], sqlite_where=sa.text(condition))


def _add_sums() -> None:
    """What came in and went back on an order, kept beside it: ten thousand orders open like ten."""
    for name in ("received_minor", "refunded_minor"):
        op.add_column("order", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        'UPDATE "order" SET'
        " received_minor = coalesce((SELECT sum(amount_minor) FROM payment p"
        " WHERE p.order_id = \"order\".id AND p.state = 'approved'), 0),"
        f" refunded_minor = -coalesce((SELECT sum({_returned('p')}) FROM payment p"
        " WHERE p.order_id = \"order\".id AND p.state = 'approved'), 0)"
    )
    for event, sign, row in (("INSERT", "+", "new"), ("DELETE", "-", "old")):
        op.execute(f"CREATE TRIGGER payment_{event.lower()} AFTER {event} ON payment BEGIN {_sums(sign, row)} END")
    op.execute(
        "CREATE TRIGGER payment_update AFTER UPDATE OF order_id, amount_minor, state, kind, returns_payment_id"
        f" ON payment BEGIN {_sums('-', 'old')} {_sums('+', 'new')} END"
    )


def _returned(row: str) -> str:
    """What a row of money has given back, negative: a refund, or the correction of one. A void is no refund."""
    of_refund = f"(SELECT kind FROM payment WHERE id = {row}.returns_payment_id) = 'refund'"
    counts = f"{row}.kind = 'refund' OR ({row}.kind = 'refund_correction' AND {of_refund})"
    return f"CASE WHEN {counts} THEN {row}.amount_minor ELSE 0 END"


def _sums(sign: str, row: str) -> str:
    other = "-" if sign == "+" else "+"
    return (
        f'UPDATE "order" SET received_minor = received_minor {sign} {row}.amount_minor,'
        f" refunded_minor = refunded_minor {other} {_returned(row)}"
        f" WHERE id = {row}.order_id AND {row}.state = 'approved';"
    )


def downgrade() -> None:
    """What Keap keeps beside our columns would be lost."""
    raise NotImplementedError("imported data cannot be taken apart again; restore a backup instead")
