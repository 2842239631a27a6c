"""The phone instructions for a user who cannot cancel the account, and the form that files the call as a ticket."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from subtui.acts.tickets import FileCall, GetPhoneInstructions
from subtui.app import routes
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.screens.ticket_form import TicketForm
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.text_box import NoteBox
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.contact_details import LONGEST_PHONE
from subtui.domain.requests import LONGEST_COMMENT, CallDraft
from subtui.views.account_entries import phone_entries
from subtui.views.phone_instructions import PhoneInstructions


class PhoneScreen(TicketForm):
    """The number, the details to have ready, the words to say, and the form that files the call."""

    CSS_PATH = "phone.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.PHONE,)
    BINDINGS = bindings(Scope.PHONE)
    AUTO_FOCUS = ""

    way: PhoneInstructions | None = None

    @property
    def unsaved(self) -> bool:
        """Whether there are entries that are not filed."""
        return not self._saving and bool(self.typed("call-back") or self.typed("note"))

    def compose_body(self) -> ComposeResult:
        """Compose the instructions, and the form below."""
        note = NoteBox(id="note", most=LONGEST_COMMENT, placeholder="what was said (optional)")
        with Vertical(id="by-phone"):
            with VerticalScroll(id="reading"):
                yield DescriptionList(id="way")
            with Vertical(id="filing"):
                yield Static("Log the call", classes="section", markup=False)
                yield FormField("Call back", TextField(id="call-back", most=LONGEST_PHONE), id="field-phone")
                yield FormField("Note", note, id="field-note")
                with Horizontal(id="buttons"):
                    yield Button("Log this call as a ticket", id="file", compact=True)
                    yield Button("Open my ticket", id="open", compact=True)

    def on_mount(self) -> None:
        """Load the instructions."""
        self.query_one("#filing").display = False
        self.reload()

    @asks("load")
    async def reload(self) -> None:
        """Reload the instructions: the call may have been filed meanwhile."""
        way = await self.read(GetPhoneInstructions())
        first = self.way is None
        self.way = way
        self.query_one("#way", DescriptionList).show(phone_entries(way))
        filed = way.open_request_id is not None
        self.query_one("#filing").display = True
        for name in ("#field-phone", "#field-note", "#file"):
            self.query_one(name).display = not filed
        button = self.query_one("#open", Button)
        button.display = filed
        button.label = safe(f"Open my ticket, {way.open_ticket}")
        if first:
            self.query_one("#open" if filed else "#call-back").focus()
            if not filed:
                self.restore_kept()
        self.refresh_frame()

    def do_phone_file(self) -> None:
        """File the call, or open the ticket already filed."""
        way = self.way
        if way is None:
            return
        if way.open_request_id is not None:
            flash = "Your call is already logged."
            self.subtui.go(routes.to("request", way.open_request_id), flash=flash, kind="note", instead=True)
            return
        self.file(FileCall(CallDraft(self.typed("call-back"), self.typed("note"))))

    def on_key(self, event: events.Key) -> None:
        """Scroll the instructions, which are longer than a small screen, also from a field."""
        reading = self.query_one("#reading", VerticalScroll)
        if event.key == "pagedown":
            reading.scroll_page_down(animate=False)
        elif event.key == "pageup":
            reading.scroll_page_up(animate=False)

    @on(Button.Pressed)
    async def _pressed(self) -> None:
        await self.action_command("phone.file")

    def is_offered(self, known: Command) -> bool:
        """Hide Quit from the key bar, which shows the keys that file the call or go back."""
        return known.id != "app.quit"

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, as in the documentation."""
        return ("My account", "Cancel by phone")
