"""Somebody does it by hand, and it is written down: the program, driven by their keys, and the draft of a flow."""

import asyncio
from collections.abc import Callable

from textual import events
from textual.widgets import Input, TextArea

from subtui.app.commands.keymap import keys_in_force
from subtui.app.commands.keys import SYMBOLS, textual_key
from subtui.domain.errors import SubtuiError
from subtui.flows.demo.playback import Watcher
from subtui.flows.stage import Stage, staged
from subtui.flows.writing import Draft
from subtui.launch import Launch

SIGNING_IN = "/sign-in"
_SIGNS = {name: sign for sign, name in SYMBOLS.items()}


class Session:
    """Runs the program for somebody's keys, one after the other, and keeps the draft up to date."""

    def __init__(self, draft: Draft, launch: Launch, watcher: Watcher, changed: Callable[[], None]) -> None:
        self.draft = draft
        self._launch, self._watcher, self._changed = launch, watcher, changed
        self._waiting: asyncio.Queue[events.Key | events.Paste | tuple[int, int]] = asyncio.Queue()

    def key(self, event: events.Key | events.Paste) -> None:
        """A key or a paste for the program."""
        self._waiting.put_nowait(event)

    def resize(self, size: tuple[int, int]) -> None:
        """The room for the program is another."""
        self._waiting.put_nowait(size)

    async def run(self) -> None:
        """Go on until cancelled, or until the program is left. An error that ends it is told, and not raised."""
        try:
            async with staged(self._launch, self.draft.size) as stage:
                if stage.app.failure:
                    raise SubtuiError(stage.app.failure)
                stage.app.on_painted = self._watcher.painted
                self._watcher.painted(stage.app.strips())
                while not stage.app._exit:
                    await self._next(stage)
                    self._changed()
        except Exception as error:
            self._watcher.failed(error)

    async def _next(self, stage: Stage) -> None:
        event = await self._waiting.get()
        if isinstance(event, tuple):
            await stage.resize(*event)
            return
        route, message = stage.route, stage.message
        self._write(stage, event)
        stage.app.post_message(event)
        await stage.settle()
        if stage.app._exit:
            self.draft.taken_back()
            return
        if SIGNING_IN in (route, stage.route):
            self._signed_in(stage)
            return
        self.draft.led_to(
            route=stage.route if stage.route != route else "",
            message=stage.message if stage.message != message else "",
        )

    def _write(self, stage: Stage, event: events.Key | events.Paste) -> None:
        """Write down what is pressed. While somebody signs in, nothing is: it may be a password."""
        if stage.route == SIGNING_IN:
            self.draft.left_out += 1
            return
        focused = stage.app.screen.focused
        types = isinstance(focused, Input | TextArea)
        if isinstance(event, events.Paste):
            if types:
                for character in event.text.replace("\n", " "):
                    self.draft.typed(character)
            return
        if types and event.is_printable and event.character:
            self.draft.typed(event.character)
        elif types and event.key == "backspace":
            self.draft.corrected()
        else:
            self.draft.pressed(_name(event), help_=self._help(stage, event))

    def _help(self, stage: Stage, event: events.Key) -> str:
        """What the command of this key does, where it is a command's."""
        if stage.app.screen is not stage.here:
            return ""
        keymap = self._launch.looks.keymap
        return next(
            (
                known.help
                for known in stage.here.commands_in_force()
                if not known.widget and event.key in map(textual_key, keys_in_force(keymap, known))
            ),
            "",
        )

    def _signed_in(self, stage: Stage) -> None:
        """The flow begins once somebody is signed in: as whom, and where, is told in its head."""
        person = stage.app.person
        if person is not None and not self.draft.steps:
            self.draft.who, self.draft.start = person.email, stage.route


def _name(event: events.Key) -> str:
    """The key as people write it."""
    if event.is_printable and event.character:
        return event.character
    return _SIGNS.get(event.key, event.key)
