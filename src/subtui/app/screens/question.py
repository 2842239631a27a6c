"""The form of a question: an online ticket about a refund or a cancellation, for the cancellation team."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from subtui.acts.tickets import AskQuestion
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import Command, Scope
from subtui.app.screens.ticket_form import TicketForm
from subtui.app.widgets.contact_details_fields import ContactDetailsFields
from subtui.app.widgets.dropdown import Dropdown
from subtui.app.widgets.form_field import FormField
from subtui.app.widgets.leave_button import LeaveButton
from subtui.app.widgets.text_box import TextBox
from subtui.app.widgets.text_field import TextField
from subtui.domain.requests import LONGEST_SUBJECT, LONGEST_TEXT, TOPIC_WORDS, ContactDetails, QuestionDraft, Topic

_TOPICS = tuple((topic.value, TOPIC_WORDS[topic]) for topic in Topic)


class QuestionScreen(TicketForm):
    """The form of the question and the contact details."""

    CSS_PATH = "ticket.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.TICKET,)
    BINDINGS = bindings(Scope.TICKET)

    @property
    def unsaved(self) -> bool:
        """Whether there are entries that are not sent."""
        return not self._saving and bool(self.typed("subject").strip() or self.typed("text").strip())

    def compose_body(self) -> ComposeResult:
        """Compose the topic, the text and the contact details."""
        with Vertical(id="question"):
            with VerticalScroll(id="scroll", can_focus=False):
                yield Static(
                    "The cancellations team will answer. The ticket is recorded on this computer only.",
                    id="lead",
                    markup=False,
                )
                yield FormField("Topic", Dropdown(_TOPICS, value=Topic.REFUND.value, id="topic"), id="field-topic")
                yield FormField("Subject", TextField(id="subject", most=LONGEST_SUBJECT), id="field-subject")
                yield FormField("Question", TextBox(id="text", most=LONGEST_TEXT), id="field-text")
                yield ContactDetailsFields()
            with Horizontal(id="buttons"):
                yield Static("", id="spacer", markup=False)
                yield LeaveButton()
                yield Button("Send", id="send", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Fill in the e-mail of the signed-in user."""
        person = self.subtui.person
        self.query_one(ContactDetailsFields).put(ContactDetails(email=person.email if person else ""))
        self.query_one("#topic").focus()
        self.restore_kept()

    def do_ticket_send(self) -> None:
        """Record the question as a ticket."""
        draft = QuestionDraft(
            reach=self.query_one(ContactDetailsFields).reach,
            topic=Topic(self.query_one("#topic", Dropdown).chosen or Topic.OTHER),
            subject=self.typed("subject"),
            text=self.typed("text"),
        )
        self.file(AskQuestion(draft))

    @on(Button.Pressed, "#send")
    async def _send_pressed(self) -> None:
        await self.action_command("ticket.send")

    @on(Button.Pressed, "#leave")
    async def _leave_pressed(self) -> None:
        await self.action_command("app.back")

    def is_offered(self, known: Command) -> bool:
        """Show the keys of the focused field, and Send, in the key bar."""
        if known.id == "dropdown.open":
            return isinstance(self.focused, Dropdown)
        return known.id != "app.quit"

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, below the help."""
        return ("Help", "Ask a question")
