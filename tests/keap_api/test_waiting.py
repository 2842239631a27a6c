"""Throttling, the limit of a day, and stopping while a call waits."""

from pathlib import Path

import pytest

from subtui.keap_api.call_log import CallLog
from subtui.keap_api.errors import (
    CallStopped,
    LimitReached,
)
from subtui.keap_api.exchanges import Timeouts
from subtui.keap_api.transport import Transport

from .conftest import HTML, LIST, MakeTransport, Passing, change
from .server import Reply, Server, silence

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
