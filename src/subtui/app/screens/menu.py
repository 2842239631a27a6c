"""The account menu at the top right: the signed-in user, and the commands of the user and the account."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from subtui.app.commands.catalog import command
from subtui.app.commands.keymap import keys_in_force
from subtui.app.commands.keys import shown_key, textual_key
from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.widgets.record_table import RecordTable, Row
from subtui.views.entries import Cell, Column

if TYPE_CHECKING:
    from subtui.app.base_screen import BaseScreen

ITEMS = ("app.account", "app.billing", "app.users", "app.requests", "app.theme", "app.help", "app.sign_out")


class AccountMenu(Dialog[None]):
    """The menu. The screen below runs the chosen command."""

    CSS_PATH = "menu.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,A", "close", show=False)]

    def __init__(self, below: "BaseScreen") -> None:
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        """Compose the user and the items."""
        with Vertical(id="menu"):
            yield Static("", id="who", markup=False)
            yield RecordTable((Column("", 17, share=1), Column("", 3, right=True)), id="items", headed=False)

    def on_mount(self) -> None:
        """Mark My account, so that Enter opens it."""
        person = self._below.subtui.person
        self.query_one("#who", Static).update(safe(person.name if person else "", "bold"))
        keymap = self._below.subtui.app_config.display_config.keymap
        rows = []
        for at, name in enumerate(ITEMS):
            known = command(name)
            tone = "muted" if self._below.disabled_reason(known) else ""
            key = next(iter(keys_in_force(keymap, known)))
            rows.append(Row(at, (Cell(known.title, tone), Cell(shown_key(key), "muted"))))
        table = self.query_one("#items", RecordTable)
        table.show(rows)
        table.focus()

    @on(RecordTable.Opened)
    def _chosen(self, event: RecordTable.Opened) -> None:
        event.stop()
        below = self._below
        self.answer(None)
        below.call_later(below.action_command, ITEMS[event.key])

    @on(RecordTable.EdgeReached)
    def _round(self, event: RecordTable.EdgeReached) -> None:
        """Wrap around at the ends of the list."""
        event.stop()
        event.table.move_to(0 if event.down else len(event.table.rows) - 1)

    def on_key(self, event: events.Key) -> None:
        """Run an item by its own key."""
        keymap = self._below.subtui.app_config.display_config.keymap
        for at, name in enumerate(ITEMS):
            if event.key in map(textual_key, keys_in_force(keymap, command(name))):
                event.stop()
                self._chosen(RecordTable.Opened(self.query_one("#items", RecordTable), at))
                return

    def on_click(self, event: events.Click) -> None:
        """Run a clicked item; close on a click outside the menu."""
        table = self.query_one("#items", RecordTable)
        if event.widget is self:
            self.answer(None)
        elif event.widget is table and event.chain == 1:
            table.open_marked()  # the table has marked the row already

    def action_close(self) -> None:
        """Close without a command."""
        self.answer(None)
