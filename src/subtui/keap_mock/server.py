"""The mock as a server on loopback."""

import contextlib
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Any

from subtui.keap_mock.account import Account
from subtui.keap_mock.api import answer
from subtui.keap_mock.calls import Call, Effect, Record
from subtui.keap_mock.errors import ErrorShape, Reply, error_reply
from subtui.keap_mock.faults import Fault, Faults
from subtui.keap_mock.handler import Handler, was_reset
from subtui.keap_mock.metering import Meter, Over
from subtui.keap_mock.requests import PREFIXES, Request
from subtui.keap_mock.switches import Limits, Switches


class MockKeap:
    """Serves one account on 127.0.0.1, from `with` to its end: `with MockKeap(account) as server: server.base_url`.

    `base_url` ends where the paths of the interface begin: `{base_url}/rest/v2/subscriptions`. `switches`, `limits` and
    `faults` may be changed while it runs. `ticks` answers the seconds since 1970 by which calls are counted. With
    `port` 0 the system chooses one. A defect of the mock itself is raised at the end of the `with`.
    """

    def __init__(
        self,
        account: Account,
        *,
        switches: Switches | None = None,
        limits: Limits | None = None,
        key: str = "",
        port: int = 0,
        ticks: Callable[[], float] = time.time,
    ) -> None:
        self.account = account
        self.switches = switches or Switches()
        self.key = key or f"KeapAK-made-up-{secrets.token_hex(8)}"
        self.faults = Faults()
        self.meter = Meter(limits or Limits(), ticks)
        self.record = Record()
        self.crashes: list[BaseException] = []
        """Defects of the mock itself."""
        self.closing = threading.Event()
        self._http = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="mock of Keap", daemon=True)

    def __enter__(self) -> "MockKeap":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if error is None and self.crashes:
            raise self.crashes[0]

    def close(self) -> None:
        """End all connections and waits, and give the port back."""
        self.closing.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.end_lines()
        self._http.server_close()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._http.server_address[1])

    @property
    def host_url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        """The base of all paths, as the real `https://api.infusionsoft.com/crm` is."""
        return f"{self.host_url}/crm"

    @property
    def limits(self) -> Limits:
        """How many calls are allowed."""
        return self.meter.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self.meter.limits = limits

    @property
    def calls(self) -> list[Call]:
        """All calls so far, in the order of their arrival."""
        return self.record.calls

    @property
    def over_limit(self) -> int:
        """How many calls went over a limit."""
        return self.meter.over_limit

    @property
    def forbidden_calls(self) -> list[Call]:
        """Calls that charge, create or delete: a client must never make one."""
        return self.record.forbidden()

    def effects(self, subscription_id: str | int) -> list[Effect]:
        """The changes that calls have really made to a subscription, in their order."""
        return self.record.effects(str(subscription_id))

    def handle(self, request: Request, call: Call, fault: Fault | None) -> Reply:
        """What is answered to a call; what it asks for has been done."""
        reply = self._answer(request, call, fault)
        style = self.switches.limit_headers
        if style == "full" and not self._key_is_right(request):
            style = "blank"
        tenant = str(self.account.documents["userinfo"].get("tenant_id") or "")
        now = ("Date", format_datetime(self.account.clock(), usegmt=True))
        return replace(reply, headers=(now, *self.meter.headers(tenant, style), *reply.headers))

    def _answer(self, request: Request, call: Call, fault: Fault | None) -> Reply:
        over = self.meter.count()
        if over is not None:
            return self._refused(over)
        if self.switches.redirect_to:
            return Reply(302, headers=(("Location", self.switches.redirect_to + request.path),))
        if request.method == "GET" and request.body:
            return error_reply(400, "Your client has issued a malformed or illegal request.", ErrorShape.HTML)
        if fault is not None and fault.reply is not None and not fault.applied:
            return fault.reply
        if request.path.startswith(PREFIXES) and not self._key_is_right(request):
            return error_reply(401, "Invalid Access Token", self.switches.key_error_shape)
        # Under one lock with the change itself: effects are on record in the order in which they came about.
        with self.account.lock:
            reply = answer(self.account, request, self.switches, fault.dropped if fault else frozenset())
            if reply.changes is not None:
                self.record.effect(call, reply.row_id, reply.changes)
        if reply.changes is None and request.method != "GET" and reply.status < 300:
            call.changed = True
        return fault.reply if fault is not None and fault.reply is not None else reply

    def _refused(self, over: Over) -> Reply:
        return self.meter.refusal(over, self.switches)

    def _key_is_right(self, request: Request) -> bool:
        given = request.header("authorization")
        return given == f"Bearer {self.key}" or request.header("x-keap-api-key") == self.key


class _Server(ThreadingHTTPServer):
    # Joined at the end, so that no call has an effect after it.
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], mock: MockKeap) -> None:
        self.mock = mock
        self._lines: set[socket.socket] = set()
        self._lines_lock = threading.Lock()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        # HTTPServer asks the system for the name of the host here, which may wait for a name server.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lines_lock:
            self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lines_lock:
            self._lines.discard(request)
        if was_reset(request):
            # Without the farewell of shutdown(): closing such a socket sends the reset.
            request.close()
            return
        super().shutdown_request(request)

    def end_lines(self) -> None:
        """End the connections that are still open, so that their threads end."""
        with self._lines_lock:
            lines = list(self._lines)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep a defect of the mock for the end of the test; a caller who went away is none."""
        error = sys.exception()
        if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
            self.mock.crashes.append(error)
