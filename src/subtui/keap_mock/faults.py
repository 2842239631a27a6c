"""What goes wrong on purpose, and for which calls."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from subtui.keap_mock.errors import HTML_TYPE, JSON_TYPE, ErrorShape, Reply, error_reply
from subtui.keap_mock.requests import Request


class Break(StrEnum):
    """What happens to the line or to the bytes of an answer."""

    NOTHING = "nothing"
    UNREAD = "unread"
    """Reset before the body is read: nothing was done."""
    UNANSWERED = "unanswered"
    """Reset in place of the answer: what was asked for has been done."""
    CUT = "cut"
    """Half of the body, and the line is closed: Content-Length names more than comes."""
    TRUNCATED = "truncated"
    """Half of the JSON as if it were all: Content-Length is right."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. Use the functions below; they can be combined by `replace`.

    Waiting ends early when the server closes. `until` is waited for instead of a number of seconds.
    """

    name: str
    reply: Reply | None = None
    """Answered in place of the true answer."""
    applied: bool = False
    """Whether the call has its effect although something else is answered."""
    broken: Break = Break.NOTHING
    wait_before: float = 0.0
    """Seconds before the call has its effect."""
    wait_after: float = 0.0
    """Seconds between the effect and the answer."""
    until: threading.Event | None = None
    """Waited for, where one of the waits is, up to that many seconds."""
    dropped: frozenset[str] = frozenset()
    """Fields that a PATCH takes and does not apply."""
    before: Callable[[], object] | None = None
    """Called before the call has its effect: another user changes a row between two pages."""
    after: Callable[[], object] | None = None
    """Called when the call has had its effect, before it is answered."""


def status(
    code: int,
    message: str = "Made to fail",
    *,
    shape: ErrorShape = ErrorShape.V2,
    headers: tuple[tuple[str, str], ...] = (),
    applied: bool = False,
) -> Fault:
    """An error in one of the shapes; with `applied` the change was made all the same."""
    return Fault(f"status {code}", reply=replace(error_reply(code, message, shape), headers=headers), applied=applied)


def body(content: bytes, *, code: int = 200, content_type: str = JSON_TYPE, applied: bool = False) -> Fault:
    """Any bytes as the answer."""
    return Fault("body", reply=Reply(code, content, content_type), applied=applied)


def html(code: int = 200) -> Fault:
    """A page of HTML, by default with 200."""
    return body(b"<!DOCTYPE html><html><body>Scheduled maintenance</body></html>", code=code, content_type=HTML_TYPE)


def empty(code: int = 200) -> Fault:
    """No body at all, by default with 200."""
    return body(b"", code=code)


def redirect(url: str) -> Fault:
    """302 to another place."""
    return Fault("redirect", reply=Reply(302, headers=(("Location", url),)))


def reset() -> Fault:
    """The line is reset before the call is read: nothing was done."""
    return Fault("reset", broken=Break.UNREAD)


def reset_after_change() -> Fault:
    """The line is reset when the change has been made, before an answer."""
    return Fault("reset after the change", broken=Break.UNANSWERED, applied=True)


def cut() -> Fault:
    """The line closes in the middle of the answer; Content-Length names more than comes."""
    return Fault("cut", broken=Break.CUT)


def truncated() -> Fault:
    """Half of the JSON, as if it were all."""
    return Fault("truncated", broken=Break.TRUNCATED)


def slow(seconds: float, *, until: threading.Event | None = None) -> Fault:
    """The call has its effect at once, and the answer comes late."""
    return Fault("slow", wait_after=seconds, until=until)


def late(seconds: float, *, until: threading.Event | None = None) -> Fault:
    """The call has its effect late: perhaps after its caller has given up."""
    return Fault("late", wait_before=seconds, until=until)


def partly(*dropped: str) -> Fault:
    """A PATCH that takes these fields without applying them, and answers 200."""
    return Fault("partly", dropped=frozenset(dropped))


def meanwhile(act: Callable[[], object], *, after: bool = False) -> Fault:
    """Another user does something before the call is done; with `after`: between its effect and its answer."""
    return Fault("meanwhile", after=act) if after else Fault("meanwhile", before=act)


Choice = Callable[[int, Request], Fault | None]
"""Chooses from the number of the call, counted from 1, and the request."""


@dataclass(slots=True)
class _Rule:
    choose: Fault | Choice
    method: str
    path: re.Pattern[str]
    nth: int
    times: int | None
    seen: int = field(default=0)

    def fault(self, number: int, request: Request) -> Fault | None:
        if (self.method and self.method != request.method) or not self.path.search(request.path):
            return None
        self.seen += 1
        if self.seen < self.nth or (self.times is not None and self.seen >= self.nth + self.times):
            return None
        return self.choose if isinstance(self.choose, Fault) else self.choose(number, request)


class Faults:
    """The schedule: the first rule that has a fault for a call gives it. May be changed while the server runs."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = threading.Lock()

    def add(
        self, fault: Fault | Choice, *, method: str = "", path: str = "", nth: int = 1, times: int | None = 1
    ) -> None:
        """Make matching calls fail: from the `nth` on, `times` of them; None: all that follow.

        `path` is a regular expression that is searched for in the path without the query; `method` empty: any. In
        place of a fault a function may choose one; it is asked for each call that would fail.
        """
        with self._lock:
            self._rules.append(_Rule(fault, method, re.compile(path), nth, times))

    def clear(self) -> None:
        """Nothing fails any more."""
        with self._lock:
            self._rules.clear()

    def for_call(self, number: int, request: Request) -> Fault | None:
        """The fault of this call; every rule counts it."""
        with self._lock:
            found = [rule.fault(number, request) for rule in self._rules]
        return next((fault for fault in found if fault is not None), None)
