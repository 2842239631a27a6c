"""Everything that a server, a gateway and a network can do to a call."""

import gzip
import json
import socket
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subtui.domain.errors import WrongInput
from subtui.keap_api.call_log import CallLog
from subtui.keap_api.calls import Answer
from subtui.keap_api.errors import (
    CallFailed,
    CallStopped,
    Declined,
    KeyRefused,
    LimitReached,
    NoAnswer,
    NotPermitted,
    NotThere,
    Unreachable,
)
from subtui.keap_api.exchanges import Timeouts
from subtui.keap_api.transport import Transport

from .conftest import BRIEF, KEY, PATIENT, MakeTransport, Sleeps
from .server import Handler, Reply, Server, hang_up, raw, reset, silence, written
from .test_error_bodies import SHAPES

LIST = "/rest/v2/subscriptions"
ONE = "/rest/v2/subscriptions/9"
HTML = b"<!DOCTYPE html><html><head><title>Error</title></head></html>"


@pytest.fixture
def transport(server: Server, transport_to: MakeTransport) -> Transport:
    return transport_to(server.url)


def change(transport: Transport) -> Answer:
    return transport.patch(ONE, [("update_mask", "active")], {"active": False})


ERRORS: dict[int, type[CallFailed]] = {
    400: Declined,
    401: KeyRefused,
    403: NotPermitted,
    404: NotThere,
    405: Declined,
    409: Declined,
    500: NoAnswer,
    501: Declined,
    502: NoAnswer,
    503: NoAnswer,
    504: NoAnswer,
}
BODIES = [json.dumps(shape).encode() for shape, _ in SHAPES] + [
    HTML,
    b"",
    b"plain words",
    b"\xff\x00",
    b'{"message": "',
]


@pytest.mark.parametrize(("status", "error"), ERRORS.items())
def test_each_status_in_each_shape(transport: Transport, server: Server, status: int, error: type[CallFailed]) -> None:
    for body in BODIES:
        for content_type in ("application/json", "text/html", ""):
            tries = 5 if error is NoAnswer else 1
            server.script = [Reply(status, body, content_type=content_type)] * tries
            with pytest.raises(error) as failed:
                transport.get(LIST)
            assert (failed.value.status, server.script) == (status, [])
            server.script = [Reply(status, body, content_type=content_type)]
            with pytest.raises(error) as failed:
                change(transport)
            assert (failed.value.status, server.script) == (status, [])
            assert failed.value.outcome_unknown == (status in (500, 502, 503, 504))


def test_keaps_words_reach_the_user(transport: Transport, server: Server) -> None:
    server.script = [Reply(400, b'{"message": "end_date cannot be in the past"}')]
    with pytest.raises(Declined, match="Keap says: “end_date cannot be in the past”") as declined:
        change(transport)
    assert declined.value.words == "end_date cannot be in the past"


def chunked(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    for part in (b'{"id', b'": "', b'9"}'):
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
    handler.wfile.write(b"0\r\n\r\n")


def test_an_answer_in_chunks_keeps_the_connection(transport: Transport, server: Server) -> None:
    server.script = [Reply(act=chunked), Reply(act=chunked)]
    for _ in range(2):
        assert transport.get(ONE).body == {"id": "9"}
    assert server.connections == 1


BROKEN: list[Reply] = [
    Reply(act=reset),
    Reply(act=hang_up),
    Reply(act=silence),
    Reply(body=b'{"id": "9"', length=200),
    Reply(body=HTML),
    Reply(body=HTML, content_type="text/html"),
    Reply(body=b'{"id": "9'),
    Reply(body=b'["a"]'),
    Reply(body=b'"text"'),
    Reply(body=b"[" * 50_000),
    Reply(body=b'{"a": 1e99999999999999999999}'),
    Reply(body=b"not packed", headers={"Content-Encoding": "gzip"}),
    Reply(body=gzip.compress(b'{"id": "9"}')[:-12], headers={"Content-Encoding": "gzip"}),
    Reply(act=written(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{")),
    Reply(act=written(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{")),
    Reply(act=written(b"HTTP/1.1 200 OK\r\nContent-Le")),
    Reply(act=written(b"HTTP/1.1 200 OK\r\n\r\n")),
    Reply(act=written(b"SSH-2.0-OpenSSH_9.6\r\n")),
    Reply(act=written(b"HTTP/1.1 abc OK\r\n\r\n")),
    Reply(act=written(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n{}")),
    Reply(act=written(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n{}")),
]


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_what_is_no_answer(server: Server, transport_to: MakeTransport, sleeps: Sleeps, number: int) -> None:
    broken = BROKEN[number]
    transport = transport_to(server.url, timeouts=BRIEF if broken.act is silence else PATIENT)
    server.script = [broken, Reply(body=b'{"id": "9"}')]
    assert transport.get(ONE).body == {"id": "9"}
    assert len(server.asked) == 2
    server.script = [broken] * 5
    sleeps.clear()
    with pytest.raises(NoAnswer):
        transport.get(ONE)
    assert len(server.asked) == 7
    assert sleeps.total == pytest.approx(15.0)
    for call in (change, lambda transport: transport.post(f"{ONE}:deactivate", {"reason": "x"})):
        server.script = [broken]
        with pytest.raises(NoAnswer, match="unknown until"):
            call(transport)
    assert len(server.asked) == 9
    assert change(transport).status == 200, "the next call works again"


@pytest.mark.parametrize("reply", [Reply(body=b""), Reply(body=b" \r\n"), Reply(204), Reply(body=b"null")])
def test_an_empty_answer_is_one_to_a_change_only(transport: Transport, server: Server, reply: Reply) -> None:
    server.script = [reply, reply]
    assert transport.post(f"{ONE}:deactivate", {"reason": "x"}).body == {}
    assert change(transport).body == {}
    server.script = [reply] * 5
    with pytest.raises(NoAnswer, match=r"empty answer|not the data"):
        transport.get(ONE)


def test_an_answer_that_begins_with_a_byte_order_mark(transport: Transport, server: Server) -> None:
    server.script = [Reply(body=b'\xef\xbb\xbf{"id": 1}')]
    assert transport.get(ONE).body == {"id": 1}


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_without_end_is_not_read(server: Server, transport_to: MakeTransport, packed: bool) -> None:
    bomb = zlib.compressobj(wbits=31)
    body = b"".join(bomb.compress(b" " * 1_000_000) for _ in range(20)) + bomb.flush()
    assert len(body) < 50_000
    reply = Reply(body=body, headers={"Content-Encoding": "gzip"}) if packed else Reply(body=b" " * 3_000_000)
    transport = transport_to(server.url, largest=2 * 1024 * 1024)
    server.script = [reply]
    with pytest.raises(NoAnswer, match="larger than 2 MB"):
        transport.get(LIST)
    assert server.script == []
    assert transport.get(LIST).body == {}
    assert server.connections == 2, "the rest of the answer is not read as the next one"


def test_an_answer_that_never_ends_in_time(server: Server, transport_to: MakeTransport) -> None:
    def drip(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not handler.server.ended.wait(0.02):
            handler.wfile.write(b" ")

    server.script = [Reply(act=drip)]
    transport = transport_to(server.url, timeouts=Timeouts(connect=10.0, read=10.0, whole=0.2))
    with pytest.raises(NoAnswer, match="in time"):
        change(transport)


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


THROTTLED: list[tuple[dict[str, str], bytes, float]] = [
    ({}, b'{"fault": {"faultstring": "Rate limit quota violation"}}', 1.0),
    ({}, b'{"code": "429", "message": "Quota Exceeded", "status": "Request Throttled", "details": null}', 1.0),
    ({"Retry-After": "7"}, HTML, 7.0),
    ({"Retry-After": "Mon, 30 Nov 2026 12:00:25 GMT"}, b"", 10.0),
    ({"Retry-After": "soon"}, b"", 1.0),
    ({"x-keap-product-throttle-available": "0", "x-keap-product-throttle-time-unit": "minute"}, b"", 46.0),
    ({"x-keap-product-throttle-available": "", "x-keap-tenant-throttle-available": "|"}, b"", 1.0),
    ({"x-keap-product-quota-available": "900", "x-keap-product-quota-limit": "1000"}, b"", 1.0),
]


@pytest.mark.parametrize(("headers", "body", "seconds"), THROTTLED)
def test_a_throttled_call_waits_and_is_made(
    server: Server, transport_to: MakeTransport, headers: dict[str, str], body: bytes, seconds: float
) -> None:
    passing = Passing()
    transport = transport_to(server.url, sleep=passing.sleep, limiter=passing.limiter())
    for call in (change, lambda transport: transport.get(LIST)):
        server.script = [Reply(429, body, headers), Reply(body=b'{"id": "9"}')]
        begun = passing.seconds
        assert call(transport).body == {"id": "9"}
        assert passing.seconds - begun == pytest.approx(seconds, abs=0.01)


class Passing:
    """A monotonic time that passes by sleeping only."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def monotonic(self) -> float:
        return self.seconds

    def limiter(self) -> Any:
        from subtui.keap_api.limiter import Limiter  # noqa: PLC0415  (used here only)

        return Limiter(per_second=1e9, per_minute=100_000, monotonic=self.monotonic)


def test_throttling_is_no_failure_and_ends(server: Server, transport_to: MakeTransport) -> None:
    passing = Passing()
    transport = transport_to(server.url, sleep=passing.sleep, limiter=passing.limiter())
    server.script = [Reply(429)] * 7 + [Reply(503)] * 4 + [Reply(body=b'{"id": "9"}')]
    assert transport.get(LIST).body == {"id": "9"}
    server.script = [Reply(429)] * 100
    begun = passing.seconds
    with pytest.raises(LimitReached):
        change(transport)
    assert passing.seconds - begun <= 600


def test_the_end_of_the_day_stops_every_call(transport: Transport, server: Server) -> None:
    server.script = [
        Reply(429, headers={"x-keap-product-quota-available": "0", "x-keap-product-quota-time-unit": "day"})
    ]
    with pytest.raises(LimitReached, match="2026-12-01 00:00 UTC") as reached:
        transport.get(LIST)
    assert reached.value.until is not None
    with pytest.raises(LimitReached):
        change(transport)
    assert len(server.asked) == 1


def test_stopping_while_waiting(server: Server, transport_to: MakeTransport) -> None:
    passing = Passing()
    transport = transport_to(
        server.url, sleep=passing.sleep, limiter=passing.limiter(), stop=lambda: passing.seconds > 3.0
    )
    server.script = [Reply(429, headers={"Retry-After": "60"})]
    with pytest.raises(CallStopped):
        change(transport)
    assert passing.seconds == pytest.approx(3.0, abs=0.11)
    with pytest.raises(CallStopped):
        transport.get(LIST)
    assert len(server.asked) == 1


def test_stopping_while_an_answer_is_awaited(server: Server, transport_to: MakeTransport, tmp_path: Path) -> None:
    def stop() -> bool:
        return len(server.asked) > 0

    log = CallLog(tmp_path / "calls.log")
    transport = transport_to(server.url, stop=stop, log=log, timeouts=Timeouts(connect=10.0, read=20.0))
    server.script = [Reply(act=silence)]
    with pytest.raises(CallStopped):
        transport.get(LIST)
    assert len(server.asked) == 1
    assert '"error": "Stopped"' in (tmp_path / "calls.log").read_text()


def test_a_change_that_was_sent_is_waited_for(server: Server, transport_to: MakeTransport) -> None:
    transport = transport_to(server.url, stop=lambda: len(server.asked) > 0)
    server.script = [Reply(body=b'{"id": "9"}')]
    assert change(transport).body == {"id": "9"}


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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary()
    | st.binary().map(lambda data: b"HTTP/1.1 200 OK\r\n\r\n" + data)
    | st.binary().map(lambda data: b"HTTP/1.1 200 OK\r\n" + data + b"\r\n\r\n{}")
    | st.tuples(st.integers(100, 999), st.text("x-keap:|0123456789\r\n retry-after"), st.binary()).map(
        lambda it: f"HTTP/1.1 {it[0]} Odd\r\n{it[1]}\r\n\r\n".encode() + it[2]
    )
)
def test_any_bytes_are_an_answer_or_a_failed_call(transport_to: MakeTransport, server: Server, data: bytes) -> None:
    passing = Passing()
    transport = transport_to(server.url, sleep=passing.sleep, limiter=passing.limiter())
    for call in (change, lambda transport: transport.get(LIST)):
        server.script = [Reply(act=written(data))]
        with suppress(CallFailed):
            assert isinstance(call(transport).body, dict)
    transport.close()
