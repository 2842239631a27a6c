"""The outbox: the changes that Keap is to follow, and what has become of each."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from subtui.acts.keap import ListOutbox, PushToKeap
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.keap_job_screen import KeapJobScreen
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.domain.outbox import SHORT_WORDS, SendState, states_named
from subtui.views.entries import row_cells
from subtui.views.keap import OutboxRow
from subtui.views.keap_entries import NO_CONNECTION
from subtui.views.outbox_entries import OUTBOX_COLUMNS, outbox_line

_MAIN = (("open", "Open"), ("person", "Needs you"), ("all", "All"))
_FILTERS = (*_MAIN, *((state.value, SHORT_WORDS[state].capitalize()) for state in SendState))
_SHOWN_AT_MOST = 500
_EMPTY = {
    "open": "No open changes. f shows all.",
    "person": "Nothing needs you. f shows all.",
    "all": "No changes yet: no subscription or order of Keap's was changed here.",
}


class Outbox(KeapJobScreen):
    """The list of changes for Keap."""

    CSS_PATH = "keap.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.OUTBOX, Scope.KEAP_JOB)
    BINDINGS = bindings(Scope.OUTBOX, Scope.KEAP_JOB)
    JOBS = SENDS = ("outbox.push",)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.wanted = route.parameter("state") or "open"
        self.rows: tuple[OutboxRow, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Compose the filter, the counts and the list."""
        with Vertical(id="outbox"):
            with Horizontal(classes="line"):
                yield Static("Show", classes="label", markup=False)
                yield Dropdown(_FILTERS, value=self.wanted, id="state")
            yield Static("", id="counts", markup=False)
            yield RecordTable(OUTBOX_COLUMNS, id="list", empty="Loading …")
            yield Static("", id="detail", markup=False)
            yield Static("", id="progress", markup=False)

    def on_mount(self) -> None:
        """Load the list."""
        self.query_one("#progress").display = False
        self.query_one("#list").focus()
        self.reload()

    @asks("list", newest=True)
    async def reload(self) -> None:
        """Reload the list."""
        status = await self.read_status()
        self.rows = await self.read(ListOutbox(states_named(self.wanted), limit=_SHOWN_AT_MOST))
        table = self.query_one("#list", RecordTable)
        empty = _EMPTY.get(self.wanted, "No change in this state. f changes the filter.")
        table.empty = empty if status.connected else NO_CONNECTION
        table.show(rows_of(OUTBOX_COLUMNS, self.rows, self.subtui.format))
        self.query_one("#counts", Static).update(safe(outbox_line(self.rows, _SHOWN_AT_MOST), "$muted"))
        self._show_detail()
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show why the list is not shown."""
        if refusal.about == "list":
            self.query_one("#list", RecordTable).show_refused(str(refusal.error))
        super().refused(refusal)

    @on(Dropdown.Changed, "#state")
    def _filter(self, event: Dropdown.Changed) -> None:
        wanted = str(event.value)
        if wanted != self.wanted:
            self.wanted = wanted
            self.reload()

    @on(RecordTable.Marked, "#list")
    @on(RecordTable.ColumnsChanged, "#list")
    def _show_detail(self) -> None:
        """Show what the list has no room for of the marked change."""
        table, detail = self.query_one("#list", RecordTable), self.query_one("#detail", Static)
        row = next((row for row in self.rows if row.id == table.marked_key), None)
        if row is None:
            detail.update("")
            return
        cells = row_cells(OUTBOX_COLUMNS, row, self.subtui.format)
        dropped = (OUTBOX_COLUMNS[at].label + " " + cells[at].text for at in table.dropped_columns() if at < 5)
        facts = (f"Change {row.id}", row.what, *dropped, row.note)
        detail.update(safe(" · ".join(fact for fact in facts if fact), "$muted"))

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("keap_change", event.key))

    # --- commands ---------------------------------------------------------------------------------------------------

    def do_outbox_state(self) -> None:
        """Filter by the next group of states."""
        names = [name for name, _ in _MAIN]
        at = names.index(self.wanted) + 1 if self.wanted in names else 0
        self.query_one("#state", Dropdown).choose(names[at % len(names)])

    def do_outbox_push(self) -> None:
        """Send the waiting changes."""
        self.start_job("sending", lambda calls, tell, stop: PushToKeap(calls, tell=tell, stop=stop))

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the connection."""
        return ("Dashboard", "Keap", "Outbox")
