"""The books of an order: balance = total - payments + refunds - credits, whatever is done to it in whatever order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from subtui.domain.errors import Invalid
from subtui.domain.ledger import Ledger, LedgerEntry, RowKind, in_order
from subtui.domain.money import Money
from subtui.domain.refunds import PaymentState, RefundKind, RefundPlan

from .order_books import PAID_ON, TODAY, MadeLedger, usd

YESTERDAY = date(2026, 3, 1)

NAMES = {
    RowKind.VOID: 1,
    RowKind.REFUND: 1,
    RowKind.CHARGEBACK: 1,
    RowKind.CHARGEBACK_REVERSED: 1,
    RowKind.REFUND_CORRECTION: 2,
    RowKind.CREDIT_CORRECTION: 2,
}
"""Which row each kind names below: the payment is the first, and what is corrected the second."""


@pytest.fixture
def order() -> MadeLedger:
    """An order of 49.00, paid whole on 15 February."""
    ledger = MadeLedger((4900,))
    ledger.pay(4900, on=PAID_ON)
    return ledger


def figures(books: Ledger) -> tuple[str, str, str, str]:
    """Paid, refunded, credited and owed, as amounts without their currency."""
    return (
        books.paid.format_amount(),
        books.refunded.format_amount(),
        books.credited.format_amount(),
        books.owed.format_amount(),
    )


# --- the figures ------------------------------------------------------------------------------------------------------


def test_the_balance_follows_every_step() -> None:
    ledger = MadeLedger((4900, 5100))
    assert figures(ledger.books) == ("0.00", "0.00", "0.00", "100.00")
    first = ledger.pay(4000, on=PAID_ON)
    assert figures(ledger.books) == ("40.00", "0.00", "0.00", "60.00")
    ledger.pay(6000, on=YESTERDAY)
    assert figures(ledger.books) == ("100.00", "0.00", "0.00", "0.00")
    ledger.refund(first, 1000)
    assert figures(ledger.books) == ("100.00", "10.00", "10.00", "0.00")
    ledger.refund(first, 500, owed_after=500)
    assert figures(ledger.books) == ("100.00", "15.00", "10.00", "5.00")
    ledger.add(RowKind.CREDIT, 200)
    assert figures(ledger.books) == ("100.00", "15.00", "12.00", "3.00")
    ledger.add(RowKind.ADJUSTMENT, 300)
    assert figures(ledger.books) == ("100.00", "15.00", "15.00", "0.00")
    ledger.refund(first)
    assert figures(ledger.books) == ("100.00", "40.00", "40.00", "0.00")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ("0.00", "0.00", "0.00", "49.00")),
        ([(RowKind.CHARGE, 4900)], ("49.00", "0.00", "0.00", "0.00")),
        ([(RowKind.CHARGE, 2000)], ("20.00", "0.00", "0.00", "29.00")),
        ([(RowKind.CHARGE, 5000)], ("50.00", "0.00", "0.00", "-1.00")),
        ([(RowKind.CREDIT, 4900)], ("0.00", "0.00", "49.00", "0.00")),
        ([(RowKind.ADJUSTMENT, -100)], ("0.00", "0.00", "-1.00", "50.00")),
        ([(RowKind.CHARGE, 4900), (RowKind.VOID, -4900)], ("0.00", "0.00", "0.00", "49.00")),
        ([(RowKind.CHARGE, 4900), (RowKind.REFUND, -1500)], ("49.00", "15.00", "0.00", "15.00")),
        (
            [(RowKind.CHARGE, 4900), (RowKind.REFUND, -1500), (RowKind.REFUND_CORRECTION, 1500)],
            ("49.00", "0.00", "0.00", "0.00"),
        ),
        (
            [(RowKind.CHARGE, 4900), (RowKind.CREDIT, 1500), (RowKind.CREDIT_CORRECTION, -1500)],
            ("49.00", "0.00", "0.00", "0.00"),
        ),
        ([(RowKind.CHARGE, 4900), (RowKind.CHARGEBACK, -4900)], ("49.00", "0.00", "0.00", "49.00")),
        (
            [(RowKind.CHARGE, 4900), (RowKind.CHARGEBACK, -4900), (RowKind.CHARGEBACK_REVERSED, 4900)],
            ("49.00", "0.00", "0.00", "0.00"),
        ),
    ],
)
def test_the_figures_of_an_order_of_49(rows: list[tuple[RowKind, int]], expected: tuple[str, str, str, str]) -> None:
    ledger = MadeLedger((4900,))
    for kind, amount in rows:
        ledger.add(kind, amount, returns=NAMES.get(kind))
    assert figures(ledger.books) == expected


@pytest.mark.parametrize("kind", RowKind)
@pytest.mark.parametrize("state", [PaymentState.PENDING, PaymentState.FAILED])
def test_a_row_that_is_not_approved_counts_for_nothing(kind: RowKind, state: PaymentState) -> None:
    ledger = MadeLedger((4900,))
    ledger.add(kind, 4900, state=state)
    assert figures(ledger.books) == ("0.00", "0.00", "0.00", "49.00")


@pytest.mark.parametrize("kind", [RowKind.REFUND, RowKind.VOID, RowKind.CHARGEBACK])
def test_money_that_did_not_go_back_is_still_left(order: MadeLedger, kind: RowKind) -> None:
    order.add(kind, -4900, returns=1, state=PaymentState.FAILED)
    assert order.payment(1).left == usd("49")


def test_an_order_without_lines_is_worth_nothing() -> None:
    assert figures(MadeLedger(()).books) == ("0.00", "0.00", "0.00", "0.00")


# --- the payments -----------------------------------------------------------------------------------------------------


def test_each_payment_knows_what_went_back_of_it_alone() -> None:
    ledger = MadeLedger((10000,))
    first, second = ledger.pay(4000, on=PAID_ON), ledger.pay(6000, on=YESTERDAY)
    ledger.refund(first, 1000)
    ledger.refund(second, 2500)
    ledger.refund(second, 500)
    assert [(payment.id, payment.left) for payment in ledger.books.payments()] == [
        (second, usd("30")),
        (first, usd("30")),
    ]
    assert {payment.owed for payment in ledger.books.payments()} == {usd("0")}


def test_the_newest_payment_comes_first_and_on_one_day_the_last_written() -> None:
    ledger = MadeLedger((10000,))
    for day in (YESTERDAY, PAID_ON, YESTERDAY):
        ledger.pay(1000, on=day)
    assert [payment.id for payment in ledger.books.payments()] == [3, 1, 2]


def test_only_a_payment_is_found_as_one(order: MadeLedger) -> None:
    order.refund(1, 1000)
    assert order.books.payment(1) is not None
    assert [order.books.payment(number) for number in (2, 3, 9)] == [None, None, None]
    assert [row.kind for row in map(order.books.row, (1, 2, 3)) if row] == [
        RowKind.CHARGE,
        RowKind.REFUND,
        RowKind.CREDIT,
    ]
    assert order.books.row(9) is None


def test_a_void_takes_the_whole_payment_out() -> None:
    ledger = MadeLedger((4900,))
    number = ledger.pay(4900)
    ledger.refund(number, kind=RefundKind.VOID, owed_after=4900)
    assert figures(ledger.books) == ("0.00", "0.00", "0.00", "49.00")
    assert ledger.payment(number).voided
    assert ledger.books.why_not_refund(TODAY) == "This payment was voided, so there is nothing to refund."


def test_of_a_payment_made_twice_the_void_of_one_leaves_the_other() -> None:
    ledger = MadeLedger((4900,))
    twice, kept = ledger.pay(4900), ledger.pay(4900)
    plan = ledger.refund(twice, kind=RefundKind.VOID)
    assert (plan.owed_before, plan.owed_after, plan.credit) == (usd("-49"), usd("0"), usd("0"))
    assert figures(ledger.books) == ("49.00", "0.00", "0.00", "0.00")
    assert ledger.payment(kept).left == usd("49")


@pytest.mark.parametrize(
    ("kinds", "left", "sentence"),
    [
        ([], "49", None),
        ([RowKind.CHARGEBACK], "0", "This payment was charged back: the bank has already returned it."),
        ([RowKind.CHARGEBACK, RowKind.CHARGEBACK_REVERSED], "49", None),
        (
            [RowKind.CHARGEBACK, RowKind.CHARGEBACK_REVERSED, RowKind.CHARGEBACK],
            "0",
            "This payment was charged back: the bank has already returned it.",
        ),
    ],
)
def test_a_chargeback_blocks_a_refund_until_it_is_reversed(
    order: MadeLedger, kinds: list[RowKind], left: str, sentence: str | None
) -> None:
    for kind in kinds:
        order.add(kind, 4900 if kind is RowKind.CHARGEBACK_REVERSED else -4900, returns=1)
    assert order.payment(1).left == usd(left)
    assert order.books.why_not_refund(TODAY) == sentence


def test_a_chargeback_of_a_part_leaves_the_rest(order: MadeLedger) -> None:
    order.add(RowKind.CHARGEBACK, -2000, returns=1)
    order.refund(1, 900)
    assert order.payment(1).left == usd("20")
    assert order.refund(1).amount == usd("20")
    assert order.payment(1).left == usd("0")


def test_a_chargeback_after_a_refund_takes_no_more_than_all(order: MadeLedger) -> None:
    order.refund(1, 1000)
    order.add(RowKind.CHARGEBACK, -4900, returns=1)
    assert order.payment(1).left == usd("0")


@pytest.mark.parametrize(
    ("payments", "sentence"),
    [
        ([], "Nothing has been paid on this order, so there is nothing to refund."),
        ([(PAID_ON, PaymentState.FAILED)], "This payment failed, so there is nothing to refund."),
        # The newest payment gives the reason …
        (
            [(PAID_ON, PaymentState.FAILED), (YESTERDAY, PaymentState.PENDING)],
            "This payment is pending. It can be refunded once it is approved.",
        ),
        (
            [(PAID_ON, PaymentState.FAILED), (date(2026, 3, 3), PaymentState.APPROVED)],
            "This payment is dated in the future (3 Mar 2026), so it can't be refunded yet.",
        ),
        # … unless an older one has something left.
        ([(PAID_ON, PaymentState.APPROVED), (YESTERDAY, PaymentState.FAILED)], None),
        ([(PAID_ON, PaymentState.FAILED), (YESTERDAY, PaymentState.APPROVED)], None),
    ],
)
def test_an_order_can_be_refunded_when_any_payment_of_it_can(
    payments: list[tuple[date, PaymentState]], sentence: str | None
) -> None:
    ledger = MadeLedger((4900,))
    for day, state in payments:
        ledger.pay(4900, on=day, state=state)
    assert ledger.books.why_not_refund(TODAY) == sentence


def test_an_order_that_was_only_credited_has_nothing_to_refund() -> None:
    ledger = MadeLedger((4900,))
    ledger.add(RowKind.CREDIT, 4900)
    assert ledger.books.why_not_refund(TODAY) == ("Nothing has been paid on this order, so there is nothing to refund.")


# --- corrections ------------------------------------------------------------------------------------------------------


def test_a_correction_counters_the_refund_and_its_credit_and_both_stay_in_the_books(order: MadeLedger) -> None:
    order.refund(1, 1500)
    order.refund(1, 400)
    assert order.books.corrections(2) == (
        (order.rows[1], RowKind.REFUND_CORRECTION),
        (order.rows[2], RowKind.CREDIT_CORRECTION),
    )
    order.correct(2)
    assert figures(order.books) == ("49.00", "4.00", "4.00", "0.00")
    assert [(row.kind, row.amount, row.returns_id) for row in order.rows[5:]] == [
        (RowKind.REFUND_CORRECTION, 1500, 2),
        (RowKind.CREDIT_CORRECTION, -1500, 3),
    ]
    assert order.payment(1).left == usd("45")
    assert order.refund(1).amount == usd("45")


def test_a_refund_without_a_credit_is_corrected_alone(order: MadeLedger) -> None:
    order.refund(1, 1500, owed_after=1500)
    assert [kind for _, kind in order.books.corrections(2)] == [RowKind.REFUND_CORRECTION]
    order.correct(2)
    assert figures(order.books) == ("49.00", "0.00", "0.00", "0.00")


def test_a_credit_that_stands_by_itself_is_not_corrected_with_a_refund(order: MadeLedger) -> None:
    order.add(RowKind.CREDIT, 100)
    order.refund(1, 1500)
    order.correct(3)
    assert figures(order.books) == ("49.00", "0.00", "1.00", "-1.00")


def test_a_void_that_was_corrected_can_be_returned_again() -> None:
    ledger = MadeLedger((4900,))
    ledger.pay(4900)
    ledger.refund(1, kind=RefundKind.VOID)
    ledger.correct(2)
    assert not ledger.payment(1).voided
    assert ledger.payment(1).left == usd("49")
    assert ledger.owed == 0
    assert ledger.refund(1, kind=RefundKind.VOID).amount == usd("49")


@pytest.mark.parametrize(
    ("number", "day", "sentence"),
    [
        (1, TODAY, "Only a refund or a void can be reversed."),
        (3, TODAY, "Only a refund or a void can be reversed."),
        (9, TODAY, "Only a refund or a void can be reversed."),
        (
            2,
            date(2026, 3, 3),
            "A refund can only be reversed on its own day. After that, record a new payment.",
        ),
        (
            2,
            YESTERDAY,
            "A refund can only be reversed on its own day. After that, record a new payment.",
        ),
        (2, TODAY, None),
    ],
)
def test_a_refund_is_corrected_on_its_own_day(order: MadeLedger, number: int, day: date, sentence: str | None) -> None:
    order.refund(1, 1500)
    assert order.books.why_not_correct(number, day) == sentence


@pytest.mark.parametrize("day", [TODAY, date(2026, 3, 3)])
def test_a_refund_is_corrected_once(order: MadeLedger, day: date) -> None:
    order.refund(1, 1500)
    order.correct(2)
    assert order.books.why_not_correct(2, day) == "This refund has already been reversed."
    assert [order.books.why_not_correct(number, day) for number in (4, 5)] == [
        "Only a refund or a void can be reversed.",
        "Only a refund or a void can be reversed.",
    ]


def test_nothing_counters_a_row_that_is_not_there(order: MadeLedger) -> None:
    assert order.books.corrections(9) == ()


# --- the order of the rows --------------------------------------------------------------------------------------------


def row(number: int, kind: RowKind, on: date = TODAY, **change: Any) -> LedgerEntry:
    return replace(LedgerEntry(number, kind, 100, on), **change)


def test_each_payment_is_followed_by_what_returns_it() -> None:
    rows = [
        row(1, RowKind.CHARGE, PAID_ON),
        row(2, RowKind.CHARGE, YESTERDAY),
        row(3, RowKind.REFUND, returns_id=1),
        row(4, RowKind.CREDIT, refund_id=3),
        row(5, RowKind.REFUND, returns_id=2),
        row(6, RowKind.REFUND_CORRECTION, returns_id=3),
        row(7, RowKind.CREDIT_CORRECTION, returns_id=4),
        row(8, RowKind.CREDIT, date(2026, 2, 20)),
        row(9, RowKind.CHARGEBACK, returns_id=2),
    ]
    assert [each.id for each in in_order(rows)] == [1, 3, 4, 7, 6, 8, 2, 5, 9]
    assert in_order(list(reversed(rows))) == in_order(rows)


def test_a_row_whose_payment_is_not_there_stands_by_itself() -> None:
    rows = [row(2, RowKind.REFUND, returns_id=1), row(3, RowKind.CREDIT, refund_id=9)]
    assert [each.id for each in in_order(rows)] == [2, 3]
    assert in_order(()) == ()


# --- whatever is done, in whatever order ------------------------------------------------------------------------------

MOST = 10**7
amounts = st.integers(1, MOST)


class AnyOrder(RuleBasedStateMachine):
    """One order that is paid, refunded, voided, charged back, credited and corrected at random."""

    payments: Bundle[int] = Bundle("payments")
    refunds: Bundle[int] = Bundle("refunds")
    chargebacks: Bundle[tuple[int, int]] = Bundle("chargebacks")

    def __init__(self) -> None:
        super().__init__()
        self.ledger = MadeLedger(())
        self.moved = dict.fromkeys(("paid", "voided", "refunded", "credited", "charged back"), 0)

    @initialize(lines=st.lists(amounts, min_size=1, max_size=5), currency=st.sampled_from(["USD", "JPY", "KWD"]))
    def order(self, lines: list[int], currency: str) -> None:
        self.ledger = MadeLedger(tuple(lines), currency)

    @rule(target=payments, amount=amounts, share=st.sampled_from([None, 1, 2, 3]))
    def pay(self, amount: int, share: int | None) -> int:
        """Some amount, which may be too much, or a part of what is owed."""
        wanted = max(self.ledger.owed // share, 1) if share else amount
        self.moved["paid"] += wanted
        return self.ledger.pay(wanted)

    @rule(amount=amounts, state=st.sampled_from([PaymentState.FAILED, PaymentState.PENDING]))
    def try_to_pay(self, amount: int, state: PaymentState) -> None:
        self.ledger.pay(amount, state=state)

    @rule(target=refunds, payment=payments, amount=st.none() | amounts, manual=st.booleans())
    def refund(self, payment: int, amount: int | None, *, manual: bool) -> int:
        return self._return(payment, amount, RefundKind.MANUAL if manual else RefundKind.REFUND, owed_after=None)

    @rule(target=refunds, payment=payments, amount=amounts, part=st.integers(0, 4))
    def refund_and_choose_what_is_owed(self, payment: int, amount: int, part: int) -> int:
        """From the least that can be owed afterwards to the most, in quarters."""
        wanted = min(amount, self.ledger.payment(payment).left.minor)
        least, most = min(self.ledger.owed, 0), self.ledger.owed + wanted
        return self._return(payment, amount, RefundKind.REFUND, owed_after=least + (most - least) * part // 4)

    @rule(payment=payments)
    def void(self, payment: int) -> None:
        before = len(self.ledger.rows)
        if self.ledger.payment(payment).paid_on == self.ledger.today:
            self._return(payment, None, RefundKind.VOID, owed_after=None)
        else:
            with pytest.raises(Invalid):
                self.ledger.refund(payment, kind=RefundKind.VOID)
            assert len(self.ledger.rows) == before

    def _return(self, payment: int, amount: int | None, kind: RefundKind, *, owed_after: int | None) -> int:
        """Return at most what is left; 0 when nothing is, and then nothing is written."""
        ledger = self.ledger
        left, lines, owed = ledger.payment(payment).left.minor, ledger.lines_left, ledger.owed
        wanted = None if amount is None else min(amount, left) or amount
        before = len(ledger.rows)
        whole = left == ledger.payment(payment).amount.minor
        if not left or (kind is RefundKind.VOID and not whole):
            with pytest.raises(Invalid):
                ledger.refund(payment, wanted, owed_after=owed_after, kind=kind)
            assert len(ledger.rows) == before
            return 0
        plan = ledger.refund(payment, wanted, owed_after=owed_after, kind=kind)
        self._check(plan, left, owed, owed_after)
        assert sum(ledger.returned[before + 1].values()) == min(plan.amount.minor, sum(line.left for line in lines))
        self.moved["voided" if kind is RefundKind.VOID else "refunded"] += plan.amount.minor
        self.moved["credited"] += plan.credit.minor
        return 0 if kind is RefundKind.VOID else before + 1

    def _check(self, plan: RefundPlan, left: int, owed: int, owed_after: int | None) -> None:
        assert 0 < plan.amount.minor <= left
        assert plan.left_after.minor == left - plan.amount.minor
        assert self.ledger.payment(plan.payment_id).left == plan.left_after or plan.kind is RefundKind.VOID
        assert self.ledger.owed == plan.owed_after.minor
        if owed_after is not None:
            assert plan.owed_after.minor == owed_after
        elif owed >= 0:
            assert plan.owed_after.minor == owed
        else:
            assert owed < plan.owed_after.minor <= 0

    @rule(target=chargebacks, payment=payments, share=st.integers(1, 3))
    def charge_back(self, payment: int, share: int) -> tuple[int, int]:
        """All of a payment or a part, whatever has been returned of it."""
        amount = max(self.ledger.payment(payment).amount.minor // share, 1)
        self.ledger.add(RowKind.CHARGEBACK, -amount, returns=payment)
        self.moved["charged back"] += amount
        return payment, amount

    @rule(chargeback=consumes(chargebacks))
    def reverse(self, chargeback: tuple[int, int]) -> None:
        payment, amount = chargeback
        self.ledger.add(RowKind.CHARGEBACK_REVERSED, amount, returns=payment)
        self.moved["charged back"] -= amount

    @rule(amount=amounts)
    @precondition(lambda self: self.ledger.owed > 0)
    def credit(self, amount: int) -> None:
        wanted = min(amount, self.ledger.owed)
        self.ledger.add(RowKind.CREDIT, wanted)
        self.moved["credited"] += wanted

    @rule()
    @precondition(lambda self: self.ledger.owed != 0)
    def adjust(self) -> None:
        self.moved["credited"] += self.ledger.owed
        self.ledger.add(RowKind.ADJUSTMENT, self.ledger.owed)
        assert self.ledger.owed == 0

    @rule(refund=consumes(refunds))
    def correct(self, refund: int) -> None:
        if not refund:
            return
        books = self.ledger.books
        row = books.row(refund)
        assert row is not None
        if row.paid_on != self.ledger.today:
            assert books.why_not_correct(refund, self.ledger.today) is not None
            return
        countered = {kind: counter.amount for counter, kind in books.corrections(refund)}
        self.ledger.correct(refund)
        self.moved["refunded"] += countered[RowKind.REFUND_CORRECTION]
        self.moved["credited"] -= countered.get(RowKind.CREDIT_CORRECTION, 0)
        assert self.ledger.books.why_not_correct(refund, self.ledger.today) is not None

    @rule()
    def sleep(self) -> None:
        self.ledger.today += timedelta(days=1)

    @invariant()
    def the_balance_is_what_the_rule_says(self) -> None:
        books, moved = self.ledger.books, self.moved
        assert books.paid.minor == moved["paid"] - moved["voided"]
        assert books.refunded.minor == moved["refunded"]
        assert books.credited.minor == moved["credited"]
        rule_says = books.total - books.paid + books.refunded - books.credited
        assert books.owed == rule_says + Money(moved["charged back"], books.currency)

    @invariant()
    def no_more_is_returned_than_was_paid(self) -> None:
        books = self.ledger.books
        assert 0 <= books.refunded.minor <= self.moved["paid"] - self.moved["voided"]
        for payment in books.payments():
            assert payment.refunded is not None
            assert 0 <= payment.refunded.minor <= payment.amount.minor
            assert 0 <= payment.left.minor <= payment.amount.minor

    @invariant()
    def no_line_is_returned_beyond_itself(self) -> None:
        for line, amount in zip(self.ledger.lines_left, self.ledger.lines, strict=True):
            assert 0 <= line.left <= amount

    @invariant()
    def nothing_is_refunded_when_it_is_all_gone(self) -> None:
        books = self.ledger.books
        gone = all(payment.left.is_zero for payment in books.payments())
        assert (books.why_not_refund(self.ledger.today) is not None) is gone
        if not gone:
            return
        for payment in books.payments():
            with pytest.raises(Invalid):
                self.ledger.plan(payment.id)
            with pytest.raises(Invalid):
                self.ledger.plan(payment.id, 1)

    @invariant()
    def every_row_is_shown_once(self) -> None:
        assert sorted(row.id for row in in_order(self.ledger.rows)) == [row.id for row in self.ledger.rows]


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyOrder = AnyOrder.TestCase
