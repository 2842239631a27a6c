"""The findings of the last check of what this account's Keap can do, and the key to check again."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from subtui.acts.keap import CheckKeap, ListFindings
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.keap_job_screen import KeapJobScreen
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.workers import asks
from subtui.views.entries import row_cells
from subtui.views.keap import Finding
from subtui.views.keap_entries import CHECKS, FINDING_COLUMNS, NO_CONNECTION, NOT_CHECKED


class Checks(KeapJobScreen):
    """The findings, question by question."""

    CSS_PATH = "keap.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CHECKS, Scope.KEAP_JOB)
    BINDINGS = bindings(Scope.CHECKS, Scope.KEAP_JOB)
    JOBS = ("checks.run",)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.rows: tuple[Finding, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Compose when it was checked, the list, and the marked answer in full."""
        with Vertical(id="checks"):
            yield Static("", id="counts", markup=False)
            yield RecordTable(FINDING_COLUMNS, id="list", empty="Loading …")
            yield Static("", id="detail", markup=False)
            yield Static("", id="progress", markup=False)

    def on_mount(self) -> None:
        """Load the findings."""
        self.query_one("#progress").display = False
        self.query_one("#list").focus()
        self.reload()

    @asks("list", newest=True)
    async def reload(self) -> None:
        """Reload the findings."""
        status = await self.read_status()
        rows = self.rows = await self.read(ListFindings())
        fmt = self.subtui.format
        table = self.query_one("#list", RecordTable)
        table.empty = f"{NOT_CHECKED}. r checks, by calls that only read." if status.connected else NO_CONNECTION
        table.show([Row(at, row_cells(FINDING_COLUMNS, row, fmt)) for at, row in enumerate(rows)])
        checked = f" · checked {fmt.instant(status.checked_at)}" if status.checked_at else ""
        self.query_one("#counts", Static).update(safe(CHECKS + checked, "$muted"))
        self._show_detail()
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show why the list is not shown."""
        if refusal.about == "list":
            self.query_one("#list", RecordTable).show_refused(str(refusal.error))
        super().refused(refusal)

    @on(RecordTable.Marked, "#list")
    def _show_detail(self) -> None:
        """Show the marked answer in full, since the list cuts long texts."""
        key = self.query_one("#list", RecordTable).marked_key
        row = self.rows[key] if key is not None else None
        words = f"{row.question} {row.answer}{f': {row.detail}' if row.detail else ''}" if row is not None else ""
        self.query_one("#detail", Static).update(safe(words, "$muted"))

    def do_checks_run(self) -> None:
        """Check by calls that only read."""
        self.start_job("checking", lambda calls, tell, stop: CheckKeap(calls, tell=tell, stop=stop))

    def is_offered(self, known: Command) -> bool:
        """Hide Open from the key bar: the marked answer is shown in full below the list."""
        return known.id != "list.open" and super().is_offered(known)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the connection."""
        return ("Dashboard", "Keap", "Checks")
