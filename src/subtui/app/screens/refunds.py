"""Open refunds: promised and pending, awaiting approval, recorded without the gateway's reference."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from subtui.acts.orders import ListPendingRefunds
from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.catalog import Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.workers import asks
from subtui.domain.plain_text import counted
from subtui.views.entries import row_cells
from subtui.views.order_entries import PENDING_COLUMNS
from subtui.views.orders import PendingRefund


class Refunds(BaseScreen):
    """The pending refunds, the oldest first; a row opens the screen that completes it."""

    CSS_PATH = "refunds.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = ()

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.entries: tuple[PendingRefund, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Compose the count and the list."""
        with Vertical(id="refunds"):
            yield Static("", id="standing", markup=False)
            yield RecordTable(PENDING_COLUMNS, id="list", empty="Loading …")

    def on_mount(self) -> None:
        """Load the list."""
        self.query_one("#list").focus()
        self.reload()

    @asks("list")
    async def reload(self) -> None:
        """Reload the list."""
        self.entries = await self.read(ListPendingRefunds())
        table = self.query_one("#list", RecordTable)
        table.empty = "No open refunds"
        fmt = self.subtui.format
        table.show([Row(at, row_cells(PENDING_COLUMNS, entry, fmt)) for at, entry in enumerate(self.entries)])
        count = len(self.entries)
        self.query_one("#standing", Static).update(
            safe(f"{counted(count, 'open refund')}, oldest first" if count else "", "$muted")
        )
        self.refresh_frame()

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.parse(self.entries[event.key].route))

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "Open refunds")
