"""The form that merges a duplicate into a contact: a search for the duplicate, with a preview of what moves."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from subtui.acts.act import Query
from subtui.acts.contact_merges import MergeContacts, PreviewMerge
from subtui.acts.contacts import FindContacts, GetContact
from subtui.app import routes
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.previewed_form import PreviewedForm
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.record_table import RecordTable, rows_of
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.views.contact_merges import MergePreview, MergeResult
from subtui.views.customers import ContactRecord, ContactRow
from subtui.views.entries import ListColumn

_LONGEST_SEARCH = 200
_FOUND = 8
_COLUMNS: tuple[ListColumn[ContactRow], ...] = (
    ListColumn("Id", 6, right=True, text=lambda row, _: str(row.id)),
    ListColumn("Name", 16, share=3, most=34, text=lambda row, _: row.name),
    ListColumn("E-mail", 14, share=2, most=34, drop=1, text=lambda row, _: row.email or "-"),
)


class ContactMergeForm(PreviewedForm):
    """The merge of a duplicate into one contact. With `with=ID` it opens with that duplicate chosen."""

    CSS_PATH = "contact_merge.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CONTACT_MERGE,)
    BINDINGS = bindings(Scope.CONTACT_MERGE)
    AUTO_FOCUS = ""
    SAVE = "contact_merge.save"

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: ContactRecord | None = None
        self._chosen = 0  # the id of the duplicate
        self._found: tuple[ContactRow, ...] = ()

    @property
    def contact_id(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def compose_body(self) -> ComposeResult:
        """Compose the search and what it found, with the preview panel beside them."""
        yield from self.compose_form(self._fields(), panel="What Merge will do")

    def _fields(self) -> "list[Widget]":
        search = TextField(id="search", most=_LONGEST_SEARCH, placeholder="name, e-mail, phone or id")
        return [
            FormField("Duplicate", search, id="field-duplicate"),
            RecordTable(_COLUMNS, id="found", empty="type to find the duplicate"),
            Static("", id="chosen", markup=False),
        ]

    def on_mount(self) -> None:
        """Load the contact that stays."""
        self.query_one("#save", Button).label = "Merge"
        self.show_form(shown=False)
        self._load()

    @asks("load")
    async def _load(self) -> None:
        record = self.record = await self.read(GetContact(self.contact_id))
        if record.id != self.contact_id:
            self.subtui.go(routes.to("contact", record.id), instead=True)
            return
        headline = concat(
            safe(record.name, "bold"),
            safe(f"   contact {record.id}: it stays, and takes the duplicate over", "$muted"),
        )
        self.query_one("#headline", Static).update(headline)
        self._chosen = int(self.route.parameter("with") or 0)
        self.show_form(shown=True)
        self.focus_on("duplicate")
        self.begun = 0
        self.restore_kept()
        self.ask_preview()
        self.refresh_frame()

    # --- choosing ---------------------------------------------------------------------------------------------------

    def edited(self, event: Message) -> None:
        """Search for what was typed."""
        if isinstance(event, Input.Changed):
            self._search()

    @asks("search", newest=True)
    async def _search(self) -> None:
        text = self.typed("search")
        rows: tuple[ContactRow, ...] = ()
        if text.strip():
            rows = (await self.read(FindContacts(text, limit=_FOUND))).rows
        if text != self.typed("search"):
            return
        self._found = tuple(row for row in rows if row.id != self.contact_id)
        table = self.query_one("#found", RecordTable)
        table.show(rows_of(_COLUMNS, self._found, self.subtui.format))
        self.say("No other contact matches." if text.strip() and not self._found else "")

    @on(Input.Submitted, "#search")
    def _to_found(self) -> None:
        """Enter in the search leads to the list, and chooses the only one."""
        if len(self._found) == 1:
            self._choose(self._found[0].id)
        elif self._found:
            self.query_one("#found", RecordTable).focus()

    @on(RecordTable.Opened, "#found")
    def _opened(self, event: RecordTable.Opened) -> None:
        self._choose(int(event.key))

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.ask_preview()

    # --- reading and saving -----------------------------------------------------------------------------------------

    def draft(self) -> int:
        """The id of the chosen duplicate; 0 for none."""
        return self._chosen

    def previewing(self, draft: int) -> Query[MergePreview]:
        """The query that previews the merge."""
        return PreviewMerge(self.contact_id, draft)

    def show_more(self, preview: MergePreview) -> None:
        """Name the chosen duplicate below the list."""
        named = f"Chosen: {preview.duplicate}, contact {self._chosen}" if preview.duplicate else ""
        self.query_one("#chosen", Static).update(safe(named, "bold"))

    def do_contact_merge_save(self) -> None:
        """Merge as previewed."""
        self.try_to_save()

    def save(self, draft: int, preview: MergePreview) -> None:
        """Merge on the versions that were shown."""
        act = MergeContacts(
            self.contact_id, draft, version=preview.version, duplicate_version=preview.duplicate_version
        )
        self.do_once(act, self._saved)

    def _saved(self, saved: MergeResult) -> None:
        """Show the contact that stays in place of the form."""
        here = routes.to("contact", self.contact_id)
        if getattr(self.subtui.screen_below(self), "route", None) == here:
            self.subtui.pop_screen()
        self.subtui.go(here, flash=f"{saved.sentence} D undoes it.", kind="done", instead=True)

    def why_no_form(self) -> str:
        """Why there is nothing to merge."""
        return "There is no contact here."

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the contact."""
        return ("Dashboard", self.record.name if self.record else f"Contact {self.contact_id}", "Merge")
