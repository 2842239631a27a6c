"""The interface of the demo player for its screens."""

from pathlib import Path

from subtui.app.terminal_app import TerminalApp
from subtui.flows.flow import Flow
from subtui.flows.temp_db import Copies


class DemoProgram(TerminalApp):
    """The part of the demo player that its screens use. The player imports the screens, so they cannot import it."""

    copies: Copies
    data: Path | None
    look: str

    def play(self, flow: Flow) -> None:
        """Play a flow from its beginning."""
        raise NotImplementedError

    def choose(self, last: str = "") -> None:
        """Show the list of flows, with the one played last marked."""
        raise NotImplementedError

    def show_end(self, flow: Flow) -> None:
        """Show the summary of a flow that has ended, with the next commands."""
        raise NotImplementedError

    def fail(self, error: BaseException) -> None:
        """Leave with the sentence of an error."""
        raise NotImplementedError
