"""Queries of the search for records of every kind."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass

from subtui.acts.act import Query
from subtui.domain.search_query import Operator
from subtui.views.customers import Found
from subtui.views.found_records import FoundRecords


@dataclass(frozen=True, slots=True)
class FindRecords(Query[FoundRecords]):
    """The records besides contacts that match a text, at most `limit` of each kind. None for a text with operators."""

    text: str
    _: KW_ONLY
    limit: int = 5


@dataclass(frozen=True, slots=True)
class FilterContacts(Query[Found]):
    """The contacts that fulfil the operators and hold the words of a search, at most `limit` of them by name.

    Of more than can be counted at once, those are sorted that were found first.
    """

    text: str
    _: KW_ONLY
    limit: int = 200


@dataclass(frozen=True, slots=True)
class GetSearchValues(Query[Mapping[Operator, tuple[str, ...]]]):
    """The values that operators of a search can take here: plans, tags, reasons, users."""
