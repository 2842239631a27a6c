"""A form whose save gives a ticket, which is then shown in its place."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from subtui.app.screens.form_screen import FormScreen
from subtui.app.screens.ticket import TicketScreen
from subtui.domain.account_views import TicketResult

if TYPE_CHECKING:
    from subtui.services.backend import Backend


class TicketForm(FormScreen):
    """A form about a ticket."""

    class Recorded(Message):
        """A ticket was recorded, or there was one already."""

        def __init__(self, filed: TicketResult) -> None:
            super().__init__()
            self.filed = filed

    def file(self, act: "Callable[[Backend], TicketResult]") -> None:
        """Do an act that gives a ticket."""
        self.record_once(act, self.Recorded)

    def on_ticket_form_recorded(self, message: Recorded) -> None:
        """Show the ticket in place of the form."""
        message.stop()
        filed = message.filed
        self.subtui.switch_screen(
            TicketScreen.opened(filed.request.id, said=filed.sentence, kind="note" if filed.existing else "done")
        )
