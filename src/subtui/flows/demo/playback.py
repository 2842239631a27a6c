"""A flow under way before somebody's eyes: it waits, skips, goes back and gives the keys away as it is told.

It runs in a task with a context of its own, because Textual keeps the program that is running in one: the program that
is watched and the one that shows it must not be taken for each other. What is to be seen goes out through `Watcher`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

from textual import events
from textual.strip import Strip

from subtui.flows.bar import Caption
from subtui.flows.driver import Driver, driven
from subtui.flows.flow import Action, Expect, ExpectRoute, Flow
from subtui.flows.player import LAST_SECONDS, Player
from subtui.flows.runner import FlowFailed, config_of, perform, require_started
from subtui.flows.temp_db import Copies

SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0)
PATIENCE = 3.0
"""Seconds that a live demo waits for what is expected, before it says that it did not come."""


class Shows(Protocol):
    """Whoever shows what the program draws."""

    def painted(self, strips: Sequence[Strip]) -> None:
        """The program drew itself."""

    def failed(self, error: BaseException) -> None:
        """It cannot go on at all."""


class Watcher(Shows, Protocol):
    """Whoever shows how a flow goes, as well."""

    def told(self, state: "State") -> None:
        """What is said and how it stands has changed."""

    def finished(self, flow: Flow) -> None:
        """The flow came to its end."""


@dataclass(frozen=True, slots=True)
class State:
    """How it stands. `note` is something to be said beside the procedure: what did not come out as written."""

    caption: Caption
    playing: bool = True
    by_hand: bool = False
    speed: float = 1.0
    note: str = ""


class _Jump(Exception):
    """Go to the beginning of the step with this index, and start over from there."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


class Playback(Player):
    """Plays one flow, again and again, until it is cancelled."""

    def __init__(
        self,
        flow: Flow,
        copies: Copies,
        watcher: Watcher,
        *,
        size: tuple[int, int],
        data: Path | None = None,
        theme: str = "dark",
    ) -> None:
        super().__init__(flow)
        self._copies, self._watcher, self._data, self._theme = copies, watcher, data, theme
        self._size = size
        self._driver: Driver | None = None
        self._woken = asyncio.Event()
        self._step = 0  # the index of the step that is under way
        self._began = True  # whether nothing of that step has been done yet
        self._skip_to = 0  # steps before this one are done at once
        self._jump: int | None = None
        self._playing, self._by_hand, self._done = True, False, False
        self._speed = 1.0
        self._note = ""
        self._keys: list[events.Key | events.Paste] = []

    # --- what whoever watches does ----------------------------------------------------------------------------------

    def pause(self) -> None:
        """Pause, or go on."""
        if not self._by_hand:
            self._playing = not self._playing
            self._wake()

    def stand_still(self) -> None:
        """Pause, whether it plays or not."""
        if self._playing:
            self.pause()

    def forward(self) -> None:
        """Do the rest of the step at once, and stop there."""
        if not self._by_hand:
            self._skip_to = max(self._skip_to, self._step) + 1
            self._playing = False
            self._wake()

    def back(self) -> None:
        """Go back to the beginning of the step; from there, to the one before."""
        if not self._by_hand:
            self._playing = False
            self._jump = max(self._step - 1, 0) if self._began else self._step
            self._wake()

    def restart(self) -> None:
        """Begin again."""
        self._playing, self._by_hand, self._jump = True, False, 0
        self._wake()

    def faster(self, by: int = 1) -> None:
        """Play faster by so many notches, or slower."""
        at = SPEEDS.index(self._speed) + by
        self._speed = SPEEDS[min(max(at, 0), len(SPEEDS) - 1)]
        self._wake()

    def take(self) -> None:
        """Give the keys away."""
        if not self._done:
            self._by_hand, self._note = True, ""
            self._wake()

    def give_back(self) -> None:
        """Take the keys again: the step that was under way begins anew, as it was before anybody touched it."""
        if self._by_hand:
            self._by_hand, self._playing, self._jump = False, True, self._step
            self._wake()

    def _left(self) -> None:
        """Whoever has the keys left the program with them."""
        self.give_back()

    def key(self, event: events.Key | events.Paste) -> None:
        """A key or a paste for the program itself; only while somebody has the keys."""
        if self._by_hand:
            self._keys.append(event)
            self._wake()

    def resize(self, size: tuple[int, int]) -> None:
        """The room for the program is another."""
        self._size = size
        self._wake()

    def _wake(self) -> None:
        self._tell()
        self._woken.set()

    def _tell(self) -> None:
        self._watcher.told(State(self.caption, self._playing, self._by_hand, self._speed, self._note))

    # --- playing ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Play until cancelled. An error that ends it is told, and not raised."""
        begin = 0
        try:
            while True:
                begin = await self._from(begin)
        except Exception as error:
            self._watcher.failed(error)

    async def _from(self, begin: int) -> int:
        """Play from the beginning of a step; returns the step to begin from next."""
        self._jump, self._done, self._skip_to, self._note = None, False, begin, ""
        app_config = config_of(self.flow, self._copies, data=self._data, theme=self._theme)
        async with driven(app_config, self._size) as driver:
            self._driver = driver
            driver.app.on_left = self._left
            require_started(driver, self.flow)
            try:
                if begin == 0:
                    self._show_screen()
                for number, passage in enumerate(self.flow.passages, 1):
                    await self.play(number, passage)
                # Whoever went through the last step at once has it before them too, until they go on.
                self._skip_to = self._step
                self._tell()
                await self._hold(LAST_SECONDS)
                self._done = True
                self._watcher.finished(self.flow)
                await self._hold(float("inf"))
            except _Jump as jump:
                return jump.step
            finally:
                self._driver = None
                driver.app.on_painted = driver.app.on_left = None
        return 0

    def _show_screen(self) -> None:
        """From now on the program is seen. While it is led to a step in the middle it would only flicker."""
        driver = self._driver
        if driver is not None and driver.app.on_painted is None:
            driver.app.on_painted = self._watcher.painted
            self._watcher.painted(driver.app.strips())

    async def do(self, step: int, action: Action) -> None:
        """Do a beat; at the beginning of a step that is not skipped, stop there if it is paused."""
        if step != self._step or step == 0:
            self._step, self._began = step, True
        if step >= self._skip_to:
            self._show_screen()
            if self._began:
                self._tell()
                await self._hold(0)
        self._began = False
        await super().do(step, action)

    async def show(self, caption: Caption, seconds: float = 0) -> None:
        """Show the caption, and wait as long as it is to be seen."""
        if self._step >= self._skip_to:
            self._show_screen()
            self._tell()
        await self._hold(seconds)

    async def perform(self, step: int, action: Action) -> None:
        """Do it. Where the room is another than the flow was written for, a text may stand elsewhere or be cut."""
        driver = self._driver
        assert driver is not None  # noqa: S101  (nothing is performed without a stage)
        only_looks = isinstance(action, Expect | ExpectRoute)
        elsewhere = self._size != self.flow.size and isinstance(action, Expect)
        try:
            await perform(driver, self.flow, step, action, patience=0.3 if elsewhere else PATIENCE)
        except FlowFailed as failed:
            if elsewhere:
                return
            self._note = f"Not as expected: {failed.missed.sentence}"
            self._playing = self._playing and not only_looks
            self._tell()

    async def _hold(self, seconds: float) -> None:
        """Let so much time of the flow pass, as fast as it is played; while it is paused, none passes."""
        left = seconds
        while True:
            await self._follow()
            if self._jump is not None:
                raise _Jump(self._jump)
            free = self._playing and not self._by_hand
            if self._step < self._skip_to or (free and left <= 0):
                return
            self._woken.clear()
            began = monotonic()
            # Beyond an hour nothing is timed: the end waits for whatever comes.
            wait = left / self._speed if free and left < 3600 else None
            try:
                await asyncio.wait_for(self._woken.wait(), wait)
            except TimeoutError:
                return
            if free:
                left -= (monotonic() - began) * self._speed

    async def _follow(self) -> None:
        """Do to the program what came from outside: another size, keys of whoever has them."""
        driver = self._driver
        if driver is None:
            return
        if driver.app.size != self._size:
            await driver.resize(*self._size)
        while self._keys:
            driver.app.post_message(self._keys.pop(0))
