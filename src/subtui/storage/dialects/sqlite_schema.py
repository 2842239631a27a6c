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
    for statement in (*guards, *_SEARCH, *_SEARCH_TRIGGERS):
        connection.exec_driver_sql(statement)
