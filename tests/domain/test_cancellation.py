"""Setting a subscription Inactive: what it takes, what it writes, how it is taken back, and the day roll."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subtui.domain.billing import Cycle
from subtui.domain.cancellation import (
    LARGEST_QUANTITY,
    LONGEST_NOTE,
    Draft,
    apply,
    default_end_date,
    draft_of,
    expire,
    find_problems,
    is_ending,
    is_unchanged,
    require_undo,
    undo,
    why_not_undo,
)
from subtui.domain.errors import Refused
from subtui.domain.money import Money
from subtui.domain.reasons import CANCELLING
from subtui.domain.subscriptions import Billing, DataIssue, Ending, Status, Terms, data_issues
from tests.seeds import active_terms, terms_and_drafts

TODAY = date(2026, 3, 2)
YESTERDAY, TOMORROW = date(2026, 3, 1), date(2026, 3, 3)
PAID_THROUGH, NEXT_BILL = date(2026, 3, 14), date(2026, 3, 15)
NOW = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)

BILLING = Billing(date(2024, 1, 15), Cycle.MONTH, 1, start_date=date(2024, 1, 15), paid_through=PAID_THROUGH)
ACTIVE = Terms(Ending(Status.ACTIVE, auto_charge=True, next_bill_date=NEXT_BILL), 1, Money(4900, "USD"), 507)

INACTIVE_NOW = replace(draft_of(ACTIVE), status=Status.INACTIVE, end_date=PAID_THROUGH, reason_code="too_expensive")
ENDS_LATER = replace(draft_of(ACTIVE), end_date=PAID_THROUGH, reason_code="unused")


def save(terms: Terms, draft: Draft, *, at: datetime = NOW, by: str = "Dana Reyes") -> Terms:
    return apply(terms, draft, BILLING, today=at.date(), at=at, by=by)


CANCELLED = save(ACTIVE, INACTIVE_NOW)
SCHEDULED = save(ACTIVE, ENDS_LATER)
LEFT_WITHOUT_END = Terms(Ending(Status.INACTIVE, auto_charge=True, next_bill_date=None), 1, Money(4900, "USD"))


def problems(terms: Terms, draft: Draft, *, today: date = TODAY) -> list[str]:
    found = find_problems(terms, draft, BILLING, reasons=CANCELLING, cards=(507, 508), today=today)
    assert all(problem.sentence.endswith((".", "?")) for problem in found)
    return [problem.field for problem in found]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"end_date": TODAY}, []),
        ({"end_date": YESTERDAY}, ["end_date"]),
        ({"end_date": None}, ["end_date"]),
        ({"end_date": date(2199, 12, 31)}, []),
        ({"reason_code": None}, ["reason"]),
        ({"reason_code": ""}, ["reason"]),
        ({"reason_code": "bored"}, ["reason"]),
        ({"reason_code": "other"}, ["note"]),
        ({"reason_code": "other", "reason_note": " \n "}, ["note"]),
        ({"reason_code": "other", "reason_note": "Moves to Portland."}, []),
        ({"reason_note": "x" * LONGEST_NOTE}, []),
        ({"reason_note": "x" * (LONGEST_NOTE + 1)}, ["note"]),
        ({"requested_on": TOMORROW}, ["requested_on"]),
        ({"requested_on": TODAY}, []),
        ({"requested_on": date(2026, 2, 14)}, []),
        ({"end_date": None, "reason_code": None}, ["end_date", "reason"]),
    ],
)
def test_what_inactive_takes(change: dict[str, object], fields: list[str]) -> None:
    assert problems(ACTIVE, replace(INACTIVE_NOW, **change)) == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"end_date": TODAY}, []),
        ({"end_date": YESTERDAY}, ["end_date"]),
        ({"reason_code": None}, ["reason"]),
        ({"end_date": None, "reason_code": None}, []),
        ({"auto_charge": False}, []),
    ],
)
def test_what_an_end_date_on_an_active_one_takes(change: dict[str, object], fields: list[str]) -> None:
    assert problems(ACTIVE, replace(ENDS_LATER, **change)) == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"quantity": 1}, []),
        ({"quantity": 0}, ["quantity"]),
        ({"quantity": -3}, ["quantity"]),
        ({"quantity": LARGEST_QUANTITY}, []),
        ({"quantity": LARGEST_QUANTITY + 1}, ["quantity"]),
        ({"price": Money(0, "USD")}, []),
        ({"price": Money(-1, "USD")}, ["price"]),
        ({"price": Money(4900, "EUR")}, ["price"]),
        ({"credit_card_id": 508}, []),
        ({"credit_card_id": None}, []),
        ({"credit_card_id": 999}, ["card"]),
        ({"quantity": 0, "price": Money(-1, "USD"), "credit_card_id": 999}, ["quantity", "price", "card"]),
    ],
)
def test_what_a_change_of_the_terms_takes(change: dict[str, object], fields: list[str]) -> None:
    assert problems(ACTIVE, replace(draft_of(ACTIVE), **change)) == fields  # type: ignore[arg-type]


def test_a_card_that_has_expired_since_may_stay() -> None:
    kept = find_problems(ACTIVE, draft_of(ACTIVE), BILLING, reasons=CANCELLING, cards=(), today=TODAY)
    assert kept == ()


def test_inactive_does_not_become_active_by_choosing_it() -> None:
    assert problems(CANCELLED, replace(draft_of(CANCELLED), status=Status.ACTIVE)) == ["status"]


@pytest.mark.parametrize(
    ("end", "fields"),
    [
        (date(2023, 5, 1), ["end_date"]),
        (date(2024, 1, 14), ["end_date"]),
        (date(2024, 1, 15), []),
        (YESTERDAY, []),
        (TOMORROW, []),
    ],
)
def test_an_old_row_without_an_end_date_may_get_the_past_one_it_had(end: date, fields: list[str]) -> None:
    draft = replace(draft_of(LEFT_WITHOUT_END), end_date=end, reason_code="unused")
    assert problems(LEFT_WITHOUT_END, draft) == fields


def test_an_end_date_that_has_passed_cannot_move_to_another_past_day() -> None:
    moved = replace(draft_of(CANCELLED), end_date=date(2026, 3, 20))
    assert problems(CANCELLED, moved, today=date(2026, 3, 21)) == ["end_date"]
    assert problems(CANCELLED, moved, today=date(2026, 3, 20)) == []


def test_a_stored_reason_that_left_the_list_may_stay_and_no_other_can_be_made_up() -> None:
    stored = replace(ACTIVE, ending=replace(CANCELLED.ending, reason_code="price_2019"))
    assert problems(stored, replace(draft_of(stored), quantity=2)) == []
    assert problems(stored, replace(draft_of(stored), reason_code="price_2020")) == ["reason"]


def test_inactive_writes_all_four_things_at_once_and_who_and_when() -> None:
    assert CANCELLED.ending == Ending(
        status=Status.INACTIVE,
        auto_charge=False,
        next_bill_date=None,
        end_date=PAID_THROUGH,
        reason_code="too_expensive",
        reason_note="",
        requested_on=TODAY,
        charging_stops_on=TODAY,
        recorded_at=NOW,
        recorded_by="Dana Reyes",
    )


def test_active_with_an_end_date_goes_on_being_charged_until_it() -> None:
    assert SCHEDULED.ending == Ending(
        status=Status.ACTIVE,
        auto_charge=True,
        next_bill_date=NEXT_BILL,
        end_date=PAID_THROUGH,
        reason_code="unused",
        reason_note="",
        requested_on=TODAY,
        charging_stops_on=PAID_THROUGH,
        recorded_at=NOW,
        recorded_by="Dana Reyes",
    )


def test_the_day_the_customer_asked_is_kept_apart_from_the_day_it_was_recorded() -> None:
    asked = save(ACTIVE, replace(INACTIVE_NOW, requested_on=date(2026, 2, 20)))
    assert asked.ending.requested_on == date(2026, 2, 20)
    assert asked.ending.charging_stops_on == TODAY
    assert asked.ending.recorded_at == NOW


def test_taking_the_end_date_out_leaves_nothing_of_the_ending_behind() -> None:
    taken_out = save(SCHEDULED, replace(draft_of(SCHEDULED), end_date=None))
    assert taken_out == ACTIVE


def test_a_price_change_changes_only_the_price() -> None:
    dearer = save(ACTIVE, replace(draft_of(ACTIVE), price=Money(5900, "USD")))
    assert dearer == replace(ACTIVE, price=Money(5900, "USD"))
    assert dearer.bill_amount == Money(5900, "USD")


def test_a_later_change_of_an_inactive_one_keeps_who_recorded_it_and_when() -> None:
    moved = save(CANCELLED, replace(draft_of(CANCELLED), end_date=date(2026, 3, 31)), at=LATER, by="Sam Okonkwo")
    assert moved.ending == replace(CANCELLED.ending, end_date=date(2026, 3, 31))


def test_inactive_today_after_a_scheduled_end_stops_charging_today() -> None:
    sooner = save(SCHEDULED, replace(draft_of(SCHEDULED), status=Status.INACTIVE), at=LATER, by="Sam Okonkwo")
    assert sooner.ending.charging_stops_on == LATER.date()
    assert sooner.ending.requested_on == TODAY
    assert (sooner.ending.recorded_at, sooner.ending.recorded_by) == (LATER, "Sam Okonkwo")


def test_saving_an_inactive_row_that_still_charges_switches_auto_charge_off() -> None:
    stored = replace(CANCELLED, ending=replace(CANCELLED.ending, auto_charge=True))
    assert data_issues(stored.ending, TODAY) == (DataIssue.STILL_CHARGING,)
    assert not is_unchanged(stored, draft_of(stored))
    put_right = save(stored, draft_of(stored), at=LATER)
    assert not put_right.ending.auto_charge
    assert put_right.ending.charging_stops_on == LATER.date()
    assert data_issues(put_right.ending, TODAY) == ()


@pytest.mark.parametrize("terms", [ACTIVE, SCHEDULED, CANCELLED], ids=["active", "ending", "inactive"])
def test_the_form_as_it_opened_saves_nothing(terms: Terms) -> None:
    assert is_unchanged(terms, draft_of(terms))
    assert save(terms, draft_of(terms), at=LATER, by="Sam Okonkwo") is terms


@pytest.mark.parametrize(
    ("paid_through", "proposed"), [(PAID_THROUGH, PAID_THROUGH), (TODAY, TODAY), (YESTERDAY, TODAY), (None, TODAY)]
)
def test_the_proposed_end_date_is_paid_through_and_never_in_the_past(paid_through: date | None, proposed: date) -> None:
    assert default_end_date(replace(BILLING, paid_through=paid_through), TODAY) == proposed


@pytest.mark.parametrize(
    ("terms", "draft", "ends"),
    [
        (ACTIVE, INACTIVE_NOW, True),
        (ACTIVE, ENDS_LATER, True),
        (ACTIVE, replace(draft_of(ACTIVE), quantity=2), False),
        (SCHEDULED, replace(draft_of(SCHEDULED), end_date=TOMORROW), True),
        (SCHEDULED, replace(draft_of(SCHEDULED), end_date=None), False),
        (SCHEDULED, replace(draft_of(SCHEDULED), quantity=2), False),
        (CANCELLED, replace(draft_of(CANCELLED), end_date=TOMORROW), False),
    ],
)
def test_what_counts_as_ending(terms: Terms, draft: Draft, ends: bool) -> None:
    assert is_ending(terms, draft) is ends


@pytest.mark.parametrize(
    ("today", "possible"),
    [(TODAY, True), (date(2026, 3, 13), True), (PAID_THROUGH, True), (date(2026, 3, 15), False)],
)
@pytest.mark.parametrize("terms", [SCHEDULED, CANCELLED], ids=["ending", "inactive"])
def test_undo_is_possible_until_the_end_date_that_day_included(terms: Terms, today: date, possible: bool) -> None:
    sentence = why_not_undo(terms.ending, today)
    assert (sentence is None) is possible
    if sentence is not None:
        assert sentence == "The end date, 14 Mar 2026, has passed: start a new subscription instead."
        with pytest.raises(Refused, match="has passed"):
            require_undo(terms.ending, today)
    else:
        require_undo(terms.ending, today)


def test_there_is_nothing_to_undo_where_nothing_ends() -> None:
    assert why_not_undo(ACTIVE.ending, TODAY) == "There is no cancellation to undo."


def test_undo_restores_the_ending_and_keeps_the_price_changed_since() -> None:
    dearer = save(CANCELLED, replace(draft_of(CANCELLED), price=Money(5900, "USD")), at=LATER)
    assert undo(CANCELLED, ACTIVE) == ACTIVE
    assert undo(dearer, ACTIVE) == replace(ACTIVE, price=Money(5900, "USD"))


@pytest.mark.parametrize(("today", "turns"), [(date(2026, 3, 13), False), (PAID_THROUGH, False), (NEXT_BILL, True)])
def test_the_day_roll_turns_inactive_the_day_after_the_end_date(today: date, turns: bool) -> None:
    rolled = expire(SCHEDULED, today=today, at=LATER)
    assert (rolled is not None) is turns
    if rolled is not None:
        assert rolled.ending == replace(
            SCHEDULED.ending, status=Status.INACTIVE, auto_charge=False, next_bill_date=None
        )
        assert data_issues(rolled.ending, today) == ()


@pytest.mark.parametrize("terms", [ACTIVE, CANCELLED, LEFT_WITHOUT_END])
def test_the_day_roll_leaves_alone_what_does_not_end(terms: Terms) -> None:
    assert expire(terms, today=date(2030, 1, 1), at=LATER) is None


def test_the_day_roll_names_itself_where_nobody_recorded_the_end() -> None:
    bare = replace(ACTIVE, ending=replace(ACTIVE.ending, end_date=YESTERDAY))
    rolled = expire(bare, today=TODAY, at=LATER)
    assert rolled is not None
    assert (rolled.ending.recorded_by, rolled.ending.recorded_at) == ("system", LATER)
    assert rolled.ending.charging_stops_on == YESTERDAY
    assert DataIssue.NO_REASON in data_issues(rolled.ending, TODAY)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda ending: ending, ()),
        (lambda ending: replace(ending, auto_charge=True), (DataIssue.STILL_CHARGING,)),
        (lambda ending: replace(ending, end_date=None), (DataIssue.NO_END_DATE,)),
        (lambda ending: replace(ending, reason_code=None), (DataIssue.NO_REASON,)),
        (lambda ending: replace(ending, reason_code=""), (DataIssue.NO_REASON,)),
        (lambda ending: replace(ending, status=Status.ACTIVE, end_date=YESTERDAY), (DataIssue.PAST_END_DATE,)),
        (lambda ending: replace(ending, status=Status.ACTIVE, end_date=TODAY), ()),
        (
            lambda ending: replace(ending, auto_charge=True, end_date=None, reason_code=None),
            (DataIssue.STILL_CHARGING, DataIssue.NO_END_DATE, DataIssue.NO_REASON),
        ),
    ],
)
def test_loose_ends_are_found_worst_first(spoil: Callable[[Ending], Ending], found: tuple[DataIssue, ...]) -> None:
    assert data_issues(spoil(CANCELLED.ending), TODAY) == found


@given(terms_and_drafts())
def test_undo_takes_back_the_ending_of_any_save_and_nothing_else(drawn: tuple[Terms, Draft]) -> None:
    before, draft = drawn
    assume(not problems(before, draft))
    after = save(before, draft)
    assert undo(after, before) == replace(after, ending=before.ending)
    ended_only = replace(draft, quantity=before.quantity, price=before.price, credit_card_id=before.credit_card_id)
    assert undo(save(before, ended_only), before) == before


@given(terms_and_drafts())
def test_no_save_leaves_a_loose_end(drawn: tuple[Terms, Draft]) -> None:
    before, draft = drawn
    assume(not problems(before, draft))
    after = save(before, draft).ending
    assert data_issues(after, TODAY) == ()
    if after.status is Status.INACTIVE and not is_unchanged(before, draft):
        assert after.next_bill_date is None


@given(terms_and_drafts(active_terms), st.dates(TODAY, date(2028, 12, 31)))
def test_the_day_roll_is_done_once(drawn: tuple[Terms, Draft], today: date) -> None:
    before, draft = drawn
    assume(not problems(before, draft))
    rolled = expire(save(before, draft), today=today, at=LATER)
    if rolled is not None:
        assert not rolled.ending.auto_charge
        assert rolled.ending.next_bill_date is None
        assert expire(rolled, today=today, at=LATER) is None
