"""The full-text indexes are tables to SQLite, but none that anybody declared."""

from typing import Any

_PREFIXES = ("contact_words", "contact_parts", "contact_vocabulary")


def not_an_index(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a table of a database is one of ours to compare."""
    return kind != "table" or not (name or "").startswith(_PREFIXES)
