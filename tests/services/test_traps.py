"""The traps that other systems have fallen into, one test for each: none of them can be stepped into here."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from subtui.acts.log import GetLetter
from subtui.acts.orders import GetOrder, ListPendingRefunds, PreviewRefund, RecordRefund
from subtui.acts.subscriptions import GetSubscription, SaveSubscription
from subtui.domain.cancellation import draft_of
from subtui.domain.errors import Invalid, Refused, Stale
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.refunds import RefundKind
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.orders import RefundResult

from .asking import desk_on
from .database import everything, rows, run
from .ordering import (
    ADMIN,
    AGENT,
    HANDBOOK,
    MONTHLY,
    OF_TODAY,
    PAYMENT,
    SUBSCRIPTION,
    TODAY,
    TWO_LINES,
    balance_of,
    charge_back,
    draft,
    figures,
    money_of,
    refund,
    usd,
)


def test_trap_inactive_with_auto_charge_left_on(backend: Backend, demo_db: Path) -> None:
    """Auto Charge is a switch of its own elsewhere, is forgotten, and the customer is charged again."""
    record = backend.read(GetSubscription(SUBSCRIPTION))
    assert record.terms.ending.auto_charge
    form = replace(
        draft_of(record.terms),
        status=Status.INACTIVE,
        auto_charge=True,
        end_date=date(2026, 3, 14),
        reason_code="unused",
    )
    backend.do(SaveSubscription(SUBSCRIPTION, form, version=1))
    ended = backend.read(GetSubscription(SUBSCRIPTION))
    assert ended.loose == ()
    (row,) = rows(demo_db, "SELECT status, auto_charge, next_bill_date FROM subscription WHERE id = ?", SUBSCRIPTION)
    assert row == {"status": "Inactive", "auto_charge": 0, "next_bill_date": None}
    # Nor can it be switched on again afterwards.
    again = replace(draft_of(ended.terms), auto_charge=True)
    with pytest.raises(Refused):
        backend.do(SaveSubscription(SUBSCRIPTION, again, version=2))
    assert not backend.read(GetSubscription(SUBSCRIPTION)).terms.ending.auto_charge


def test_trap_the_default_after_a_refund_of_a_part_is_the_whole_payment_again(backend: Backend, demo_db: Path) -> None:
    """The form offers the whole amount although some of it has gone back."""
    refund(backend, intent="first", amount=usd("10"))
    assert backend.read(PreviewRefund(MONTHLY, draft(intent="second"))).amount == usd("39")
    (charge, *_) = backend.read(GetOrder(MONTHLY)).rows
    assert charge.left == usd("39")
    refund(backend, intent="second")
    assert [amount for kind, amount in money_of(demo_db) if kind == "refund"] == [-1000, -3900]
    assert backend.read(PreviewRefund(MONTHLY, draft(intent="third"))).amount is None
    with pytest.raises(Invalid, match="This payment has already been refunded in full"):
        refund(backend, intent="third")


def test_trap_enter_twice(backend: Backend, demo_db: Path) -> None:
    """A double click refunds twice."""
    form = draft()
    backend.do(RecordRefund(MONTHLY, form, version=1))
    before = everything(demo_db)
    with pytest.raises(Refused, match="It was not recorded again"):
        backend.do(RecordRefund(MONTHLY, form, version=1))
    with pytest.raises(Refused, match="It was not recorded again"):
        backend.do(RecordRefund(MONTHLY, form, version=backend.read(GetOrder(MONTHLY)).version))
    assert everything(demo_db) == before
    assert money_of(demo_db) == [("charge", 4900), ("refund", -4900), ("credit", 4900)]


def test_trap_two_people_at_once(demo_db: Path) -> None:
    """Two people have the same order open, and both refund it."""
    barrier = Barrier(2, timeout=60)

    def press(who: str) -> RefundResult | Refused:
        with desk_on(demo_db, TODAY, who) as backend:
            order = backend.read(GetOrder(MONTHLY))
            form = draft(intent=who, amount=usd("30"))
            barrier.wait()
            try:
                return backend.do(RecordRefund(MONTHLY, form, version=order.version))
            except Refused as error:
                return error

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(press, (AGENT, ADMIN)))
    assert sorted(type(answer).__name__ for answer in answers) == ["RefundResult", "Stale"]
    (stale,) = [answer for answer in answers if isinstance(answer, Stale)]
    assert "changed this order after you opened it. Nothing was saved." in str(stale)
    assert money_of(demo_db) == [("charge", 4900), ("refund", -3000), ("credit", 3000)]
    assert balance_of(demo_db) == 0


def test_trap_a_full_refund_leaves_a_debt_that_nobody_meant(backend: Backend, demo_db: Path) -> None:
    """The money goes back, the order is due again, and the customer gets a reminder."""
    texts = {line.label: line.text for line in backend.read(PreviewRefund(MONTHLY, draft())).lines}
    assert texts["Balance"] == "nothing due (unchanged)"
    booked = refund(backend)
    assert figures(booked.order) == ("49.00", "49.00", "49.00", "0.00")
    assert balance_of(demo_db) == 0
    # Whoever means a debt says so, and is told so before and after.
    owing = draft(backend.read(GetOrder(OF_TODAY)).rows[0].id, "b", owed_after=usd("65"))
    texts = {line.label: line.text for line in backend.read(PreviewRefund(OF_TODAY, owing)).lines}
    assert (texts["Credit"], texts["Balance"]) == (
        "none (the refunded amount is due again)",
        "nothing due → 65.00 USD due",
    )
    assert backend.do(RecordRefund(OF_TODAY, owing, version=1)).sentence.endswith("65.00 USD due.")


def test_trap_a_refund_after_a_chargeback(backend: Backend, demo_db: Path) -> None:
    """The bank has taken the money back already, and it goes back once more."""
    form = draft()
    charge_back(demo_db, MONTHLY, PAYMENT, -4900)
    before = everything(demo_db)
    (problem,) = backend.read(PreviewRefund(MONTHLY, form)).problems
    assert problem.sentence == "This payment was charged back: the bank has already returned it."
    for amount in (None, usd("0.01")):
        with pytest.raises(Invalid) as found:
            backend.do(RecordRefund(MONTHLY, replace(form, amount=amount), version=1))
        assert found.value.problems == (problem,)
    assert everything(demo_db) == before


def test_trap_a_line_is_refunded_beyond_itself(backend: Backend, demo_db: Path) -> None:
    """Each refund looks at the price of the line only, and two of them return more than it cost."""
    refund(backend, TWO_LINES, "1", amount=usd("20"), order_item_id=HANDBOOK)
    before = everything(demo_db)
    for number, amount in enumerate(("24", "4.01", "36.50")):
        with pytest.raises(Invalid, match=r"More than is left of this line\."):
            refund(backend, TWO_LINES, f"more {number}", amount=usd(amount), order_item_id=HANDBOOK)
    assert everything(demo_db) == before
    refund(backend, TWO_LINES, "2", amount=usd("4"), order_item_id=HANDBOOK)
    refund(backend, TWO_LINES, "3", amount=usd("10"))
    (handbook,) = rows(demo_db, "SELECT sum(amount_minor) AS sum FROM refund_line WHERE order_item_id = ?", HANDBOOK)
    assert handbook == {"sum": 2400}


def test_trap_yen_with_decimals(backend: Backend, demo_db: Path) -> None:
    """An amount is taken for hundredths, and a hundred times too much goes back, or a hundredth of it."""
    run(demo_db, f"UPDATE \"order\" SET currency = 'JPY' WHERE id = {MONTHLY:d}")  # noqa: S608
    order = backend.read(GetOrder(MONTHLY))
    assert (order.total.format(), order.rows[0].amount.format()) == ("4,900 JPY", "4,900 JPY")
    for typed in ("10.5", "10.00", "1000 USD", "$10"):
        with pytest.raises(ValueError, match=r"JPY"):
            Money.parse(typed, "JPY")
    with pytest.raises(Invalid, match=r"^Enter the amount in JPY, this payment's currency\.$"):
        refund(backend, amount=usd("10"))
    with pytest.raises(Invalid, match=r"^At most 4,900 JPY of this payment can still be refunded\.$"):
        refund(backend, amount=Money.parse("4901", "JPY"))
    booked = refund(backend, amount=Money.parse("1,000", "JPY"))
    assert booked.sentence == "Recorded, not sent: 1,000 JPY back to López, María; nothing due."
    assert [amount for _, amount in money_of(demo_db)] == [4900, -1000, 1000]
    assert booked.letter_id is not None
    assert "  Amount       1,000 JPY\n" in backend.read(GetLetter(booked.letter_id)).body


SENT = re.compile(
    r"\b(we|has|have|was|were|been) (sent|transferred|refunded|returned|paid back|credited)\b", re.IGNORECASE
)
"""How it reads when the money is said to be on its way."""


@pytest.mark.parametrize("kind", RefundKind)
def test_trap_a_letter_reads_as_if_the_money_had_been_sent(
    desk_as: Callable[[Role], Backend], demo_db: Path, kind: RefundKind
) -> None:
    """Only a record was made, and the customer waits for money that nobody has sent."""
    backend = desk_as(Role.AGENT)
    form = draft(backend.read(GetOrder(OF_TODAY)).rows[0].id, kind=kind)
    (sent,) = [line.text for line in backend.read(PreviewRefund(OF_TODAY, form)).lines if line.label == "Sent"]
    assert sent.startswith("nothing")
    booked = backend.do(RecordRefund(OF_TODAY, form, version=1))
    how = "to be paid back manually" if kind is RefundKind.MANUAL else "not sent"
    assert booked.sentence.startswith(f"Recorded, {how}: ")
    assert booked.letter_id is not None
    letter = backend.read(GetLetter(booked.letter_id))
    assert "recorded" in letter.subject
    assert "the refund was recorded, not sent" in letter.body
    assert SENT.search(letter.body.replace("the refund was recorded, not sent", "")) is None
    # Nothing was sent indeed: what the gateway has to do is still to be finished.
    assert [entry.kind for entry in backend.read(ListPendingRefunds())] == (
        [] if kind is RefundKind.MANUAL else ["reference"]
    )
    assert [row["kind"] for row in rows(demo_db, "SELECT kind FROM payment WHERE order_id = ?", OF_TODAY)] == [
        RowKind.CHARGE,
        RowKind.VOID if kind is RefundKind.VOID else RowKind.REFUND,
        RowKind.CREDIT,
    ]
