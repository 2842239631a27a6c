"""The statements that give the role of the agents what the program needs, and nothing that could change the log."""

from collections.abc import Iterator

from sqlmodel import SQLModel

import subtui.storage.tables  # noqa: F401  (fills the metadata)
from subtui.storage.dialects.postgres_search_schema import SEARCH_TABLES
from subtui.storage.write_guard import LOG

_KEPT = frozenset({LOG, "letter", "intention"})
"""Tables whose rows are written once."""


def grants(role: str, *, database: str) -> Iterator[str]:
    """Yield the statements for `role`, to be run by the owner of the tables.

    The role may read everything, and write everything but the log, the letters and the intentions: to those it can only
    add. It owns nothing, so it can switch no trigger off, and truncate or alter no table.
    """
    who = quoted(role)
    yield f"GRANT CONNECT, TEMPORARY ON DATABASE {quoted(database)} TO {who};"
    yield f"GRANT USAGE ON SCHEMA public TO {who};"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {who};"
    for table in sorted(SQLModel.metadata.tables):
        rights = "SELECT, INSERT" if table in _KEPT else "SELECT, INSERT, UPDATE, DELETE"
        yield f"GRANT {rights} ON {quoted(table)} TO {who};"
    for table in SEARCH_TABLES:
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {who};"
    yield f"GRANT SELECT ON alembic_version TO {who};"
    # A row lock needs the right to update; the row has nothing that could be changed.
    yield f"GRANT SELECT, UPDATE ON log_head TO {who};"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {who};"


def quoted(name: str) -> str:
    """A name as SQL has it between quotation marks."""
    return '"' + name.replace('"', '""') + '"'
