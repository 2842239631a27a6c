"""The letter that confirms a refund: what goes back, for what, and that it was recorded, and not sent, here."""

from collections.abc import Callable
from datetime import date

from subtui.domain.letters import Wording, facts_block
from subtui.domain.refund_preview import owed_words
from subtui.domain.refunds import RefundKind, RefundPlan

_HOW = {
    RefundKind.VOID: "The charge is voided: it disappears from your statement, usually within some days.",
    RefundKind.REFUND: "It goes back the way it was paid, and usually arrives within ten days.",
    RefundKind.MANUAL: "It is paid back outside of the card system, as agreed with you.",
}

_BY_SERVICE = "the payment service makes it, and its reference is the proof of it."
_PROOF = {
    RefundKind.VOID: _BY_SERVICE,
    RefundKind.REFUND: _BY_SERVICE,
    RefundKind.MANUAL: "what you receive is the proof of it.",
}


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
        ("Payment", f"of {day(paid_on)}"),
        ("Amount", plan.amount.format()),
        ("Reason", reason),
        ("Recorded on", day(written_on)),
        ("Reference", reference or ("none" if plan.kind is RefundKind.MANUAL else "follows")),
        ("Still owed", owed_words(plan.owed_after)),
    ]
    paragraphs = [
        f"Dear {customer},",
        f"We have recorded a refund of {plan.amount.format()} for you.",
        facts_block(*facts),
        _HOW[plan.kind],
        f"This letter confirms that the refund was recorded, not sent: {_PROOF[plan.kind]}",
        "A refund does not end a subscription. If one of yours is to end, it is confirmed separately.",
        f"{by}\n{account}",
        f"Record {log_hash[:16]}",
    ]
    return Wording(f"A refund of {plan.amount.format()} for “{title}” is recorded", "\n\n".join(paragraphs))
