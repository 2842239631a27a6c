"""What a list of subscriptions does with its marked rows: mark all that match, count them, begin a batch."""

from subtui.acts.batches import MatchingIds
from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.widgets.marked_table import MarkedTable
from subtui.app.workers import asks
from subtui.domain.plain_text import counted
from subtui.views.batches import Selection
from subtui.views.customers import SubscriptionFilter


def words(table: MarkedTable) -> str:
    """`12 marked, 3 of them not listed`; empty without marks."""
    if not table.marks:
        return "range" if table.in_range else ""
    hidden = len(table.marks - {row.key for row in table.rows})
    listed = f", {hidden:,} of them not listed" if hidden else ""
    return f"{len(table.marks):,} marked{listed}{' · range' if table.in_range else ''}"


@asks("marks", newest=True)
async def mark_all(screen: BaseScreen, table: MarkedTable, wanted: SubscriptionFilter) -> None:
    """Mark every subscription that passes the filter, also those that are not loaded."""
    ids = await screen.read(MatchingIds(wanted))
    table.set_marks(ids)
    screen.say(f"Marked all {len(ids):,} that match. u takes the marks away; b does one act on them.")


def open_batch(screen: BaseScreen, table: MarkedTable) -> None:
    """Open the form of a batch for the marked rows, or for the selected one if none is marked."""
    marks = table.marks or ({table.marked_key} if table.marked_key is not None else set())
    if not marks:
        screen.say("Mark subscriptions first: space marks one, * all that match.", "refused")
        return
    named = f"{counted(len(marks), 'marked subscription')}"
    screen.subtui.batch_selection = Selection(tuple(sorted(marks)), words=named)
    screen.subtui.go(routes.to("batch_form"))
