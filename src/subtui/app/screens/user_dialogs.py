"""The dialogs about users: an invitation, a role, a reason, a one-time code, a password."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from subtui.acts.users import InviteUser
from subtui.app.backend_client import Refusal
from subtui.app.content import safe, wrap
from subtui.app.screens.dialog import Dialog
from subtui.app.screens.dialogs import LeaveDialog
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.errors import SessionEnded
from subtui.domain.people import Person
from subtui.domain.permissions import ROLE_WORDS, Role
from subtui.domain.users import LONGEST_EMAIL, LONGEST_NAME, LONGEST_REASON, why_not_password
from subtui.views.entries import Cell, Column
from subtui.views.user_entries import HOW_TO_USE, SHOWN_ONCE
from subtui.views.users import NewCode, UserActPreview

T = TypeVar("T")

LOW = 22
"""Rows below which a dialog leaves its padding out."""
_AROUND, _LOW_AROUND, _BESIDE = 7, 3, 8
"""The rows of a dialog around its body, without the title, and the columns beside its text."""


class FormDialog(Dialog[T | None], Generic[T]):
    """A dialog with fields: None when it is left. A refusal is shown in it, and what was typed stays."""

    CSS_PATH = "user_dialogs.tcss"
    SAVE: ClassVar = "Save"
    LEAVE: ClassVar = "Back"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+s", "save", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str] = ()) -> None:
        super().__init__()
        self._title, self._lines = title, tuple(lines)
        self._sending = False

    def compose(self) -> ComposeResult:
        """Compose the title, the lines, the fields and the answers."""
        with Vertical(id="form"):
            yield Static(safe(self._title, "bold"), id="form-title", markup=False)
            with VerticalScroll(id="form-body", can_focus=False):
                yield from self.body()
                yield Static("", id="form-note", markup=False)
            with Horizontal(id="answers"):
                yield Button(self.LEAVE, id="leave", compact=True)
                if self.SAVE:
                    yield Button(safe(f"{self.SAVE} (^s)"), id="save", variant="primary", compact=True)

    def body(self) -> Iterable[Widget]:
        """What is between the title and the answers: the lines, then the fields."""
        lines = Static(Content("\n").join(map(safe, self._lines)), id="form-lines", markup=False)
        lines.display = bool(self._lines)
        return (lines, *self.fields())

    def fields(self) -> Iterable[Widget]:
        """The widgets to fill in."""
        return ()

    def on_mount(self) -> None:
        """Leave no room for a sentence that is not there yet; the first field has the focus."""
        self.query_one("#form-note").display = False

    def on_resize(self, event: events.Resize) -> None:
        """Leave the padding out where there is little room; what does not fit then is scrolled."""
        low = event.size.height < LOW
        self.set_class(low, "-low")
        title = len(wrap(self._title, max(event.size.width - _BESIDE, 12)))
        self.query_one("#form-body").styles.max_height = max(
            event.size.height - title - (_LOW_AROUND if low else _AROUND), 1
        )

    def say(self, sentence: str, kind: str = "note") -> None:
        """Show a sentence below the fields."""
        note = self.query_one("#form-note", Static)
        note.display = bool(sentence)
        note.update(safe(sentence, "$error" if kind == "refused" else "$muted"))

    def value(self, name: str) -> str:
        """The text of an input."""
        return self.query_one(f"#{name}", Input).value

    @on(Refusal)
    def _refused(self, refusal: Refusal) -> None:
        self._sending = False
        if not isinstance(refusal.error, SessionEnded):  # which leads away from here
            refusal.stop()
            self.say(str(refusal.error), "refused")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Go on to the next field; in the last one, save."""
        event.stop()
        inputs = list(self.query(Input))
        if event.input is inputs[-1]:
            self.action_save()
        else:
            self.focus_next()

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Send what was typed, once."""
        if not self._sending:
            self.send()

    def send(self) -> None:
        """Check what was typed, and answer or ask the backend."""

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close without saving."""
        self.answer(None)


class InviteDialog(FormDialog[NewCode]):
    """The form of an invitation; its answer is the code."""

    SAVE = "Invite"

    def __init__(self, invite: Callable[[InviteUser], Awaitable[NewCode]], begin: Mapping[str, str]) -> None:
        super().__init__("Invite a user", ["They get no password from you: they choose one with a one-time code."])
        self._invite, self._begin = invite, begin
        self.purpose = "invite"

    def fields(self) -> Iterable[Widget]:
        """The e-mail, the name and the role."""
        email, name = self._begin.get("email", ""), self._begin.get("name", "")
        yield FormField("E-mail", TextField(email, id="email", most=LONGEST_EMAIL), classes="wide")
        yield FormField("Name", TextField(name, id="name", most=LONGEST_NAME), classes="wide")
        choices = [(role.value, f"{role.value}: {ROLE_WORDS[role]}") for role in reversed(Role)]
        chosen = self._begin.get("role") or Role.AGENT.value
        yield FormField("Role", Dropdown(choices, value=chosen, id="role"))

    @property
    def unsaved(self) -> bool:
        """Whether something was typed."""
        return bool(self.value("email").strip() or self.value("name").strip())

    def send(self) -> None:
        """Invite, where both texts are there."""
        for name, what in (("email", "the e-mail"), ("name", "the name")):
            if not self.value(name).strip():
                self.say(f"Enter {what}.", "refused")
                self.query_one(f"#{name}").focus()
                return
        self._sending = True
        role = Role(self.query_one("#role", Dropdown).chosen or Role.AGENT)
        self._send(InviteUser(email=self.value("email"), name=self.value("name"), role=role))

    @asks("invite")
    async def _send(self, act: InviteUser) -> None:
        self.answer(await self._invite(act))

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close; ask first if something was typed."""
        if self.unsaved:
            self.app.push_screen(LeaveDialog(), lambda leave: self.answer(None) if leave else None)
        else:
            self.answer(None)


class ReasonDialog(FormDialog[str]):
    """What an act will do, and the reason for it."""

    LEAVE = "Cancel"

    def __init__(self, preview: UserActPreview) -> None:
        super().__init__(preview.title, preview.lines)
        self.SAVE = preview.answer  # type: ignore[misc]

    def fields(self) -> Iterable[Widget]:
        """The reason."""
        yield FormField("Reason", TextField(id="reason", most=LONGEST_REASON), classes="wide")

    def send(self) -> None:
        """Answer with the reason."""
        if self.value("reason").strip():
            self.answer(self.value("reason"))
        else:
            self.say("Give a reason: it is kept in the log.", "refused")


class RoleDialog(FormDialog[Role]):
    """The choice of a role; what it will do is asked about after it."""

    SAVE = ""

    def __init__(self, name: str, role: Role) -> None:
        super().__init__(f"Which role for {name}?")
        self._role = role

    def fields(self) -> Iterable[Widget]:
        """The roles with their purposes."""
        yield RecordTable((Column("Role", 8), Column("Access", 20, share=1)), id="roles", headed=False)

    def on_mount(self) -> None:
        """Mark the role of now."""
        super().on_mount()
        roles = list(Role)
        now = {role: " (now)" if role is self._role else "" for role in roles}
        table = self.query_one("#roles", RecordTable)
        table.show([Row(at, (Cell(role.value), Cell(ROLE_WORDS[role] + now[role]))) for at, role in enumerate(roles)])
        table.mark(roles.index(self._role))
        table.focus()

    @on(RecordTable.Opened, "#roles")
    def _chosen(self, event: RecordTable.Opened) -> None:
        event.stop()
        self.answer(list(Role)[event.key])

    @on(RecordTable.EdgeReached)
    def _stay(self, event: RecordTable.EdgeReached) -> None:
        event.stop()


class CodeDialog(FormDialog[bool]):
    """A one-time code, shown once. Nothing has the focus: an Enter that was pressed twice does not close it."""

    SAVE = ""
    LEAVE = "Passed on (y)"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "leave", show=False)]

    def __init__(self, made: NewCode, until: str) -> None:
        lines = [SHOWN_ONCE, HOW_TO_USE]
        super().__init__(f"One-time code for {made.user.name} ({made.user.email})", lines)
        self._code, self._until = made.code, until

    def body(self) -> Iterable[Widget]:
        """The code first, so that it is seen on the smallest terminal."""
        lines, *fields = super().body()
        return (*fields, lines)

    def fields(self) -> Iterable[Widget]:
        """The code."""
        yield Static(safe(self._code, "bold $primary"), id="code", markup=False)
        yield Static(safe(f"Valid once, until {self._until}.", "$muted"), id="until", markup=False)
        yield Static("", id="gap", markup=False)


class PasswordDialog(FormDialog[Person]):
    """A new password, typed twice; with `current`, after the one of now."""

    def __init__(
        self, title: str, lines: Sequence[str], save: Callable[[str, str], Awaitable[Person]], *, current: bool
    ) -> None:
        """`save` gets the password of now, which is empty without `current`, and the new one."""
        super().__init__(title, lines)
        self._save, self._current = save, current

    def fields(self) -> Iterable[Widget]:
        """The passwords."""
        if self._current:
            yield FormField("Current", TextField(id="current", password=True, most=200))
        yield FormField("New password", TextField(id="new", password=True, most=200))
        yield FormField("Again", TextField(id="again", password=True, most=200))

    def send(self) -> None:
        """Save it, if both are the same."""
        problem = why_not_password(self.value("new"), self.value("again"))
        if problem:
            self.say(problem, "refused")
            self.query_one("#new").focus()
            return
        self._sending = True
        self.say("Saving …")
        self._send(self.value("current") if self._current else "", self.value("new"))

    @asks("password")
    async def _send(self, current: str, new: str) -> None:
        self.answer(await self._save(current, new))
