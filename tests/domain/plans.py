"""Plans of an account, drawn at random, and the invoices that are made for them."""

from datetime import date

from hypothesis import strategies as st

from subtui.domain.account import ONE_DAY, AccountInvoice, AccountPlan
from subtui.domain.billing import Cycle, bill_date, bills_until
from subtui.domain.money import Money

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
"""Two leap days lie within."""

_frequencies = {Cycle.DAY: 45, Cycle.WEEK: 8, Cycle.MONTH: 6, Cycle.YEAR: 2}


@st.composite
def plans(draw: st.DrawFn) -> AccountPlan:
    """Any rhythm, any notice, with or without a first term."""
    cycle = draw(st.sampled_from(Cycle))
    anchor = draw(st.dates(date(2022, 1, 1), date(2026, 6, 30)))
    return AccountPlan(
        name="Classic",
        fee=Money(24900, "USD"),
        cycle=cycle,
        frequency=draw(st.integers(1, _frequencies[cycle])),
        anchor=anchor,
        began_on=anchor - ONE_DAY * draw(st.integers(0, 40)),
        notice_days=draw(st.sampled_from((10, 0, 1, 30)) | st.integers(0, 60)),
        minimum_months=draw(st.none() | st.integers(1, 36)),
    )


def bills_made(plan: AccountPlan, until: date) -> tuple[AccountInvoice, ...]:
    """The invoices that are made on every bill date until a day, that day included; all of them paid."""
    return tuple(
        AccountInvoice(n + 1, f"I-{n + 1}", day, plan.fee, paid_on=day)
        for n in range(bills_until(plan.anchor, plan.cycle, plan.frequency, until))
        for day in [bill_date(plan.anchor, plan.cycle, plan.frequency, n)]
    )


def is_bill_date(plan: AccountPlan, day: date) -> bool:
    """Whether an invoice is made on a day."""
    until = bills_until(plan.anchor, plan.cycle, plan.frequency, day)
    return until > 0 and bill_date(plan.anchor, plan.cycle, plan.frequency, until - 1) == day
