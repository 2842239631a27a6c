"""The rows of Keap's that were not taken, or that Keap has no longer, each with the reason."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from subtui.acts.keap import GetKeapStatus, ListRemarks
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.workers import asks
from subtui.views.entries import row_cells
from subtui.views.keap import Remark
from subtui.views.keap_entries import REMARK_COLUMNS, no_remarks, remark_in_full, remarks_line


class LeftOutRows(BaseScreen):
    """The rows left out, the newest first."""

    CSS_PATH = "keap.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = ()

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.rows: tuple[Remark, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Compose the counts, the list, and the marked row in full."""
        with Vertical(id="left-out"):
            yield Static("", id="counts", markup=False)
            yield RecordTable(REMARK_COLUMNS, id="list", empty="Loading …")
            yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        """Load the list."""
        self.query_one("#list").focus()
        self.reload()

    @asks("list", newest=True)
    async def reload(self) -> None:
        """Reload the list."""
        status = await self.read(GetKeapStatus())
        rows = self.rows = await self.read(ListRemarks())
        fmt = self.subtui.format
        table = self.query_one("#list", RecordTable)
        table.empty = no_remarks(status)
        table.show([Row(at, row_cells(REMARK_COLUMNS, row, fmt)) for at, row in enumerate(rows)])
        self.query_one("#counts", Static).update(safe(remarks_line(rows), "$muted"))
        self._show_detail()
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show why the list is not shown."""
        if refusal.about == "list":
            self.query_one("#list", RecordTable).show_refused(str(refusal.error))
        super().refused(refusal)

    @on(RecordTable.Marked, "#list")
    def _show_detail(self) -> None:
        """Show the marked row in full, since the list cuts long texts."""
        key = self.query_one("#list", RecordTable).marked_key
        words = remark_in_full(self.rows[key], self.subtui.format) if key is not None else ""
        self.query_one("#detail", Static).update(safe(words, "$muted"))

    @on(RecordTable.Opened, "#list")
    def _open(self) -> None:
        self.say("Correct the row in Keap; the next reading tries it again.")

    def is_offered(self, known: Command) -> bool:
        """Hide Open from the key bar: the marked row is shown in full below the list."""
        return known.id not in ("app.quit", "list.open")

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the connection."""
        return ("Dashboard", "Keap", "Left out")
