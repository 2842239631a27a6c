"""The contact record with its tabs: General, Orders, Activity. Each tab has its own route."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from subtui.acts.contacts import (
    GetContact,
    GetContactOrders,
    ListContactOrders,
    ListContactSubscriptions,
    RememberOpened,
)
from subtui.app import live, routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, safe, wrap_items
from subtui.app.routes import Route
from subtui.app.screens.contact_acts import ON_GENERAL, ContactActs
from subtui.app.screens.contact_timeline import TimelinePane
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.widgets.tab_line import TabLine
from subtui.app.workers import asks
from subtui.domain.subscriptions import DATA_ISSUE_LABELS
from subtui.views.contact_entries import contact_entries, merged_words
from subtui.views.customers import OrderRow, OrdersTab, Page, SubscriptionRow
from subtui.views.entries import Paragraph, row_cells
from subtui.views.list_columns import CARD_COLUMNS, CONTACT_SUBSCRIPTION_COLUMNS, ORDER_COLUMNS
from subtui.views.live import ChangedRecord

_TABS = (("contact", "General"), ("contact_orders", "Orders"), ("contact_activity", "Activity"))
_TITLES = {"orders": "Recent orders", "charges": "Recent recurring charges", "subscriptions": "Subscriptions"}
_OF_THE_TIMELINE = ("contact.kind", "contact.filter")
_MORE = 20
_MORE_SUBSCRIPTIONS = 100
KEPT_AT_MOST = 500
"""The number of rows of a list that a reload requests; further rows are requested by scrolling."""


class ContactScreen(ContactActs):
    """A contact. The tab is part of the route."""

    CSS_PATH = "contact.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CONTACT,)
    BINDINGS = bindings(Scope.CONTACT)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.orders: OrdersTab | None = None
        self._cancel_when_loaded = False
        self._limits = {"orders": 5, "subscriptions": _MORE_SUBSCRIPTIONS, "charges": 5}

    @property
    def timeline(self) -> TimelinePane:
        """The Activity tab."""
        return self.query_one(TimelinePane)

    def compose_body(self) -> ComposeResult:
        """Compose the tabs and their panes."""
        yield TabLine(_TABS, id="tabs")
        with ContentSwitcher(id="panes", initial=f"pane-{self.route.screen}"):
            with VerticalScroll(id="pane-contact"):
                yield DescriptionList(id="general")
            with VerticalScroll(id="pane-contact_orders", can_focus=False):
                yield Static("", id="orders-head", classes="section first", markup=False)
                yield RecordTable(ORDER_COLUMNS, id="orders", empty="no orders")
                yield Static("", id="subscriptions-head", classes="section", markup=False)
                yield RecordTable(CONTACT_SUBSCRIPTION_COLUMNS, id="subscriptions", empty="no subscriptions")
                yield Static("", id="subscription-detail", markup=False)
                yield Static("Credit cards", classes="section", markup=False)
                yield RecordTable(CARD_COLUMNS, id="cards", empty="no cards on file")
                yield Static("", id="charges-head", classes="section", markup=False)
                yield RecordTable(ORDER_COLUMNS, id="charges", empty="no recurring charges")
            yield TimelinePane(self.contact_id, self.route.parameter("kind"), id="pane-contact_activity")

    def on_mount(self) -> None:
        """Load the record; the pane is empty until then."""
        self.query_one("#pane-contact").can_focus = True
        self._show_tabs()
        self.reload()

    def reload(self) -> None:
        """Reload all tabs."""
        self._load()
        self.timeline.reload(now=self.route.screen == "contact_activity")

    def refused(self, refusal: Refusal) -> None:
        """Show a missing contact as an empty screen with a sentence."""
        if refusal.about == "remember":
            return  # the list of recently opened contacts is a convenience: the user need not know of a failure
        if refusal.about == "contact":
            self.query_one("#general", DescriptionList).show([Paragraph(str(refusal.error))])
            if self.record is None:
                self.query_one("#panes", ContentSwitcher).current = "pane-contact"
                self.query_one(TabLine).display = False
        super().refused(refusal)

    # --- tabs -------------------------------------------------------------------------------------------------------

    def open_tab(self, screen: str) -> None:
        """Show another tab, and set its route."""
        if screen == "contact_activity":
            self.route = self.timeline.route()
            self.timeline.open()
        else:
            self.route = routes.to(screen, self.contact_id)
        self.query_one("#panes", ContentSwitcher).current = f"pane-{screen}"
        self._show_tabs()
        self._focus_pane()
        self.refresh_frame()

    def _show_tabs(self) -> None:
        self.query_one(TabLine).show(self.route.screen)

    @on(TabLine.Chosen)
    def _tab_chosen(self, event: TabLine.Chosen) -> None:
        self.open_tab(event.name)

    def _focus_pane(self) -> None:
        if self.route.screen == "contact":
            self.query_one("#pane-contact").focus()
            return
        names = {"contact_orders": ("subscriptions", "orders", "cards"), "contact_activity": ("events",)}[
            self.route.screen
        ]
        tables = [self.query_one(f"#{name}", RecordTable) for name in names]
        filled = next((table for table in tables if table.rows), tables[0])
        filled.focus()

    # --- answers of the backend -------------------------------------------------------------------------------------

    @asks("contact")
    async def _load(self) -> None:
        record = await self.read(GetContact(self.contact_id))
        if record.id != self.contact_id:
            there = routes.to(self.route.screen, record.id)
            self.subtui.go(there, flash=merged_words(record), kind="note", instead=True)
            return
        orders = await self.read(GetContactOrders(self.contact_id, **self._limits))
        first = self.record is None
        self.record, self.orders = record, orders
        fmt = self.subtui.format
        self.query_one("#general", DescriptionList).show(contact_entries(record, fmt))
        for name, page in (("orders", orders.orders), ("charges", orders.charges)):
            self._head(name, _TITLES[name], len(page.rows), page.total)
            self.query_one(f"#{name}", RecordTable).show(rows_of(ORDER_COLUMNS, page.rows, fmt))
        listed = orders.subscriptions
        self._head("subscriptions", _TITLES["subscriptions"], len(listed.rows), listed.total)
        self.query_one("#subscriptions", RecordTable).show(
            rows_of(CONTACT_SUBSCRIPTION_COLUMNS, listed.rows, fmt), more=listed.has_more
        )
        self.query_one("#cards", RecordTable).show(rows_of(CARD_COLUMNS, orders.cards, fmt))
        self._show_detail()
        self.refresh_frame()
        if first:
            self._focus_pane()
            self._remember()
            self.restore_kept()
        if self._cancel_when_loaded:
            self._cancel_when_loaded = False
            self.call_later(self.action_command, "contact.cancel")

    def _head(self, name: str, title: str, shown: int, total: int) -> None:
        count = f"{shown:,} of {total:,}" + ("   m shows more" if shown < total else "")
        self.query_one(f"#{name}-head", Static).update(
            concat(safe(title), "   ", safe(count if total else "", "not bold $muted"))
        )

    @asks("remember")
    async def _remember(self) -> None:
        await self.do(RememberOpened(self.contact_id))

    # --- the marked row ---------------------------------------------------------------------------------------------

    @on(RecordTable.Marked)
    def _marked(self, event: RecordTable.Marked) -> None:
        if event.table.id == "subscriptions":
            self._show_detail()
        self.call_after_refresh(self._bring_into_view, event.table)

    def _bring_into_view(self, table: RecordTable) -> None:
        """Scroll the Orders tab to the marked row, with the heading above for the first one."""
        lines_above = 1 if table.cursor == 0 else 0
        region = table.marked_region().translate(table.virtual_region.offset).grow((lines_above, 0, 1, 0))
        self.query_one("#pane-contact_orders", VerticalScroll).scroll_to_region(region, animate=False, force=True)

    def marked_subscription(self) -> SubscriptionRow | None:
        """The marked row of Subscriptions."""
        key = self.query_one("#subscriptions", RecordTable).marked_key
        rows = self.orders.subscriptions.rows if self.orders else ()
        return next((row for row in rows if row.id == key), None)

    @on(RecordTable.ColumnsChanged, "#subscriptions")
    def _show_detail(self) -> None:
        """Show the dropped columns of the marked subscription, and its data issues."""
        table, row = self.query_one("#subscriptions", RecordTable), self.marked_subscription()
        detail = self.query_one("#subscription-detail", Static)
        if row is None:
            detail.update("")
            return
        cells = row_cells(CONTACT_SUBSCRIPTION_COLUMNS, row, self.subtui.format)
        facts = [f"{CONTACT_SUBSCRIPTION_COLUMNS[at].label} {cells[at].text}" for at in table.dropped_columns()]
        loose = [DATA_ISSUE_LABELS[end] for end in row.loose]
        told = wrap_items(facts, self.size.width - 6, between=" · ") if facts else []
        lines = [safe(f"  {line}", "$muted") for line in told]
        if loose:
            lines.append(safe("  ! " + ", ".join(loose), "$warning"))
        detail.update(Content("\n").join(lines))

    # --- opening ----------------------------------------------------------------------------------------------------

    @on(RecordTable.Opened, "#subscriptions")
    def _open_subscription(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("subscription", event.key))

    @on(RecordTable.Opened, "#orders")
    @on(RecordTable.Opened, "#charges")
    def _open_order(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("order", event.key))

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: only an active subscription, marked on the Orders tab, can be cancelled."""
        reason = super().disabled_reason(wanted)
        if wanted.id in _OF_THE_TIMELINE and self.route.screen != "contact_activity":
            return "Open the Activity tab first (a goes there)."
        if wanted.id == "contact.refund" and not reason:
            order = self.marked_order()
            return order.why_not_refund or None if order else "Select an order or a charge on the Orders tab first."
        if reason or wanted.id != "contact.cancel" or self.orders is None:
            return reason
        if self.route.screen != "contact_orders":
            return "Select the subscription on the Orders tab first (s goes there)."
        row = self.marked_subscription()
        if row is None:
            return "This contact has no subscriptions."
        if row.status != "Active":
            return f"{row.plan} is already Inactive. Open it for details."
        return None

    def is_offered(self, known: Command) -> bool:
        """Hide the open tab from the key bar; show the cancellation where subscriptions are listed."""
        here = {
            "contact": "contact.general",
            "contact_orders": "contact.orders",
            "contact_activity": "contact.activity",
        }
        if known.id == "contact.cancel":
            return self.route.screen == "contact_orders" and not self._on_orders()
        if known.id == "contact.note":
            return self.record is not None
        if known.id in ON_GENERAL:
            return self.route.screen == "contact" and self.disabled_reason(known) is None
        if known.id == "contact.refund":
            return self._on_orders() and self.disabled_reason(known) is None
        if known.id in _OF_THE_TIMELINE:
            return self.route.screen == "contact_activity"
        return known.id != here[self.route.screen]

    def do_contact_general(self) -> None:
        """Show the General tab."""
        self.open_tab("contact")

    def do_contact_orders(self) -> None:
        """Show the Orders tab."""
        self.open_tab("contact_orders")

    def do_contact_activity(self) -> None:
        """Show the Activity tab."""
        self.open_tab("contact_activity")

    def do_contact_subscriptions(self) -> None:
        """Show the list of subscriptions on the Orders tab."""
        if self.route.screen != "contact_orders":
            self.open_tab("contact_orders")
        self.query_one("#subscriptions", RecordTable).focus()

    def do_contact_cancel(self) -> None:
        """Open the form, filled in for a cancellation except for the reason."""
        self._cancel_when_loaded = self.orders is None
        row = self.marked_subscription()
        if row is not None:
            self.subtui.go(routes.to("subscription", row.id, prepare="cancel"))

    def do_contact_kind(self) -> None:
        """Show the next kind of lines of the timeline."""
        self.timeline.next_kind()

    def do_contact_filter(self) -> None:
        """Go to the filter text of the timeline."""
        self.timeline.to_text()

    def changed_elsewhere(self, changes: Sequence[ChangedRecord]) -> None:
        """Follow a change of this contact on the Activity tab, which is a list; the other tabs say it."""
        if self.route.screen == "contact_activity" and self.is_current and live.newest_of(self.route, changes):
            self.refresh_list()
        else:
            super().changed_elsewhere(changes)

    def _on_orders(self) -> bool:
        """Whether a list of orders or charges has the focus."""
        return self.route.screen == "contact_orders" and getattr(self.focused, "id", "") in ("orders", "charges")

    def marked_order(self) -> OrderRow | None:
        """The marked row of the focused list: Recent orders or Recent recurring charges."""
        if not self._on_orders() or self.orders is None or not isinstance(self.focused, RecordTable):
            return None
        key = self.focused.marked_key
        rows = (*self.orders.orders.rows, *self.orders.charges.rows)
        return next((row for row in rows if row.id == key), None)

    def do_contact_refund(self) -> None:
        """Open the refund form of the marked order."""
        order = self.marked_order()
        if order is not None:
            self.subtui.go(routes.to("refund", order.id))

    def do_contact_more(self) -> None:
        """Load more rows of the focused list, else of the subscriptions."""
        if self.route.screen == "contact_activity":
            self.timeline.more()
            return
        focused = self.focused.id if self.focused else None
        self._more_of(focused if focused in self._limits else "subscriptions")

    @on(RecordTable.EndReached, "#subscriptions")
    def _near_end(self) -> None:
        self._more_of("subscriptions")

    @asks("more")
    async def _more_of(self, name: str) -> None:
        """Load the rows after the last one shown."""
        shown = self._listed(name).rows if self.orders else ()
        if not shown or not self._listed(name).has_more:
            return
        after = shown[-1].id
        fmt = self.subtui.format
        found: tuple[SubscriptionRow, ...] | tuple[OrderRow, ...]
        if name == "subscriptions":
            found = await self.read(ListContactSubscriptions(self.contact_id, after=after, limit=_MORE_SUBSCRIPTIONS))
            rows = rows_of(CONTACT_SUBSCRIPTION_COLUMNS, found, fmt)
        else:
            recurring = name == "charges"
            found = await self.read(ListContactOrders(self.contact_id, after=after, recurring=recurring, limit=_MORE))
            rows = rows_of(ORDER_COLUMNS, found, fmt)
        if self.orders is None or not found or self._listed(name).rows[-1].id != after:
            return  # an answer for an earlier list
        page = Page((*self._listed(name).rows, *found), self._listed(name).total)
        changes: dict[str, Any] = {name: page}
        self.orders = replace(self.orders, **changes)
        self._limits[name] = min(len(page.rows), KEPT_AT_MOST)
        self.query_one(f"#{name}", RecordTable).extend(rows, more=page.has_more)
        self._head(name, _TITLES[name], len(page.rows), page.total)

    def _listed(self, name: str) -> Page[Any]:
        page: Page[Any] = getattr(self.orders, name)
        return page

    def filter_field(self, table: RecordTable) -> str:
        """The timeline is filtered in the database."""
        return "text" if table.id == "events" else ""

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, with the contact's name once it is loaded."""
        name = self.record.name if self.record else f"Contact {self.contact_id}"
        return ("Dashboard", name) if self.route.screen == "contact" else ("Dashboard", name, self.route.pattern.title)
