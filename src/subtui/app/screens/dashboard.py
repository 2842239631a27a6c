"""The dashboard: the search field with live results, subscriptions that end soon, open work, and data issues."""

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
from subtui.app.routes import Route
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.widgets.search_field import SearchField
from subtui.app.widgets.search_results import LOADED_AT_MOST, SearchResults
from subtui.app.workers import asks
from subtui.domain.errors import SubtuiError
from subtui.domain.plain_text import counted
from subtui.views.dashboard_entries import (
    ANSWERS,
    BATCHES,
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
from subtui.views.entries import Column, row_cells

if TYPE_CHECKING:
    # Needed only after the first frame: the backend's thread imports them meanwhile.
    from collections.abc import Mapping

    from subtui.domain.search_query import Operator
    from subtui.views.customers import Overview, Totals

_PENDING = {
    ANSWERS: routes.to("requests"),
    REFUNDS: routes.to("refunds"),
    BATCHES: routes.to("batches"),
    KEAP_CHANGES: routes.to("keap_outbox", state="person"),
    KEAP_DATA: routes.to("keap"),
}
"""Where the rows of what is pending lead."""
COUNTED = 1000
"""The most subscriptions of a search that are counted."""
_NONE = {
    "ending": NOTHING_ENDING,
    "waiting": "Nothing pending",
    "loose": NO_LOOSE_ENDS,
}
"""The texts of lists known to be empty."""
HINT = "a name, e-mail, phone, company, number or reference"


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
        self._values: Mapping[Operator, tuple[str, ...]] | None = None
        self._wanted = ""  # the current search text; the backend cancels searches for other texts

    def compose_body(self) -> ComposeResult:
        """Compose the search and its results on the left; on wide terminals the marked contact on the right."""
        with Horizontal(id="columns"):
            with Vertical(id="left"):
                with Horizontal(id="search-line"):
                    yield Static("⌕", id="search-sign", markup=False)
                    yield SearchField(id="search", placeholder=HINT, values=self._search_values)
                yield SearchResults()
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
            if self.route.parameter("view"):
                self._open_view(int(self.route.parameter("view")))

    @asks("view")
    async def _open_view(self, view_id: int) -> None:
        from subtui.acts.saved_views import GetSavedView  # noqa: PLC0415  (for those who have views)

        view = await self.read(GetSavedView(view_id))
        self._narrow(SearchResults.Narrowed(view.query))

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
        self._wanted = text
        if text.strip():
            self.results.search_begins()
            if self.subtui.person is None:
                return  # typed before the sign-in, which searches again
            self._find(text)
        else:
            self._show_recent()

    @property
    def results(self) -> SearchResults:
        """What was found."""
        return self.query_one(SearchResults)

    @asks("search", newest=True)
    async def _find(self, text: str) -> None:
        if ":" in text and await self._filter(text):
            return
        found = await self.read(FindContacts(text), is_cancelled=lambda: self._wanted != text)
        if self._wanted != text:
            return  # an answer to what was typed before
        self.results.show_contacts(found)
        self._preview()
        from subtui.acts.search import FindRecords  # noqa: PLC0415  (contacts are answered first)

        records = await self.read(FindRecords(text), is_cancelled=lambda: self._wanted != text)
        if self._wanted == text:
            self.results.show_records(records)
            self._preview()

    async def _filter(self, text: str) -> bool:
        """Search by operators; False for a text without any."""
        from subtui.acts.search import FilterContacts  # noqa: PLC0415  (not for the first frame)
        from subtui.acts.subscriptions import ListSubscriptions  # noqa: PLC0415
        from subtui.domain.search_query import HELP, begun, parse  # noqa: PLC0415
        from subtui.views.customers import SubscriptionFilter  # noqa: PLC0415

        asked, operator = begun(text)
        query = parse(asked, today=self.subtui.today)
        if not query.conditions and not query.problem and operator is None:
            return False
        if query.problem:
            self.results.show_note(query.problem, "$warning")
        elif operator is not None and not asked:
            self.results.show_note(f"{operator.value}: takes {HELP[operator]}")
        elif query.of_subscriptions:
            wanted = ListSubscriptions(SubscriptionFilter(text=asked), counted=COUNTED)
            page = await self.read(wanted, is_cancelled=lambda: self._wanted != text)
            if self._wanted == text:
                self.results.show_subscriptions(page)
        else:
            found = await self.read(FilterContacts(asked), is_cancelled=lambda: self._wanted != text)
            if self._wanted == text:
                self.results.show_contacts(found, by_operators=True)
        self.results.show_records(None)
        self._preview()
        return True

    async def _search_values(self) -> "Mapping[Operator, tuple[str, ...]]":
        """What operators can take here, read when an operator is first typed."""
        if self._values is None and self.subtui.person is not None:
            from subtui.acts.search import GetSearchValues  # noqa: PLC0415  (for those who type operators)

            try:
                self._values = await self.read(GetSearchValues())
            except SubtuiError:
                return {}  # a completion is a convenience: the search itself says what is wrong
        return self._values or {}

    @on(RecordTable.EndReached, "#results")
    @asks("search", newest=True)
    async def _find_more(self) -> None:
        found = self.results.found
        if found is None or found.after is None or len(found.rows) >= LOADED_AT_MOST:
            return
        text, after = found.query, found.after
        more = await self.read(FindContacts(text, after=after), is_cancelled=lambda: self._wanted != text)
        self.results.extend(more, after)

    def _show_recent(self) -> None:
        recent = self._overview.recent if self._overview else ()
        empty = "" if self._overview is None else "Type to find a customer. Contacts you open are listed here."
        head = "Recently opened" if recent else ""
        if self._totals is not None:
            active = counted(self._totals.subscriptions_active, "active subscription")
            totals = f"{counted(self._totals.contacts, 'contact')}, {active}"
            head = f"{head} · {totals}" if head else totals
        self.results.show_recent(recent, head, empty)
        self._preview()

    @on(SearchField.Stepped)
    def _stepped(self, event: SearchField.Stepped) -> None:
        self.results.step(event.by)

    @on(Input.Submitted, "#search")
    def _submitted(self) -> None:
        self.results.open_marked()

    @on(SearchResults.Opened)
    def _open_result(self, event: SearchResults.Opened) -> None:
        self.subtui.go(event.route)

    @on(SearchResults.Narrowed)
    def _narrow(self, event: SearchResults.Narrowed) -> None:
        search = self.query_one("#search", SearchField)
        search.value = event.text
        search.cursor_position = len(event.text)
        search.focus()

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

    @on(SearchResults.Marked)
    def _marked(self) -> None:
        self._preview()

    def on_resize(self, event: events.Resize) -> None:
        """Show the marked contact when the terminal has become wide enough."""
        super().on_resize(event)
        self.call_after_refresh(self._preview)

    @asks("preview", newest=True)
    async def _preview(self) -> None:
        summary = self.query_one("#summary", DescriptionList)
        key = self.results.contact_id
        if key is None:
            summary.show(())
        elif self.has_class("-wide"):
            record = await self.read(GetContact(key))
            orders = await self.read(GetContactOrders(key, subscriptions=20))
            if key == self.results.contact_id:
                from subtui.views.contact_entries import contact_summary  # noqa: PLC0415  (not for the first frame)

                summary.show(contact_summary(record, orders, self.subtui.format))

    # --- commands ---------------------------------------------------------------------------------------------------

    def is_offered(self, known: Command) -> bool:
        """Why a command is unavailable: Search and Back have no effect here."""
        if known.id in ("dashboard.open", "dashboard.move"):
            return isinstance(self.focused, SearchField)
        return known.id not in ("app.search", "app.back", "list.filter")

    def do_app_back(self) -> None:
        """Clear and focus the search field on Escape."""
        search = self.query_one("#search", SearchField)
        search.value = ""
        search.focus()

    def filter_field(self, table: RecordTable) -> str:
        """The search field filters every list here."""
        return "search"

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, with the account's name first."""
        session_info = self.subtui.session_info
        return (session_info.account, "Dashboard") if session_info and self.size.width >= 110 else ("Dashboard",)
