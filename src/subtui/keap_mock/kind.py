"""What describes a kind of rows, and the filters that many kinds have."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from subtui.keap_mock.filters import Filter, How

NUMBERS = Filter("id", How.NUMBER, compared=True)
IDS = Filter("id", How.MANY)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of rows is listed. `sorts` is name -> path of the field."""

    name: str
    list_key: str
    filters: Mapping[str, Filter]
    sorts: Mapping[str, str] = field(default_factory=dict)
    largest_page: int = 1000
    custom: bool = False
    """Whether it may be filtered by the names of custom fields."""
    optional: frozenset[str] = frozenset()
    """Fields that come only if `fields` names them."""
    usual: frozenset[str] = frozenset()
    """Fields that come without `fields`, and are left out by one that does not name them."""


def since(path: str) -> Filter:
    """Not before this time."""
    return Filter(path, How.SINCE)


def until(path: str) -> Filter:
    """Not after this time."""
    return Filter(path, How.UNTIL)


def texts(**paths: str) -> dict[str, Filter]:
    """Filters by text: name -> path."""
    return {name: Filter(path) for name, path in paths.items()}


def times(*names: str) -> dict[str, Filter]:
    """since_NAME and until_NAME for each name."""
    found = {}
    for name in names:
        found[f"since_{name}"] = since(name)
        found[f"until_{name}"] = until(name)
    return found
