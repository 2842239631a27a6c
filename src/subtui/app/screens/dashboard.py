"""The dashboard: the search field with live results, subscriptions that end soon, open work, and data issues."""

from collections.abc import Iterable, Sequence
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
from subtui.app.screens.contact_rows import CONTACT_COLUMNS, contact_row
from subtui.app.widgets.columns import Column
from subtui.app.widgets.contact_summary import ContactSummary
from subtui.app.widgets.record_table import Cell, RecordTable, Row
from subtui.app.widgets.search_field import SearchField
from subtui.app.workers import asks
from subtui.domain.plain_text import counted

if TYPE_CHECKING:
    # Needed only after the first frame: the backend's thread imports them meanwhile.
    from subtui.views.customers import Found, Overview, Totals

_ANSWERS, _REFUNDS, _OWING = 1, 2, 99
_NONE = {
    "ending": "Nothing ending soon",
    "waiting": "Nothing pending",
    "loose": "No loose ends",
}
"""The texts of lists known to be empty."""
LOADED_AT_MOST = 500
"""The most results loaded at once; with more, the user should refine the search."""

HINT = "a name, e-mail, phone, company or id"


def loose_columns(counts: Sequence[int]) -> tuple[Column, ...]:
    """The columns of the data issues, as wide as the largest count."""
    widest = max((len(f"{count:,}") for count in counts), default=0)
    return Column("How many", max(widest, 3), right=True), Column("What", 14, share=2, most=44)


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
                            (
                                Column("On", 11, right=True),
                                Column("Plan", 9, share=2, most=26),
                                Column("Contact", 8, share=2, most=26),
                            ),
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
                            loose_columns(()),
                            id="loose",
                            empty="Loading …",
                            headed=False,
                        )
            yield ContactSummary(id="summary")

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
        alike = len(found.rows) - found.similar
        return [contact_row(row, self.subtui.day, alike=at >= alike) for at, row in enumerate(found.rows)]

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
        table.show([contact_row(row, self.subtui.day) for row in recent])
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
        from subtui.domain.subscriptions import DATA_ISSUE_LABELS  # noqa: PLC0415  (the backend has imported it by now)

        for name, words in _NONE.items():
            self.query_one(f"#{name}", RecordTable).empty = words
        ending, loose = self.query_one("#ending", RecordTable), self.query_one("#loose", RecordTable)
        ending.show(
            [
                Row(row.subscription_id, (Cell(self.subtui.day(row.end_date)), Cell(row.plan), Cell(row.contact)))
                for row in overview.ending_soon
            ]
        )
        counts = [count for _, count in overview.loose_ends]
        loose.columns = loose_columns((*counts, overview.refunds_owing))
        loose.show(
            [
                Row(at, (Cell(f"{count:,}", "warn"), Cell(DATA_ISSUE_LABELS[end])))
                for at, (end, count) in enumerate(overview.loose_ends)
            ]
            + self._owing(overview)
        )
        self.query_one("#waiting", RecordTable).show(list(self._waiting(overview)))
        if not self._wanted:
            self._show_recent()
            # Counting a million records takes a while: a search typed meanwhile is answered first.
            self._count_records()

    @asks("totals", newest=True)
    async def _count_records(self) -> None:
        self._totals = await self.read(CountRecords(), is_cancelled=lambda: bool(self._wanted))
        if not self._wanted:
            self._show_recent()

    @staticmethod
    def _owing(overview: "Overview") -> list[Row]:
        count = overview.refunds_owing
        return [Row(_OWING, (Cell(f"{count:,}", "warn"), Cell("balance left by a refund")))] if count else []

    @staticmethod
    def _waiting(overview: "Overview") -> Iterable[Row]:
        """The rows for answers due and open refunds, each if there are any."""
        due, refunds = overview.answers_due, overview.refunds_to_finish
        if due.words:
            yield Row(_ANSWERS, (Cell("Answers due"), Cell(due.words, "warn" if due.overdue or due.today else "")))
        if refunds:
            yield Row(_REFUNDS, (Cell("Open refunds"), Cell(f"{refunds:,}", "warn")))

    @on(RecordTable.Opened, "#waiting")
    def _open_waiting(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("requests" if event.key == _ANSWERS else "refunds"))

    @on(RecordTable.Opened, "#ending")
    def _open_ending(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("subscription", event.key))

    @on(RecordTable.Opened, "#loose")
    def _open_loose(self, event: RecordTable.Opened) -> None:
        if event.key == _OWING:
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
        summary = self.query_one(ContactSummary)
        key = self.query_one("#results", RecordTable).marked_key
        if key is None:
            summary.clear()
        elif self.has_class("-wide"):
            record = await self.read(GetContact(key))
            orders = await self.read(GetContactOrders(key, subscriptions=20))
            if key == self.query_one("#results", RecordTable).marked_key:
                summary.show(record, orders, self.subtui.day)

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
