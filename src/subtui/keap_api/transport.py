"""Carries calls to Keap: one way for every call, with the key, the limits, the repetitions and the log.

Only what `permitted` lists is ever sent. The key is added in the connection itself and taken out of every text.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from subtui import __version__
from subtui.clock import Clock
from subtui.keap_api.base_url import checked_base_url, host_of
from subtui.keap_api.calls import Answer, Query
from subtui.keap_api.credentials import Credential, scrubbed
from subtui.keap_api.error_bodies import read_error
from subtui.keap_api.exchanges import LARGEST, Received, Timeouts, never
from subtui.keap_api.failures import Cause, Failure, error_of
from subtui.keap_api.json_bodies import object_of
from subtui.keap_api.limiter import Limiter
from subtui.keap_api.permitted import refuse_unless_permitted
from subtui.keap_api.quota import read_quota
from subtui.keap_api.retries import Throttled, pause_after, pause_after_429, retry_after
from subtui.keap_api.waiting import wait

if TYPE_CHECKING:
    from subtui.keap_api.call_log import CallLog
    from subtui.keap_api.connections import Line

_KEPT_HEADERS = ("date", "content-type", "retry-after")
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": f"subtui/{__version__}"}
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Transport:
    """The calls to one account in Keap. A `Caller`, for one thread at a time; closed by `with`.

    `sleep` takes seconds; `stop` is asked while waiting. `largest` is the most bytes of an answer. Raises WrongInput
    for a base URL that the key may not be sent to.
    """

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        *,
        limiter: Limiter,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
        log: "CallLog | None" = None,
        stop: Callable[[], bool] = never,
        timeouts: Timeouts | None = None,
        random: Callable[[], float] | None = None,
        largest: int = LARGEST,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._host = host_of(self._base_url)
        self._credential, self._limiter, self._clock = credential, limiter, clock
        self._sleep, self._log, self._stop = sleep, log, stop
        self._timeouts = timeouts or Timeouts()
        self._random = random or SystemRandom().random
        self._largest = largest
        self._line: Line | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection. A later call opens a new one."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def get(self, path: str, query: Query = ()) -> Answer:
        """Read; repeated up to five times where that may help. Raises CallFailed and CallStopped."""
        return self._call("GET", path, query, None)

    def patch(self, path: str, query: Query, body: Mapping[str, Any]) -> Answer:
        """Change; sent once. Raises CallFailed and CallStopped; NoAnswer: whether it was done is unknown."""
        return self._call("PATCH", path, query, body)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Ask for an act of Keap's; sent once. Raises as `patch` does."""
        return self._call("POST", path, (), body)

    def _call(self, method: str, path: str, query: Query, body: Mapping[str, Any] | None) -> Answer:
        refuse_unless_permitted(method, path)
        shown = path + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        payload = None if body is None else _ENCODER.encode(body)
        failed, throttled = 0, Throttled()
        while True:
            self._await_turn()
            attempt = failed + throttled.count + 1
            outcome = self._try(method, shown, payload, attempt)
            if isinstance(outcome, Answer):
                return outcome
            if outcome.status == 429:
                seconds = pause_after_429(outcome, throttled, self._clock.ticking(), self._random)
                throttled = throttled.and_waited(seconds)
            else:
                failed += 1
                pause = pause_after(method, outcome, failed, self._random)
                if pause is None:
                    raise error_of(outcome, host=self._host, change=method != "GET")
                seconds = pause
            wait(seconds, self._sleep, self._stop)

    def _await_turn(self) -> None:
        wait(0, self._sleep, self._stop)
        while seconds := self._limiter.turn(self._clock.ticking()):
            wait(seconds, self._sleep, self._stop)

    def _try(self, method: str, shown: str, payload: bytes | None, attempt: int) -> Answer | Failure:
        begun = self._limiter.monotonic()
        received: Received | Failure | None = None
        outcome: Answer | Failure | None = None
        try:
            received = self._send(method, shown, payload)
            seconds = self._limiter.monotonic() - begun
            outcome = received if isinstance(received, Failure) else self._outcome(method, received, seconds)
            return outcome
        finally:
            if self._log is not None:
                kind = outcome.kind if isinstance(outcome, Failure) else "Stopped" if outcome is None else ""
                self._log.write(
                    now=self._clock.ticking(),
                    method=method,
                    path=self._scrubbed(shown),
                    status=received.status if received is not None else 0,
                    seconds=self._limiter.monotonic() - begun,
                    attempt=attempt,
                    size=len(received.body) if isinstance(received, Received) else 0,
                    error=kind,
                )

    def _send(self, method: str, shown: str, payload: bytes | None) -> Received | Failure:
        if self._line is None:
            opened = self._opened()
            if isinstance(opened, Failure):
                return opened
            self._line = opened
        headers = _HEADERS if payload is None else {**_HEADERS, "Content-Type": "application/json"}
        # A change that has been sent is waited for: stopping would leave unknown whether it was made.
        stop = self._stop if method == "GET" else never
        return self._line.send(method, urlsplit(self._base_url).path + shown, payload, headers, stop)

    def _opened(self) -> "Line | Failure":
        try:
            from subtui.keap_api.connections import Line  # noqa: PLC0415  (urllib3 is optional, and slow to load)
        except ImportError:
            sentence = "Calls to Keap need a package. Install it with: pip install 'subtui[keap]'"
            return Failure(Cause.NO_WAY, "ImportError", sentence)
        try:
            return Line(
                self._base_url,
                self._credential.header,
                self._timeouts,
                self._limiter.monotonic,
                largest=self._largest,
            )
        except Exception as error:  # of the proxy's address, which may hold a password and is not shown
            sentence = f"{self._host} cannot be reached by the proxy that the environment names (https_proxy)."
            return Failure(Cause.NO_WAY, type(error).__name__, sentence)

    def _outcome(self, method: str, received: Received, seconds: float) -> Answer | Failure:
        now = self._clock.ticking()
        headers, status = received.headers, received.status
        quota = read_quota(headers)
        self._limiter.learn(quota, now)
        if not 200 <= status < 300:
            said = read_error(received.body, headers.get("content-type", ""), scrub=self._scrubbed)
            pause = retry_after(headers.get("retry-after", ""), now)
            return Failure(Cause.STATUS, f"Http{status}", status=status, said=said, retry_after=pause, quota=quota)
        body = object_of(received.body, may_be_empty=method != "GET" and _is_framed(received))
        if body is None:
            kind = "Html" if received.body.lstrip()[:1] == b"<" else "NotJson" if received.body.strip() else "Empty"
            return Failure(Cause.UNREADABLE, kind, _SHAPES[kind], status=status)
        kept = {name: text for name, text in headers.items() if name in _KEPT_HEADERS or name.startswith("x-keap-")}
        return Answer(status, body, _instant(headers.get("date", "")), kept, seconds)

    def _scrubbed(self, text: str) -> str:
        return scrubbed(text, self._credential)


_SHAPES = {"Html": "a web page", "NotJson": "not the data asked for", "Empty": "an empty answer"}


def _is_framed(received: Received) -> bool:
    """Whether the end of an answer can be told from a line that was cut among its headers."""
    headers = received.headers
    return received.status == 204 or "content-length" in headers or "transfer-encoding" in headers


def _instant(text: str) -> datetime | None:
    """The header Date, in UTC."""
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        at = parsedate_to_datetime(text)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    return None
