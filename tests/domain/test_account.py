"""What ending the account leads to, until when that holds, and the words that say so."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtui.domain.account import ONE_DAY, AccountInvoice, AccountPlan, Assessment, assess_account, holds_until
from subtui.domain.billing import Cycle
from subtui.domain.days import days_words
from subtui.domain.money import Money
from subtui.views.account_letters import Asked, confirm_request
from subtui.views.account_words import clock_words, describe, last_invoice_words, statements

from .plans import bills_made, days, is_bill_date, plans

FEE = Money(24900, "USD")
PLAN = AccountPlan("Classic", FEE, Cycle.MONTH, 1, anchor=date(2019, 5, 19), began_on=date(2019, 5, 6))
NEW = replace(PLAN, anchor=date(2025, 5, 19), began_on=date(2025, 5, 6), minimum_months=12)
"""Within its first term, which runs until 5 May 2026."""

MARCH_2 = date(2026, 3, 2)
SAFE = date(2026, 3, 9)


def invoice(number: str, issued_on: date, *, paid: bool = True, amount: Money = FEE) -> AccountInvoice:
    return AccountInvoice(1, number, issued_on, amount, issued_on if paid else None)


FEBRUARY = invoice("I-2", date(2026, 2, 19))
MARCH = invoice("I-3", date(2026, 3, 19))
APRIL = invoice("I-4", date(2026, 4, 19))


def asked(received_on: date, *invoices: AccountInvoice, plan: AccountPlan = PLAN) -> Assessment:
    return assess_account(plan, received_on, invoices=invoices or (FEBRUARY,))


# --- what asking leads to ---------------------------------------------------------------------------------------------


def test_asking_in_time_makes_no_further_invoice() -> None:
    assert asked(MARCH_2) == Assessment(
        received_on=MARCH_2,
        next_invoice=date(2026, 3, 19),
        last_safe_day=SAFE,
        in_time=True,
        invoices=0,
        last_invoice=None,
        to_pay=Money(0, "USD"),
        ends_on=date(2026, 3, 18),
        refund=Money(0, "USD"),
        answer_due=date(2026, 3, 4),
        still_open=(),
    )


def test_asking_late_makes_one_more_invoice_and_ends_a_cycle_later() -> None:
    in_time, late = asked(SAFE), asked(SAFE + ONE_DAY)
    assert in_time.ends_on == date(2026, 3, 18)
    assert late == replace(
        in_time,
        received_on=SAFE + ONE_DAY,
        in_time=False,
        invoices=1,
        last_invoice=date(2026, 3, 19),
        to_pay=FEE,
        ends_on=date(2026, 4, 18),
        answer_due=date(2026, 3, 12),
    )


@pytest.mark.parametrize(
    ("received_on", "made", "upcoming", "invoices", "ends_on"),
    [
        (date(2026, 3, 18), (FEBRUARY,), date(2026, 3, 19), 1, date(2026, 4, 18)),
        (date(2026, 3, 19), (FEBRUARY,), date(2026, 3, 19), 1, date(2026, 4, 18)),
        (date(2026, 3, 19), (FEBRUARY, MARCH), date(2026, 4, 19), 0, date(2026, 4, 18)),
        (date(2026, 3, 20), (FEBRUARY,), date(2026, 4, 19), 0, date(2026, 4, 18)),
        (date(2026, 3, 20), (FEBRUARY, MARCH), date(2026, 4, 19), 0, date(2026, 4, 18)),
        (date(2026, 3, 2), (FEBRUARY, MARCH), date(2026, 3, 19), 0, date(2026, 3, 18)),
        (date(2026, 3, 10), (FEBRUARY, MARCH), date(2026, 3, 19), 1, date(2026, 4, 18)),
        (date(2019, 5, 10), (), date(2019, 5, 19), 1, date(2019, 6, 18)),
        (date(2019, 5, 9), (), date(2019, 5, 19), 0, date(2019, 5, 18)),
    ],
    ids=[
        "the day before the invoice",
        "on its day, not made yet",
        "on its day, made",
        "the day after, nobody has entered it",
        "the day after",
        "recorded after it was made, asked in time for it",
        "recorded after it was made, asked late for it",
        "before the first invoice, late",
        "before the first invoice, in time",
    ],
)
def test_the_next_invoice_is_the_first_that_was_not_made_on_the_day_of_asking(
    received_on: date, made: tuple[AccountInvoice, ...], upcoming: date, invoices: int, ends_on: date
) -> None:
    found = assess_account(PLAN, received_on, invoices=made)
    assert (found.next_invoice, found.invoices, found.ends_on) == (upcoming, invoices, ends_on)


@pytest.mark.parametrize(
    ("received_on", "made_since"),
    [(MARCH_2, (MARCH, APRIL)), (SAFE, (MARCH, APRIL)), (SAFE + ONE_DAY, (APRIL,)), (date(2026, 4, 10), ())],
)
def test_invoices_made_after_the_end_are_to_be_taken_back(
    received_on: date, made_since: tuple[AccountInvoice, ...]
) -> None:
    assert asked(received_on, FEBRUARY, MARCH, APRIL).made_since == made_since


def test_only_what_was_made_before_and_is_not_paid_stays_open() -> None:
    january = invoice("I-1", date(2026, 1, 19), paid=False)
    february = invoice("I-2", date(2026, 2, 19), paid=False, amount=Money(10000, "USD"))
    march = invoice("I-3", date(2026, 3, 19), paid=False)
    assert asked(MARCH_2, FEBRUARY).still_open == ()
    assert asked(MARCH_2, january, FEBRUARY).still_open == (FEE,)
    assert asked(MARCH_2, january, february).still_open == (Money(34900, "USD"),)
    assert asked(MARCH_2, january, FEBRUARY, march).still_open == (FEE,)
    late = asked(SAFE + ONE_DAY, FEBRUARY, march)
    assert (late.still_open, late.to_pay) == ((), FEE), "the invoice of March counts once"


@pytest.mark.parametrize(
    ("began_on", "months", "received_on", "term_ends_on", "invoices", "last_invoice", "ends_on"),
    [
        (date(2025, 5, 6), 12, MARCH_2, date(2026, 5, 5), 2, date(2026, 4, 19), date(2026, 5, 18)),
        (date(2025, 5, 6), 12, SAFE + ONE_DAY, date(2026, 5, 5), 2, date(2026, 4, 19), date(2026, 5, 18)),
        (date(2025, 5, 6), 12, date(2026, 4, 9), date(2026, 5, 5), 1, date(2026, 4, 19), date(2026, 5, 18)),
        (date(2025, 5, 6), 12, date(2026, 4, 10), None, 1, date(2026, 4, 19), date(2026, 5, 18)),
        (date(2025, 5, 6), 12, date(2026, 5, 9), None, 0, None, date(2026, 5, 18)),
        (date(2025, 3, 19), 12, MARCH_2, None, 0, None, date(2026, 3, 18)),
        (date(2025, 3, 20), 12, MARCH_2, date(2026, 3, 19), 1, date(2026, 3, 19), date(2026, 4, 18)),
        (date(2025, 4, 19), 12, MARCH_2, date(2026, 4, 18), 1, date(2026, 3, 19), date(2026, 4, 18)),
        (date(2024, 2, 29), 24, date(2026, 2, 1), date(2026, 2, 27), 1, date(2026, 2, 19), date(2026, 3, 18)),
        (date(2025, 8, 31), 6, date(2026, 1, 30), date(2026, 2, 27), 1, date(2026, 2, 19), date(2026, 3, 18)),
        (date(2026, 1, 19), 3, MARCH_2, date(2026, 4, 18), 1, date(2026, 3, 19), date(2026, 4, 18)),
        (None, 12, MARCH_2, None, 0, None, date(2026, 3, 18)),
    ],
    ids=[
        "in time, two invoices left in the term",
        "late, and the term decides all the same",
        "one invoice left in the term",
        "late for the last invoice of the term, so the notice decides",
        "after the term",
        "the term ends with the notice",
        "the term ends a day later than the notice",
        "the term ends with a cycle",
        "a term that began on a leap day",
        "a term that ends in a short month",
        "a short term",
        "nobody knows when it began",
    ],
)
def test_the_minimum_term_decides_where_it_ends_later_than_the_notice(
    began_on: date | None,
    months: int,
    received_on: date,
    term_ends_on: date | None,
    invoices: int,
    last_invoice: date | None,
    ends_on: date,
) -> None:
    plan = replace(PLAN, began_on=began_on, minimum_months=months)
    found = assess_account(plan, received_on, invoices=bills_made(plan, received_on))
    assert (found.term_ends_on, found.invoices, found.last_invoice) == (term_ends_on, invoices, last_invoice)
    assert (found.ends_on, found.to_pay) == (ends_on, FEE.times(invoices))


def test_the_answer_skips_the_accounts_days_off() -> None:
    off = {date(2026, 3, 3), date(2026, 3, 5)}
    assert assess_account(PLAN, MARCH_2, holidays=off).answer_due == date(2026, 3, 6)
    assert assess_account(replace(PLAN, answer_days=0), MARCH_2, holidays={MARCH_2}).answer_due == date(2026, 3, 3)


def test_a_plan_says_its_price_and_its_rhythm() -> None:
    assert (PLAN.price_words, PLAN.cycle_words) == ("249.00 USD a month", "monthly")
    quarterly = replace(PLAN, frequency=3)
    assert (quarterly.price_words, quarterly.cycle_words) == ("249.00 USD every 3 months", "quarterly")
    assert PLAN.term_ends_on is None
    assert NEW.term_ends_on == date(2026, 5, 5)


# --- what holds for every plan and every day --------------------------------------------------------------------------


def assessed(plan: AccountPlan, day: date, *, made_today: bool) -> tuple[Assessment, int]:
    """What asking on a day leads to, and how many invoices there are in the end: those made, and those to come."""
    made = bills_made(plan, day if made_today else day - ONE_DAY)
    found = assess_account(plan, day, invoices=made)
    return found, len(made) + found.invoices


@given(plan=plans(), one=days, other=days, made=st.tuples(st.booleans(), st.booleans()))
def test_asking_earlier_is_never_worse(plan: AccountPlan, one: date, other: date, made: tuple[bool, bool]) -> None:
    first, last = sorted((one, other))
    earlier, in_all = assessed(plan, first, made_today=made[0])
    later, in_all_later = assessed(plan, last, made_today=made[1] or (first == last and made[0]))
    assert earlier.ends_on <= later.ends_on
    assert in_all <= in_all_later
    assert earlier.answer_due <= later.answer_due


@given(plan=plans(), day=days, made_today=st.booleans())
def test_it_always_ends_before_a_bill_date_with_the_invoices_till_then_paid(
    plan: AccountPlan, day: date, made_today: bool
) -> None:
    found, _ = assessed(plan, day, made_today=made_today)
    assert is_bill_date(plan, found.ends_on + ONE_DAY)
    assert is_bill_date(plan, found.next_invoice)
    assert found.refund == Money(0, "USD")
    assert found.to_pay == plan.fee.times(found.invoices)
    assert (found.last_invoice is None) is (found.invoices == 0)
    if found.term_ends_on is None:
        assert (found.last_invoice is None) is found.in_time
    else:
        assert found.ends_on >= found.term_ends_on
    if plan.notice_days:
        assert found.ends_on >= found.received_on


@given(plan=plans(), day=days, later=st.integers(0, 90))
def test_recording_later_what_was_asked_earlier_leads_to_the_same(plan: AccountPlan, day: date, later: int) -> None:
    at_once = assess_account(plan, day, invoices=bills_made(plan, day))
    since = assess_account(plan, day, invoices=bills_made(plan, day + ONE_DAY * later))
    assert replace(since, made_since=()) == at_once
    assert all(invoice.issued_on > since.ends_on for invoice in since.made_since)


@given(plan=plans(), day=days, made_today=st.booleans())
def test_the_end_holds_on_every_day_until_the_one_named_and_not_on_the_day_after(
    plan: AccountPlan, day: date, made_today: bool
) -> None:
    made = bills_made(plan, day if made_today else day - ONE_DAY)
    found = assess_account(plan, day, invoices=made)
    until, later = holds_until(plan, found, invoices=made)
    assert until >= day
    # A sample of the days between, the two at the ends among them: some terms are long.
    steps = {*range(0, (until - day).days, max(1, (until - day).days // 20)), (until - day).days}
    for step in steps:
        again = assess_account(plan, day + ONE_DAY * step, invoices=made)
        assert again.ends_on == found.ends_on
    assert later.received_on == until + ONE_DAY
    assert later.ends_on > found.ends_on


@pytest.mark.parametrize(
    ("plan", "received_on", "until", "later_ends_on"),
    [
        (PLAN, MARCH_2, SAFE, date(2026, 4, 18)),
        (PLAN, SAFE, SAFE, date(2026, 4, 18)),
        (PLAN, SAFE + ONE_DAY, date(2026, 4, 9), date(2026, 5, 18)),
        (PLAN, date(2026, 3, 20), date(2026, 4, 9), date(2026, 5, 18)),
        (NEW, MARCH_2, date(2026, 5, 9), date(2026, 6, 18)),
        (replace(PLAN, cycle=Cycle.WEEK, anchor=date(2026, 3, 5)), MARCH_2, date(2026, 3, 5), date(2026, 3, 18)),
    ],
    ids=["in time", "on the last safe day", "late", "after the invoice", "a minimum term", "a notice beyond the cycle"],
)
def test_how_long_an_end_holds(plan: AccountPlan, received_on: date, until: date, later_ends_on: date) -> None:
    found = assess_account(plan, received_on, invoices=(FEBRUARY,))
    day, later = holds_until(plan, found, invoices=(FEBRUARY,))
    assert (day, later.ends_on) == (until, later_ends_on)


# --- words ------------------------------------------------------------------------------------------------------------


def panel(plan: AccountPlan, found: Assessment, today: date) -> list[tuple[str, str]]:
    return [(line.label, line.text) for line in describe(plan, found, today=today)]


def test_the_panel_in_time() -> None:
    assert panel(PLAN, asked(MARCH_2), MARCH_2) == [
        ("Notice", "In time (7 days left)"),
        ("Invoices", "No further invoices"),
        ("Ends", "18 Mar 2026 (end of day)"),
        ("Refund", "No refund for unused time"),
        ("Answer due", "4 Mar 2026"),
        ("Withdraw", "Possible until 18 Mar 2026"),
    ]


def test_the_panel_too_late_with_an_open_invoice() -> None:
    late = SAFE + ONE_DAY
    assert panel(PLAN, asked(late, invoice("I-2", date(2026, 2, 19), paid=False)), late) == [
        ("Notice", "Too late for the 19 Mar 2026 invoice (last safe day was 9 Mar 2026)"),
        ("Invoices", "19 Mar 2026, 249.00 USD"),
        ("Ends", "18 Apr 2026 (end of day)"),
        ("Refund", "No refund for unused time"),
        ("Outstanding", "249.00 USD still due"),
        ("Answer due", "12 Mar 2026"),
        ("Withdraw", "Possible until 18 Apr 2026"),
    ]


def test_the_panel_within_the_minimum_term() -> None:
    assert panel(NEW, assess_account(NEW, MARCH_2, invoices=(FEBRUARY,)), MARCH_2)[:4] == [
        ("Notice", "In time (7 days left)"),
        ("Term", "Minimum term runs until 5 May 2026"),
        ("Invoices", "19 Apr 2026 (2 more, 498.00 USD in total)"),
        ("Ends", "18 May 2026 (end of day)"),
    ]


def test_the_panel_for_what_was_asked_before_an_invoice_was_made() -> None:
    lines = panel(PLAN, asked(MARCH_2, FEBRUARY, MARCH), date(2026, 3, 25))
    assert lines[0] == ("Notice", "In time (requested on 2 Mar 2026)")
    assert ("To reverse", "I-3 of 19 Mar 2026") in lines


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        (date(2026, 3, 7), "In time (2 days left)"),
        (date(2026, 3, 8), "In time (1 day left)"),
        (SAFE, "In time (last safe day is today)"),
        (SAFE + ONE_DAY, "Too late for the 19 Mar 2026 invoice (last safe day was 9 Mar 2026)"),
        (date(2026, 3, 19), "Too late for the 19 Mar 2026 invoice (last safe day was 9 Mar 2026)"),
        (date(2026, 3, 20), "In time (20 days left)"),
    ],
)
def test_the_notice_is_worded_by_the_days_that_are_left(day: date, notice: str) -> None:
    assert panel(PLAN, asked(day), day)[0] == ("Notice", notice)


@pytest.mark.parametrize(
    ("day", "made", "sentence"),
    [
        (MARCH_2, (), "7 days left: cancel by 9 Mar to avoid the 19 Mar invoice."),
        (date(2026, 3, 7), (), "2 days left: cancel by 9 Mar to avoid the 19 Mar invoice."),
        (date(2026, 3, 8), (), "1 day left: cancel by tomorrow, 9 Mar, to avoid the 19 Mar invoice."),
        (SAFE, (), "Last day: cancel today to avoid the 19 Mar invoice."),
        (
            SAFE + ONE_DAY,
            (),
            "Too late for the 19 Mar invoice: the last safe day was 9 Mar, 1 day ago.",
        ),
        (
            date(2026, 3, 19),
            (),
            "Too late for the 19 Mar invoice: the last safe day was 9 Mar, 10 days ago.",
        ),
        (
            date(2026, 3, 19),
            (date(2026, 3, 19),),
            "21 days left: cancel by 9 Apr to avoid the 19 Apr invoice.",
        ),
    ],
)
def test_the_clock_says_until_when_asking_is_in_time(day: date, made: tuple[date, ...], sentence: str) -> None:
    found = asked(day, *(invoice(f"I-{n}", made_on) for n, made_on in enumerate(made)))
    assert clock_words(found, today=day) == sentence


def test_where_the_minimum_term_decides_the_clock_says_so() -> None:
    found = assess_account(replace(PLAN, began_on=date(2026, 1, 19), minimum_months=6), MARCH_2)
    words = "The minimum term runs until 18 Jul 2026: the account ends on 18 Jul 2026."
    assert clock_words(found, today=MARCH_2) == words


def test_open_invoices_in_another_currency_are_not_added_to_the_fee() -> None:
    euros = invoice("I-1", date(2026, 1, 19), paid=False, amount=Money(2000, "EUR"))
    dollars = invoice("I-2", date(2026, 2, 19), paid=False)
    found = asked(MARCH_2, euros, dollars)
    assert found.still_open == (Money(2000, "EUR"), FEE)
    assert "Open invoices (20.00 EUR and 249.00 USD) are still due." in statements(PLAN, found)


def test_asked_on_the_day_of_an_invoice_without_notice_it_is_too_late() -> None:
    found = assess_account(replace(PLAN, notice_days=0), date(2026, 3, 19))
    assert (found.in_time, found.ends_on) == (False, date(2026, 4, 18))


def test_recorded_after_its_own_end_it_can_no_longer_be_withdrawn() -> None:
    found = asked(MARCH_2, FEBRUARY)
    lines = {line.label: line.text for line in describe(PLAN, found, today=date(2026, 3, 25))}
    assert lines["Withdraw"] == "No longer possible"


def test_the_terms_in_time() -> None:
    assert statements(PLAN, asked(MARCH_2)) == (
        "Notice is at least 10 days before the next invoice: cancel by 9 Mar 2026 to avoid the 19 Mar 2026 invoice.",
        "There are no further invoices, and the account ends on 18 Mar 2026.",
        "Fees are not prorated: there is no refund for unused time.",
    )


def test_the_terms_too_late_with_an_open_invoice() -> None:
    found = asked(SAFE + ONE_DAY, invoice("I-2", date(2026, 2, 19), paid=False))
    assert statements(PLAN, found)[1:] == (
        "The 19 Mar 2026 invoice (249.00 USD) is still charged, and the account ends on 18 Apr 2026.",
        "Fees are not prorated: there is no refund for unused time.",
        "Open invoices (249.00 USD) are still due.",
    )


def test_the_terms_within_the_minimum_term() -> None:
    assert statements(NEW, assess_account(NEW, MARCH_2, invoices=(FEBRUARY,)))[1:3] == (
        "The minimum term runs until 5 May 2026 and must be paid in full.",
        "2 more invoices (498.00 USD in total) are still charged, and the account ends on 18 May 2026.",
    )


def test_one_day_is_not_days() -> None:
    assert [days_words(count) for count in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert "at least 1 day before" in statements(replace(PLAN, notice_days=1), asked(MARCH_2))[0]


def test_dates_are_written_as_the_settings_want_them() -> None:
    found = asked(SAFE + ONE_DAY, FEBRUARY, APRIL)
    words = [
        *(line.text for line in describe(PLAN, found, today=SAFE, day=date.isoformat)),
        *statements(PLAN, found, day=date.isoformat),
        clock_words(asked(MARCH_2), today=MARCH_2, day=date.isoformat),
    ]
    assert "2026-04-18" in " ".join(words)
    assert not [text for text in words if " Mar " in text or " Apr " in text]


@given(plan=plans(), day=days, made_today=st.booleans())
def test_panel_terms_clock_and_letter_never_contradict_each_other(
    plan: AccountPlan, day: date, made_today: bool
) -> None:
    made = bills_made(plan, day if made_today else day - ONE_DAY)
    found = assess_account(plan, day, invoices=made)
    lines = dict(panel(plan, found, day))
    said = " ".join(statements(plan, found))
    clock = clock_words(found, today=day)
    letter = confirm_request(
        account="Corner Shop",
        asked=Asked("T-0001", "Ada Owner", "owner", "Unused", "", "ada@shop.example", "", "e-mail", day, "Ada Owner"),
        plan=plan,
        found=found,
        acknowledged=statements(plan, found),
        log_hash="ab" * 32,
        day=lambda day: day.isoformat(),
    ).body
    assert lines["Notice"].startswith("In time") is found.in_time
    assert lines["Notice"].startswith("Too late") is not found.in_time
    decides = found.term_ends_on is not None
    assert clock.startswith("The minimum term" if decides else ("" if found.in_time else "Too late"))
    assert ("no further invoice" in said) is (found.invoices == 0) is (lines["Invoices"] == "No further invoices")
    assert ("still charged" in said) is (found.invoices > 0)
    assert ("minimum term" in said) is ("Term" in lines)
    assert lines["Invoices"] == last_invoice_words(plan, found)
    end = lines["Ends"].removesuffix(" (end of day)")
    assert f"the account ends on {end}." in said
    assert lines["Withdraw"] == f"Possible until {end}"
    assert re.search(rf"Account ends +{found.ends_on} \(end of day\)\n", letter)
    assert f"You can withdraw this request until {found.ends_on}." in letter
    for statement in statements(plan, found):
        assert f"  - {statement}\n" in letter
