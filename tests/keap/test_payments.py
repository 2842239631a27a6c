"""What the words beside a payment say: only the words for money that came make it count."""

import pytest

from subtui.domain.ledger import RowKind
from subtui.keap.order_words import doubt_of_item_type, doubt_of_order
from subtui.keap.payments import PayStatus, kind_of_method, pay_status, row_kind


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (PayStatus.APPROVED, "|Approved|PAID|Paid in full|Success|succeeded|Completed|MANUAL_PAID|PAYPAL_PAID|settled"),
        (PayStatus.PENDING, "Pending|PROCESSING|On Hold|requires_action|Authorized|pending payment"),
        (PayStatus.FAILED, "Failed|ERROR|declined|Denied|Rejected|Unpaid|Canceled|Cancelled|not paid|Expired"),
        (PayStatus.FAILED, "Failed: insufficient funds|Declined - do not honor|Error (05)|Denied, call the bank"),
        (PayStatus.VOIDED, "Void|VOIDED|voided (same day)"),
        (PayStatus.REFUNDED, "Refunded|REFUNDED|fully refunded"),
        (PayStatus.CHARGED_BACK, "Chargeback|Charge Back|charged back|Chargeback: fraud"),
    ],
)
def test_known_words(expected: PayStatus, words: str) -> None:
    for word in words.split("|"):
        assert pay_status(word) is expected


@pytest.mark.parametrize(
    "word",
    [
        "Partially Refunded",
        "Disputed",
        "NONE",
        "?",
        "1",
        "Paid: refunded later",
        "Approved - no",
        "payed",
        "OK!",
    ],
)
def test_a_word_that_is_not_known_is_never_paid(word: str) -> None:
    with pytest.raises(ValueError, match="is not a known payment status: use Paid, Pending, Failed"):
        pay_status(word)


@pytest.mark.parametrize(
    ("word", "expected"), [("refund", RowKind.REFUND), ("Refund_Correction", RowKind.REFUND_CORRECTION)]
)
def test_kinds_of_rows(word: str, expected: RowKind) -> None:
    assert row_kind(word) is expected
    with pytest.raises(ValueError, match="is not a known kind of payment"):
        row_kind(f"{word}x")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Credit Card (Manual)", RowKind.CHARGE),
        ("Our own voucher", RowKind.CHARGE),
        ("Refundable deposit", RowKind.CHARGE),
        ("Write-off", RowKind.ADJUSTMENT),
        ("CHARGE BACK", RowKind.CHARGEBACK),
        ("Refund by check", None),
        ("PayPal reversal", None),
        ("Voided card", None),
    ],
)
def test_ways_of_paying(word: str, expected: RowKind | None) -> None:
    assert kind_of_method(word) is expected


@pytest.mark.parametrize("word", ["", "4", "16", "PRODUCT", "DISCOUNT_ORDER_TOTAL", "Subscription Plan"])
def test_types_of_items(word: str) -> None:
    assert doubt_of_item_type(word) == ""


@pytest.mark.parametrize("word", ["17", "Gift card", "-1"])
def test_types_of_items_that_are_on_no_list(word: str) -> None:
    assert doubt_of_item_type(word) == "is not a known item type; the line is imported with its price"


@pytest.mark.parametrize("word", ["PAID", "Successful", "Quote", "1", "On hold"])
def test_orders_like_any_other(word: str) -> None:
    assert doubt_of_order({"Promo Code": "Cancelled", "Order Status": word}) is None


@pytest.mark.parametrize("word", ["Cancelled", "DRAFT", "Refunded", "Frozen"])
def test_orders_that_may_be_none(word: str) -> None:
    column, value, reason = doubt_of_order({"OrderStatus": word}) or ("", "", "")
    assert (column, value) == ("OrderStatus", word)
    assert reason.startswith("is kept for reference")
