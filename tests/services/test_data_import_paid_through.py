"""Until when a subscription is paid: the day before its next bill, and never a day less than what the last one paid."""

from typing import Any

import pytest

from subtui.acts.subscriptions import GetSubscription
from subtui.domain.cancellation import default_end_date
from subtui.domain.permissions import Role
from tests.services.importing import DAY, Business, counted
from tests.services.keap_files import CONTACTS, V1_SUBSCRIPTION, V2_SUBSCRIPTION, answer, gold, wizard


def billing(business: Business) -> tuple[Any, ...]:
    """The anchor, the next bill date, and until when it is paid."""
    row = business.subscription()
    return row["anchor"], row["next_bill_date"], row["paid_through"]


def of_subscription(start: str, billed: str, coming: str | None, **more: Any) -> dict[str, Any]:
    """An answer about one subscription with these dates."""
    dates = {"start_date": start, "last_bill_date": billed, "next_bill_date": coming}
    found = V2_SUBSCRIPTION | dates | more
    return {name: value for name, value in found.items() if value is not None}


def bring(business: Business, found: dict[str, Any]) -> dict[str, dict[str, int]]:
    return counted(business.bring({"s.json": answer("subscriptions", found), "c.csv": CONTACTS}))


WEEKLY = {"billing_cycle": "WEEK"}
STOPPED = {"active": False, "auto_charge": False}
YEARLY = {"billing_cycle": "YEAR"}


@pytest.mark.parametrize(
    ("start", "billed", "coming", "more", "expected"),
    [
        # A month's last day, whether the subscription began on one or was moved to one.
        ("2025-01-31", "2026-02-28", "2026-03-31", {}, ("2025-01-31", "2026-03-31", "2026-03-30")),
        ("2025-01-10", "2026-02-28", "2026-03-31", {}, ("2026-03-31", "2026-03-31", "2026-03-30")),
        ("2025-01-10", "2026-02-28", "2026-03-30", {}, ("2026-03-30", "2026-03-30", "2026-03-29")),
        ("2025-01-10", "2025-11-30", "2025-12-31", {}, ("2025-12-31", "2025-12-31", "2025-12-30")),
        ("2025-01-10", "2026-01-31", "2026-02-28", {}, ("2026-01-31", "2026-02-28", "2026-02-27")),
        # Put off by some days, and by a whole cycle.
        ("2025-01-15", "2026-02-15", "2026-03-20", {}, ("2026-03-20", "2026-03-20", "2026-03-19")),
        ("2025-01-15", "2026-02-15", "2026-04-15", {}, ("2025-01-15", "2026-04-15", "2026-04-14")),
        # Moved forward: what the last bill paid for stays paid.
        ("2025-01-15", "2026-02-15", "2026-03-10", {}, ("2026-03-10", "2026-03-10", "2026-03-14")),
        # A next bill that lies before the last one says nothing.
        ("2025-01-15", "2026-02-15", "2026-02-15", {}, ("2025-01-15", "2026-02-15", "2026-03-14")),
        ("2025-01-15", "2026-02-15", "2026-01-15", {}, ("2025-01-15", "2026-01-15", "2026-03-14")),
        ("2025-02-26", "2026-02-25", "2026-03-06", WEEKLY, ("2026-03-06", "2026-03-06", "2026-03-05")),
        ("2025-02-26", "2026-02-25", "2026-03-04", WEEKLY, ("2025-02-26", "2026-03-04", "2026-03-03")),
        ("2024-02-29", "2026-02-28", "2027-03-01", YEARLY, ("2027-03-01", "2027-03-01", "2027-02-28")),
        ("2024-02-29", "2027-02-28", "2028-02-29", YEARLY, ("2024-02-29", "2028-02-29", "2028-02-28")),
        # An inactive one has no next bill, but the day to which it was paid.
        ("2025-01-10", "2026-02-28", "2026-03-31", STOPPED, ("2026-03-31", None, "2026-03-30")),
    ],
    ids=str,
)
def test_paid_until_the_day_before_the_next_bill(
    business: Business, start: str, billed: str, coming: str, more: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    found = of_subscription(start, billed, coming, billing_frequency=1, **more)
    bring(business, found)
    assert billing(business) == expected
    assert bring(business, found)["subscription"] == {"same": 1}


def test_the_usual_end_date_takes_no_paid_day(business: Business) -> None:
    bring(business, of_subscription("2025-01-10", "2026-02-28", "2026-03-31"))
    backend = business.backend(Role.AGENT)
    record = backend.read(GetSubscription(business.subscription()["id"]))
    backend.close()
    assert default_end_date(record.billing, DAY).isoformat() == "2026-03-30"


def test_a_rhythm_that_was_moved_is_remembered_by_the_next_file(business: Business) -> None:
    bring(business, of_subscription("2025-01-10", "2026-01-31", "2026-02-28"))
    # The wizard's file names no next bill: it is counted from the rhythm that is known.
    business.bring(wizard(gold(**{"Start Date": "2025-01-10", "Paid Thru Date": "2026-02-28"})))
    assert billing(business) == ("2026-01-31", "2026-03-31", "2026-03-30")


@pytest.mark.parametrize(
    ("coming", "expected"),
    [
        ("2026-03-15", "2026-03-14"),
        ("2026-04-15", "2026-04-14"),
        ("2026-03-10", "2026-03-14"),
    ],
)
def test_a_file_that_names_the_next_bill_alone(business: Business, coming: str, expected: str) -> None:
    bring(business, of_subscription("2025-01-15", "2026-02-15", "2026-03-15"))
    assert billing(business) == ("2025-01-15", "2026-03-15", "2026-03-14")
    business.bring({"s.json": answer("subscriptions", V1_SUBSCRIPTION | {"next_bill_date": coming})})
    assert business.subscription()["paid_through"] == expected
