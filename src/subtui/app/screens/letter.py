"""A letter, which can be read, copied and saved to a file."""

from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from subtui.acts.log import GetLetter, SaveLetter
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.content import hanging_indent, safe
from subtui.app.routes import Route
from subtui.app.screens.path_dialog import PathDialog
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.wrapped_text import WrappedText
from subtui.app.workers import asks
from subtui.domain.plain_text import sanitize_lines
from subtui.domain.requests import ticket_number
from subtui.views.customers import LetterView
from subtui.views.entries import Paragraph
from subtui.views.log_entries import letter_head

_ITEM = "  - "


class LetterBody(WrappedText):
    """The lines of a letter. A long list item is indented below its first word, not below its dash."""

    def __init__(self) -> None:
        super().__init__(id="letter-body")
        self._body = ""

    def show(self, body: str) -> None:
        """Show this text."""
        self._body = body
        self.changed()

    def wrapped(self, width: int) -> Content:
        """The wrapped lines, with a hanging indent for list items."""
        lines: list[Content] = []
        for line in sanitize_lines(self._body).split("\n"):
            item = line.removeprefix(_ITEM)
            lines += [safe(line)] if item == line else hanging_indent(_ITEM, item, width, head_style="")
        return Content("\n").join(lines)


class LetterScreen(BaseScreen):
    """One letter."""

    CSS_PATH = "letter.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LETTER,)
    BINDINGS = bindings(Scope.LETTER)

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.letter: LetterView | None = None
        self._path = ""  # the name of a file that could not be written, to be corrected by the user

    def compose_body(self) -> ComposeResult:
        """Compose the scrolling letter."""
        with VerticalScroll(id="letter-pane"):
            yield DescriptionList(id="letter-head")
            yield LetterBody()

    def on_mount(self) -> None:
        """Load the record."""
        self.query_one("#letter-pane").focus()
        self.reload()

    @asks("load")
    async def reload(self) -> None:
        """Reload the letter: the cancellation it confirms may have been undone."""
        letter = self.letter = await self.read(GetLetter(self.route.id or 0))
        self.query_one("#letter-head", DescriptionList).show(letter_head(letter, self.subtui.format))
        self.query_one(LetterBody).show(letter.body)
        self.refresh_frame()

    def refused(self, refusal: Refusal) -> None:
        """Show that a letter is missing, or that a file cannot be written."""
        if refusal.about == "load":
            self.query_one("#letter-head", DescriptionList).show([Paragraph(str(refusal.error))])
        super().refused(refusal)

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: the letter is not loaded."""
        if wanted.id.startswith("letter.") and self.letter is None:
            return "There is no letter here."
        return super().disabled_reason(wanted)

    def do_letter_copy(self) -> None:
        """Copy subject and body; the terminal does not confirm it, so the message says what was sent."""
        if self.letter is not None:
            text = f"{self.letter.subject}\n\n{sanitize_lines(self.letter.body)}\n"
            self.app.copy_to_clipboard(text)
            self.say(f"Copied the letter to the terminal's clipboard, {len(text.splitlines())} lines.", "done")

    def do_letter_save(self) -> None:
        """Ask for a file name, and write the letter to it."""
        letter = self.letter
        if letter is not None:
            proposed = self._path or str(Path.home() / f"letter-{letter.id}.txt")
            self.app.push_screen(PathDialog("Save the letter to a new file", proposed), self._save_to)

    def _save_to(self, path: str | None) -> None:
        letter = self.letter
        if path and letter is not None:
            self._path = path
            self._write(SaveLetter(letter.id, Path(path)))

    @asks("write")
    async def _write(self, query: SaveLetter) -> None:
        written = await self.read(query)
        self._path = ""
        self.say(f"Saved to {written}.", "done")

    def do_letter_subscription(self) -> None:
        """Open the subscription, order or ticket of the letter."""
        letter = self.letter
        if letter is None:
            return
        if letter.request_id is not None:
            self.subtui.go(routes.to("request", letter.request_id))
        elif letter.order_id is not None:
            self.subtui.go(routes.to("order", letter.order_id))
        elif letter.subscription_id is not None:
            self.subtui.go(routes.to("subscription", letter.subscription_id))

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the contact or the ticket."""
        if self.letter is not None and self.letter.request_id is not None:
            return ("Requests", ticket_number(self.letter.request_id), f"Letter {self.route.id}")
        return ("Dashboard", self.letter.to if self.letter else "Contact", f"Letter {self.route.id}")
