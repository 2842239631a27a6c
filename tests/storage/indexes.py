"""The full-text indexes are tables to SQLite, but none that anybody declared; nor is an index that runs backwards."""

from typing import Any

_PREFIXES = ("contact_words", "contact_parts", "contact_vocabulary")


def not_an_index(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a table or index of a database is one of ours to compare."""
    if kind == "index":
        return name != "ix_subscription_contact_standing"
    return kind != "table" or not (name or "").startswith(_PREFIXES)
