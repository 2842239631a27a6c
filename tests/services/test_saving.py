"""Saving the form of a subscription: all of it in one transaction, or nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from subtui.acts.log import FindInLog, GetLetter, ListEvents, VerifyLog
from subtui.acts.subscriptions import (
    GetSubscription,
    ListSubscriptions,
    PreviewSubscription,
    SaveSubscription,
    UndoCancellation,
)
from subtui.clock import Clock
from subtui.domain.cancellation import Draft, draft_of
from subtui.domain.errors import Difference, Invalid, NotAllowed, NotFound, Refused, Stale
from subtui.domain.money import Money
from subtui.domain.permissions import Role
from subtui.domain.subscriptions import Status
from subtui.services.backend import Backend
from subtui.views.customers import SubscriptionFilter, SubscriptionRecord
from subtui.views.preview import describe
from tests.services.database import subject_of

from .database import changed_tables, everything, rows

MONTHLY = 1042
PAID_THROUGH = date(2026, 3, 14)
ROUTE = f"/subscriptions/{MONTHLY}"


def inactive(record: SubscriptionRecord, **more: Any) -> Draft:
    changes = {"status": Status.INACTIVE, "end_date": PAID_THROUGH, "reason_code": "too_expensive", **more}
    return replace(draft_of(record.terms), **changes)


def test_inactive_is_saved_with_its_entry_and_its_letter(backend: Backend, demo_db: Path) -> None:
    record = backend.read(GetSubscription(MONTHLY))
    before = everything(demo_db)
    saved = backend.do(SaveSubscription(MONTHLY, inactive(record), version=record.version), route=ROUTE)
    assert changed_tables(before, everything(demo_db)) == {"subscription", "event", "letter"}
    assert saved.sentence == "Saved. Monthly plan is Inactive, access until 14 Mar 2026, no more charges."
    assert saved.ended
    assert saved.record == backend.read(GetSubscription(MONTHLY))
    assert saved.record.version == record.version + 1
    (row,) = rows(demo_db, "SELECT * FROM subscription WHERE id = 1042")
    assert {name: row[name] for name in ("status", "auto_charge", "next_bill_date", "end_date", "reason_code")} == {
        "status": "Inactive",
        "auto_charge": 0,
        "next_bill_date": None,
        "end_date": "2026-03-14",
        "reason_code": "too_expensive",
    }
    assert (row["requested_on"], row["charging_stops_on"]) == ("2026-03-02", "2026-03-02")
    assert (row["recorded_at"], row["recorded_by"]) == ("2026-03-02 16:30:00.000000", "Dana Reyes")


def test_the_entry_of_the_log_says_who_when_where_and_what(backend: Backend, demo_db: Path) -> None:
    record = backend.read(GetSubscription(MONTHLY))
    saved = backend.do(SaveSubscription(MONTHLY, inactive(record), version=1), route=ROUTE)
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", saved.event_id)
    assert (event["actor"], event["role"], event["actor_id"]) == ("Dana Reyes", "agent", 3)
    assert (event["command"], event["route"], event["reason"]) == ("subscription.save", ROUTE, "too_expensive")
    assert (subject_of(event), event["contact_id"]) == ("subscription:1042", 1007)
    before, after = json.loads(event["before"]), json.loads(event["after"])
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} == {
        "status",
        "auto_charge",
        "next_bill_date",
        "end_date",
        "reason_code",
        "requested_on",
        "charging_stops_on",
        "recorded_at",
        "recorded_by",
    }
    assert (before["status"], before["next_bill_date"]) == ("Active", "2026-03-15")
    assert (after["status"], after["next_bill_date"]) == ("Inactive", None)
    assert (after["price"], after["quantity"]) == ("49.00 USD", 1)


def test_the_letter_states_the_facts_and_carries_the_hash_of_its_entry(backend: Backend, demo_db: Path) -> None:
    draft = inactive(backend.read(GetSubscription(MONTHLY)), requested_on=date(2026, 2, 27))
    saved = backend.do(SaveSubscription(MONTHLY, draft, version=1))
    assert saved.letter_id is not None
    letter = backend.read(GetLetter(saved.letter_id))
    (event,) = rows(demo_db, "SELECT hash FROM event WHERE id = ?", saved.event_id)
    assert letter.log_hash == event["hash"]
    assert backend.read(FindInLog(letter.log_hash[:16])) == saved.event_id
    assert (letter.to, letter.email) == ("López, María", "maria@bluedoor.example")
    assert letter.written_at == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    for fact in (
        "Dear María López,",
        "As you requested on 27 Feb 2026",
        "Monthly plan (no. 1042)",
        "14 Mar 2026",
        "No further charges will be made.",
        "includes no refund",
        "49.00 USD is still outstanding",
        "Members newsletter, Monthly box",
        "Dana Reyes\nJuniper & Rye",
        f"Record {letter.log_hash[:16]}",
    ):
        assert fact in letter.body
    assert not letter.undone
    assert saved.record.letter_id == saved.letter_id


def test_an_end_date_later_is_saved_with_a_letter_that_says_what_is_still_charged(backend: Backend) -> None:
    draft = replace(
        draft_of(backend.read(GetSubscription(MONTHLY)).terms), end_date=date(2026, 3, 31), reason_code="unused"
    )
    saved = backend.do(SaveSubscription(MONTHLY, draft, version=1))
    assert saved.sentence == "Saved. Monthly plan is Active until 31 Mar 2026, then Inactive."
    assert saved.record.terms.ending.status is Status.ACTIVE
    assert saved.letter_id is not None
    assert (
        "Charged as usual until 31 Mar 2026, and not after that date" in backend.read(GetLetter(saved.letter_id)).body
    )


def test_a_change_of_price_writes_no_letter(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    draft = replace(draft_of(backend.read(GetSubscription(MONTHLY)).terms), price=Money(5900, "USD"), quantity=2)
    saved = backend.do(SaveSubscription(MONTHLY, draft, version=1))
    assert changed_tables(before, everything(demo_db)) == {"subscription", "event"}
    assert (saved.ended, saved.letter_id) == (False, None)
    assert saved.record.terms.bill_amount == Money(11800, "USD")
    assert backend.read(ListEvents(limit=1))[0].title == "Subscription changed"


def test_the_attempts_of_a_charge_are_changed_and_logged(backend: Backend, demo_db: Path) -> None:
    record = backend.read(GetSubscription(MONTHLY))
    draft = replace(draft_of(record.terms), max_attempts=5)
    saved = backend.do(SaveSubscription(MONTHLY, draft, version=record.version))
    assert (saved.record.max_attempts, saved.letter_id) == (5, None)
    assert backend.read(GetSubscription(MONTHLY)).terms.max_attempts == 5
    (event,) = rows(demo_db, "SELECT * FROM event WHERE id = ?", saved.event_id)
    assert (json.loads(event["before"])["max_attempts"], json.loads(event["after"])["max_attempts"]) == (3, 5)
    with pytest.raises(Invalid, match="Enter 1 to 99 attempts"):
        backend.do(SaveSubscription(MONTHLY, replace(draft, max_attempts=0), version=2))


def test_a_note_is_kept_as_it_was_typed(backend: Backend) -> None:
    note = "[bold]Très cher[/bold] — 太贵了\n\u202eevil\u202c \x1b[31m 'quoted'"
    saved = backend.do(
        SaveSubscription(MONTHLY, inactive(backend.read(GetSubscription(MONTHLY)), reason_note=f" {note} "), version=1)
    )
    assert saved.record.terms.ending.reason_note == note


@pytest.mark.parametrize("state", ["active", "ending", "inactive", "loose"])
def test_the_preview_is_what_the_rules_say_and_writes_nothing(backend: Backend, demo_db: Path, state: str) -> None:
    before = everything(demo_db)
    for row in backend.read(ListSubscriptions(SubscriptionFilter(state=state), limit=12)).rows:
        record = backend.read(GetSubscription(row.id))
        for draft in (draft_of(record.terms), inactive(record), inactive(record, end_date=None, reason_code=None)):
            preview = backend.read(PreviewSubscription(row.id, draft))
            assert preview.lines == describe(
                record.terms,
                draft,
                record.billing,
                record.around,
                reasons=record.reasons,
                today=backend.today,
                cards={card.id: card.words for card in record.cards},
            )
    assert everything(demo_db) == before


def test_every_active_subscription_of_the_demo_can_be_cancelled_from_its_preview(backend: Backend) -> None:
    for row in backend.read(ListSubscriptions(SubscriptionFilter(state="active"), limit=60)).rows:
        record = backend.read(GetSubscription(row.id))
        draft = inactive(record, end_date=max(record.billing.paid_through or backend.today, backend.today))
        assert backend.read(PreviewSubscription(row.id, draft)).problems == ()
        saved = backend.do(SaveSubscription(row.id, draft, version=record.version))
        assert saved.record.loose == ()
        assert saved.record.can_undo
    assert backend.read(VerifyLog()).broken is None


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"end_date": date(2026, 3, 1)}, ["end_date"]),
        ({"end_date": None}, ["end_date"]),
        ({"reason_code": None}, ["reason"]),
        ({"reason_code": "other"}, ["note"]),
        ({"quantity": 0}, ["quantity"]),
        ({"price": Money(4900, "EUR")}, ["price"]),
        ({"credit_card_id": 501}, ["card"]),
        ({"requested_on": date(2026, 3, 3)}, ["requested_on"]),
        ({"end_date": None, "reason_code": None, "quantity": 0}, ["end_date", "reason", "quantity"]),
    ],
)
def test_an_invalid_form_saves_nothing_and_names_its_fields(
    backend: Backend, demo_db: Path, change: dict[str, Any], fields: list[str]
) -> None:
    draft = inactive(backend.read(GetSubscription(MONTHLY)), **change)
    before = everything(demo_db)
    with pytest.raises(Invalid) as refused:
        backend.do(SaveSubscription(MONTHLY, draft, version=1))
    assert [problem.field for problem in refused.value.problems] == fields
    assert backend.read(PreviewSubscription(MONTHLY, draft)).problems == refused.value.problems
    assert everything(demo_db) == before


@pytest.mark.parametrize(
    ("who", "error", "save_refused", "undo_refused"),
    [
        (
            "viewer",
            NotAllowed,
            "A viewer cannot change a subscription: ask an",
            "A viewer cannot undo a change: ask an",
        ),
        ("nobody", NotAllowed, "Sign in first", "Sign in first"),
        ("read-only", Refused, "This is read-only mode", "This is read-only mode"),
    ],
)
def test_who_may_not_change_anything_changes_nothing(
    demo_db: Path, who: str, error: type[Refused], save_refused: str, undo_refused: str
) -> None:
    before = everything(demo_db)
    with Backend.open(str(demo_db), clock=Clock(date(2026, 3, 2)), read_only=who == "read-only") as backend:
        backend.sign_in_demo("viewer" if who == "viewer" else "agent")
        record = backend.read(GetSubscription(1047))
        if who == "nobody":
            backend.sign_out()
        with pytest.raises(error, match=save_refused):
            backend.do(SaveSubscription(1047, inactive(record), version=record.version))
        with pytest.raises(error, match=undo_refused):
            backend.do(UndoCancellation(1047, version=record.version))
    assert everything(demo_db) == before


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN, Role.OWNER])
def test_agents_and_above_may_cancel(desk_as: Callable[[Role], Backend], role: Role) -> None:
    backend = desk_as(role)
    saved = backend.do(SaveSubscription(MONTHLY, inactive(backend.read(GetSubscription(MONTHLY))), version=1))
    assert backend.read(ListEvents(limit=1))[0].role == role
    assert saved.ended


def test_a_viewer_may_look_at_the_preview(desk_as: Callable[[Role], Backend]) -> None:
    viewer = desk_as(Role.VIEWER)
    assert viewer.read(PreviewSubscription(MONTHLY, inactive(viewer.read(GetSubscription(MONTHLY))))).saves_something


def test_a_form_as_it_was_is_not_saved(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Refused, match="No changes to save"):
        backend.do(SaveSubscription(MONTHLY, draft_of(backend.read(GetSubscription(MONTHLY)).terms), version=1))
    assert everything(demo_db) == before


def test_an_unknown_subscription_is_not_found(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    draft = inactive(backend.read(GetSubscription(MONTHLY)))
    with pytest.raises(NotFound, match="There is no subscription 9"):
        backend.do(SaveSubscription(9, draft, version=1))
    with pytest.raises(NotFound, match="There is no subscription 9"):
        backend.do(UndoCancellation(9, version=1))
    assert everything(demo_db) == before


def test_a_form_that_somebody_else_has_changed_since_is_refused_with_both_versions(
    desk_as: Callable[[Role], Backend], demo_db: Path
) -> None:
    mine, theirs = desk_as(Role.AGENT), desk_as(Role.ADMIN)
    opened = mine.read(GetSubscription(MONTHLY))
    other = replace(draft_of(opened.terms), end_date=date(2026, 3, 31), reason_code="unused", quantity=2)
    theirs.do(SaveSubscription(MONTHLY, other, version=opened.version))
    before = everything(demo_db)
    with pytest.raises(Stale) as refused:
        mine.do(SaveSubscription(MONTHLY, inactive(opened), version=opened.version))
    assert str(refused.value) == "Theo Lindqvist changed this subscription after you opened it. Nothing was saved."
    assert refused.value.version == opened.version + 1
    assert refused.value.differences == (
        Difference("Status", "Inactive", "Active"),
        Difference("End date", "14 Mar 2026", "31 Mar 2026"),
        Difference("Reason", "Too expensive", "Unused"),
        Difference("Requested", "-", "2 Mar 2026"),
        Difference("QTY", "1", "2"),
    )
    assert everything(demo_db) == before
    again = mine.do(
        SaveSubscription(MONTHLY, inactive(mine.read(GetSubscription(MONTHLY))), version=refused.value.version)
    )
    assert again.record.terms.ending.status is Status.INACTIVE


def test_a_version_from_the_future_is_refused_too(backend: Backend, demo_db: Path) -> None:
    before = everything(demo_db)
    with pytest.raises(Stale):
        backend.do(SaveSubscription(MONTHLY, inactive(backend.read(GetSubscription(MONTHLY))), version=2))
    assert everything(demo_db) == before


def test_a_loose_end_is_put_right_by_a_save(backend: Backend) -> None:
    left = backend.read(GetSubscription(1039))
    assert [end.value for end in left.loose] == ["still_charging", "no_end_date", "no_reason"]
    draft = replace(draft_of(left.terms), end_date=date(2023, 10, 20), reason_code="unused")
    saved = backend.do(SaveSubscription(1039, draft, version=left.version))
    assert saved.record.loose == ()
    assert not saved.ended
    assert saved.letter_id is None
