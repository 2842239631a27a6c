"""What a network, a proxy and the system can do to a connection."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from subtui.domain.errors import WrongInput
from subtui.keap_api.errors import (
    Declined,
    NoAnswer,
    Unreachable,
)
from subtui.keap_api.exchanges import Timeouts
from subtui.keap_api.transport import Transport

from .conftest import KEY, LIST, MakeTransport, Sleeps, change
from .server import Handler, Reply, Server, raw, reset


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_not_followed(transport: Transport, server: Server, status: int) -> None:
    reply = Reply(status, b"", {"Location": f"{server.url}/elsewhere"})
    server.script = [reply, reply]
    with pytest.raises(Declined, match=r"127\.0\.0\.1 refers to another address"):
        transport.get(LIST)
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.1 refers to another address"):
        change(transport)
    assert len(server.asked) == 2


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_without_a_connection_everything_is_tried_again(transport_to: MakeTransport, sleeps: Sleeps) -> None:
    transport = transport_to(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(Unreachable, match=r"cannot be reached .no connection.. Nothing was sent"):
        change(transport)
    assert sleeps.total == pytest.approx(15.0)
    sleeps.clear()
    with pytest.raises(Unreachable):
        transport.get(LIST)
    assert sleeps.total == pytest.approx(15.0)


def test_a_change_goes_out_once_the_connection_is_there(server: Server, transport_to: MakeTransport) -> None:
    port = closed_port()
    made: list[Server] = []

    def sleep(_: float) -> None:
        if not made:
            made.append(Server(port))
            threading.Thread(target=made[0].serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    transport = transport_to(f"http://127.0.0.1:{port}", sleep=sleep)
    assert change(transport).status == 200
    assert len(made[0].asked) == 1
    made[0].shutdown()
    made[0].server_close()


def test_without_the_package(
    server: Server, transport_to: MakeTransport, sleeps: Sleeps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "subtui.keap_api.connections", None)
    with pytest.raises(Unreachable, match=r"pip install 'subtui\[keap\]'"):
        change(transport_to(server.url))
    assert list(sleeps) == []


def test_a_name_that_is_not_known(transport_to: MakeTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match=r"keap.example.com cannot be reached .its name is not known"):
        change(transport_to("https://keap.example.com/crm"))


def test_a_line_that_is_not_encrypted_gets_no_key(server: Server, transport_to: MakeTransport, sleeps: Sleeps) -> None:
    transport = transport_to(server.url.replace("http:", "https:"))
    with pytest.raises(Unreachable, match="certificate"):
        change(transport)
    assert (server.asked, list(sleeps)) == ([], [])


@pytest.mark.parametrize("end", ["politely", "reset"])
def test_a_connection_that_ended_meanwhile_is_opened_again(transport: Transport, server: Server, end: str) -> None:
    ended = threading.Event()

    def answer_and_end(handler: Handler) -> None:
        handler.wfile.write(raw(Reply()))
        if end == "reset":
            reset(handler)
        else:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        ended.set()

    for _ in range(3):
        ended.clear()
        server.script = [Reply(act=answer_and_end)]
        transport.get(LIST)
        assert ended.wait(5)
        assert change(transport).status == 200
        transport.close()
    assert len(server.asked) == 6


def test_a_connection_that_was_idle_is_not_trusted(server: Server, transport_to: MakeTransport) -> None:
    transport = transport_to(server.url, timeouts=Timeouts(connect=10.0, read=10.0, idle=0.0))
    transport.get(LIST)
    change(transport)
    assert server.connections == 2


@contextmanager
def proxy(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that answers every request for a tunnel with the same bytes."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    taken, _ = listening.accept()
                except OSError:
                    return
                with taken:
                    seen.append(taken.recv(65536))
                    taken.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], seen
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_a_proxy_of_the_environment(
    transport_to: MakeTransport, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n") as (port, seen):
        for name in ("HTTPS_PROXY", "no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        for name in ("https_proxy", "http_proxy"):
            monkeypatch.setenv(name, f"http://me:pa%40ss@127.0.0.1:{port}")
        with pytest.raises(Unreachable, match="the proxy does not let it through") as failed:
            change(transport_to("https://keap.example.com/crm"))
        assert len(seen) == 5
        assert seen[0].startswith(b"CONNECT keap.example.com:443 HTTP/1.")
        assert b"roxy-authorization: Basic bWU6cGFAc3M=" in seen[0].replace(b"-A", b"-a")
        assert KEY.encode() not in b"".join(seen)
        assert "pa" + "%40ss" not in str(failed.value)
        transport_to(server.url).get(LIST)
        assert len(seen) == 5, "this machine is reached without the proxy"
        monkeypatch.setenv("no_proxy", "keap.example.com")
        monkeypatch.setattr(socket, "getaddrinfo", refuse_names(socket.getaddrinfo))
        with pytest.raises(Unreachable, match="its name is not known"):
            change(transport_to("https://keap.example.com/crm"))
        assert len(seen) == 5
    monkeypatch.setenv("https_proxy", "socks5://me:secret@127.0.0.1:1")
    monkeypatch.delenv("no_proxy")
    with pytest.raises(Unreachable, match="https_proxy") as failed:
        change(transport_to("https://keap.example.com/crm"))
    assert "secret" not in str(failed.value)


def refuse_names(otherwise: Callable[..., Any]) -> Callable[..., Any]:
    def look_up(host: str, *more: Any, **named: Any) -> Any:
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return otherwise(host, *more, **named)

    return look_up


def test_an_address_that_may_not_have_the_key(transport_to: MakeTransport) -> None:
    with pytest.raises(WrongInput, match="not encrypted"):
        transport_to("http://api.infusionsoft.com/crm")
