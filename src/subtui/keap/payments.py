"""Reads the status and the kind of a payment row.

Both are closed lists. An unknown word is never taken to mean that the money was received.
"""

import re
from enum import StrEnum
from functools import lru_cache

from subtui.domain.ledger import RowKind


class PayStatus(StrEnum):
    """The status of a row's money. The last three mean that it was received and returned."""

    APPROVED = "approved"
    PENDING = "pending"
    FAILED = "failed"
    VOIDED = "voided"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged back"


UNDONE = frozenset((PayStatus.VOIDED, PayStatus.REFUNDED, PayStatus.CHARGED_BACK))

_WORDS = {
    PayStatus.APPROVED: """
        approved|paid|manual paid|paypal paid|paid in full|fully paid|success|succeeded|successful|complete|completed|
        captured|settled|cleared|processed|charged|accepted|received|posted
    """,
    PayStatus.PENDING: """
        pending|processing|in process|in progress|authorized|authorised|scheduled|on hold|held|submitted|
        awaiting payment|pending payment|payment pending|requires action|requires capture|requires confirmation
    """,
    PayStatus.FAILED: """
        failed|fail|failure|payment failed|error|declined|denied|rejected|refused|unpaid|not paid|canceled|cancelled|
        expired|abandoned|incomplete|uncollected|insufficient funds|nsf|bounced|requires payment method
    """,
    PayStatus.VOIDED: "void|voided",
    PayStatus.REFUNDED: "refund|refunded|fully refunded|paid and refunded",
    PayStatus.CHARGED_BACK: "chargeback|charge back|charged back|chargedback",
}
_STATUSES = {" ".join(word.split()): status for status, words in _WORDS.items() for word in words.split("|")}
_MONEY_IS_NOT_THERE = frozenset(PayStatus) - {PayStatus.APPROVED}
_REASON = re.compile(r"\s*(?:[:;,(\[/|]|\s[-–—]|[–—])")
_SIGNS = re.compile(r"[\W_]+")
_LISTED = "Paid, Pending, Failed, Declined, Canceled, Voided, Refunded or Chargeback"

_METHODS = {
    "refund": RowKind.REFUND,
    "void": RowKind.VOID,
    "credit": RowKind.CREDIT,
    "adjustment": RowKind.ADJUSTMENT,
    "write off": RowKind.ADJUSTMENT,
    "writeoff": RowKind.ADJUSTMENT,
    "chargeback": RowKind.CHARGEBACK,
    "charge back": RowKind.CHARGEBACK,
}
_GOES_BACK = re.compile(r"\b(?:refund(?:ed|s)?|void(?:ed)?|charge ?back|reversal|reversed)\b")
_KINDS = {kind.value.replace("_", " "): kind for kind in RowKind} | {"payment": RowKind.CHARGE, "sale": RowKind.CHARGE}


@lru_cache(maxsize=1024)
def pay_status(text: str) -> PayStatus:
    """Read a payment's status; a reason may follow a status without money (`Failed: card expired`).

    An empty status is that of old Keap rows, which were written only for received money. Raises ValueError.
    """
    if not text.strip():
        return PayStatus.APPROVED
    found = _STATUSES.get(_plain(text))
    if found is None:
        found = _STATUSES.get(_plain(_REASON.split(text.strip(), maxsplit=1)[0]))
        if found not in _MONEY_IS_NOT_THERE:
            raise ValueError(f"is not a known payment status: use {_LISTED}")
    return found


@lru_cache(maxsize=1024)
def row_kind(text: str) -> RowKind:
    """Read the kind of a row of money. Raises ValueError."""
    found = _KINDS.get(_plain(text))
    if found is None:
        raise ValueError("is not a known kind of payment: use charge, refund, void, credit, adjustment or chargeback")
    return found


@lru_cache(maxsize=1024)
def kind_of_method(text: str) -> RowKind | None:
    """The kind that a payment method implies; None for an account's own method that reads like returned money.

    Keap lets an account name its own payment methods; all other methods are payments.
    """
    word = _plain(text)
    found = _METHODS.get(word)
    if found is None and _GOES_BACK.search(word):
        return None
    return found or RowKind.CHARGE


def _plain(text: str) -> str:
    return _SIGNS.sub(" ", text).strip().casefold()
