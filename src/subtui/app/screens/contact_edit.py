"""The form that corrects a contact, with a preview of what changes."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from subtui.acts.act import Query
from subtui.acts.contact_edits import GetContactForm, PreviewContact, SaveContact
from subtui.app import routes
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.previewed_form import PreviewedForm
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.text_box import NoteBox
from subtui.app.widgets.text_field import TextField
from subtui.app.workers import asks
from subtui.domain.contact_details import LONGEST_EMAIL
from subtui.domain.contact_edits import ContactDraft
from subtui.domain.contact_fields import CONTACT_FIELDS, LONGEST_ADDRESS, LONGEST_TAG, MOST_TAGS, TAGS, ContactField
from subtui.domain.plain_text import sanitize, sanitize_lines
from subtui.views.contact_edits import KEAP_KEEPS_ITS_OWN, ContactForm, ContactSaved
from subtui.views.preview import Preview

_PLACEHOLDERS = {"billing_address": "one line below the other", TAGS: "one tag on a line"}


class ContactEditForm(PreviewedForm):
    """The corrections of one contact."""

    CSS_PATH = "contact_edit.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CONTACT_FORM,)
    BINDINGS = bindings(Scope.CONTACT_FORM)
    AUTO_FOCUS = ""
    SAVE = "contact_form.save"

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.record: ContactForm | None = None
        self._shown: dict[str, str] = {}  # the texts that the fields were filled in with

    @property
    def contact_id(self) -> int:
        """The id from the route."""
        return self.route.id or 0

    def compose_body(self) -> ComposeResult:
        """Compose the fields, with the preview panel beside them."""
        yield from self.compose_form(self._fields())

    def _fields(self) -> Iterable[Widget]:
        for known in CONTACT_FIELDS:
            if known.section:
                first = " first" if known is CONTACT_FIELDS[0] else ""
                yield Static(known.section, classes=f"section{first}", markup=False)
            yield FormField(known.label, self._control(known), id=f"field-{known.name}")

    @staticmethod
    def _control(known: ContactField) -> Widget:
        placeholder = _PLACEHOLDERS.get(known.name, "")
        if known.lines:
            most = LONGEST_TAG * MOST_TAGS if known.name == TAGS else LONGEST_ADDRESS
            return NoteBox(id=known.name, most=most, placeholder=placeholder)
        return TextField(id=known.name, most=2 * LONGEST_EMAIL, select_on_focus=False)

    def on_mount(self) -> None:
        """Load the contact."""
        self.show_form(shown=False)
        self._load()

    @asks("load")
    async def _load(self) -> None:
        self._loaded(await self.read(GetContactForm(self.contact_id)))

    # --- showing ----------------------------------------------------------------------------------------------------

    def _loaded(self, record: ContactForm) -> None:
        self.record = record
        self._show_headline(record)
        if record.merged_into is not None:
            self.query_one("#headline", Static).update(safe(self.why_no_form(), "$warning"))
            self.refresh_frame()
            return
        first = self.begun is None
        if first:
            self._fill(record.draft)
        self.show_form(shown=True)
        if first:
            self.focus_on("first_name")
        self.begin()
        self.begun = record.draft
        self.refresh_frame()

    def _show_headline(self, record: ContactForm) -> None:
        line = concat(safe(record.name, "bold"), safe(f"   contact {record.id}", "$muted"))
        if record.in_keap:
            line = concat(line, Content("\n"), safe(KEAP_KEEPS_ITS_OWN, "$muted"))
        self.query_one("#headline", Static).update(line)

    def _fill(self, draft: ContactDraft) -> None:
        for known in CONTACT_FIELDS:
            value, control = getattr(draft, known.name), self.query_one(f"#{known.name}")
            if isinstance(control, NoteBox):
                control.text = self._shown[known.name] = sanitize_lines("\n".join(value))
            elif isinstance(control, Input):
                control.value = self._shown[known.name] = sanitize(value)

    # --- reading ----------------------------------------------------------------------------------------------------

    def draft(self) -> ContactDraft:
        """The draft from the form. A field that was not edited has its stored value, even if it cannot be shown."""
        values: dict[str, Any] = {}
        for known in CONTACT_FIELDS:
            text = self.typed(known.name)
            if self.record is not None and text == self._shown.get(known.name):
                values[known.name] = getattr(self.record.draft, known.name)
            else:
                values[known.name] = tuple(filter(str.strip, text.splitlines())) if known.lines else text
        return ContactDraft(**values)

    def edited(self, _event: Message) -> None:
        """Keep the line that is typed in view: a box of several lines grows."""
        if isinstance(self.focused, NoteBox):
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    # --- saving -----------------------------------------------------------------------------------------------------

    def previewing(self, draft: ContactDraft) -> Query[Preview]:
        """The query that previews the draft."""
        return PreviewContact(self.contact_id, draft)

    def do_contact_form_save(self) -> None:
        """Save the previewed draft."""
        self.try_to_save()

    def save(self, draft: ContactDraft, _preview: Preview) -> None:
        """Save the draft on the version that was shown."""
        if self.record is not None:
            self.do_once(SaveContact(self.contact_id, draft, version=self.record.version), self._saved)

    def _saved(self, saved: ContactSaved) -> None:
        """Show the contact in place of the form."""
        here = routes.to("contact", self.contact_id)
        if getattr(self.subtui.screen_below(self), "route", None) == here:
            self.subtui.pop_screen()
        self.subtui.go(here, flash=saved.sentence, kind="done", instead=True)

    @asks("load")
    async def after_stale(self, take_theirs: bool | None) -> None:
        """Reload the contact, and keep the edited fields or take the stored ones."""
        record, edited = await self.read(GetContactForm(self.contact_id)), self._edited_texts()
        self.record = record
        self.forget_preview()
        self.begun = None
        self._fill(record.draft)
        if not take_theirs:
            for name, text in edited.items():
                control = self.query_one(f"#{name}")
                if isinstance(control, NoteBox):
                    control.text = text
                elif isinstance(control, Input):
                    control.value = text
        self.begun = record.draft
        self._show_headline(record)
        self.ask_preview()
        self.say("This is the current contact. Check the panel, then save.")

    def _edited_texts(self) -> dict[str, str]:
        return {name: self.typed(name) for name, shown in self._shown.items() if self.typed(name) != shown}

    def why_no_form(self) -> str:
        """Why there is nothing to correct."""
        if self.record is not None and self.record.merged_into is not None:
            return f"This contact was merged into contact {self.record.merged_into}: correct that one."
        return "There is no contact here."

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the contact."""
        return ("Dashboard", self.record.name if self.record else f"Contact {self.contact_id}", "Edit")
