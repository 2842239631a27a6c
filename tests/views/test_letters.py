"""The letter says what was done, and when it is not done yet it does not say that it is."""

from dataclasses import replace
from datetime import date

import pytest

from subtui.domain.days import format_day
from subtui.domain.money import Money
from subtui.domain.subscriptions import Ending, Status, Terms
from subtui.views.letters import Wording, confirm_ending
from subtui.views.preview import SubscriptionContext

INACTIVE = Ending(Status.INACTIVE, auto_charge=False, next_bill_date=None, end_date=date(2026, 3, 14))
ENDING = replace(INACTIVE, status=Status.ACTIVE, auto_charge=True, next_bill_date=date(2026, 3, 15))


def letter(ending: Ending, around: SubscriptionContext | None = None) -> Wording:
    return confirm_ending(
        account="Corner Shop",
        customer="Ann Lee",
        plan="Monthly",
        subscription_id=7,
        terms=Terms(ending, 1, Money(1000, "USD")),
        around=around or SubscriptionContext(),
        written_on=date(2026, 3, 2),
        by="Dana Reyes",
        log_hash="ab" * 32,
        day=format_day,
    )


@pytest.mark.parametrize(
    ("ending", "subject", "charges"),
    [
        (INACTIVE, "Your subscription “Monthly” has been cancelled", "No further charges will be made."),
        (ENDING, "Your subscription “Monthly” will end on 14 Mar 2026", "Charged as usual until 14 Mar 2026"),
    ],
)
def test_the_subject_and_the_charges_fit_what_was_done(ending: Ending, subject: str, charges: str) -> None:
    written = letter(ending)
    assert written.subject == subject
    assert charges in written.body
    assert ("has been cancelled" in written.body) is (ending is INACTIVE)


def test_it_names_the_day_of_the_request_the_way_back_and_the_record() -> None:
    body = letter(replace(INACTIVE, requested_on=date(2026, 2, 27))).body
    assert "As you requested on 27 Feb 2026" in body
    assert "We can reinstate it until 14 Mar 2026" in body
    assert body.endswith("Record abababababababab")


def test_it_says_that_no_money_was_returned_and_what_is_still_due() -> None:
    body = letter(INACTIVE, SubscriptionContext(owed=Money(4900, "USD"), automations=("Newsletter",))).body
    assert "includes no refund" in body
    assert "49.00 USD is still outstanding" in body
    assert "may still arrive. Let us know if you would like us to stop: Newsletter." in body
