"""Published cases on refunds, adjustments, chargebacks and keys of repetition: where we agree, where we differ.

Those on the minor units of currencies are in `published_cases`, with the other questions of money.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from subtui.domain.errors import Invalid
from subtui.domain.ledger import RowKind
from subtui.domain.money import Money
from subtui.domain.reasons import REFUNDING
from subtui.domain.refunds import (
    REFUND_METHODS,
    RefundKind,
    kinds_possible,
    over_lines,
)
from subtui.views.orders import PaymentDraft, RefundDraft
from subtui.views.refund_preview import describe_refund, money_problems

from .order_books import PAID_ON, TODAY, MadeLedger
from .published_cancelling import NotOurs
from .published_cases import Agrees, Differs

__all__ = ["AGREES", "DIFFERS_ON_PURPOSE", "HELD", "NOT_OURS", "Agrees", "Differs", "Held", "NotOurs"]

_KILLBILL = "killbill/killbill@cb60779"
_DAO_UNIT = f"{_KILLBILL} invoice TestInvoiceDaoHelperUnit.java"
_PAYMENT_REFUND = f"{_KILLBILL} beatrix TestPaymentRefund.java"
_INVOICE_PAYMENT = f"{_KILLBILL} beatrix TestInvoicePayment.java"
_INVOICE_DAO = f"{_KILLBILL} invoice TestInvoiceDao.java"
_REPAIR = f"{_KILLBILL} beatrix TestIntegrationInvoiceWithRepairLogic.java"
_PAYMENT_API = f"{_KILLBILL} payment TestPaymentApi.java"
_KILLBILL_DOCS = "killbill/killbill-docs@891f513 invoice examples"
_LAGO_ROUNDING = "getlago/lago-api@1b1c24a credit_note_rounding_spec.rb"
_LAGO_LIMITS = "getlago/lago-api@1b1c24a credit_notes/validate_service_spec.rb"
_LAGO_2643 = "getlago/lago-api PR 2643"
_WOO = "woocommerce/woocommerce wc-order-functions.php wc_create_refund"
_WOO_STATUS = "woocommerce/woocommerce order status “refunded”"
_WOO_CANCEL = "Automattic/woocommerce-subscriptions-core@6bfbf51 maybe_cancel_subscription_on_full_refund"
_STRIPE_REFUNDS = "Stripe refund docs; stripe/stripe-python@6c6e373 _refund_create_params.py"
_STRIPE_NOTE = "stripe/stripe-python@6c6e373 _credit_note.py"
_STRIPE_KEYS = "https://docs.stripe.com/api/idempotent_requests"
_KAUI = "killbill/killbill-admin-ui@5daac96 kaui.rb"
_RECURLY = "recurly/recurly-client-python@7294ca7 openapi/api.yaml"
_CHARGEBEE = "https://support.chargebee.com/ article 15295"
_KEAP = "https://help.infusionsoft.com Refunding options"
_ZUORA = "https://docs.zuora.com/ cancel subscription and refund"
_OPEN_FOOD = "openfoodfoundation/openfoodnetwork#6330"
_WOO_STRIPE = "woocommerce/woocommerce-gateway-stripe#838"

_REFUNDING = "tests.services.test_refunding"
_REFUSALS = "tests.services.test_refund_refusals"
_CORRECTIONS = "tests.services.test_refund_corrections"
_RACES = "tests.services.test_refund_races"
_APPROVALS = "tests.services.test_approvals"


class Held(NamedTuple):
    """What somebody published about recording, and the test of the services that holds us to it."""

    source: str
    published: object
    module: str
    test: str


def order(*lines: int, paid: int | None = None) -> MadeLedger:
    """An order with one payment, of its whole sum unless said otherwise."""
    ledger = MadeLedger(lines)
    ledger.pay(sum(lines) if paid is None else paid, on=PAID_ON)
    return ledger


def unpaid(total: int) -> MadeLedger:
    """An order on which nothing has been paid."""
    return MadeLedger((total,))


def outcome(act: Callable[[], object]) -> str:
    """`recorded`, or `refused` when a field is wrong."""
    try:
        act()
    except Invalid:
        return "refused"
    return "recorded"


def refund_outcome(ledger: MadeLedger, amount: int, kind: RefundKind = RefundKind.REFUND) -> str:
    """Whether a refund of the first payment is recorded."""
    return outcome(lambda: ledger.refund(1, amount, kind=kind))


def after_refund(ledger: MadeLedger, amount: int) -> MadeLedger:
    """An order of which part was returned before."""
    ledger.refund(1, amount)
    return ledger


def add(ledger: MadeLedger, kind: RowKind, amount: int) -> str:
    """Add a credit or an adjustment as the form does: nothing, or why it was not added."""
    draft = PaymentDraft(kind, "a key", ledger.money(amount), note="Agreed.")
    problems = money_problems(draft, ledger.books, ordered_on=PAID_ON, today=TODAY)
    if not problems:
        ledger.add(kind, amount)
    return problems[0].sentence if problems else ""


def credits_outcome(ledger: MadeLedger, *amounts: int) -> str:
    """Whether the last of some credits is added."""
    return "refused" if [add(ledger, RowKind.CREDIT, amount) for amount in amounts][-1] else "recorded"


def left_to_credit(ledger: MadeLedger, *amounts: int) -> int:
    """What can still be credited when so much has been."""
    for amount in amounts:
        add(ledger, RowKind.CREDIT, amount)
    return ledger.owed


def rounded_apart() -> list[int]:
    """Of 200.00, 29 days of 30, and a quarter of that as tax, each rounded; and both together."""
    net = Money(20000, "USD").share(29, 30)
    tax = net.share(25, 100)
    return [net.minor, tax.minor, (net + tax).minor]


def steps_of_three_refunds() -> tuple[list[int], list[int]]:
    """What has been returned in all, and what is owed, after each of three refunds of one payment."""
    ledger = order(24995)
    returned, owed = [], []
    for amount, owed_after in ((1000, 1000), (100, 1000), (1000, 1000)):
        ledger.refund(1, amount, owed_after=owed_after)
        returned.append(ledger.books.refunded.minor)
        owed.append(ledger.owed)
    return returned, owed


def two_payments_returned() -> tuple[list[int], int]:
    """What is owed after each of two payments is returned, and how many rows of payments and refunds there are."""
    ledger = MadeLedger((1000,))
    payments = [ledger.pay(400, on=PAID_ON), ledger.pay(600, on=PAID_ON)]
    owed = []
    for payment in payments:
        ledger.refund(payment)
        owed.append(ledger.owed)
    return owed, len([row for row in ledger.rows if row.kind in (RowKind.CHARGE, RowKind.REFUND)])


def charged_back(amount: int = 1000, *, reversed_again: bool = False) -> MadeLedger:
    """An order of 249.95 with a payment of 10.00 that the bank has taken back, and perhaps returned again."""
    ledger = order(24995, paid=amount)
    ledger.add(RowKind.CHARGEBACK, -amount, returns=1)
    if reversed_again:
        ledger.add(RowKind.CHARGEBACK_REVERSED, amount, returns=1)
    return ledger


def in_favour(total: int, paid: int, credit: int, refund: int) -> int:
    """What is owed when an order that was paid is credited, and some of the payment returned."""
    ledger = order(total, paid=paid)
    ledger.add(RowKind.CREDIT, credit)
    return ledger.refund(1, refund).owed_after.minor


def sent_words(kind: RefundKind) -> str:
    """What the panel says is sent."""
    plan = order(4900).plan(1, kind=kind)
    lines = describe_refund(
        plan, RefundDraft(1, "a key"), paid_on=PAID_ON, method="Check", shares=(), subscription=None, limit=None
    )
    return next(line.text for line in lines if line.label == "Sent")


def sends(kind: RefundKind) -> bool:
    """Whether money moves by recording it."""
    return not sent_words(kind).startswith("nothing")


def newest_first() -> list[date]:
    """The days of the payments as they are offered."""
    ledger = MadeLedger((30000,))
    for day in (date(2025, 12, 15), date(2026, 2, 15), date(2026, 1, 15)):
        ledger.pay(10000, on=day)
    return [payment.paid_on for payment in ledger.books.payments()]


def corrected_the_same_day() -> bool:
    """Whether the record of a refund can be countered on its own day."""
    ledger = order(4900)
    ledger.refund(1)
    return ledger.books.why_not_correct(2, TODAY) is None


def line_then_amount() -> int:
    """What is returned of an order when a line is returned first and then some amount."""
    ledger = order(3250, 2400)
    ledger.refund(1, 2400, line=2)
    ledger.refund(1, 1000)
    return ledger.books.refunded.minor


def paid_today() -> MadeLedger:
    """An order paid today, which no gateway has settled yet."""
    ledger = MadeLedger((4900,))
    ledger.pay(4900)
    return ledger


def over_four_lines() -> list[int]:
    """An invoice of 334.99 whose lines come to 335.00, returned whole: what falls on the lines, and on all of them."""
    ledger = order(8200, 6900, 10200, 8200, paid=33499)
    ledger.refund(1)
    return [sum(shares.values()) for shares in ledger.returned.values()]


_CODES = [reason.code for reason in REFUNDING]

AGREES = [
    Agrees(_LAGO_ROUNDING, "net and tax, each rounded, add up to the total", [19333, 4833, 24166], rounded_apart),
    Agrees(_DAO_UNIT, "no amount is the whole payment", 1000, lambda: order(1000).plan(1).amount.minor),
    Agrees(
        _LAGO_LIMITS,
        "119 of 120 have gone back, 12 more: higher_than_remaining_invoice_amount",
        "refused",
        lambda: refund_outcome(after_refund(order(120), 119), 12),
    ),
    Agrees(
        _LAGO_LIMITS,
        "a credit of 250 where 240 are due: higher_than_remaining_invoice_amount",
        "refused",
        lambda: credits_outcome(unpaid(240), 250),
    ),
    Agrees(
        _LAGO_LIMITS,
        "nothing to return: total_amount_must_be_positive",
        "refused",
        lambda: refund_outcome(order(240), 0),
    ),
    Agrees(
        _LAGO_LIMITS,
        "net and rounded tax returned whole",
        "recorded",
        lambda: refund_outcome(order(19333, 4833), 24166),
    ),
    Agrees(_WOO, "a negative amount", "refused", lambda: refund_outcome(order(4900), -100)),
    Agrees(
        _WOO,
        "more than remains",
        "refused",
        lambda: refund_outcome(after_refund(order(4900), 1000), 3901),
    ),
    Agrees(
        f"{_PAYMENT_REFUND} testRefundWithNoAdjustments",
        "money back without a credit is owed again",
        23382,
        lambda: order(23382).refund(1, owed_after=23382).owed_after.minor,
    ),
    Agrees(
        f"{_INVOICE_DAO} testPartialRefundWithRepairAndInvoiceItemAdjustment",
        "a refund of 7 out of 20 in the customer's favour leaves 13",
        -1300,
        lambda: in_favour(2000, 2000, 2000, 700),
    ),
    Agrees(
        f"{_INVOICE_DAO} testAccountBalanceWithSmallRefundAndCBANoAdj",
        "a refund of 7 out of 10 in the customer's favour leaves 3",
        -300,
        lambda: in_favour(2500, 2500, 1000, 700),
    ),
    Agrees(
        f"{_INVOICE_PAYMENT} testPartialRefunds",
        "three refunds of one payment, the first of them owed again",
        ([1000, 1100, 2100], [1000, 1000, 1000]),
        steps_of_three_refunds,
    ),
    Agrees(
        f"{_INVOICE_PAYMENT} testPartialRefundsOnPartialPayments",
        "each refund belongs to the payment it returns",
        ([0, 0], 4),
        two_payments_returned,
    ),
    Agrees(
        f"{_INVOICE_PAYMENT} chargebacks",
        "the balance before it, with it, and when it is reversed",
        [23995, 24995, 23995],
        lambda: [order(24995, paid=1000).owed, charged_back().owed, charged_back(reversed_again=True).owed],
    ),
    Agrees(
        f"{_PAYMENT_API} testCreateChargeback",
        "a refund is possible again when the chargeback is reversed",
        100,
        lambda: charged_back(reversed_again=True).refund(1, 100).amount.minor,
    ),
    Agrees(_WOO_STATUS, "recording a refund moves no money", False, lambda: sends(RefundKind.REFUND)),
    Agrees(
        _CHARGEBEE,
        "a payment that is not settled, returned whole, becomes a void",
        "void",
        lambda: kinds_possible(paid_today().payment(1), TODAY)[0],
    ),
    Agrees(
        _KEAP,
        "a manual refund moves no money",
        ("Manual refund", False),
        lambda: (REFUND_METHODS[RefundKind.MANUAL].capitalize(), sends(RefundKind.MANUAL)),
    ),
    Agrees(
        _ZUORA,
        "the latest is returned first",
        [date(2026, 2, 15), date(2026, 1, 15), date(2025, 12, 15)],
        newest_first,
    ),
    Agrees(
        _REPAIR,
        "an item that has been adjusted to nothing has nothing left to credit",
        0,
        lambda: left_to_credit(unpaid(239995), 100000, 100000, 39995),
    ),
    Agrees(
        _REPAIR,
        "an adjustment of an item that is fully repaired: Too many repairs",
        "refused",
        lambda: credits_outcome(unpaid(239995), 239995, 100000),
    ),
]

DIFFERS_ON_PURPOSE = [
    Differs(
        f"{_LAGO_2643}: lines of 335.00 on an invoice of 334.99",
        "a full credit note is refused for one cent",
        "That was the fault there. We spread what was paid over the lines, and a cent of theirs stays where it is.",
        over_four_lines,
        [33499],
    ),
    Differs(
        f"{_DAO_UNIT}: a refund of 0",
        "recorded",
        "A refund of nothing returns nothing and would still get a letter, so the amount is above 0.",
        lambda: refund_outcome(order(1000), 0),
        "refused",
    ),
    Differs(
        f"{_DAO_UNIT}: a refund of 10 with item adjustments of 1, 10 and 0",
        "REFUND_AMOUNT_DONT_MATCH_ITEMS_TO_ADJUST",
        "Nobody types what falls on each line: it is worked out, so that it always comes to the amount.",
        lambda: sum(over_lines(10, order(40, 40, 20).lines_left).values()),
        10,
    ),
    Differs(
        f"{_LAGO_LIMITS}: a credit of 241 where 240 are due",
        "recorded",
        "One minor unit of tolerance makes up for amounts that were rounded apart. Ours are whole minor units.",
        lambda: credits_outcome(unpaid(240), 241),
        "refused",
    ),
    Differs(
        f"{_LAGO_LIMITS}: items of 1 for a total of 12",
        "does_not_match_item_amounts",
        "As above: what falls on the lines is worked out from the total.",
        lambda: sum(over_lines(12, order(1, 119).lines_left).values()),
        12,
    ),
    Differs(
        f"{_LAGO_LIMITS}: 10 credited, 20 refunded and 20 offset of 50 paid",
        "recorded",
        "We keep no balance of credit and set no order off against another: a credit only lowers what an order owes.",
        lambda: add(order(50), RowKind.CREDIT, 10),
        "Nothing is due on this order, so there is no credit to add.",
    ),
    Differs(
        f"{_PAYMENT_REFUND} testFailedRefundWithInvoiceAdjustment: adjusted, without items",
        "PAYMENT_PLUGIN_EXCEPTION",
        "No line has to be named: the credit is one row, and the refund is spread over the lines by itself.",
        lambda: order(23382).refund(1).credit.minor,
        23382,
    ),
    Differs(
        f"{_INVOICE_DAO} testRefundWithCBAPartiallyConsumed: what the first invoice owes",
        500,
        "An order's credit is its own and is never spent on another, so a refund of it makes nothing due.",
        lambda: in_favour(1000, 1000, 1000, 1000),
        0,
    ),
    Differs(
        f"{_KILLBILL_DOCS}: an item adjustment of 10 on an invoice that is paid",
        ("account credit", 10),
        "We keep no balance of credit: who is to get something back after paying gets a refund.",
        lambda: add(order(10000), RowKind.ADJUSTMENT, 1000),
        "Nothing is due on this order, so there is no adjustment to add.",
    ),
    Differs(
        f"{_KILLBILL_DOCS}: a credit of 20 on the account and a new charge of 100",
        8000,
        "As above: there is no balance of credit that a new order would draw on.",
        lambda: unpaid(10000).owed,
        10000,
    ),
    Differs(
        f"{_STRIPE_REFUNDS}: a refund called back",
        False,
        "Stripe has sent it. Here it is recorded and not sent, so a slip can be countered on its own day.",
        corrected_the_same_day,
        True,
    ),
    Differs(
        f"{_RECURLY}: ways to refund",
        ["transaction_first", "credit_first", "all_credit", "all_transaction"],
        "Recurly chooses between the payment and a credit balance. We keep no such balance, and name the way back.",
        lambda: [kind.value for kind in RefundKind],
        ["void", "refund", "manual"],
    ),
    Differs(
        f"{_RECURLY}: a line first, then an open amount",
        "refused",
        "What is left of each line is kept, so the two can follow each other.",
        line_then_amount,
        3400,
    ),
    Differs(
        f"{_CHARGEBEE}: a part of a payment that is not settled",
        "refused",
        "Only the gateway knows when it settles, and says no by itself. We refuse a void of a part, and record a "
        "refund.",
        lambda: [refund_outcome(paid_today(), 1000, kind) for kind in (RefundKind.VOID, RefundKind.REFUND)],
        ["refused", "recorded"],
    ),
    Differs(
        f"{_STRIPE_NOTE}: reasons for a credit note",
        ["duplicate", "fraudulent", "order_change", "product_unsatisfactory"],
        "Ours are those of refunds: who asked for it, what did not come, and one for everything else, with a note.",
        lambda: _CODES,
        ["requested_by_customer", "duplicate", "not_delivered", "unsatisfactory", "fraudulent", "other"],
    ),
    Differs(
        f"{_KAUI}: reasons for a refund",
        ["500 - Courtesy", "501 - Billing Error", "502 - Alt payment method", "599 - OTHER"],
        "As above; the last one is theirs too, and only that one needs a note.",
        lambda: [reason.code for reason in REFUNDING if reason.needs_note],
        ["other"],
    ),
    Differs(
        f"{_RECURLY}: reasons for a credit",
        ["general", "gift_card", "promotional", "refund", "service", "write_off"],
        "A credit here lowers what an order owes and has a note; reasons belong to refunds.",
        lambda: "reason_code" in PaymentDraft.__dataclass_fields__,
        False,
    ),
]

HELD = [
    Held(
        _WOO_CANCEL,
        "a subscription that is active goes on when its last order is fully refunded",
        _REFUNDING,
        "test_a_full_refund_does_not_touch_the_subscription",
    ),
    Held(
        f"{_PAYMENT_API} keys sanity",
        "the key of an earlier refund on another payment is refused: keys are unique for all",
        _REFUSALS,
        "test_an_intention_is_recorded_once_whatever_payment_it_names",
    ),
    Held(
        f"{_PAYMENT_API} testCompletionOfUnknownCapture",
        "what has not ended yet is not done again under its key",
        _APPROVALS,
        "test_an_intention_is_asked_for_once",
    ),
    Held(
        _STRIPE_KEYS,
        "a request that failed validation, or ran against another, may be tried again under its key",
        _REFUSALS,
        "test_what_was_refused_can_be_sent_again_under_its_key",
    ),
    Held(
        _OPEN_FOOD,
        "a double click refunded 3.92 twice",
        _RACES,
        "test_one_intention_sent_twice_at_the_same_moment_is_recorded_once",
    ),
    Held(
        _WOO_STRIPE,
        "a refund made in the shop was counted again when the gateway reported it",
        _CORRECTIONS,
        "test_a_reference_noted_later_is_no_further_money",
    ),
]

NOT_OURS = [
    NotOurs(
        f"{_STRIPE_KEYS}: length of a key",
        255,
        "A key is made when the form opens and nobody types it.",
    ),
    NotOurs(
        f"{_STRIPE_KEYS}: a key with GET or DELETE",
        "without effect",
        "Cancelling a subscription is a save here, which names its version; a second one finds nothing to save.",
    ),
]
