"""The preview, in words, of the rows that a refund or another payment form will write on an order."""

from collections.abc import Callable, Sequence
from datetime import date

from subtui.domain.days import format_day
from subtui.domain.errors import Problem
from subtui.domain.ledger import ROW_WORDS, Ledger, RowKind
from subtui.domain.money import Money
from subtui.domain.reasons import Reason, no_such_reason
from subtui.domain.refunds import LONGEST_REFERENCE, RefundKind, RefundPlan
from subtui.views.orders import PaymentDraft, RefundDraft
from subtui.views.preview import Line

Day = Callable[[date], str]

LONGEST_NOTE = 500
RECORDED = "recorded, not sent"
_SENT = {
    RefundKind.VOID: "nothing; void it at the gateway too",
    RefundKind.REFUND: "nothing; refund it at the gateway too",
    RefundKind.MANUAL: "nothing; pay it back outside subtui",
}


def owed_words(owed: Money) -> str:
    """`49.00 USD due`, `nothing due`, `15.00 USD in the customer's favour`."""
    if owed.is_zero:
        return "nothing due"
    return f"{owed.format()} due" if owed.minor > 0 else f"{(-owed).format()} in the customer's favour"


def _balance_words(plan: RefundPlan) -> str:
    """The effect of a refund's credit on the balance."""
    after = "zero" if plan.owed_after.is_zero else owed_words(plan.owed_after)
    return f"balance stays at {after}" if plan.owed_after == plan.owed_before else f"balance becomes {after}"


def describe_refund(
    plan: RefundPlan,
    draft: RefundDraft,
    *,
    paid_on: date,
    method: str,
    shares: Sequence[tuple[str, Money]],
    subscription: int | None,
    limit: Money | None,
    day: Day = format_day,
) -> tuple[Line, ...]:
    """The lines of the preview panel, the rows to be written first. `limit` is set when another user must approve."""
    what = {RefundKind.VOID: "Void", RefundKind.REFUND: "Refund", RefundKind.MANUAL: "Manual"}[plan.kind]
    paid_by = f" ({method})" if method else ""
    lines = [Line(what, f"-{plan.amount.format()} of the payment on {day(paid_on)}{paid_by}", changed=True)]
    if plan.credit.minor:
        lines.append(Line("Credit", f"+{plan.credit.format()} ({_balance_words(plan)})", changed=True))
    elif plan.owed_after.minor > 0:
        lines.append(Line("Credit", "none (the refunded amount is due again)"))
    else:
        lines.append(Line("Credit", "none (this refunds an overpayment)"))
    before, after = owed_words(plan.owed_before), owed_words(plan.owed_after)
    lines.append(Line("Balance", f"{before} → {after}" if before != after else f"{before} (unchanged)"))
    lines.append(Line("Left", f"{plan.left_after.format()} of this payment"))
    if len(shares) > 1 or draft.order_item_id is not None:
        lines += [Line("On line", f"{name}: {share.format()}") for name, share in shares]
    if limit is not None:
        lines.append(Line("Approval", f"needed from another user (above {limit.format()})", changed=True))
    lines.append(Line("Sent", _SENT[plan.kind]))
    if subscription is not None:
        lines.append(Line("Continues", f"Subscription {subscription} unaffected"))
    written = "ready after saving" if limit is None else "written after approval"
    lines.append(Line("Letter", written, changed=limit is None))
    lines.append(Line("Reverse", "possible today only"))
    return tuple(lines)


def draft_problems(draft: RefundDraft, reasons: Sequence[Reason]) -> list[Problem]:
    """The problems of the reason, the note and the reference."""
    found: list[Problem] = []
    reason = next((known for known in reasons if known.code == draft.reason_code), None)
    if not draft.reason_code:
        found.append(Problem("reason", "Choose a reason."))
    elif reason is None:
        found.append(Problem("reason", no_such_reason(draft.reason_code, reasons)))
    elif reason.needs_note and not draft.note.strip():
        found.append(Problem("note", f"Add a note: the reason “{reason.label}” needs one."))
    if len(draft.note) > LONGEST_NOTE:
        found.append(Problem("note", f"A note can have at most {LONGEST_NOTE} characters."))
    if len(draft.reference) > LONGEST_REFERENCE:
        found.append(Problem("reference", f"A reference can have at most {LONGEST_REFERENCE} characters."))
    return found


# --- payments, credits, adjustments -----------------------------------------------------------------------------------


def money_problems(
    draft: PaymentDraft, books: Ledger, *, ordered_on: date, today: date, day: Day = format_day
) -> tuple[Problem, ...]:
    """The problems of a payment, credit or adjustment: it must bring the balance nearer to zero, and not past it."""
    found: list[Problem] = []
    owed, amount = books.owed, draft.amount
    word = ROW_WORDS[draft.kind].lower()
    if amount.currency != owed.currency:
        found.append(Problem("amount", f"Enter the amount in {owed.currency}, this order's currency."))
    elif owed.is_zero:
        found.append(Problem("amount", f"Nothing is due on this order, so there is no {word} to add."))
    elif owed.minor > 0 and not 0 < amount.minor <= owed.minor:
        found.append(Problem("amount", f"Enter an amount above 0 and at most {owed.format()}, the balance due."))
    elif owed.minor < 0 and draft.kind is not RowKind.ADJUSTMENT:
        favour = (-owed).format()
        found.append(Problem("amount", f"{favour} is in the customer's favour: refund it, or add an adjustment."))
    elif owed.minor < 0 and not owed.minor <= amount.minor < 0:
        found.append(Problem("amount", f"Enter an adjustment below 0 and at least {owed.format()}."))
    paid_on = draft.paid_on or today
    if paid_on > today:
        found.append(Problem("paid_on", "The date can't be in the future."))
    elif paid_on < ordered_on:
        found.append(Problem("paid_on", f"The date can't be before the order ({day(ordered_on)})."))
    for field, text, most_long in (
        ("note", draft.note, LONGEST_NOTE),
        ("reference", draft.reference, LONGEST_REFERENCE),
    ):
        if len(text) > most_long:
            found.append(Problem(field, f"At most {most_long} characters."))
    if draft.kind is RowKind.ADJUSTMENT and not draft.note.strip():
        found.append(Problem("note", "Add a note: an adjustment needs a reason."))
    return tuple(found)


def describe_money(draft: PaymentDraft, books: Ledger) -> tuple[Line, ...]:
    """The lines of the panel for a payment, credit or adjustment."""
    after = books.owed - draft.amount if draft.amount.currency == books.currency else books.owed
    sign = "+" if draft.amount.minor > 0 else ""
    return (
        Line(ROW_WORDS[draft.kind], f"{sign}{draft.amount.format()}", changed=True),
        Line("Balance", f"{owed_words(books.owed)} → {owed_words(after)}"),
        Line("Sent", "nothing; no card is charged"),
    )
