"""Write the schema of the newest revision among those that are kept: python -m tests.storage.keep_schema."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from subtui.storage.database import open_database
from subtui.storage.dialects.sqlite_engine import url_of
from subtui.storage.revisions import HEAD

SCHEMAS = Path(__file__).parent / "schemas"
OWN = """
SELECT sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'contact_words_%' AND name NOT LIKE 'contact_parts_%'
ORDER BY type DESC, name
"""
"""Tables, triggers and indexes, but for what SQLite keeps of a full-text index."""


def main() -> None:
    """Write `schemas/REVISION.sql`: tables, then indexes, then triggers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        open_database(url_of(path), fill=lambda _: None).dispose()
        with closing(sqlite3.connect(path)) as connection:
            statements = [f"{sql};" for (sql,) in connection.execute(OWN)]
    statements.sort(key=lambda sql: (sql.startswith("CREATE TRIGGER"), "INDEX" in sql[:20]))
    (SCHEMAS / f"{HEAD}.sql").write_text("\n".join(statements) + "\n")


if __name__ == "__main__":
    main()
