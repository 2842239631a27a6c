"""The list of users: who they are, what they may, and who is here now."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from subtui.acts.users import ListUsers
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.kept_form import KeptForm
from subtui.app.screens.user_dialogs import CodeDialog, InviteDialog
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.workers import asks
from subtui.views.user_entries import USER_COLUMNS, users_line
from subtui.views.users import NewCode


class UserList(BaseScreen):
    """The users of the account."""

    CSS_PATH = "users.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.USERS,)
    BINDINGS = bindings(Scope.USERS)

    def compose_body(self) -> ComposeResult:
        """Compose the counts and the list."""
        with Vertical(id="team"):
            yield Static("", id="counts", markup=False)
            yield RecordTable(USER_COLUMNS, id="list", empty="Loading …")

    def on_mount(self) -> None:
        """Load the list."""
        self.query_one("#list").focus()
        self.reload()

    @asks("list", newest=True)
    async def reload(self) -> None:
        """Reload the users."""
        users = await self.read(ListUsers())
        table = self.query_one("#list", RecordTable)
        table.show(rows_of(USER_COLUMNS, users, self.subtui.format))
        self.query_one("#counts", Static).update(safe(users_line(users), "$muted"))
        self.refresh_frame()
        self.restore_kept()

    def refused(self, refusal: Refusal) -> None:
        """Show why the list is not shown."""
        if refusal.about == "list":
            self.query_one("#list", RecordTable).show_refused(str(refusal.error))
        super().refused(refusal)

    @on(RecordTable.Opened, "#list")
    def _open(self, event: RecordTable.Opened) -> None:
        self.subtui.go(routes.to("user", event.key))

    # --- commands ---------------------------------------------------------------------------------------------------

    def do_users_invite(self) -> None:
        """Ask whom to invite."""
        self._invite({})

    def _invite(self, begin: dict[str, str]) -> None:
        self.app.push_screen(InviteDialog(self.do, begin), self._invited)

    def _invited(self, made: NewCode | None) -> None:
        if made is not None:
            self.reload()
            until = self.subtui.format.instant(made.valid_until)
            self.app.push_screen(CodeDialog(made, until), lambda _: self.say(made.sentence, "done"))

    def put_back(self, kept: KeptForm) -> None:
        """Open the invitation with what was typed."""
        self._invite(dict(kept.values))

    def is_offered(self, known: Command) -> bool:
        """Hide Quit from the key bar, where it would displace others."""
        return known.id != "app.quit"

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the dashboard."""
        return ("Dashboard", "Admin", "Users")
