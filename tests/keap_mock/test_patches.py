"""PATCH and `:deactivate`: what they change, what they refuse, and that each change is on record once."""

from typing import Any

import pytest

from subtui.keap_mock import Switches
from tests.keap_mock.client import NOW, Client, serve, small_account, subscription


def test_a_repeated_mask_changes_just_the_named_fields() -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        body = {"active": False, "reason_stopped": "moved", "auto_charge": False}
        answer = client.patch("/subscriptions/9", body, "active", "reason_stopped")
        (effect,) = server.effects(9)
    assert answer.status == 200
    row = account.row("subscriptions", 9)
    assert answer.json == row
    assert row is not None
    assert (row["active"], row["reason_stopped"], row["auto_charge"]) == (False, "moved", True)
    assert row["modification_time"] == "2026-11-28T15:30:00.000Z"
    assert effect.changes == {"active": (True, False), "reason_stopped": (None, "moved")}


def test_without_a_mask_all_that_can_be_changed_is() -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        assert client.patch("/subscriptions/9", {"active": False, "id": "77", "start_date": "2020-01-01"}).status == 200
    row = account.row("subscriptions", 9)
    assert row is not None
    assert (row["id"], row["active"], row.get("start_date")) == ("9", False, None)


def test_a_joined_mask_is_split_or_taken_as_one_unknown_name() -> None:
    with serve() as server, Client(server) as client:
        body = {"active": False, "auto_charge": False}
        assert client.patch("/subscriptions/9", body, "active,auto_charge").json["auto_charge"] is False
        server.switches = Switches(mask="strict")
        refused = client.patch("/subscriptions/10", body, "active,auto_charge")
        assert refused.status == 400
        assert "active,auto_charge" in refused.json["message"]
        assert client.patch("/subscriptions/10", body, "active", "auto_charge").status == 200
        assert client.patch("/subscriptions/10", body, "colour").status == 400


@pytest.mark.parametrize("name", ["end_date", "next_bill_date"])
def test_a_day_in_the_past_is_refused_by_name(name: str) -> None:
    account = small_account()
    with serve(account) as server, Client(server) as client:
        refused = client.patch("/subscriptions/9", {name: "2026-11-27", "active": False}, name, "active")
        assert refused.status == 400
        assert name in refused.json["message"]
        assert client.patch("/subscriptions/9", {name: "2026-11-28"}, name).status == 200
        assert [effect.changes for effect in server.effects(9)] != []
        server.switches = Switches(past_dates="accept")
        assert client.patch("/subscriptions/9", {name: "2026-11-27"}, name).status == 200
    row = account.row("subscriptions", 9)
    assert row is not None
    assert row["active"] is True


def test_the_day_is_that_of_the_account_not_that_of_the_server() -> None:
    account = small_account(lambda: NOW.replace(hour=3), business_profile={"time_zone": "America/New_York"})
    assert account.today.isoformat() == "2026-11-27"
    with serve(account) as server, Client(server) as client:
        assert client.patch("/subscriptions/9", {"end_date": "2026-11-27"}, "end_date").status == 200


@pytest.mark.parametrize(
    ("null", "status", "end"), [("clears", 200, None), ("ignores", 200, "2027-01-01"), ("refuses", 400, "2027-01-01")]
)
def test_null_has_three_meanings(null: Any, status: int, end: str | None) -> None:
    account = small_account(subscriptions=[subscription(9, end_date="2027-01-01")])
    with serve(account, Switches(null=null)) as server, Client(server) as client:
        assert client.patch("/subscriptions/9", {"end_date": None}, "end_date").status == status
    row = account.row("subscriptions", 9)
    assert row is not None
    assert row["end_date"] == end


def test_a_field_that_is_named_but_absent_is_ignored_or_cleared() -> None:
    account = small_account(subscriptions=[subscription(9, reason_stopped="moved")])
    with serve(account) as server, Client(server) as client:
        assert client.patch("/subscriptions/9", {}, "reason_stopped").json["reason_stopped"] == "moved"
        server.switches = Switches(named_but_absent="clears")
        assert client.patch("/subscriptions/9", {}, "reason_stopped").json["reason_stopped"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"active": "no"},
        {"quantity": 1.5},
        {"billing_amount": "x"},
        {"end_date": "2027-13-01"},
        {"billing_cycle": "MONTHLY"},
        {"reason_stopped": 5},
        {"contact_id": "x"},
        {"contact_id": "400"},
        {"custom_fields": {}},
        {"end_date": "2027-01-01T00:00"},
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_changes(body: dict[str, Any]) -> None:
    account = small_account()
    before = account.row("subscriptions", 9)
    with serve(account) as server, Client(server) as client:
        assert client.patch("/subscriptions/9", body, *body).status == 400
        assert server.effects(9) == []
        assert not server.calls[0].changed
    assert account.row("subscriptions", 9) == before


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with serve() as server, Client(server) as client:
        assert client.call("PATCH", "/subscriptions/9", (), body).status == 400


def test_what_is_not_there_is_not_found() -> None:
    with serve() as server, Client(server) as client:
        assert client.patch("/subscriptions/400", {"active": False}, "active").status == 404
        assert client.patch("/subscriptions/x", {"active": False}, "active").status == 404
        assert client.call("POST", "/subscriptions/400:deactivate", (), {}).status == 404
        assert client.get("/subscriptions/400").json["code"] == 404


def test_a_patch_that_changes_nothing_is_no_effect() -> None:
    with serve() as server, Client(server) as client:
        client.patch("/subscriptions/9", {"active": False}, "active")
        client.patch("/subscriptions/9", {"active": False}, "active")
        assert len(server.effects("9")) == 1
        assert [call.changed for call in server.calls] == [True, False]


def test_an_older_back_end_ignores_the_reason_or_refuses_active() -> None:
    with serve(None, Switches(reason_patched=False)) as server, Client(server) as client:
        body = {"active": False, "reason_stopped": "moved"}
        answer = client.patch("/subscriptions/9", body, *body).json
        assert answer["active"] is False
        assert "reason_stopped" not in answer
        server.switches = Switches(active_patched=False)
        refused = client.patch("/subscriptions/10", body, *body)
        assert refused.status == 400
        assert "active" in refused.json["message"]


def test_a_patch_need_not_bump_the_time() -> None:
    with serve(None, Switches(patch_bumps=False)) as server, Client(server) as client:
        assert (
            client.patch("/subscriptions/9", {"active": False}, "active")
            .json["modification_time"]
            .startswith("2026-10")
        )


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        ("active", {"active"}),
        ("reason", {"active", "reason_stopped"}),
        ("auto_charge", {"active", "reason_stopped", "auto_charge"}),
        ("end_date", {"active", "reason_stopped", "auto_charge", "end_date"}),
    ],
)
def test_the_verb_goes_as_far_as_the_switch_says(reach: Any, expected: set[str]) -> None:
    with serve(None, Switches(deactivate=reach)) as server, Client(server) as client:
        answer = client.call("POST", "/subscriptions/9:deactivate", (), {"reason": "moved"})
        assert (answer.status, answer.text) == (200, b"")
        (effect,) = server.effects(9)
        assert server.forbidden_calls == []
    assert set(effect.changes) == expected
    assert effect.path.endswith(":deactivate")


def test_the_verb_on_an_inactive_subscription_is_done_or_a_conflict() -> None:
    with serve() as server, Client(server) as client:
        assert client.call("POST", "/subscriptions/11:deactivate", (), {}).status == 200
        assert server.effects(11) == []
        server.switches = Switches(deactivate_again="conflict")
        assert client.call("POST", "/subscriptions/11:deactivate", (), {}).status == 409


def test_an_order_can_be_patched() -> None:
    account = small_account(orders=[{"id": "20", "contact": {"id": "5"}, "title": "A"}])
    with serve(account) as server, Client(server) as client:
        answer = client.patch("/orders/20", {"notes": "n", "order_title": "B", "status": "PAID"}).json
        assert (answer["notes"], answer["title"], "status" in answer) == ("n", "B", False)
        assert answer["modification_time"] == "2026-11-28T15:30:00.000Z"
        assert client.patch("/orders/20", {"contact_id": "6"}, "contact_id").json["contact"] == {"id": "6"}
        assert client.patch("/orders/20", {"contact_id": "66"}, "contact_id").status == 400
        assert client.patch("/orders/20", {"status": "PAID"}, "status").status == 400
        assert client.patch("/orders/21", {"notes": "n"}).status == 404
        assert server.forbidden_calls == []


def test_the_note_of_an_orders_payment_can_be_patched() -> None:
    account = small_account()
    order = account.bill_subscription(9, account.today)
    with serve(account) as server, Client(server) as client:
        assert client.patch(f"/orders/{order}/payments/1", {"notes": "by phone"}, "notes").json["note"] == "by phone"
        assert client.patch(f"/orders/{order}/payments/2", {"notes": "by phone"}, "notes").status == 404
    paid = account.row("payments", 1)
    assert paid is not None
    assert paid["note"] == "by phone"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/subscriptions/9:invoice", None, 200),
        ("POST", "/subscriptions", {"contact_id": "5", "subscription_plan_id": "7"}, 201),
        ("POST", "/orders/20/payments", {"payment_amount": 5, "apply_to_commissions": True}, 201),
        ("POST", "/orders", {"order_title": "A"}, 201),
        ("DELETE", "/orders/20", None, 204),
        ("DELETE", "/contacts/6", None, 204),
        ("DELETE", "/contacts/66", None, 404),
        ("POST", "/contacts:merge", {"contact_id": "5", "duplicate_contact_id": "6"}, 404),
        ("PATCH", "/contacts/5", {"given_name": "X"}, 404),
        ("PUT", "/subscriptions/9", {}, 404),
    ],
)
def test_calls_that_must_never_be_made_are_counted(method: str, path: str, body: Any, status: int) -> None:
    account = small_account(orders=[{"id": "20", "contact": {"id": "5"}}])
    with serve(account) as server, Client(server) as client:
        assert client.call(method, path, (), body).status == status
        assert [(call.method, call.status) for call in server.forbidden_calls] == [(method, status)]
        assert server.calls[0].changed == (status < 300)


def test_november_2025_knows_less() -> None:
    account = small_account()
    account.bill_subscription(9, account.today)
    with serve(account, Switches(generation="2025-11")) as server, Client(server) as client:
        assert "modification_time" not in client.get("/subscriptions").json["subscriptions"][0]
        assert client.get("/subscriptions", filter="contact_id==6").status == 200
        assert client.get("/subscriptions", filter="id>5").status == 400
        assert client.get("/subscriptions", order_by="modification_time desc").status == 400
        assert client.get("/orders", filter="modified_since_time==2026-01-01T00:00:00.000Z").status == 400
        for path in ("/sales/payments", "/sales/transactions", "/paymentMethods"):
            answer = client.get(path)
            assert (answer.status, answer.json) == (404, None)
        body = {"active": False, "reason_stopped": "moved"}
        refused = client.patch("/subscriptions/9", body, *body)
        assert refused.status == 400
        assert "contact_id" in refused.json["localizedMessage"]
        answer = client.patch("/subscriptions/9", {**body, "contact_id": "5"}, *body)
        assert answer.json["active"] is False
        assert not {"reason_stopped", "modification_time"} & set(answer.json)


def test_ids_can_be_numbers() -> None:
    account = small_account()
    account.bill_subscription(9, account.today)
    with serve(account, Switches(integer_ids=True)) as server, Client(server) as client:
        row = client.get("/subscriptions/9").json
        assert (row["id"], row["contact_id"], row["billing_amount"]) == (9, 5, 29.5)
        assert client.get("/sales/payments").json["payments"][0]["order_ids"] == [1]
        assert client.get("/orders").json["orders"][0]["order_items"][0]["subscription_id"] == 9
        assert client.patch("/subscriptions/9", {"contact_id": 6}, "contact_id").json["contact_id"] == 6
