"""A made account: the same for the same seed, consistent in itself, and quick to read anywhere."""

from collections import defaultdict

import pytest

from subtui.keap_mock import Account, Switches
from tests.keap_mock.client import Client, Row, at_noon, serve


def made(**sizes: int) -> Account:
    wanted = {"contacts": 90, "subscriptions": 130, "orders": 400, "seed": 1, **sizes}
    return Account.made(
        contacts=wanted["contacts"],
        subscriptions=wanted["subscriptions"],
        orders=wanted["orders"],
        seed=wanted["seed"],
        clock=at_noon,
    )


def by_id(rows: list[Row]) -> dict[str, Row]:
    return {str(row["id"]): row for row in rows}


def test_the_same_seed_makes_the_same_rows() -> None:
    assert made().rows("subscriptions") == made().rows("subscriptions")
    assert made(seed=2).rows("subscriptions") != made().rows("subscriptions")


def test_every_link_leads_to_a_row() -> None:
    account = made()
    contacts, products = by_id(account.rows("contacts")), by_id(account.rows("products"))
    plans, orders = by_id(account.rows("plans")), by_id(account.rows("orders"))
    subscriptions, payments = by_id(account.rows("subscriptions")), by_id(account.rows("payments"))
    for row in subscriptions.values():
        assert {row["contact_id"]} <= set(contacts)
        assert {row["product_id"]} <= set(products)
        assert plans[row["subscription_plan_id"]]["cycle_type"] == f"{row['billing_cycle']}LY"
    for row in orders.values():
        subscription_id = row["order_items"][0]["subscription_id"]
        assert row["contact"]["id"] in contacts
        if subscription_id:
            assert subscriptions[subscription_id]["contact_id"] == row["contact"]["id"]
    for row in payments.values():
        assert orders[row["order_ids"][0]]["contact"]["id"] == row["contact_id"]
        assert row["refund_payment_id"] is None or payments[row["refund_payment_id"]]["amount"] < 0
    for row in account.rows("transactions"):
        assert row["payment_id"] is None or row["payment_id"] in payments


def test_the_last_order_of_a_subscription_is_its_last_bill() -> None:
    account = made()
    last: dict[str, str] = defaultdict(str)
    for order in account.rows("orders"):
        subscription_id = order["order_items"][0]["subscription_id"]
        if subscription_id:
            last[subscription_id] = max(last[subscription_id], order["order_time"][:10])
    for row in account.rows("subscriptions"):
        assert row["last_bill_date"] == last[row["id"]]
        assert row["start_date"] <= row["last_bill_date"]
        assert not row["active"] or row["next_bill_date"] >= "2026-11-28"


def test_what_is_counted_is_what_there_is() -> None:
    account = made()
    for kind in ("contacts", "subscriptions", "orders", "payments", "transactions", "payment_methods"):
        assert account.count(kind) == len(account.rows(kind))
    account.delete("orders", 7)
    account.delete("payments", 1)
    order = account.bill_subscription(3, account.today)
    assert order == "401"
    for kind in ("orders", "payments", "transactions"):
        assert account.count(kind) == len(account.rows(kind))


@pytest.mark.parametrize("path", ["/subscriptions", "/orders", "/sales/payments", "/sales/transactions"])
def test_a_filter_by_contact_finds_what_a_look_at_all_finds(path: str) -> None:
    account = made()
    kind = path.rsplit("/", maxsplit=1)[-1]
    for row_id in ("1", "2", "54", "55", "90"):
        every = [
            row for row in account.rows(kind) if row_id in {row.get("contact_id"), row.get("contact", {}).get("id")}
        ]
        with serve(account) as server, Client(server) as client:
            pages = client.pages(path, kind, filter=f"contact_id=={row_id}", page_size=2)
        found = [row for page in pages for row in page]
        assert len(found) == len(every)
        assert all(row in found for row in every)


@pytest.mark.parametrize(
    ("path", "key", "order", "field"),
    [
        ("/orders", "orders", "modification_time asc", "modification_time"),
        ("/orders", "orders", "order_time desc", "order_time"),
        ("/subscriptions", "subscriptions", "modification_time desc", "modification_time"),
        ("/sales/payments", "payments", "payment_time asc", "payment_time"),
        ("/sales/transactions", "transactions", "transaction_time desc", "transaction_time"),
        ("/subscriptions", "subscriptions", "contact_id asc", "contact_id"),
    ],
)
def test_computed_and_changed_rows_come_in_one_order(path: str, key: str, order: str, field: str) -> None:
    account = made()
    account.patch_subscription(50, active=False)
    account.bill_subscription(4, account.today)
    account.refund_payment(41, 1)
    account.delete("orders", 100)
    with serve(account) as server, Client(server) as client:
        pages = client.pages(path, key, order_by=order, page_size=60)
    rows = [row for page in pages for row in page]
    assert len(rows) == account.count(key)
    values = [int(row[field]) if field == "contact_id" else row[field] for row in rows]
    assert values == sorted(values, reverse=order.endswith("desc"))
    if "id" in rows[0]:
        assert len({row["id"] for row in rows}) == len(rows)


def test_a_filter_by_time_finds_what_a_look_at_all_finds() -> None:
    account = made()
    account.bill_subscription(4, account.today)
    account.refund_payment(41, 1)
    since, until = "2026-10-15T00:00:00.000Z", "2026-11-20T00:00:00.000Z"
    expected = {row["id"] for row in account.rows("orders") if since <= row["modification_time"] <= until}
    text = f"modified_since_time=={since};modified_until_time=={until}"
    with serve(account) as server, Client(server) as client:
        for order in ("modification_time asc", "modification_time desc", "id asc"):
            assert set(client.ids("/orders", "orders", filter=text, order_by=order, page_size=40)) == expected
    assert expected


def test_ids_beyond_the_computed_ones_are_in_order_too() -> None:
    account = made()
    account.bill_subscription(4, account.today)
    with serve(account, Switches(paging="offset")) as server, Client(server) as client:
        assert client.ids("/orders", "orders", filter="id>398", order_by="id asc") == ["399", "400", "401"]
        assert client.ids("/orders", "orders", filter="id>=400", order_by="id desc") == ["401", "400"]


def test_a_merge_works_on_computed_rows() -> None:
    account = made()
    before = [row["id"] for row in account.rows("subscriptions") if row["contact_id"] in {"1", "2"}]
    account.merge_contacts(1, 2)
    with serve(account) as server, Client(server) as client:
        assert client.ids("/subscriptions", "subscriptions", filter="contact_id==1", order_by="id asc") == before
        assert client.ids("/subscriptions", "subscriptions", filter="contact_id==2") == []
        assert client.get("/contacts/2").status == 404


@pytest.mark.parametrize(
    "sizes", [{"subscriptions": 0}, {"orders": 0}, {"contacts": 1, "subscriptions": 1, "orders": 1}]
)
def test_an_account_may_be_nearly_empty(sizes: dict[str, int]) -> None:
    account = made(**sizes)
    for kind in ("contacts", "subscriptions", "orders", "payments", "transactions"):
        assert account.count(kind) == len(account.rows(kind))
    with pytest.raises(ValueError, match="contact"):
        made(contacts=0)


def test_a_large_account_is_there_at_once_and_keeps_nothing() -> None:
    account = made(contacts=100_000, subscriptions=150_000, orders=400_000)
    with serve(account) as server, Client(server) as client:
        page = client.get("/orders", page_size=500, filter="id>399000", order_by="id asc").json
        assert [page["orders"][0]["id"], len(page["orders"])] == ["399001", 500]
        changed = client.get("/orders", page_size=1, order_by="modification_time desc").json["orders"]
        assert changed[0]["id"] == "400000"
    assert account.count("payments") == 400_000 - 8_000 + 10_000
    assert not account.tables["orders"].own
