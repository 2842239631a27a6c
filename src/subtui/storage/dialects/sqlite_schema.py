"""What the tables do not say of the schema: the search indexes of SQLite, and the triggers."""

from sqlalchemy import Connection

_APPEND_ONLY = """
CREATE TRIGGER event_no_{verb} BEFORE {verb} ON event
BEGIN
    SELECT RAISE(ABORT, 'the log is append-only');
END
"""

# Without a copy of the text: the contact has it. Prefixes of up to three signs have lists of their own.
_SEARCH = (
    "CREATE VIRTUAL TABLE contact_words USING fts5("
    "name_key, rest_key, content = 'contact', content_rowid = 'id', tokenize = 'ascii', prefix = '1 2 3')",
    "CREATE VIRTUAL TABLE contact_parts USING fts5("
    "rest_key, phone_key, content = 'contact', content_rowid = 'id', tokenize = 'trigram', detail = 'column')",
    "CREATE VIRTUAL TABLE contact_vocabulary USING fts5vocab(contact_words, 'row')",
)
_INDEXED = (
    "INSERT INTO contact_words(rowid, name_key, rest_key) VALUES (new.id, new.name_key, new.rest_key);"
    "INSERT INTO contact_parts(rowid, rest_key, phone_key) VALUES (new.id, new.rest_key, new.phone_key);"
)
_UNINDEXED = (
    "INSERT INTO contact_words(contact_words, rowid, name_key, rest_key)"
    " VALUES ('delete', old.id, old.name_key, old.rest_key);"
    "INSERT INTO contact_parts(contact_parts, rowid, rest_key, phone_key)"
    " VALUES ('delete', old.id, old.rest_key, old.phone_key);"
)
_KEYS = "name_key, rest_key, phone_key, id"
_SEARCH_TRIGGERS = (
    f"CREATE TRIGGER contact_indexed AFTER INSERT ON contact BEGIN {_INDEXED} END",
    f"CREATE TRIGGER contact_reindexed AFTER UPDATE OF {_KEYS} ON contact BEGIN {_UNINDEXED}{_INDEXED} END",
    f"CREATE TRIGGER contact_unindexed AFTER DELETE ON contact BEGIN {_UNINDEXED} END",
)


def create_extras(connection: Connection) -> None:
    """Make the search indexes, the triggers that keep them, and those that guard the log."""
    guards = (_APPEND_ONLY.format(verb=verb) for verb in ("update", "delete"))
    for statement in (*guards, *_SEARCH, *_SEARCH_TRIGGERS, *_sum_triggers()):
        connection.exec_driver_sql(statement)


def _sum_triggers() -> list[str]:
    """What came in and went back on an order, kept beside it: ten thousand orders open like ten."""
    return [
        *(
            f"CREATE TRIGGER payment_{event.lower()} AFTER {event} ON payment BEGIN {_sums(sign, row)} END"
            for event, sign, row in (("INSERT", "+", "new"), ("DELETE", "-", "old"))
        ),
        "CREATE TRIGGER payment_update AFTER UPDATE OF order_id, amount_minor, state, kind, returns_payment_id"
        f" ON payment BEGIN {_sums('-', 'old')} {_sums('+', 'new')} END",
    ]


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
