"""The line that filters a list: what is typed in it leaves the rows that hold every word."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from subtui.app.content import safe
from subtui.app.widgets.record_table import RecordTable
from subtui.app.widgets.text_field import TextField

LONGEST = 100


class _FilterField(TextField):
    """The field; a slash in it while it is empty means the search for everything."""

    class SearchWanted(Message):
        """The user wants to search for everything instead."""

    def on_key(self, event: events.Key) -> None:
        """Leave with a second slash."""
        if event.character == "/" and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.SearchWanted())


class ListFilter(Horizontal):
    """A filter of one list, above the message line. It stays, with its count, until it is closed."""

    DEFAULT_CSS = """
    ListFilter { dock: bottom; height: 1; width: 100%; padding: 0 1; margin-bottom: 2; }
    ListFilter #list-filter-label { width: auto; color: $muted; padding-right: 1; }
    ListFilter #list-filter { width: 1fr; background: $field; padding: 0 1; }
    ListFilter #list-filter:focus { background: $field-focus; }
    ListFilter #list-filter-count { width: auto; color: $muted; padding-left: 1; }
    """

    def __init__(self, table: RecordTable) -> None:
        super().__init__()
        self.table = table

    def compose(self) -> ComposeResult:
        """Compose the field between its label and the count."""
        yield Static("Filter", id="list-filter-label", markup=False)
        yield _FilterField(id="list-filter", placeholder="words in the rows; / searches everything", most=LONGEST)
        yield Static("", id="list-filter-count", markup=False)

    def on_mount(self) -> None:
        """Focus the field."""
        self.focus_field()
        self.recount()

    def focus_field(self) -> None:
        """Focus the field."""
        self.query_one("#list-filter").focus()

    @on(Input.Changed, "#list-filter")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.table.filter_by(event.value)
        self.recount()

    def recount(self) -> None:
        """Say how many rows are left, after the list was loaded again."""
        shown, listed = len(self.table.rows), self.table.listed
        self.query_one("#list-filter-count", Static).update(safe(f"{shown:,} of {listed:,} listed"))

    @on(Input.Submitted, "#list-filter")
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        if self.table.rows:
            self.table.focus()

    @on(_FilterField.SearchWanted)
    async def _search(self, event: _FilterField.SearchWanted) -> None:
        event.stop()
        self.close()
        await self.screen.run_action("screen.command('app.search')")

    def close(self) -> None:
        """Show all rows again."""
        self.table.filter_by("")
        self.table.focus()
        self.remove()


def filter_list(screen: Screen[None], table: RecordTable) -> None:
    """Open the filter of a list, or go back to it."""
    for filters in screen.query(ListFilter):
        if filters.table is table:
            filters.focus_field()
            return
        filters.close()
    screen.mount(ListFilter(table))
