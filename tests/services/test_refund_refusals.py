"""Refunds that are refused: mistakes in the form, who may not, an order that changed, the same one twice."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.orders import CorrectRefund, GetOrder, PreviewRefund, RecordRefund, SetReference
from subtui.domain.errors import Difference, NotAllowed, NotFound, Refused, Stale
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.services.backend import Backend

from .asking import desk_on
from .database import everything, run
from .ordering import (
    AGENT,
    BASKET,
    MONTHLY,
    OF_TODAY,
    PAYMENT,
    TODAY,
    TWO_LINES,
    UNPAID,
    balance_of,
    charge_back,
    draft,
    figures,
    money_of,
    payment_of,
    refund,
    refused,
    rows_of,
    usd,
)

# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"amount": usd("0")}, ["amount"]),
        ({"amount": usd("-1")}, ["amount"]),
        ({"amount": usd("49.01")}, ["amount"]),
        ({"amount": Money(1000, "EUR")}, ["amount"]),
        ({"owed_after": usd("49.01")}, ["owed_after"]),
        ({"owed_after": usd("-0.01")}, ["owed_after"]),
        ({"owed_after": Money(0, "EUR")}, ["owed_after"]),
        ({"kind": RefundKind.VOID}, ["kind"]),
        ({"reason_code": None}, ["reason"]),
        ({"reason_code": "too_expensive"}, ["reason"]),
        ({"reason_code": "other"}, ["note"]),
        ({"note": "x" * 501, "reference": "x" * 101}, ["note", "reference"]),
        ({"order_item_id": BASKET}, ["line"]),
        ({"payment_id": 40328}, ["payment"]),
        ({"payment_id": 0}, ["payment"]),
        ({"payment_id": 99999}, ["payment"]),
    ],
    ids=str,
)
def test_a_form_with_a_mistake_records_nothing_and_names_its_fields(
    backend: Backend, demo_db: Path, change: dict[str, Any], problems: list[str]
) -> None:
    form = replace(draft(), **change)
    before = everything(demo_db)
    error = refused(lambda: backend.do(RecordRefund(MONTHLY, form, version=1)))
    assert [problem.field for problem in error.problems] == problems
    assert backend.read(PreviewRefund(MONTHLY, form)).problems == error.problems
    assert everything(demo_db) == before


def test_a_form_without_a_key_of_its_own_is_refused(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    error = refused(lambda: backend.do(RecordRefund(MONTHLY, draft(intent=""), version=1)))
    assert str(error) == "This refund form has expired. Open it again."
    assert everything(demo_db) == before


@pytest.mark.parametrize(
    ("order_id", "sentence"),
    [
        (1965, "This payment is pending. It can be refunded once it is approved."),
        (1957, "This payment failed, so there is nothing to refund."),
        (1817, "This payment was voided, so there is nothing to refund."),
        (1925, "This payment has already been refunded in full."),
    ],
)
def test_a_payment_of_which_nothing_can_be_returned_says_why(
    backend: Backend, demo_db: Path, order_id: int, sentence: str
) -> None:
    before = everything(demo_db)
    order = backend.read(GetOrder(order_id))
    assert order.why_not_refund == sentence
    error = refused(lambda: backend.do(RecordRefund(order_id, draft(payment_of(order)), version=order.version)))
    assert [(problem.field, problem.sentence) for problem in error.problems] == [("payment", sentence)]
    assert everything(demo_db) == before


@pytest.mark.parametrize("order_id", [UNPAID, 1784])
def test_an_order_on_which_nothing_was_paid_has_nothing_to_refund(backend: Backend, order_id: int) -> None:
    order = backend.read(GetOrder(order_id))
    assert order.why_not_refund == "Nothing has been paid on this order, so there is nothing to refund."
    error = refused(lambda: backend.do(RecordRefund(order_id, draft(), version=1)))
    assert str(error) == "Choose the payment to refund."


def test_a_row_that_is_no_payment_cannot_be_returned(backend: Backend) -> None:
    (back,) = rows_of(refund(backend, amount=usd("10")).order, RowKind.REFUND)
    error = refused(lambda: backend.do(RecordRefund(MONTHLY, draft(back, "b"), version=2)))
    assert str(error) == "Choose the payment to refund."


@pytest.mark.parametrize(
    ("who", "error", "sentence"),
    [
        ("viewer", NotAllowed, "A viewer cannot refund an order: ask an agent, an admin or the owner."),
        ("nobody", NotAllowed, "Sign in first."),
        ("read-only", Refused, "This is read-only mode: nothing can be changed."),
    ],
)
def test_who_may_not_refund_changes_nothing(demo_db: Path, who: str, error: type[Refused], sentence: str) -> None:
    before = everything(demo_db)
    acts: list[Callable[[Backend], object]] = [
        lambda backend: backend.do(RecordRefund(MONTHLY, draft(), version=1)),
        lambda backend: backend.do(CorrectRefund(MONTHLY, PAYMENT, version=1)),
        lambda backend: backend.do(SetReference(MONTHLY, PAYMENT, "RF-1", version=1)),
    ]
    with desk_on(demo_db, TODAY, "viewer" if who == "viewer" else "agent", read_only=who == "read-only") as backend:
        if who == "nobody":
            backend.sign_out()
        for act in acts:
            with pytest.raises(error) as found:
                act(backend)
            assert str(found.value) == sentence
    assert everything(demo_db) == before


def test_an_unknown_order_is_not_found(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    for act in (
        lambda: backend.read(GetOrder(9)),
        lambda: backend.read(PreviewRefund(9, draft())),
        lambda: backend.do(RecordRefund(9, draft(), version=1)),
        lambda: backend.do(CorrectRefund(9, 1, version=1)),
        lambda: backend.do(SetReference(9, 1, "RF-1", version=1)),
    ):
        with pytest.raises(NotFound, match=r"^There is no order 9\.$"):
            act()
    assert everything(demo_db) == before


def test_an_order_that_somebody_else_has_changed_since_is_refused_with_both_versions(
    desk_as: Callable[[Role], Backend], demo_db: Path
) -> None:
    mine, theirs = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    opened = mine.read(GetOrder(MONTHLY))
    refund(theirs, amount=usd("10"), owed_after=usd("10"))
    before = everything(demo_db)
    with pytest.raises(Stale) as found:
        mine.do(RecordRefund(MONTHLY, draft(intent="mine"), version=opened.version, seen=(usd("49"), opened.owed)))
    assert str(found.value) == "Theo Lindqvist changed this order after you opened it. Nothing was saved."
    assert (found.value.changed_by, found.value.version) == ("Theo Lindqvist", 2)
    assert found.value.differences == (
        Difference("Left to refund", "49.00 USD", "39.00 USD"),
        Difference("Balance", "nothing due", "10.00 USD due"),
    )
    assert everything(demo_db) == before
    again = mine.do(RecordRefund(MONTHLY, draft(intent="mine"), version=found.value.version))
    assert figures(again.order) == ("49.00", "49.00", "39.00", "10.00")


@pytest.mark.parametrize("seen", [None, (usd("49"), usd("0"))])
def test_a_version_from_the_future_is_refused_and_nothing_reads_differently(
    backend: Backend, seen: tuple[Money, Money] | None
) -> None:
    with pytest.raises(Stale) as found:
        backend.do(RecordRefund(MONTHLY, draft(), version=2, seen=seen))
    assert (found.value.version, found.value.differences) == (1, ())


# --- one intention, once ----------------------------------------------------------------------------------------------


def test_an_intention_is_recorded_once(desk_as: Callable[[Role], Backend], demo_db: Path) -> None:
    mine, theirs = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    mine.do(RecordRefund(MONTHLY, draft(amount=usd("10")), version=1))
    before = everything(demo_db)
    for backend, version in ((mine, 1), (mine, 2), (theirs, 2)):
        with pytest.raises(Refused) as found:
            backend.do(RecordRefund(MONTHLY, draft(amount=usd("10")), version=version))
        assert str(found.value) == "This refund was already recorded by Dana Reyes. It was not recorded again."
    assert everything(demo_db) == before


@pytest.mark.parametrize("order_id", [MONTHLY, TWO_LINES, OF_TODAY])
def test_an_intention_is_recorded_once_whatever_payment_it_names(
    backend: Backend, demo_db: Path, order_id: int
) -> None:
    refund(backend, amount=usd("1"))
    before = everything(demo_db)
    with pytest.raises(Refused, match="was already recorded"):
        refund(backend, order_id, amount=usd("2"))
    assert everything(demo_db) == before


def test_an_intention_that_was_corrected_is_not_recorded_again(backend: Backend) -> None:
    (back,) = rows_of(refund(backend).order, RowKind.REFUND)
    backend.do(CorrectRefund(MONTHLY, back, version=2))
    with pytest.raises(Refused, match="was already recorded"):
        refund(backend)
    assert refund(backend, intent="another key").order.refunded == usd("49")


def test_what_was_refused_can_be_sent_again_under_its_key(backend: Backend, demo_db: Path) -> None:
    refused(lambda: refund(backend, amount=usd("490")))
    with pytest.raises(Stale):
        backend.do(RecordRefund(MONTHLY, draft(amount=usd("10")), version=7))
    assert refund(backend, amount=usd("10")).order.refunded == usd("10")
    assert money_of(demo_db) == [("charge", 4900), ("refund", -1000), ("credit", 1000)]


# --- what is in its way -----------------------------------------------------------------------------------------------


def test_a_payment_that_was_charged_back_is_not_refunded_until_that_is_reversed(
    backend: Backend, demo_db: Path
) -> None:
    charge_back(demo_db, MONTHLY, PAYMENT, -4900)
    order = backend.read(GetOrder(MONTHLY))
    assert (order.owed, order.why_not_refund) == (
        usd("49"),
        "This payment was charged back: the bank has already returned it.",
    )
    before = everything(demo_db)
    assert str(refused(lambda: refund(backend))) == order.why_not_refund
    assert everything(demo_db) == before
    charge_back(demo_db, MONTHLY, PAYMENT, 4900)
    assert figures(refund(backend, amount=usd("10")).order) == ("49.00", "10.00", "10.00", "0.00")
    assert balance_of(demo_db) == 0


def test_a_chargeback_that_comes_while_the_form_is_open_is_seen_when_it_is_saved(
    backend: Backend, demo_db: Path
) -> None:
    form = draft()
    assert backend.read(PreviewRefund(MONTHLY, form)).problems == ()
    charge_back(demo_db, MONTHLY, PAYMENT, -4900)
    error = refused(lambda: backend.do(RecordRefund(MONTHLY, form, version=1)))
    assert str(error) == "This payment was charged back: the bank has already returned it."


def test_what_the_bank_took_in_part_is_no_longer_left(backend: Backend, demo_db: Path) -> None:
    charge_back(demo_db, MONTHLY, PAYMENT, -4000)
    error = refused(lambda: refund(backend, amount=usd("10")))
    assert str(error) == "At most 9.00 USD of this payment can still be refunded."
    assert refund(backend).order.refunded == usd("9")


def test_whoever_lost_the_right_meanwhile_refunds_nothing(demo_db: Path) -> None:
    with desk_on(demo_db, TODAY, AGENT) as backend:
        run(demo_db, "UPDATE user SET role = 'viewer' WHERE id = 3")
        before = everything(demo_db)
        with pytest.raises(NotAllowed):
            refund(backend)
        assert everything(demo_db) == before
