"""PostgreSQL: the functions of `Dialect`, gathered from the modules beside this one."""

from sqlalchemy.dialects.postgresql import insert

from subtui.storage.dialects.postgres_bulk import (
    bulk_load,
    indexes_afterwards,
    insert_rows,
    insert_stored,
    renew_statistics,
    stream,
)
from subtui.storage.dialects.postgres_engine import break_off, cancellable, state_of
from subtui.storage.dialects.postgres_errors import explain, has_collided, has_lost
from subtui.storage.dialects.postgres_listening import listen
from subtui.storage.dialects.postgres_opening import (
    grants,
    is_made,
    make_database,
    open_database,
    settle,
    size,
    upgrade,
)
from subtui.storage.dialects.postgres_schema import create_extras, ids_follow, lock_log
from subtui.storage.dialects.postgres_search import contacts_with, find_contacts

__all__ = [
    "break_off",
    "bulk_load",
    "cancellable",
    "contacts_with",
    "create_extras",
    "explain",
    "find_contacts",
    "grants",
    "has_collided",
    "has_lost",
    "ids_follow",
    "indexes_afterwards",
    "insert",
    "insert_rows",
    "insert_stored",
    "is_made",
    "listen",
    "lock_log",
    "make_database",
    "open_database",
    "renew_statistics",
    "settle",
    "size",
    "state_of",
    "stream",
    "upgrade",
]
