"""What is written is said before it is written, and nothing else: the panel of a refund, and of other money."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.days import format_day
from subtui.domain.errors import Problem
from subtui.domain.ledger import ROW_WORDS, RowKind
from subtui.domain.money import Money
from subtui.domain.reasons import REFUNDING
from subtui.domain.refunds import LONGEST_REFERENCE, RefundKind, RefundPlan
from subtui.views.orders import PaymentDraft, RefundDraft
from subtui.views.preview import Line
from subtui.views.refund_letters import confirm_refund
from subtui.views.refund_preview import (
    LONGEST_NOTE,
    describe_money,
    describe_refund,
    draft_problems,
    money_problems,
    owed_words,
)
from tests.domain.order_books import PAID_ON, TODAY, MadeLedger, usd

DRAFT = RefundDraft(1, "a key", reason_code="duplicate")


def planned(
    amount: int | None = None, *, owed: int = 0, owed_after: int | None = None, kind: RefundKind = RefundKind.REFUND
) -> RefundPlan:
    """A refund of a payment of 49.00 of today, on an order on which so much is owed."""
    ledger = MadeLedger((4900 + owed,))
    ledger.pay(4900)
    return ledger.plan(1, amount, owed_after=owed_after, kind=kind)


def lines(
    plan: RefundPlan,
    draft: RefundDraft = DRAFT,
    *,
    method: str = "Credit Card",
    shares: Sequence[tuple[str, Money]] = (),
    subscription: int | None = None,
    limit: Money | None = None,
) -> tuple[Line, ...]:
    """The panel."""
    return describe_refund(
        plan, draft, paid_on=PAID_ON, method=method, shares=shares, subscription=subscription, limit=limit
    )


def texts(found: Sequence[Line]) -> dict[str, str]:
    """The panel by label."""
    return {line.label: line.text for line in found}


def letter(plan: RefundPlan) -> str:
    """The letter about the same refund."""
    return confirm_refund(
        account="Corner Shop",
        customer="Ann Lee",
        order_id=7,
        title="Monthly",
        plan=plan,
        paid_on=PAID_ON,
        reason="Duplicate",
        reference="",
        written_on=TODAY,
        by="Dana Reyes",
        log_hash="ab" * 32,
        day=format_day,
    ).body


# --- a refund ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owed", "words"),
    [("49", "49.00 USD due"), ("0", "nothing due"), ("-15", "15.00 USD in the customer's favour")],
)
def test_a_balance_in_words_has_no_sign(owed: str, words: str) -> None:
    assert owed_words(usd(owed)) == words


def test_a_refund_names_each_row_and_what_it_does() -> None:
    assert lines(planned(1000)) == (
        Line("Refund", "-10.00 USD of the payment on 15 Feb 2026 (Credit Card)", changed=True),
        Line("Credit", "+10.00 USD (balance stays at zero)", changed=True),
        Line("Balance", "nothing due (unchanged)"),
        Line("Left", "39.00 USD of this payment"),
        Line("Sent", "nothing; refund it at the gateway too"),
        Line("Letter", "ready after saving", changed=True),
        Line("Reverse", "possible today only"),
    )


@pytest.mark.parametrize(
    ("kind", "label", "sent"),
    [
        (RefundKind.VOID, "Void", "nothing; void it at the gateway too"),
        (RefundKind.REFUND, "Refund", "nothing; refund it at the gateway too"),
        (RefundKind.MANUAL, "Manual", "nothing; pay it back outside subtui"),
    ],
)
def test_whichever_way_it_goes_nothing_is_sent(kind: RefundKind, label: str, sent: str) -> None:
    found = lines(planned(kind=kind))
    assert (found[0].label, texts(found)["Sent"]) == (label, sent)
    assert found[0].text.startswith("-49.00 USD")


def test_a_refund_that_is_to_be_owed_again_writes_no_credit() -> None:
    found = texts(lines(planned(1000, owed_after=1000)))
    assert found["Credit"] == "none (the refunded amount is due again)"
    assert found["Balance"] == "nothing due → 10.00 USD due"


@pytest.mark.parametrize(
    ("owed", "amount", "owed_after", "balance"),
    [
        (0, 4900, None, "nothing due (unchanged)"),
        (0, 4900, 4900, "nothing due → 49.00 USD due"),
        (2000, 1000, None, "20.00 USD due (unchanged)"),
        (2000, 1000, 2500, "20.00 USD due → 25.00 USD due"),
        (2000, 1000, 0, "20.00 USD due → nothing due"),
        (-4900, 4900, None, "49.00 USD in the customer's favour → nothing due"),
        (-4900, 1000, None, "49.00 USD in the customer's favour → 39.00 USD in the customer's favour"),
        (-1000, 4900, None, "10.00 USD in the customer's favour → nothing due"),
    ],
)
def test_the_balance_is_said_before_and_after(owed: int, amount: int, owed_after: int | None, balance: str) -> None:
    plan = planned(amount, owed=owed, owed_after=owed_after)
    assert texts(lines(plan))["Balance"] == balance


def test_without_a_method_the_payment_is_named_by_its_day() -> None:
    assert lines(planned(), method="")[0].text == "-49.00 USD of the payment on 15 Feb 2026"


@pytest.mark.parametrize(
    ("shares", "line", "shown"),
    [
        ([("Basket", usd("10"))], None, []),
        ([("Basket", usd("10"))], 3, ["Basket: 10.00 USD"]),
        ([("Basket", usd("6")), ("Book", usd("4"))], None, ["Basket: 6.00 USD", "Book: 4.00 USD"]),
        ([], None, []),
    ],
)
def test_what_falls_on_which_line_is_named_where_there_is_a_choice(
    shares: list[tuple[str, Money]], line: int | None, shown: list[str]
) -> None:
    draft = RefundDraft(1, "a key", order_item_id=line)
    found = lines(planned(1000), draft, shares=shares)
    assert [each.text for each in found if each.label == "On line"] == shown


def test_above_a_limit_it_says_that_another_person_is_waited_for_and_writes_no_letter_yet() -> None:
    without, found = lines(planned()), lines(planned(), limit=usd("20"))
    assert "Approval" not in texts(without)
    assert Line("Approval", "needed from another user (above 20.00 USD)", changed=True) in found
    assert [line.changed for line in found if line.label == "Letter"] == [False]


def test_a_subscription_goes_on() -> None:
    assert "Continues" not in texts(lines(planned()))
    found = texts(lines(planned(), subscription=1042))
    assert found["Continues"] == "Subscription 1042 unaffected"


def test_days_are_written_as_the_settings_want_them() -> None:
    (first, *_) = describe_refund(
        planned(), DRAFT, paid_on=PAID_ON, method="", shares=(), subscription=None, limit=None, day=date.isoformat
    )
    assert first.text.endswith("2026-02-15")


@st.composite
def refunds(draw: st.DrawFn) -> RefundPlan:
    """Any refund of any order that is not in the customer's favour, whatever is to be owed afterwards."""
    ledger = MadeLedger((draw(st.integers(1, 10**8)),), draw(st.sampled_from(["USD", "JPY", "KWD"])))
    ledger.pay(draw(st.integers(1, ledger.lines[0])))
    amount = draw(st.integers(1, ledger.payment(1).left.minor))
    owed_after = draw(st.none() | st.integers(0, ledger.owed + amount))
    return ledger.plan(1, amount, owed_after=owed_after, kind=draw(st.sampled_from([*RefundKind][1:])))


@given(refunds())
def test_the_panel_the_plan_and_the_letter_say_the_same(plan: RefundPlan) -> None:
    found = lines(plan)
    named, body = texts(found), letter(plan)
    before, after = owed_words(plan.owed_before), owed_words(plan.owed_after)
    assert found[0].text.startswith(f"-{plan.amount.format()} of")
    if plan.credit.is_zero:
        assert named["Credit"].startswith("none")
    else:
        assert named["Credit"].startswith(f"+{plan.credit.format()} (balance ")
    assert named["Balance"] == (f"{before} → {after}" if before != after else f"{before} (unchanged)")
    assert named["Left"] == f"{plan.left_after.format()} of this payment"
    assert named["Sent"].startswith("nothing")
    assert f"We have recorded a refund of {plan.amount.format()} for you." in body
    told = after.removesuffix(" due").replace("in the customer's favour", "in your favour")
    told = "none" if plan.owed_after.is_zero else f"{told} outstanding" if plan.owed_after.minor > 0 else told
    assert f"  Balance      {told}\n" in body
    assert "recorded, not sent" in body
    # What the save writes is marked: the refund, the credit if there is one, the letter.
    assert [line.label for line in found if line.changed] == [
        found[0].label,
        *(["Credit"] if plan.credit.minor else []),
        "Letter",
    ]


# --- reason, note and reference ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (RefundDraft(1, "k", reason_code="duplicate"), []),
        (RefundDraft(1, "k", reason_code="other", note="Agreed by phone."), []),
        (RefundDraft(1, "k", reason_code="duplicate", note="x" * LONGEST_NOTE), []),
        (RefundDraft(1, "k", reason_code="duplicate", reference="x" * LONGEST_REFERENCE), []),
        (RefundDraft(1, "k"), [("reason", "Choose a reason.")]),
        (RefundDraft(1, "k", reason_code=""), [("reason", "Choose a reason.")]),
        (
            RefundDraft(1, "k", reason_code="bored"),
            [("reason", "There is no reason “bored” on the account's list.")],
        ),
        (
            RefundDraft(1, "k", reason_code="x" * 99),
            [("reason", f"There is no reason “{'x' * 40}” on the account's list.")],
        ),
        (RefundDraft(1, "k", reason_code="other"), [("note", "Add a note: the reason “Other” needs one.")]),
        (
            RefundDraft(1, "k", reason_code="other", note=" \n"),
            [("note", "Add a note: the reason “Other” needs one.")],
        ),
        (
            RefundDraft(1, "k", reason_code="duplicate", note="x" * (LONGEST_NOTE + 1)),
            [("note", "A note can have at most 500 characters.")],
        ),
        (
            RefundDraft(1, "k", reason_code="duplicate", reference="x" * (LONGEST_REFERENCE + 1)),
            [("reference", "A reference can have at most 100 characters.")],
        ),
        (
            RefundDraft(1, "k", note="x" * 501, reference="x" * 101),
            [
                ("reason", "Choose a reason."),
                ("note", "A note can have at most 500 characters."),
                ("reference", "A reference can have at most 100 characters."),
            ],
        ),
    ],
)
def test_the_reason_the_note_and_the_reference_say_what_is_wrong_with_them(
    draft: RefundDraft, expected: list[tuple[str, str]]
) -> None:
    assert draft_problems(draft, REFUNDING) == [Problem(*problem) for problem in expected]


# --- payments, credits and adjustments --------------------------------------------------------------------------------

ADDED = (RowKind.CHARGE, RowKind.CREDIT, RowKind.ADJUSTMENT)


def wrong(
    kind: RowKind,
    amount: str,
    *,
    owed: str,
    currency: str = "USD",
    paid_on: date | None = None,
    note: str = "Agreed.",
    reference: str = "",
) -> list[tuple[str, str]]:
    """What is wrong with adding so much to an order of 100.00 of 15 February, on which so much is owed."""
    ledger = MadeLedger((10000,))
    ledger.pay(10000 - usd(owed).minor)
    draft = PaymentDraft(kind, "a key", Money.parse(amount, currency), paid_on, note=note, reference=reference)
    found = money_problems(draft, ledger.books, ordered_on=PAID_ON, today=TODAY)
    return [(problem.field, problem.sentence) for problem in found]


@pytest.mark.parametrize("kind", ADDED)
@pytest.mark.parametrize(("amount", "owed"), [("100", "100"), ("99.99", "100"), ("0.01", "100"), ("0.01", "0.01")])
def test_what_is_due_can_be_paid_credited_or_adjusted(kind: RowKind, amount: str, owed: str) -> None:
    assert wrong(kind, amount, owed=owed) == []


@pytest.mark.parametrize("kind", ADDED)
@pytest.mark.parametrize("amount", ["0", "-0.01", "-30", "30.01", "1,000"])
def test_no_more_than_what_is_due_and_nothing_below_0(kind: RowKind, amount: str) -> None:
    assert wrong(kind, amount, owed="30") == [
        ("amount", "Enter an amount above 0 and at most 30.00 USD, the balance due."),
    ]


@pytest.mark.parametrize("kind", ADDED)
@pytest.mark.parametrize("amount", ["0", "1", "-1"])
def test_nothing_is_added_where_nothing_is_due(kind: RowKind, amount: str) -> None:
    word = ROW_WORDS[kind].lower()
    assert wrong(kind, amount, owed="0") == [
        ("amount", f"Nothing is due on this order, so there is no {word} to add."),
    ]


@pytest.mark.parametrize("kind", [RowKind.CHARGE, RowKind.CREDIT])
@pytest.mark.parametrize("amount", ["1", "-1", "-15", "0"])
def test_what_is_in_the_customers_favour_is_refunded_or_adjusted(kind: RowKind, amount: str) -> None:
    assert wrong(kind, amount, owed="-15") == [
        ("amount", "15.00 USD is in the customer's favour: refund it, or add an adjustment."),
    ]


@pytest.mark.parametrize(
    ("amount", "refused"), [("-15", False), ("-0.01", False), ("0", True), ("15", True), ("-15.01", True)]
)
def test_an_adjustment_takes_a_balance_in_the_customers_favour_back_to_nothing_at_most(
    amount: str, *, refused: bool
) -> None:
    sentence = ("amount", "Enter an adjustment below 0 and at least -15.00 USD.")
    assert wrong(RowKind.ADJUSTMENT, amount, owed="-15") == ([sentence] if refused else [])


@pytest.mark.parametrize("kind", ADDED)
def test_money_is_added_in_the_currency_of_the_order(kind: RowKind) -> None:
    assert wrong(kind, "10", owed="30", currency="EUR") == [
        ("amount", "Enter the amount in USD, this order's currency.")
    ]


@pytest.mark.parametrize(
    ("paid_on", "expected"),
    [
        (None, []),
        (TODAY, []),
        (PAID_ON, []),
        (date(2026, 3, 3), [("paid_on", "The date can't be in the future.")]),
        (date(2026, 2, 14), [("paid_on", "The date can't be before the order (15 Feb 2026).")]),
    ],
)
@pytest.mark.parametrize("kind", ADDED)
def test_money_is_of_a_day_from_the_order_to_today(
    kind: RowKind, paid_on: date | None, expected: list[tuple[str, str]]
) -> None:
    assert wrong(kind, "10", owed="30", paid_on=paid_on) == expected


@pytest.mark.parametrize("note", ["", "  \n"])
def test_an_adjustment_needs_a_note(note: str) -> None:
    assert wrong(RowKind.ADJUSTMENT, "10", owed="30", note=note) == [
        ("note", "Add a note: an adjustment needs a reason."),
    ]
    assert wrong(RowKind.CHARGE, "10", owed="30", note=note) == []
    assert wrong(RowKind.CREDIT, "10", owed="30", note=note) == []


def test_a_form_with_several_mistakes_names_them_all() -> None:
    found = wrong(RowKind.ADJUSTMENT, "40", owed="30", paid_on=date(2026, 3, 3), note=" " * 501, reference="x" * 101)
    assert found == [
        ("amount", "Enter an amount above 0 and at most 30.00 USD, the balance due."),
        ("paid_on", "The date can't be in the future."),
        ("note", "At most 500 characters."),
        ("reference", "At most 100 characters."),
        ("note", "Add a note: an adjustment needs a reason."),
    ]


@pytest.mark.parametrize(
    ("kind", "amount", "owed", "first", "balance"),
    [
        (RowKind.CHARGE, "30", "30", "+30.00 USD", "30.00 USD due → nothing due"),
        (RowKind.CREDIT, "10", "30", "+10.00 USD", "30.00 USD due → 20.00 USD due"),
        (RowKind.ADJUSTMENT, "30", "30", "+30.00 USD", "30.00 USD due → nothing due"),
        (RowKind.ADJUSTMENT, "-15", "-15", "-15.00 USD", "15.00 USD in the customer's favour → nothing due"),
    ],
)
def test_the_panel_of_money_names_the_row_and_the_balance(
    kind: RowKind, amount: str, owed: str, first: str, balance: str
) -> None:
    ledger = MadeLedger((10000,))
    ledger.pay(10000 - usd(owed).minor)
    assert describe_money(PaymentDraft(kind, "a key", usd(amount)), ledger.books) == (
        Line(ROW_WORDS[kind], first, changed=True),
        Line("Balance", balance),
        Line("Sent", "nothing; no card is charged"),
    )


def test_an_amount_of_another_currency_leaves_the_balance_of_the_panel_alone() -> None:
    found = describe_money(PaymentDraft(RowKind.CHARGE, "a key", Money(1000, "EUR")), MadeLedger((3000,)).books)
    assert texts(found)["Balance"] == "30.00 USD due → 30.00 USD due"
