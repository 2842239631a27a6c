"""The server: keys, bases, headers, limits, and what it remembers."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from subtui.keap_mock import ErrorShape, Limits, Switches
from tests.keap_mock.client import NOW, Client, serve, small_account


def test_both_bases_lead_to_the_same_and_no_other_does() -> None:
    with serve() as server:
        assert server.base_url == f"http://127.0.0.1:{server.port}/crm"
        for base, status in (("/crm/rest/v2", 200), ("/rest/v2", 200), ("/crm/rest/v1", 404), ("", 404)):
            with Client(server, base=base) as client:
                assert client.get("/subscriptions/9").status == status


@pytest.mark.parametrize(
    ("header", "key", "status"),
    [
        ("Authorization", "", 200),
        ("X-Keap-API-Key", "", 200),
        ("Authorization", "wrong", 401),
        ("X-Keap-API-Key", "wrong", 401),
        ("Authorization", None, 401),
    ],
)
def test_the_key_is_checked_in_both_headers(header: str, key: str | None, status: int) -> None:
    with serve() as server, Client(server, key=key) as client:
        answer = client.call("GET", "/subscriptions/9", header=header)
        assert answer.status == status
        if status == 401:
            assert answer.json["fault"]["detail"]["errorcode"] == "oauth.v2.InvalidAccessToken"
            assert answer.headers["x-keap-product-quota-available"] == ""
            assert answer.headers["x-keap-tenant-throttle-available"] == "|"


def test_a_key_can_be_withdrawn_while_the_server_runs() -> None:
    with serve(None, Switches(key_error_shape=ErrorShape.V2), key="made-up") as server, Client(server) as client:
        assert client.get("/subscriptions/9").status == 200
        server.key = "another"
        assert client.get("/subscriptions/9").json["code"] == 401


@pytest.mark.parametrize("path", ["/nothing", "/sales/orders", "/subscriptions/9/more", "/notes/model", "/"])
def test_an_unknown_path_is_html(path: str) -> None:
    with serve() as server, Client(server) as client:
        answer = client.get(path)
        assert answer.status == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.text.startswith(b"<!DOCTYPE html>")


def test_get_with_a_body_is_refused_in_html() -> None:
    with serve() as server, Client(server) as client:
        answer = client.call("GET", "/subscriptions/9", (), {"a": 1})
        assert (answer.status, answer.json) == (400, None)


def test_one_connection_carries_many_calls() -> None:
    with serve() as server, Client(server) as client:
        client.get("/subscriptions/9")
        line = client.line.sock
        client.patch("/subscriptions/9", {"active": False})
        client.get("/subscriptions/400")
        assert client.line.sock is line


def test_the_headers_are_full_blank_or_absent() -> None:
    limits = Limits(second=500, minute=240, day=30_000)
    with serve(None, limits=limits, ticks=NOW.timestamp) as server, Client(server) as client:
        client.get("/subscriptions/9")
        headers = client.get("/subscriptions/9").headers
        assert headers["x-keap-product-quota-limit"] == "30000"
        assert headers["x-keap-product-quota-time-unit"] == "day"
        assert headers["x-keap-product-quota-available"] == "29998"
        assert headers["x-keap-product-quota-expiry-time"] == str(
            int(datetime(2026, 11, 29, tzinfo=UTC).timestamp()) * 1000
        )
        assert headers["x-keap-product-throttle-used"] == "2"
        assert headers["x-keap-product-spike-limit"] == "500"
        assert headers["x-keap-tenant-id"] == "ab123"
        assert headers["x-keap-tenant-throttle-limit"] == "10000|250000"
        assert headers["x-keap-tenant-throttle-time-unit"] == "minute|day"
        assert parsedate_to_datetime(headers["date"]) == NOW
        server.switches = Switches(limit_headers="blank")
        assert client.get("/subscriptions/9").headers["x-keap-tenant-throttle-used"] == "|"
        server.switches = Switches(limit_headers="absent")
        assert not [name for name in client.get("/subscriptions/9").headers if name.startswith("x-keap")]


class Ticks:
    """A clock for the limits that goes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 28, 23, 58, 30, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("limits", "seconds"), [(Limits(second=2), 1), (Limits(minute=2), 30), (Limits(day=2), 90)])
def test_a_call_over_a_limit_is_refused_until_its_time_is_over(limits: Limits, seconds: int) -> None:
    ticks = Ticks()
    with serve(None, limits=limits, ticks=ticks) as server, Client(server) as client:
        assert [client.get("/subscriptions/9").status for _ in range(3)] == [200, 200, 429]
        refused = client.get("/subscriptions/9")
        assert (refused.json["code"], refused.json["details"]) == ("429", None)
        assert "retry-after" not in refused.headers
        assert server.over_limit == 2
        server.switches = Switches(retry_after="seconds")
        assert abs(int(client.get("/subscriptions/9").headers["retry-after"]) - seconds) <= 1
        server.switches = Switches(retry_after="date")
        moment = parsedate_to_datetime(client.get("/subscriptions/9").headers["retry-after"])
        assert 0 < moment.timestamp() - ticks.now <= seconds + 2
        ticks.now += seconds - 0.5
        assert client.get("/subscriptions/9").status == 429
        ticks.now += 1
        assert client.get("/subscriptions/9").status == 200


@pytest.mark.parametrize("shape", [ErrorShape.GATEWAY, ErrorShape.FAULT, ErrorShape.HTML, ErrorShape.EMPTY])
def test_a_refusal_has_several_shapes(shape: ErrorShape) -> None:
    with serve(None, Switches(limit_shape=shape), Limits(day=0)) as server, Client(server) as client:
        answer = client.get("/subscriptions/9")
        assert answer.status == 429
        assert answer.headers["x-keap-product-quota-available"] == "0"
        keys = {ErrorShape.GATEWAY: {"code", "message", "status", "details"}, ErrorShape.FAULT: {"fault"}}
        assert set(answer.json or ()) == keys.get(shape, set())


def test_a_refused_change_has_no_effect_and_another_program_uses_calls_too() -> None:
    account = small_account()
    with serve(account, limits=Limits(minute=10)) as server, Client(server) as client:
        server.meter.use(minute=10, day=5)
        assert client.patch("/subscriptions/9", {"active": False}).status == 429
        server.limits = Limits().times(50)
        assert client.patch("/subscriptions/9", {"active": False}).status == 200
        assert len(server.effects(9)) == 1


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        (ErrorShape.V2, {"code", "message", "status", "details"}),
        (ErrorShape.THROWABLE, {"cause", "localizedMessage", "message", "stackTrace"}),
        (ErrorShape.MESSAGE, {"message"}),
        (ErrorShape.FAULT, {"fault"}),
        (ErrorShape.GATEWAY, {"code", "message", "status", "details"}),
        (ErrorShape.TOKEN, {"error", "error_description"}),
        (ErrorShape.HTML, set()),
        (ErrorShape.EMPTY, set()),
    ],
)
def test_an_error_comes_in_every_shape(shape: ErrorShape, found: set[str]) -> None:
    with serve(None, Switches(error_shape=shape)) as server, Client(server) as client:
        answer = client.get("/subscriptions/400")
        assert answer.status == 404
        assert set(answer.json or ()) == found


def test_one_kind_can_be_forbidden_read_only_or_missing() -> None:
    switches = Switches(
        forbidden=frozenset({"orders"}), missing=frozenset({"payments"}), read_only=frozenset({"subscriptions"})
    )
    with serve(None, switches) as server, Client(server) as client:
        assert [client.get(path).status for path in ("/orders", "/orders/1", "/orders/model")] == [403, 403, 403]
        assert client.get("/sales/payments").json is None
        assert client.get("/sales/transactions").status == 200
        assert client.get("/subscriptions/9").status == 200
        assert client.patch("/subscriptions/9", {"active": False}).status == 403
        assert client.call("POST", "/subscriptions/9:deactivate", (), {}).status == 403
        assert server.effects(9) == []


def test_every_call_can_be_sent_to_another_host() -> None:
    with serve(None, Switches(redirect_to="http://elsewhere.example")) as server, Client(server) as client:
        answer = client.get("/subscriptions/9")
        assert answer.status == 302
        assert answer.headers["location"] == "http://elsewhere.example/crm/rest/v2/subscriptions/9"


def test_calls_are_on_record() -> None:
    with serve() as server, Client(server) as client:
        client.call(
            "PATCH", "/subscriptions/9", [("update_mask", "active"), ("update_mask", "end_date")], {"active": False}
        )
        client.call("PATCH", "/subscriptions/9", (), b"\xff")
        client.get("/subscriptions/9")
        first, second, third = server.calls
    assert (first.number, first.method, first.path, first.status) == (1, "PATCH", "/crm/rest/v2/subscriptions/9", 200)
    assert first.query == (("update_mask", "active"), ("update_mask", "end_date"))
    assert first.body == {"active": False}
    assert (first.changed, second.changed, third.changed) == (True, False, False)
    assert (second.body, third.body) == (b"\xff", None)


def test_accents_go_as_utf_8_and_numbers_as_numbers() -> None:
    with serve() as server, Client(server) as client:
        answer = client.get("/contacts/5")
        assert "Zoë".encode() in answer.text
        assert json.loads(client.get("/subscriptions/9").text, parse_float=str)["billing_amount"] == "29.5"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("paging", "offset", "offset"),
        ("integer_ids", "true", True),
        ("default_page_size", "7", 7),
        ("limit_shape", "html", ErrorShape.HTML),
        ("forbidden", "orders,tags", frozenset({"orders", "tags"})),
        ("redirect_to", "http://x", "http://x"),
        ("missing", "", frozenset()),
    ],
)
def test_a_switch_is_set_from_text(name: str, value: str, expected: Any) -> None:
    assert getattr(Switches().with_text(name, value), name) == expected


@pytest.mark.parametrize(
    ("name", "value"), [("colour", "red"), ("paging", "red"), ("integer_ids", "1"), ("limit_shape", "red")]
)
def test_a_switch_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=value if name != "colour" else "colour"):
        Switches().with_text(name, value)
