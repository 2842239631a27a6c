"""Makes the payments of orders: the ledger rows of each payment state, in about the shares of the demo data."""

from collections.abc import Sequence
from enum import Enum, auto

from subtui.domain.reasons import REFUNDING
from subtui.domain.refunds import LineLeft, over_lines
from subtui.made_data.days import Calendar
from subtui.made_data.rng import Rng, weighted
from subtui.made_data.sheet_writer import Sheets

CARD = "Credit Card"
_PENDING_DAYS = 4
_DECLINED = ("Declined: insufficient funds", "Declined by the bank", "Declined: card expired", "Declined: do not honor")
_WITHOUT_REFERENCE = 0.01
_REASONS = weighted(
    (reason, 60 if reason.code == "requested_by_customer" else 12) for reason in REFUNDING if not reason.needs_note
)


class Paid(Enum):
    """The payment states of an order."""

    IN_FULL = auto()
    NOT_YET = auto()
    IN_PART = auto()
    FAILED = auto()  # every attempt; still due
    FAILED_THEN_PAID = auto()
    REFUNDED = auto()  # all of it, with a credit so that nothing is owed
    REFUNDED_IN_PART = auto()
    REFUNDED_TWICE = auto()
    REFUNDED_OWING = auto()  # without a credit: an unintended debt
    VOIDED_THEN_PAID = auto()  # charged twice by mistake, one voided the same day
    VOIDED = auto()  # and not charged again
    WRITTEN_OFF = auto()
    PENDING = auto()  # only on orders of the last days


OPEN = frozenset({Paid.NOT_YET, Paid.IN_PART, Paid.FAILED, Paid.VOIDED, Paid.PENDING})
"""The states in which the order is not fully paid."""

_USUAL = (
    (Paid.FAILED_THEN_PAID, 16), (Paid.REFUNDED, 14), (Paid.REFUNDED_IN_PART, 10), (Paid.REFUNDED_TWICE, 2),
    (Paid.REFUNDED_OWING, 5), (Paid.VOIDED_THEN_PAID, 5), (Paid.WRITTEN_OFF, 5), (Paid.PENDING, 15),
)  # fmt: skip
_OLDER = weighted(
    ((Paid.IN_FULL, 914), *_USUAL, (Paid.NOT_YET, 6), (Paid.IN_PART, 4), (Paid.FAILED, 3), (Paid.VOIDED, 1))
)
_NEWEST = weighted(
    ((Paid.IN_FULL, 838), *_USUAL, (Paid.NOT_YET, 34), (Paid.IN_PART, 22), (Paid.FAILED, 30), (Paid.VOIDED, 4))
)


class PaymentHistory:
    """Makes the ledger rows."""

    def __init__(self, chance: Rng, calendar: Calendar, sheets: Sheets) -> None:
        self._chance = chance
        self._calendar = calendar
        self._sheets = sheets
        self._received = self._refunded = 0

    def story(self, day: int, *, newest: bool = False) -> Paid:
        """The payment state of an order of a day; the newest one of a subscription is open more often."""
        paid = self._chance.of(_NEWEST if newest else _OLDER)
        return Paid.IN_FULL if paid is Paid.PENDING and day <= self._calendar.today - _PENDING_DAYS else paid

    def take(
        self, paid: Paid, order_id: int, items: Sequence[tuple[int, int]], total: int, day: int, method: str
    ) -> tuple[int, int]:
        """Write the payments on an order of a day, none of them later than today.

        Returns the sum of payments and the sum of refunds. `items` are the lines with their amounts.
        """
        self._received = self._refunded = 0
        self._take(paid, order_id, items, total, day, method)
        return self._received, self._refunded

    def _take(
        self, paid: Paid, order_id: int, items: Sequence[tuple[int, int]], total: int, day: int, method: str
    ) -> None:
        on = day if method == CARD else self._later(day, 3)
        if paid is Paid.IN_FULL:
            self._row(order_id, on, total, "charge", method)
        elif paid is Paid.NOT_YET:
            return
        elif paid is Paid.WRITTEN_OFF:
            self._row(order_id, day, total, "credit", "Credit", note="Recurring credit")
        elif paid is Paid.PENDING:
            self._row(order_id, day, total, "charge", CARD, state="pending")
        elif paid is Paid.IN_PART:
            self._row(order_id, self._later(day, 6), total * 2 // 5, "charge", "Check", note="The rest follows.")
        elif paid in (Paid.FAILED, Paid.FAILED_THEN_PAID):
            self._attempts(paid, order_id, total, day)
        elif paid in (Paid.VOIDED, Paid.VOIDED_THEN_PAID):
            charge = self._row(order_id, on, total, "charge", method)
            self._row(order_id, on, -total, "void", "Void", note="Duplicate", returns=charge, reason="duplicate")
            if paid is Paid.VOIDED_THEN_PAID:
                self._row(order_id, on, total, "charge", method)
        else:
            charge = self._row(order_id, on, total, "charge", method)
            self._returned(paid, order_id, charge, items, total, on)

    def _attempts(self, paid: Paid, order_id: int, total: int, day: int) -> None:
        words = self._chance.of(_DECLINED)
        days = (day,) if paid is Paid.FAILED_THEN_PAID else (day, day + 2, day + 4)
        for on in days:
            if on <= self._calendar.today:
                self._row(order_id, on, total, "charge", CARD, state="failed", note=words)
        if paid is Paid.FAILED_THEN_PAID:
            self._row(order_id, self._later(day, 2), total, "charge", CARD)

    def _returned(
        self, paid: Paid, order_id: int, charge: int, items: Sequence[tuple[int, int]], total: int, charged_on: int
    ) -> None:
        left = dict(items)
        reason = self._chance.of(_REASONS)
        amounts = {
            Paid.REFUNDED: (total,),
            Paid.REFUNDED_IN_PART: (max(1, min(1000, total // 2)),),
            Paid.REFUNDED_TWICE: (max(1, min(1000, total // 2)), max(1, min(500, total // 4))),
            Paid.REFUNDED_OWING: (max(1, min(1500, total // 2)),),
        }[paid]
        day = charged_on
        for amount in amounts:
            day = self._later(day, 2 + self._chance.below(9))
            refund = self._row(
                order_id, day, -amount, "refund", "Refund", note=reason.label, returns=charge, reason=reason.code
            )
            for item, share in over_lines(amount, [LineLeft(*line) for line in left.items()]).items():
                left[item] -= share
                self._sheets.put("refund_line", refund, item, share)
            if paid is not Paid.REFUNDED_OWING:
                note = "Nothing owed after the refund"
                self._row(order_id, day, amount, "credit", "Credit", note=note, refund=refund)

    def _row(
        self,
        order_id: int,
        day: int,
        amount: int,
        kind: str,
        method: str,
        *,
        state: str = "approved",
        note: str = "",
        returns: int | None = None,
        refund: int | None = None,
        reason: str = "",
    ) -> int:
        if state == "approved":
            self._received += amount
            self._refunded -= amount if kind == "refund" else 0
        reference = ""
        if (
            state != "failed"
            and (method == CARD or returns is not None)
            and not self._chance.happens(_WITHOUT_REFERENCE)
        ):
            reference = f"CH-{100_000 + self._chance.below(900_000)}"
        on = self._calendar.on(day)
        return self._sheets.add(
            "payment", order_id, returns, refund, kind, method, state, on, amount, reference, note, reason
        )

    def _later(self, day: int, days: int) -> int:
        return min(day + days, self._calendar.today)
