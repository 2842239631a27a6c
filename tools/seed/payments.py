"""How the demo's orders were paid: the payment rows that each story leaves on an order."""

from datetime import date, timedelta
from enum import Enum, auto
from itertools import count
from random import Random
from typing import Literal

from seed.catalog import DAY
from subtui.storage.seed_format import SeedPayment

CARD = "Credit Card"


class Paid(Enum):
    """How an order was paid."""

    IN_FULL = auto()
    NOT_YET = auto()
    IN_PART = auto()
    FAILED = auto()  # every attempt so far; still due
    FAILED_THEN_PAID = auto()
    REFUNDED = auto()  # all of it, with the credit that leaves nothing owed
    REFUNDED_IN_PART = auto()  # 10.00 with its credit
    REFUNDED_TWICE = auto()  # 10.00 and 5.00, both with their credit
    REFUNDED_OWING = auto()  # 15.00 without a credit: a debt that nobody meant
    VOIDED_THEN_PAID = auto()  # charged twice by mistake, one voided the same day
    VOIDED = auto()  # and not charged again
    WRITTEN_OFF = auto()
    PENDING = auto()


OPEN = frozenset({Paid.NOT_YET, Paid.IN_PART, Paid.FAILED, Paid.VOIDED, Paid.PENDING})
"""Those that leave the customer not paid up."""

Kind = Literal["charge", "refund", "void", "credit"]
State = Literal["approved", "failed", "pending"]


class PaymentHistory:
    """Makes payments with ids of their own, in the order in which they are asked for."""

    def __init__(self, random: Random) -> None:
        self._ids = count(40001)
        self._random = random

    def take(self, paid: Paid, total: int, day: date, method: str) -> list[SeedPayment]:
        """The payments on an order of `day`, none of them later than the demo's day."""
        if paid is Paid.NOT_YET:
            return []
        if paid is Paid.WRITTEN_OFF:
            return [self._row(day, total, "credit", method="Credit", note="Recurring credit")]
        if paid in (Paid.FAILED, Paid.FAILED_THEN_PAID):
            return self._attempts(paid, total, day)
        if paid is Paid.PENDING:
            return [self._row(day, total, "charge", state="pending", method=CARD)]
        if paid is Paid.IN_PART:
            return [self._row(_later(day, 6), total * 2 // 5, "charge", method="Check", note="The rest follows.")]
        charge = self._row(day if method == CARD else _later(day, 3), total, "charge", method=method)
        return [charge, *self._after(paid, charge)]

    def _attempts(self, paid: Paid, total: int, day: date) -> list[SeedPayment]:
        words = self._random.choice(("Declined: insufficient funds", "Declined by the bank"))
        days = [day + timedelta(days=2 * attempt) for attempt in range(3)]
        if paid is Paid.FAILED_THEN_PAID:
            missed = self._row(day, total, "charge", state="failed", method=CARD, note=words)
            return [missed, self._row(_later(day, 2), total, "charge", method=CARD)]
        return [self._row(day, total, "charge", state="failed", method=CARD, note=words) for day in days if day <= DAY]

    def _after(self, paid: Paid, charge: SeedPayment) -> list[SeedPayment]:
        total, day = charge.amount_minor, _later(charge.paid_on, 4)
        match paid:
            case Paid.REFUNDED:
                return [self._back(charge, day, total, "Requested by customer"), self._credit(day, total)]
            case Paid.REFUNDED_IN_PART:
                return [self._back(charge, day, 1000, "Unsatisfactory"), self._credit(day, 1000)]
            case Paid.REFUNDED_TWICE:
                later = _later(day, 9)
                return [
                    self._back(charge, day, 1000, "Not delivered: flour missing"),
                    self._credit(day, 1000),
                    self._back(charge, later, 500, "Unsatisfactory"),
                    self._credit(later, 500),
                ]
            case Paid.REFUNDED_OWING:
                return [self._back(charge, day, 1500, "Requested by customer")]
            case Paid.VOIDED:
                return [self._void(charge)]
            case Paid.VOIDED_THEN_PAID:
                return [self._void(charge), self._row(charge.paid_on, total, "charge", method=charge.method)]
            case _:
                return []

    def _back(self, charge: SeedPayment, day: date, amount: int, note: str) -> SeedPayment:
        return self._row(day, -amount, "refund", method="Refund", note=note, returns=charge.id)

    def _void(self, charge: SeedPayment) -> SeedPayment:
        return self._row(
            charge.paid_on, -charge.amount_minor, "void", method="Void", note="Duplicate", returns=charge.id
        )

    def _credit(self, day: date, amount: int) -> SeedPayment:
        return self._row(day, amount, "credit", method="Credit", note="Nothing owed after the refund")

    def _row(
        self,
        day: date,
        amount: int,
        kind: Kind,
        *,
        method: str,
        state: State = "approved",
        note: str = "",
        returns: int | None = None,
    ) -> SeedPayment:
        moved = state != "failed" and (method == CARD or kind in ("refund", "void"))
        return SeedPayment(
            id=next(self._ids),
            paid_on=day,
            amount_minor=amount,
            kind=kind,
            state=state,
            method=method,
            returns_payment_id=returns,
            gateway_reference=f"CH-{self._random.randrange(100000, 1000000)}" if moved else "",
            note=note,
        )


def _later(day: date, days: int) -> date:
    return min(day + timedelta(days=days), DAY)
