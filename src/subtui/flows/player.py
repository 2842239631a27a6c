"""How a beat looks while somebody watches: first the key, then what it does, and time to see both."""

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
    Pause,
    Press,
    Say,
    Section,
    Snapshot,
    Type,
    seconds_of,
)

KEY_FIRST = 0.4
"""So many seconds a key is shown before it has its effect."""
LAST_SECONDS = 1.5
"""How much longer the last picture stands."""


class Player(ABC):
    """Leads through a flow. What showing and waiting mean is up to the subclass."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.caption = Caption()

    @abstractmethod
    async def show(self, caption: Caption, seconds: float = 0) -> None:
        """Show the screen as it is, with this caption, for so many seconds."""

    @abstractmethod
    async def perform(self, step: int, action: Action) -> None:
        """Do what a beat says to the program, or look whether it is as expected."""

    def said(self, _text: str) -> None:
        """A new caption begins; the next `show` is the first with it."""
        return

    def shot(self, _name: str) -> None:
        """A picture is to be taken."""
        return

    async def play(self, number: int, passage: Section) -> None:
        """Play a passage, the `number`th of the flow, and leave time to look at what came of it."""
        self.caption = Caption(place=f"{number} of {len(self.flow.passages)}")
        for step, each in enumerate(passage.steps, passage.first):
            for action in each.actions:
                await self.do(step, action)
        await self.show(self.caption, LOOKING_SECONDS)

    async def do(self, step: int, action: Action) -> None:
        """Do one beat, so that it can be followed."""
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
