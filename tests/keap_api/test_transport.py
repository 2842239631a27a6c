"""The transport against a real server on the loopback address."""

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from subtui.keap_api.call_log import CallLog
from subtui.keap_api.calls import Caller
from subtui.keap_api.credentials import Credential, HeaderStyle
from subtui.keap_api.errors import NoAnswer
from subtui.keap_api.transport import Transport

from .conftest import BRIEF, KEY, PATIENT, MakeTransport, Sleeps
from .server import Reply, Server, hang_up, reset, silence, written

LIST = "/rest/v2/subscriptions"
ONE = "/rest/v2/subscriptions/9"


@pytest.fixture
def transport(server: Server, transport_to: MakeTransport) -> Transport:
    return transport_to(server.url)


def test_a_call_and_its_answer(transport: Transport, server: Server) -> None:
    server.script.append(
        Reply(
            body=b'{"id": "9", "billing_amount": 10.10, "quantity": 3}',
            headers={"Date": "Mon, 30 Nov 2026 12:00:00 GMT", "X-Keap-Tenant-Id": "ab123", "Set-Cookie": "a=b"},
        )
    )
    answer = transport.get(LIST, [("filter", "contact_id==1;status==Active"), ("order_by", "id asc")])
    assert answer.body == {"id": "9", "billing_amount": Decimal("10.10"), "quantity": 3}
    assert isinstance(answer.body["billing_amount"], Decimal)
    assert answer.server_time is not None
    assert answer.server_time.isoformat() == "2026-11-30T12:00:00+00:00"
    assert answer.headers["x-keap-tenant-id"] == "ab123"
    assert "set-cookie" not in answer.headers
    asked = server.asked[0]
    assert asked.path == f"/crm{LIST}?filter=contact_id%3D%3D1%3Bstatus%3D%3DActive&order_by=id%20asc"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["accept"] == "application/json"
    assert asked.body == b""
    assert "content-length" not in asked.headers


def test_a_change_is_sent_with_its_mask_and_numbers(transport: Transport, server: Server) -> None:
    mask = [("update_mask", "active"), ("update_mask", "billing_amount")]
    answer = transport.patch(ONE, mask, {"active": False, "billing_amount": Decimal("10.10"), "end_date": None})
    assert answer.status == 200
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("PATCH", f"/crm{ONE}?update_mask=active&update_mask=billing_amount")
    assert asked.body == b'{"active":false,"billing_amount":10.10,"end_date":null}'
    assert asked.headers["content-type"] == "application/json"


def test_the_other_style_of_header(server: Server, transport_to: MakeTransport) -> None:
    transport_to(server.url, credential=Credential(KEY, HeaderStyle.KEAP)).get(LIST)
    assert server.asked[0].headers["x-keap-api-key"] == KEY
    assert "authorization" not in server.asked[0].headers


def test_it_is_a_caller(transport: Transport) -> None:
    caller: Caller = transport
    assert caller.get(LIST).status == 200


def test_calls_share_a_connection(transport: Transport, server: Server) -> None:
    for _ in range(3):
        transport.get(LIST)
    assert server.connections == 1


@pytest.mark.parametrize("reply", [Reply(act=reset), Reply(act=hang_up), Reply(act=silence), Reply(503)])
def test_a_reading_call_is_repeated_and_a_change_is_not(
    server: Server, transport_to: MakeTransport, reply: Reply, sleeps: Sleeps
) -> None:
    transport = transport_to(server.url, timeouts=BRIEF if reply.act is silence else PATIENT)
    server.script = [reply, Reply(body=b'{"id": "9"}')]
    assert transport.get(ONE).body == {"id": "9"}
    assert len(server.asked) == 2
    assert sleeps.total == pytest.approx(1.0)
    server.asked.clear()
    server.script = [reply, Reply()]
    with pytest.raises(NoAnswer, match="unknown until the row is read again"):
        transport.patch(ONE, [], {"active": False})
    assert len(server.asked) == 1


def test_a_packed_answer(transport: Transport, server: Server) -> None:
    server.script = [Reply(body=gzip.compress(b'{"a": "packed"}'), headers={"Content-Encoding": "gzip"})]
    assert transport.get(LIST).body == {"a": "packed"}


def test_the_log(server: Server, transport_to: MakeTransport, tmp_path: Path) -> None:
    log = CallLog(tmp_path / "calls.log")
    transport = transport_to(server.url, log=log)
    server.script = [Reply(500), Reply(body=b'{"a":1}'), Reply(act=written(b"HTTP/1.1 200 OK\r\n\r\n<html>"))]
    transport.get(LIST, [("page_size", "500")])
    with pytest.raises(NoAnswer):
        transport.post(f"{ONE}:deactivate", {"reason": "x"})
    rows = [json.loads(line) for line in (tmp_path / "calls.log").read_text().splitlines()]
    assert [(row["method"], row["status"], row["attempt"], row["error"]) for row in rows] == [
        ("GET", 500, 1, "Http500"),
        ("GET", 200, 2, ""),
        ("POST", 200, 1, "Html"),
    ]
    assert rows[0]["path"] == f"{LIST}?page_size=500"
    assert rows[1]["bytes"] == 7
