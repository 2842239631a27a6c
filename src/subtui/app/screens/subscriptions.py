"""All subscriptions: filtered by status, product, end date and text, and sorted."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

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
from subtui.domain.permissions import Permission, why_not
from subtui.domain.subscriptions import DATA_ISSUE_LABELS
from subtui.views.customers import Page, SubscriptionFilter, SubscriptionRow
from subtui.views.entries import row_cells
from subtui.views.list_columns import ALL_SUBSCRIPTIONS_COLUMNS

if TYPE_CHECKING:
    from subtui.app.screens.saved_views import ViewName

STATES = (
    ("all", "All"),
    ("active", "Active"),
    ("paused", "Paused"),
    ("ending", "Ending"),
    ("inactive", "Inactive"),
    ("loose", "Loose ends"),
)
_SORTS = (("contact", "contact"), ("end", "end date"), ("next", "next bill"), ("amount", "amount"))
_SORT_OF_COLUMN = {
    "Id": "id",
    "Contact": "contact",
    "View": "plan",
    "QTY": "quantity",
    "Start Date": "start",
    "Bill Amt": "amount",
    "Auto$": "auto",
    "Status": "status",
    "Cycle": "cycle",
    "Next Bill": "next",
    "Credits": "credits",
    "End Date": "end",
}
"""The order in the database of each column that has one, by its label."""
_COLUMN_OF_SORT = {sort: label for label, sort in _SORT_OF_COLUMN.items()}
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
        self.columns = ALL_SUBSCRIPTIONS_COLUMNS
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
                    yield TextField(id="text", placeholder="name, plan, tag:…", most=100)
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
        if self.route.parameter("view"):
            self._open_view(int(self.route.parameter("view")))
        else:
            self.reload()

    @asks("view")
    async def _open_view(self, view_id: int) -> None:
        from subtui.acts.saved_views import GetSavedView  # noqa: PLC0415  (for those who have views)
        from subtui.views.saved_views import chosen_columns  # noqa: PLC0415

        view = await self.read(GetSavedView(view_id))
        self.wanted, self.columns = view.filter, chosen_columns(view.columns)
        self.query_one("#list", RecordTable).show_as(self.columns, [])
        with self.prevent(Input.Changed):
            self.query_one("#text", TextField).value = view.query
        self._show_order()
        self.say(f"View “{view.name}”{f', shared by {view.made_by}' if view.shared else ''}.")
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
        table.show(rows_of(self.columns, page.rows, self.subtui.format))
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
        words = dict(_SORTS).get(self.wanted.sort) or _COLUMN_OF_SORT.get(self.wanted.sort, self.wanted.sort)
        return f"{words}, the other way round" if self.wanted.reverse else words

    def _show_order(self) -> None:
        """Mark the column that the list is sorted by, if it is shown."""
        labels = [column.label for column in self.columns]
        label = _COLUMN_OF_SORT.get(self.wanted.sort, "")
        at = labels.index(label) if label in labels else None
        self.query_one("#list", RecordTable).show_sorted(at, reverse=self.wanted.reverse)

    def sort_list(self, table: RecordTable, at: int, *, reverse: bool) -> bool:
        """Sort by a column in the database."""
        sort = _SORT_OF_COLUMN.get(self.columns[at].label)
        if sort is None:
            return False
        self._filter(sort=sort, reverse=reverse)
        self._show_order()
        return True

    def filter_field(self, table: RecordTable) -> str:
        """The text is looked for in the database."""
        return "text"

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
        cells = row_cells(self.columns, row, self.subtui.format)
        dropped = [f"{self.columns[at].label} {cells[at].text}" for at in table.dropped_columns()]
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
        self._filter(sort=names[at % len(names)], reverse=False)
        self._show_order()

    # --- columns and views ------------------------------------------------------------------------------------------

    def do_subscriptions_columns(self) -> None:
        """Choose the columns and their order."""
        from subtui.app.screens.columns_dialog import ColumnsDialog  # noqa: PLC0415  (only when asked for)

        labels = [column.label for column in self.columns]
        every = [column.label for column in ALL_SUBSCRIPTIONS_COLUMNS]
        self.app.push_screen(ColumnsDialog(labels, every), self._choose_columns)

    def _choose_columns(self, labels: tuple[str, ...] | None) -> None:
        if labels and self.page is not None:
            from subtui.views.saved_views import chosen_columns  # noqa: PLC0415

            self.columns = chosen_columns(labels)
            table = self.query_one("#list", RecordTable)
            table.show_as(self.columns, rows_of(self.columns, self.page.rows, self.subtui.format))
            self._show_order()
            self._show_detail()

    def _query(self) -> str:
        """The search for what is listed: the text, and the fields as operators."""
        from subtui.domain.search_query import joined  # noqa: PLC0415

        field = self.query_one("#product", Dropdown)
        product = dict(field.choices).get(field.chosen or "", "") if field.chosen != _EVERY_PRODUCT else ""
        return joined(self.wanted.text, state=self.wanted.state, product=product, ends_by=self.wanted.ends_by)

    def do_subscriptions_save_view(self) -> None:
        """Ask for a name, and save what is listed under it."""
        from subtui.app.screens.saved_views import SaveViewDialog  # noqa: PLC0415  (only when asked for)

        person = self.subtui.person
        may_share = person is not None and why_not(person.role, Permission.SHARE_VIEW) is None
        what = f"{self._query() or 'All subscriptions'}, by {self._order_words()}"
        self.app.push_screen(SaveViewDialog(what, may_share=may_share), self._save_view)

    @asks("view")
    async def _save_view(self, chosen: "ViewName | None") -> None:
        if chosen is None:
            return
        from subtui.acts.saved_views import SaveView  # noqa: PLC0415
        from subtui.domain.saved_views import Listing  # noqa: PLC0415

        labels = tuple(column.label for column in self.columns)
        saved = await self.do(
            SaveView(
                chosen.name,
                Listing.SUBSCRIPTIONS,
                query=self._query(),
                sort=self.wanted.sort,
                reverse=self.wanted.reverse,
                columns=() if self.columns == ALL_SUBSCRIPTIONS_COLUMNS else labels,
                shared=chosen.shared,
            )
        )
        self.say(f"Saved the view “{saved.name}”{' for the team' if saved.shared else ''}. V opens it.", "done")

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
