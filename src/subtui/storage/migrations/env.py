"""Alembic's entry: runs the migrations on the connection that it is handed."""

from alembic import context
from sqlmodel import SQLModel

import subtui.storage.tables  # noqa: F401  (fills the metadata)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
