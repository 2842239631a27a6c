"""Admin > Billing & Account: the plan, the notice clock, the effects of a request today, the users, the invoices."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from subtui.acts.account import GetBilling
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope, command
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.notice_clock import Days, NoticeClock
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.views.account import BillingView
from subtui.views.account_entries import (
    INVOICE_COLUMNS,
    NO_PLAN,
    billing_headline,
    clock_words,
    comparison,
    people_entries,
)
from subtui.views.entries import Paragraph


class Billing(BaseScreen):
    """The billing screen of the account."""

    CSS_PATH = "billing.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.BILLING,)
    BINDINGS = bindings(Scope.BILLING)
    AUTO_FOCUS = ""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.view: BillingView | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the notice clock first, since it is urgent; then the users, then the invoices."""
        with VerticalScroll(id="billing", can_focus=False):
            yield DescriptionList(id="headline")
            with Vertical(id="loaded"):
                with Horizontal(id="halves"):
                    with Vertical(id="clock-half"):
                        yield Static("Notice clock", classes="section", markup=False)
                        yield Static("", id="clock-words", markup=False)
                        yield NoticeClock(id="clock")
                        yield DescriptionList(id="compare")
                        with Horizontal(id="buttons"):
                            yield Button("Start cancellation", id="cancel", compact=True)
                            yield Button("Open ticket", id="request", compact=True)
                            yield Button("Settings", id="settings", compact=True)
                    yield DescriptionList(id="people")
                yield Static("Invoices", classes="section", markup=False)
                yield RecordTable(INVOICE_COLUMNS, id="invoices", empty="No invoices yet")

    def on_mount(self) -> None:
        """Load the record."""
        self.query_one("#loaded").display = False
        self.reload()

    @asks("load")
    async def reload(self) -> None:
        """Reload the account."""
        view = await self.read(GetBilling())
        first = self.view is None
        self.view = view
        self.query_one("#loaded").display = True
        fmt = self.subtui.format
        self.query_one("#headline", DescriptionList).show(billing_headline(view, fmt))
        self._show_clock(view)
        self.query_one("#people", DescriptionList).show(people_entries(view, fmt))
        self.query_one("#invoices", RecordTable).show(rows_of(INVOICE_COLUMNS, view.invoices, fmt))
        self.query_one("#request").display = view.standing is not None
        self.query_one("#cancel").display = view.standing is None and view.plan is not None
        self.query_one("#settings").display = not self.why_not_settings()
        if first:
            buttons = [button for button in self.query(Button) if button.display]
            self.set_focus(buttons[0] if buttons else self.query_one("#invoices"))
        self.refresh_frame()

    def why_not_settings(self) -> str | None:
        """Why this user cannot change the settings."""
        return self.disabled_reason(command("billing.settings"))

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _show_clock(self, view: BillingView) -> None:
        shown = view.plan is not None and view.now is not None
        self.query_one("#clock-half").display = shown
        if view.now is None:
            return
        fmt = self.subtui.format
        style = "" if view.now.in_time or view.standing is not None else "bold $warning"
        self.query_one("#clock-words", Static).update(safe(clock_words(view, fmt), style))
        days = Days(view.today, view.now.last_safe_day, view.now.next_invoice)
        self.query_one("#clock", NoticeClock).show(days, self.subtui.day)
        self.query_one("#compare").display = view.standing is None
        self.query_one("#compare", DescriptionList).show(comparison(view, fmt))

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: it depends on the cancellation in force."""
        reason = super().disabled_reason(wanted)
        view = self.view
        if reason or not wanted.id.startswith("billing."):
            return reason
        if view is None:
            return "The account is not loaded yet."
        if wanted.id == "billing.cancel":
            if view.standing is not None:
                return f"The account is already being cancelled: {view.standing.ticket}."
            return NO_PLAN if view.plan is None else None
        if wanted.id == "billing.request" and view.standing is None:
            return "No cancellation has been requested."
        return None

    def is_offered(self, known: Command) -> bool:
        """Hide unavailable commands from the key bar where they would displace available ones."""
        if known.id.startswith("billing."):
            return self.disabled_reason(known) is None
        return known.id != "app.quit"

    def do_billing_cancel(self) -> None:
        """Open the cancellation form, or the phone instructions."""
        self.subtui.go(routes.to("account_cancel"))

    def do_billing_request(self) -> None:
        """Open the cancellation in force."""
        if self.view is not None and self.view.standing is not None:
            self.subtui.go(routes.to("request", self.view.standing.id))

    def do_billing_settings(self) -> None:
        """Open the settings."""
        self.subtui.go(routes.to("account_settings"))

    @on(Button.Pressed)
    async def _pressed(self, event: Button.Pressed) -> None:
        await self.action_command(f"billing.{event.button.id}")

    @on(RecordTable.Opened, "#invoices")
    def _open_invoice(self) -> None:
        self.say("Invoices have no further details here.")

    @on(RecordTable.Marked, "#invoices")
    def _invoice_marked(self) -> None:
        """Scroll the page to the marked row of the list, which has its full height."""
        table, page = self.query_one("#invoices", RecordTable), self.query_one("#billing", VerticalScroll)
        if table.has_focus:
            region = table.marked_region().translate(table.virtual_region.offset)
            page.scroll_to_region(region, animate=False, force=True)

    def refused(self, refusal: Refusal) -> None:
        """Show a refusal to load, with the command for the phone instructions."""
        if refusal.about == "load":
            words = f"{refusal.error} To cancel by phone: M, then x."
            self.query_one("#headline", DescriptionList).show([Paragraph(words)])
        super().refused(refusal)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, as in the documentation."""
        return ("Dashboard", "Admin", "Billing & Account")
