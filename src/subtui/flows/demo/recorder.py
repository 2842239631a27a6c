"""The app in which a user records a flow by hand: the program, and below it the state of the draft."""

import sys
from collections.abc import Sequence
from typing import cast

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip

from subtui.app import themes
from subtui.app.commands.keys import shown_key
from subtui.app.crash import CrashReport
from subtui.app.terminal_app import TerminalApp
from subtui.app_config import AppConfig
from subtui.domain.errors import SubtuiError
from subtui.domain.plain_text import pasted
from subtui.flows.bar import BAR_ROWS, Caption
from subtui.flows.demo.caption_bar import CaptionBar
from subtui.flows.demo.embedded_app import EmbeddedApp
from subtui.flows.demo.keys import GIVE_BACK
from subtui.flows.demo.session import Session
from subtui.flows.demo.stage_view import StageView
from subtui.flows.parser import LARGEST_SIZE
from subtui.flows.writer import Draft


class WritingApp(TerminalApp):
    """Shows the program, passes it every key but one, and ends with the draft."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { background: $background; color: $foreground; }"

    def __init__(self, draft: Draft, app_config: AppConfig, file: str, theme: str) -> None:
        super().__init__()
        self.draft, self.failure = draft, cast("str | None", None)
        self._file, self._look = file, theme
        self._session = Session(draft, app_config, self, self._changed)
        self._finishing = False
        self._apart = EmbeddedApp(lambda: self.is_running)
        self.animation_level = "none"
        for known in themes.ALL:
            self.register_theme(known)
        self.theme = theme

    def compose(self) -> ComposeResult:
        """Compose the program and the bar below it."""
        yield StageView()
        yield CaptionBar(self._look)

    def on_mount(self) -> None:
        """Show the introduction; once it is drawn, start the program."""
        self.query_one(StageView).focus()
        self._say()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.draft.size = self._room()
        self._apart.begin(self._session.run)
        if self._apart.task is not None:
            self._apart.task.add_done_callback(lambda _: self._apart.tell(self._over))

    def _room(self) -> tuple[int, int]:
        return min(self.size.width, LARGEST_SIZE[0]), min(max(self.size.height - BAR_ROWS, 1), LARGEST_SIZE[1])

    def on_resize(self) -> None:
        """Give the program the room above the bar."""
        if self._apart.task is not None:
            self._session.resize(self._room())

    def _say(self) -> None:
        draft = self.draft
        keys = "1 key" if draft.keys == 1 else f"{draft.keys} keys"
        typed = sum(len(step.type) for step in draft.steps)
        text = "1 typed character" if typed == 1 else f"{typed} typed characters"
        done = f"{keys} and {text} recorded" if draft.keys or typed else "Recording. Do the task"
        if draft.signed_out:
            done = "Signed out: the flow ends here, later keys are not recorded"
        words = f"{done}; {shown_key(GIVE_BACK)} saves {self._file}."
        left = f"{draft.left_out} sign-in keys left out" if draft.left_out else ""
        key, text_now = draft.last
        self.query_one(CaptionBar).show(Caption(words, key=key, typed=text_now, foot=left))

    # --- callbacks from the inner app -------------------------------------------------------------------------------

    def painted(self, strips: Sequence[Strip]) -> None:
        """Show a new frame of the program."""
        self._apart.tell(lambda: self.query_one(StageView).show(strips))

    def failed(self, error: BaseException) -> None:
        """End with the error of the program."""
        self.failure = str(error) if isinstance(error, SubtuiError) else CrashReport.of(error, folder=None).sentence
        self._apart.tell(lambda: self.exit(2, return_code=2))

    def _fatal_error(self) -> None:
        """End with a sentence; Textual would print a traceback with locals."""
        self.failure = CrashReport.of(sys.exc_info()[1] or self._exception, folder=None).sentence
        self._close_messages_no_wait()

    def _changed(self) -> None:
        self._apart.tell(self._say)

    def _finish(self) -> None:
        """Leave once all keys are recorded; at a second request, at once."""
        if self._finishing:
            self.exit(0)
        self._finishing = True
        self._session.finish()

    def _over(self) -> None:
        """End with the draft, because the program was left."""
        if self.failure is None:
            self.exit(0)

    async def on_event(self, event: events.Event) -> None:
        """Pass every key to the program, except the one that ends the recording; early keys wait for its start."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            event = events.Paste(pasted(event.text))
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if isinstance(event, events.Key) and event.key == GIVE_BACK:
                self._finish()
            else:
                self._session.key(event)
            return
        await super().on_event(event)

    async def on_unmount(self) -> None:
        """Cancel the program when the recorder is left."""
        await self._apart.stop()
