"""What may leave the program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.keap_api.permitted import refuse_unless_permitted

from .conftest import MakeTransport
from .server import Server


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rest/v2/subscriptions"),
        ("GET", "/rest/v2/subscriptions/9"),
        ("GET", "/rest/v2/products/-/subscriptions"),
        ("GET", "/rest/v2/oauth/connect/userinfo"),
        ("GET", "/rest/v2/applications:getConfiguration"),
        ("GET", "/rest/v2/tags/a%20b"),
        ("PATCH", "/rest/v2/subscriptions/9"),
        ("POST", "/rest/v2/subscriptions/9:deactivate"),
    ],
)
def test_permitted(method: str, path: str) -> None:
    refuse_unless_permitted(method, path)


REFUSED = [
    ("GET", "/rest/v1/subscriptions"),
    ("GET", "/rest/v2/"),
    ("GET", "rest/v2/subscriptions"),
    ("GET", "https://evil.example.com/rest/v2/subscriptions"),
    ("GET", "//evil.example.com/rest/v2/subscriptions"),
    ("GET", "/rest/v2/../v1/subscriptions"),
    ("GET", "/rest/v2/a/../b"),
    ("GET", "/rest/v2/a/%2e%2e/b"),
    ("GET", "/rest/v2/a/%2e./b"),
    ("GET", "/rest/v2/a/%252e%252e/b"),
    ("GET", "/rest/v2/a%2Fb"),
    ("GET", "/rest/v2/a%5Cb"),
    ("GET", "/rest/v2//a"),
    ("GET", "/rest/v2/a?b=c"),
    ("GET", "/rest/v2/a#b"),
    ("GET", "/rest/v2/a%3Fb"),
    ("GET", "/rest/v2/a b"),
    ("GET", "/rest/v2/a\r\nX: y"),
    ("GET", "/rest/v2/a%0d%0a"),
    ("GET", "/rest/v2/a\n"),
    ("GET", "/rest/v2/subscriptions/9:invoice"),
    ("GET", "/rest/v2/subscriptions/9%3Ainvoice"),
    ("get", "/rest/v2/subscriptions"),
    ("HEAD", "/rest/v2/subscriptions"),
    ("PUT", "/rest/v2/subscriptions/9"),
    ("DELETE", "/rest/v2/subscriptions/9"),
    ("PATCH", "/rest/v2/subscriptions"),
    ("PATCH", "/rest/v2/subscriptions/"),
    ("PATCH", "/rest/v2/subscriptions/9/"),
    ("PATCH", "/rest/v2/subscriptions/9\n"),
    ("PATCH", "/rest/v2/subscriptions/9:invoice"),
    ("PATCH", "/rest/v2/orders/9"),
    ("PATCH", "/rest/v2/contacts/9"),
    ("PATCH", "/rest/v2/subscriptions/..%2Fcontacts"),
    ("POST", "/rest/v2/subscriptions"),
    ("POST", "/rest/v2/subscriptions/9"),
    ("POST", "/rest/v2/subscriptions/9:invoice"),
    ("POST", "/rest/v2/subscriptions/9:deactivate:invoice"),
    ("POST", "/rest/v2/subscriptions/9:deactivate/../9:invoice"),
    ("POST", "/rest/v2/subscriptions/a/b:deactivate"),
    ("POST", "/rest/v2/orders/9/payments"),
]


@pytest.mark.parametrize(("method", "path"), REFUSED)
def test_refused(method: str, path: str) -> None:
    with pytest.raises(AssertionError):
        refuse_unless_permitted(method, path)


@given(st.sampled_from(["PATCH", "POST", "PUT", "DELETE"]), st.text() | st.text("/rest/v2/subscriptions:%.9-inv"))
def test_no_other_change(method: str, path: str) -> None:
    with pytest.raises(AssertionError):
        refuse_unless_permitted(method, path)


def test_nothing_else_reaches_the_server(server: Server, transport_to: MakeTransport) -> None:
    transport = transport_to(server.url)
    calls = {"GET": transport.get, "PATCH": lambda path: transport.patch(path, (), {})}
    calls["POST"] = lambda path: transport.post(path, {})
    for method, path in REFUSED:
        with pytest.raises(AssertionError):
            calls.get(method, calls["POST"])(path)
    assert server.asked == []
    assert server.connections == 0
