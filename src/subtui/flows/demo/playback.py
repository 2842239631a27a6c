"""Plays a flow for a viewer, who can pause, skip, go back and take over the keys.

It runs in a task with its own context, because Textual keeps the running app in the context: the played app and the
player must not be taken for each other. Output for the viewer goes through `Watcher`.
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
"""Seconds that a live demo waits for an expectation before it reports the failure."""


class Shows(Protocol):
    """The receiver of the frames of the played app."""

    def painted(self, strips: Sequence[Strip]) -> None:
        """Show a new frame of the program."""

    def failed(self, error: BaseException) -> None:
        """Show that the program has failed."""


class Watcher(Shows, Protocol):
    """The receiver of the frames and the state of a played flow."""

    def told(self, state: "State") -> None:
        """Show a new state of the flow."""

    def finished(self, flow: Flow) -> None:
        """Show that the flow has ended."""


@dataclass(frozen=True, slots=True)
class State:
    """The state of a played flow. `note` is a remark beside the caption, such as a failed expectation."""

    caption: Caption
    playing: bool = True
    by_hand: bool = False
    speed: float = 1.0
    note: str = ""


class _Jump(Exception):
    """Raised to restart the flow at the step with this index."""

    def __init__(self, step: int) -> None:
        super().__init__(step)
        self.step = step


class Playback(Player):
    """Plays one flow repeatedly until it is cancelled."""

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
        self._step = 0  # the index of the current step
        self._began = True  # whether nothing of that step was done yet
        self._skip_to = 0  # steps before this one are done at once
        self._jump: int | None = None
        self._playing, self._by_hand, self._done = True, False, False
        self._speed = 1.0
        self._note = ""
        self._keys: list[events.Key | events.Paste] = []

    # --- commands of the viewer -------------------------------------------------------------------------------------

    def pause(self) -> None:
        """Pause, or continue."""
        if not self._by_hand:
            self._playing = not self._playing
            self._wake()

    def stand_still(self) -> None:
        """Pause, if it plays."""
        if self._playing:
            self.pause()

    def forward(self) -> None:
        """Do the rest of the step at once, and pause."""
        if not self._by_hand:
            self._skip_to = max(self._skip_to, self._step) + 1
            self._playing = False
            self._wake()

    def back(self) -> None:
        """Go back to the beginning of the step; from there, to the previous one."""
        if not self._by_hand:
            self._playing = False
            self._jump = max(self._step - 1, 0) if self._began else self._step
            self._wake()

    def restart(self) -> None:
        """Restart the flow."""
        self._playing, self._by_hand, self._jump = True, False, 0
        self._wake()

    def faster(self, by: int = 1) -> None:
        """Change the speed by a number of levels, up or down."""
        at = SPEEDS.index(self._speed) + by
        self._speed = SPEEDS[min(max(at, 0), len(SPEEDS) - 1)]
        self._wake()

    def take(self) -> None:
        """Give the keys to the viewer."""
        if not self._done:
            self._by_hand, self._note = True, ""
            self._wake()

    def give_back(self) -> None:
        """Take the keys back from the viewer, and restart the current step from the state before they took over."""
        if self._by_hand:
            self._by_hand, self._playing, self._jump = False, True, self._step
            self._wake()

    def _left(self) -> None:
        """Take the keys back after the viewer has left the program by a key."""
        self.give_back()

    def key(self, event: events.Key | events.Paste) -> None:
        """Pass a key or a paste to the program; only while the viewer has the keys."""
        if self._by_hand:
            self._keys.append(event)
            self._wake()

    def resize(self, size: tuple[int, int]) -> None:
        """Set the size of the program."""
        self._size = size
        self._wake()

    def _wake(self) -> None:
        self._tell()
        self._woken.set()

    def _tell(self) -> None:
        self._watcher.told(State(self.caption, self._playing, self._by_hand, self._speed, self._note))

    # --- playing ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Play until cancelled. An error that ends it is reported to the watcher, not raised."""
        begin = 0
        try:
            while True:
                begin = await self._from(begin)
        except Exception as error:
            self._watcher.failed(error)

    async def _from(self, begin: int) -> int:
        """Play from the beginning of a step; returns the step to restart from."""
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
                # A viewer who skipped to the end still sees the last step, until they continue.
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
        """Start to show the program, which is hidden while skipped steps are done."""
        driver = self._driver
        if driver is not None and driver.app.on_painted is None:
            driver.app.on_painted = self._watcher.painted
            self._watcher.painted(driver.app.strips())

    async def do(self, step: int, action: Action) -> None:
        """Do one action; at the beginning of a step that is not skipped, wait there while paused."""
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
        """Show the caption, and wait for its duration."""
        if self._step >= self._skip_to:
            self._show_screen()
            self._tell()
        await self._hold(seconds)

    async def perform(self, step: int, action: Action) -> None:
        """Do an action. At a size other than the flow's, a text may be elsewhere or cut: this is no failure then."""
        driver = self._driver
        assert driver is not None  # noqa: S101  (no action is done without a driver)
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
        """Wait for a time of the flow, divided by the speed; while it is paused, no time passes."""
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
            # Beyond an hour the wait has no limit: the end of the flow waits for a command.
            wait = left / self._speed if free and left < 3600 else None
            try:
                await asyncio.wait_for(self._woken.wait(), wait)
            except TimeoutError:
                return
            if free:
                left -= (monotonic() - began) * self._speed

    async def _follow(self) -> None:
        """Pass a new size, and the keys of the viewer, to the program."""
        driver = self._driver
        if driver is None:
            return
        if driver.app.size != self._size:
            await driver.resize(*self._size)
        while self._keys:
            driver.app.post_message(self._keys.pop(0))
