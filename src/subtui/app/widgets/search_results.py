"""What a search has found: contacts or subscriptions, and below them records of every other kind, with one mark."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from subtui.app import routes
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.widgets.record_table import RecordTable, Row, rows_of
from subtui.domain.plain_text import counted
from subtui.views.dashboard_entries import CONTACT_COLUMNS
from subtui.views.entries import Cell, Column, row_cells
from subtui.views.format import Format

if TYPE_CHECKING:
    # Needed only once something is found: the backend's thread imports them meanwhile.
    from subtui.views.customers import ContactRow, Found, Page, SubscriptionRow
    from subtui.views.found_records import FoundRecord, FoundRecords

NO_CONTACTS = "No matches. Try part of a name, e-mail, phone or company, or a number."
NO_MATCHES = "No matches for these operators."
LOADED_AT_MOST = 500
"""The most results loaded at once; with more, the user should refine the search."""


def _dimmed(row: Row) -> Row:
    number, name, *others = row.cells
    cells = (number, Cell(f"≈ {name.text}"), *others)
    return Row(row.key, tuple(Cell(cell.text, "muted") for cell in cells), row.record)


class SearchResults(Vertical):
    """The head line, the list of contacts or subscriptions, and the list of other records."""

    class Opened(Message):
        """The user opened a result: its route."""

        def __init__(self, route: Route) -> None:
            super().__init__()
            self.route = route

    class Narrowed(Message):
        """The user chose a plan, a tag or a city: the search for what has it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Marked(Message):
        """Another result is marked."""

    def __init__(self) -> None:
        super().__init__(id="found")
        self.found: Found | None = None  # the contacts of a plain search so far
        self._subscriptions: Page[SubscriptionRow] | None = None
        self._records: tuple[FoundRecord, ...] = ()
        self._of_records = False  # whether the mark is in the list of other records

    def compose(self) -> ComposeResult:
        """Compose the lists; other records are shown while there are any."""
        yield Static("", id="results-head", markup=False)
        yield RecordTable(CONTACT_COLUMNS, id="results", empty="", always_marked=True)
        with Vertical(id="records-block"):
            yield Static("", id="records-head", classes="section", markup=False)
            yield RecordTable((Column("Record", 12),), id="records", empty="", always_marked=True, headed=False)

    @property
    def _results(self) -> RecordTable:
        return self.query_one("#results", RecordTable)

    @property
    def _others(self) -> RecordTable:
        return self.query_one("#records", RecordTable)

    @property
    def fmt(self) -> Format:
        """The format of days and instants."""
        return self.app.format  # type: ignore[attr-defined,no-any-return]

    # --- showing ----------------------------------------------------------------------------------------------------

    def head(self, text: str, tone: str = "") -> None:
        """Show a line above the results."""
        self.query_one("#results-head", Static).update(safe(text, tone), layout=False)

    def search_begins(self) -> None:
        """Note that another search is under way: what is opened from now on is one of its results."""
        self.found = None
        self._results.mark_stale()
        self._others.mark_stale()

    def show_recent(self, rows: "Sequence[ContactRow]", head: str, empty: str) -> None:
        """Show the contacts that were opened last, for an empty search."""
        self._subscriptions, self._results.empty = None, empty
        self._results.show_as(CONTACT_COLUMNS, rows_of(CONTACT_COLUMNS, rows, self.fmt))
        self.head(head)
        self.show_records(None)

    def show_contacts(self, found: "Found", *, by_operators: bool = False) -> None:
        """Show the first contacts of a search."""
        self.found, self._subscriptions = found, None
        self._results.empty = NO_MATCHES if by_operators else NO_CONTACTS
        self._show(CONTACT_COLUMNS, self._contact_rows(found), more=found.after is not None)
        self._count(found)

    def extend(self, more: "Found", after: object) -> None:
        """Append further contacts, unless another search has begun."""
        before = self.found
        if before is None or before.query != more.query or before.after != after:
            return
        self.found = replace(before, rows=(*before.rows, *more.rows), after=more.after)
        self._results.extend(self._contact_rows(more), more=more.after is not None)
        self._count(self.found)

    def show_subscriptions(self, page: "Page[SubscriptionRow]") -> None:
        """Show the subscriptions of a search with operators."""
        from subtui.views.list_columns import ALL_SUBSCRIPTIONS_COLUMNS as columns  # noqa: N811, PLC0415

        self.found, self._subscriptions = None, page
        self._results.empty = NO_MATCHES
        self._show(columns, rows_of(columns, page.rows, self.fmt))
        self.head(_of(len(page.rows), page.total, "subscription", capped=page.capped))

    def show_records(self, found: "FoundRecords | None") -> None:
        """Show the other records that were found, if there are any."""
        self._records = found.rows if found else ()
        self.screen.set_class(bool(self._records), "-records")  # they take the place of the overview
        self.set_class(bool(self._records) and not self._results.rows, "-no-results")
        self._mark_in(of_records=False)
        if found and self._records:
            from subtui.views.found_records import RECORD_COLUMNS, more_words  # noqa: PLC0415

            cells = [row_cells(RECORD_COLUMNS, row, self.fmt) for row in self._records]
            others = [Row(at, each) for at, each in enumerate(cells)]
            self._others.columns = RECORD_COLUMNS
            self._others.show(others, keep_mark=False)
            more = more_words(found)
            self.query_one("#records-head", Static).update(safe(f"Other records · {more}" if more else "Other records"))
        else:
            self._others.show((), keep_mark=False)
        if self._records and not self._results.rows:
            self.head("No contact matches")
            self._mark_in(of_records=True)

    def show_note(self, note: str, tone: str = "") -> None:
        """Show why a search cannot be done, or what it still needs."""
        self.found = self._subscriptions = None
        self._results.empty = ""
        self._show(CONTACT_COLUMNS, [])
        self.head(note, tone)
        self.show_records(None)
        self.add_class("-no-results")

    def _show(self, columns: Sequence[Column], rows: Sequence[Row], *, more: bool = False) -> None:
        # Enter that was typed ahead opens the first result, of whatever list it is in.
        opens = self._results.opens_when_shown and not rows
        if self._results.columns != tuple(columns):
            self._results.show_as(columns, rows)
        else:
            self._results.show(rows, keep_mark=False, more=more)
        if opens:
            self._others.open_marked()
        self.set_class(bool(self._records) and not rows, "-no-results")
        self._mark_in(of_records=False)

    def _contact_rows(self, found: "Found") -> list[Row]:
        """The rows of an answer; matches with a typing error are dimmed."""
        rows = rows_of(CONTACT_COLUMNS, found.rows, self.fmt)
        alike = len(rows) - found.similar
        return [*rows[:alike], *map(_dimmed, rows[alike:])]

    def _count(self, found: "Found") -> None:
        shown = len(found.rows) - found.similar
        words = _of(shown, found.total, "contact", capped=found.capped)
        if found.similar:
            alike = counted(found.similar, "similar name")
            words = f"{words} · {alike}" if words else f"No exact match · {alike}"
        if found.after is not None and shown >= LOADED_AT_MOST:
            words = f"{words} · type more to narrow it down"
        self.head(words)

    # --- the mark ---------------------------------------------------------------------------------------------------

    def _mark_in(self, *, of_records: bool) -> None:
        self._of_records = of_records
        for table, marked in ((self._results, not of_records), (self._others, of_records)):
            if table.shows_mark is not marked:
                table.shows_mark = marked
                table.refresh()

    def step(self, by: int) -> None:
        """Move the mark, past the last contact into the other records, and back."""
        table, other = (self._results, self._others)[:: -1 if self._of_records else 1]
        leaves = table.cursor == 0 and by < 0 if self._of_records else table.cursor >= len(table.rows) - 1 and by > 0
        if leaves and other.rows:
            self._mark_in(of_records=other is self._others)
            other.move_to(0 if by > 0 else len(other.rows) - 1)
        else:
            table.move_to(table.cursor + by)

    def open_marked(self) -> None:
        """Open the marked result; before any are shown, the first of the next ones."""
        (self._others if self._of_records else self._results).open_marked()

    @property
    def contact_id(self) -> int | None:
        """The contact of the marked result."""
        key = (self._others if self._of_records else self._results).marked_key
        if key is None:
            return None
        if self._of_records:
            return self._records[key].contact_id if key < len(self._records) else None
        if self._subscriptions is None:
            return key
        return next((row.contact_id for row in self._subscriptions.rows if row.id == key), None)

    @on(RecordTable.Marked)
    def _marked(self, event: RecordTable.Marked) -> None:
        event.stop()
        if event.table.has_focus:
            self._mark_in(of_records=event.table is self._others)
        self.post_message(self.Marked())

    @on(RecordTable.Opened, "#results")
    def _opened(self, event: RecordTable.Opened) -> None:
        event.stop()
        screen = "contact" if self._subscriptions is None else "subscription"
        self.post_message(self.Opened(routes.to(screen, event.key)))

    @on(RecordTable.Opened, "#records")
    def _record_opened(self, event: RecordTable.Opened) -> None:
        event.stop()
        row = self._records[event.key]
        if row.search:
            self.post_message(self.Narrowed(row.search))
        else:
            self.post_message(self.Opened(routes.to(routes.OF_RECORDS[row.kind.value], row.id)))


def _of(shown: int, total: int, word: str, *, capped: bool) -> str:
    """`50 of 1,000+ contacts`; empty where there are none."""
    if total <= 1:
        return f"1 {word}" if total else ""
    return f"{shown:,} of {total:,}{'+' if capped else ''} {word}s"
