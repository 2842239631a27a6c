"""Records a procedure that a user does by hand: drives the program by their keys, and writes the draft of a flow."""

import asyncio
from collections.abc import Callable

from textual import events
from textual.widgets import Input, TextArea

from subtui.app.commands.keymap import keys_in_force
from subtui.app.commands.keys import SYMBOLS, textual_key
from subtui.app_config import AppConfig
from subtui.domain.errors import SubtuiError, WrongInput
from subtui.flows.demo.playback import Shows
from subtui.flows.driver import Driver, driven
from subtui.flows.parser import read_keys
from subtui.flows.runner import collapse_whitespace
from subtui.flows.writer import Draft, written_key

SIGNING_IN = "/sign-in"
_SIGNS = {name: sign for sign, name in SYMBOLS.items()}


class Session:
    """Passes the user's keys to the program one after the other, and updates the draft."""

    def __init__(self, draft: Draft, app_config: AppConfig, shows: Shows, changed: Callable[[], None]) -> None:
        self.draft = draft
        self._app_config, self._shows, self._changed = app_config, shows, changed
        self._waiting: asyncio.Queue[events.Key | events.Paste | tuple[int, int] | None] = asyncio.Queue()
        self._at_it = True
        self.driver: Driver | None = None

    @property
    def idle(self) -> bool:
        """Whether all passed keys have taken effect and are recorded."""
        return self._waiting.empty() and not self._at_it

    def key(self, event: events.Key | events.Paste) -> None:
        """Queue a key or a paste for the program."""
        self._waiting.put_nowait(event)

    def resize(self, size: tuple[int, int]) -> None:
        """Set the size of the program."""
        self._waiting.put_nowait(size)

    def finish(self) -> None:
        """End, once the keys pressed so far have taken effect."""
        self._waiting.put_nowait(None)

    async def run(self) -> None:
        """Run until it is finished, cancelled or left. An error that ends it is reported, not raised."""
        try:
            async with driven(self._app_config, self.draft.size) as driver:
                if driver.app.failure:
                    raise SubtuiError(driver.app.failure)
                self.driver = driver
                driver.app.on_painted = self._shows.painted
                self._shows.painted(driver.app.strips())
                while not driver.app._exit:
                    self._at_it = False
                    event = await self._waiting.get()
                    self._at_it = True
                    if event is None:
                        return
                    await self._do(driver, event)
                    if driver.app.failure:
                        raise SubtuiError(driver.app.failure)
                    self._changed()
        except Exception as error:
            self._shows.failed(error)

    async def _do(self, driver: Driver, event: events.Key | events.Paste | tuple[int, int]) -> None:
        if isinstance(event, tuple):
            await driver.resize(*event)
            return
        if driver.route == SIGNING_IN or self.draft.signed_out:
            self.draft.left_out += 1  # the text may be a password
            await self._hand_over(driver, event)
            if driver.route != SIGNING_IN:
                self._signed_in(driver)
            return
        route, message = driver.route, driver.message
        if isinstance(event, events.Paste):
            await self._paste(driver, events.Paste(_typable(event.text)))
        elif not _can_be_written(event):
            return  # a flow cannot repeat this key, so it is not passed on
        else:
            self._write(driver, event)
            await self._hand_over(driver, event)
        if driver.app._exit:
            self.draft.taken_back()
            return
        self.draft.led_to(
            route=driver.route if driver.route != route else "",
            message=_shown(driver) if driver.message != message else "",
        )
        self.draft.signed_out = driver.route == SIGNING_IN

    @staticmethod
    async def _hand_over(driver: Driver, event: events.Event) -> None:
        driver.app.post_message(event)
        await driver.settle()

    async def _paste(self, driver: Driver, event: events.Paste) -> None:
        """Record the text that a paste has added: a field may have taken only a part or a line of it."""
        field = driver.app.screen.focused
        if not isinstance(field, Input | TextArea):
            await self._hand_over(driver, event)
            return
        before = _before_cursor(field)
        await self._hand_over(driver, event)
        for number, line in enumerate(_before_cursor(field).removeprefix(before).split("\n")):
            if number:
                self.draft.pressed("enter")
            for character in line:
                self.draft.typed(character)

    def _write(self, driver: Driver, event: events.Key) -> None:
        """Record a pressed key."""
        focused = driver.app.screen.focused
        types = isinstance(focused, Input | TextArea)
        if types and event.is_printable and event.character:
            self.draft.typed(event.character)
        elif isinstance(focused, Input | TextArea) and event.key == "backspace" and focused.selection.is_empty:
            self.draft.corrected(_before_cursor(focused))
        else:
            self.draft.pressed(_name(event), help_=self._help(driver, event))

    def _help(self, driver: Driver, event: events.Key) -> str:
        """The help of this key's command, if it has one."""
        if driver.app.screen is not driver.here:
            return ""
        keymap = self._app_config.display_config.keymap
        return next(
            (
                known.help
                for known in driver.here.commands_in_force()
                if not known.widget and event.key in map(textual_key, keys_in_force(keymap, known))
            ),
            "",
        )

    def _signed_in(self, driver: Driver) -> None:
        """Set the user and the start of the draft, once the user has signed in."""
        person = driver.app.person
        if person is not None and not self.draft.signed_out:
            self.draft.who, self.draft.start = person.email, driver.route


def _name(event: events.Key) -> str:
    """The name of a key as users write it."""
    if event.is_printable and event.character:
        return event.character
    return _SIGNS.get(event.key, event.key)


def _can_be_written(event: events.Key) -> bool:
    """Whether a flow file has a name for a key."""
    try:
        read_keys(written_key(_name(event)))
    except WrongInput:
        return False
    return True


def _typable(text: str) -> str:
    """The part of a pasted text that a flow can type: white space becomes blanks, control characters are removed."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " if sign.isspace() else "" for sign in text)


def _before_cursor(field: Input | TextArea) -> str:
    """The text of a field up to its cursor, or up to its selection."""
    if isinstance(field, Input):
        return field.value[: min(field.selection)]
    return field.get_text_range((0, 0), min(field.selection))


def _shown(driver: Driver) -> str:
    """The visible part of the sentence in the message line; a dialog may cover it."""
    shown = collapse_whitespace(driver.text_in("message"))
    return driver.message if collapse_whitespace(driver.message) in shown else shown.partition(" ")[2]
