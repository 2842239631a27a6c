"""Acts and queries about saved views: conveniences beside the record, not logged."""

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

from subtui.acts.act import Act, Query
from subtui.domain.permissions import Permission
from subtui.domain.saved_views import Listing
from subtui.views.saved_views import SavedViewRow


@dataclass(frozen=True, slots=True)
class SaveView(Act[SavedViewRow]):
    """Save a view under a name; one of the same name and owner is replaced.

    A shared one takes `SHARE_VIEW`. Raises Invalid for the name, the search or the columns, and NotAllowed for a
    shared view of another user, unless the user may administer users.
    """

    permission: ClassVar = Permission.VIEW
    spans_transactions: ClassVar = True  # it writes beside the record, without a log entry
    name: str
    listing: Listing
    _: KW_ONLY
    query: str = ""
    sort: str = ""
    reverse: bool = False
    columns: tuple[str, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class RemoveView(Act[str]):
    """Remove a saved view; answers its name. Raises NotFound and NotAllowed."""

    permission: ClassVar = Permission.VIEW
    spans_transactions: ClassVar = True
    view_id: int


@dataclass(frozen=True, slots=True)
class ListSavedViews(Query["tuple[SavedViewRow, ...]"]):
    """The user's own views and those of the team, by name."""


@dataclass(frozen=True, slots=True)
class GetSavedView(Query[SavedViewRow]):
    """A view by its id, or by its name, the user's own first. Raises NotFound."""

    view_id: int = 0
    name: str = ""
