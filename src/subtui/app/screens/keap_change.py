"""One change that Keap is to follow: its state, the three sides of each field, and what can be decided."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from subtui.acts.act import Act
from subtui.acts.keap import DecideConflict, GetOutboxEntry, PushToKeap, TickOff
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.keap_job_screen import KeapJobScreen
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.workers import asks
from subtui.domain.outbox import OPEN_STATES, SendState
from subtui.views.entries import Paragraph
from subtui.views.keap import Choice, OutboxEntry
from subtui.views.outbox_entries import (
    DECISIONS,
    TICKED_OFF,
    change_facts,
    change_headline,
    change_sides,
    decision_lines,
)

_CHOICES = {"change.theirs": Choice.THEIRS, "change.ours": Choice.OURS, "change.leave": Choice.LEAVE}
_WHY_NOT = {
    "change.done": "Only what is to be done by hand in Keap can be ticked off.",
    "change.theirs": "Keap's values can be taken only where both sides differ.",
    "change.ours": "There is nothing to decide: no conflict, and nothing refused.",
    "change.push": "There is nothing to send: this change does not wait to be sent.",
    "change.leave": "There is nothing to leave: this change is settled, or being sent.",
}


class ChangeScreen(KeapJobScreen):
    """One change of the outbox."""

    CSS_PATH = "keap.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CHANGE, Scope.KEAP_JOB)
    BINDINGS = bindings(Scope.CHANGE, Scope.KEAP_JOB)
    JOBS = SENDS = ("change.push",)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.entry: OutboxEntry | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the state, the sides, and the facts."""
        with VerticalScroll(id="pane"):
            yield DescriptionList(id="headline")
            yield DescriptionList(id="sides", empty="")
            yield DescriptionList(id="facts", empty="")
        yield Static("", id="progress", markup=False)

    def on_mount(self) -> None:
        """Load the change."""
        self.query_one("#progress").display = False
        self.query_one("#pane").focus()
        self.reload()

    @asks("load", newest=True)
    async def reload(self) -> None:
        """Reload the change."""
        await self.read_status()
        self._show(await self.read(GetOutboxEntry(self.route.id or 0)))

    def _show(self, entry: OutboxEntry) -> None:
        self.entry = entry
        fmt = self.subtui.format
        sides = self.query_one("#sides", DescriptionList)
        sides.display = bool(entry.sides or entry.steps)
        self.query_one("#headline", DescriptionList).show(change_headline(entry))
        sides.show(change_sides(entry, fmt))
        self.query_one("#facts", DescriptionList).show(change_facts(entry, fmt))
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show a refusal to load in place of the change; after a refused act, show the change as it is now."""
        if refusal.about == "load" and self.entry is None:
            self.query_one("#headline", DescriptionList).show([Paragraph(str(refusal.error))])
        super().refused(refusal)
        if refusal.about == "act":
            self.reload()

    # --- acts -------------------------------------------------------------------------------------------------------

    def do_change_theirs(self) -> None:
        """Ask for confirmation, then take Keap's values."""
        self._decide(Choice.THEIRS)

    def do_change_ours(self) -> None:
        """Ask for confirmation, then keep our values and send them."""
        self._decide(Choice.OURS)

    def do_change_leave(self) -> None:
        """Ask for confirmation, then leave both sides as they are."""
        self._decide(Choice.LEAVE)

    def _decide(self, choice: Choice) -> None:
        entry = self.entry
        if entry is None:
            return
        title, answer, _ = DECISIONS[choice]
        lines = [safe(f"{entry.row.contact}: {entry.row.what}"), safe("")]
        lines += [safe(line) for line in decision_lines(choice, entry, self.subtui.format)]
        # The version of the question, even if the screen has changed since.
        act = DecideConflict(entry.row.id, choice, version=entry.version)
        dialog = ConfirmDialog(title, lines, safe_answer="Back", other_answer=answer, key="y")
        self.app.push_screen(dialog, lambda wanted: self._act(act, DECISIONS[choice][2]) if wanted else None)

    def do_change_done(self) -> None:
        """Tick it off as done by hand; the next reading looks for it, so it is not asked about."""
        if self.entry is not None:
            self._act(TickOff(self.entry.row.id, version=self.entry.version), TICKED_OFF)

    @asks("act")
    async def _act(self, act: Act[OutboxEntry], sentence: str) -> None:
        entry = await self.do(act)
        self._show(entry)
        self.say(sentence, "done")
        if entry.row.state is SendState.WAITING:
            self.do_change_push()

    def do_change_push(self) -> None:
        """Send what waits of this subscription."""
        if self.entry is None:
            return
        number = self.entry.row.subscription_id
        self.start_job(
            "sending",
            lambda calls, tell, stop: PushToKeap(calls, subscription_id=number, tell=tell, stop=stop),
        )

    # --- commands ---------------------------------------------------------------------------------------------------

    def do_change_record(self) -> None:
        """Open the subscription or order."""
        row = self.entry.row if self.entry is not None else None
        if row is not None and row.subscription_id is not None:
            self.subtui.go(routes.to("subscription", row.subscription_id))
        elif row is not None and row.order_id is not None:
            self.subtui.go(routes.to("order", row.order_id))

    def do_change_contact(self) -> None:
        """Open the contact record."""
        if self.entry is not None and self.entry.row.contact_id is not None:
            self.subtui.go(routes.to("contact_orders", self.entry.row.contact_id))

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: it depends on the state of the change."""
        reason = super().disabled_reason(wanted)
        if reason or not wanted.id.startswith("change."):
            return reason
        if self.entry is None:
            return "There is no change here."
        if wanted.id == "change.contact" and self.entry.row.contact_id is None:
            return "This change has no contact."
        return None if self._is_possible(self.entry, wanted.id) else _WHY_NOT[wanted.id]

    @staticmethod
    def _is_possible(entry: OutboxEntry, command_id: str) -> bool:
        state, differs = entry.row.state, entry.row.state in (SendState.CONFLICT, SendState.REFUSED)
        match command_id:
            case "change.push":
                return state in (SendState.WAITING, SendState.UNKNOWN)
            case "change.done":
                return state is SendState.MANUAL
            case "change.theirs":
                return differs
            case "change.ours":
                return differs or (state is SendState.MANUAL and bool(entry.sides))
            case "change.leave":
                return state in OPEN_STATES and state is not SendState.SENDING
        return True

    def is_offered(self, known: Command) -> bool:
        """Hide from the key bar the decisions that this state does not leave."""
        if known.id.startswith("change.") and (self.entry is None or not self._is_possible(self.entry, known.id)):
            return False
        return super().is_offered(known)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the outbox."""
        return ("Dashboard", "Keap", "Outbox", f"Change {self.route.id}")
