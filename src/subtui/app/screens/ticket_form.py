"""The base of forms whose save makes or changes a ticket, which is then shown in place of the form."""

from subtui.acts.act import Act
from subtui.app import routes
from subtui.app.screens.form_screen import FormScreen
from subtui.views.account import TicketResult


class TicketForm(FormScreen):
    """A form about a ticket."""

    def file(self, act: Act[TicketResult]) -> None:
        """Do an act whose answer is a ticket."""
        self.do_once(act, self._filed)

    def _filed(self, filed: TicketResult) -> None:
        """Show the ticket in place of the form."""
        kind = "note" if filed.existing else "done"
        self.subtui.go(routes.to("request", filed.request.id), flash=filed.sentence, kind=kind, instead=True)
