"""The batches: under way, awaiting approval, done; the newest first."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from subtui.acts.batches import ListBatches
from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.catalog import Scope
from subtui.app.content import safe
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.domain.batches import BatchStanding
from subtui.views.batch_entries import BATCH_COLUMNS, NO_BATCHES


class BatchList(BaseScreen):
    """The list of batches; a row opens the batch."""

    CSS_PATH = "batch.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = ()

    def compose_body(self) -> ComposeResult:
        """Compose the count and the list."""
        with Vertical(id="batches"):
            yield Static("", id="standing", markup=False)
            yield RecordTable(BATCH_COLUMNS, id="list", empty="Loading …")

    def on_mount(self) -> None:
        """Load the list."""
        self.query_one("#list").focus()
        self.reload()

    @asks("list", newest=True)
    async def reload(self) -> None:
        """Reload the list."""
        rows = await self.read(ListBatches())
        table = self.query_one("#list", RecordTable)
        table.empty = NO_BATCHES
        table.show(rows_of(BATCH_COLUMNS, rows, self.subtui.format))
        waiting = sum(row.standing is BatchStanding.WAITING for row in rows)
        words = f"{len(rows):,} batches, newest first" + (f" · {waiting:,} awaiting approval" if waiting else "")
        self.query_one("#standing", Static).update(safe(words if rows else "", "$muted"))
        self.refresh_frame()

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("batch", event.key))

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "Batches")
