"""How the parameters and paths of Keap's calls are written."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote

from subtui.keap_api.permitted import PREFIX

Condition = tuple[str, str, str]
"""A field, an operator (`==`, `>` and so on) and a value of a filter."""

_OPERATORS = ("==", "!=", "<=", ">=", "<", ">")


def filter_text(conditions: Iterable[Condition]) -> str:
    """The value of the parameter `filter`: all conditions have to hold. Percent-encoding is the transport's work.

    Raises ValueError for a value that would end its condition, since Keap knows no way to write one.
    """
    parts = []
    for name, operator, value in conditions:
        if operator not in _OPERATORS or not name.replace("_", "").isalnum():
            raise ValueError(f"no condition of a filter: {name}{operator}")
        if ";" in value or not value or not value.isprintable():
            raise ValueError(f"a filter by {name} cannot hold this value")
        parts.append(f"{name}{operator}{value}")
    return ";".join(parts)


def instant_text(at: datetime) -> str:
    """An instant as filters want it: in UTC, with three digits of the second, which Keap insists on, and a Z.

    Raises ValueError for a time without a zone. What is finer than a millisecond is cut off, so that a filter "since"
    never begins too late.
    """
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def mask(fields: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The parameter `update_mask` once for each field, as Keap's own libraries send it."""
    return tuple(("update_mask", name) for name in fields)


def path_of(*parts: str, verb: str = "") -> str:
    """The path of a call from its unquoted parts: `path_of("subscriptions", "9", verb="deactivate")`.

    Raises ValueError for an empty part, which would name a list instead of one row.
    """
    if not parts or not all(parts):
        raise ValueError("a part of a path is empty")
    quoted = "/".join(quote(part, safe="") for part in parts)
    return PREFIX + quoted + (f":{verb}" if verb else "")
