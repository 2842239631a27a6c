"""The connection to Keap: what was read and when, what waits to be sent, and the keys to read and send."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from subtui.acts.keap import PullFromKeap, PushToKeap
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope, command
from subtui.app.content import safe
from subtui.app.screens.keap_job_screen import KeapJobScreen
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.workers import asks
from subtui.views.entries import Paragraph, row_cells
from subtui.views.keap_entries import KIND_COLUMNS, NOTHING_READ, keap_facts, keap_headline, kind_note


class KeapScreen(KeapJobScreen):
    """The connection to Keap."""

    CSS_PATH = "keap.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.KEAP, Scope.KEAP_JOB)
    BINDINGS = bindings(Scope.KEAP, Scope.KEAP_JOB)
    AUTO_FOCUS = ""
    JOBS = ("keap.pull", "keap.pull_all", "keap.push")
    SENDS = ("keap.push",)

    def compose_body(self) -> ComposeResult:
        """Compose the facts, the kinds that were read, and the line below them."""
        with VerticalScroll(id="keap", can_focus=False):
            yield DescriptionList(id="headline")
            yield DescriptionList(id="facts", empty="")
            yield RecordTable(KIND_COLUMNS, id="kinds", empty=NOTHING_READ)
        yield Static("", id="detail", markup=False)
        yield Static("", id="progress", markup=False)

    def on_mount(self) -> None:
        """Load the state of the connection."""
        self.query_one("#kinds").display = self.query_one("#progress").display = False
        self.reload()

    @asks("status", newest=True)
    async def reload(self) -> None:
        """Reload the state of the connection."""
        status = await self.read_status()
        fmt = self.subtui.format
        self.query_one("#headline", DescriptionList).show(keap_headline(status, fmt))
        self.query_one("#facts", DescriptionList).show(keap_facts(status, fmt))
        kinds = self.query_one("#kinds", RecordTable)
        kinds.display = status.connected
        kinds.empty = f"{NOTHING_READ}." + ("" if self.disabled_reason(command("keap.pull")) else " r begins.")
        kinds.show([Row(at, row_cells(KIND_COLUMNS, kind, fmt)) for at, kind in enumerate(status.kinds)])
        scroll = self.query_one("#keap", VerticalScroll)
        scroll.can_focus = not status.connected  # then it has no list, by which it would be scrolled
        if self.focused is None or not self.focused.focusable:
            (kinds if status.connected else scroll).focus()
        self._show_detail()
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show why the state is not shown."""
        if refusal.about == "status" and self.status is None:
            self.query_one("#headline", DescriptionList).show([Paragraph(str(refusal.error))])
        super().refused(refusal)

    @on(RecordTable.Marked, "#kinds")
    def _show_detail(self) -> None:
        """Show the note of the marked kind in full, since the list cuts it: above all why Keap does not give it."""
        table = self.query_one("#kinds", RecordTable)
        kinds = self.status.kinds if self.status is not None and self.status.connected else ()
        key = table.marked_key
        words = ""
        if key is not None and key < len(kinds):
            note = kind_note(kinds[key])
            words = f"{kinds[key].kind}: {note}" if note else ""
        detail = self.query_one("#detail", Static)
        detail.display = bool(words)
        detail.update(safe(words, "$muted"))

    @on(RecordTable.Marked)
    def _bring_into_view(self, event: RecordTable.Marked) -> None:
        scroll = self.query_one("#keap", VerticalScroll)
        if event.table.cursor == 0:
            scroll.scroll_to(y=0, animate=False, force=True)
        elif event.table.has_focus:
            region = event.table.marked_region().translate(event.table.virtual_region.offset)
            scroll.scroll_to_region(region, animate=False, force=True)

    @on(RecordTable.Opened, "#kinds")
    async def _open_kind(self) -> None:
        await self.action_command("keap.left_out")

    # --- commands ---------------------------------------------------------------------------------------------------

    def do_keap_pull(self) -> None:
        """Read what has changed in Keap."""
        self.start_job("reading", lambda calls, tell, stop: PullFromKeap(calls, tell=tell, stop=stop))

    def do_keap_pull_all(self) -> None:
        """Read everything in Keap again."""
        self.start_job("reading", lambda calls, tell, stop: PullFromKeap(calls, whole=True, tell=tell, stop=stop))

    def do_keap_push(self) -> None:
        """Send the waiting changes."""
        self.start_job("sending", lambda calls, tell, stop: PushToKeap(calls, tell=tell, stop=stop))

    def do_keap_outbox(self) -> None:
        """Open the outbox."""
        self.subtui.go(routes.to("keap_outbox"))

    def do_keap_left_out(self) -> None:
        """Open the rows left out."""
        self.subtui.go(routes.to("keap_left_out"))

    def do_keap_checks(self) -> None:
        """Open the checks."""
        self.subtui.go(routes.to("keap_checks"))

    def is_offered(self, known: Command) -> bool:
        """Hide from the key bar what needs a connection, where there is none, and Open: a kind has no screen."""
        if self.status is not None and not self.status.connected and known.id.startswith("keap."):
            return False
        return known.id != "list.open" and super().is_offered(known)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "Keap")
