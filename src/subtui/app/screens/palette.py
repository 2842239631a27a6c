"""The palette: finds a command by name, shows its key, runs it; or opens a route."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from subtui.app import routes
from subtui.app.commands.catalog import Command
from subtui.app.commands.keymap import keys_in_force
from subtui.app.commands.keys import shown_key
from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.app.widgets.search_field import SearchField
from subtui.domain.errors import WrongInput
from subtui.domain.normalization import words
from subtui.views.entries import Cell, Column

if TYPE_CHECKING:
    from subtui.app.base_screen import BaseScreen


class Palette(Dialog[None]):
    """The list of commands in force on the screen below."""

    CSS_PATH = "palette.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+p", "close", show=False)]

    def __init__(self, below: "BaseScreen") -> None:
        super().__init__()
        self._below = below
        self._known = tuple(
            known for known in below.commands_in_force() if not known.widget and known.id != "app.palette"
        )

    def compose(self) -> ComposeResult:
        """Compose the field and the matches."""
        with Vertical(id="palette"):
            yield SearchField(id="wanted", placeholder="a command, or a route such as /subscriptions/1042")
            yield RecordTable(
                (Column("Command", 16, share=1, most=26), Column("Key", 8), Column("", 10, share=2, most=70, drop=1)),
                id="matches",
                empty="No such command.",
                always_marked=True,
            )
            yield Static("", id="why", markup=False)

    def on_mount(self) -> None:
        """List all commands until a text is typed."""
        self.query_one("#matches").can_focus = False
        self._match("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._match(event.value)

    def _match(self, text: str) -> None:
        wanted = words(text)
        keymap = self._below.subtui.app_config.display_config.keymap
        rows = []
        # A match in the title comes before one in the description.
        ranked = sorted(enumerate(self._known), key=lambda each: _rank(each[1], text.strip().casefold(), wanted))
        for at, known in ranked:
            haystack = f"{known.title} {known.help} {known.id}".casefold()
            if all(word in haystack for word in wanted):
                tone = "muted" if self._below.disabled_reason(known) else ""
                keys = "  ".join(shown_key(key) for key in keys_in_force(keymap, known)[:2])
                rows.append(Row(at, (Cell(known.title, tone), Cell(keys, tone), Cell(known.help, "muted"))))
        table = self.query_one("#matches", RecordTable)
        table.empty = "Enter opens this route." if text.startswith("/") else "No such command."
        table.show(rows if not text.startswith("/") else [], keep_mark=False)

    @on(SearchField.Stepped)
    def _stepped(self, event: SearchField.Stepped) -> None:
        table = self.query_one("#matches", RecordTable)
        table.move_to(table.cursor + event.by)

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        if event.value.startswith("/"):
            self._go(event.value)
            return
        key = self.query_one("#matches", RecordTable).marked_key
        if key is not None:
            await self._run(key)

    @on(RecordTable.Opened)
    async def _clicked(self, event: RecordTable.Opened) -> None:
        await self._run(event.key)

    async def _run(self, at: int) -> None:
        below, known = self._below, self._known[at]
        self.answer(None)
        focused = below.focused
        if known.id.startswith("list.") and isinstance(focused, RecordTable):
            focused.action_command(known.id)
        else:
            below.call_later(below.action_command, known.id)

    def _go(self, text: str) -> None:
        try:
            route = routes.parse(text)
        except WrongInput as error:
            self.query_one("#why", Static).update(safe(str(error), "$error"))
            return
        app = self._below.subtui
        self.answer(None)
        app.call_later(app.go, route)

    def on_click(self, event: events.Click) -> None:
        """Close on a click outside the palette."""
        if event.widget is self:
            self.answer(None)

    def action_close(self) -> None:
        """Close without a command."""
        self.answer(None)


def _rank(known: Command, text: str, wanted: Sequence[str]) -> int:
    """0 if the title begins with the text, 1 if its words begin with the typed words, 2 if it contains them."""
    title = known.title.casefold()
    if title.startswith(text):
        return 0
    if all(any(part.startswith(word) for part in title.split()) for word in wanted):
        return 1
    return 2 if all(word in title for word in wanted) else 3
