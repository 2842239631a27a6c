"""Lists: filters, order, pages, fields, and the paths they stand under."""

import itertools
from typing import Any

import pytest

from subtui.keap_mock import Switches
from tests.keap_mock.client import Client, serve, small_account, subscription

MANY = [subscription(number) for number in range(1, 121)]


def ids_of(
    filter_text: str, *, path: str = "/subscriptions", switches: Switches | None = None, **more: Any
) -> list[str]:
    with serve(small_account(**more), switches) as server, Client(server) as client:
        return client.ids(path, path.strip("/").split("/")[-1], filter=filter_text, order_by="id asc")


@pytest.mark.parametrize(
    ("filter_text", "expected"),
    [
        ("id==10", ["10"]),
        ("id!=10;", ["9", "11"]),
        ("id>9", ["10", "11"]),
        ("id>=10;id<11", ["10"]),
        ("id<=9;", ["9"]),
        ("ids==11,9,400", ["9", "11"]),
        ("contact_id==6", ["10"]),
        ("subscription_plan_ids==7,8;id>10", ["11"]),
        ("status==Inactive", ["11"]),
        ("status==active", ["9", "10"]),
        ("billing_amount>29.4", ["9", "10", "11"]),
        ("billing_amount<29.4", []),
        ("cancel_reference==R-1", ["10"]),
        ("", ["9", "10", "11"]),
    ],
)
def test_a_filter_lets_through_what_it_says(filter_text: str, expected: list[str]) -> None:
    custom = [{"id": "9", "content": "R-1"}]
    rows = [subscription(9), subscription(10, contact_id="6", custom_fields=custom), subscription(11, active=False)]
    assert ids_of(filter_text, subscriptions=rows) == expected


def test_ids_are_compared_as_numbers_not_as_text() -> None:
    assert ids_of("id>9", subscriptions=[subscription(9), subscription(10), subscription(100)]) == ["10", "100"]


@pytest.mark.parametrize(
    ("filter_text", "words"),
    [
        ("colour==red", "colour"),
        ("contact_id>5", "contact_id"),
        ("id>x", "id"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_filter_that_is_none_is_refused(filter_text: str, words: str) -> None:
    with serve() as server, Client(server) as client:
        answer = client.get("/subscriptions", filter=filter_text)
    assert answer.status == 400
    assert words in answer.json["message"]


def test_an_unknown_filter_can_be_ignored_and_a_known_one_too() -> None:
    assert len(ids_of("colour==red", switches=Switches(unknown_filter="ignore"))) == 3
    assert len(ids_of("id>10", switches=Switches(ignored_filters=frozenset({"id"})))) == 3


def test_an_unknown_parameter_is_ignored() -> None:
    with serve() as server, Client(server) as client:
        assert len(client.get("/subscriptions", colour="red").json["subscriptions"]) == 3


@pytest.mark.parametrize(
    ("path", "filter_text", "expected"),
    [
        ("/contacts", "start_update_time==2026-02-01T00:00:00.000Z", ["6"]),
        ("/contacts", "end_update_time==2026-02-01T00:00:00.000Z", ["5"]),
        ("/contacts", "contact_id>5", ["6"]),
        ("/contacts", "email==Z@B.co", ["5"]),
        ("/contacts", "given_name==jo*", ["6"]),
        ("/companies", "since_time==2026-02-01T00:00:00.000Z", ["4"]),
        ("/companies", "company_id>=3", ["3", "4"]),
        ("/tags", "since_update_time==2026-02-01T00:00:00.000Z", ["8"]),
        ("/orders", "modified_since_time==2026-02-01T00:00:00.000Z", ["21"]),
        ("/orders", "created_until_time==2026-02-01T00:00:00.000Z", ["20"]),
        ("/orders", "paid==true", ["20"]),
        ("/orders", "contact_id==6;product_id==1", ["21"]),
        ("/sales/payments", "since_time==2026-02-01T00:00:00.000Z", ["31"]),
        ("/sales/payments", "order_ids==20,99", ["30"]),
        ("/sales/payments", "amount<0", ["31"]),
    ],
)
def test_each_list_has_its_own_names_of_filters(path: str, filter_text: str, expected: list[str]) -> None:
    early, late = "2026-01-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"
    orders = [
        {
            "id": "20",
            "contact": {"id": "5"},
            "modification_time": early,
            "creation_time": early,
            "total_due": {"amount": 0},
        },
        {
            "id": "21",
            "contact": {"id": "6"},
            "modification_time": late,
            "creation_time": late,
            "total_due": {"amount": 5},
            "order_items": [{"id": "1", "product": {"id": "1"}}],
        },
    ]
    payments = [
        {"id": "30", "order_ids": ["20"], "payment_time": early, "amount": 12.5},
        {"id": "31", "order_ids": ["21"], "payment_time": late, "amount": -12.5},
    ]
    companies = [{"id": "3", "update_time": early}, {"id": "4", "update_time": late}]
    tags = [{"id": "2", "update_time": early}, {"id": "8", "update_time": late}]
    account = small_account(orders=orders, payments=payments, companies=companies, tags=tags)
    with serve(account) as server, Client(server) as client:
        found = client.ids(path, path.rsplit("/", maxsplit=1)[-1], filter=filter_text)
    assert found == expected


def test_a_time_without_milliseconds_is_refused_unless_the_switch_is_off() -> None:
    text = "start_update_time==2026-02-01T00:00:00Z"
    with serve() as server, Client(server) as client:
        assert client.get("/contacts", filter=text).status == 400
        server.switches = Switches(strict_times=False)
        assert client.get("/contacts", filter=text).status == 200


@pytest.mark.parametrize("next_page", ["bare", "url"])
@pytest.mark.parametrize("paging", ["keyset", "offset"])
@pytest.mark.parametrize(
    "order", ["id asc", "id desc", "modification_time asc", "modification_time desc", "contact_id asc"]
)
def test_pages_hold_every_row_once_in_order(next_page: Any, paging: Any, order: str) -> None:
    account = small_account(subscriptions=MANY)
    with serve(account, Switches(next_page=next_page, paging=paging)) as server, Client(server) as client:
        pages = client.pages("/subscriptions", "subscriptions", page_size=50, order_by=order)
    assert [len(page) for page in pages] == [50, 50, 20]
    field, _, direction = order.partition(" ")
    rows = list(itertools.chain.from_iterable(pages))
    assert len({row["id"] for row in rows}) == 120
    values = [int(row[field]) if field == "id" else row[field] for row in rows]
    assert values == sorted(values, reverse=direction == "desc")


@pytest.mark.parametrize(
    ("last_page", "expected"), [("empty", {"next_page_token": ""}), ("null", {"next_page_token": None}), ("absent", {})]
)
def test_the_last_page_has_three_forms(last_page: Any, expected: dict[str, Any]) -> None:
    with serve(None, Switches(last_page=last_page)) as server, Client(server) as client:
        answer = client.get("/subscriptions").json
    del answer["subscriptions"]
    assert answer == expected


def test_the_url_of_the_next_page_may_lead_to_another_host() -> None:
    switches = Switches(next_page="url", next_page_host="http://elsewhere.example")
    with serve(None, switches) as server, Client(server) as client:
        url = client.get("/subscriptions", page_size=1, filter="id>9").json["next_page_token"]
    assert url.startswith("http://elsewhere.example/crm/rest/v2/subscriptions?page_size=1&filter=id%3E9&page_token=")


def test_a_page_of_just_the_size_is_the_last() -> None:
    with serve() as server, Client(server) as client:
        assert client.get("/subscriptions", page_size=3).json["next_page_token"] == ""


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/orders", 1000, 200),
        ("/orders", 1001, 400),
        ("/orders", 0, 200),
        ("/orders", -1, 400),
        ("/orders", "x", 400),
        ("/users", 100, 200),
        ("/users", 101, 400),
        ("/users", 0, 400),
    ],
)
def test_the_size_of_a_page_has_limits(path: str, size: Any, status: int) -> None:
    with serve() as server, Client(server) as client:
        assert client.get(path, page_size=size).status == status


def test_fifty_rows_come_without_a_size() -> None:
    with serve(small_account(subscriptions=MANY)) as server, Client(server) as client:
        assert len(client.get("/subscriptions").json["subscriptions"]) == 50


def test_a_token_or_an_order_that_is_none_is_refused() -> None:
    with serve() as server, Client(server) as client:
        assert client.get("/subscriptions", page_token="%%%").status == 400
        assert client.get("/subscriptions", page_token="aGVsbG8").status == 400
        assert client.get("/products", order_by="id asc").status == 400
        server.switches = Switches(unknown_order="ignore")
        assert client.get("/products", order_by="id asc").status == 200


def test_a_keyset_is_not_shifted_by_a_deleted_row_and_an_offset_is() -> None:
    for paging, expected in (("keyset", ["3", "4"]), ("offset", ["4", "5"])):
        account = small_account(subscriptions=MANY)
        switches = Switches().with_text("paging", paging)
        with serve(account, switches) as server, Client(server) as client:
            token = client.get("/subscriptions", page_size=2).json["next_page_token"]
            account.delete("subscriptions", 1)
            page = client.get("/subscriptions", page_size=2, page_token=token).json["subscriptions"]
        assert [row["id"] for row in page] == expected


def test_contacts_come_with_few_fields_unless_more_are_asked_for() -> None:
    with serve() as server, Client(server) as client:
        assert "update_time" not in client.get("/contacts").json["contacts"][0]
        named = client.get("/contacts", fields="given_name,update_time").json["contacts"][0]
        assert set(named) == {"id", "given_name", "update_time"}
        assert set(client.get("/contacts/5", fields="update_time").json) == {"id", "update_time"}
        server.switches = Switches(fields_needed=False)
        assert "update_time" in client.get("/contacts").json["contacts"][0]


def test_companies_add_the_fields_asked_for_to_their_own() -> None:
    with (
        serve(
            small_account(companies=[{"id": "3", "company_name": "A", "notes": "n", "update_time": "2026-01-01"}])
        ) as server,
        Client(server) as client,
    ):
        assert client.get("/companies").json["companies"] == [{"id": "3", "company_name": "A"}]
        assert client.get("/companies", fields="notes").json["companies"] == [
            {"id": "3", "company_name": "A", "notes": "n"}
        ]


def test_inactive_subscriptions_and_items_of_listed_orders_can_be_left_out() -> None:
    account = small_account(orders=[{"id": "20", "order_items": [{"id": "1"}]}])
    with serve(account, Switches(inactive_listed=False, order_items_listed=False)) as server, Client(server) as client:
        assert client.ids("/subscriptions", "subscriptions") == ["9", "10"]
        assert client.ids("/subscriptions", "subscriptions", filter="status==Inactive") == ["11"]
        assert "order_items" not in client.get("/orders").json["orders"][0]
        assert client.get("/orders/20").json["order_items"] == [{"id": "1"}]


def test_users_who_are_inactive_or_partners_come_only_when_asked_for() -> None:
    users = [{"id": "1", "status": "ACTIVE"}, {"id": "2", "status": "INACTIVE"}, {"id": "3", "partner": True}]
    with serve(small_account(users=users)) as server, Client(server) as client:
        assert client.ids("/users", "users") == ["1"]
        assert client.ids("/users", "users", filter="include_inactive==true") == ["1", "2"]
        assert client.ids("/users", "users", filter="include_inactive==true;include_partners==true") == ["1", "2", "3"]


def test_plans_stand_under_their_product_and_under_the_wildcard() -> None:
    with serve() as server, Client(server) as client:
        for path in ("/products/-/subscriptions", "/products/1/subscriptions"):
            (plan,) = client.get(path).json["subscriptions"]
            assert plan["id"] == "7"
            assert "product_id" not in plan
        assert client.get("/products/1/subscriptions/7").json["cycle_type"] == "MONTHLY"
        assert client.get("/products/2/subscriptions").status == 404
        server.switches = Switches(plans_name_product=True)
        assert client.get("/products/-/subscriptions").json["subscriptions"][0]["product_id"] == "1"


def test_a_plan_given_alone_is_in_its_product_too() -> None:
    account = small_account(plans=[{"id": "8", "product_id": "1", "cycle_type": "YEARLY"}])
    row = account.row("products", 1)
    assert row is not None
    assert [plan["id"] for plan in row["subscription_plans"]] == ["7", "8"]


def test_tags_are_told_in_three_ways() -> None:
    with serve() as server, Client(server) as client:
        pair = {"contact_id": "6", "tag_id": "2", "applied_at": None}
        assert client.get("/contacts/-/tags", filter="contact_ids==6").json["tags"] == [pair]
        assert client.get("/tags/-/contacts", filter="tag_ids==2,3").json["contacts"] == [pair]
        assert client.get("/contacts/6/tags").json["tags"][0]["tag"]["name"] == "Member"
        assert client.ids("/tags/2/contacts", "contacts") == ["6"]


def test_what_there_is_one_of_is_answered() -> None:
    with serve() as server, Client(server) as client:
        assert client.get("/oauth/connect/userinfo").json["tenant_id"] == "ab123"
        assert client.get("/businessProfile").json["time_zone"] == "America/New_York"
        assert set(client.get("/settings/applications:getConfiguration").json) == {"application"}
        both = client.get("/settings/applications:getConfiguration", fields="ECOMMERCE").json
        assert both["ecommerce"]["currency"] == "USD"
        assert client.get("/settings/applications:isEnabled").json == {"isEnabled": True}
        assert client.get("/merchants").json["default_merchant_account_id"] == "11"
        assert client.get("/subscriptions/model").json["custom_fields"][0]["field_name"] == "cancel_reference"
        assert client.get("/tags/categories").json == {"tag_categories": [], "next_page_token": ""}


def test_payment_methods_have_another_key_below_a_contact() -> None:
    cards = [{"payment_method_id": "40", "contact_id": "5"}, {"payment_method_id": "41", "contact_id": "6"}]
    with serve(small_account(payment_methods=cards)) as server, Client(server) as client:
        assert client.get("/contacts/5/paymentMethods").json["records"] == [cards[0]]
        assert len(client.get("/paymentMethods").json["payment_methods"]) == 2


def test_items_and_payments_stand_below_their_order() -> None:
    account = small_account()
    order = account.bill_subscription(9, account.today)
    with serve(account) as server, Client(server) as client:
        item = client.get(f"/orders/{order}/items/{order}").json
        assert item["subscription_id"] == "9"
        assert client.get(f"/orders/{order}/items/77").status == 404
        (paid,) = client.get(f"/orders/{order}/payments").json["invoice_order_payments"]
        assert (paid["amount"], paid["pay_status"]) == (29.5, "APPROVED")
        assert client.get("/orders/9999/payments").status == 404
