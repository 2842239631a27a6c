"""The letter that confirms a refund: its amount and payment, and that it was recorded, not sent, by this program."""

from collections.abc import Callable
from datetime import date

from subtui.domain.money import Money
from subtui.domain.refunds import RefundKind, RefundPlan
from subtui.views.letters import Wording, facts_block

_HOW = {
    RefundKind.VOID: "The charge is voided and usually disappears from your statement within a few days.",
    RefundKind.REFUND: "The refund goes back to the original payment method and usually arrives within ten days.",
    RefundKind.MANUAL: "The refund is paid outside the card system, as agreed with you.",
}

_BY_SERVICE = "the payment provider carries it out, and its reference is your proof."
_PROOF = {
    RefundKind.VOID: _BY_SERVICE,
    RefundKind.REFUND: _BY_SERVICE,
    RefundKind.MANUAL: "the payment you receive is your proof.",
}


def _balance_words(owed: Money) -> str:
    """The balance of the order, in words for the customer."""
    if owed.is_zero:
        return "none"
    return f"{owed.format()} outstanding" if owed.minor > 0 else f"{(-owed).format()} in your favour"


def confirm_refund(
    *,
    account: str,
    customer: str,
    order_id: int,
    title: str,
    plan: RefundPlan,
    paid_on: date,
    reason: str,
    reference: str,
    written_on: date,
    by: str,
    log_hash: str,
    day: Callable[[date], str],
) -> Wording:
    """The letter for a refund that has just been recorded."""
    facts = [
        ("Order", f"{title} (no. {order_id})"),
        ("Paid on", day(paid_on)),
        ("Amount", plan.amount.format()),
        ("Reason", reason),
        ("Recorded on", day(written_on)),
        ("Reference", reference or ("none" if plan.kind is RefundKind.MANUAL else "to follow")),
        ("Balance", _balance_words(plan.owed_after)),
    ]
    paragraphs = [
        f"Dear {customer},",
        f"We have recorded a refund of {plan.amount.format()} for you.",
        facts_block(*facts),
        _HOW[plan.kind],
        f"This letter confirms that the refund was recorded, not sent: {_PROOF[plan.kind]}",
        "A refund does not cancel a subscription. Cancellations are confirmed separately.",
        f"Kind regards,\n{by}\n{account}",
        f"Record {log_hash[:16]}",
    ]
    return Wording(f"Your refund of {plan.amount.format()} for “{title}” has been recorded", "\n\n".join(paragraphs))
