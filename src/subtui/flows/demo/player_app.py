"""The demo player app. The played program runs inside it, in its own context."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from subtui.app import themes
from subtui.app.crash import CrashReport
from subtui.domain.errors import SubtuiError
from subtui.domain.plain_text import pasted
from subtui.flows.demo.program import DemoProgram
from subtui.flows.demo.screens import Ended, FlowList, Playing
from subtui.flows.event_loop import run_here
from subtui.flows.flow import Flow
from subtui.flows.temp_db import Copies


class DemoApp(DemoProgram):
    """Lists flows, plays one, and shows its summary."""

    TITLE = "subtui demo"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS = """
    Screen { background: $background; color: $foreground; }
    .lead { margin: 1 3; }
    .keys { dock: bottom; height: 1; padding: 0 1; background: $panel; }
    .sum { dock: bottom; height: 1; margin: 0 3 2 3; }
    .step { margin: 0 3 1 3; max-width: 92; }
    #steps { height: 1fr; margin-bottom: 3; scrollbar-size-vertical: 1; }
    #steps Vertical { height: auto; }
    #flows { width: 100%; height: 1fr; border: none; padding: 0 2; background: $background; }
    #flows { scrollbar-size-vertical: 1; }
    #flows:focus { border: none; background: $background; background-tint: $background 0%; }
    #flows > .option-list--option { padding: 0 1; }
    #flows > .option-list--option-highlighted { background: $cursor-line; color: $cursor-text; }
    """

    def __init__(
        self,
        flows: Sequence[Flow],
        copies: Copies,
        *,
        first: Flow | None = None,
        data: Path | None = None,
        theme: str = "dark",
        crash_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._flows, self._first = flows, first
        self.copies, self.data, self.look = copies, data, theme
        self._crash_folder = crash_folder
        self.failure: str | None = None
        self._playing: Playing | None = None
        self._turning = False
        self.animation_level = "none"
        for known in themes.ALL:
            self.register_theme(known)
        self.theme = theme

    async def on_mount(self) -> None:
        """Open the requested flow, else the list."""
        if self._first is not None:
            self.play(self._first)
        else:
            self.choose()

    def play(self, flow: Flow) -> None:
        """Play a flow from its beginning."""
        self._turn_to(Playing(flow))

    def choose(self, last: str = "") -> None:
        """List the flows; the last one played is marked."""
        self._turn_to(FlowList(self._flows, last))

    def show_end(self, flow: Flow) -> None:
        """Show the summary of the flow."""
        self.push_screen(Ended(flow))

    def _turn_to(self, screen: FlowList | Playing) -> None:
        """Show another screen; a key pressed twice switches once."""
        if not self._turning:
            self._turning = True
            self.run_worker(self._show(screen))

    async def _show(self, screen: FlowList | Playing) -> None:
        await self._stop()
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self._playing = screen if isinstance(screen, Playing) else None
        await self.push_screen(screen)
        self._turning = False

    async def _stop(self) -> None:
        playing, self._playing = self._playing, None
        if playing is not None:
            await playing.apart.stop()

    async def on_event(self, event: events.Event) -> None:
        """Pass the keys to the played program while the viewer has them."""
        screen = self.screen if self.screen_stack else None
        if isinstance(event, events.Paste) and not event.is_forwarded:
            event = events.Paste(pasted(event.text))
        if isinstance(event, events.InputEvent) and (screen is None or self._turning):
            return  # one screen is being removed and another one composed
        if isinstance(event, events.Key | events.Paste) and isinstance(screen, Playing) and screen.takes(event):
            return
        await super().on_event(event)

    def fail(self, error: BaseException) -> None:
        """Leave with a sentence, which is printed once the terminal is restored."""
        if isinstance(error, SubtuiError):
            self.failure = str(error)
            self.exit(error.exit_code, return_code=error.exit_code)
        else:
            self.failure = CrashReport.of(error, folder=self._crash_folder).sentence
            self.exit(2, return_code=2)

    def _fatal_error(self) -> None:
        """Write a report without locals; Textual would print a traceback with locals."""
        self.bell()
        self.failure = CrashReport.of(sys.exc_info()[1] or self._exception, folder=self._crash_folder).sentence
        self._close_messages_no_wait()

    async def on_unmount(self) -> None:
        """Cancel the played program when the player is left."""
        await self._stop()


def watch(
    flows: Sequence[Flow], copies: Copies, *, first: Flow | None, data: Path | None, theme: str, crashes: Path | None
) -> int:
    """Run the player until the viewer leaves. Returns the exit code; a failure is one sentence on standard error."""
    app = DemoApp(flows, copies, first=first, data=data, theme=theme, crash_folder=crashes)
    code = run_here(app)
    if app.failure:
        with suppress(OSError):
            sys.stderr.write(app.failure + "\n")
        return code or app.return_code or 2
    return code or 0
