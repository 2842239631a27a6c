"""The queue of tickets, by the day their answer is due."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from subtui.acts.tickets import ListTickets
from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.domain.requests import Standing
from subtui.views.account import RequestRow
from subtui.views.customers import Page
from subtui.views.ticket_entries import TICKET_COLUMNS


class TicketList(BaseScreen):
    """The queue of open tickets, or of all tickets."""

    CSS_PATH = "requests.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.REQUESTS,)
    BINDINGS = bindings(Scope.REQUESTS)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.page: Page[RequestRow] | None = None
        self._only_open = True

    def compose_body(self) -> ComposeResult:
        """Compose the counts and the list."""
        with Vertical(id="queue"):
            yield Static("", id="standing", markup=False)
            yield RecordTable(TICKET_COLUMNS, id="list", empty="Loading …")

    def on_mount(self) -> None:
        """Load the list."""
        self.query_one("#list").focus()
        self.reload()

    @asks("list", newest=True)
    async def reload(self) -> None:
        """Reload the queue."""
        page = self.page = await self.read(ListTickets(only_open=self._only_open))
        table = self.query_one("#list", RecordTable)
        table.empty = "No open tickets. f shows all tickets." if self._only_open else "No tickets yet."
        table.show(rows_of(TICKET_COLUMNS, page.rows, self.subtui.format))
        overdue = sum(row.overdue for row in page.rows)
        tickets = f"{'open ' if self._only_open else ''}ticket{'' if page.total == 1 else 's'}"
        words = [f"{len(page.rows):,} of {page.total:,} {tickets}"]
        words += [f"{overdue} overdue"] if overdue else []
        self.query_one("#standing", Static).update(safe(" · ".join(words), "$muted"))
        self.refresh_frame()

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("request", event.key))

    # --- commands ---------------------------------------------------------------------------------------------------

    def _next(self) -> RequestRow | None:
        rows = self.page.rows if self.page else ()
        return next((row for row in rows if row.standing is Standing.OPEN), None)

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: there may be no open ticket."""
        if wanted.id == "requests.next" and self._next() is None:
            return "No open tickets."
        return super().disabled_reason(wanted)

    def do_requests_next(self) -> None:
        """Open the ticket that is due first."""
        row = self._next()
        if row is not None:
            self.subtui.go(routes.to("request", row.id))

    def do_requests_state(self) -> None:
        """Switch between open tickets and all."""
        self._only_open = not self._only_open
        self.reload()

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "Requests")
