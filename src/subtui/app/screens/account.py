"""My account: the signed-in user, their permissions, and the commands that cancel the account's subscription."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from subtui.acts.account import GetMyAccount
from subtui.acts.users import ChangePassword
from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.routes import Route
from subtui.app.screens.user_dialogs import PasswordDialog
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.domain.people import Person
from subtui.views.account import MyAccount
from subtui.views.account_entries import cancellation_entry, my_account_entries
from subtui.views.entries import Paragraph
from subtui.views.ticket_entries import TICKET_COLUMNS


class MyAccountScreen(BaseScreen):
    """The screen of the signed-in user and the account."""

    CSS_PATH = "account.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.ACCOUNT,)
    BINDINGS = bindings(Scope.ACCOUNT)
    AUTO_FOCUS = ""

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.view: MyAccount | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the details, the buttons and the user's own tickets."""
        with VerticalScroll(id="mine", can_focus=False):
            yield DescriptionList(id="facts")
            with Vertical(id="loaded"):
                with Horizontal(id="buttons"):
                    yield Button("Cancel my subscription", id="cancel", compact=True)
                    yield Button("Open ticket", id="request", compact=True)
                yield DescriptionList(id="how")
                yield Static("My tickets", classes="section", markup=False)
                yield RecordTable(TICKET_COLUMNS, id="tickets", empty="No tickets yet")

    def on_mount(self) -> None:
        """Load the record."""
        self.query_one("#loaded").display = False
        self.reload()

    @asks("load")
    async def reload(self) -> None:
        """Reload the account."""
        view = await self.read(GetMyAccount())
        first = self.view is None
        self.view = view
        self.subtui.person = view.person  # the role may have changed since the sign-in
        self.query_one("#loaded").display = True
        fmt = self.subtui.format
        self.query_one("#facts", DescriptionList).show(my_account_entries(view))
        self.query_one("#how", DescriptionList).show([self._how(view)])
        self.query_one("#tickets", RecordTable).show(rows_of(TICKET_COLUMNS, view.tickets, fmt))
        self.query_one("#cancel").display = view.standing is None
        self.query_one("#request").display = view.standing is not None
        if first:
            self.query_one("#cancel" if view.standing is None else "#request").focus()
        self.refresh_frame()

    def _how(self, view: MyAccount) -> Paragraph:
        entry = cancellation_entry(view, self.subtui.format)
        if view.standing is not None:
            return entry
        if view.why_not_cancel:
            return Paragraph(f"{entry.text} The button shows the number to call and what to say.", entry.tone)
        return Paragraph("Opens the form. You see the result before anything is recorded.", "muted")

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: it depends on the cancellation in force."""
        reason = super().disabled_reason(wanted)
        standing = self.view.standing if self.view else None
        if wanted.id == "account.cancel" and standing is not None:
            return f"The account is already being cancelled: {standing.ticket}."
        if wanted.id == "account.request" and standing is None:
            return "No cancellation has been requested."
        return reason

    def is_offered(self, known: Command) -> bool:
        """Hide unavailable commands from the key bar where they would displace available ones."""
        if known.id.startswith("account."):
            return self.disabled_reason(known) is None
        return known.id != "app.quit"

    def do_account_cancel(self) -> None:
        """Open the cancellation form, or the phone instructions for a user who may not cancel."""
        self.subtui.go(routes.to("account_cancel"))

    def do_account_request(self) -> None:
        """Open the cancellation in force."""
        if self.view is not None and self.view.standing is not None:
            self.subtui.go(routes.to("request", self.view.standing.id))

    def do_account_password(self) -> None:
        """Ask for the password of now and a new one."""

        async def save(current: str, password: str) -> Person:
            return await self.do(ChangePassword(current, password))

        lines = ["Your other sessions end. This one goes on."]
        self.app.push_screen(PasswordDialog("Change your password", lines, save, current=True), self._changed)

    def _changed(self, person: Person | None) -> None:
        if person is not None:
            self.say("Your password is changed.", "done")

    def do_account_phone(self) -> None:
        """Open the phone instructions."""
        self.subtui.go(routes.to("phone"))

    @on(Button.Pressed)
    async def _pressed(self, event: Button.Pressed) -> None:
        await self.action_command(f"account.{event.button.id}")

    @on(RecordTable.Opened, "#tickets")
    def _open_ticket(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("request", event.key))

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "My account")
