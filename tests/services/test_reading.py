"""The contact record, its Orders tab, and the lists of all subscriptions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.contacts import CountRecords, GetContact, GetContactOrders, GetOverview, RememberOpened
from subtui.acts.log import GetLetter, ListEvents
from subtui.acts.subscriptions import GetSubscription, ListProducts, ListSubscriptions
from subtui.clock import Clock
from subtui.domain.errors import NotAllowed, NotFound
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import DataIssue, Status
from subtui.services.backend import Backend
from subtui.services.subscription_queries import SORTS
from subtui.views.customers import SubscriptionFilter, Totals

from .database import changed_tables, everything


def test_the_record_of_a_contact(backend: Backend) -> None:
    maria = backend.read(GetContact(1007))
    assert (maria.name, maria.company, maria.owner) == ("López, María", "Blue Door Bakery", "Dana Reyes")
    assert maria.emails == ("maria@bluedoor.example",)
    assert [address.kind for address in maria.addresses] == ["Billing", "Shipping"]
    assert (maria.tags, maria.automations) == (("Members",), ("Members newsletter", "Monthly box"))
    assert [note.at.date().isoformat() for note in maria.notes] == ["2026-01-19", "2025-12-17"]
    assert maria.balance == (Money(4900, "USD"),)


@pytest.mark.parametrize(
    ("contact_id", "balance"),
    [
        (1008, ()),
        (1040, (Money(9800, "USD"),)),
        (1033, (Money(4500, "EUR"),)),
        (1029, (Money(15900, "EUR"),)),
    ],
)
def test_the_balance_is_what_open_orders_owe(backend: Backend, contact_id: int, balance: tuple[Money, ...]) -> None:
    assert backend.read(GetContact(contact_id)).balance == balance


@pytest.mark.parametrize("query", [GetContact, GetContactOrders, GetSubscription, GetLetter])
@pytest.mark.parametrize("row_id", [9, 0, -1, 2**53])
def test_what_is_not_there_is_said_by_its_id(backend: Backend, query: Any, row_id: int) -> None:
    with pytest.raises(NotFound, match=rf"There is no \w+ {row_id}\."):
        backend.read(query(row_id))


@pytest.mark.parametrize(
    ("contact_id", "order_id", "state"),
    [
        (1007, 1881, "paid"),
        (1007, 1790, "paid, 10.00 refunded"),
        (1007, 1702, "49.00 USD due"),
        (1019, 1087, "refunded"),
        (1063, 1388, "paid"),
        (1033, 1817, "45.00 EUR due"),
        (1016, 1468, "paid"),
        (1040, 1777, "charge failed, 49.00 USD due"),
        (1029, 1768, "132.00 EUR due"),
        (1036, 1879, "paid"),
        (1036, 1965, "300.00 USD due"),
        (1011, 1671, "paid, 15.00 refunded"),
        (1042, 1687, "15.00 USD due"),
    ],
    ids=[
        "charged",
        "part refunded and credited",
        "not paid",
        "refunded in full",
        "charged twice, one voided",
        "voided",
        "failed, then charged",
        "failed three times",
        "part paid",
        "paid by a credit",
        "pending",
        "refunded twice",
        "refunded, still owed",
    ],
)
def test_the_state_of_an_order(backend: Backend, contact_id: int, order_id: int, state: str) -> None:
    rows = backend.read(GetContactOrders(contact_id, orders=100)).orders.rows
    assert next(row for row in rows if row.id == order_id).state == state


def test_the_orders_tab_shows_the_newest_of_each_list_and_how_many_there_are(backend: Backend) -> None:
    tab = backend.read(GetContactOrders(1007, orders=3, subscriptions=1, charges=2))
    assert [row.id for row in tab.orders.rows] == [1881, 1790, 1702]
    assert (tab.orders.total, tab.orders.has_more) == (27, True)
    assert [row.id for row in tab.subscriptions.rows] == [1042]
    assert (tab.subscriptions.total, tab.subscriptions.has_more) == (2, True)
    assert [card.words for card in tab.cards] == ["Visa ···· 4242, 08/27"]
    assert len(tab.charges.rows) == 2
    assert all(row.subscription_id for row in tab.charges.rows)


def test_a_contact_with_hundreds_of_subscriptions(backend: Backend) -> None:
    tab = backend.read(GetContactOrders(1022, subscriptions=100))
    assert (len(tab.subscriptions.rows), tab.subscriptions.total) == (100, 240)
    assert backend.read(GetContact(1022)).active == 215


def test_the_contacts_opened_last_come_first_and_looking_twice_counts_once(backend: Backend) -> None:
    for contact_id in (1007, 1001, 1007, 1003, 1003):
        backend.do(RememberOpened(contact_id))
    backend.read(GetContact(1042))
    assert [row.id for row in backend.read(GetOverview()).recent] == [1003, 1007, 1001]


def test_looking_writes_nothing_but_which_contact_was_opened_last(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    backend.read(GetContact(1007))
    backend.read(GetContactOrders(1007))
    backend.read(GetSubscription(1042))
    backend.read(GetOverview())
    assert everything(demo_db) == before
    backend.do(RememberOpened(1007))
    assert changed_tables(before, everything(demo_db)) == {"recent_contact"}


def test_read_only_mode_remembers_nothing(demo_db: Path) -> None:
    before = everything(demo_db)
    with Backend.open(str(demo_db), read_only=True) as backend:
        backend.sign_in_demo()
        backend.do(RememberOpened(1007))
    assert everything(demo_db) == before


def test_the_dashboard(backend: Backend) -> None:
    overview = backend.read(GetOverview())
    assert [row.subscription_id for row in overview.ending_soon] == [1099, 1073, 1047, 1104]
    assert overview.loose_ends == (
        (DataIssue.STILL_CHARGING, 4),
        (DataIssue.NO_END_DATE, 3),
        (DataIssue.NO_REASON, 9),
    )
    assert backend.read(CountRecords()) == Totals(contacts=64, subscriptions_active=271)


@pytest.mark.parametrize(
    ("wanted", "total"),
    [
        (SubscriptionFilter(), 326),
        (SubscriptionFilter(state="active"), 271),
        (SubscriptionFilter(state="inactive"), 55),
        (SubscriptionFilter(state="ending"), 4),
        (SubscriptionFilter(state="loose"), 10),
        (SubscriptionFilter(state="ending", ends_by=date(2026, 3, 19)), 2),
        (SubscriptionFilter(text="lopez"), 2),
        (SubscriptionFilter(text="lopez monthly"), 1),
        (SubscriptionFilter(text="MONTHLY López"), 1),
        (SubscriptionFilter(text="bluedoor"), 2),
        (SubscriptionFilter(text="1042"), 1),
        (SubscriptionFilter(text="#1042"), 1),
        (SubscriptionFilter(text="nobody"), 0),
        (SubscriptionFilter(text="%"), 0),
        (SubscriptionFilter(text="_"), 0),
        (SubscriptionFilter(product_id=13), 240),
        (SubscriptionFilter(product_id=13, state="inactive"), 25),
        (SubscriptionFilter(product_id=999), 0),
    ],
)
def test_all_subscriptions_by_filter(backend: Backend, wanted: SubscriptionFilter, total: int) -> None:
    page = backend.read(ListSubscriptions(wanted, limit=500))
    assert page.total == total == len(page.rows)


def test_the_filters_show_what_they_say(backend: Backend) -> None:
    ending = backend.read(ListSubscriptions(SubscriptionFilter(state="ending"))).rows
    assert all(row.status is Status.ACTIVE and row.end_date for row in ending)
    loose = backend.read(ListSubscriptions(SubscriptionFilter(state="loose"))).rows
    assert all(row.loose for row in loose)
    inactive = backend.read(ListSubscriptions(SubscriptionFilter(state="inactive"))).rows
    assert {row.id for row in inactive if row.loose} == {row.id for row in loose}


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("end", [1099, 1073, 1047, 1104]),
        ("next", [1108, 1112, 1045, 1065]),
        ("amount", [1038, 1040, 1047, 1088]),
        ("standing", [1114, 1113, 1112, 1111]),
        ("contact", [1069, 1040, 1093, 1112]),
        ("no such order", [1069, 1040, 1093, 1112]),
    ],
)
def test_all_subscriptions_in_order(backend: Backend, sort: str, ids: list[int]) -> None:
    page = backend.read(ListSubscriptions(SubscriptionFilter(state="active", sort=sort), limit=4))
    assert [row.id for row in page.rows] == ids
    assert page.has_more


def test_a_product_without_subscriptions_is_no_filter(backend: Backend) -> None:
    names = [choice.name for choice in backend.read(ListProducts())]
    assert "Membership" in names
    assert "Proofing basket" not in names
    assert names == sorted(names)


def test_the_record_of_a_subscription(backend: Backend) -> None:
    record = backend.read(GetSubscription(1042))
    assert (record.plan, record.contact, record.version) == ("Monthly plan", "López, María", 1)
    assert record.terms.bill_amount == Money(4900, "USD")
    assert record.billing.paid_through == date(2026, 3, 14)
    assert record.around.automations == ("Members newsletter", "Monthly box")
    assert record.around.owed == Money(4900, "USD")
    assert record.around.card == "Visa ···· 4242, 08/27"
    assert record.around.other_active == 0
    assert [reason.code for reason in record.reasons][-1] == "other"
    assert (len(record.invoices), record.invoices[0].id) == (12, 1881)
    assert (record.can_undo, record.why_not_undo) == (False, "There is no cancellation to undo.")


@pytest.mark.parametrize(
    ("subscription_id", "why_not"),
    [
        (1087, ""),
        (1099, ""),
        (1052, "The end date, 31 Aug 2025, has passed: start a new subscription instead."),
        (1033, "This was cancelled before the log began, so there is nothing to restore it from."),
    ],
    ids=["inactive", "ending", "ended", "without a record"],
)
def test_why_a_cancellation_cannot_be_undone(backend: Backend, subscription_id: int, why_not: str) -> None:
    record = backend.read(GetSubscription(subscription_id))
    assert (record.why_not_undo, record.can_undo) == (why_not, not why_not)


def test_a_card_is_usable_through_the_month_it_expires_in(demo_db: Path) -> None:
    usable = {}
    for day in (date(2027, 8, 31), date(2027, 9, 1)):
        with Backend.open(str(demo_db), clock=Clock(day), read_only=True) as backend:
            backend.sign_in_demo()
            usable[day.month] = backend.read(GetContactOrders(1007)).cards[0].usable
    assert usable == {8: True, 9: False}


@pytest.mark.parametrize("role", Role)
def test_every_role_may_look(desk_as: Callable[[Role], Backend], role: Role) -> None:
    backend = desk_as(role)
    assert backend.read(GetContact(1007)).id == 1007
    assert backend.read(GetSubscription(1042)).id == 1042
    assert len(backend.read(ListEvents())) == 12


@pytest.mark.parametrize(
    "read",
    [
        lambda backend: backend.read(GetOverview()),
        lambda backend: backend.read(GetContact(1007)),
        lambda backend: backend.read(GetContactOrders(1007)),
        lambda backend: backend.read(ListSubscriptions()),
        lambda backend: backend.read(ListProducts()),
        lambda backend: backend.read(GetSubscription(1042)),
        lambda backend: backend.read(GetLetter(1)),
        lambda backend: backend.read(ListEvents()),
    ],
)
def test_nobody_looks_without_signing_in(demo_db: Path, read: Callable[[Backend], object]) -> None:
    with Backend.open(str(demo_db)) as backend:
        with pytest.raises(NotAllowed, match="Sign in first"):
            read(backend)
        backend.sign_in_demo()
        backend.sign_out()
        with pytest.raises(NotAllowed, match="Sign in first"):
            read(backend)


@pytest.mark.parametrize("sort", sorted(SORTS.keys() - {"standing"}))
@pytest.mark.parametrize("text", ["", "status:active"])
def test_a_list_is_sorted_both_ways(backend: Backend, sort: str, text: str) -> None:
    wanted = SubscriptionFilter(text=text, sort=sort)
    forth = backend.read(ListSubscriptions(wanted, limit=1000)).rows
    back = backend.read(ListSubscriptions(replace(wanted, reverse=True), limit=1000)).rows
    empty = {"end": "end_date", "next": "next_bill_date"}.get(sort)
    with_value = [row.id for row in forth if empty is None or getattr(row, empty) is not None]
    assert [row.id for row in back][: len(with_value)] == with_value[::-1]
    assert {row.id for row in back} == {row.id for row in forth}
    assert backend.read(ListSubscriptions(replace(wanted, reverse=True), limit=5)).rows == back[:5]
