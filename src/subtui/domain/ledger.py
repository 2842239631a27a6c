"""The ledger of an order: its rows, the amount of each payment left to refund, and the balance.

Balance = total - payments + refunds - credits. Refunds and voids are negative rows that name the payment they return;
credits are positive rows. Only approved rows count.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from subtui.domain.days import format_day
from subtui.domain.money import Money
from subtui.domain.refunds import PaymentState, PaymentToReturn, why_not_returnable


class RowKind(StrEnum):
    """The kinds of ledger rows. A correction takes back a refund, or its credit, of the same day."""

    CHARGE = "charge"
    REFUND = "refund"
    VOID = "void"
    CREDIT = "credit"
    ADJUSTMENT = "adjustment"
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSED = "chargeback_reversed"
    REFUND_CORRECTION = "refund_correction"
    CREDIT_CORRECTION = "credit_correction"


ROW_WORDS = {
    RowKind.CHARGE: "Payment",
    RowKind.REFUND: "Refund",
    RowKind.VOID: "Void",
    RowKind.CREDIT: "Credit",
    RowKind.ADJUSTMENT: "Adjustment",
    RowKind.CHARGEBACK: "Chargeback",
    RowKind.CHARGEBACK_REVERSED: "Chargeback reversed",
    RowKind.REFUND_CORRECTION: "Reversal",
    RowKind.CREDIT_CORRECTION: "Reversal",
}
_BACK = (RowKind.REFUND, RowKind.VOID)
_CHARGED_BACK = (RowKind.CHARGEBACK, RowKind.CHARGEBACK_REVERSED)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row of an order's ledger, its amount with its sign, in minor units.

    `returns_id` names the payment that a refund, void or chargeback returns, or the refund or credit that a correction
    takes back. `refund_id` names the refund that a credit was written with.
    """

    id: int
    kind: RowKind
    amount: int
    paid_on: date
    state: PaymentState = PaymentState.APPROVED
    method: str = ""
    reference: str = ""
    note: str = ""
    reason_code: str = ""
    returns_id: int | None = None
    refund_id: int | None = None
    recorded_by: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is part of the balance."""
        return self.state is PaymentState.APPROVED


@dataclass(frozen=True, slots=True)
class Ledger:
    """All rows of one order. `total` is the sum of its lines."""

    total: Money
    rows: tuple[LedgerEntry, ...]

    @property
    def currency(self) -> str:
        """The order's currency."""
        return self.total.currency

    @property
    def owed(self) -> Money:
        """The balance: positive is due, negative is in the customer's favour."""
        return Money(self.total.minor - sum(row.amount for row in self.rows if row.counts), self.currency)

    @property
    def paid(self) -> Money:
        """The sum of payments, without voided ones."""
        return self._sum((RowKind.CHARGE, RowKind.VOID)) + self._countered(RowKind.VOID)

    @property
    def refunded(self) -> Money:
        """The sum of refunds, without corrected ones; not negative."""
        return -(self._sum((RowKind.REFUND,)) + self._countered(RowKind.REFUND))

    @property
    def credited(self) -> Money:
        """The sum of credits."""
        return self._sum((RowKind.CREDIT, RowKind.ADJUSTMENT, RowKind.CREDIT_CORRECTION))

    def _sum(self, kinds: Iterable[RowKind]) -> Money:
        wanted = tuple(kinds)
        return Money(sum(row.amount for row in self.rows if row.counts and row.kind in wanted), self.currency)

    def _countered(self, kind: RowKind) -> Money:
        """The sum of refunds, or of voids, taken back by corrections."""
        ids = {row.id for row in self.rows if row.kind is kind}
        back = (row for row in self.rows if row.counts and row.kind is RowKind.REFUND_CORRECTION)
        return Money(sum(row.amount for row in back if row.returns_id in ids), self.currency)

    def row(self, row_id: int) -> LedgerEntry | None:
        """The row with that id."""
        return next((row for row in self.rows if row.id == row_id), None)

    def payments(self) -> tuple[PaymentToReturn, ...]:
        """Every payment in the form that the refund rules take, the newest first."""
        charges = [row for row in self.rows if row.kind is RowKind.CHARGE]
        return tuple(
            self._to_return(row) for row in sorted(charges, key=lambda row: (row.paid_on, row.id), reverse=True)
        )

    @property
    def left_to_return(self) -> Money:
        """The amount of all payments together that can still be refunded."""
        return Money(sum(payment.left.minor for payment in self.payments()), self.currency)

    def payment(self, payment_id: int) -> PaymentToReturn | None:
        """The payment with that id, or None when that row is no payment."""
        return next((payment for payment in self.payments() if payment.id == payment_id), None)

    def _to_return(self, charge: LedgerEntry) -> PaymentToReturn:
        about = [row for row in self.rows if row.returns_id == charge.id and row.counts]
        back = {row.id: row for row in about if row.kind in _BACK}
        corrected = sum(row.amount for row in self.rows if row.returns_id in back and row.counts)
        voided = sum(self._net(row) for row in back.values() if row.kind is RowKind.VOID)
        returned = -sum(row.amount for row in back.values()) - corrected
        lost = -sum(row.amount for row in about if row.kind in _CHARGED_BACK)
        return PaymentToReturn(
            id=charge.id,
            amount=Money(charge.amount, self.currency),
            paid_on=charge.paid_on,
            owed=self.owed,
            state=charge.state,
            refunded=Money(max(returned, 0), self.currency),
            charged_back=Money(max(lost, 0), self.currency),
            voided=voided < 0,
            method=charge.method,
        )

    def _net(self, row: LedgerEntry) -> int:
        """A row's amount together with its corrections."""
        return row.amount + sum(other.amount for other in self.rows if other.returns_id == row.id and other.counts)

    def why_not_refund(self, today: date, day: Callable[[date], str] = format_day) -> str | None:
        """Why nothing of the order can be refunded, as of the newest payment; None when some of it can."""
        payments = self.payments()
        if not payments:
            return "Nothing has been paid on this order, so there is nothing to refund."
        reasons = [why_not_returnable(payment, today, day) for payment in payments]
        return None if None in reasons else reasons[0]

    def why_not_correct(self, row_id: int, today: date) -> str | None:
        """Why a refund or a void cannot be corrected, or None: by a counter entry, on its own day, once."""
        row = self.row(row_id)
        if row is None or row.kind not in _BACK:
            return "Only a refund or a void can be reversed."
        if self._net(row) == 0:
            return "This refund has already been reversed."
        if row.paid_on != today:
            return "A refund can only be reversed on its own day. After that, record a new payment."
        return None

    def why_not_reference(self, row_id: int) -> str | None:
        """Why a row takes no gateway reference, or None: only an uncorrected refund or void takes one."""
        row = self.row(row_id)
        if row is None or row.kind not in _BACK:
            return "Select a refund or a void first: only these have a gateway reference."
        if self._net(row) == 0:
            return "This refund was reversed, so it has no gateway reference."
        return None

    def corrections(self, row_id: int) -> tuple[tuple[LedgerEntry, RowKind], ...]:
        """The rows to counter when a refund is corrected: itself, and the credits that were written with it."""
        row = self.row(row_id)
        if row is None:
            return ()
        with_it = [other for other in self.rows if other.refund_id == row_id and self._net(other) != 0]
        return ((row, RowKind.REFUND_CORRECTION), *((credit, RowKind.CREDIT_CORRECTION) for credit in with_it))


def in_order(rows: Sequence[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    """The rows in the order of the screen: each payment followed by the rows that return it, then the others."""
    below: dict[int, list[LedgerEntry]] = {}
    ids = {row.id for row in rows}
    tops: list[LedgerEntry] = []
    for row in sorted(rows, key=lambda row: (row.paid_on, row.id)):
        parent = row.returns_id or row.refund_id
        if parent in ids:
            below.setdefault(parent, []).append(row)
        else:
            tops.append(row)

    def whole(row: LedgerEntry) -> list[LedgerEntry]:
        return [row, *(each for child in below.get(row.id, ()) for each in whole(child))]

    return tuple(each for top in tops for each in whole(top))
