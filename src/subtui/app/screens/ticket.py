"""A ticket: the request, its effects, the acknowledged terms, and the correspondence."""

from collections.abc import Iterable
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
from subtui.app.widgets.description_list import DescriptionList, Heading, Item, Paragraph, Term
from subtui.app.widgets.description_list import Entry as Line
from subtui.app.workers import asks
from subtui.domain.errors import Invalid
from subtui.domain.permissions import Permission, Role, why_not
from subtui.domain.requests import (
    DIRECTION_WORDS,
    KIND_WORDS,
    TOPIC_WORDS,
    Direction,
    Kind,
    Standing,
    Topic,
    due_words,
    outcomes_of,
)
from subtui.views.account import Entry, RequestRecord, TicketResult
from subtui.views.account_words import NO_INVOICES, NO_REFUND

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
        self.query_one("#headline", Static).update(self._headline(record))
        self.query_one("#asked", DescriptionList).show(self._asked(record))
        self.query_one("#thread", DescriptionList).show(self._thread(record))
        self.refresh_frame()

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _headline(self, record: RequestRecord) -> Content:
        day = self.subtui.day
        standing = concat(safe(record.standing.value, "bold $success" if record.standing != "open" else "bold"))
        if record.standing is Standing.OPEN:
            due = due_words(record.answer_due, today=self.subtui.today, day=day)
            words = due if record.overdue else f"answer due {due}"
            standing = concat(standing, safe(f" · {words}", "bold $warning" if record.overdue else "$muted"))
        else:
            who = f" by {record.decided_by}" if record.decided_by else ""
            when = f" on {self.subtui.instant(record.decided_at)}" if record.decided_at else ""
            standing = concat(standing, safe(f"{who}{when}", "$muted"))
        return concat(safe(f"{record.ticket}  {record.subject}", "bold"), Content("\n"), standing)

    def _asked(self, record: RequestRecord) -> Iterable[Line]:
        day = self.subtui.day
        # Verification matters for these two roles only.
        may_be = record.role in (Role.OWNER, Role.ADMIN)
        verified = (", verified" if record.verified else ", not verified") if may_be else ""
        yield Heading("Request")
        yield Term("Type", KIND_WORDS[record.kind])
        yield Term("Topic", TOPIC_WORDS[Topic(record.topic)] if record.topic in tuple(Topic) else "")
        yield Term("From", f"{record.requested_by} ({record.role}{verified})")
        yield Term("Completed by", record.completed_by)
        yield Term("Requested on", day(record.requested_on))
        yield Term("Recorded", self.subtui.instant(record.recorded_at))
        yield Term("Contact by", "phone" if record.preferred == "phone" else "e-mail")
        yield Term("E-mail", record.email)
        yield Term("Phone", record.phone)
        yield Term("Reason", record.reason)
        if record.comment:
            yield Heading("Comment")
            yield Paragraph(record.comment)
        if record.ends_on is not None:
            yield from self._assessed(record)
        if record.acknowledged:
            yield Heading("Terms acknowledged")
            yield from (Item(f"{number}. ", term) for number, term in enumerate(record.acknowledged, 1))

    def _assessed(self, record: RequestRecord) -> Iterable[Line]:
        day = self.subtui.day
        ends = day(record.ends_on)
        in_time = "In time" if record.in_time else "Too late for the next invoice"
        taken_back = record.standing in (Standing.WITHDRAWN, Standing.REFUSED)
        yield Heading("Result")
        yield Term("Plan", record.plan)
        yield Term("Notice", f"{in_time} (last safe day: {day(record.last_safe_day)})")
        yield Term("Last invoice", day(record.last_invoice) if record.last_invoice else NO_INVOICES)
        yield Term("Ends", f"was {ends} ({record.standing.value})" if taken_back else ends)
        yield Term("Refund", NO_REFUND)

    def _thread(self, record: RequestRecord) -> Iterable[Line]:
        yield Heading("Correspondence")
        if not record.thread:
            yield Paragraph("None yet", "$muted")
        for at, entry in enumerate(record.thread):
            if at:
                yield Paragraph("")
            yield from self._entry(entry)

    def _entry(self, entry: Entry) -> Iterable[Line]:
        yield Paragraph(
            f"{self.subtui.instant(entry.at)}  {DIRECTION_WORDS[entry.direction]}  {entry.author}", "$muted"
        )
        if entry.subject:
            yield Paragraph(entry.subject, "bold")
        yield Paragraph(entry.body)
        if entry.letter_id is not None:
            yield Paragraph("Recorded, not sent. l opens this letter.", "$muted")

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
