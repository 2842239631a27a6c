"""Drives the program without a terminal, on temporary data: passes keys to it, and reads its screens."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from rich.console import RenderableType
from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from subtui.acts.keap import OpenCalls
from subtui.app.app import SubtuiApp
from subtui.app.base_screen import BaseScreen
from subtui.app.commands.keys import SYMBOLS, textual_key
from subtui.app.widgets.key_bar import KeyBar
from subtui.app.widgets.message_line import MessageLine
from subtui.app.widgets.preview_panel import PreviewPanel
from subtui.app.widgets.top_bar import TopBar
from subtui.app_config import AppConfig, DisplayConfig
from subtui.clock import Clock
from subtui.domain.errors import WrongInput
from subtui.flows.flow import Area

FRAME = 1 / 50
"""Seconds until a change is drawn: Textual paints sixty times a second."""
HOST = "front-desk"
"""The name of the machine that a driven program shows, wherever it runs."""
_CHARACTERS = {name: sign for sign, name in SYMBOLS.items()} | {"space": " ", "enter": "\r", "tab": "\t"}
_WIDGETS: dict[Area, type[Widget]] = {
    "top": TopBar,
    "message": MessageLine,
    "keys": KeyBar,
    "panel": PreviewPanel,
}


def key_event(key: str) -> events.Key:
    """The event of a key, as from a terminal; `key` is a name as users write it, or one character."""
    name = "space" if key == " " else textual_key(key)
    character = name if len(name) == 1 else _CHARACTERS.get(name)
    return events.Key(name, character)


class DrivenApp(SubtuiApp):
    """The program without a terminal, which reports every painted frame to a callback."""

    def __init__(self, app_config: AppConfig) -> None:
        super().__init__(app_config)
        self.on_painted: Callable[[list[Strip]], None] | None = None
        self.on_left: Callable[[], None] | None = None
        self.ended = False  # the program is being closed, and late messages are no errors

    def _handle_exception(self, error: Exception) -> None:
        if not self.ended:
            super()._handle_exception(error)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if renderable is not None and self.on_painted is not None and self._running and not self._exit:
            self.on_painted(self.strips())

    def exit(self, *arguments: Any, **options: Any) -> None:
        """Leave, and call `on_left`."""
        super().exit(*arguments, **options)
        if self.on_left is not None:
            self.on_left()

    def _fatal_error(self) -> None:
        """Report a failed program as left."""
        super()._fatal_error()
        if self.on_left is not None:
            self.on_left()

    def strips(self) -> list[Strip]:
        """The lines of the screen, including the screen visible below a dialog."""
        update = self.screen._compositor.render_update(full=True, screen_stack=self._background_screens, simplify=True)
        return [Strip.join(cast("list[Strip]", line)) for line in update.strips]  # type: ignore[union-attr]


@dataclass
class Driver:
    """The driven program, and the number of keys pressed besides typed text."""

    app: DrivenApp
    pilot: Pilot[int]
    pressed: int = 0

    def require_signed_in(self) -> None:
        """Raise WrongInput where the start's user could not be signed in: every key would go to the sign-in screen."""
        app = self.app
        who = app.app_config.sign_in_as
        if not who or app.person is not None:
            return
        if app.session_info is None or not app.session_info.demo:
            raise WrongInput(
                "The data has no “day”, so signing in needs a password. "
                "Add one, such as “2026-03-02”; the screens then show that day."
            )
        known = ", ".join(f"{account.email} ({account.role})" for account in app.session_info.demo_accounts)
        raise WrongInput(f"No user “{who}”. The data has {known or 'no users at all'}.")

    # --- input ------------------------------------------------------------------------------------------------------

    async def settle(self) -> None:
        """Wait until every request is answered and every answer is drawn, or the program has stopped."""
        quiet = 0
        # A screen that was just opened sends its request a moment later.
        while quiet < 3 and not self.over:
            await asyncio.sleep(FRAME)
            if self.app.failure or self.app._exit:
                return  # a stopped program handles no more messages
            quiet += 1
            if getattr(self.app.screen, "busy", False) or self._messages_waiting():
                quiet = 0
            if self.app.backend.pending:
                quiet = 0
                await asyncio.wait([asyncio.wrap_future(future) for future in tuple(self.app.backend.pending)])

    def _messages_waiting(self) -> bool:
        """Whether any widget has messages left: a machine under load can look idle before it is."""
        screen = self.app.screen
        if screen._layout_required or screen._dirty_widgets or screen._callbacks:
            return True
        return any(pump.message_queue_size for pump in (self.app, *screen.walk_children(with_self=True)))

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each after the effect of the previous one."""
        for key in keys:
            self.send(key)
            self.pressed += 1
            await self.settle()

    async def press_at_once(self, *keys: str) -> None:
        """Press keys without waiting for their effects, as from the buffer of a terminal."""
        for key in keys:
            self.send(key)
            self.pressed += 1
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text at once, as a fast typist would."""
        for letter in text:
            self.send(letter)
        await self.settle()

    def send(self, key: str) -> None:
        """Pass a key to the program without waiting."""
        self.app.post_message(key_event(key))

    async def resize(self, width: int, height: int) -> None:
        """Resize the terminal."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    @property
    def over(self) -> bool:
        """Whether the program has been left, or has failed."""
        return self.app._exit or self.app.failure is not None

    # --- output -----------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self._lines())

    def _lines(self) -> Sequence[str]:
        return [line.text.rstrip() for line in self.app.screen._compositor.render_strips()]

    def text_in(self, where: Area) -> str:
        """The lines at a place of the screen; empty where the place does not exist."""
        if where == "screen":
            return self.text
        screen = self.app.screen
        widget = screen.focused if where == "focus" else next(iter(screen.query(_WIDGETS[where])), None)
        if widget is None:
            return ""
        region = widget.region
        strips = screen._compositor.render_strips()[region.y : region.bottom]
        return "\n".join(strip.crop(region.x, region.right).text.rstrip() for strip in strips)

    @property
    def svg(self) -> str:
        """The screen as SVG, without the random id of the drawing."""
        return re.sub(r"terminal-\d+-", "terminal-", self.app.export_screenshot(simplify=True))

    @property
    def here(self) -> BaseScreen:
        """The current screen, below any dialog."""
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, BaseScreen))

    @property
    def route(self) -> str:
        """The current route."""
        return str(self.here.route)

    @property
    def message(self) -> str:
        """The sentence in the message line."""
        return self.here.query_one(MessageLine).sentence

    @property
    def focus(self) -> str:
        """The id of the focused widget."""
        focused = self.app.screen.focused
        return (focused.id or type(focused).__name__) if focused is not None else ""


@asynccontextmanager
async def driven(app_config: AppConfig, size: tuple[int, int]) -> AsyncIterator[Driver]:
    """Start the program without a terminal; where it cannot start, `app.failure` says why."""
    app = DrivenApp(app_config)
    try:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            try:
                yield driver
            finally:
                app.ended = True
                if app.failure:
                    app._exception = None  # reported as a sentence; Textual's test runner would raise it again
    finally:
        app.backend.close()


def config_on(
    database: Path,
    *,
    start: str = "/",
    who: str | None = None,
    at: date | None = None,
    theme: str = "dark",
    open_calls: OpenCalls | None = None,
) -> AppConfig:
    """The configuration of a driven program: by these settings only, so that it is the same on every machine.

    `at` None is the day of the data, if it has one. No crash report is kept: its only folder would be the temporary one
    of the data.
    """
    return AppConfig(
        where=str(database),
        clock=Clock(at),
        display_config=DisplayConfig(theme=theme),
        route=start,
        sign_in_as=who,
        crash_folder=None,
        host=HOST,
        open_calls=open_calls,
    )
