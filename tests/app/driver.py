"""Drives the program without a terminal: presses keys, waits until nothing is under way, reads the screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from subtui.app.app import SubtuiApp
from subtui.app.widgets.message_line import MessageLine
from subtui.app.workspace import Workspace
from subtui.clock import Clock
from subtui.launch import Launch, Looks

DEMO_DAY = date(2026, 3, 2)
FRAME = 1 / 50
"""Seconds in which whatever has been asked for is drawn: Textual paints sixty times a second."""
_NAMES = {
    " ": "space",
    "@": "at",
    ".": "full_stop",
    "+": "plus",
    "-": "minus",
    "/": "slash",
    "#": "number_sign",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
    ",": "comma",
    "'": "apostrophe",
}
_CHARACTERS = {name: letter for letter, name in _NAMES.items()} | {"question_mark": "?", "colon": ":", "enter": "\r"}


@dataclass
class Driver:
    """The program under test, and how many keys were pressed besides typed text."""

    app: SubtuiApp
    pilot: Pilot[int]
    pressed: int = 0

    async def settle(self) -> None:
        """Wait until every question is answered and every answer is drawn."""
        quiet = 0
        while quiet < 3:  # a screen that has just been opened asks its question a moment later
            await asyncio.sleep(FRAME)
            quiet += 1
            if getattr(self.app.screen, "busy", False) or self._messages_waiting():
                quiet = 0
            if self.app.desk.pending:
                quiet = 0
                await asyncio.wait([asyncio.wrap_future(future) for future in tuple(self.app.desk.pending)])

    def _messages_waiting(self) -> bool:
        """Whether any widget has something left to do; a machine under load looks idle before it is."""
        screen = self.app.screen
        if screen._layout_required or screen._dirty_widgets or screen._callbacks:
            return True
        return any(pump.message_queue_size for pump in (self.app, *screen.walk_children(with_self=True)))

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each when the one before has had its effect."""
        for key in keys:
            self._send(key)
            self.pressed += 1
            await self.settle()

    async def press_at_once(self, *keys: str) -> None:
        """Press keys as a terminal hands them over that was not read for a while: none waits for the one before it."""
        for key in keys:
            self._send(key)
            self.pressed += 1
        await self.settle()

    def _send(self, key: str) -> None:
        character = key if len(key) == 1 else _CHARACTERS.get(key)
        self.app.post_message(events.Key(_NAMES.get(key, key), character))

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text at once, as a fast typist would."""
        for letter in text:
            self._send(letter)
        await self.settle()

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(line.text.rstrip() for line in lines)

    @property
    def here(self) -> Workspace:
        """The screen one is on."""
        screen = self.app.screen
        assert isinstance(screen, Workspace), f"on {type(screen).__name__}"
        return screen

    @property
    def route(self) -> str:
        """The route one is on."""
        return str(self.here.route)

    @property
    def message(self) -> str:
        """The sentence above the keys."""
        return self.here.query_one(MessageLine).sentence

    @property
    def focus(self) -> str:
        """The id of whatever has the focus."""
        focused = self.app.screen.focused
        return (focused.id or type(focused).__name__) if focused is not None else ""


@asynccontextmanager
async def running(
    db: Path,
    *,
    who: str | None = "agent",
    route: str = "/",
    size: tuple[int, int] = (80, 24),
    looks: Looks | None = None,
    at: date = DEMO_DAY,
    read_only: bool = False,
) -> AsyncIterator[Driver]:
    """The program on a database, signed in as a demo account by its role or e-mail unless `who` is None."""
    launch = Launch(
        where=str(db),
        clock=Clock(at),
        looks=looks or Looks(),
        sign_in_as=who,
        route=route,
        read_only=read_only,
        crash_folder=db.parent,
    )
    app = SubtuiApp(launch)
    try:
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver
    finally:
        app.desk.close()
