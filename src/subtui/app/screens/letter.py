"""A letter as it was written: to be read, and copied."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from subtui.app import routes
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.desk_client import Refusal
from subtui.app.routes import Route
from subtui.app.text import joined, safe, safe_lines
from subtui.app.workspace import Workspace
from subtui.domain.plain_text import visible_lines
from subtui.domain.views import LetterView


class LetterScreen(Workspace):
    """One letter."""

    CSS_PATH = "letter.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LETTER,)
    BINDINGS = bindings(Scope.LETTER)

    class Loaded(Message):
        """The letter."""

        def __init__(self, letter: LetterView) -> None:
            super().__init__()
            self.letter = letter

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.letter: LetterView | None = None

    def compose_body(self) -> ComposeResult:
        """The letter, scrolling."""
        with VerticalScroll(id="letter-pane"):
            yield Static(safe("Loading …", "$muted"), id="letter-head", markup=False)
            yield Static("", id="letter-body", markup=False)

    def on_mount(self) -> None:
        """Ask for it."""
        self.query_one("#letter-pane").focus()
        self.reload()

    def reload(self) -> None:
        """Ask anew: the cancellation it confirms may have been undone."""
        number = self.route.id or 0
        self.ask(lambda desk: desk.letter(number), self.Loaded, about="load")

    @on(Loaded)
    def _loaded(self, message: Loaded) -> None:
        letter = self.letter = message.letter
        lines = [
            joined(
                safe("To       ", "$muted"),
                safe(f"{letter.to} <{letter.email}>" if letter.email else f"{letter.to}, who has no e-mail address"),
            ),
            joined(safe("Subject  ", "$muted"), safe(letter.subject, "bold")),
            joined(
                safe("Written  ", "$muted"),
                safe(self.subtui.instant(letter.written_at)),
                safe("   recorded, not sent", "$warning"),
            ),
        ]
        if letter.undone:
            lines.append(safe("! The cancellation it confirms has been undone since.", "$warning"))
        self.query_one("#letter-head", Static).update(Content("\n").join(lines))
        self.query_one("#letter-body", Static).update(safe_lines(letter.body))
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """A letter that is not there."""
        self.query_one("#letter-head", Static).update(safe(str(refusal.error)))
        super().refused(refusal)

    def why_not(self, wanted: Command) -> str | None:
        """There is nothing to copy before it is loaded."""
        if wanted.id.startswith("letter.") and self.letter is None:
            return "There is no letter here."
        return super().why_not(wanted)

    def do_letter_copy(self) -> None:
        """Copy subject and body; a terminal does not confirm it, so say what was sent to it."""
        if self.letter is not None:
            text = f"{self.letter.subject}\n\n{visible_lines(self.letter.body)}\n"
            self.app.copy_to_clipboard(text)
            self.say(f"Copied the letter to the terminal's clipboard, {len(text.splitlines())} lines.", "done")

    def do_letter_subscription(self) -> None:
        """The subscription that it is about."""
        if self.letter is not None and self.letter.subscription_id is not None:
            self.subtui.go(routes.to("subscription", self.letter.subscription_id))

    def crumbs(self) -> tuple[str, ...]:
        """Below the contact."""
        return ("Dashboard", self.letter.to if self.letter else "Contact", f"Letter {self.route.id}")
