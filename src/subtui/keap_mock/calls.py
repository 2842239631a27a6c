"""What was asked of the mock, call by call, and what it changed."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from subtui.keap_mock.changing import is_forbidden
from subtui.keap_mock.requests import Request


@dataclass(frozen=True, slots=True)
class Effect:
    """What one call has really changed in a subscription: field -> (before, after). Empty changes are no effect."""

    call: int
    """The number of the call, from 1."""
    method: str
    path: str
    changes: Mapping[str, tuple[object, object]]


@dataclass(slots=True)
class Call:
    """One call, in the order of arrival. `status` is 0 as long as nothing was answered, or for ever."""

    number: int
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    raw: bytes = field(repr=False)
    status: int = 0
    fault: str = ""
    """The name of the fault that hit it."""
    changed: bool = False
    """Whether it had an effect."""

    @property
    def body(self) -> Any:
        """The body: read from JSON, as bytes if it is none, None without one."""
        if not self.raw:
            return None
        try:
            return msgspec.json.decode(self.raw)
        except msgspec.DecodeError:
            return self.raw

    @property
    def is_forbidden(self) -> bool:
        """Whether a client for cancelling must never make it."""
        return is_forbidden(self.method, Request(self.method, self.path).steps)


class Record:
    """All calls and their effects."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._effects: dict[str, list[Effect]] = {}
        self._lock = threading.Lock()

    def begin(self, request: Request) -> Call:
        """Note a call when it arrives."""
        with self._lock:
            call = Call(len(self.calls) + 1, request.method, request.path, tuple(request.query), request.body)
            self.calls.append(call)
            return call

    def effect(self, call: Call, subscription_id: str, changes: Mapping[str, tuple[object, object]]) -> None:
        """Note what a call has changed."""
        with self._lock:
            call.changed = bool(changes)
            if changes and subscription_id:
                effect = Effect(call.number, call.method, call.path, dict(changes))
                self._effects.setdefault(subscription_id, []).append(effect)

    def effects(self, subscription_id: str) -> list[Effect]:
        """The effective changes of a subscription by calls, in their order."""
        with self._lock:
            return list(self._effects.get(subscription_id, ()))

    def forbidden(self) -> list[Call]:
        """The calls that a client for cancelling must never make."""
        with self._lock:
            return [call for call in self.calls if call.is_forbidden]
