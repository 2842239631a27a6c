"""The account cancellation form: the request on the left, its preview on the right, the terms to acknowledge below."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from subtui.acts.act import Query
from subtui.acts.tickets import CompleteCall, GetCancellationForm, PreviewCancellation, RequestCancellation
from subtui.app import routes
from subtui.app.backend_client import Refusal
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Scope
from subtui.app.content import concat, safe
from subtui.app.routes import Route
from subtui.app.screens.previewed_form import PreviewedForm
from subtui.app.screens.ticket_form import TicketForm
from subtui.app.widgets.checkbox import Checkbox
from subtui.app.widgets.contact_details_fields import ContactDetailsFields
from subtui.app.widgets.date_field import DateInput
from subtui.app.widgets.description_list import DescriptionList
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.text_box import NoteBox
from subtui.app.workers import asks
from subtui.domain.account import Reassessed
from subtui.domain.errors import Problem
from subtui.domain.requests import LONGEST_COMMENT, CancellationDraft, ContactDetails, Preferred
from subtui.views.account import CancelForm, RequestPreview
from subtui.views.account_entries import NO_PLAN
from subtui.views.entries import numbered


class CancelAccount(PreviewedForm, TicketForm):
    """Request the account cancellation; with the parameter `call`, complete it for the caller of that ticket."""

    CSS_PATH = "account_cancel.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CANCELLATION,)
    BINDINGS = bindings(Scope.CANCELLATION)
    AUTO_FOCUS = ""
    SAVE = "cancellation.save"

    def __init__(self, route: Route) -> None:
        super().__init__(route)
        self.form: CancelForm | None = None

    def compose_body(self) -> ComposeResult:
        """Compose the fields, with the result beside them."""
        yield from self.compose_form(self._fields(), panel="Result")

    def _fields(self) -> ComposeResult:
        comment = NoteBox(id="comment", most=LONGEST_COMMENT, placeholder="optional")
        display_config = self.subtui.app_config.display_config
        yield Static("The request", classes="section first", markup=False)
        yield FormField("Reason", Dropdown((), id="reason"), id="field-reason")
        yield FormField("Comment", comment, id="field-comment")
        yield ContactDetailsFields(id="reach")
        yield FormField(
            "Requested",
            DateInput(id="requested", placeholder="today", display_config=display_config, past=True),
            id="field-requested_on",
        )
        yield Static("The terms", classes="section", markup=False)
        yield DescriptionList(id="terms")
        yield FormField("", Checkbox("I acknowledge these terms.", id="tick"), id="field-acknowledged")

    def on_mount(self) -> None:
        """Load the form, which says whether this user may cancel."""
        self.show_form(shown=False)
        self._load()

    @asks("load")
    async def _load(self) -> None:
        self._loaded(await self.read(GetCancellationForm(int(self.route.parameter("call") or 0) or None)))

    def _loaded(self, form: CancelForm) -> None:
        if form.standing is not None:
            said = f"The account is already being cancelled: this is {form.standing.ticket}."
            self.subtui.go(routes.to("request", form.standing.id), flash=said, kind="note", instead=True)
        elif form.why_not and form.call is None:
            self.subtui.go(routes.to("phone"), instead=True)
        elif form.why_not or form.plan is None:
            self.form = form
            self.query_one("#headline", Static).update(safe(form.why_not or NO_PLAN, "$warning"))
        else:
            self._begin(form)

    def _begin(self, form: CancelForm) -> None:
        self.form = form
        self._show_headline(form)
        self.query_one("#reason", Dropdown).offer([(reason.code, reason.label) for reason in form.reasons])
        requested = self.query_one("#requested", DateInput)
        requested.today = self.subtui.today
        if form.call is not None:
            requested.put(form.call.requested_on)
        by = form.call.preferred if form.call is not None else Preferred.EMAIL
        self.query_one(ContactDetailsFields).put(ContactDetails(form.email, form.phone, by))
        self.show_form(shown=True)
        self.begin()
        self.focus_on("reason")
        self.refresh_frame()

    def _show_headline(self, form: CancelForm) -> None:
        plan = form.plan
        if plan is None:
            return
        line = concat(safe(f"{plan.name}, {plan.price_words}", "bold"), safe(f"   {form.account}", "$muted"))
        call = form.call
        if call is not None:
            line = concat(line, Content("\n"), safe(f"For {call.requested_by}, who phoned: {call.ticket}", "$warning"))
        self.query_one("#headline", Static).update(line)

    # --- reading ----------------------------------------------------------------------------------------------------

    def draft(self) -> CancellationDraft:
        """The draft from the form; an unreadable date counts as today."""
        return CancellationDraft(
            reach=self.query_one(ContactDetailsFields).reach,
            reason_code=self.query_one("#reason", Dropdown).chosen,
            comment=self.typed("comment"),
            requested_on=self.query_one("#requested", DateInput).day,
            acknowledged=self.query_one("#tick", Checkbox).ticked,
        )

    def unreadable(self) -> tuple[Problem, ...]:
        sentence = self.query_one("#requested", DateInput).problem
        return (Problem("requested_on", sentence),) if sentence else ()

    # --- preview ----------------------------------------------------------------------------------------------------

    def previewing(self, draft: CancellationDraft) -> Query[RequestPreview]:
        """The query that previews the draft."""
        return PreviewCancellation(draft)

    def show_more(self, preview: RequestPreview) -> None:
        """Show the terms for this draft."""
        self.query_one("#terms", DescriptionList).show(numbered(preview.statements))
        # Textual may not redraw all rows when a widget is laid out again while it scrolls.
        self.query_one("#scroll").refresh()

    # --- saving -----------------------------------------------------------------------------------------------------

    def do_cancellation_save(self) -> None:
        """Record the request, as previewed."""
        self.try_to_save()

    def save(self, draft: CancellationDraft, preview: RequestPreview) -> None:
        """Send the request, for the user or for the caller of the ticket."""
        found = preview.found
        call = self.form.call if self.form is not None else None
        if call is None:
            self.file(RequestCancellation(draft, expected=found))
        else:
            number, version = call.id, call.version
            self.file(CompleteCall(number, draft, version=version, expected=found))

    def refused(self, refusal: Refusal) -> None:
        """Show the refusal and keep the entries; preview again if the assessment has changed."""
        super().refused(refusal)
        if isinstance(refusal.error, Reassessed):
            self.query_one("#tick", Checkbox).put(False)
            self.ask_preview()

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, as in the documentation."""
        if self.form is not None and self.form.call is not None:
            return ("Requests", self.form.call.ticket, "Complete the form")
        return ("My account", "Cancel my subscription")
