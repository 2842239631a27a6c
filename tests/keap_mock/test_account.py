"""What another user does in Keap's own screens, and accounts from rows."""

import threading
from datetime import date

import pytest

from subtui.keap_mock import Account
from tests.keap_mock.client import Row, small_account, subscription


def row_of(account: Account, kind: str, row_id: str | int) -> Row:
    row = account.row(kind, row_id)
    assert row is not None
    return row


def test_rows_are_kept_as_given_but_for_their_ids() -> None:
    account = Account.from_rows({"subscriptions": [{"id": 9, "x": None}, {"x": 1}]})
    assert account.rows("subscriptions") == [{"id": "9", "x": None}, {"id": "10", "x": 1}]
    assert account.count("subscriptions") == 2
    assert account.row("subscriptions", "11") is None
    assert account.row("subscriptions", "x") is None


def test_an_unknown_kind_and_an_id_that_is_no_number_are_refused() -> None:
    with pytest.raises(ValueError, match="subscription_plans"):
        Account.from_rows({"subscription_plans": []})
    with pytest.raises(ValueError, match="abc"):
        Account.from_rows({"contacts": [{"id": "abc"}]})


def test_what_is_read_is_a_copy() -> None:
    account = small_account()
    row_of(account, "contacts", 5)["email_addresses"].clear()
    assert row_of(account, "contacts", 5)["email_addresses"] == [{"email": "z@b.co"}]


def test_documents_replace_fields_of_the_defaults() -> None:
    account = Account.from_rows({"business_profile": {"time_zone": "Europe/Berlin"}, "userinfo": {"tenant_id": "xy9"}})
    assert account.time_zone == "Europe/Berlin"
    assert account.documents["userinfo"]["tenant_id"] == "xy9"
    assert account.documents["userinfo"]["is_admin"] is True


def test_one_merchant_is_there_unless_others_are_given() -> None:
    assert [row["id"] for row in Account.from_rows({}).rows("merchants")] == ["11"]
    assert [row["id"] for row in Account.from_rows({"merchants": [{"id": "4"}]}).rows("merchants")] == ["4"]


def test_a_user_changes_a_subscription_with_and_without_a_new_time() -> None:
    account = small_account()
    before = row_of(account, "subscriptions", 9)["modification_time"]
    account.patch_subscription(9, bump=False, active=False)
    assert row_of(account, "subscriptions", 9)["modification_time"] == before
    account.patch_subscription(9, auto_charge=False)
    row = row_of(account, "subscriptions", 9)
    assert (row["active"], row["auto_charge"]) == (False, False)
    assert row["modification_time"] > before
    with pytest.raises(KeyError, match="400"):
        account.patch_subscription(400, active=False)


@pytest.mark.parametrize(
    ("cycle", "frequency", "following"),
    [
        ("MONTH", 1, "2026-02-28"),
        ("MONTH", 3, "2026-04-30"),
        ("YEAR", 1, "2027-01-31"),
        ("WEEK", 2, "2026-02-14"),
        ("DAY", 10, "2026-02-10"),
    ],
)
def test_billing_makes_an_order_a_payment_and_a_transaction(cycle: str, frequency: int, following: str) -> None:
    account = small_account(subscriptions=[subscription(9, billing_cycle=cycle, billing_frequency=frequency)])
    order_id = account.bill_subscription(9, date(2026, 1, 31))
    order = row_of(account, "orders", order_id)
    assert order["order_items"][0]["subscription_id"] == "9"
    assert order["total"]["amount"] == 2950
    assert order["contact"]["given_name"] == "Zoë"
    (paid,) = account.rows("payments")
    assert (paid["order_ids"], paid["amount"], paid["contact_id"]) == ([order_id], 29.5, "5")
    (done,) = account.rows("transactions")
    assert (done["transaction_method"], done["payment_id"]) == ("CAPTURE", paid["id"])
    row = row_of(account, "subscriptions", 9)
    assert (row["last_bill_date"], row["next_bill_date"]) == ("2026-01-31", following)
    assert row["modification_time"].startswith("2026-11-28")


def test_billing_need_not_bump_the_time() -> None:
    account = small_account()
    account.bill_subscription(9, date(2026, 1, 31), bump=False)
    assert row_of(account, "subscriptions", 9)["modification_time"].startswith("2026-10")


def test_a_subscription_moves_to_another_contact() -> None:
    account = small_account()
    account.move_subscription(9, 6)
    assert row_of(account, "subscriptions", 9)["contact_id"] == "6"


def test_a_merge_hands_everything_over_and_the_duplicate_is_gone() -> None:
    account = small_account(payment_methods=[{"payment_method_id": "40", "contact_id": "6"}])
    order_id = account.bill_subscription(10, date(2026, 1, 31))
    account.merge_contacts(5, 6)
    assert account.row("contacts", 6) is None
    assert row_of(account, "contacts", 5)["tag_ids"] == ["2"]
    assert row_of(account, "contacts", 5)["update_time"].startswith("2026-11-28")
    assert row_of(account, "subscriptions", 10)["contact_id"] == "5"
    assert row_of(account, "orders", order_id)["contact"]["id"] == "5"
    assert "contact_id" not in row_of(account, "orders", order_id)
    assert account.rows("payments")[0]["contact_id"] == "5"
    assert account.rows("transactions")[0]["contact"]["id"] == "5"
    assert account.rows("payment_methods")[0]["contact_id"] == "5"


def test_a_refund_shows_in_payment_transaction_and_order() -> None:
    account = small_account()
    order_id = account.bill_subscription(9, date(2026, 1, 31))
    refund_id = account.refund_payment(1, "10.25")
    refund = row_of(account, "payments", refund_id)
    assert (refund["amount"], refund["order_ids"]) == (-10.25, [order_id])
    assert row_of(account, "payments", 1)["refund_payment_id"] == refund_id
    assert account.rows("transactions")[1]["transaction_method"] == "REFUND"
    order = row_of(account, "orders", order_id)
    assert order["refund_total"]["amount"] == 1025
    assert order["modification_time"].startswith("2026-11-28")
    account.refund_payment(1, 5, negative=False, bump=False)
    assert row_of(account, "orders", order_id)["refund_total"]["amount"] == 1525
    assert account.rows("payments")[2]["amount"] == 5
    assert [row["pay_status"] for row in account.order_payments(order_id)] == ["REFUNDED", "REFUNDED", "APPROVED"]


def test_rows_are_added_replaced_and_deleted() -> None:
    account = small_account()
    assert account.add("tags", {"name": "New"}) == "3"
    assert account.add("tags", {"id": "2", "name": "Other"}) == "2"
    assert row_of(account, "tags", 2)["name"] == "Other"
    account.delete("tags", "2")
    assert account.row("tags", 2) is None
    with pytest.raises(KeyError):
        account.delete("tags", "2")


def test_threads_change_one_account_without_losing_anything() -> None:
    account = small_account()

    def bill() -> None:
        for _ in range(20):
            account.bill_subscription(9, date(2026, 1, 31))

    threads = [threading.Thread(target=bill) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.count("orders") == account.count("payments") == account.count("transactions") == 80
