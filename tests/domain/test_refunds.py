"""Returning money: how much is left, how it may go back, what is owed afterwards, and which line it falls on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.errors import Invalid, Problem
from subtui.domain.money import Money
from subtui.domain.refunds import (
    LineLeft,
    PaymentState,
    PaymentToReturn,
    RefundKind,
    RefundPlan,
    kinds_possible,
    over_lines,
    plan_refund,
    refundable,
    usual_kind,
    usual_owed,
    why_not_returnable,
)

from .order_books import PAID_ON, TODAY, usd

NOTHING = usd("0")
PAYMENT = PaymentToReturn(1, usd("49.00"), PAID_ON, owed=NOTHING)
"""An order of 49.00 that was paid whole."""

BY_GATEWAY = (RefundKind.REFUND, RefundKind.MANUAL)
ALSO_VOID = (RefundKind.VOID, *BY_GATEWAY)


def plan(
    amount: str | None = None,
    *,
    of: PaymentToReturn = PAYMENT,
    owed_after: str | None = None,
    kind: RefundKind = RefundKind.REFUND,
    today: date = TODAY,
) -> RefundPlan:
    """A refund as it is typed."""
    return plan_refund(
        of,
        None if amount is None else Money.parse(amount, of.amount.currency),
        owed_after=None if owed_after is None else Money.parse(owed_after, of.owed.currency),
        today=today,
        kind=kind,
    )


def problems(act: Callable[[], object]) -> tuple[Problem, ...]:
    """What is wrong with a refund."""
    with pytest.raises(Invalid) as refused:
        act()
    return refused.value.problems


# --- what is left -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid", "refunded", "charged_back", "left"),
    [
        (4900, 0, 0, 4900),
        (4900, 1000, 0, 3900),
        (4900, 4899, 0, 1),
        (4900, 4900, 0, 0),
        (4900, 0, 4900, 0),
        (4900, 1000, 3900, 0),
        (4900, 1000, 4900, 0),
        (4900, 9000, 0, 0),
        (0, 0, 0, 0),
    ],
)
def test_what_is_left_is_what_was_paid_less_what_went_back(
    paid: int, refunded: int, charged_back: int, left: int
) -> None:
    assert refundable(paid, refunded, charged_back) == left
    payment = replace(PAYMENT, amount=Money(paid, "USD"), refunded=Money(refunded, "USD"))
    assert replace(payment, charged_back=Money(charged_back, "USD")).left == Money(left, "USD")


@pytest.mark.parametrize("amounts", [(-1, 0, 0), (4900, -1, 0), (4900, 0, -1)])
def test_amounts_that_went_back_are_counted_without_a_sign(amounts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="without a sign"):
        refundable(*amounts)


@pytest.mark.parametrize(
    "change", [{"state": PaymentState.PENDING}, {"state": PaymentState.FAILED}, {"voided": True}], ids=str
)
def test_nothing_is_left_of_a_payment_that_does_not_count(change: dict[str, Any]) -> None:
    payment = replace(PAYMENT, **change)
    assert payment.left == NOTHING
    assert kinds_possible(payment, PAID_ON) == ()


@pytest.mark.parametrize(
    ("change", "today", "possible"),
    [
        ({}, PAID_ON, ALSO_VOID),
        ({}, date(2026, 2, 16), BY_GATEWAY),
        ({"refunded": usd("0.01")}, PAID_ON, BY_GATEWAY),
        ({"charged_back": usd("0.01")}, PAID_ON, BY_GATEWAY),
        ({"refunded": usd("49")}, PAID_ON, ()),
        ({"charged_back": usd("49")}, PAID_ON, ()),
    ],
    ids=str,
)
def test_a_payment_is_voided_on_its_own_day_and_whole_only(
    change: dict[str, Any], today: date, possible: tuple[RefundKind, ...]
) -> None:
    assert kinds_possible(replace(PAYMENT, **change), today) == possible


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"amount": usd("-10")}, "This is not a payment. Choose the payment it belongs to."),
        ({"amount": NOTHING}, "This is not a payment. Choose the payment it belongs to."),
        (
            {"state": PaymentState.PENDING},
            "This payment is pending. It can be refunded once it is approved.",
        ),
        ({"state": PaymentState.FAILED}, "This payment failed, so there is nothing to refund."),
        ({"voided": True}, "This payment was voided, so there is nothing to refund."),
        (
            {"paid_on": date(2026, 3, 3)},
            "This payment is dated in the future (3 Mar 2026), so it can't be refunded yet.",
        ),
        ({"charged_back": usd("49")}, "This payment was charged back: the bank has already returned it."),
        (
            {"charged_back": usd("39"), "refunded": usd("10")},
            "This payment was charged back: the bank has already returned it.",
        ),
        ({"refunded": usd("49")}, "This payment has already been refunded in full."),
        ({"refunded": usd("49"), "charged_back": NOTHING}, "This payment has already been refunded in full."),
    ],
    ids=str,
)
def test_what_cannot_be_returned_says_why(change: dict[str, Any], sentence: str) -> None:
    payment = replace(PAYMENT, **change)
    assert why_not_returnable(payment, TODAY) == sentence
    assert problems(lambda: plan(of=payment)) == problems(lambda: plan("10", of=payment))
    assert problems(lambda: plan(of=payment)) == (Problem("payment", sentence),)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"paid_on": TODAY},
        {"paid_on": date(2020, 1, 1)},
        {"refunded": usd("48.99")},
        {"charged_back": usd("48.99")},
        {"refunded": NOTHING, "charged_back": NOTHING},
        {"owed": usd("-49")},
        {"owed": usd("500")},
    ],
    ids=str,
)
def test_what_has_something_left_can_be_returned(change: dict[str, Any]) -> None:
    assert why_not_returnable(replace(PAYMENT, **change), TODAY) is None


def test_the_day_is_written_as_the_settings_want_it() -> None:
    ahead = replace(PAYMENT, paid_on=date(2026, 3, 3))
    assert why_not_returnable(ahead, TODAY, date.isoformat) == (
        "This payment is dated in the future (2026-03-03), so it can't be refunded yet."
    )


# --- how much goes back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refunded", "amount", "goes_back", "left_after"),
    [
        ("0", None, "49.00", "0"),
        ("0", "49.00", "49.00", "0"),
        ("0", "49", "49.00", "0"),
        ("0", "$10", "10.00", "39.00"),
        ("0", "0.01", "0.01", "48.99"),
        ("10", None, "39.00", "0"),
        ("10", "39", "39.00", "0"),
        ("48.99", None, "0.01", "0"),
    ],
)
def test_no_amount_is_all_that_is_left(refunded: str, amount: str | None, goes_back: str, left_after: str) -> None:
    planned = plan(amount, of=replace(PAYMENT, refunded=usd(refunded)))
    assert (planned.payment_id, planned.kind) == (1, RefundKind.REFUND)
    assert (planned.amount, planned.left_after) == (usd(goes_back), usd(left_after))
    assert planned.is_last is (left_after == "0")


def test_the_last_of_several_refunds_takes_the_remainder() -> None:
    payment, back = replace(PAYMENT, amount=usd("100.00")), NOTHING
    for amount in ("33.33", "33.33", None):
        planned = plan(amount, of=replace(payment, refunded=back))
        back += planned.amount
    assert planned.amount == usd("33.34")
    assert planned.is_last
    assert back == payment.amount


@pytest.mark.parametrize(
    ("refunded", "amount", "sentence"),
    [
        ("0", "0", "Enter an amount above 0 and at most 49.00 USD, all that is left."),
        ("0", "-0", "Enter an amount above 0 and at most 49.00 USD, all that is left."),
        ("0", "-1", "Enter an amount above 0 and at most 49.00 USD, all that is left."),
        ("10", "-49", "Enter an amount above 0 and at most 39.00 USD, all that is left."),
        ("0", "49.01", "At most 49.00 USD of this payment can still be refunded."),
        ("10", "39.01", "At most 39.00 USD of this payment can still be refunded."),
        ("10", "49", "At most 39.00 USD of this payment can still be refunded."),
        ("0", "999,999,999,999.99", "At most 49.00 USD of this payment can still be refunded."),
    ],
)
@pytest.mark.parametrize("kind", BY_GATEWAY)
def test_an_amount_beyond_what_is_left_is_refused(refunded: str, amount: str, sentence: str, kind: RefundKind) -> None:
    payment = replace(PAYMENT, refunded=usd(refunded))
    assert problems(lambda: plan(amount, of=payment, kind=kind)) == (Problem("amount", sentence),)


@pytest.mark.parametrize(
    ("amount", "owed_after", "field", "sentence"),
    [
        (Money(1000, "EUR"), None, "amount", "Enter the amount in USD, this payment's currency."),
        (Money(10, "JPY"), NOTHING, "amount", "Enter the amount in USD, this payment's currency."),
        (usd("10"), Money(0, "EUR"), "owed_after", "Enter the balance in USD, this order's currency."),
        (None, Money(0, "EUR"), "owed_after", "Enter the balance in USD, this order's currency."),
    ],
)
def test_another_currency_is_refused(amount: Money | None, owed_after: Money | None, field: str, sentence: str) -> None:
    found = problems(lambda: plan_refund(PAYMENT, amount, owed_after=owed_after, today=TODAY))
    assert found == (Problem(field, sentence),)


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("", "USD", "Enter an amount in USD, such as 1,234.50."),
        ("1e3", "USD", "This is not an amount in USD: write it like 1,234.50."),
        ("ten", "USD", "This is not an amount in USD: write it like 1,234.50."),
        ("12.345", "USD", "An amount in USD has at most 2 decimals: write it like 1,234.50."),
        ("10.5", "JPY", "An amount in JPY has no decimals: write it like 1,234."),
        ("10.0", "JPY", "An amount in JPY has no decimals: write it like 1,234."),
        ("1.2345", "KWD", "An amount in KWD has at most 3 decimals: write it like 1,234.500."),
        ("10 EUR", "USD", "This amount must be in USD, not in EUR."),
    ],
)
def test_what_is_typed_as_no_amount_is_refused_before_it_is_planned(text: str, currency: str, sentence: str) -> None:
    payment = replace(PAYMENT, amount=Money(4900, currency), owed=Money(0, currency))
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        plan(text, of=payment)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("currency", "paid", "amount", "left_after"),
    [
        ("KWD", "10.125", "0.005", "10.120"),
        ("KWD", "10.125", None, "0"),
        ("JPY", "1,000", "333", "667"),
        ("JPY", "1", None, "0"),
        ("CLF", "1.0001", "0.0001", "1"),
    ],
)
def test_a_refund_is_in_the_minor_units_of_its_currency(
    currency: str, paid: str, amount: str | None, left_after: str
) -> None:
    payment = PaymentToReturn(1, Money.parse(paid, currency), PAID_ON, owed=Money.zero(currency))
    planned = plan(amount, of=payment)
    assert planned.left_after == Money.parse(left_after, currency)
    assert planned.amount + planned.left_after == payment.amount
    assert planned.credit == planned.amount


# --- the way back -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [None, "49"])
def test_a_void_is_possible_on_the_day_of_the_payment(amount: str | None) -> None:
    planned = plan(amount, kind=RefundKind.VOID, today=PAID_ON)
    assert (planned.kind, planned.amount, planned.is_last) == (RefundKind.VOID, usd("49"), True)


@pytest.mark.parametrize("amount", [None, "49", "10"])
def test_a_void_on_another_day_is_refused(amount: str | None) -> None:
    assert problems(lambda: plan(amount, kind=RefundKind.VOID)) == (
        Problem("kind", "A payment can only be voided on its own day (15 Feb 2026). Refund it instead."),
    )


def test_a_void_of_a_part_is_refused() -> None:
    assert problems(lambda: plan("48.99", kind=RefundKind.VOID, today=PAID_ON)) == (
        Problem("kind", "A void always returns the whole payment (49.00 USD)."),
    )


@pytest.mark.parametrize("amount", [None, "39"])
def test_a_void_after_a_refund_of_a_part_is_refused(amount: str | None) -> None:
    in_part = replace(PAYMENT, refunded=usd("10"))
    (problem,) = problems(lambda: plan(amount, of=in_part, kind=RefundKind.VOID, today=PAID_ON))
    assert problem.field == "kind"


# --- what is owed afterwards ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owed", "amount", "owed_after", "credit"),
    [
        # What is owed stays as it is: what goes back is written off.
        ("0", "49", "0", "49"),
        ("0", "10", "0", "10"),
        ("20", "10", "20", "10"),
        ("20", None, "20", "49"),
        # Who has paid too much is paid back first, and nothing is written off for that.
        ("-49", "49", "0", "0"),
        ("-49", "10", "-39", "0"),
        ("-10", "49", "0", "39"),
        ("-10", "10", "0", "0"),
        ("-60", None, "-11", "0"),
    ],
)
def test_by_default_a_refund_leaves_no_debt_behind(owed: str, amount: str | None, owed_after: str, credit: str) -> None:
    payment = replace(PAYMENT, owed=usd(owed))
    planned = plan(amount, of=payment)
    assert (planned.owed_before, planned.owed_after, planned.credit) == (usd(owed), usd(owed_after), usd(credit))
    assert usual_owed(payment, planned.amount) == planned.owed_after


@pytest.mark.parametrize(
    ("owed", "amount", "owed_after", "credit"),
    [
        ("0", "49", "0", "49"),
        ("0", "49", "49", "0"),
        ("0", "49", "20", "29"),
        ("0", "10", "10", "0"),
        ("20", "10", "30", "0"),
        ("20", "10", "25", "5"),
        ("20", "10", "20", "10"),
        ("-10", "49", "39", "0"),
        ("-10", "49", "-10", "49"),
        ("-49", "49", "-49", "49"),
    ],
)
def test_what_is_owed_afterwards_can_be_chosen(owed: str, amount: str, owed_after: str, credit: str) -> None:
    planned = plan(amount, of=replace(PAYMENT, owed=usd(owed)), owed_after=owed_after)
    assert (planned.owed_after, planned.credit) == (usd(owed_after), usd(credit))


@pytest.mark.parametrize(
    ("owed", "amount", "owed_after", "sentence"),
    [
        ("0", "49", "49.01", "The balance after this refund can be at most 49.00 USD."),
        ("0", None, "50", "The balance after this refund can be at most 49.00 USD."),
        ("20", "10", "30.01", "The balance after this refund can be at most 30.00 USD."),
        ("-10", "49", "39.01", "The balance after this refund can be at most 39.00 USD."),
        ("-49", "10", "0", "The balance after this refund can be at most -39.00 USD."),
        ("0", "49", "-0.01", "The balance after this refund can't be below 0.00 USD."),
        ("20", "10", "-1", "The balance after this refund can't be below 0.00 USD."),
        ("-10", "49", "-10.01", "The balance after this refund can't be below -10.00 USD."),
    ],
)
def test_what_cannot_be_owed_afterwards_is_refused(
    owed: str, amount: str | None, owed_after: str, sentence: str
) -> None:
    payment = replace(PAYMENT, owed=usd(owed))
    assert problems(lambda: plan(amount, of=payment, owed_after=owed_after)) == (Problem("owed_after", sentence),)


def test_a_wrong_amount_is_named_alone() -> None:
    assert [problem.field for problem in problems(lambda: plan("50", owed_after="100", kind=RefundKind.VOID))] == [
        "amount"
    ]


cents = st.integers(1, 10**9)


@given(
    paid=cents,
    part=st.integers(0, 10**9),
    owed=st.integers(-(10**9), 10**9),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_every_plan_adds_up(paid: int, part: int, owed: int, currency: str) -> None:
    payment = PaymentToReturn(1, Money(paid, currency), PAID_ON, owed=Money(owed, currency))
    wanted = Money(min(part, paid), currency) if part else None
    planned = plan_refund(payment, wanted, owed_after=None, today=TODAY)
    assert planned.owed_after == planned.owed_before + planned.amount - planned.credit
    assert planned.amount + planned.left_after == payment.left
    assert 0 <= planned.credit.minor <= planned.amount.minor
    assert planned.owed_after.minor <= max(owed, 0)


@given(paid=cents, owed=st.integers(-(10**9), 10**9), owed_after=st.integers(-(10**9), 2 * 10**9))
def test_a_credit_never_takes_money_from_the_customer(paid: int, owed: int, owed_after: int) -> None:
    payment = PaymentToReturn(1, Money(paid, "USD"), PAID_ON, owed=Money(owed, "USD"))

    def choose() -> RefundPlan:
        return plan_refund(payment, None, owed_after=Money(owed_after, "USD"), today=TODAY)

    if min(owed, 0) <= owed_after <= owed + paid:
        assert choose().credit.minor >= 0
        assert choose().owed_after.minor == owed_after
    else:
        assert [problem.field for problem in problems(choose)] == ["owed_after"]


# --- over the lines ---------------------------------------------------------------------------------------------------


def over(amount: int, *left: int, line: int | None = None) -> dict[int, int]:
    """What falls on the lines 1, 2, … with so much left."""
    return over_lines(amount, [LineLeft(number, cents) for number, cents in enumerate(left, start=1)], line_id=line)


@pytest.mark.parametrize(
    ("amount", "left", "shares"),
    [
        (5650, (3250, 2400), {1: 3250, 2: 2400}),
        (1000, (3250, 2400), {1: 576, 2: 424}),
        (100, (1, 1, 1), {1: 1, 2: 1, 3: 1}),
        # What does not divide falls on the line with the most left, the first of them.
        (2, (1, 1, 1), {1: 1, 2: 1}),
        (100, (100, 100, 100), {1: 34, 2: 33, 3: 33}),
        (100, (99, 100, 101), {1: 33, 2: 33, 3: 34}),
        (1, (3250, 2400), {1: 1}),
        # Lines that have gone back take nothing.
        (10, (0, 40), {2: 10}),
        (10, (0, 0), {}),
        (10, (), {}),
        # What exceeds all lines was paid too much.
        (6000, (3250, 2400), {1: 3250, 2: 2400}),
        (0, (3250, 2400), {}),
    ],
)
def test_a_refund_falls_on_the_lines_in_proportion(amount: int, left: tuple[int, ...], shares: dict[int, int]) -> None:
    assert over(amount, *left) == shares


@pytest.mark.parametrize("amount", [1, 2399, 2400])
def test_a_named_line_takes_all_of_it(amount: int) -> None:
    assert over(amount, 3250, 2400, line=2) == {2: amount}


@pytest.mark.parametrize(("amount", "line"), [(2401, 2), (5650, 2), (1, 3), (1, 0), (1, 9)])
def test_a_named_line_takes_nothing_beyond_itself(amount: int, line: int) -> None:
    with pytest.raises(ValueError, match=r"^More than is left of this line\.$"):
        over(amount, 3250, 2400, 0, line=line)


@given(amount=st.integers(1, 10**9), left=st.lists(st.integers(0, 10**8), max_size=12))
def test_the_shares_add_up_and_no_line_goes_beyond_itself(amount: int, left: list[int]) -> None:
    shares = over(amount, *left)
    assert sum(shares.values()) == min(amount, sum(left))
    for number, share in shares.items():
        assert 0 < share <= left[number - 1]


@given(paid=st.integers(1, 10**6), parts=st.lists(st.integers(1, 10**5), min_size=1, max_size=8), data=st.data())
def test_lines_are_returned_to_the_last_minor_unit_over_several_refunds(
    paid: int, parts: list[int], data: st.DataObject
) -> None:
    left = dict(enumerate(parts, start=1))
    while sum(left.values()):
        amount = data.draw(st.integers(1, sum(left.values())))
        shares = over_lines(amount, [LineLeft(number, cents) for number, cents in left.items()])
        assert sum(shares.values()) == amount
        left = {number: cents - shares.get(number, 0) for number, cents in left.items()}
        assert min(left.values()) >= 0
    assert over_lines(paid, [LineLeft(number, 0) for number in left]) == {}


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("Cash", RefundKind.MANUAL),
        ("cash", RefundKind.MANUAL),
        ("  Bank   Transfer ", RefundKind.MANUAL),
        ("Check", RefundKind.MANUAL),
        ("Cheque", RefundKind.MANUAL),
        ("Money Order", RefundKind.MANUAL),
        ("Wire transfer", RefundKind.MANUAL),
        ("Credit Card", RefundKind.REFUND),
        ("Credit Card (Manual)", RefundKind.REFUND),
        ("PayPal", RefundKind.REFUND),
        ("Cashier's app", RefundKind.REFUND),
        ("", RefundKind.REFUND),
    ],
)
def test_what_no_gateway_holds_is_paid_back_by_hand(method: str, kind: RefundKind) -> None:
    assert usual_kind(method) is kind
