"""The dashboard: the search field with live results, subscriptions that end soon, open work, and data issues."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from subtui.acts.contacts import CountRecords, FindContacts, GetContact, GetContactOrders, GetOverview
from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.record_table import RecordTable, Row, rows_of
from subtui.app.widgets.search_field import SearchField
from subtui.app.workers import asks
from subtui.domain.plain_text import counted
from subtui.views.dashboard_entries import (
    ANSWERS,
    CONTACT_COLUMNS,
    ENDING_COLUMNS,
    KEAP_CHANGES,
    KEAP_DATA,
    NO_LOOSE_ENDS,
    NOTHING_ENDING,
    REFUNDS,
    loose_columns,
    loose_rows,
    pending_rows,
)
from subtui.views.entries import Cell, Column, row_cells

if TYPE_CHECKING:
    # Needed only after the first frame: the backend's thread imports them meanwhile.
    from subtui.views.customers import Found, Overview, Totals

_PENDING = {
    ANSWERS: routes.to("requests"),
    REFUNDS: routes.to("refunds"),
    KEAP_CHANGES: routes.to("keap_outbox", state="person"),
    KEAP_DATA: routes.to("keap"),
}
"""Where the rows of what is pending lead."""
_NONE = {
    "ending": NOTHING_ENDING,
    "waiting": "Nothing pending",
    "loose": NO_LOOSE_ENDS,
}
"""The texts of lists known to be empty."""
LOADED_AT_MOST = 500
"""The most results loaded at once; with more, the user should refine the search."""

HINT = "a name, e-mail, phone, company or id"


def _dimmed(row: Row) -> Row:
    name, *others = row.cells
    cells = (Cell(f"≈ {name.text}"), *others)
    return Row(row.key, tuple(Cell(cell.text, "muted") for cell in cells))


class Dashboard(BaseScreen):
    """The start screen."""

    CSS_PATH = "dashboard.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.DASHBOARD,)
    BINDINGS = bindings(Scope.DASHBOARD)
    SHOWS_MENU = True

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self._overview: Overview | None = None
        self._totals: Totals | None = None
        self._wanted = ""  # the current search text; the backend cancels searches for other texts
        self._found_so_far: Found | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the search and its results on the left; on wide terminals the marked contact on the right."""
        with Horizontal(id="columns"):
            with Vertical(id="left"):
                with Horizontal(id="search-line"):
                    yield Static("⌕", id="search-sign", markup=False)
                    yield SearchField(id="search", placeholder=HINT)
                yield Static("", id="results-head", markup=False)
                yield RecordTable(CONTACT_COLUMNS, id="results", empty="", always_marked=True)
                with Horizontal(id="overview"):
                    with Vertical(classes="block", id="ending-block"):
                        yield Static("Ending soon", classes="section", markup=False)
                        yield RecordTable(
                            ENDING_COLUMNS,
                            id="ending",
                            empty="Loading …",
                            headed=False,
                        )
                    with Vertical(classes="block", id="loose-block"):
                        yield Static("Pending", classes="section", markup=False)
                        yield RecordTable(
                            (Column("What", 12), Column("How many", 10, share=1)),
                            id="waiting",
                            empty="Loading …",
                            headed=False,
                        )
                        yield Static("Loose ends", classes="section", markup=False)
                        yield RecordTable(
                            loose_columns(),
                            id="loose",
                            empty="Loading …",
                            headed=False,
                        )
            yield DescriptionList(id="summary", empty="Select a contact to see it here.")

    def on_mount(self) -> None:
        """Focus the search field from the first frame on."""
        self.query_one("#search").focus()
        if self.subtui.person is not None:
            self.reload()

    def reload(self) -> None:
        """Reload the overview and the shown results."""
        self._search(self.query_one("#search", SearchField).value)
        self._load_overview()
        self.subtui.ask_for_the_day()

    def refresh_list(self) -> None:
        """Follow the change of another user: the counts, and the lists of what is open."""
        self._load_overview()

    # --- searching --------------------------------------------------------------------------------------------------

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    def _search(self, text: str) -> None:
        self._wanted, self._found_so_far = text, None
        if text.strip():
            self.query_one("#results", RecordTable).mark_stale()
            if self.subtui.person is None:
                return  # typed before the sign-in, which searches again
            self._find(text)
        else:
            self._show_recent()

    @asks("search", newest=True)
    async def _find(self, text: str) -> None:
        found = await self.read(FindContacts(text), is_cancelled=lambda: self._wanted != text)
        if found.query != self._wanted:
            return  # an answer to what was typed before
        self._found_so_far = found
        table = self.query_one("#results", RecordTable)
        table.empty = "No matches. Try part of a name, e-mail, phone, company or an id."
        table.show(self._rows(found), keep_mark=False, more=found.after is not None)
        self._count(found)
        self._preview()

    def _rows(self, found: "Found") -> list[Row]:
        """The rows of an answer; matches with a typing error are dimmed."""
        rows = rows_of(CONTACT_COLUMNS, found.rows, self.subtui.format)
        alike = len(rows) - found.similar
        return [*rows[:alike], *map(_dimmed, rows[alike:])]

    def _count(self, found: "Found") -> None:
        shown = len(found.rows) - found.similar
        total = f"{found.total:,}{'+' if found.capped else ''}"
        words = f"{shown:,} of {total} contacts" if found.total > 1 else "1 contact" if found.total else ""
        if found.similar:
            alike = counted(found.similar, "similar name")
            words = f"{words} · {alike}" if words else f"No exact match · {alike}"
        if found.after is not None and shown >= LOADED_AT_MOST:
            words = f"{words} · type more to narrow it down"
        self.query_one("#results-head", Static).update(safe(words), layout=False)

    @on(RecordTable.EndReached, "#results")
    @asks("search", newest=True)
    async def _find_more(self) -> None:
        found = self._found_so_far
        if found is None or found.after is None or len(found.rows) >= LOADED_AT_MOST:
            return
        text, after = found.query, found.after
        more = await self.read(FindContacts(text, after=after), is_cancelled=lambda: self._wanted != text)
        before = self._found_so_far
        if before is None or before.query != more.query or before.after != after:
            return  # an answer to what was typed before
        found = replace(before, rows=(*before.rows, *more.rows), after=more.after)
        self._found_so_far = found
        self.query_one("#results", RecordTable).extend(self._rows(more), more=more.after is not None)
        self._count(found)

    def _show_recent(self) -> None:
        table = self.query_one("#results", RecordTable)
        recent = self._overview.recent if self._overview else ()
        table.empty = "" if self._overview is None else "Type to find a customer. Contacts you open are listed here."
        table.show(rows_of(CONTACT_COLUMNS, recent, self.subtui.format))
        head = "Recently opened" if recent else ""
        if self._totals is not None:
            active = counted(self._totals.subscriptions_active, "active subscription")
            totals = f"{counted(self._totals.contacts, 'contact')}, {active}"
            head = f"{head} · {totals}" if head else totals
        self.query_one("#results-head", Static).update(safe(head), layout=False)
        self._preview()

    @on(SearchField.Stepped)
    def _stepped(self, event: SearchField.Stepped) -> None:
        table = self.query_one("#results", RecordTable)
        table.move_to(table.cursor + event.by)

    @on(Input.Submitted, "#search")
    def _submitted(self) -> None:
        self.query_one("#results", RecordTable).open_marked()

    @on(RecordTable.Opened, "#results")
    def _open_contact(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("contact", event.key))

    # --- the overview -----------------------------------------------------------------------------------------------

    @asks("overview")
    async def _load_overview(self) -> None:
        overview = self._overview = await self.read(GetOverview())
        for name, words in _NONE.items():
            self.query_one(f"#{name}", RecordTable).empty = words
        ending, loose = self.query_one("#ending", RecordTable), self.query_one("#loose", RecordTable)
        fmt = self.subtui.format
        ending.show([Row(row.subscription_id, row_cells(ENDING_COLUMNS, row, fmt)) for row in overview.ending_soon])
        rows = loose_rows(overview)
        loose.columns = loose_columns(rows)
        loose.show([Row(at, cells) for at, cells in enumerate(rows)])
        self.set_class(overview.keap is not None, "-keap")
        pending = enumerate(pending_rows(overview))
        self.query_one("#waiting", RecordTable).show([Row(at, cells) for at, cells in pending if cells[1].text])
        if not self._wanted:
            self._show_recent()
            # Counting a million records takes a while: a search typed meanwhile is answered first.
            self._count_records()

    @asks("totals", newest=True)
    async def _count_records(self) -> None:
        self._totals = await self.read(CountRecords(), is_cancelled=lambda: bool(self._wanted))
        if not self._wanted:
            self._show_recent()

    @on(RecordTable.Opened, "#waiting")
    def _open_waiting(self, event: RecordTable.Opened) -> None:
        self.subtui.go(_PENDING[event.key])

    @on(RecordTable.Opened, "#ending")
    def _open_ending(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("subscription", event.key))

    @on(RecordTable.Opened, "#loose")
    def _open_loose(self, event: RecordTable.Opened) -> None:
        # The last row, after the data issues, is of the orders with a balance left by a refund.
        if self._overview is not None and event.key == len(self._overview.loose_ends):
            self.subtui.go(routes.to("reports", report="loose"))
        else:
            self.subtui.go(routes.to("subscriptions", state="loose"))

    # --- the contact beside the list --------------------------------------------------------------------------------

    @on(RecordTable.Marked, "#results")
    def _marked(self) -> None:
        self._preview()

    def on_resize(self, event: events.Resize) -> None:
        """Show the marked contact when the terminal has become wide enough."""
        super().on_resize(event)
        self.call_after_refresh(self._preview)

    @asks("preview", newest=True)
    async def _preview(self) -> None:
        summary = self.query_one("#summary", DescriptionList)
        key = self.query_one("#results", RecordTable).marked_key
        if key is None:
            summary.show(())
        elif self.has_class("-wide"):
            record = await self.read(GetContact(key))
            orders = await self.read(GetContactOrders(key, subscriptions=20))
            if key == self.query_one("#results", RecordTable).marked_key:
                from subtui.views.contact_entries import contact_summary  # noqa: PLC0415  (not for the first frame)

                summary.show(contact_summary(record, orders, self.subtui.format))

    # --- commands ---------------------------------------------------------------------------------------------------

    def is_offered(self, known: Command) -> bool:
        """Why a command is unavailable: Search and Back have no effect here."""
        if known.id in ("dashboard.open", "dashboard.move"):
            return isinstance(self.focused, SearchField)
        return known.id not in ("app.search", "app.back")

    def do_app_back(self) -> None:
        """Clear and focus the search field on Escape."""
        search = self.query_one("#search", SearchField)
        search.value = ""
        search.focus()

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, with the account's name first."""
        session_info = self.subtui.session_info
        return (session_info.account, "Dashboard") if session_info and self.size.width >= 110 else ("Dashboard",)
