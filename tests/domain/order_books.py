"""An order's books, kept in the tests as the services keep them: what is paid, returned, credited and charged back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from subtui.domain.ledger import Ledger, LedgerEntry, RowKind
from subtui.domain.money import Money
from subtui.domain.refunds import (
    LineLeft,
    PaymentState,
    PaymentToReturn,
    RefundKind,
    RefundPlan,
    over_lines,
    plan_refund,
)

TODAY = date(2026, 3, 2)
PAID_ON = date(2026, 2, 15)


def usd(text: str) -> Money:
    """An amount in dollars, as typed."""
    return Money.parse(text, "USD")


def total_of(amounts: Iterable[int]) -> int:
    """The sum of amounts in minor units."""
    return sum(amounts)


@dataclass
class MadeLedger:
    """The rows of one order, and what is left of its lines. Amounts are in minor units of its currency."""

    lines: Sequence[int]
    currency: str = "USD"
    today: date = TODAY
    rows: list[LedgerEntry] = field(default_factory=list)
    returned: dict[int, dict[int, int]] = field(default_factory=dict)
    """What each refund has taken from which line."""

    @property
    def books(self) -> Ledger:
        """The books as they stand."""
        return Ledger(self.money(total_of(self.lines)), tuple(self.rows))

    @property
    def owed(self) -> int:
        """The balance."""
        return self.books.owed.minor

    @property
    def lines_left(self) -> tuple[LineLeft, ...]:
        """What has not been returned of each line, by its number from 1."""
        corrected = {row.returns_id for row in self.rows if row.kind is RowKind.REFUND_CORRECTION}
        taken = [shares for refund, shares in self.returned.items() if refund not in corrected]
        return tuple(
            LineLeft(number, max(amount - total_of(shares.get(number, 0) for shares in taken), 0))
            for number, amount in enumerate(self.lines, start=1)
        )

    def money(self, minor: int) -> Money:
        """An amount in the order's currency."""
        return Money(minor, self.currency)

    def add(
        self,
        kind: RowKind,
        amount: int,
        *,
        on: date | None = None,
        state: PaymentState = PaymentState.APPROVED,
        returns: int | None = None,
        refund: int | None = None,
    ) -> int:
        """Write a row; its id."""
        number = len(self.rows) + 1
        self.rows.append(
            LedgerEntry(number, kind, amount, on or self.today, state=state, returns_id=returns, refund_id=refund)
        )
        return number

    def pay(self, amount: int, *, on: date | None = None, state: PaymentState = PaymentState.APPROVED) -> int:
        """A payment; its id."""
        return self.add(RowKind.CHARGE, amount, on=on, state=state)

    def payment(self, number: int) -> PaymentToReturn:
        """A payment as the rules see it."""
        found = self.books.payment(number)
        assert found is not None
        return found

    def plan(
        self,
        payment: int,
        amount: int | None = None,
        *,
        owed_after: int | None = None,
        kind: RefundKind = RefundKind.REFUND,
    ) -> RefundPlan:
        """What a refund would write."""
        return plan_refund(
            self.payment(payment),
            None if amount is None else self.money(amount),
            owed_after=None if owed_after is None else self.money(owed_after),
            today=self.today,
            kind=kind,
        )

    def refund(
        self,
        payment: int,
        amount: int | None = None,
        *,
        owed_after: int | None = None,
        kind: RefundKind = RefundKind.REFUND,
        line: int | None = None,
    ) -> RefundPlan:
        """Write a refund, its credit and what it takes from the lines; the plan that was followed."""
        plan = self.plan(payment, amount, owed_after=owed_after, kind=kind)
        shares = over_lines(plan.amount.minor, self.lines_left, line_id=line)
        back = RowKind.VOID if kind is RefundKind.VOID else RowKind.REFUND
        number = self.add(back, -plan.amount.minor, returns=payment)
        self.returned[number] = shares
        if plan.credit.minor:
            self.add(RowKind.CREDIT, plan.credit.minor, refund=number)
        return plan

    def correct(self, number: int) -> None:
        """Counter a refund, and the credit that was written with it."""
        assert self.books.why_not_correct(number, self.today) is None
        for row, kind in self.books.corrections(number):
            self.add(kind, -row.amount, returns=row.id)
