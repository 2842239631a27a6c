"""Queues keys that are typed faster than they take effect, so that each reaches the intended widget.

A terminal delivers keys in one go, and Textual gives each to the widget focused at that moment. The effect of a key
comes a few messages later: a list posts that a row was opened, a command moves the focus. So a key is held until the
previous key, and the messages that followed from it, have been handled from its widget up to the app.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer

LONGEST_WAIT = 1.0
"""Seconds after which a key no longer waits: the widget that it waits for may be closed."""
_ROUNDS = 2  # the key itself, then the message that a widget posted for it


class TypeAhead:
    """Passes keys to the app one at a time. `hand_on` passes a key to the focused widget."""

    def __init__(self, app: App[int], hand_on: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[events.Key] = deque()
        self._under_way: object | None = None  # the token of the key whose effect is awaited
        self._patience: Timer | None = None

    async def typed(self, key: events.Key) -> None:
        """Pass on a typed key once the keys before it have taken effect."""
        if self._under_way is not None:
            self._waiting.append(key)
            return
        token = self._under_way = object()
        target: MessagePump = self._app.focused or self._app.screen
        self._patience = self._app.set_timer(LONGEST_WAIT, partial(self._over, token))
        await self._hand_on(key)
        self._climb(token, target, target, _ROUNDS)

    def _climb(self, token: object, target: MessagePump, node: MessagePump, rounds: int) -> None:
        """Wait behind the key in the queue of `node`, then of its parents up to the app; repeat for `rounds`."""

        async def arrived() -> None:
            if token is not self._under_way:
                return
            if node is not self._app:
                self._climb(token, target, node._parent or self._app, rounds)
            elif rounds > 1:
                self._climb(token, target, target, rounds - 1)
            else:
                # A change of focus is a message to the app, which is queued by now.
                self._app.call_later(self._over, token)

        if not node.call_later(arrived):  # the node is closed, and its messages have been handled
            self._app.call_later(self._over, token)

    async def _over(self, token: object) -> None:
        if token is not self._under_way:
            return
        if self._patience is not None:
            self._patience.stop()
        self._under_way = None
        if self._waiting:
            await self.typed(self._waiting.popleft())
