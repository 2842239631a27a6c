"""The letter about a request to end the account says who asked, who recorded it, and what follows."""

from dataclasses import replace
from datetime import date

import pytest

from subtui.domain.account import AccountInvoice, AccountPlan, assess_account
from subtui.domain.billing import Cycle
from subtui.domain.days import format_day
from subtui.domain.money import Money
from subtui.views.account_letters import Asked, confirm_request
from subtui.views.account_words import statements
from subtui.views.letters import Wording

FEE = Money(9900, "USD")
PLAN = AccountPlan("Classic", FEE, Cycle.MONTH, 1, anchor=date(2024, 1, 19), began_on=date(2024, 1, 19))
ASKED = Asked(
    ticket="T-0007",
    by="Ada Owner",
    role="owner",
    reason="Too expensive",
    comment="",
    email="ada@shop.example",
    phone="",
    preferred="e-mail",
    recorded_on=date(2026, 3, 2),
    recorded_by="Ada Owner",
)


def letter(
    asked: Asked = ASKED,
    received_on: date = date(2026, 3, 2),
    *,
    plan: AccountPlan = PLAN,
    invoices: tuple[AccountInvoice, ...] = (),
) -> Wording:
    found = assess_account(plan, received_on, invoices=invoices)
    return confirm_request(
        account="Corner Shop",
        asked=asked,
        plan=plan,
        found=found,
        acknowledged=statements(plan, found),
        log_hash="ab" * 32,
        day=format_day,
    )


def test_the_whole_letter() -> None:
    written = letter()
    assert written.subject == "T-0007: your request to cancel Corner Shop"
    assert written.body == (
        "Dear Ada Owner,\n\n"
        "We have received your request to cancel the subscription of Corner Shop.\n\n"
        "  Ticket        T-0007\n"
        "  Account       Corner Shop\n"
        "  Plan          Classic, 99.00 USD a month\n"
        "  Requested     2 Mar 2026 by Ada Owner (owner)\n"
        "  Recorded      2 Mar 2026 by Ada Owner\n"
        "  Reason        Too expensive\n"
        "  Last invoice  No further invoices\n"
        "  Account ends  18 Mar 2026 (end of day)\n"
        "  Refund        No refund for unused time\n"
        "  Our answer    by 4 Mar 2026, by e-mail\n\n"
        "The following terms were acknowledged:\n"
        "  - Notice is at least 10 days before the next invoice: cancel by 9 Mar 2026 to avoid the 19 Mar 2026 "
        "invoice.\n"
        "  - There are no further invoices, and the account ends on 18 Mar 2026.\n"
        "  - Fees are not prorated: there is no refund for unused time.\n\n"
        "We will reply to you at ada@shop.example. You can withdraw this request until 18 Mar 2026.\n\n"
        "Corner Shop\n\n"
        "Record abababababababab"
    )


def test_a_request_that_somebody_completed_names_both() -> None:
    body = letter(replace(ASKED, by="Bo Agent", role="agent", recorded_by="Ada Owner")).body
    assert "Dear Bo Agent," in body
    assert "recorded for you by Ada Owner." in body
    assert "2 Mar 2026 by Bo Agent (agent)" in body
    assert "2 Mar 2026 by Ada Owner" in body


@pytest.mark.parametrize(
    ("email", "phone", "reach"),
    [
        ("ada@shop.example", "", "ada@shop.example"),
        ("", "+1 602-555-0142", "+1 602-555-0142"),
        ("ada@shop.example", "+1 602-555-0142", "ada@shop.example or +1 602-555-0142"),
    ],
)
def test_it_says_where_the_answer_goes(email: str, phone: str, reach: str) -> None:
    assert f"We will reply to you at {reach}." in letter(replace(ASKED, email=email, phone=phone)).body


def test_a_comment_is_repeated_and_none_is_not_mentioned() -> None:
    assert "Your comment: We close the shop." in letter(replace(ASKED, comment="We close the shop.")).body
    assert "You wrote" not in letter().body


def test_a_late_request_says_what_is_still_charged() -> None:
    body = letter(received_on=date(2026, 3, 10)).body
    assert "Last invoice  19 Mar 2026, 99.00 USD" in body
    assert "Account ends  18 Apr 2026 (end of day)" in body
    assert "The 19 Mar 2026 invoice (99.00 USD) is still charged" in body


def test_within_the_minimum_term_it_says_how_many_invoices_follow() -> None:
    body = letter(plan=replace(PLAN, minimum_months=30)).body
    assert "Last invoice  19 Jun 2026 (4 more, 396.00 USD in total)" in body
    assert "  - The minimum term runs until 18 Jul 2026 and must be paid in full.\n" in body


def test_invoices_made_after_the_request_are_named() -> None:
    march = AccountInvoice(1, "I-3", date(2026, 3, 19), FEE)
    april = AccountInvoice(2, "I-4", date(2026, 4, 19), FEE)
    assert "Issued after the request and to be reversed: I-3, I-4." in letter(invoices=(march, april)).body
    assert "Made after" not in letter().body
