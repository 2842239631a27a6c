"""The panel “What Save will do”: its lines before the save say what the save does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given

from subtui.domain.billing import Cycle
from subtui.domain.cancellation import Draft, apply, draft_of, find_problems
from subtui.domain.money import Money
from subtui.domain.reasons import CANCELLING
from subtui.domain.subscriptions import Billing, Ending, Status, Terms
from subtui.views.preview import Line, Preview, SubscriptionContext, describe
from tests.seeds import TODAY, terms_and_drafts

BILLING = Billing(date(2024, 1, 15), Cycle.MONTH, 1, start_date=date(2024, 1, 15), paid_through=date(2026, 3, 14))
ACTIVE = Terms(Ending(Status.ACTIVE, auto_charge=True, next_bill_date=date(2026, 3, 15)), 2, Money(4900, "USD"), 507)
INACTIVE_NOW = replace(
    draft_of(ACTIVE), status=Status.INACTIVE, end_date=date(2026, 3, 14), reason_code="too_expensive"
)
CARDS = {507: "Visa ···· 4242, 08/27", 508: "Mastercard ···· 4444, 01/28"}
NOTHING_AROUND = SubscriptionContext()


def lines(
    draft: Draft, terms: Terms = ACTIVE, billing: Billing = BILLING, around: SubscriptionContext = NOTHING_AROUND
) -> tuple[Line, ...]:
    return describe(terms, draft, billing, around, reasons=CANCELLING, today=TODAY, cards=CARDS)


def read(found: tuple[Line, ...]) -> list[str]:
    """The lines as text, those that the save changes marked with a star."""
    return [f"{'*' if line.changed else ' '} {line.label}: {line.text}" for line in found]


def saved(terms: Terms, draft: Draft) -> Terms:
    return apply(terms, draft, BILLING, today=TODAY, at=datetime(2026, 3, 2, 16, tzinfo=UTC), by="Dana Reyes")


def test_cancel_now() -> None:
    assert read(lines(INACTIVE_NOW)) == [
        "* Status: Active → Inactive",
        "* Charges: No further charges (15 Mar bill cancelled)",
        "* Access: until 14 Mar 2026",
        "* Auto Charge: Yes → No",
        "* Reason: Too expensive",
        "  Refund: not included",
        "  Still running: any external fulfilment",
        "* Letter: ready after saving",
        "  Undo: until 14 Mar 2026",
    ]


def test_an_end_date_later() -> None:
    draft = replace(draft_of(ACTIVE), end_date=date(2026, 3, 31), reason_code="unused", requested_on=date(2026, 2, 20))
    assert read(lines(draft)) == [
        "* Status: Active until 31 Mar 2026, then Inactive",
        "  Charges: 1 more bill, 98.00 USD on 15 Mar 2026",
        "* Access: until 31 Mar 2026",
        "  Auto Charge: Yes until the end date, then No",
        "* Reason: Unused",
        "* Requested: on 20 Feb 2026",
        "  Refund: not included",
        "  Still running: any external fulfilment",
        "  Undo: until 31 Mar 2026",
    ]


@pytest.mark.parametrize(
    ("end", "next_bill", "charges"),
    [
        (date(2026, 3, 14), date(2026, 3, 15), "No bill before the end date"),
        (date(2026, 3, 15), date(2026, 3, 15), "1 more bill, 98.00 USD on 15 Mar 2026"),
        (date(2026, 4, 14), date(2026, 3, 15), "1 more bill, 98.00 USD on 15 Mar 2026"),
        (date(2026, 6, 15), date(2026, 3, 15), "4 more bills of 98.00 USD, the last on 15 Jun 2026"),
        (date(2036, 3, 2), date(2026, 3, 15), "120 more bills of 98.00 USD, the last on 15 Feb 2036"),
        (date(2026, 3, 20), date(2026, 2, 15), "2 more bills of 98.00 USD, the last on 15 Mar 2026"),
        (date(2026, 4, 14), None, "1 more bill, 98.00 USD on 15 Mar 2026"),
        (date(2026, 4, 14), date(2026, 4, 15), "No bill before the end date"),
    ],
)
def test_the_bills_until_an_end_date_are_counted(end: date, next_bill: date | None, charges: str) -> None:
    stored = replace(ACTIVE, ending=replace(ACTIVE.ending, next_bill_date=next_bill))
    found = lines(replace(draft_of(stored), end_date=end, reason_code="unused"), stored)
    assert Line("Charges", charges) in found


def test_a_daily_bill_that_is_due_today_is_counted_too() -> None:
    daily = Billing(date(2026, 2, 16), Cycle.DAY, 1, start_date=date(2026, 2, 16))
    stored = replace(ACTIVE, ending=replace(ACTIVE.ending, next_bill_date=TODAY))
    found = lines(replace(draft_of(stored), end_date=date(2027, 3, 1), reason_code="unused"), stored, daily)
    assert Line("Charges", "365 more bills of 98.00 USD, the last on 1 Mar 2027") in found


@pytest.mark.parametrize(
    ("auto_charge", "charges"),
    [(True, "98.00 USD charged on 15 Mar 2026"), (False, "98.00 USD billed (not charged) on 15 Mar 2026")],
)
def test_an_unchanged_active_form(auto_charge: bool, charges: str) -> None:
    stored = replace(ACTIVE, ending=replace(ACTIVE.ending, auto_charge=auto_charge))
    assert read(lines(draft_of(stored), stored)) == [
        "  Status: stays Active",
        f"  Charges: {charges}",
        "  Save: no changes yet",
    ]


def test_an_unchanged_form_of_an_inactive_one() -> None:
    stored = saved(ACTIVE, INACTIVE_NOW)
    assert read(lines(draft_of(stored), stored)) == [
        "  Status: stays Inactive",
        "  Access: until 14 Mar 2026",
        "  Save: no changes yet",
    ]


def test_an_unchanged_form_of_one_that_ends() -> None:
    stored = saved(ACTIVE, replace(draft_of(ACTIVE), end_date=date(2026, 3, 31), reason_code="unused"))
    assert lines(draft_of(stored), stored)[0].text == "Active until 31 Mar 2026, then Inactive"


def test_an_inactive_one_that_still_charges_is_put_right_by_any_save() -> None:
    stored = Terms(Ending(Status.INACTIVE, True, None, date(2023, 2, 10), "too_expensive"), 1, Money(4900, "USD"))
    found = read(lines(draft_of(stored), stored))
    assert "  Charges: No further charges" in found
    assert "* Auto Charge: Yes → No" in found


def test_quantity_price_and_card() -> None:
    draft = replace(draft_of(ACTIVE), quantity=3, price=Money(5900, "USD"), credit_card_id=508)
    assert read(lines(draft)) == [
        "  Status: stays Active",
        "  Charges: 177.00 USD charged on 15 Mar 2026",
        "* Quantity: 2 → 3",
        "* Price: 49.00 USD → 59.00 USD from the next bill",
        "* Card: Visa ···· 4242, 08/27 → Mastercard ···· 4444, 01/28",
    ]


def test_taking_the_end_date_out() -> None:
    stored = saved(ACTIVE, replace(draft_of(ACTIVE), end_date=date(2026, 3, 31), reason_code="unused"))
    assert read(lines(replace(draft_of(stored), end_date=None), stored)) == [
        "* Status: stays Active (end date removed)",
        "  Charges: 98.00 USD charged on 15 Mar 2026",
    ]


def test_inactive_to_active_points_to_undo() -> None:
    stored = saved(ACTIVE, INACTIVE_NOW)
    draft = replace(draft_of(stored), status=Status.ACTIVE)
    assert read(lines(draft, stored)) == ["  Status: use Undo to reactivate"]


def test_a_half_filled_form_is_described_as_far_as_it_goes() -> None:
    found = read(lines(replace(INACTIVE_NOW, end_date=None, reason_code=None)))
    assert "  Access: until the end date" in found
    assert "  Reason: not chosen yet" in found
    assert "  Undo: until the end date" in found


@pytest.mark.parametrize(
    ("owed", "shown"),
    [
        (None, []),
        (Money(0, "USD"), []),
        (Money(-500, "USD"), []),
        (Money(4900, "USD"), ["Open orders: 49.00 USD still due"]),
    ],
)
@pytest.mark.parametrize("status", Status)
def test_what_open_orders_owe_stays_due(owed: Money | None, shown: list[str], status: Status) -> None:
    found = lines(replace(INACTIVE_NOW, status=status), around=SubscriptionContext(owed=owed))
    assert [f"{line.label}: {line.text}" for line in found if line.label == "Open orders"] == shown


@pytest.mark.parametrize(
    ("around", "words"),
    [
        (SubscriptionContext(), "any external fulfilment"),
        (SubscriptionContext(automations=("Welcome",)), "1 automation"),
        (SubscriptionContext(automations=("Welcome", "News"), tags=("Members",)), "2 automations, tag “Members”"),
        (SubscriptionContext(tags=("A", "B")), "tag “A”, “B”"),
        (SubscriptionContext(tags=("A", "B", "C", "D")), "tag “A”, “B” and 2 more"),
        (SubscriptionContext(other_active=1), "1 other subscription"),
        (SubscriptionContext(automations=("Welcome",), other_active=239), "1 automation, 239 other subscriptions"),
    ],
)
def test_what_does_not_stop_by_itself_is_named(around: SubscriptionContext, words: str) -> None:
    assert Line("Still running", words) in lines(INACTIVE_NOW, around=around)


def test_dates_are_written_as_the_person_chose() -> None:
    found = describe(
        ACTIVE, INACTIVE_NOW, BILLING, SubscriptionContext(), reasons=CANCELLING, today=TODAY, day=date.isoformat
    )
    assert Line("Access", "until 2026-03-14", changed=True) in found


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: replace(draft, reason_note="Wrote twice."),
        lambda draft: replace(draft, requested_on=date(2026, 2, 1)),
        lambda draft: replace(draft, reason_code="unused"),
        lambda draft: replace(draft, end_date=date(2026, 3, 20)),
    ],
    ids=["note", "requested", "reason", "end date"],
)
def test_a_correction_of_an_inactive_one_is_shown_as_a_change(change: Callable[[Draft], Draft]) -> None:
    stored = saved(ACTIVE, INACTIVE_NOW)
    assert Preview(lines(change(draft_of(stored)), stored)).saves_something


@given(terms_and_drafts())
def test_the_panel_shows_a_change_if_and_only_if_the_save_makes_one(drawn: tuple[Terms, Draft]) -> None:
    terms, draft = drawn
    assume(not find_problems(terms, draft, BILLING, reasons=CANCELLING, cards=(), today=TODAY))
    assert Preview(lines(draft, terms)).saves_something == (saved(terms, draft) != terms)
