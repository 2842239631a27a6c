"""Keys that are typed faster than they take effect: each waits for the one before it, and lands where it was meant.

A terminal hands over keys in one go, and the program gives each to whatever has the focus at that moment. The effect of
a key comes a few messages later: a list tells its screen that a row was opened, a command moves the focus. So a key is
held until the one before it, and what followed from it, have gone all the way up from the field that it was given to.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer

LONGEST_WAIT = 1.0
"""Seconds after which a key no longer waits: whatever should have reported may be gone from the screen."""
_ROUNDS = 2  # the key itself, then the message that it made a widget send


class TypeAhead:
    """Hands keys to the program one at a time. `hand_on` gives a key to whatever has the focus."""

    def __init__(self, app: App[int], hand_on: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[events.Key] = deque()
        self._under_way: object | None = None  # a token of the key whose effect is waited for
        self._patience: Timer | None = None

    async def typed(self, key: events.Key) -> None:
        """A key was typed: hand it on, once the keys before it have had their effect."""
        if self._under_way is not None:
            self._waiting.append(key)
            return
        token = self._under_way = object()
        target: MessagePump = self._app.focused or self._app.screen
        self._patience = self._app.set_timer(LONGEST_WAIT, partial(self._over, token))
        await self._hand_on(key)
        self._climb(token, target, target, _ROUNDS)

    def _climb(self, token: object, target: MessagePump, node: MessagePump, rounds: int) -> None:
        """Queue up behind the key at `node`, then at whatever it lies in, up to the program; as often as `rounds`."""

        async def arrived() -> None:
            if token is not self._under_way:
                return
            if node is not self._app:
                self._climb(token, target, node._parent or self._app, rounds)
            elif rounds > 1:
                self._climb(token, target, target, rounds - 1)
            else:
                # The focus moves by a message of its own to the program, which stands in line by now.
                self._app.call_later(self._over, token)

        if not node.call_later(arrived):  # it has been closed, and what it had to say has been said
            self._app.call_later(self._over, token)

    async def _over(self, token: object) -> None:
        if token is not self._under_way:
            return
        if self._patience is not None:
            self._patience.stop()
        self._under_way = None
        if self._waiting:
            await self.typed(self._waiting.popleft())
