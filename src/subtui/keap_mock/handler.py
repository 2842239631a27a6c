"""One connection: reads requests, applies faults, writes answers."""

import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol, cast

from subtui.keap_mock.calls import Call, Record
from subtui.keap_mock.errors import HTML_TYPE, Reply, phrase
from subtui.keap_mock.faults import Break, Fault, Faults
from subtui.keap_mock.requests import Request

_RESET_AT_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


def was_reset(line: socket.socket) -> bool:
    """Whether closing this socket is to look like a reset."""
    try:
        return line.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET_AT_CLOSE)) == _RESET_AT_CLOSE
    except OSError:
        return False


class Served(Protocol):
    """What a connection needs of the mock that it belongs to."""

    record: Record
    faults: Faults
    closing: threading.Event

    @property
    def host_url(self) -> str:
        """The address of the server."""

    def handle(self, request: Request, call: Call, fault: Fault | None) -> Reply:
        """What is answered to a call."""


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 on one connection until it ends."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Read."""
        self._serve()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815  names that the base class looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing is printed."""

    @property
    def _mock(self) -> Served:
        return cast("Served", cast("Any", self.server).mock)

    def _serve(self) -> None:
        mock = self._mock
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        head = Request.of(self.command, self.path, headers=headers, base=mock.host_url)
        call = mock.record.begin(head)
        fault = mock.faults.for_call(call.number, head)
        call.fault = fault.name if fault is not None else ""
        if fault is not None and fault.broken is Break.UNREAD:
            self._reset()
            return
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else b""
        request = Request(head.method, head.path, head.query, head.headers, content, head.base)
        call.raw = content
        if fault is not None:
            self._wait(fault, fault.wait_before)
            if fault.before is not None:
                fault.before()
        reply = mock.handle(request, call, fault)
        if fault is not None:
            if fault.after is not None:
                fault.after()
            self._wait(fault, fault.wait_after)
        self._send(call, reply, fault)

    def _wait(self, fault: Fault, seconds: float) -> None:
        if seconds > 0:
            closing = self._mock.closing
            if fault.until is None:
                closing.wait(seconds)
                return
            # The server may close while the event of the test is waited for.
            step = 0.01
            while seconds > 0 and not closing.is_set() and not fault.until.wait(step):
                seconds -= step

    def _send(self, call: Call, reply: Reply, fault: Fault | None) -> None:
        broken = fault.broken if fault is not None else Break.NOTHING
        if broken is Break.UNANSWERED:
            self._reset()
            return
        content = reply.body
        if broken is Break.TRUNCATED:
            content = content[: len(content) // 2]
        self.send_response_only(reply.status, phrase(reply.status))
        for name, value in reply.headers:
            self.send_header(name, value)
        if content or reply.content_type == HTML_TYPE:
            self.send_header("Content-Type", reply.content_type)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(content)))
        if reply.content_type == HTML_TYPE:
            # The front end ends the connection when it answers in place of the application.
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if broken is Break.CUT:
            content = content[: len(content) // 2]
            self.close_connection = True
        # Before the bytes are out: a caller that has its answer must find it here.
        call.status = reply.status
        self.wfile.write(content)
        self.wfile.flush()

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
        self.close_connection = True
