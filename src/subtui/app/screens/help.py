"""Help: the keys in force on the previous screen, and the documented steps."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from subtui.app import routes
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.bindings import bindings
from subtui.app.commands.catalog import COMMANDS, Command, Scope
from subtui.app.commands.keymap import keys_in_force
from subtui.app.commands.keys import shown_key
from subtui.app.content import concat, hanging_indent, safe

STEPS = (
    "Sign in.",
    "Type the customer's name in the dashboard's search field; enter opens the contact.",
    "o opens the Orders tab; s goes to Subscriptions. Enter opens the subscription.",
    "Status: choose Inactive. The end date is filled in; change it if needed.",
    "Reason: choose one.",
    "ctrl+s saves everything in one step: Inactive, end date, reason, Auto Charge off, letter and log entry.",
)
EXPRESS = "Shortcut: x on a subscription's row, choose the reason, ctrl+s."
MISTAKE = "Made a mistake? u on the form undoes the cancellation, until its end date."
NOTHING_ELSE = "Cancelling does not refund payments or stop automations: the panel lists what continues."

ACCOUNT_STEPS = (
    "A verified owner or admin: B (in a text field, tab first) opens Admin > Billing & Account; x starts the "
    "cancellation. Or: ctrl+o, the account menu at the top right, My account, Cancel my subscription.",
    "Fill in the form: the reason and how to contact you. The panel shows the result.",
    "Acknowledge the terms, then ctrl+s. You get a ticket, a letter and the date an answer is due.",
)
ACCOUNT_NOTES = (
    "All other users cancel by phone: M, then x shows the number and what to say, and logs the call.",
    "Cancel by the last safe day to avoid the next invoice; unused time is not refunded. You can withdraw the request "
    "until the account ends.",
    "For questions about a refund or a cancellation, press t here.",
)

WIDEST = 100


class Help(BaseScreen):
    """The help screen."""

    CSS_PATH = "help.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.HELP,)
    BINDINGS = bindings(Scope.HELP)

    def compose_body(self) -> ComposeResult:
        """Compose the keys, and the steps below."""
        with VerticalScroll(id="help-pane"):
            yield Static("", id="help", markup=False)

    def on_mount(self) -> None:
        """Focus the page, so that the arrow keys scroll it."""
        self.query_one("#help-pane").focus()

    def on_resize(self, event: events.Resize) -> None:
        """Write the page in the available width."""
        super().on_resize(event)
        self.query_one("#help", Static).update(Content("\n").join(self._lines()))

    def _lines(self) -> Iterable[Content]:
        yield safe("Cancel a customer's subscription", "bold $primary")
        for number, step in enumerate(STEPS, 1):
            yield from self._wrapped(f" {number}  ", step)
        for sentence in (EXPRESS, MISTAKE, NOTHING_ELSE):
            yield from self._wrapped("    ", sentence, "$muted")
        yield Content("")
        yield safe("Cancel the account itself", "bold $primary")
        for number, step in enumerate(ACCOUNT_STEPS, 1):
            yield from self._wrapped(f" {number}  ", step)
        for sentence in ACCOUNT_NOTES:
            yield from self._wrapped("    ", sentence, "$muted")
        came_from = self.subtui.screen_below(self)
        here = getattr(came_from, "SCOPES", ())
        later = tuple(scope for scope in Scope if scope not in here)
        for scope in (*here, *later):
            yield Content("")
            yield safe(scope.value + (" (previous screen)" if scope in here else ""), "bold $primary")
            for known in COMMANDS:
                if known.scope is scope:
                    yield self._line(known)

    def _wrapped(self, head: str, text: str, style: str = "") -> Iterable[Content]:
        """The text with a hanging indent, in the width of the page."""
        return hanging_indent(head, text, min(self.size.width - 6, WIDEST), style=style)

    def _line(self, known: Command) -> Content:
        keys = "  ".join(shown_key(key) for key in keys_in_force(self.subtui.app_config.display_config.keymap, known))
        return concat(safe(f" {keys:<14}", "bold"), safe(known.help))

    def do_help_ticket(self) -> None:
        """Open the form for an online ticket."""
        self.subtui.go(routes.to("ticket"))

    def do_help_phone(self) -> None:
        """Open the phone instructions."""
        self.subtui.go(routes.to("phone"))

    def disabled_reason(self, wanted: Command) -> str | None:
        """Why a command is unavailable: a ticket needs a signed-in user."""
        if wanted.scope is Scope.HELP and self.subtui.person is None:
            return "Sign in first."
        return super().disabled_reason(wanted)

    def breadcrumbs(self) -> tuple[str, ...]:
        """The breadcrumbs, after those of the previous screen."""
        return ("Help",)
