"""All subscriptions: filtered by status, product, end date and text, and sorted."""

from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from subtui.acts.subscriptions import ListProducts, ListSubscriptions
from subtui.app import marking, routes
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.marked_table import MarkedTable
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.subscriptions import DATA_ISSUE_LABELS
from subtui.views.customers import Page, SubscriptionFilter, SubscriptionRow
from subtui.views.entries import row_cells
from subtui.views.list_columns import ALL_SUBSCRIPTIONS_COLUMNS

STATES = (
    ("all", "All"),
    ("active", "Active"),
    ("paused", "Paused"),
    ("ending", "Ending"),
    ("inactive", "Inactive"),
    ("loose", "Loose ends"),
)
_SORTS = (("contact", "contact"), ("end", "end date"), ("next", "next bill"), ("amount", "amount"))
_SORT_OF_COLUMN = (
    *("id", "contact", "plan", "quantity", "start", "amount", "auto", "status", "cycle", "next", "credits", "end"),
)
"""The order in the database of each column, as far as there is one."""
_EVERY_PRODUCT = "0"
_PAGE = 200


class Subscriptions(BaseScreen):
    """The list of all subscriptions."""

    CSS_PATH = "subscriptions.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SUBSCRIPTIONS,)
    BINDINGS = bindings(Scope.SUBSCRIPTIONS)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.wanted = SubscriptionFilter(state=route.parameter("state") or "all")
        self.page: Page[SubscriptionRow] | None = None
        self._limit = _PAGE

    def compose_body(self) -> ComposeResult:
        """Compose the filter and the list."""
        with Vertical(id="all"):
            with Vertical(id="filter"):
                with Horizontal(classes="filter-line"):
                    yield Static("Show", classes="filter-label", markup=False)
                    yield Dropdown(STATES, value=self.wanted.state, id="state")
                    yield Static("Product", classes="filter-label", markup=False)
                    yield Dropdown(((_EVERY_PRODUCT, "every product"),), value=_EVERY_PRODUCT, id="product")
                with Horizontal(classes="filter-line"):
                    yield Static("Text", classes="filter-label", markup=False)
                    yield TextField(id="text", placeholder="name, plan, id, status:ending tag:…", most=100)
                    yield Static("Ends by", classes="filter-label", markup=False)
                    yield DateInput(
                        id="ends-by", placeholder="any date", display_config=self.subtui.app_config.display_config
                    )
            yield Static("", id="standing", markup=False)
            yield MarkedTable(ALL_SUBSCRIPTIONS_COLUMNS, id="list", empty="Loading …")
            yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        """Load the list and the products to filter by."""
        self.query_one("#list").focus()
        self.query_one(DateInput).today = self.subtui.today
        self._load_products()
        self.reload()

    @asks("products")
    async def _load_products(self) -> None:
        products = await self.read(ListProducts())
        dropdown = self.query_one("#product", Dropdown)
        dropdown.offer(((_EVERY_PRODUCT, "every product"), *((str(p.id), p.name) for p in products)))

    @asks("list", newest=True)
    async def reload(self) -> None:
        """Reload the list."""
        page = self.page = await self.read(ListSubscriptions(self.wanted, limit=self._limit))
        table = self.query_one("#list", RecordTable)
        table.empty = "No matching subscriptions. f changes the filter."
        table.show(rows_of(ALL_SUBSCRIPTIONS_COLUMNS, page.rows, self.subtui.format))
        self._show_standing()
        self._show_detail()
        self.refresh_frame()

    @on(MarkedTable.MarksChanged, "#list")
    def _show_standing(self) -> None:
        """Show how many rows are listed, and how many are marked."""
        page = self.page
        if page is None:
            return
        marked = marking.words(self.query_one("#list", MarkedTable))
        shown, total = len(page.rows), page.total
        more = "   m shows more" if shown < total else ""
        self.query_one("#standing", Static).update(
            concat(
                safe(f"{marked}   " if marked else "", "bold $primary"),
                safe(f"{shown:,} of {total:,}{'+' if page.capped else ''}", "$muted"),
                safe(f"   by {self._order_words()}{more}", "$muted"),
            )
        )

    @on(MarkedTable.EveryWanted, "#list")
    def _mark_every(self) -> None:
        marking.mark_all(self, self.query_one("#list", MarkedTable), self.wanted)

    # --- the filter -------------------------------------------------------------------------------------------------

    def _filter(self, **changes: str | int | date | None) -> None:
        wanted = replace(self.wanted, **changes)  # type: ignore[arg-type]
        if wanted != self.wanted:
            self.wanted, self._limit = wanted, _PAGE
            self.reload()

    @on(Dropdown.Changed, "#state")
    def _state_changed(self, event: Dropdown.Changed) -> None:
        self._filter(state=str(event.value))

    @on(Dropdown.Changed, "#product")
    def _product_changed(self) -> None:
        chosen = self.query_one("#product", Dropdown).chosen
        self._filter(product_id=int(chosen) if chosen and chosen != _EVERY_PRODUCT else None)

    @on(DateInput.Dated)
    def _ends_by_changed(self) -> None:
        field = self.query_one(DateInput)
        if field.problem is None:
            self._filter(ends_by=field.day)

    @on(Input.Changed, "#text")
    def _text_changed(self, event: Input.Changed) -> None:
        self._filter(text=event.value)

    @on(Input.Submitted)
    def _to_the_list(self) -> None:
        field = self.query_one(DateInput)
        if field.problem:
            self.say(field.problem, "refused")
        else:
            self.query_one("#list").focus()

    def _order_words(self) -> str:
        column = ALL_SUBSCRIPTIONS_COLUMNS[_SORT_OF_COLUMN.index(self.wanted.sort)].label
        words = dict(_SORTS).get(self.wanted.sort, column)
        return f"{words}, the other way round" if self.wanted.reverse else words

    def filter_field(self, table: RecordTable) -> str:
        """The text is looked for in the database."""
        return "text"

    def sort_list(self, table: RecordTable, at: int, *, reverse: bool) -> bool:
        """Sort by a column in the database."""
        if at >= len(_SORT_OF_COLUMN):
            return False
        table.show_sorted(at, reverse=reverse)
        self._filter(sort=_SORT_OF_COLUMN[at], reverse=reverse)
        return True

    # --- rows -------------------------------------------------------------------------------------------------------

    def marked(self) -> SubscriptionRow | None:
        """The marked row."""
        key = self.query_one("#list", RecordTable).marked_key
        return next((row for row in (self.page.rows if self.page else ()) if row.id == key), None)

    @on(RecordTable.Marked, "#list")
    @on(RecordTable.ColumnsChanged, "#list")
    def _show_detail(self) -> None:
        row = self.marked()
        detail = self.query_one("#detail", Static)
        if row is None:
            detail.update("")
            return
        table = self.query_one("#list", RecordTable)
        cells = row_cells(ALL_SUBSCRIPTIONS_COLUMNS, row, self.subtui.format)
        dropped = [f"{ALL_SUBSCRIPTIONS_COLUMNS[at].label} {cells[at].text}" for at in table.dropped_columns()]
        loose = ", ".join(DATA_ISSUE_LABELS[end] for end in row.loose)
        detail.update(concat(safe(" · ".join(dropped), "$muted"), safe(f"  ! {loose}" if loose else "", "$warning")))
        self.refresh_frame()

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("subscription", event.key))

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: only an active subscription can be cancelled."""
        reason = super().disabled_reason(wanted)
        if reason or wanted.id != "subscriptions.cancel":
            return reason
        row = self.marked()
        if row is None:
            return "Select a subscription first."
        return f"{row.plan} is already Inactive." if row.status != "Active" else None

    def do_subscriptions_cancel(self) -> None:
        """Open the form, filled in for a cancellation except for the reason."""
        row = self.marked()
        if row is not None:
            self.subtui.go(routes.to("subscription", row.id, prepare="cancel"))

    def do_subscriptions_batch(self) -> None:
        """Open the form for one act on the marked subscriptions."""
        marking.open_batch(self, self.query_one("#list", MarkedTable))

    def do_subscriptions_state(self) -> None:
        """Filter by the next status."""
        names = [name for name, _ in STATES]
        self.query_one("#state", Dropdown).choose(names[(names.index(self.wanted.state) + 1) % len(names)])

    def do_subscriptions_sort(self) -> None:
        """Sort by the next sort order."""
        names = [name for name, _ in _SORTS]
        at = names.index(self.wanted.sort) + 1 if self.wanted.sort in names else 0
        wanted = names[at % len(names)]
        self.query_one("#list", RecordTable).show_sorted(_SORT_OF_COLUMN.index(wanted), reverse=False)
        self._filter(sort=wanted, reverse=False)

    def do_subscriptions_filter(self) -> None:
        """Focus the filter fields."""
        self.query_one("#text").focus()

    def do_subscriptions_contact(self) -> None:
        """Open the contact of the marked row."""
        row = self.marked()
        if row is not None:
            self.subtui.go(routes.to("contact_orders", row.contact_id))

    def do_subscriptions_more(self) -> None:
        """Load another page of rows."""
        if self.page is not None and self.page.has_more:
            self._limit += _PAGE
            self.reload()

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "All subscriptions")
