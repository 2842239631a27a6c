"""A ticket: the request, its effects, the acknowledged terms, and the correspondence."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from subtui.acts.act import Act
from subtui.acts.tickets import Correspond, DecideTicket, GetTicket, WithdrawTicket
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import concat, safe
from subtui.app.kept_form import KeptForm
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.text_dialog import DraftStore, Written
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.workers import asks
from subtui.domain.errors import Invalid
from subtui.domain.permissions import Permission, why_not
from subtui.domain.requests import Direction, Kind, Standing, outcomes_of
from subtui.views.account import RequestRecord, TicketResult
from subtui.views.ticket_entries import request_entries, status_words, thread_entries

OUTCOME_WORDS = {
    Standing.ANSWERED: "Answered (no further action)",
    Standing.REFUSED: "Refused (explain below)",
}


class TicketScreen(BaseScreen):
    """One ticket."""

    CSS_PATH = "request.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.REQUEST,)
    BINDINGS = bindings(Scope.REQUEST)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: RequestRecord | None = None
        self._unsent = DraftStore()
        self._acting = False

    @property
    def number(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def compose_body(self) -> ComposeResult:
        """Compose the request on the left and the thread on the right; on narrow terminals below it."""
        with VerticalScroll(id="request-pane"):
            yield Static(safe("Loading …", "$muted"), id="headline", markup=False)
            with Horizontal(id="halves"):
                yield DescriptionList(id="asked")
                yield DescriptionList(id="thread")

    def on_mount(self) -> None:
        """Load the record."""
        self.query_one("#request-pane").focus()
        self.reload()

    @asks("load")
    async def reload(self) -> None:
        """Reload the ticket."""
        self._show(await self.read(GetTicket(self.number)))
        self.restore_kept()

    def _show(self, record: RequestRecord) -> None:
        self.record = record
        fmt = self.subtui.format
        self.query_one("#headline", Static).update(self._headline(record))
        self.query_one("#asked", DescriptionList).show(request_entries(record, fmt))
        self.query_one("#thread", DescriptionList).show(thread_entries(record, fmt))
        self.refresh_frame()

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _headline(self, record: RequestRecord) -> Content:
        is_open = record.standing is Standing.OPEN
        status = safe(record.standing.value, "bold" if is_open else "bold $success")
        style = "bold $warning" if is_open and record.overdue else "$muted"
        words = safe(status_words(record, self.subtui.format), style)
        return concat(safe(f"{record.ticket}  {record.subject}", "bold"), Content("\n"), status, words)

    # --- acts -------------------------------------------------------------------------------------------------------

    def do_request_answer(self) -> None:
        """Ask for an answer, and add it to the thread."""
        self._write("Answer", ((Direction.OUTGOING.value, "Outgoing"),), "Your answer")

    def do_request_note(self) -> None:
        """Ask for a note on a call or a letter, and add it to the thread."""
        choices = (
            (Direction.PHONE_NOTE.value, "Phone note"),
            (Direction.INCOMING.value, "Incoming"),
        )
        self._write("Add a note", choices, "What was said or written")

    def _write(self, title: str, choices: tuple[tuple[str, str], ...], placeholder: str) -> None:
        record = self.record
        if record is not None:
            dialog = self._unsent.dialog(title, f"{title}: {record.ticket}", choices, placeholder=placeholder)
            self.app.push_screen(dialog, lambda written: self._correspond(self._unsent.keep(title, written)))

    def _correspond(self, written: Written | None) -> None:
        if written is not None:
            self._do(Correspond(self.number, Direction(written.choice), written.text))

    def do_request_decide(self) -> None:
        """Ask for the outcome, and save it."""
        record = self.record
        if record is None:
            return
        words = OUTCOME_WORDS | {Standing.CONFIRMED: f"Confirm: account ends on {self.subtui.day(record.ends_on)}"}
        choices = tuple((outcome.value, words[outcome]) for outcome in outcomes_of(record.kind))
        dialog = self._unsent.dialog(
            "decide",
            f"Decide: {record.ticket}",
            choices,
            placeholder="Message to the customer (required if refused)",
            note="This closes the ticket. It can't be reopened.",
        )
        # The decision is on the version that the user has read.
        version = record.version
        self.app.push_screen(dialog, lambda written: self._decided(self._unsent.keep("decide", written), version))

    def _decided(self, written: Written | None, version: int) -> None:
        if written is not None:
            self._do(DecideTicket(self.number, Standing(written.choice), written.text, version=version))

    def do_request_withdraw(self) -> None:
        """Ask for confirmation, then withdraw the ticket."""
        record = self.record
        if record is None:
            return
        lines = [
            safe(f"{record.subject}, requested by {record.requested_by} on {self.subtui.day(record.requested_on)}.")
        ]
        if record.kind is Kind.CANCELLATION:
            lines.append(safe("The account stays open and will be invoiced as usual."))
            lines.append(safe("A new request starts a new notice period.", "$warning"))
        question = ConfirmDialog(
            f"Withdraw {record.ticket}?", lines, safe_answer="Keep", other_answer="Withdraw", key="y"
        )
        version = record.version

        def withdraw(wanted: bool | None) -> None:
            if wanted:
                self._do(WithdrawTicket(self.number, version=version))

        self.app.push_screen(question, withdraw)

    def do_request_complete(self) -> None:
        """Open the cancellation form for the caller."""
        self.subtui.go(routes.to("account_cancel", call=self.number))

    def do_request_letter(self) -> None:
        """Open the letter."""
        if self.record is not None and self.record.letter_id is not None:
            self.subtui.go(routes.to("letter", self.record.letter_id))

    def do_request_next(self) -> None:
        """Open the ticket that is due next, in place of this one."""
        if self.record is not None and self.record.next_open_id is not None:
            self.subtui.go(routes.to("request", self.record.next_open_id), instead=True)

    @asks("act")
    async def _do(self, act: Act[TicketResult]) -> None:
        done = await self.do(act)
        self._unsent.recorded()
        self._show(done.request)
        self.say(done.sentence, "done")

    def refused(self, refusal: Refusal) -> None:
        """Keep the text of a refused dialog for the next time it is opened."""
        self._unsent.refused()
        if refusal.about == "load":
            self.query_one("#headline", Static).update(safe(str(refusal.error)))
            self.query_one("#halves").display = self.record is not None
        super().refused(refusal)
        if refusal.about == "act" and not isinstance(refusal.error, Invalid):
            self.reload()

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: it depends on the ticket and on the user."""
        reason = super().disabled_reason(wanted)
        record, person = self.record, self.subtui.person
        if reason or person is None:
            return reason
        if record is None:
            return "There is no ticket here." if wanted.id.startswith("request.") else None
        mine = record.requested_by_id == person.id
        return {
            "request.withdraw": record.why_not_withdraw,
            "request.decide": record.why_not_decide,
            "request.complete": record.why_not_complete,
            "request.letter": "" if record.letter_id is not None else "This ticket has no letter.",
            "request.next": "" if record.next_open_id is not None else "No other open tickets.",
            "request.note": ""
            if mine
            else why_not(person.role, Permission.ANSWER_TICKET, verified=person.verified) or "",
        }.get(wanted.id) or None

    def is_offered(self, known: Command) -> bool:
        """Hide unavailable commands from the key bar where they would displace available ones."""
        if known.id.startswith("request."):
            return self.disabled_reason(known) is None
        return known.id != "app.quit"

    def put_back(self, kept: KeptForm) -> None:
        """Restore the kept text of a dialog."""
        self._unsent.keep(kept.dialog, Written(kept.values.get("choice", ""), kept.values.get("text", "")))
        self._unsent.refused()

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the queue."""
        return ("Dashboard", "Requests", self.record.ticket if self.record else f"Ticket {self.number}")
