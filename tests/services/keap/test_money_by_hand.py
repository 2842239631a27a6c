"""Money that is recorded here, entered by hand in Keap, and read from there: one row, not two."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from subtui.acts.keap import GetOutboxEntry, TickOff
from subtui.acts.orders import AddPayment, GetOrder, RecordRefund
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money, minor_units
from subtui.domain.outbox import SendState
from subtui.keap_mock import Account, new_rows
from subtui.views.orders import PaymentDraft, RefundDraft
from tests.services.database import rows
from tests.services.keap.direct import STARTS_AT
from tests.services.keap.world import World

CURRENCIES = ("USD", "JPY", "KWD")


def _in(code: str, value: Any) -> Any:
    """A row with its amounts in another currency."""
    if isinstance(value, dict):
        changed = {name: _in(code, part) for name, part in value.items()}
        return changed | ({"currency_code": code} if "currency_code" in value else {})
    return [_in(code, part) for part in value] if isinstance(value, list) else value


def _amount(money: Money) -> float:
    return float(Decimal(money.minor).scaleb(-minor_units(money.currency)))


@pytest.fixture
def shop(world_of: Callable[..., World]) -> World:
    """Three paid orders of 12345 minor units each and one that owes them, one after the other in each currency."""
    contact = {"id": "1", "given_name": "Ann", "family_name": "Lee", "update_time": "2026-01-01T00:00:00Z"}
    orders, payments = [], []
    for at, code in enumerate(CURRENCIES, start=1):
        for number, paid in ((at, True), (at + 10, False)):
            line = new_rows.item(str(number), "Club", 12345, product_id="1", subscription_id=None, plan=None)
            row = new_rows.order(str(number), {"id": "1"}, 12345, STARTS_AT, [line], paid=paid)
            orders.append(_in(code, row))
        payment = new_rows.payment(str(at), str(at), "1", 12345, STARTS_AT)
        payments.append(payment | {"amount": _amount(Money(12345, code))})
    account = Account.from_rows({"contacts": [contact], "orders": orders, "payments": payments})
    world = world_of(account, page=None)
    world.pull()
    return world


def _order(world: World, keap_id: int) -> Any:
    (row,) = rows(world.db, 'SELECT id FROM "order" WHERE keap_id = ?', str(keap_id))
    return world.here.read(GetOrder(row["id"]))


def _payments(world: World, keap_id: int) -> list[dict[str, Any]]:
    """The rows of an order, but for the credits that were written with refunds."""
    query = 'SELECT p.* FROM payment p JOIN "order" o ON o.id = p.order_id WHERE o.keap_id = ? ORDER BY p.id'
    return [row for row in rows(world.db, query, str(keap_id)) if row["refund_id"] is None]


def _refund(world: World, keap_id: int, minor: int, intent: str = "one") -> None:
    order = _order(world, keap_id)
    payment = next(row.id for row in order.rows if row.kind is RowKind.CHARGE)
    amount = Money(minor, order.owed.currency)
    draft = RefundDraft(payment, intent, amount=amount, reason_code="requested_by_customer", note="Agreed.")
    world.here.do(RecordRefund(order.id, draft, version=order.version))


def _refunded_there(world: World, keap_id: int, minor: int, code: str, **more: Any) -> str:
    world.hands.move(3600)
    made = new_rows.payment("", str(keap_id), "1", -minor, world.hands.now())
    del made["id"]
    return world.account.add("payments", made | {"amount": -_amount(Money(minor, code))} | more)


@pytest.mark.parametrize(("at", "code"), list(enumerate(CURRENCIES, start=1)))
@pytest.mark.parametrize("ticked", [False, True])
def test_a_refund_that_was_done_by_hand_is_one_row_and_its_task_is_done(
    shop: World, at: int, code: str, ticked: bool
) -> None:
    _refund(shop, at, 2345)
    (task,) = shop.open_rows()
    assert (task["state"], bool(task["steps"])) == (SendState.MANUAL, True)
    if ticked:
        shop.here.do(TickOff(task["id"], version=shop.here.read(GetOutboxEntry(task["id"])).version))
    mine = _payments(shop, at)[-1]
    there = _refunded_there(shop, at, 2345, code)
    shop.pull()
    found = _payments(shop, at)
    assert len(found) == 2
    assert (found[-1]["id"], found[-1]["keap_id"], found[-1]["amount_minor"]) == (mine["id"], there, -2345)
    assert (found[-1]["recorded_by"], found[-1]["reason_code"]) == (mine["recorded_by"], mine["reason_code"])
    assert found[-1]["returns_payment_id"] == mine["returns_payment_id"]
    assert shop.states() == [SendState.VERIFIED]
    assert _order(shop, at).refunded == Money(2345, code)
    shop.pull(whole=True)
    assert len(_payments(shop, at)) == 2


@pytest.mark.parametrize("amount", [2344, 5000])
def test_a_refund_of_another_amount_is_a_new_row_and_the_task_stays(shop: World, amount: int) -> None:
    _refund(shop, 1, 2345)
    _refunded_there(shop, 1, amount, "USD")
    shop.pull()
    assert [row["amount_minor"] for row in _payments(shop, 1)] == [12345, -2345, -amount]
    assert shop.states() == [SendState.MANUAL]


def test_the_credit_that_keap_writes_with_a_refund_is_the_one_that_is_here(shop: World) -> None:
    _refund(shop, 1, 2345)
    _refunded_there(shop, 1, 2345, "USD")
    shop.hands.move(60)
    credit = new_rows.payment("", "1", "1", 2345, shop.hands.now())
    del credit["id"]
    shop.account.add("payments", credit | {"type": "Credit"})
    shop.pull()
    found = rows(shop.db, "SELECT kind, amount_minor FROM payment WHERE order_id = ? ORDER BY id", _order(shop, 1).id)
    assert [tuple(row.values()) for row in found] == [("charge", 12345), ("refund", -2345), ("credit", 2345)]


def test_a_refund_of_another_order_is_not_taken_for_it(shop: World) -> None:
    _refund(shop, 1, 2345)
    _refunded_there(shop, 2, 2345, "JPY")
    shop.pull()
    assert (len(_payments(shop, 1)), len(_payments(shop, 2)), shop.states()) == (2, 2, [SendState.MANUAL])


def test_two_refunds_of_one_amount_are_two_rows(shop: World) -> None:
    _refund(shop, 1, 1000)
    _refund(shop, 1, 1000, "two")
    _refunded_there(shop, 1, 1000, "USD")
    shop.pull()
    assert sorted(shop.states()) == [SendState.MANUAL, SendState.VERIFIED]
    _refunded_there(shop, 1, 1000, "USD")
    shop.pull()
    assert [row["amount_minor"] for row in _payments(shop, 1)] == [12345, -1000, -1000]
    assert shop.open_rows() == []


@pytest.mark.parametrize(("at", "code"), list(enumerate(CURRENCIES, start=11)))
def test_a_payment_that_was_entered_by_hand_is_one_row(shop: World, at: int, code: str) -> None:
    order = _order(shop, at)
    draft = PaymentDraft(RowKind.CHARGE, "one", Money(12345, code), method="Check", note="Number 7")
    shop.here.do(AddPayment(order.id, draft, version=order.version))
    shop.hands.move(3600)
    entered = new_rows.payment("", str(at), "1", 12345, shop.hands.now())
    del entered["id"]
    shop.account.add("payments", entered | {"type": "Check", "amount": _amount(Money(12345, code))})
    shop.pull()
    (row,) = _payments(shop, at)
    assert (row["amount_minor"], shop.states()) == (12345, [SendState.VERIFIED])
