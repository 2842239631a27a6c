"""The rules of a refund: the amount left to refund, the rows a refund writes, and the balance afterwards.

Source of the rules: the order's ledger (balance = total - payments + refunds - credits), the product's wizard, which
asks what the customer should still owe, and known faults of other systems that must not happen here: a refund recorded
twice, a refund above the payment, an unintended debt, a refund after a chargeback.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from subtui.domain.days import format_day
from subtui.domain.errors import Invalid, Problem
from subtui.domain.money import Money

Day = Callable[[date], str]

LONGEST_REFERENCE = 100


class RefundKind(StrEnum):
    """The way the money goes back. The program records it and sends no money."""

    VOID = "void"
    REFUND = "refund"
    MANUAL = "manual"


REFUND_KIND_WORDS = {
    RefundKind.VOID: "Void, same day",
    RefundKind.REFUND: "Refund by gateway",
    RefundKind.MANUAL: "Manual record",
}


REFUND_METHODS = {RefundKind.VOID: "Void", RefundKind.REFUND: "Refund", RefundKind.MANUAL: "Manual refund"}
"""The method written into a refund's row; Keap's `PayType`."""


_BY_HAND = frozenset(
    ("cash", "check", "cheque", "money order", "bank transfer", "wire transfer", "wire", "direct deposit")
)
"""Payment methods without a gateway: no gateway can send the money back."""


def usual_kind(method: str) -> RefundKind:
    """The usual kind of refund for a payment method: a manual record where the payment went through no gateway."""
    return RefundKind.MANUAL if " ".join(method.casefold().split()) in _BY_HAND else RefundKind.REFUND


class PaymentState(StrEnum):
    """The state of a payment. Only an approved payment counts."""

    APPROVED = "approved"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PaymentToReturn:
    """A payment, its earlier refunds and the balance of its order.

    `refunded` and `charged_back` are amounts in the payment's currency, not negative. `owed` is the balance of the
    order: positive is due, negative is in the customer's favour.
    """

    id: int
    amount: Money
    paid_on: date
    owed: Money
    state: PaymentState = PaymentState.APPROVED
    refunded: Money | None = None
    charged_back: Money | None = None
    voided: bool = False
    method: str = ""

    @property
    def left(self) -> Money:
        """The amount that can still be refunded; zero for a payment that is not approved or was voided."""
        currency = self.amount.currency
        if self.state is not PaymentState.APPROVED or self.voided or self.amount.minor <= 0:
            return Money.zero(currency)
        back = self.refunded.minor if self.refunded else 0
        lost = self.charged_back.minor if self.charged_back else 0
        return Money(refundable(self.amount.minor, back, lost), currency)


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """The rows of a refund: the amount refunded, and the credit that keeps it from becoming a debt.

    `credit` is zero where the customer should owe the amount. `owed_after` is the balance of the order after both.
    """

    payment_id: int
    kind: RefundKind
    amount: Money
    credit: Money
    owed_before: Money
    owed_after: Money
    left_after: Money

    @property
    def is_last(self) -> bool:
        """Whether nothing of the payment is left to refund afterwards."""
        return self.left_after.is_zero


def refundable(paid: int, refunded: int = 0, charged_back: int = 0) -> int:
    """The amount of a payment that can still be refunded, in minor units; never below 0.

    Raises ValueError for a negative amount: refunds are given without their sign.
    """
    if min(paid, refunded, charged_back) < 0:
        raise ValueError("Paid, refunded and charged back are amounts without a sign.")
    return max(paid - refunded - charged_back, 0)


def kinds_possible(payment: PaymentToReturn, today: date) -> tuple[RefundKind, ...]:
    """The kinds of refund possible today: a void only on the payment's day and in full. Empty when nothing is left."""
    if payment.left.minor <= 0:
        return ()
    if today == payment.paid_on and payment.left == payment.amount:
        return (RefundKind.VOID, RefundKind.REFUND, RefundKind.MANUAL)
    return (RefundKind.REFUND, RefundKind.MANUAL)


def why_not_returnable(payment: PaymentToReturn, today: date, day: Day = format_day) -> str | None:
    """Why nothing of a payment can be refunded, and what to do instead; None when some of it can."""
    if payment.amount.minor <= 0:
        return "This is not a payment. Choose the payment it belongs to."
    if payment.state is PaymentState.PENDING:
        return "This payment is pending. It can be refunded once it is approved."
    if payment.state is PaymentState.FAILED:
        return "This payment failed, so there is nothing to refund."
    if payment.voided:
        return "This payment was voided, so there is nothing to refund."
    if payment.paid_on > today:
        return f"This payment is dated in the future ({day(payment.paid_on)}), so it can't be refunded yet."
    if payment.charged_back and payment.charged_back.minor > 0 and payment.left.minor == 0:
        return "This payment was charged back: the bank has already returned it."
    if payment.left.minor == 0:
        return "This payment has already been refunded in full."
    return None


def plan_refund(
    payment: PaymentToReturn,
    amount: Money | None,
    *,
    owed_after: Money | None,
    today: date,
    kind: RefundKind = RefundKind.REFUND,
    day: Day = format_day,
) -> RefundPlan:
    """Plan the refund of `amount` of a payment; None is all that is left. `owed_after` None is `usual_owed`.

    The part that the customer should not owe is written off with a credit, so that a refund leaves no debt. Raises
    Invalid with the fields and their limits.
    """
    problems: list[Problem] = []
    why = why_not_returnable(payment, today, day)
    if why:
        raise Invalid((Problem("payment", why),))
    left = payment.left
    wanted = left if amount is None else amount
    problems += _amount_problems(wanted, left)
    if not problems and kind not in kinds_possible(payment, today):
        why = (
            "Part of this payment has already been refunded, so it can't be voided. Refund the rest."
            if today == payment.paid_on
            else f"A payment can only be voided on its own day ({day(payment.paid_on)}). Refund it instead."
        )
        problems.append(Problem("kind", why))
    if not problems and kind is RefundKind.VOID and wanted != payment.amount:
        problems.append(Problem("kind", f"A void always returns the whole payment ({payment.amount.format()})."))
    meant = usual_owed(payment, wanted) if owed_after is None else owed_after
    if not problems:
        problems += _owed_problems(payment, wanted, meant)
    if problems:
        raise Invalid(tuple(problems))
    credit = payment.owed + wanted - meant
    return RefundPlan(payment.id, kind, wanted, credit, payment.owed, meant, left - wanted)


def usual_owed(payment: PaymentToReturn, wanted: Money) -> Money:
    """The usual balance after a refund: the balance before it.

    A customer who has paid too much gets that back first: this part is not written off as well.
    """
    if payment.owed.minor >= 0 or payment.owed.currency != wanted.currency:
        return payment.owed
    return Money(min((payment.owed + wanted).minor, 0), wanted.currency)


def _amount_problems(wanted: Money, left: Money) -> list[Problem]:
    if wanted.currency != left.currency:
        return [Problem("amount", f"Enter the amount in {left.currency}, this payment's currency.")]
    if wanted.minor <= 0:
        return [Problem("amount", f"Enter an amount above 0 and at most {left.format()}, all that is left.")]
    if wanted > left:
        return [Problem("amount", f"At most {left.format()} of this payment can still be refunded.")]
    return []


def _owed_problems(payment: PaymentToReturn, wanted: Money, meant: Money) -> list[Problem]:
    """The balance can rise by the refunded amount at most, and a credit never takes money from the customer."""
    most = payment.owed + wanted
    if meant.currency != most.currency:
        return [Problem("owed_after", f"Enter the balance in {most.currency}, this order's currency.")]
    if meant > most:
        return [Problem("owed_after", f"The balance after this refund can be at most {most.format()}.")]
    if meant.minor < min(payment.owed.minor, 0):
        least = Money(min(payment.owed.minor, 0), most.currency)
        return [Problem("owed_after", f"The balance after this refund can't be below {least.format()}.")]
    return []


# --- over the lines of an order ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of an order, and its amount not yet refunded, in minor units."""

    id: int
    left: int


def over_lines(amount: int, lines: Sequence[LineLeft], *, line_id: int | None = None) -> dict[int, int]:
    """Divide a refund over the lines of an order, in minor units: no line gets more than is left of it.

    With `line_id` all of it falls on that line. Without, it is divided in proportion to what is left of each; the line
    with the most left takes the rounding rest. An excess over all lines was overpaid, and falls on none. Raises
    ValueError when the named line is missing or has less left.
    """
    if line_id is not None:
        left = {line.id: line.left for line in lines}.get(line_id)
        if left is None or amount > left:
            raise ValueError("More than is left of this line.")
        return {line_id: amount}
    open_lines = [line for line in lines if line.left > 0]
    whole = sum(line.left for line in open_lines)
    spread = min(amount, whole)
    if spread <= 0:
        return {}
    shares = {line.id: line.left * spread // whole for line in open_lines}
    rest = spread - sum(shares.values())
    for line in sorted(open_lines, key=lambda line: (-line.left, line.id)):
        more = min(rest, line.left - shares[line.id])
        shares[line.id] += more
        rest -= more
    return {number: share for number, share in shares.items() if share}
