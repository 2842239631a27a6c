"""Makes the schema of a new database, whole and at the newest revision; the migrations are for older ones."""

from sqlalchemy import Column, Connection, MetaData, String, Table, insert
from sqlmodel import SQLModel

import subtui.storage.tables  # noqa: F401  (fills the metadata)
from subtui.storage.dialects import dialect_of
from subtui.storage.revisions import HEAD

# Alembic's own table. Its library takes half a second to import, and is needed only after an update.
_REVISION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def create(connection: Connection) -> None:
    """Make every table, index and trigger in an empty database, in the caller's transaction."""
    SQLModel.metadata.create_all(connection)
    dialect_of(connection).create_extras(connection)
    _REVISION.create(connection)
    connection.execute(insert(_REVISION).values(version_num=HEAD))
