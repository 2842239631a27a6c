"""A real server on the loopback address that answers as scripted, and remembers what it was asked."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

JSON = "application/json"


@dataclass(frozen=True)
class Reply:
    """One scripted answer. `act` gets the handler in place of an answer; `length` is a wrong Content-Length."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    length: int | None = None
    close: bool = False
    act: Callable[["Handler"], None] | None = None


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.script: list[Reply] = []
        self.asked: list[Asked] = []
        self.connections = 0
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/crm"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1
        self.number = self.server.connections

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, self.path, headers, body, self.number))
        reply = self.server.script.pop(0) if self.server.script else Reply()
        if reply.act is not None:
            reply.act(self)
            return
        self.wfile.write(raw(reply))
        if reply.close or reply.length is not None:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815  (the names of the base class)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of the base class)
        """Tests print nothing."""


def raw(reply: Reply) -> bytes:
    """The bytes of an answer."""
    lines = [f"HTTP/1.1 {reply.status} {responses.get(reply.status, 'Odd')}"]
    if reply.content_type:
        lines.append(f"Content-Type: {reply.content_type}")
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.status not in (204, 304):
        lines.append(f"Content-Length: {len(reply.body) if reply.length is None else reply.length}")
    if reply.close:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if reply.status in (204, 304) else reply.body)


def reset(handler: Handler) -> None:
    """End the connection with a reset instead of an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()
    with suppress(OSError, ValueError):
        handler.rfile.close()


def hang_up(handler: Handler) -> None:
    """End the connection politely, without an answer."""
    handler.close_connection = True


def silence(handler: Handler) -> None:
    """Do not answer until the test is over."""
    handler.server.ended.wait(20)
    handler.close_connection = True


def written(data: bytes) -> Callable[[Handler], None]:
    """Write these bytes as the whole answer, and end the connection."""

    def write(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return write


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that is ended afterwards; encrypted with `context`."""
    server = Server()
    if context is not None:
        # The handshake is left to the thread of the connection, so that a refused one does not end the server.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
