"""What recording a refund, or other money on an order, will write: in words, before it is done."""

from collections.abc import Callable, Sequence
from datetime import date

from subtui.domain.books import ROW_WORDS, Books, RowKind
from subtui.domain.days import format_day
from subtui.domain.errors import Problem
from subtui.domain.money import Money
from subtui.domain.order_views import MoneyDraft, RefundDraft
from subtui.domain.preview import Line
from subtui.domain.reasons import Reason, no_such_reason
from subtui.domain.refunds import LONGEST_REFERENCE, RefundKind, RefundPlan

Day = Callable[[date], str]

LONGEST_NOTE = 500
RECORDED = "recorded, not sent"
_SENT = {
    RefundKind.VOID: "nothing: void it at the gateway as well",
    RefundKind.REFUND: "nothing: refund it at the gateway as well",
    RefundKind.MANUAL: "nothing: it is paid back outside",
}


def owed_words(owed: Money) -> str:
    """`49.00 USD due`, `nothing due`, `15.00 USD in the customer's favour`."""
    if owed.is_zero:
        return "nothing due"
    return f"{owed.format()} due" if owed.minor > 0 else f"{(-owed).format()} in the customer's favour"


def describe_refund(
    plan: RefundPlan,
    draft: RefundDraft,
    *,
    paid_on: date,
    method: str,
    shares: Sequence[tuple[str, Money]],
    subscription: str,
    limit: Money | None,
    day: Day = format_day,
) -> tuple[Line, ...]:
    """The lines of the panel, each row that will be written first. `limit` is there when somebody else must approve."""
    what = {RefundKind.VOID: "Void", RefundKind.REFUND: "Refund", RefundKind.MANUAL: "Manual"}[plan.kind]
    paid_by = f" by {method}" if method else ""
    lines = [Line(what, f"-{plan.amount.format()} of the payment of {day(paid_on)}{paid_by}", changed=True)]
    no_debt = "it is no debt" if plan.owed_after <= plan.owed_before else "the rest is no debt"
    if plan.credit.minor:
        lines.append(Line("Credit", f"+{plan.credit.format()}, so that {no_debt}", changed=True))
    elif plan.owed_after.minor > 0:
        lines.append(Line("Credit", "none: what goes back is owed again"))
    else:
        lines.append(Line("Credit", "none: it had been paid too much"))
    before, after = owed_words(plan.owed_before), owed_words(plan.owed_after)
    lines.append(Line("Balance", f"{before} → {after}" if before != after else f"{before}, as before"))
    lines.append(Line("Left", f"{plan.left_after.format()} of this payment"))
    if len(shares) > 1 or draft.order_item_id is not None:
        lines += [Line("On line", f"{name}: {share.format()}") for name, share in shares]
    if limit is not None:
        lines.append(Line("Approval", f"waits for another person: above {limit.format()}", changed=True))
    lines.append(Line("Sent", _SENT[plan.kind]))
    if subscription:
        lines.append(Line("Goes on", f"{subscription}: not changed by it"))
    written = "written, ready to copy" if limit is None else "written once it is approved"
    lines.append(Line("Letter", written, changed=limit is None))
    lines.append(Line("Correct", "possible today only, by a counter entry"))
    return tuple(lines)


def draft_problems(draft: RefundDraft, reasons: Sequence[Reason]) -> list[Problem]:
    """What is wrong with the reason, the note and the reference."""
    found: list[Problem] = []
    reason = next((known for known in reasons if known.code == draft.reason_code), None)
    if not draft.reason_code:
        found.append(Problem("reason", "Choose a reason."))
    elif reason is None:
        found.append(Problem("reason", no_such_reason(draft.reason_code, reasons)))
    elif reason.needs_note and not draft.note.strip():
        found.append(Problem("note", f"“{reason.label}” needs a note that says what it was."))
    if len(draft.note) > LONGEST_NOTE:
        found.append(Problem("note", f"A note has at most {LONGEST_NOTE} characters."))
    if len(draft.reference) > LONGEST_REFERENCE:
        found.append(Problem("reference", f"A reference has at most {LONGEST_REFERENCE} characters."))
    return found


# --- payments, credits, adjustments -----------------------------------------------------------------------------------


def money_problems(
    draft: MoneyDraft, books: Books, *, ordered_on: date, today: date, day: Day = format_day
) -> tuple[Problem, ...]:
    """Why a payment, credit or adjustment cannot be added: it brings the balance nearer to nothing, and not past it."""
    found: list[Problem] = []
    owed, amount = books.owed, draft.amount
    word = ROW_WORDS[draft.kind].lower()
    if amount.currency != owed.currency:
        found.append(Problem("amount", f"This order is in {owed.currency}."))
    elif owed.is_zero:
        found.append(Problem("amount", f"Nothing is due on this order, so there is no {word} to add."))
    elif owed.minor > 0 and not 0 < amount.minor <= owed.minor:
        found.append(Problem("amount", f"The {word} is above 0 and at most {owed.format()}, which is due."))
    elif owed.minor < 0 and draft.kind is not RowKind.ADJUSTMENT:
        favour = (-owed).format()
        found.append(Problem("amount", f"{favour} is in the customer's favour: refund it, or add an adjustment."))
    elif owed.minor < 0 and not owed.minor <= amount.minor < 0:
        found.append(Problem("amount", f"The adjustment is below 0 and at least {owed.format()}."))
    paid_on = draft.paid_on or today
    if paid_on > today:
        found.append(Problem("paid_on", "Money that is still to come is not recorded yet."))
    elif paid_on < ordered_on:
        found.append(Problem("paid_on", f"The order was made on {day(ordered_on)}; nothing was paid before."))
    for field, text, most_long in (
        ("note", draft.note, LONGEST_NOTE),
        ("reference", draft.reference, LONGEST_REFERENCE),
    ):
        if len(text) > most_long:
            found.append(Problem(field, f"At most {most_long} characters."))
    if draft.kind is RowKind.ADJUSTMENT and not draft.note.strip():
        found.append(Problem("note", "An adjustment needs a note that says why."))
    return tuple(found)


def describe_money(draft: MoneyDraft, books: Books) -> tuple[Line, ...]:
    """The lines of the panel for a payment, credit or adjustment."""
    after = books.owed - draft.amount if draft.amount.currency == books.currency else books.owed
    sign = "+" if draft.amount.minor > 0 else ""
    return (
        Line(ROW_WORDS[draft.kind], f"{sign}{draft.amount.format()}", changed=True),
        Line("Balance", f"{owed_words(books.owed)} → {owed_words(after)}"),
        Line("Sent", "nothing: no card is charged by it"),
    )
