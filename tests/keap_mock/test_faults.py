"""Everything that goes wrong on purpose: what the caller sees, and what was done all the same."""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from subtui.keap_mock import Account, ErrorShape, Fault, faults
from subtui.keap_mock.requests import Request
from tests.keap_mock.client import Client, serve, small_account

STOP = {"active": False, "reason_stopped": "moved"}
LONG = 30.0


def is_active(account: Account) -> bool:
    row = account.row("subscriptions", 9)
    assert row is not None
    return bool(row["active"])


@pytest.mark.parametrize(
    ("fault", "error", "done"),
    [
        (faults.reset(), ConnectionError, False),
        (faults.reset_after_change(), ConnectionError, True),
        (faults.cut(), http.client.IncompleteRead, True),
        (faults.truncated(), ValueError, True),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_line_breaks_before_or_after_the_change(fault: Fault, error: type[Exception], done: bool) -> None:
    account = small_account()
    with serve(account) as server:
        server.faults.add(fault, method="PATCH")
        with Client(server) as client, pytest.raises(error):
            client.patch("/subscriptions/9", STOP, *STOP)
        assert is_active(account) is not done
        assert len(server.effects(9)) == int(done)
        assert server.calls[0].fault == fault.name
        assert server.calls[0].changed is done
        with Client(server) as client:
            assert client.patch("/subscriptions/9", STOP, *STOP).status == 200
        assert len(server.effects(9)) == 1


def test_a_reset_is_a_reset_and_no_polite_end() -> None:
    with serve() as server:
        server.faults.add(faults.reset(), times=None)
        with Client(server) as client, pytest.raises(ConnectionResetError) as caught:
            client.get("/subscriptions")
        # An end without an answer would be http.client's own kind of it.
        assert caught.type is ConnectionResetError


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 429, 500, 502, 503, 504])
def test_any_status_comes_instead_of_the_answer(code: int) -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        server.faults.add(faults.status(code, "Made up", headers=(("Retry-After", "7"),)))
        answer = client.patch("/subscriptions/9", STOP)
        assert (answer.status, answer.json["message"], answer.headers["retry-after"]) == (code, "Made up", "7")
        assert is_active(account)
        assert client.patch("/subscriptions/9", STOP).status == 200


def test_an_error_can_be_told_although_the_change_was_made() -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        server.faults.add(faults.status(504, shape=ErrorShape.HTML, applied=True))
        answer = client.patch("/subscriptions/9", STOP)
        assert (answer.status, answer.json) == (504, None)
        assert not is_active(account)
        assert len(server.effects(9)) == 1


def test_pages_of_html_and_of_nothing_come_with_200() -> None:
    with serve() as server, Client(server) as client:
        server.faults.add(faults.html())
        server.faults.add(faults.empty(), nth=2)
        first, second, third = (client.get("/subscriptions") for _ in range(3))
        assert (first.status, first.headers["content-type"][:9]) == (200, "text/html")
        assert (second.status, second.text) == (200, b"")
        assert len(third.json["subscriptions"]) == 3


def test_a_redirect_leads_elsewhere() -> None:
    with serve() as server, Client(server) as client:
        server.faults.add(faults.redirect("http://elsewhere.example/x"))
        answer = client.get("/subscriptions")
        assert (answer.status, answer.headers["location"]) == (302, "http://elsewhere.example/x")


def test_a_row_changes_between_two_pages() -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        act: Callable[[], object] = lambda: account.delete("subscriptions", 10)  # noqa: E731
        server.faults.add(faults.meanwhile(act), path="/subscriptions$", nth=2)
        assert client.ids("/subscriptions", "subscriptions", page_size=1) == ["9", "11"]


def test_another_user_acts_between_a_change_and_its_answer() -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        act: Callable[[], object] = lambda: account.patch_subscription(9, active=True)  # noqa: E731
        server.faults.add(faults.meanwhile(act, after=True), method="PATCH")
        assert client.patch("/subscriptions/9", STOP).json["active"] is False
        assert client.get("/subscriptions/9").json["active"] is True


def test_a_patch_is_applied_in_part() -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        server.faults.add(faults.partly("reason_stopped"))
        answer = client.patch("/subscriptions/9", STOP, *STOP)
        assert answer.status == 200
        assert "reason_stopped" not in answer.json
        (effect,) = server.effects(9)
        assert effect.changes == {"active": (True, False)}


def test_a_slow_answer_comes_after_the_change_and_a_late_change_after_the_caller_has_gone() -> None:
    for kind, done_before in ((faults.slow, True), (faults.late, False)):
        account = small_account()
        go, applied = threading.Event(), threading.Event()
        fault = replace(kind(LONG, until=go), after=applied.set)
        with serve(account) as server:
            server.faults.add(fault, method="PATCH")
            with Client(server, timeout=0.2) as client, pytest.raises(TimeoutError):
                client.patch("/subscriptions/9", STOP, *STOP)
            assert not done_before or applied.wait(LONG)
            assert is_active(account) is not done_before
            with Client(server) as client:
                assert client.get("/subscriptions/9").json["active"] is not done_before
            go.set()
        # The end of the server waits for the calls under way.
        assert not is_active(account)
        assert len(server.effects(9)) == 1


def test_the_end_of_the_server_does_not_wait_for_a_delay() -> None:
    began = time.monotonic()
    with serve() as server:
        server.faults.add(faults.slow(10 * LONG))
        with Client(server, timeout=0.1) as client, pytest.raises(TimeoutError):
            client.get("/subscriptions")
    assert time.monotonic() - began < LONG


def test_a_schedule_matches_by_method_path_and_number() -> None:
    with serve() as server, Client(server) as client:
        server.faults.add(faults.status(503), method="GET", path=r"/subscriptions/9$", nth=2, times=2)
        assert [client.get("/subscriptions/9").status for _ in range(5)] == [200, 503, 503, 200, 200]
        server.faults.add(faults.status(500), path="/subscriptions/10", times=None)
        assert client.get("/subscriptions/9").status == 200
        assert [client.get("/subscriptions/10").status for _ in range(3)] == [500, 500, 500]
        server.faults.clear()
        assert client.get("/subscriptions/10").status == 200


def test_a_function_can_choose_the_fault() -> None:
    asked: list[tuple[int, str, bytes]] = []

    def choose(number: int, request: Request) -> Fault | None:
        asked.append((number, request.path, request.body))
        return faults.status(502) if number == 2 else None

    with serve() as server, Client(server) as client:
        server.faults.add(choose, times=None)
        assert [client.get("/subscriptions/9").status for _ in range(3)] == [200, 502, 200]
    assert [number for number, _, _ in asked] == [1, 2, 3]


def test_faults_can_be_combined() -> None:
    account = small_account()
    act: Callable[[], object] = lambda: account.patch_subscription(9, auto_charge=False)  # noqa: E731
    both = replace(faults.reset_after_change(), before=act, name="both")
    with serve(account) as server:
        server.faults.add(both)
        with Client(server) as client, pytest.raises(ConnectionError):
            client.patch("/subscriptions/9", STOP, *STOP)
    row = account.row("subscriptions", 9)
    assert row is not None
    assert (row["active"], row["auto_charge"]) == (False, False)


def test_a_defect_of_the_mock_ends_the_test_and_not_only_the_call() -> None:
    def broken() -> None:
        raise RuntimeError("a defect")

    with pytest.raises(RuntimeError, match="a defect"), serve() as server:  # noqa: PT012
        server.faults.add(faults.meanwhile(broken))
        with Client(server) as client, pytest.raises(http.client.RemoteDisconnected):
            client.get("/subscriptions")
