"""The sign-in screen: e-mail and password; on demo data, the demo accounts by role."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.messages import SignedIn
from subtui.app.routes import Route
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.errors import PasswordNeeded
from subtui.domain.people import Person
from subtui.domain.permissions import ROLE_WORDS
from subtui.views.entries import Cell, Column

if TYPE_CHECKING:
    from subtui.services.backend import Backend


class SignIn(BaseScreen):
    """The first screen."""

    CSS_PATH = "sign_in.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.SIGN_IN,)
    BINDINGS = bindings(Scope.SIGN_IN)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self._busy = False

    def compose_body(self) -> ComposeResult:
        """Compose the form and the list of demo accounts."""
        with Vertical(id="sign-in"):
            yield Static(
                "Sign in to manage customer subscriptions.",
                id="lead",
                markup=False,
            )
            yield FormField("E-mail", TextField(id="email", most=200))
            yield FormField("Password", TextField(id="password", password=True, most=200), hint="or one-time code")
            with Horizontal(id="buttons"):
                yield Button("Sign in", id="submit", compact=True)
            yield Static("", id="demo-head", classes="section hidden", markup=False)
            yield RecordTable(
                (
                    Column("Role", 7),
                    Column("Name", 16, share=1, most=24),
                    Column("Access", 12, share=2, most=40, drop=1),
                ),
                id="accounts",
            )

    def on_mount(self) -> None:
        """Focus the form, and show the demo accounts if the backend is open already."""
        accounts = self.query_one("#accounts", RecordTable)
        accounts.display = False
        self._begin()
        if self.subtui.session_info is not None:
            self._show_workplace()

    def _begin(self) -> None:
        """Fill in the e-mail from the command line, and focus the password."""
        named = self.subtui.app_config.sign_in_as or ""
        self.query_one("#email", Input).value = named if "@" in named else ""
        self.query_one("#password" if "@" in named else "#email").focus()

    def backend_opened(self) -> None:
        """Show the account, and the demo accounts on demo data."""
        super().backend_opened()
        self._show_workplace()

    def _show_workplace(self) -> None:
        session_info = self.subtui.session_info
        if session_info is None:
            return
        if not session_info.has_users:
            self.say(
                f"No users yet. Quit with ctrl+c, then add the owner: {self.subtui.app_config.add_owner}",
                "note",
            )
        if not session_info.demo_accounts:
            return
        head = self.query_one("#demo-head", Static)
        head.update("Demo accounts: choose one, enter signs in")
        head.remove_class("hidden")
        table = self.query_one("#accounts", RecordTable)
        table.display = True
        table.show(
            [
                Row(
                    at,
                    (
                        Cell(who.role.value),
                        Cell(who.name),
                        Cell(ROLE_WORDS[who.role] + ("" if who.verified else ", not verified"), "muted"),
                    ),
                )
                for at, who in enumerate(session_info.demo_accounts)
            ]
        )
        if not self.query_one("#email", Input).value:
            table.focus()

    @on(RecordTable.Opened, "#accounts")
    def _demo(self, event: RecordTable.Opened) -> None:
        session_info = self.subtui.session_info
        if session_info is None or self._busy:
            return
        email = session_info.demo_accounts[event.key].email
        self._busy = True
        self._sign_in(lambda backend: backend.sign_in_demo(email))

    @on(Input.Submitted)
    @on(Button.Pressed, "#submit")
    def _submit(self) -> None:
        email, password = self.query_one("#email", Input), self.query_one("#password", Input)
        for field in (email, password):
            if not field.value:
                field.focus()
                return
        if self._busy:
            return
        self._busy = True
        self.say("Signing in …")
        typed = (email.value, password.value)
        self._sign_in(lambda backend: backend.sign_in(*typed))

    @asks("sign_in")
    async def _sign_in(self, sign_in: "Callable[[Backend], Person]") -> None:
        person = await self.subtui.backend.run(sign_in)
        self.query_one("#password", Input).value = ""
        self.subtui.post_message(SignedIn(person))

    def _choose_password(self) -> None:
        """Ask for a password to exchange the one-time code for."""
        from subtui.app.screens.user_dialogs import PasswordDialog  # noqa: PLC0415  (not needed for the first frame)

        email, code = self.query_one("#email", Input).value, self.query_one("#password", Input).value

        async def choose(_current: str, password: str) -> Person:
            return await self.subtui.backend.run(lambda backend: backend.choose_password(email, code, password))

        lines = ["Your code is right. Choose the password that you sign in with from now on."]
        self.app.push_screen(PasswordDialog("Choose a password", lines, choose, current=False), self._chosen)

    def _chosen(self, person: Person | None) -> None:
        self.query_one("#password", Input).value = ""
        if person is not None:
            self.subtui.post_message(SignedIn(person))

    def refused(self, refusal: Refusal) -> None:
        """Show the refusal, and focus the password again; ask for a password after a one-time code."""
        self._busy = False
        if isinstance(refusal.error, PasswordNeeded):
            self.say("")
            self._choose_password()
            return
        self.say(str(refusal.error), "refused")
        password = self.query_one("#password", Input)
        password.value = ""
        password.focus()

    def is_offered(self, known: Command) -> bool:
        """Why a command is unavailable: there is no screen below, and no search before the sign-in."""
        return known.id not in ("app.back", "app.search", "list.open", "list.filter")

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs: the program's name, or the account's once it is known."""
        session_info = self.subtui.session_info
        return ("subtui", session_info.account if session_info else "Sign in")
