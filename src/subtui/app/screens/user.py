"""A user: the facts, the open sessions, the attempts to sign in, the log, and the acts of an administrator."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from subtui.acts.act import Act
from subtui.acts.users import (
    ChangeRole,
    DeactivateUser,
    EndSessions,
    GetUser,
    PreviewUserAct,
    ReactivateUser,
    ResetPassword,
    VerifyUser,
)
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import safe
from subtui.app.routes import Route
from subtui.app.screens.dialogs import ConfirmDialog
from subtui.app.screens.user_dialogs import CodeDialog, ReasonDialog, RoleDialog
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.workers import asks
from subtui.domain.permissions import Role
from subtui.domain.users import Seen, UserAct
from subtui.views.entries import Paragraph
from subtui.views.user_entries import user_facts, user_headline, user_lists, verify_lines
from subtui.views.users import NewCode, UserActPreview, UserRecord, UserResult

_ACTS = {
    "user.role": UserAct.CHANGE_ROLE,
    "user.code": UserAct.RESET_PASSWORD,
    "user.sessions": UserAct.END_SESSIONS,
    "user.deactivate": UserAct.DEACTIVATE,
    "user.reactivate": UserAct.REACTIVATE,
}


class UserScreen(BaseScreen):
    """One user."""

    CSS_PATH = "user.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.USER,)
    BINDINGS = bindings(Scope.USER)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: UserRecord | None = None

    @property
    def number(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def compose_body(self) -> ComposeResult:
        """Compose the facts, and below them the lists."""
        with VerticalScroll(id="pane"):
            yield DescriptionList(id="headline")
            yield DescriptionList(id="facts", empty="")
            yield DescriptionList(id="lists", empty="")

    def on_mount(self) -> None:
        """Load the record."""
        self.query_one("#pane").focus()
        self.reload()

    @asks("load", newest=True)
    async def reload(self) -> None:
        """Reload the user."""
        record = self.record = await self.read(GetUser(self.number))
        fmt = self.subtui.format
        self.query_one("#headline", DescriptionList).show(user_headline(record, fmt))
        self.query_one("#facts", DescriptionList).show(user_facts(record, fmt))
        self.query_one("#lists", DescriptionList).show(user_lists(record, fmt))
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show a refusal to load in place of the user; after a refused act, show the user as they are now."""
        if refusal.about == "load" and self.record is None:
            self.query_one("#headline", DescriptionList).show([Paragraph(str(refusal.error))])
        super().refused(refusal)
        if refusal.about == "act":
            self.reload()

    # --- acts -------------------------------------------------------------------------------------------------------

    @property
    def _seen(self) -> Seen:
        """The facts in view, on which an act is decided: what a colleague changes after it refuses the act."""
        assert self.record is not None  # noqa: S101  (without one, no act is offered)
        return self.record.seen

    def do_user_role(self) -> None:
        """Ask which role, then whether to give it."""
        record = self.record
        if record is not None:
            user = record.user
            self.app.push_screen(
                RoleDialog(user.name, user.role),
                lambda role: (
                    self._confirm(
                        UserAct.CHANGE_ROLE,
                        lambda seen: ChangeRole(self.number, role or user.role, seen=seen),
                        role=role,
                    )
                    if role is not None
                    else None
                ),
            )

    def do_user_sessions(self) -> None:
        """Ask for confirmation, then end the sessions."""
        self._confirm(UserAct.END_SESSIONS, lambda seen: EndSessions(self.number, seen=seen))

    def do_user_deactivate(self) -> None:
        """Ask for the reason, then deactivate the user."""
        self._with_reason(UserAct.DEACTIVATE, DeactivateUser)

    def do_user_reactivate(self) -> None:
        """Ask for the reason, then reactivate the user."""
        self._with_reason(UserAct.REACTIVATE, ReactivateUser)

    @asks("preview")
    async def do_user_code(self) -> None:
        """Ask for confirmation, then show the new code."""
        seen = self._seen
        shown = await self.read(PreviewUserAct(UserAct.RESET_PASSWORD, self.number))
        self._ask(shown, lambda: self._reset(seen))

    @asks("act")
    async def _reset(self, seen: Seen) -> None:
        made: NewCode = await self.do(ResetPassword(self.number, seen=seen))
        self.reload()
        until = self.subtui.format.instant(made.valid_until)
        self.app.push_screen(CodeDialog(made, until), lambda _: self.say(made.sentence, "done"))

    def do_user_verify(self) -> None:
        """Ask for confirmation, then mark the user as verified, or no longer."""
        record = self.record
        if record is None:
            return
        user, verified = record.user, not record.user.verified
        title = f"Mark {user.name} as {'verified' if verified else 'not verified'}?"
        shown = UserActPreview(title, verify_lines(user, verified=verified), "Mark")
        self._ask(shown, lambda: self._verify(user.email, verified=verified))

    @asks("act")
    async def _verify(self, email: str, *, verified: bool) -> None:
        person = await self.do(VerifyUser(email, verified=verified))
        self.reload()
        self.say(f"{person.name} is {'verified now' if person.verified else 'no longer verified'}.", "done")

    @asks("preview")
    async def _confirm(
        self, kind: UserAct, make: Callable[[Seen], Act[UserResult]], *, role: Role | None = None
    ) -> None:
        seen = self._seen
        shown = await self.read(PreviewUserAct(kind, self.number, role=role))
        self._ask(shown, lambda: self._act(make(seen)))

    def _ask(self, shown: UserActPreview, then: Callable[[], None]) -> None:
        lines = [safe(line) for line in shown.lines]
        dialog = ConfirmDialog(shown.title, lines, safe_answer="Cancel", other_answer=shown.answer, key="y")
        self.app.push_screen(dialog, lambda wanted: then() if wanted else None)

    @asks("preview")
    async def _with_reason(self, kind: UserAct, make: type[DeactivateUser] | type[ReactivateUser]) -> None:
        seen = self._seen
        shown = await self.read(PreviewUserAct(kind, self.number))
        self.app.push_screen(
            ReasonDialog(shown),
            lambda reason: self._act(make(self.number, reason, seen=seen)) if reason is not None else None,
        )

    @asks("act")
    async def _act(self, act: Act[UserResult]) -> None:
        done = await self.do(act)
        self.reload()
        self.say(done.sentence, "done")

    # --- commands ---------------------------------------------------------------------------------------------------

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: it depends on the user and on who asks."""
        reason = super().disabled_reason(wanted)
        if reason or not wanted.id.startswith("user."):
            return reason
        if self.record is None:
            return "There is no user here."
        if wanted.id == "user.verify":
            return self.record.why_not_verify or None
        return self.record.why_not.get(_ACTS[wanted.id])

    def is_offered(self, known: Command) -> bool:
        """Show one of Deactivate and Reactivate, and hide Quit, where it would displace others."""
        active = self.record is None or UserAct.REACTIVATE in self.record.why_not
        if known.id in ("user.deactivate", "user.reactivate"):
            return (known.id == "user.deactivate") == active
        return known.id != "app.quit"

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the list."""
        return ("Dashboard", "Users", self.record.user.name if self.record else f"User {self.number}")
