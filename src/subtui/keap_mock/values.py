"""Small readings and writings of values in rows: paths, times, amounts."""

from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
"""A row of a list as Keap sends it; names that begin with `_` are the mock's own and never sent."""


def values_at(row: Any, path: tuple[str, ...]) -> list[Any]:
    """All values that a path leads to, through lists too; without those that are absent or null."""
    found = [row]
    for name in path:
        stepped: list[Any] = []
        for each in found:
            if isinstance(each, dict):
                value = each.get(name)
                if isinstance(value, list):
                    stepped.extend(value)
                elif value is not None:
                    stepped.append(value)
        found = stepped
    return found


def instant(text: Any) -> float | None:
    """Seconds since 1970 of a time as text, with or without a fraction; a plain day counts from 00:00 UTC."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def time_text(moment: datetime) -> str:
    """An instant as Keap writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def number(value: Any) -> float | None:
    """A number or a text with one as a number; None if it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def row_number(value: Any) -> int | None:
    """The number of a row from its id, which is text or a number; None if it is no number."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def currency(minor: int, code: str = "USD") -> Row:
    """An amount in minor units as the object that orders and plans hold."""
    sign = "-" if minor < 0 else ""
    return {
        "amount": minor,
        "currency_code": code,
        "formatted_amount": f"{sign}${abs(minor) // 100:,}.{abs(minor) % 100:02}",
    }


def plain(minor: int) -> float:
    """An amount in minor units as the plain number that payments hold."""
    return minor / 100


def without_hidden(row: Row) -> Row:
    """A row without the mock's own names."""
    return {name: value for name, value in row.items() if name[0] != "_"}


def with_integer_ids(value: Any, name: str = "") -> Any:
    """A value with every id in it as a number."""
    if isinstance(value, dict):
        return {key: with_integer_ids(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [with_integer_ids(each, name) for each in value]
    if isinstance(value, str) and value.isdigit() and _names_an_id(name):
        return int(value)
    return value


def _names_an_id(name: str) -> bool:
    return name in {"id", "tag_ids", "order_ids"} or (name.endswith("_id") and name not in {"external_reference_id"})
