"""Admin > Billing & Account: the plan, the notice clock, the effects of a request today, the users, the invoices."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from subtui.acts.account import GetBilling
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope, command
from subtui.app.content import concat, fitted, safe
from subtui.app.routes import Route
from subtui.app.screens.account_cancel import NO_PLAN
from subtui.app.screens.rows import INVOICE_COLUMNS, invoice_row
from subtui.app.widgets.description_list import DescriptionList, Entry, Heading, Term
from subtui.app.widgets.notice_clock import Days, NoticeClock
from subtui.app.widgets.record_table import RecordTable
from subtui.app.workers import asks
from subtui.domain.account import Assessment
from subtui.domain.days import days_words
from subtui.views.account import BillingView, PersonRow
from subtui.views.account_words import NO_INVOICES, amounts_words

LABEL = 14
COLUMN = 19


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
            yield Static(safe("Loading …", "$muted"), id="headline", markup=False)
            with Vertical(id="loaded"):
                with Horizontal(id="halves"):
                    with Vertical(id="clock-half"):
                        yield Static("Notice clock", classes="section", markup=False)
                        yield Static("", id="clock-words", markup=False)
                        yield NoticeClock(id="clock")
                        yield Static("", id="compare", markup=False)
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
        self.query_one("#headline", Static).update(self._headline(view))
        self._show_clock(view)
        self.query_one("#people", DescriptionList).show(self._people(view))
        self.query_one("#invoices", RecordTable).show([invoice_row(row, self.subtui.day) for row in view.invoices])
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

    def _headline(self, view: BillingView) -> Content:
        plan = view.plan
        if plan is None:
            return concat(safe(view.account, "bold"), Content("\n"), safe(NO_PLAN, "$warning"))
        began = f"   since {self.subtui.day(plan.began_on)}" if plan.began_on else ""
        line = concat(safe(f"{plan.name}, {plan.price_words}", "bold"), safe(f"   {view.account}{began}", "$muted"))
        standing = view.standing
        if standing is not None:
            words = (
                f"! {standing.ticket}: {standing.requested_by} requested cancellation on "
                f"{self.subtui.day(standing.requested_on)} ({standing.standing.value})"
            )
            line = Content("\n").join((line, safe(words, "bold $warning")))
        return line

    def _show_clock(self, view: BillingView) -> None:
        shown = view.plan is not None and view.now is not None
        self.query_one("#clock-half").display = shown
        if view.now is None:
            return
        words, style = view.clock, "" if view.now.in_time else "bold $warning"
        if view.standing is not None:
            words, style = self._standing_words(view), ""
        self.query_one("#clock-words", Static).update(safe(words, style))
        days = Days(view.today, view.now.last_safe_day, view.now.next_invoice)
        self.query_one("#clock", NoticeClock).show(days, self.subtui.day)
        self.query_one("#compare").display = view.standing is None
        self.query_one("#compare", Static).update(Content("\n").join(self._compared(view)))

    def _standing_words(self, view: BillingView) -> str:
        standing = view.standing
        if standing is None or standing.ends_on is None:
            return ""
        if standing.ends_on < view.today:
            return f"The account ended on {self.subtui.day(standing.ends_on)}."
        return f"The account ends on {self.subtui.day(standing.ends_on)}. The request can be withdrawn until then."

    def _compared(self, view: BillingView) -> Iterable[Content]:
        plan, now, later, day = view.plan, view.now, view.later, self.subtui.day
        if plan is None or now is None or later is None:
            return
        rows = (
            ("If you cancel", f"by {day(view.holds_until)}", f"on {day(later.received_on)}"),
            ("Last invoice", _last(now, day), _last(later, day)),
            ("Account ends", day(now.ends_on), day(later.ends_on)),
            ("Still to pay", _to_pay(now), _to_pay(later)),
            ("Refund", "none", "none"),
        )
        for label, one, other in rows:
            yield concat(
                safe(f"{label:<{LABEL}}", "$muted"), safe(fitted(one, COLUMN) + " ", "bold"), safe(other, "$muted")
            )

    def _people(self, view: BillingView) -> Iterable[Entry]:
        yield Heading("Who can cancel")
        yield from _named("Owner", view.owners)
        yield from _named("Admin", view.admins)
        yield Heading("Cancel by phone")
        yield Term("Phone", view.phone or "not set")
        yield Term("Hours", view.hours or "not set")
        plan = view.plan
        if plan is not None:
            yield Heading("Terms")
            yield Term("Billed", f"{plan.cycle_words}, from {self.subtui.day(plan.anchor)}")
            yield Term("Notice", f"{days_words(plan.notice_days)} before the next invoice")
            yield Term("Answer", f"within {plan.answer_days} business day{'' if plan.answer_days == 1 else 's'}")
            ends = plan.term_ends_on
            yield Term("Minimum term", f"until {self.subtui.day(ends)}" if ends else "none")

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
            self.query_one("#headline", Static).update(safe(words))
        super().refused(refusal)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, as in the documentation."""
        return ("Dashboard", "Admin", "Billing & Account")


def _last(found: Assessment, day: Callable[[date | None], str]) -> str:
    if found.last_invoice is None:
        return NO_INVOICES
    return day(found.last_invoice) + (f" ({found.invoices})" if found.invoices > 1 else "")


def _to_pay(found: Assessment) -> str:
    """The open amounts, one for each currency."""
    sums = {found.to_pay.currency: found.to_pay}
    for amount in found.still_open:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return amounts_words([amount for amount in sums.values() if amount.minor]) or found.to_pay.format()


def _named(label: str, people: tuple[PersonRow, ...]) -> Iterable[Entry]:
    if not people:
        yield Term(label, "none", "$warning")
    for at, who in enumerate(people):
        name = label if at == 0 else ""
        yield Term(
            name, f"{who.name}, {'verified' if who.verified else 'not verified'}", "" if who.verified else "$warning"
        )
