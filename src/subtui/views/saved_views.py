"""Saved views as they are listed, and the filter that they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass

from subtui.domain.saved_views import LISTING_WORDS, Listing
from subtui.views.customers import SubscriptionFilter, SubscriptionRow
from subtui.views.entries import ListColumn
from subtui.views.list_columns import ALL_SUBSCRIPTIONS_COLUMNS


@dataclass(frozen=True, slots=True)
class SavedViewRow:
    """A saved view. Without `columns` it has all of the list. `may_change`: the user may replace and remove it."""

    id: int
    name: str
    listing: Listing
    shared: bool
    made_by: str
    query: str
    sort: str
    reverse: bool
    columns: tuple[str, ...]
    may_change: bool

    @property
    def filter(self) -> SubscriptionFilter:
        """The filter and the order of a view of subscriptions."""
        return SubscriptionFilter(text=self.query, sort=self.sort or "contact", reverse=self.reverse)


def _whose(row: SavedViewRow) -> str:
    return f"team, {row.made_by}" if row.shared else "own"


SAVED_VIEW_COLUMNS: tuple[ListColumn[SavedViewRow], ...] = (
    ListColumn("View", 16, share=2, most=40, text=lambda row, _: row.name),
    ListColumn("List", 13, drop=2, text=lambda row, _: LISTING_WORDS[row.listing]),
    ListColumn("Search", 16, share=3, most=60, text=lambda row, _: row.query or "all"),
    ListColumn("Whose", 10, share=1, most=24, drop=1, text=lambda row, _: _whose(row)),
)


def chosen_columns(labels: Sequence[str]) -> tuple[ListColumn[SubscriptionRow], ...]:
    """The columns of a list of subscriptions by their labels, in that order; all of them for none."""
    by_label = {column.label: column for column in ALL_SUBSCRIPTIONS_COLUMNS}
    return tuple(by_label[label] for label in labels if label in by_label) or ALL_SUBSCRIPTIONS_COLUMNS
