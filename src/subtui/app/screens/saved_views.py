"""The dialogs of saved views: which one to open, and under which name the list that is shown is saved."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, Static

from subtui.app.content import safe
from subtui.app.screens.dialog import Dialog
from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.widgets.text_field import TextField
from subtui.domain.saved_views import LONGEST_NAME
from subtui.views.format import Format
from subtui.views.saved_views import SAVED_VIEW_COLUMNS, SavedViewRow


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """The view that was chosen, to be opened or removed."""

    view: SavedViewRow
    remove: bool = False


class SavedViews(Dialog[ViewChoice | None]):
    """The saved views; None when it is left."""

    CSS_PATH = "saved_views.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,V", "leave", show=False),
        Binding("d,delete", "remove", show=False),
    ]

    def __init__(self, views: tuple[SavedViewRow, ...], fmt: Format) -> None:
        super().__init__()
        self._views, self._fmt = views, fmt

    def compose(self) -> ComposeResult:
        """Compose the list and its keys."""
        with Vertical(id="views"):
            yield Static(safe("Saved views", "bold"), id="views-title", markup=False)
            yield RecordTable(
                SAVED_VIEW_COLUMNS, id="views-list", empty="None yet. W in All subscriptions saves what it lists."
            )
            yield Static(safe("enter opens   d removes   esc back", "$muted"), id="views-keys", markup=False)

    def on_mount(self) -> None:
        """Mark the first view."""
        table = self.query_one(RecordTable)
        table.show(rows_of(SAVED_VIEW_COLUMNS, self._views, self._fmt))
        table.focus()

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        event.stop()
        self.answer(ViewChoice(self._of(event.key)))

    def _of(self, key: int) -> SavedViewRow:
        return next(view for view in self._views if view.id == key)

    def action_remove(self) -> None:
        """Remove the marked view."""
        key = self.query_one(RecordTable).marked_key
        if key is not None:
            self.answer(ViewChoice(self._of(key), remove=True))

    def action_leave(self) -> None:
        """Close without a choice."""
        self.answer(None)


@dataclass(frozen=True, slots=True)
class ViewName:
    """The name of a view, and whether the team has it too."""

    name: str
    shared: bool


class SaveViewDialog(Dialog[ViewName | None]):
    """The name for a view; None when it is left."""

    CSS_PATH = "saved_views.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+s", "save", show=False),
    ]

    def __init__(self, what: str, *, proposed: str = "", may_share: bool) -> None:
        """`what` says in words what will be saved."""
        super().__init__()
        self._what, self._proposed, self._may_share = what, proposed, may_share

    def compose(self) -> ComposeResult:
        """Compose the name, and whether it is shared."""
        with Vertical(id="save-view"):
            yield Static(safe("Save this list as a view", "bold"), id="save-title", markup=False)
            yield Static(safe(self._what, "$muted"), id="save-what", markup=False)
            yield TextField(self._proposed, id="name", most=LONGEST_NAME, placeholder="name of the view")
            if self._may_share:
                yield Checkbox("for the whole team", id="shared")
            with Horizontal(id="answers"):
                yield Button("Back", id="leave", compact=True)
                yield Button("Save", id="save", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Focus the name."""
        self.query_one("#name").focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Answer with the name, if there is one."""
        name = self.query_one("#name", Input).value.strip()
        shared = self._may_share and self.query_one("#shared", Checkbox).ticked
        if name:
            self.answer(ViewName(name, shared))
        else:
            self.query_one("#name").focus()

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        """Close without saving."""
        self.answer(None)
