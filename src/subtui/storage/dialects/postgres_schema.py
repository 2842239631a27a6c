"""What the tables do not say of the schema on PostgreSQL: the head of the log, its guards, and the search."""

from sqlalchemy import Connection, Table, text

from subtui.storage.dialects.postgres_search_schema import create_search

_GUARDS = (
    """
CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'insufficient_privilege'; END $$
""",
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event"
    " FOR EACH ROW EXECUTE FUNCTION log_is_append_only()",
    """
CREATE FUNCTION announce_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('subtui', ''); RETURN NULL; END $$
""",
    # Without an id: of many announcements in one transaction one is sent, and the log says what is new.
    "CREATE TRIGGER event_announced AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION announce_event()",
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event"
    " FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_change",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_no_truncate",
)

# One row, which a transaction locks before it reads the end of the chain: so the entries have one order, without gaps.
_HEAD = ("CREATE TABLE log_head (id integer PRIMARY KEY CHECK (id = 1))", "INSERT INTO log_head VALUES (1)")


def create_extras(connection: Connection) -> None:
    """Make the head of the log, the triggers that guard the log, and the search."""
    for statement in (*_HEAD, *_GUARDS):
        connection.exec_driver_sql(statement)
    create_search(connection)


def lock_log(connection: Connection) -> None:
    """Keep other transactions from appending to the log until this one ends."""
    connection.execute(_LOCK_HEAD)


_LOCK_HEAD = text("SELECT id FROM log_head FOR UPDATE")


def ids_follow(connection: Connection, table: Table) -> None:
    """Let new rows of a table take ids behind the largest that a row brought along."""
    sequence = f"{table.name}_id_seq"
    connection.exec_driver_sql(
        f'SELECT setval(\'"{sequence}"\', largest) FROM (SELECT max(id) AS largest FROM "{table.name}") AS rows'
        f' WHERE largest > (SELECT last_value FROM "{sequence}")'
        f' OR largest = (SELECT last_value FROM "{sequence}" WHERE NOT is_called)'
    )


def set_sequences(connection: Connection) -> None:
    """Let every sequence go on behind the largest id of its table: rows that brought their ids did not move it."""
    found = connection.exec_driver_sql(
        "SELECT c.table_name, c.column_name, pg_get_serial_sequence(quote_ident(c.table_name), c.column_name)"
        " FROM information_schema.columns c WHERE c.table_schema = current_schema()"
        " AND pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) IS NOT NULL"
    ).all()
    for table, column, sequence in found:
        connection.exec_driver_sql(
            f'SELECT setval(\'{sequence}\', coalesce(max("{column}"), 0) + 1, false) FROM "{table}"'
        )
