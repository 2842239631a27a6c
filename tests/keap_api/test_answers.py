"""What a server or a gateway may answer in the place of an answer."""

import gzip
import json
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subtui.keap_api.errors import (
    CallFailed,
    Declined,
    KeyRefused,
    NoAnswer,
    NotPermitted,
    NotThere,
)
from subtui.keap_api.exchanges import Timeouts
from subtui.keap_api.transport import Transport

from .conftest import BRIEF, HTML, LIST, ONE, PATIENT, MakeTransport, Passing, Sleeps, change
from .server import Handler, Reply, Server, hang_up, reset, silence, written
from .test_error_bodies import SHAPES

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
