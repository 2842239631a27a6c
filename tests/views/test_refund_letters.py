"""The letter about a refund names what was recorded, and never reads as if the money had been sent from here."""

import re
from datetime import date

import pytest

from subtui.domain.refunds import RefundKind, RefundPlan
from subtui.views.letters import Wording
from subtui.views.refund_letters import confirm_refund
from tests.domain.order_books import PAID_ON, TODAY, MadeLedger

SENT = re.compile(
    r"\b(we|has|have|was|were|been) (sent|transferred|refunded|returned|paid back|credited)\b", re.IGNORECASE
)
"""How a letter would say that the money is on its way."""


def planned(kind: RefundKind = RefundKind.REFUND, *, owed_after: int | None = None) -> RefundPlan:
    """A payment of 49.00 of today, returned whole."""
    ledger = MadeLedger((4900,))
    ledger.pay(4900)
    return ledger.plan(1, owed_after=owed_after, kind=kind)


def letter(plan: RefundPlan, *, reference: str = "") -> Wording:
    return confirm_refund(
        account="Corner Shop",
        customer="Ann Lee",
        order_id=7,
        title="Monthly",
        plan=plan,
        paid_on=PAID_ON,
        reason="Duplicate",
        reference=reference,
        written_on=TODAY,
        by="Dana Reyes",
        log_hash="ab" * 32,
        day=date.isoformat,
    )


def test_it_names_the_order_the_payment_the_amount_and_the_reason() -> None:
    written = letter(planned(), reference="RF-1")
    assert written.subject == "Your refund of 49.00 USD for “Monthly” has been recorded"
    assert written.body.startswith("Dear Ann Lee,\n\nWe have recorded a refund of 49.00 USD for you.\n\n")
    assert written.body.endswith("Dana Reyes\nCorner Shop\n\nRecord abababababababab")
    for label, text in (
        ("Order", "Monthly (no. 7)"),
        ("Paid on", "2026-02-15"),
        ("Amount", "49.00 USD"),
        ("Reason", "Duplicate"),
        ("Recorded on", "2026-03-02"),
        ("Reference", "RF-1"),
        ("Balance", "none"),
    ):
        assert f"  {label:<13}{text}\n" in written.body


@pytest.mark.parametrize("reference", ["", "RF-1"])
def test_a_reference_that_is_not_there_yet_follows(reference: str) -> None:
    assert f"  Reference    {reference or 'to follow'}\n" in letter(planned(), reference=reference).body


@pytest.mark.parametrize("kind", RefundKind)
def test_it_confirms_that_it_was_recorded_and_not_sent(kind: RefundKind) -> None:
    written = letter(planned(kind))
    assert "the refund was recorded, not sent" in written.body
    assert "recorded" in written.subject
    assert SENT.search(written.body.replace("was recorded, not sent", "")) is None


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        (RefundKind.VOID, "disappears from your statement"),
        (RefundKind.REFUND, "goes back to the original payment method"),
        (RefundKind.MANUAL, "is paid outside the card system"),
    ],
)
def test_it_says_which_way_the_money_goes(kind: RefundKind, way: str) -> None:
    ways = [way in letter(planned(other)).body for other in RefundKind]
    assert ways == [other is kind for other in RefundKind]


@pytest.mark.parametrize(
    ("owed_after", "words"),
    [(None, "none"), (0, "none"), (4900, "49.00 USD outstanding"), (900, "9.00 USD outstanding")],
)
def test_it_says_what_is_still_owed(owed_after: int | None, words: str) -> None:
    assert f"  Balance      {words}\n" in letter(planned(owed_after=owed_after)).body


def test_it_says_that_no_subscription_ends_by_it() -> None:
    assert "A refund does not cancel a subscription." in letter(planned()).body
