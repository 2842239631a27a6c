"""The timing of a played flow: shows the key first, then its effect, with time for the viewer to see both."""

from abc import ABC, abstractmethod

from subtui.flows.bar import Caption
from subtui.flows.flow import (
    KEY_SECONDS,
    LETTER_SECONDS,
    LOOKING_SECONDS,
    Action,
    Expect,
    ExpectRoute,
    Flow,
    InKeap,
    Pause,
    Press,
    Say,
    Section,
    Snapshot,
    Type,
    seconds_of,
)

KEY_FIRST = 0.4
"""The seconds a key is shown before its effect."""
LAST_SECONDS = 1.5
"""The additional seconds of the last frame."""


class Player(ABC):
    """Plays a flow. Subclasses define how to show and how to wait."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.caption = Caption()

    @abstractmethod
    async def show(self, caption: Caption, seconds: float = 0) -> None:
        """Show the current screen, with this caption, for a number of seconds."""

    @abstractmethod
    async def perform(self, step: int, action: Action) -> None:
        """Do an action in the program, or check an expectation."""

    def said(self, _text: str) -> None:
        """Begin a new caption; the next `show` is the first with it."""
        return

    def shot(self, _name: str) -> None:
        """Take a picture."""
        return

    async def play(self, number: int, passage: Section) -> None:
        """Play a section, the `number`th of the flow, and leave time to look at the result."""
        self.caption = Caption(place=f"{number} of {len(self.flow.passages)}")
        for step, each in enumerate(passage.steps, passage.first):
            for action in each.actions:
                await self.do(step, action)
        await self.show(self.caption, LOOKING_SECONDS)

    async def do(self, step: int, action: Action) -> None:
        """Do one action, with its timing for a viewer."""
        now = self.caption
        quiet = Caption(now.text, place=now.place)
        match action:
            case Say(text):
                self.said(text)
                await self._show(Caption(text, place=now.place), seconds_of(action))
            case Press(key):
                pressed = Caption(now.text, key=key, place=now.place)
                await self._show(pressed, KEY_FIRST)
                await self.perform(step, action)
                await self._show(pressed, KEY_SECONDS - KEY_FIRST)
            case Type(text):
                for end in range(1, len(text) + 1):
                    await self.perform(step, Type(text[end - 1]))
                    typed = Caption(now.text, typed=text[:end], place=now.place)
                    await self._show(typed, LETTER_SECONDS if end < len(text) else KEY_SECONDS)
            case InKeap():
                await self.perform(step, action)
            case Expect() | ExpectRoute():
                await self.perform(step, action)
                await self._show(now)
            case Snapshot(name):
                self.shot(name)
            case Pause(seconds):
                await self._show(quiet, seconds)

    async def _show(self, caption: Caption, seconds: float = 0) -> None:
        self.caption = caption
        await self.show(caption, seconds)
